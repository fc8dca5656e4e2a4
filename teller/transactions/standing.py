"""How an account of a limited class stands: what it holds, and what went through it today and this year."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Whether money comes to the customer's account or leaves it."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Used:
    """Minor units that went one way, to and from others than the bound account."""

    day: int = 0
    year: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """``bound``: number of the account to and from which money goes freely; empty: none. ``balance``: minor units."""

    account_class: str
    bound: str = ""
    balance: int = 0
    came: Used = Used()
    went: Used = Used()

    def used(self, side: Side) -> Used:
        return self.came if side is Side.IN else self.went


@dataclass(frozen=True, slots=True)
class Flow:
    """How a transaction moves money through the customer's account.

    Attributes:
        amount: the field with the amount. other: the field with the account on the other side; empty: notes.
    """

    side: Side
    amount: str
    other: str = ""
