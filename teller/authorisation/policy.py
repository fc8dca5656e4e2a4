"""From the facts of a case to a verdict: who must agree, and why, each reason by code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.wire.identity import Outcome
from teller.authorisation.rules import Level, Rule, in_force
from teller.forms.id_number import age_on
from teller.money import Money

Param = str | int | float | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All a rule may look at.

    Attributes:
        limit: of the teller; None: he has none and every amount needs a second person.
        largest_withdrawal: of the customer within the months before, None when there was none.
        person_same: what a member of staff saw who compared by eye; None: nobody did.
        verification: what the authorities said; None: no authority is set up for this bank.
        chip: ``ok``, ``differs`` (the form says otherwise) or ``bad`` (its signature); None: no chip was read.
    """

    scenario: str
    day: date
    amount: Money
    limit: Money | None
    face_score: float | None
    face_threshold: float | None
    face_same: bool | None
    birth: date | None
    largest_withdrawal: Money | None
    person_same: bool | None = None
    verification: Outcome | None = None
    chip: str | None = None
    liveness: bool | None = None
    """Of the newest check; None: there was none."""
    face_compared: bool | None = None
    """Whether the server could compare the faces itself; None: no machine compared any."""
    face_reported: float | None = None
    """The window's score, where it says one person and the server's own comparison does not."""
    face_unlike: int = 0
    """Other portraits, the authority's or of earlier visits, that the live face does not fit."""
    face_alarms: int = 0
    """Looks that saw two faces or another one."""
    cash: bool = True
    """Whether notes move."""
    replaced_representative: str | None = None
    """Masked name of the representative on record, where the licence shown now names another one."""
    phone_papers: int = 0
    """Papers that the case needs, of which the customer's own phone took the picture."""
    doubted_papers: int = 0
    """Pictures of papers that may show a screen or a copy."""
    withdrawn: Money | None = None
    """What comes out where notes move both ways; None: ``amount`` is all there is."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule fired: the code of its sentence and the data for it."""

    code: str
    params: tuple[tuple[str, Param], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who must agree. ``note`` true: the teller must say something about it."""

    level: Level
    reasons: tuple[Reason, ...]
    note: bool


def _above_limit(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    limit = facts.limit or Money.zero(facts.amount.currency)
    if facts.amount <= limit:
        return None
    return {"amount": facts.amount.minor, "limit": limit.minor, "currency": limit.currency}


def _face(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    if facts.face_score is None or facts.face_threshold is None:
        return None
    # The window's own threshold may be stricter than the bank's, never laxer: a changed window could say zero.
    threshold = max(float(rule.parameters["threshold"]), facts.face_threshold)
    if facts.face_same and facts.face_score >= threshold:
        return None
    return {"score": facts.face_score, "threshold": threshold}


def _elder(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    least = rule.parameters["amount_minor"]
    amount = facts.withdrawn or facts.amount
    if facts.birth is None or amount.minor < least:
        return None
    age = age_on(facts.birth, facts.day)
    before = facts.largest_withdrawal
    if age < rule.parameters["age"] or (before is not None and before.minor >= least):
        return None
    return {
        "age": age,
        "from_age": rule.parameters["age"],
        "amount": amount.minor,
        "currency": amount.currency,
        "months": rule.parameters["months"],
        "largest_before": 0 if before is None else before.minor,
    }


def _large_cash(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    least = rule.parameters["amount_minor"]
    if not facts.cash or facts.amount.minor < least:
        return None
    return {"amount": facts.amount.minor, "from_amount": least, "currency": facts.amount.currency}


def _by_person(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    if facts.face_score is not None or facts.person_same is None:
        return None
    return {"same": int(facts.person_same)}


def _unverified(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {} if facts.verification is Outcome.UNAVAILABLE else None


def _contradicted(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    if facts.verification in (None, Outcome.MATCH, Outcome.UNAVAILABLE):
        return None
    return {"outcome": facts.verification.value}


def _chip(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"chip": facts.chip} if facts.chip in ("differs", "bad") else None


def _not_live(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    """A face that was compared must have been alive: no check is as good as a failed one where the rule says so."""
    if facts.face_score is None or facts.liveness or (facts.liveness is None and not rule.parameters["due"]):
        return None
    return {"checked": int(facts.liveness is not None)}


def _face_alarm(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"count": facts.face_alarms} if facts.face_alarms else None


def _not_compared(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {} if facts.face_compared is False else None


def _contradiction(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    if facts.face_reported is None:
        return None
    return {"reported": facts.face_reported, "score": facts.face_score}


def _unlike(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"count": facts.face_unlike} if facts.face_unlike else None


def _new_representative(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"before": facts.replaced_representative} if facts.replaced_representative else None


def _by_phone(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"count": facts.phone_papers} if facts.phone_papers else None


def _doubted(facts: Facts, rule: Rule) -> dict[str, Param] | None:
    return {"count": facts.doubted_papers} if facts.doubted_papers else None


CHECKS: Mapping[str, Callable[[Facts, Rule], dict[str, Param] | None]] = {
    "amount_above_teller_limit": _above_limit,
    "face_below_threshold": _face,
    "face_compared_by_person": _by_person,
    "identity_unverified": _unverified,
    "identity_contradicted": _contradicted,
    "chip_contradicted": _chip,
    "liveness_not_passed": _not_live,
    "face_alarm": _face_alarm,
    "face_not_compared": _not_compared,
    "face_contradicted": _contradiction,
    "face_unlike_portrait": _unlike,
    "representative_replaced": _new_representative,
    "paper_by_phone": _by_phone,
    "original_doubted": _doubted,
    "first_large_withdrawal_of_elder": _elder,
    "large_cash_registration": _large_cash,
}


def decide(facts: Facts, rules: Sequence[Rule]) -> Verdict:
    """The verdict of the rules of the day; reasons stand in the order of the table."""
    level, note, reasons = Level.NONE, False, []
    for rule in in_force(rules, facts.scenario, facts.day):
        params = CHECKS[rule.check](facts, rule)
        if params is None:
            continue
        reasons.append(Reason(f"rule.{rule.check}", (("rule", rule.code), *params.items())))
        note = note or rule.note
        if rule.level is Level.REMOTE:
            level = Level.REMOTE
    return Verdict(level, tuple(reasons), note)
