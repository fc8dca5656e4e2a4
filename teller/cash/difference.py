"""What a count left unexplained, short (短款) or over (长款), and how two persons close it once it is explained.

One says where the notes are, another one agrees; only then the books follow. A short note may lie in the vault after
all, an over one may be missing there; a short and an over of one machine may be each other's other side; what is over
may be a customer's.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from common.errors import UserError
from teller.cash.suspense import REASONS, Closing
from teller.ledger import bookings
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role, account_code, role_of
from teller.ledger.entries import Entry
from teller.money import Money

ROLES = (Role.CASH_SHORT, Role.CASH_OVER)
VAULT, OFFSET, CUSTOMER = "vault", "offset", "customer"
WAYS: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {Role.CASH_SHORT: (VAULT, OFFSET), Role.CASH_OVER: (VAULT, OFFSET, CUSTOMER)}
)


def machine_of(account: str) -> str:
    """Number of the machine of such an account. Raises ``suspense.not_found`` for any other account."""
    for role in ROLES:
        prefix, _, machine = account.partition(":")
        if machine and account_code(role, machine) == f"{prefix}:{machine}":
            return machine
    raise UserError("suspense.not_found")


def other_side(account: str) -> str:
    """The account of the same machine that an offset closes with it."""
    role = Role.CASH_OVER if role_of(account) is Role.CASH_SHORT else Role.CASH_SHORT
    return account_code(role, machine_of(account))


def require_possible(closing: Closing, stands: Money, other: Money) -> None:
    """Whether a proposal can be carried out, when it is made and when it is decided.

    Args:
        stands: what is on the account. other: what is on the machine's other one.

    Raises:
        UserError: ``suspense.reason``, ``suspense.way``, ``suspense.too_much`` (``amount``, ``currency``).
    """
    if closing.reason not in REASONS:
        raise UserError("suspense.reason")
    if closing.way not in WAYS[role_of(closing.movement)] or (closing.way == CUSTOMER) != bool(closing.to):
        raise UserError("suspense.way")
    most = min(stands.minor, other.minor) if closing.way == OFFSET else stands.minor
    if not 0 < closing.amount <= most:
        raise UserError("suspense.too_much", amount=most, currency=stands.currency)


def entry(closing: Closing, stamp: Callable[[], Stamp]) -> Entry:
    """What is booked when the second person agrees."""
    amount, role = Money(closing.amount), role_of(closing.movement)
    if closing.way == OFFSET:
        return bookings.differences_offset(stamp(), closing.machine, amount)
    if closing.way == CUSTOMER:
        return bookings.over_to_customer(stamp(), closing.machine, closing.to, amount)
    return bookings.difference_in_vault(stamp(), closing.machine, role, amount)
