"""What may still go through an account of class II or III: told before the first step, at the field, and refused.

The only place that knows: bars (nothing left today), problems (the amount beside its field) and refusals (when the
case is carried out) all come from `fits`, and its figures from the dated rows A-212 and A-222.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.errors import UserError
from teller.forms.fields import Problem
from teller.transactions.base import Atomic, Bar, Cell, Facts, Record, Values, money_of
from teller.transactions.rules import Row, in_force
from teller.transactions.standing import Side, Standing

CLASSES = {"2": "II", "3": "III"}
_OPENED = {"open_class_1": "1", "open_class_2": "2", "open_class_3": "3"}


def standing_of(facts: Facts, bound_card: str = "") -> Standing | None:
    """The money account of the case: the one it has, else the first one it opens; None where no class limits it."""
    if facts.has_account:
        return facts.standing
    opened = [account_class for code, account_class in _OPENED.items() if code in facts.chosen]
    return Standing(opened[0], "".join(bound_card.split())) if opened and opened[0] != "1" else None


def row_of(standing: Standing, day: date) -> Row | None:
    """The row that limits the account on a day."""
    return in_force(f"class_{standing.account_class}_limit", day) if standing.account_class in ("2", "3") else None


@dataclass(frozen=True, slots=True)
class Left:
    """What still fits. ``code``: ``day``, ``year`` or ``balance``, whichever is least; minor units."""

    code: str
    left: int
    limit: int


def left(
    standing: Standing, side: Side, row: Row, *, free: bool = False, before: int = 0, came: int = 0
) -> Left | None:
    """The least of what a row leaves on a side; None where nothing limits it.

    Args:
        free: to or from the bound account; only the balance counts then.
        before: what of this case was counted already on this side; came: what of it came in.
    """
    row_says, used = row.parameters, standing.used(side)
    found = [] if free else [
        Left("day", max(0, row_says["day"] - used.day - before), row_says["day"]),
        Left("year", max(0, row_says["year"] - used.year - before), row_says["year"]),
    ]  # fmt: skip
    if side is Side.IN and "balance" in row_says:
        found.append(Left("balance", max(0, row_says["balance"] - standing.balance - came), row_says["balance"]))
    return min(found, key=lambda one: one.left, default=None)


Through = tuple[str, int, str]
"""Field, minor units, number of the account on the other side (empty: notes)."""


def _through(atomics: Sequence[Atomic], values: Values, side: Side) -> Iterable[Through]:
    for atomic in atomics:
        if atomic.flow is not None and atomic.flow.side is side:
            minor = money_of(values, atomic.flow.amount).minor
            if minor > 0:
                yield atomic.flow.amount, minor, "".join(values.get(atomic.flow.other, "").split())


def fits(standing: Standing, through: Iterable[Through], side: Side, day: date) -> Problem | None:
    """The first of what goes through that is too much, as a problem of its field."""
    row = row_of(standing, day)
    if row is None:
        return None
    before = came = 0
    for field, minor, other in through:
        free = bool(standing.bound) and other == standing.bound
        least = left(standing, side, row, free=free, before=before, came=came)
        if least is not None and minor > least.left:
            code = "class_limit.balance" if least.code == "balance" else f"class_limit.{least.code}_{side.value}"
            cells = (("left", least.left), ("limit", least.limit), ("rule", row.code))
            return Problem(field, code, (*cells, ("account_class", CLASSES[standing.account_class])))
        before, came = before + (0 if free else minor), came + minor
    return None


def problems(atomics: Sequence[Atomic], values: Values, facts: Facts) -> Iterable[Problem]:
    """What of a case is too much for its account, at most one a side."""
    standing = standing_of(facts, values.get("bound_card", ""))
    if standing is None:
        return
    for side in Side:
        found = fits(standing, _through(atomics, values, side), side, facts.day)
        if found is not None:
            yield found


def bar(atomic: Atomic, facts: Facts) -> Bar | None:
    """Why notes cannot move today at all: nothing is left. What goes to the bound account is never barred."""
    standing = standing_of(facts)
    row = None if standing is None else row_of(standing, facts.day)
    if standing is None or row is None or atomic.flow is None or atomic.flow.other:
        return None
    least = left(standing, atomic.flow.side, row)
    if least is None or least.left:
        return None
    return Bar(f"bar.class_limit_{least.code}", (("limit", least.limit),), row.code)


def require(atomics: Sequence[Atomic], values: Values, facts: Facts) -> None:
    """Raises the code of the first problem, with its parameters."""
    for problem in problems(atomics, values, facts):
        params: dict[str, Any] = dict(problem.params)
        raise UserError(problem.code, **params)


FREE = ".bound"
"""Ends the kind of an entry that goes to or comes from the bound account: no limit counts it."""


def in_kind(kind: str, account: Record | None, other: str) -> str:
    """The kind of an entry by who is on the other side of the account."""
    bound = None if account is None else account.get("bound_account")
    return f"{kind}{FREE}" if bound and "".join(other.split()) == bound else kind


def back_kind(kind: str, made_on: Cell, day: date) -> str:
    """Of money that comes back: on the day it left it frees that day's limit, later only the year's."""
    return kind if made_on == day.isoformat() else f"{kind}_later"


def receives(standing: Standing | None, minor: int, sender: str, day: date) -> bool:
    """Whether an account of this bank can take a transfer in; who sends is told no more than that."""
    return standing is None or fits(standing, [("", minor, sender)], Side.IN, day) is None
