"""What a case did with companies, as their register says it."""

from collections.abc import Iterator, Mapping

from teller.cases.model import Case
from teller.transactions.base import Cell, Change

_STATES: Mapping[tuple[str, str], str] = {
    ("appointment", "booked"): "appointment.booked",
    ("appointment", "kept"): "appointment.kept",
    ("appointment", "moved"): "appointment.moved",
    ("willingness", "passed"): "willingness.passed",
    ("willingness", "failed"): "willingness.failed",
    ("company_agent", "active"): "agent.recorded",
    ("company_agent", "ended"): "agent.ended",
}
_SHOWN = ("company", "name", "at", "note", "by", "until")

Line = tuple[str, str, dict[str, Cell]]


def company_lines(case: Case) -> list[Line]:
    """Kind of line, subject (credit code or number of the appointment), details; in the order of what was done."""
    changes = case.effects.changes if case.effects is not None else ()
    return [line for change in changes for line in _of(change)]


def _of(change: Change) -> Iterator[Line]:
    kind = _STATES.get((change.kind, str(change.after.get("status"))))
    if kind is not None:
        yield kind, change.key, {name: change.after[name] for name in _SHOWN if change.after.get(name)}
    if change.kind != "company":
        return
    before = change.before or {}
    if change.after.get("account") != before.get("account"):
        yield "company.opened", change.key, {"name": change.after["name"]}
    elif change.after.get("review") and change.after.get("review_on") != before.get("review_on"):
        yield "company.reviewed", change.key, {"outcome": change.after["review"], "due": change.after["review_on"]}
