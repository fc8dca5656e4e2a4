"""What the window shows of a task, computed from it: head, comparison, reasons, account. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from common.wire.authorisation import ComparisonRow, TaskView
from common.wire.base import Sentence
from common.wire.cases import AuthorisationView, CaseView, FieldSpec
from ui.authoriser_app.differences import Marks, marks, merged
from ui.authoriser_app.state import Review
from ui.kit.business import business, of_house, words
from ui.kit.texts.formats import money, time_of_day
from ui.kit.texts.words import T, Words, t

SOON_S = 30
NO_SCORE = "–"
CLOSE = 5.0
"""A score this little above the threshold is shown as near it."""


@dataclass(frozen=True)
class Head:
    """What, how much, who, and how long it may take; of a reversal, why it is asked for."""

    title: T
    who: T
    number: str
    left_s: float
    whole_s: float
    reason: T | None = None

    @property
    def soon(self) -> bool:
        """Whether the time is nearly over."""
        return self.left_s < SOON_S


def asked(task: TaskView) -> AuthorisationView | None:
    """What this task asks: to agree to the case, or to its reversal."""
    return task.case.reversal if task.kind == "reversal" else task.case.authorisation


def head(task: TaskView, now: datetime) -> Head:
    """The head of a task."""
    case, authorisation = task.case, asked(task)
    assigned = authorisation.assigned_at if authorisation is not None else None
    whole = (task.deadline - (assigned or task.submitted_at)).total_seconds()
    left = min(max(0.0, (task.deadline - now).total_seconds()), max(1.0, whole))
    what = _title(case)
    who = _who(task, now.date())
    if task.kind != "reversal":
        return Head(what, who, case.number, left, max(1.0, whole))
    reasons = why(authorisation.reasons) if authorisation is not None else ()
    reason = reasons[0].title if reasons else None
    return Head(t("authoriser.reversal_of", what=what), who, case.number, left, max(1.0, whole), reason)


def _title(case: CaseView) -> T:
    amount = money(case.summary.amount.minor, case.summary.amount.currency) if case.summary is not None else ""
    general = t("scenario.with_amount", what=business(case.scenario, case.title), amount=amount)
    return of_house(case.scenario, "authoriser.what", general, amount=amount)


def _who(task: TaskView, today: date) -> T:
    case = task.case
    name = case.account.holder if case.account is not None else _value(case, "name")
    tail = (case.card.masked_number if case.card is not None else "")[-4:]
    teller = case.teller.seat or case.teller.number if case.teller is not None else "–"
    age = _age(_value(case, "birth"), today)
    code = "authoriser.who" if age is not None else "authoriser.who_no_age"
    return t(code, name=name, age=age, tail=tail, kiosk=case.kiosk, seat=teller, at=time_of_day(task.submitted_at))


def _value(case: CaseView, name: str) -> str:
    return case.form.values[name].value if name in case.form.values else ""


def _age(birth: str, today: date) -> int | None:
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# --- comparison -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One writing of a fact; ``marks`` are the characters the others do not have."""

    words: Words
    marks: Marks = ()
    faint: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the comparison. ``next``: the difference F9 looks at."""

    field: str
    label: str
    form: Cell
    ocr: Cell
    record: Cell
    differs: bool = False
    seen: bool = False
    next: bool = False
    chip: Cell | None = None
    authority: Cell | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Sources that this task has at all."""
        chip = ("chip",) if self.chip is not None else ()
        authority = ("authority",) if self.authority is not None else ()
        return ("form", *chip, "ocr", "record", *authority)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What stands in those columns."""
        return tuple(getattr(self, name) for name in self.columns)


PLAIN = ("form", "ocr", "record")
"""The sources that every task has."""


def lines(review: Review, lang: str) -> tuple[Line, ...]:
    """Every field of the form beside what was read and what the bank knows."""
    task = review.task
    if task is None:
        return ()
    kinds = {spec.name: spec for spec in task.case.form.specs}
    upcoming = review.unseen[0] if review.unseen else ""
    made = []
    chips = any(row.chip is not None for row in task.comparison)
    authorities = any(row.authority is not None for row in task.comparison)
    for row in task.comparison:
        label = row.label_zh if lang == "zh" else row.label_en
        cells = _different(row) if row.differs else _same(row, kinds.get(row.field), task.case)
        line = Line(row.field, label, *cells, row.differs, row.field in review.seen, row.field == upcoming)
        chip = _beside(row, row.chip) if chips else None
        made.append(replace(line, chip=chip, authority=_authority(row) if authorities else None))
    return tuple(made)


def _beside(row: ComparisonRow, other: str | None) -> Cell:
    """A source beside the form: nothing, the same, or the whole value with what differs marked."""
    if other is None:
        return Cell("—", faint=True)
    if _plain(other) == _plain(row.form):
        return Cell(t("authoriser.as_form" if row.differs else "authoriser.same"), faint=True)
    return Cell(other, marks(row.form, other)[1])


def _authority(row: ComparisonRow) -> Cell:
    if row.authority is None:
        return Cell("—", faint=True)
    words = t(f"authoriser.authority_{row.authority}")
    return Cell(words, faint=row.authority == "match")


def trust_words(case: CaseView, now: datetime) -> tuple[T, bool] | None:
    """What the authorities said, from whom, how old, and whether they agree; None: nobody was asked."""
    known = case.identity.verification
    if known is None:
        return None
    minutes = max(0, int((now - known.at).total_seconds() // 60))
    code = "kept" if known.reused else known.outcome.value
    agrees = known.outcome.value == "match"
    return t(f"authoriser.verified_{code}", source=known.source or "–", minutes=minutes), agrees


def _different(row: ComparisonRow) -> tuple[Cell, Cell, Cell]:
    """The whole values with what differs marked; nothing is masked, for it has to be compared."""
    form_marks: Marks = ()
    others = []
    for other in (row.ocr, row.record):
        if other is None:
            others.append(Cell("—", faint=True))
        elif _plain(other) == _plain(row.form):
            others.append(Cell(t("authoriser.as_form"), faint=True))
        else:
            here, there = marks(row.form, other)
            form_marks = merged(form_marks, here)
            others.append(Cell(other, there))
    return Cell(row.form or "—", form_marks), others[0], others[1]


def _plain(text: str) -> str:
    return "".join(text.split()).upper()


def _same(row: ComparisonRow, spec: FieldSpec | None, case: CaseView) -> tuple[Cell, Cell, Cell]:
    kind = spec.kind if spec is not None else "text"
    form = Cell(_written(row.form, kind, case) or "—", faint=not row.form)
    cells = [Cell("—", faint=True) if other is None else _agreeing(row) for other in (row.ocr, row.record)]
    if row.field == "amount" and row.record is None and case.account is not None and case.account.available is not None:
        available = money(case.account.available.minor, case.account.available.currency)
        cells[1] = Cell(t("authoriser.available", amount=available))
    if row.field == "account" and row.record is None and case.account is not None:
        cells[1] = Cell(t("authoriser.account_active" if case.account.status == "active" else "authoriser.account_not"))
    return form, cells[0], cells[1]


def _agreeing(row: ComparisonRow) -> Cell:
    return Cell(row.form) if row.field == "name" else Cell(t("authoriser.same"), faint=True)


def _written(value: str, kind: str, case: CaseView) -> str:
    if kind == "id_number" and len(value) > 10:
        return value[:6] + "*" * (len(value) - 10) + value[-4:]
    if kind == "amount" and case.summary is not None:
        return money(case.summary.amount.minor, case.summary.amount.currency)
    return value


def count_words(review: Review) -> tuple[T, bool]:
    """How many differ and how many of them were looked at; whether nothing is left to look at."""
    total, unseen = len(review.differing), len(review.unseen)
    if not total:
        return t("authoriser.no_differences"), True
    return t("authoriser.differences", n=total, seen=total - unseen), unseen == 0


# --- face -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Face:
    """The match: score (None: there is none), threshold, verdict ``same | close | different``."""

    score: float | None
    threshold: float
    verdict: str
    at: str = ""


def face(case: CaseView) -> Face:
    """The face match of a case."""
    match = case.face_match
    if match is None:
        return Face(None, 80.0, "different")
    same = match.same and match.score >= match.threshold
    verdict = "different" if not same else "close" if match.score < match.threshold + CLOSE else "same"
    return Face(match.score, match.threshold, verdict, time_of_day(match.at))


# --- why, account -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Why:
    """One rule that fired: its number, what it is, the figures."""

    rule: str
    title: T
    detail: T | None = None


_KNOWN_RULES = frozenset(
    {"amount_above_teller_limit", "face_below_threshold", "first_large_withdrawal_of_elder", "large_cash_registration"}
)

_PLAIN_RULES = frozenset({
    "face_compared_by_person", "identity_unverified", "identity_contradicted", "chip_contradicted",
    "liveness_not_passed", "face_alarm", "face_not_compared", "face_contradicted", "face_unlike_portrait",
    "representative_replaced", "paper_by_phone", "original_doubted", "reversal", "reversal_wrong_data",
    "reversal_customer",
})  # fmt: skip
"""Said in one sentence, without figures."""


def why(reasons: Sequence[Sentence]) -> tuple[Why, ...]:
    """Why a second person looks."""
    made = []
    for reason in reasons:
        name, rule = reason.code.removeprefix("rule."), str(reason.params.get("rule") or "")
        if name in _PLAIN_RULES:
            made.append(Why(rule, t(reason.code, **reason.params)))
            continue
        if name == "screening":
            made.append(Why(rule, t("authoriser.why_screening", **reason.params)))
            continue
        if name not in _KNOWN_RULES:
            made.append(Why(rule, t("authoriser.why_unknown", rule=reason.code)))
            continue
        params = _figures(reason.params)
        made.append(Why(rule, t(f"authoriser.why_{name}", **params), t(f"authoriser.why_{name}_detail", **params)))
    return tuple(made)


def _figures(params: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts written out in their currency."""
    currency = str(params.get("currency") or "CNY")
    amounts = ("amount", "limit", "largest_before", "from_amount")
    written = {name: money(int(params[name]), currency) for name in amounts if params.get(name) is not None}
    return {**params, **written}


@dataclass(frozen=True)
class MovementLine:
    on: str
    text: str
    amount: str


@dataclass(frozen=True)
class Account:
    """An account in brief: bars of twelve months and, for a withdrawal, this one as the last."""

    opened: str
    months: tuple[float, ...]
    now: str
    movements: tuple[MovementLine, ...]


def account(task: TaskView, lang: str) -> Account:
    """What the account did of late."""
    case = task.case
    bars = [month.withdrawn.minor / 100 for month in task.months]
    now = ""
    if case.cash_way == "out" and case.summary is not None:
        bars.append(case.summary.amount.minor / 100)
        now = money(case.summary.amount.minor, case.summary.amount.currency).removesuffix(".00")
    moved = tuple(
        MovementLine(move.on[5:], move.text_zh if lang == "zh" else move.text_en, _signed(move.amount.minor))
        for move in task.movements
    )
    opened = (case.account.opened_on or "")[:7] if case.account is not None else ""
    return Account(opened, tuple(bars), now, moved)


def _signed(minor: int) -> str:
    written = money(abs(minor)).removeprefix("¥")
    return f"{'−' if minor < 0 else '+'}{written}"


# --- voucher ----------------------------------------------------------------------------------------------------

_LINES = frozenset({"business", "amount", "amount_words", "notes", "holder", "account", "fee", "place", "case"})


def voucher_lines(case: CaseView, lang: str) -> tuple[tuple[Words, str], ...]:
    """Label and value of each line that the customer will confirm and sign."""
    if case.summary is None:
        return ()
    made: list[tuple[Words, str]] = []
    for line in case.summary.lines:
        name = line.code.removeprefix("summary.")
        label: Words = t(f"summary.{name}") if name in _LINES else words(line.label) if line.label else line.code
        made.append((label, line.value_en if lang == "en" and line.value_en else line.value))
    return tuple(made)


# --- gone -------------------------------------------------------------------------------------------------------


def gone_words(review: Review) -> tuple[T, T]:
    """What became of a task that is not ours any more, and what to do."""
    params = dict(review.gone_params)
    if review.gone_code == "task.decided" and params.get("number") and params.get("at"):
        at = time_of_day(datetime.fromisoformat(str(params["at"])))
        return t("authoriser.gone_decided_by", number=params["number"], at=at), t("authoriser.gone_nothing_to_do")
    codes = {
        "task.expired": "authoriser.gone_expired",
        "task.withdrawn": "authoriser.gone_withdrawn",
        "task.decided": "authoriser.gone_decided",
        "task.decided_already": "authoriser.gone_decided",
        "task.maker_is_checker": "authoriser.gone_maker",
    }
    return t(codes.get(review.gone_code, "authoriser.gone_not_yours")), t("authoriser.gone_nothing_to_do")
