"""The legal representative's wish to open an account: the appointment for the call, and what was asked and answered."""

from collections.abc import Iterable

from common.errors import UserError
from teller import companies
from teller.companies import BOOKED, FAILED, KEPT, PASSED
from teller.forms.catalogue import NO, of
from teller.forms.credit_code import normal
from teller.forms.fields import Problem
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


def _appointment_quote(work: Work) -> Said:
    """Raises ``appointment.past``, ``appointment.full``."""
    if companies.moment(work.text("appt_day"), work.text("appt_time")) <= work.books.stamp().at:
        raise UserError("appointment.past")
    if _slot(work)[1] >= _SLOTS:
        raise UserError("appointment.full")
    return Said(
        f"{work.text('appt_day')} {work.text('appt_time')}，{work.text('co_name')}，{mask_name(work.text('co_rep'))}",
        emphasis=True,
    )


def _appointment(atomic: Atomic, work: Work) -> None:
    _appointment_quote(work)
    day = work.text("appt_day")
    number = f"YY{day.replace('-', '')}{work.books.number(f'appointment {day}'):03d}"
    slot, taken = _slot(work)
    work.put("appointment_slot", slot, status="active", taken=taken + 1)
    cells: dict[str, Cell] = {
        "status": BOOKED, "company": normal(work.text("co_code")),
        "name": work.text("co_name"), "representative": work.text("co_rep"), "rep_id": work.text("appt_rep_id"),
        "at": companies.moment(day, work.text("appt_time")).isoformat(), "phone": work.text("co_phone"),
    }  # fmt: skip
    work.put("appointment", number, **cells)
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
    same = found.get("company") == normal(work.text("co_code")) and found.get("rep_id") == work.text("id_number")
    if not same:
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
        representative=work.text("co_rep"), rep_id=work.text("id_number"), case_id=work.case_id,
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
