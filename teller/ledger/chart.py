"""The chart of accounts as data. One ledger account for each customer account, and some for each machine."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Class of an account; debit-normal are assets and expenses."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"


class Role(StrEnum):
    """What an account is for; bookings name accounts by role, never by code."""

    CENTRAL_BANK = "central_bank"
    VAULT_CASH = "vault_cash"
    MACHINE_CASH = "machine_cash"
    DEMAND_DEPOSIT = "demand_deposit"
    COMPANY_DEPOSIT = "company_deposit"
    PAYOUT_CLEARING = "payout_clearing"
    SUSPENSE = "suspense"
    CASH_SHORT = "cash_short"
    CASH_OVER = "cash_over"
    CAPITAL = "capital"
    TIME_DEPOSIT = "time_deposit"
    INTEREST = "interest"
    FEES = "fees"
    TRANSFER_CLEARING = "transfer_clearing"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One line of the chart. ``per``: bank (one account), machine or customer (one each)."""

    role: Role
    code: str
    kind: Kind
    per: str
    name_zh: str
    name_en: str
    may_be_negative: bool = False
    """Whether the normal-side balance may fall below zero."""


CHART: tuple[ChartRow, ...] = (
    ChartRow(Role.CENTRAL_BANK, "1003", Kind.ASSET, "bank", "存放中央银行款项", "Due from central bank", True),
    ChartRow(Role.VAULT_CASH, "1001", Kind.ASSET, "bank", "库存现金", "Cash in vault", True),
    ChartRow(Role.MACHINE_CASH, "1002", Kind.ASSET, "machine", "自助设备现金", "Cash in machine", True),
    ChartRow(Role.DEMAND_DEPOSIT, "2011", Kind.LIABILITY, "customer", "活期储蓄存款", "Demand deposits"),
    ChartRow(Role.COMPANY_DEPOSIT, "2001", Kind.LIABILITY, "customer", "单位活期存款", "Company deposits"),
    ChartRow(Role.PAYOUT_CLEARING, "2241", Kind.LIABILITY, "machine", "待付现金", "Payouts in clearing"),
    ChartRow(Role.SUSPENSE, "2242", Kind.LIABILITY, "machine", "现金挂账", "Cash in suspense"),
    ChartRow(Role.TIME_DEPOSIT, "2015", Kind.LIABILITY, "customer", "定期储蓄存款", "Time deposits"),
    ChartRow(Role.TRANSFER_CLEARING, "2243", Kind.LIABILITY, "bank", "待划转款项", "Transfers to be sent"),
    ChartRow(Role.CASH_SHORT, "1221", Kind.ASSET, "machine", "待处理出纳短款", "Cash short, to be explained"),
    ChartRow(Role.CASH_OVER, "2245", Kind.LIABILITY, "machine", "待处理出纳长款", "Cash over, to be explained"),
    ChartRow(Role.CAPITAL, "4001", Kind.EQUITY, "bank", "实收资本", "Paid-in capital", True),
    ChartRow(Role.INTEREST, "6411", Kind.EQUITY, "bank", "利息支出", "Interest paid", True),
    ChartRow(Role.FEES, "6021", Kind.EQUITY, "bank", "手续费收入", "Fees", True),
)

_BY_ROLE = {row.role: row for row in CHART}


def row(role: Role) -> ChartRow:
    return _BY_ROLE[role]


def account_code(role: Role, of: str = "") -> str:
    """Code of the ledger account of a role: ``2011:9999000012345678``, ``1002:K-02``, ``1003``."""
    line = _BY_ROLE[role]
    if (line.per == "bank") != (of == ""):
        raise ValueError(f"{role} is kept per {line.per}")
    return line.code if line.per == "bank" else f"{line.code}:{of}"


def role_of(code: str) -> Role:
    """The role of an account by its code."""
    prefix = code.partition(":")[0]
    return next(line.role for line in CHART if line.code == prefix)
