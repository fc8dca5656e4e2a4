"""A case as the regions of the serving window show it: scene, facts, steps, plan, waiting, function keys. No Qt."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.errors import UserError
from common.wire.base import Amount, Notes
from common.wire.cases import (
    AuthorisationView,
    CardState,
    CaseState,
    CaseView,
    CustomerStep,
    TicketState,
)
from teller.capitals import capitals
from teller.identity.masking import masked
from teller.money import Money, parse
from ui.kit.texts.formats import money
from ui.kit.texts.words import T, Words, t
from ui.teller_app.case_facts import evidence_of, is_mine
from ui.teller_app.local import CallPhase, Local

_C, _S = CaseState, CustomerStep
OVER = (_C.COMPLETED, _C.REJECTED, _C.CANCELLED, _C.FAILED)


class Scene(StrEnum):
    """What stands in the middle while a case is open."""

    FORM = "form"
    AUTHORISATION = "authorisation"
    SUMMARY = "summary"
    TROUBLE = "trouble"
    RECORD = "record"


def scene(case: CaseView, local: Local) -> Scene:
    """Which of the five middles the case is in."""
    if local.read_only or case.state in (_C.COMPLETED, _C.CANCELLED, _C.FAILED):
        return Scene.RECORD
    if case.trouble is not None and case.state is not _C.REJECTED:
        return Scene.TROUBLE
    if case.state in (_C.AWAITING_AUTHORISATION, _C.REJECTED):
        return Scene.AUTHORISATION
    if case.state is _C.EXECUTING and case.voucher is not None:
        return Scene.RECORD
    if case.state in (_C.AUTHORISED, _C.EXECUTING):
        return Scene.SUMMARY
    return Scene.FORM


def amount_of(case: CaseView, local: Local) -> Amount | None:
    """The amount as far as it is known: agreed, counted, or typed."""
    if case.summary is not None:
        return case.summary.amount
    if case.cash is not None:
        return case.cash.amount
    stored = case.form.values.get("amount")
    text = local.edits.get("amount", stored.value if stored else "")
    try:
        typed = parse(text)
    except UserError:
        return None
    return Amount(minor=typed.minor, currency=typed.currency)


def amount_words(amount: Amount) -> str:
    """The amount in capitals; empty where there are none (another currency)."""
    try:
        return capitals(Money(amount.minor, amount.currency))
    except UserError:
        return ""


def notes_words(notes: Notes) -> T | str:
    """100 元 × 200 张, the largest first."""
    parts = sorted(((int(face), count) for face, count in notes.items() if count), reverse=True)
    if not parts:
        return "–"
    if len(parts) == 1:
        return t("teller.notes_one", face=parts[0][0], n=parts[0][1])
    return " + ".join(f"{face}×{count}" for face, count in parts)


def mask_id(number: str) -> str:
    """An ID number with only its region and its last four showing."""
    return number if len(number) < 11 else number[:6] + "*" * (len(number) - 10) + number[-4:]


@dataclass(frozen=True)
class Fact:
    """One line of what we are doing."""

    key: str
    label: T
    value: Words


def _value(case: CaseView, local: Local, name: str) -> str:
    stored = case.form.values.get(name)
    return local.edits.get(name, stored.value if stored else "")


def _age(birth: str, now: datetime | None) -> int | None:
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return None
    if now is None:
        return None
    today = now.astimezone().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def customer_name(case: CaseView, local: Local) -> str:
    """The name as read; before that the account's holder."""
    return _value(case, local, "name") or (case.account.holder if case.account else "")


def _known(case: CaseView, local: Local, name: str) -> str:
    """As the form says, or where it does not ask, the bank's record."""
    return _value(case, local, name) or case.customer_record.get(name, "")


def _covered(local: Local) -> tuple[str, ...]:
    """Who works on a case has the address in the form to compare; whoever only looks sees it covered here."""
    return ("phone", "address") if local.read_only else ("phone",)


def _shown(local: Local, name: str, covered: str) -> str:
    """In full as long as the key is held."""
    return local.revealed.get(name, "") or covered or "–"


def masked_facts(case: CaseView, local: Local) -> list[str]:
    """Fields that stand masked under the amount: what is fetched while the key is held."""
    found = [name for name in ("id_number", *_covered(local)) if _known(case, local, name)]
    return found + (["account"] if case.account is not None else ["card"] if case.card is not None else [])


def facts(case: CaseView, local: Local) -> list[Fact]:
    """Customer, document, account, machine: what the left shows under the amount."""
    name, age = customer_name(case, local), _age(_value(case, local, "birth"), local.now)
    sex = _value(case, local, "sex")
    who: Words = name or "–"
    if name and sex in ("男", "女") and age is not None:
        who = t("teller.person_m" if sex == "男" else "teller.person_f", name=name, age=age)
    lines = [
        Fact("customer", t("teller.fact_customer"), who),
        Fact("id", t("teller.fact_id"), _shown(local, "id_number", mask_id(_value(case, local, "id_number")))),
    ]
    lines += [
        Fact(name, t(f"teller.fact_{name}"), _shown(local, name, masked(name, _known(case, local, name))))
        for name in _covered(local)
        if _known(case, local, name)
    ]
    if case.account is not None:
        lines.append(Fact("account", t("teller.fact_account"), _shown(local, "account", case.account.masked_number)))
        if case.account.available is not None:
            available = case.account.available
            lines.append(Fact("available", t("teller.fact_available"), money(available.minor, available.currency)))
    elif case.card is not None:
        lines.append(Fact("account", t("teller.fact_account"), _shown(local, "card", case.card.masked_number)))
    kept = case.identity.kept
    if kept.count and kept.until is not None:
        words = t("teller.faces_kept", count=kept.count, until=f"{kept.until.astimezone():%Y-%m-%d}")
        lines.append(Fact("faces", t("teller.fact_faces"), words))
    if case.cash is not None:
        lines.append(Fact("notes", t("teller.fact_notes"), notes_words(case.cash.notes)))
    place = f"·{case.kiosk_place}" if case.kiosk_place else ""
    lines.append(Fact("machine", t("teller.fact_machine"), f"VTM {case.kiosk}{place}"))
    if case.rating is not None:
        lines.append(Fact("rating", t("teller.fact_rating"), t("teller.rating", n=case.rating)))
    return lines


class StepState(StrEnum):
    AHEAD = "todo"
    CURRENT = "current"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class StepModel:
    """One step of the case at the right."""

    key: str
    title: T
    state: StepState
    at: datetime | None = None


_Moment = tuple[str, datetime | None, bool]
"""A step's key, when it was done, whether it is."""


def _moments(case: CaseView) -> list[_Moment]:
    """Every step of this case with when it was done and whether it is."""
    papers = [evidence_of(case, kind) for kind in case.papers]
    shown = [one.captured_at for one in papers if one is not None]
    decision, past = case.authorisation, case.state not in (_C.DRAFT, _C.RETURNED)
    face = case.face_match
    agreed = decision is not None and decision.state == "approved"
    steps: list[_Moment] = [
        ("connected", None, case.ticket.state is TicketState.SERVING or case.state in OVER),
        ("id", max(shown, default=None), len(shown) == len(papers)),
        ("face", face.at if face else None, face is not None),
    ]
    if case.cash_way == "in":
        steps.append(("count", None, case.cash is not None))
    steps.append(("form", None, past))
    if decision is not None and decision.level != "none":
        steps.append(("authorisation", decision.decided_at, agreed and past))
    steps.append(("confirm", case.confirmed_at, case.confirmed_at is not None))
    if case.pin_mode:
        steps.append(("pin", None, case.pin_state == "ok"))
    steps.append(("sign", case.signed_at, case.signed_at is not None))
    settled = case.cash is not None and case.cash.state in ("settled",)
    if case.cash_way:
        steps.append(("cash_out" if case.cash_way == "out" else "cash_in", None, settled))
    sealed = case.voucher.sealed_at if case.voucher else None
    steps.append(("voucher", sealed, case.voucher is not None))
    return steps


def _joined(case: CaseView, moments: list[_Moment]) -> list[_Moment]:
    """With a second person in it the way is long: what belongs together becomes one step."""
    if case.authorisation is None or case.authorisation.level == "none":
        return moments
    by_key = {key: (at, done) for key, at, done in moments}
    joined: list[_Moment] = []
    for key, at, done in moments:
        if key == "face":
            joined.append(("papers", at, done and by_key["id"][1]))
        elif key == "sign" and "pin" in by_key:
            joined.append(("proofs", at, done and by_key["pin"][1]))
        elif key not in ("id", "pin"):
            joined.append((key, at, done))
    return joined


_MARKS = {
    "answered": "connected",
    "cash_counted": "count",
    "submitted": "form",
    "pin_ok": "pin",
    "cash_settled": "cash_out",
    "cash_stored": "cash_in",
}
"""Marks of the case's own history to the steps shown."""


def steps(case: CaseView, local: Local) -> list[StepModel]:
    """The steps: what is done with its time, the one at hand, what is still to come."""
    times = {_MARKS.get(entry.step, entry.step): entry.at for entry in case.timeline}
    models: list[StepModel] = []
    current_taken = case.state in OVER
    for key, at, done in _joined(case, _moments(case)):
        state = StepState.DONE if done else StepState.AHEAD
        if not done and not current_taken:
            current_taken = True
            troubled = case.trouble is not None or case.state in (_C.REJECTED, _C.FAILED)
            state = StepState.FAILED if troubled else StepState.CURRENT
        when = (at or times.get(key)) if done else None
        models.append(StepModel(key, t(f"teller.step_{key}"), state, when))
    return models


@dataclass(frozen=True)
class Waiting:
    """The head of the authorisation scene."""

    title: T
    text: T
    since: datetime | None
    tone: str
    reached: int
    """How many of submitted, dealt, looking, decided are behind us."""


def waiting(case: CaseView, local: Local) -> Waiting | None:
    """Who looks, since when, when it moves on."""
    decision = case.authorisation
    if decision is None:
        return None
    number = decision.authoriser.number if decision.authoriser else "–"
    if decision.state == "rejected":
        reason = _reason(decision)
        title = t("teller.auth_rejected", reason=reason) if reason is not None else t("teller.auth_rejected_bare")
        return Waiting(title, t("teller.auth_rejected_text"), decision.decided_at, "bad", 4)
    if decision.state == "opened":
        quick = decision.opened_at - decision.submitted_at if decision.opened_at else None
        seconds = f"{quick.total_seconds():.1f}" if quick else "–"
        text = t("teller.auth_opened_text", seconds=seconds)
        return Waiting(t("teller.auth_opened", number=number), text, decision.opened_at, "", 2)
    if decision.state == "assigned":
        text = t("teller.auth_assigned_text")
        return Waiting(t("teller.auth_assigned", number=number), text, decision.submitted_at, "", 2)
    if decision.authorisers_online == 0:
        return Waiting(t("teller.auth_nobody"), t("teller.auth_nobody_text"), decision.submitted_at, "warn", 1)
    text = t("teller.auth_queued_text", n=decision.authorisers_online)
    return Waiting(t("teller.auth_queued"), text, decision.submitted_at, "", 1)


def _reason(decision: AuthorisationView) -> Words | None:
    """The authoriser's own words, else the sentence of his reason."""
    return decision.reason_text or (t(decision.reason_code) if decision.reason_code else None)


def returned_words(case: CaseView) -> tuple[T, T] | None:
    """What a returned case says above its form: title and reason."""
    decision = case.authorisation
    if case.state is not _C.RETURNED or decision is None:
        return None
    what = _reason(decision) or t("reason.return_several")
    return t("teller.returned_title", what=what), t("teller.returned_text", n=len(decision.returned_items))


def say_line(case: CaseView, local: Local) -> T | None:
    """A sentence for the customer that fits what happens now."""
    if case.trouble is not None:
        said = case.trouble.say
        return T(said.code, dict(said.params)) if said is not None else None
    if case.state is _C.AWAITING_AUTHORISATION:
        return t("teller.say_authorisation")
    if case.state is _C.REJECTED:
        return t("teller.say_rejected")
    return None


@dataclass(frozen=True)
class KeyModel:
    """A function key: whether it applies now, and how it reads."""

    words: T
    icon: str
    enabled: bool
    on: bool = False
    there: bool = True
    """False: the case never has a use for it; only the last keys of a bar may be away, so that none moves."""


PUSHABLE = (_S.CONFIRM, _S.PIN, _S.SIGN)
"""Steps that F6 brings to the customer's screen anew."""


def function_keys(case: CaseView, local: Local) -> dict[str, KeyModel]:
    """The keys of the command bar while a case is open. What does not apply is greyed, never moved."""
    mine, up = is_mine(case, local), local.offline_since is None
    talking = local.call in (CallPhase.LIVE, CallPhase.HELD)
    open_ = mine and case.state not in OVER
    gathering = mine and case.state in (_C.DRAFT, _C.RETURNED) and up
    held = local.call is CallPhase.HELD
    return {
        "hold": KeyModel(t("teller.key_resume" if held else "teller.key_hold"), "play" if held else "pause",
                         mine and talking, held),
        "hang_up": KeyModel(t("teller.key_hang_up"), "hangup", mine and local.call is not CallPhase.NONE),
        "snapshot": KeyModel(t("teller.key_f3"), "camera", gathering and local.call is CallPhase.LIVE),
        "capture": KeyModel(t("teller.key_f4"), "scan", gathering and not local.reading.running),
        "verify": KeyModel(t("teller.key_f5"), "shield", gathering and not local.verify.running),
        "phone": KeyModel(t("teller.key_f8_phone"), "mobile", gathering and bool(case.phone_papers),
                          phone_open(case), bool(case.phone_papers)),
        "push": KeyModel(t("teller.key_f6"), "send", open_ and up and case.customer_step in PUSHABLE),
        "point": KeyModel(t("teller.key_f7"), "pointer", False),
    }  # fmt: skip


def phone_open(case: CaseView) -> bool:
    """Whether the customer has a link to take a picture with the own phone."""
    return case.customer_step is _S.PHONE_CAPTURE and case.capture is not None


def card_words(case: CaseView) -> T | None:
    """Where the customer's card is, in a word beside the card reader."""
    if case.card is None:
        return None
    return t(f"teller.card_{case.card.state.value}") if case.card.state is not CardState.TAKEN else None
