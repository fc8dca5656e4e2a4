"""The legal representative's wish to open an account: the appointment for the call, and what was asked and answered."""

from collections.abc import Iterable

from common.errors import UserError
from teller import companies
from teller.companies import BOOKED, FAILED, KEPT, MOVED, PASSED
from teller.forms.catalogue import NO, of
from teller.forms.credit_code import normal
from teller.forms.fields import Problem
from teller.forms.id_number import normal as normal_id
from teller.forms.validators import read_date
from teller.transactions.base import Atomic, Cell, Facts, Presence, Record, Said, Values, Work, line
from teller.vouchers import Words, mask_name

_ASKED = ("will_own", "will_use", "will_trade", "will_place", "will_duty")
_SLOTS = 4
"""Calls that one time has room for."""


def _day_check(values: Values, facts: Facts) -> Iterable[Problem]:
    day = read_date(values.get("appt_day", ""))
    if day is not None and day < facts.day:
        yield Problem("appt_day", "date.in_past")


def _slot(work: Work) -> tuple[str, int]:
    """The time that is asked for, and how many calls it has already."""
    key = f"{work.text('appt_day')}T{work.text('appt_time')}"
    slot = work.books.record("appointment_slot", key) or {}
    return key, int(slot.get("taken") or 0)


def _standing(work: Work) -> tuple[str, Record] | None:
    """The appointment to come that this company has already: a company has one, and booking again moves it."""
    last = work.books.record("appointment_of", normal(work.text("co_code"))) or {}
    number = str(last.get("appointment") or "")
    found = work.books.record("appointment", number) if number else None
    return (number, found) if found is not None and found.get("status") == BOOKED else None


def _elsewhere(work: Work) -> bool:
    """Whether the representative is booked for this very time by another company."""
    taken = work.books.record("appointment_slot_of", f"{_slot(work)[0]}:{normal_id(work.text('appt_rep_id'))}") or {}
    other = str(taken.get("appointment") or "")
    found = work.books.record("appointment", other) if other else None
    return found is not None and found["status"] == BOOKED and found["company"] != normal(work.text("co_code"))


def _appointment_quote(work: Work) -> Said:
    """Raises ``appointment.past``, ``appointment.full``, ``appointment.twice``."""
    if companies.moment(work.text("appt_day"), work.text("appt_time")) <= work.books.stamp().at:
        raise UserError("appointment.past")
    if _elsewhere(work):
        raise UserError("appointment.twice")
    standing, slot = _standing(work), f"{work.text('appt_day')}T{work.text('appt_time')}"
    moved = standing is not None and str(standing[1]["at"]).startswith(slot)
    if _slot(work)[1] >= _SLOTS and not moved:
        raise UserError("appointment.full")
    when = f"{work.text('appt_day')} {work.text('appt_time')}"
    before = "" if standing is None else f"（改约，原 {str(standing[1]['at'])[:16].replace('T', ' ')}）"
    return Said(f"{when}{before}，{work.text('co_name')}，{mask_name(work.text('co_rep'))}", emphasis=True)


def _free(work: Work) -> None:
    """The time that the company had before is somebody else's to take."""
    standing = _standing(work)
    if standing is None:
        return
    number, found = standing
    work.put("appointment", number, status=MOVED)
    slot = str(found["at"])[:16]
    taken = work.books.record("appointment_slot", slot) or {}
    work.put("appointment_slot", slot, taken=max(0, int(taken.get("taken") or 0) - 1))


def _appointment(atomic: Atomic, work: Work) -> None:
    _appointment_quote(work)
    _free(work)
    day = work.text("appt_day")
    number = f"YY{day.replace('-', '')}{work.books.number(f'appointment {day}'):03d}"
    slot, taken = _slot(work)
    work.put("appointment_slot", slot, status="active", taken=taken + 1)
    cells: dict[str, Cell] = {
        "status": BOOKED, "company": normal(work.text("co_code")),
        "name": work.text("co_name"), "representative": work.text("co_rep"),
        "rep_id": normal_id(work.text("appt_rep_id")), "phone": work.text("co_phone"),
        "at": companies.moment(day, work.text("appt_time")).isoformat(),
    }  # fmt: skip
    work.put("appointment", number, **cells)
    work.put("appointment_of", normal(work.text("co_code")), status="active", appointment=number)
    whose = f"{slot}:{normal_id(work.text('appt_rep_id'))}"
    work.put("appointment_slot_of", whose, status="active", appointment=number)
    work.block(
        atomic,
        (
            line("预约编号", "Appointment", number),
            line("时间", "When", f"{day} {work.text('appt_time')}"),
            line("单位名称", "Company", work.text("co_name")),
            line("法定代表人", "Representative", mask_name(work.text("co_rep"))),
        ),
    )


COMPANY_APPOINTMENT = Atomic(
    code="company_appointment",
    number="0803",
    group="company",
    title=Words("视频核实预约", "Appointment for the call"),
    initials="sphsyy",
    fields=of("name", "id_number", "co_code", "co_name", "co_rep", "appt_rep_id", "co_phone", "appt_day", "appt_time"),
    say=lambda values: Said(f"{values.get('appt_day', '')} {values.get('appt_time', '')}"),
    quote=_appointment_quote,
    do=_appointment,
    check=_day_check,
    rules=("C-401", "C-402"),
)


def _due(work: Work) -> tuple[str, Record] | None:
    """The appointment that this call is; none is needed where staff stand beside the representative.

    Raises:
        UserError: ``appointment.none``, ``appointment.other``, ``appointment.not_now`` (``at``).
    """
    if work.facts.presence is Presence.ON_SITE:
        return None
    number = work.text("appt_number").upper()
    found = work.books.record("appointment", number) if number else None
    if found is None or found.get("status") != BOOKED:
        raise UserError("appointment.none")
    his = normal_id(str(found.get("rep_id"))) == normal_id(work.text("id_number"))
    if not his or found.get("company") != normal(work.text("co_code")):
        raise UserError("appointment.other")
    now, at = work.books.stamp().at, companies.moment(str(found["at"])[:10], str(found["at"])[11:16])
    if abs(now - at) > companies.window(work.facts.day):
        raise UserError("appointment.not_now", at=f"{at:%m-%d %H:%M}")
    return number, found


def _wish_check(values: Values, _facts: Facts) -> Iterable[Problem]:
    """Only the representative can say it; a no among the answers is no pass; a refusal says why."""
    plain = ["".join(values.get(name, "").split()) for name in ("name", "co_rep")]
    if all(plain) and plain[0] != plain[1]:
        yield Problem("co_rep", "company.not_representative")
    outcome = values.get("will_outcome")
    if outcome == "通过" and NO in (values.get("will_own"), values.get("will_place"), values.get("will_duty")):
        yield Problem("will_outcome", "willingness.contradicted")
    if outcome == "不通过" and not values.get("will_note", "").strip():
        yield Problem("will_note", "willingness.note_missing")


def _wish_quote(work: Work) -> Said:
    _due(work)
    own, place, duty = (work.text(name) for name in ("will_own", "will_place", "will_duty"))
    return Said(
        f"{work.text('co_name')}：自愿开户 {own}，用途 {work.text('will_use')}，住所经营 {place}，不出租出借 {duty}，"
        f"{work.text('will_outcome')}",
        emphasis=True,
    )


def _wish(atomic: Atomic, work: Work) -> None:
    """Questions and answers are facts of the company; the case holds the live face and its match."""
    due = _due(work)
    code, passed = normal(work.text("co_code")), work.text("will_outcome") == "通过"
    answers: dict[str, Cell] = {name: work.text(name) for name in _ASKED}
    if due is not None:
        work.put("appointment", due[0], status=KEPT, kept_in=work.case_id)
    work.put(
        "willingness", code, status=PASSED if passed else FAILED, asked_on=work.facts.day.isoformat(),
        representative=work.text("co_rep"), rep_id=normal_id(work.text("id_number")), case_id=work.case_id,
        presence=work.facts.presence.value, note=work.text("will_note"), **answers,
    )  # fmt: skip
    lines = [
        line("单位名称", "Company", work.text("co_name")),
        line("法定代表人", "By", mask_name(work.text("co_rep"))),
    ]
    lines += [line(spec.label_zh, spec.label_en, work.text(spec.name)) for spec in of(*_ASKED)]
    work.block(atomic, (*lines, line("核实结果", "Outcome", work.text("will_outcome"))))


COMPANY_WILLINGNESS = Atomic(
    code="company_willingness",
    number="0804",
    group="company",
    title=Words("法人开户意愿核实", "Representative's wish"),
    initials="frkhyyhs",
    fields=of("name", "id_number", "co_code", "co_name", "co_rep", "appt_number", *_ASKED, "will_outcome", "will_note"),
    say=lambda values: Said(values.get("will_outcome", "")),
    quote=_wish_quote,
    do=_wish,
    check=_wish_check,
    rules=("C-401", "C-402"),
)
