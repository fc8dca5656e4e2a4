"""Holds: money that stays on the account but cannot be used, from submit until it is booked or let go."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.errors import UserError
from teller.money import Money


class HoldState(StrEnum):
    """active → used (booked) or released (let go)."""

    ACTIVE = "active"
    USED = "used"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """An amount reserved on a customer's account for one case."""

    id: str
    account: str
    amount: Money
    case_id: str
    placed_at: datetime
    state: HoldState = HoldState.ACTIVE
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise UserError("ledger.not_positive")

    def end(self, state: HoldState, at: datetime) -> "Hold":
        """Raises ``ledger.hold_ended`` when it has ended already."""
        if self.state is not HoldState.ACTIVE or state is HoldState.ACTIVE:
            raise UserError("ledger.hold_ended")
        return replace(self, state=state, ended_at=at)


def available(balance: Money, holds: Iterable[Hold]) -> Money:
    """What may be withdrawn: the balance less every active hold."""
    for hold in holds:
        if hold.state is HoldState.ACTIVE:
            balance = balance - hold.amount
    return balance
