"""Sealed vouchers, found by case, number or verification code."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.store.tables import vouchers


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """``digest``: of the sealed file in the vault; ``content_digest``: of the voucher's canonical form."""

    number: str
    code: str
    case_id: str
    digest: str
    content_digest: str
    sealed_at: datetime


class VoucherBook:
    """Vouchers are added and found."""

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
