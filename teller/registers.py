"""The electronic registers (电子登记簿): which there are, what is written in them, who may read and write.

A line is written once and never changed. Its kind says which register it belongs to: ``seal.used`` to the seals.
"""

from dataclasses import dataclass
from enum import StrEnum

from common.errors import UserError
from common.wire.registers import RegisterName
from common.wire.sessions import Role

MAX_ITEMS = 100_000


Register = RegisterName
"""Seals, key items (重要空白凭证 and keys), handovers, copies and voids, orders to machines, cash in suspense,
suspect notes, companies (calls, refusals, reviews), queries to authorities, looks at faces, pictures, vouchers and
covered facts."""

SEAL_USED, SEAL_PERMISSION = "seal.used", "seal.permission"
REPRINTED, VOIDED, PRINTED = "voucher.reprinted", "voucher.voided", "voucher.printed"
ORDERED, ORDER_ENDED = "machine.ordered", "machine.order_ended"
SUSPENSE_PROPOSED, SUSPENSE_CLOSED = "suspense.proposed", "suspense.closed"
SUSPENSE_REFUSED, SUSPENSE_LATER = "suspense.refused", "suspense.later"
NOTE_RETURNED, NOTE_HELD, NOTE_SERIES = "note.returned", "note.held", "note.series"
QUERIED = "verification.asked"
OFFERED, ACCEPTED, REFUSED = "handover.offered", "handover.accepted", "handover.refused"
TAKEN_OVER = "case.taken_over"

KINDS: dict[Register, tuple[str, ...]] = {
    Register.SEALS: (SEAL_USED, SEAL_PERMISSION),
    Register.ITEMS: (
        "item.received",
        "item.issued",
        "item.used",
        "item.voided",
        "item.returned",
        "item.retained",
        "passbook.printed",
    ),
    Register.HANDOVERS: (OFFERED, ACCEPTED, REFUSED, TAKEN_OVER),
    Register.PAPERS: (REPRINTED, VOIDED, PRINTED),
    Register.MACHINES: (ORDERED, ORDER_ENDED),
    Register.SUSPENSE: (SUSPENSE_PROPOSED, SUSPENSE_CLOSED, SUSPENSE_REFUSED, SUSPENSE_LATER),
    Register.NOTES: (NOTE_RETURNED, NOTE_HELD, NOTE_SERIES),
    Register.QUERIES: (QUERIED, "verification.forgotten"),
    Register.LOOKS: (
        "pii.shown",
        "evidence.viewed",
        "voucher.viewed",
        "face.contradicted",
        "face.alarm",
        "face.look_by_person",
        "face.compared_by_person",
        "face.liveness",
        "face.film",
        "face.kept",
        "face.let_go",
        "evidence.removed",
        "capture.opened",
        "capture.taken_back",
        "capture.taken",
        "evidence.doubted",
    ),
    Register.COMPANIES: (
        "appointment.booked",
        "appointment.kept",
        "appointment.missed",
        "appointment.moved",
        "willingness.passed",
        "willingness.failed",
        "agent.recorded",
        "agent.ended",
        "company.opened",
        "company.refused",
        "company.review_due",
        "company.reviewed",
        "company.suspended",
    ),
}
"""Kinds of line in each register."""


class Item(StrEnum):
    """Things that are counted one by one."""

    UKEY = "ukey"
    CARD = "card"
    CERTIFICATE = "certificate"
    PASSBOOK = "passbook"
    SAFE_KEY = "safe_key"
    TILL_KEY = "till_key"
    DEVICE_KEY = "device_key"


class ItemAct(StrEnum):
    """What happens to them."""

    RECEIVED = "received"
    ISSUED = "issued"
    USED = "used"
    VOIDED = "voided"
    RETURNED = "returned"
    RETAINED = "retained"


@dataclass(frozen=True, slots=True)
class Serials:
    """Numbers of things, first to last, both included.

    Raises:
        UserError: ``register.bad_serials`` when they are no rising run of at most 100,000.
    """

    first: str
    last: str

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_ITEMS:
            raise UserError("register.bad_serials", first=self.first, last=self.last)

    @property
    def count(self) -> int:
        """How many they are; 0 when they are no run."""
        if self.first == self.last:
            return 1
        head = self.first.rstrip("0123456789")
        if not self.last.startswith(head) or len(self.first) != len(self.last):
            return 0
        first, last = self.first[len(head) :], self.last[len(head) :]
        ascii_digits = all(text.isascii() and text.isdigit() for text in (first, last))
        return max(0, int(last) - int(first) + 1) if ascii_digits else 0

    @property
    def subject(self) -> str:
        """As the register names them."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


def scope(role: Role, own_branch: str, asked: str | None) -> str | None:
    """The branch whose lines may be read; None: all branches.

    A teller reads his own branch, an authoriser and an administrator read all, or the one they ask for.

    Raises:
        UserError: ``register.forbidden`` for anybody and anything else.
    """
    if role is Role.TELLER and asked in (None, "", own_branch):
        return own_branch
    if role in (Role.AUTHORISER, Role.ADMIN):
        return asked or None
    raise UserError("register.forbidden")
