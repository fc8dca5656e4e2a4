"""Sealed vouchers, found by case, number or verification code; and their copies."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.store.register_tables import voucher_copies
from server.store.tables import vouchers
from teller.seals import MarkKind


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """``digest``: of the sealed file in the vault; ``content_digest``: of the voucher's canonical form, there too."""

    number: str
    code: str
    case_id: str
    digest: str
    content_digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class VoucherCopy:
    """A paper made after the first: a copy, or the one that says the voucher is void.

    Attributes:
        ordinal: counts the copies from 1; the void one is 1.
        digest: of its sealed file in the vault.
    """

    number: str
    kind: MarkKind
    ordinal: int
    digest: str
    at: datetime
    who: str
    reason: str


class VoucherBook:
    """Vouchers and copies are added and found."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: VoucherRecord) -> None:
        self._connection.execute(vouchers.insert().values(**asdict(record)))

    def by_case(self, case_id: str) -> VoucherRecord | None:
        row = self._connection.execute(select(vouchers).where(vouchers.c.case_id == case_id)).first()
        return None if row is None else VoucherRecord(*row)

    def by_code(self, code: str) -> VoucherRecord | None:
        row = self._connection.execute(select(vouchers).where(vouchers.c.code == code)).first()
        return None if row is None else VoucherRecord(*row)

    def add_copy(self, copy: VoucherCopy) -> None:
        self._connection.execute(voucher_copies.insert().values(**asdict(copy)))

    def copies(self, number: str) -> list[VoucherCopy]:
        """Oldest first."""
        query = select(voucher_copies).where(voucher_copies.c.number == number).order_by(voucher_copies.c.at)
        return [
            VoucherCopy(row.number, MarkKind(row.kind), row.ordinal, row.digest, row.at, row.who, row.reason)
            for row in self._connection.execute(query)
        ]
