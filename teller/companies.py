"""A company as the bank keeps it: when its licence may be used again, when its review is due, when it is suspended."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

from teller.forms.catalogue import LONG_TERM
from teller.forms.validators import read_date
from teller.transactions.rules import in_force

CHINA = timezone(timedelta(hours=8))
ACTIVE, SUSPENDED = "active", "suspended"
BOOKED, KEPT, MISSED, MOVED = "booked", "kept", "missed", "moved"
PASSED, FAILED = "passed", "failed"

Cells = Mapping[str, str | int | None]


def licence_problem(company: Cells, day: date) -> str | None:
    """Why the licence on record cannot be used again: ``licence.none``, ``licence.expired``, ``licence.too_old``."""
    seen = read_date(str(company.get("licence_seen_on") or ""))
    if seen is None:
        return "licence.none"
    if expired_since(company, day) is not None:
        return "licence.expired"
    row = in_force("licence_reuse", day)
    if row is not None and (day - seen).days > row.parameters["days"]:
        return "licence.too_old"
    return None


def expired_since(company: Cells, day: date) -> date | None:
    """Last day of a licence that has run out; None while it is valid."""
    until = str(company.get("until") or LONG_TERM)
    last = None if until == LONG_TERM else read_date(until)
    return last if last is not None and last < day else None


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def next_review(day: date) -> date:
    """When a company that was looked at on a day is due again."""
    row = in_force("company_review", day)
    return months_on(day, row.parameters["months"] if row is not None else 12)


def is_due(company: Cells, day: date) -> bool:
    """Whether its review stands on the list of those to be done."""
    row, on = in_force("company_review", day), read_date(str(company.get("review_on") or ""))
    return row is not None and on is not None and (on - day).days <= row.parameters["before"]


def must_stop(company: Cells, day: date) -> str | None:
    """Why its business is to be suspended now: ``review.overdue``, ``licence.expired``; None: it is not."""
    row = in_force("company_suspension", day)
    if row is None or company.get("status") != ACTIVE:
        return None
    on, expired = read_date(str(company.get("review_on") or "")), expired_since(company, day)
    if on is not None and (day - on).days >= row.parameters["days"]:
        return "review.overdue"
    if expired is not None and (day - expired).days >= row.parameters["days"]:
        return "licence.expired"
    return None


def moment(day: str, time: str) -> datetime:
    """When an appointment is."""
    return datetime.fromisoformat(f"{day}T{time}:00").replace(tzinfo=CHINA)


def window(on: date) -> timedelta:
    """How far from its time an appointment may be kept."""
    row = in_force("company_appointment", on)
    return timedelta(minutes=row.parameters["minutes"] if row is not None else 24 * 60)


def willingness_holds(record: Cells | None, representative: str, day: date) -> str | None:
    """Why an account cannot be opened on it: ``willingness.missing``, ``.failed``, ``.other``, ``.too_old``."""
    if record is None or record.get("status") not in (PASSED, FAILED):
        return "willingness.missing"
    if record["status"] == FAILED:
        return "willingness.failed"
    if "".join(str(record.get("representative") or "").split()) != "".join(representative.split()):
        return "willingness.other"
    row, on = in_force("company_willingness", day), read_date(str(record.get("asked_on") or ""))
    if row is not None and (on is None or (day - on).days > row.parameters["days"]):
        return "willingness.too_old"
    return None
