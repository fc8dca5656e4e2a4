"""An account in brief: what was withdrawn in twelve months, and the last movements."""

from datetime import date

from common.wire.authorisation import MonthFigure, Movement
from common.wire.base import Amount
from server.store.unit import Unit

MONTHS = 12
NEWEST = 5
_CASH_OUT = frozenset({"cash.payout", "cash.elsewhere"})
_CASH_BACK = frozenset({"cash.payout.reversal", "cash.payout_returned", "cash.suspense_returned"})

KINDS: dict[str, tuple[str, str]] = {
    "cash.payout": ("现金取款", "Cash withdrawal"),
    "cash.payout.reversal": ("取款冲正", "Withdrawal reversed"),
    "cash.payout_returned": ("取款退回", "Part of a withdrawal returned"),
    "cash.suspense_returned": ("挂账转回", "Returned from suspense"),
    "cash.suspense_stored": ("现金存款", "Cash deposit"),
    "cash.over_returned": ("长款转入", "Found over at a count"),
    "cash.deposit": ("现金存款", "Cash deposit"),
    "cash.elsewhere": ("他行取现", "Cash at another bank"),
    "transfer.in": ("转入", "Transfer in"),
    "transfer.out": ("转出", "Transfer out"),
    "transfer.sent": ("转入", "Transfer in"),
    "transfer.sent.bound": ("转入", "Transfer in"),
    "transfer.returned": ("转账退回", "Transfer returned"),
    "transfer.returned.bound": ("转账退回", "Transfer returned"),
}
"""Words of a booking on a statement, where the entry has none of its own."""


def _months(today: date) -> list[str]:
    """The last twelve, oldest first, this one included: ``2026-11``."""
    count = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(count - MONTHS + 1, count + 1)]


def month_figures(unit: Unit, account: str, today: date) -> list[MonthFigure]:
    """Cash withdrawn a month, net of what came back."""
    months = _months(today)
    since = date.fromisoformat(f"{months[0]}-01")
    totals = dict.fromkeys(months, 0)
    currency = "CNY"
    for line in unit.ledger.statement(account, since, 5000, _CASH_OUT | _CASH_BACK):
        totals[f"{line.on:%Y-%m}"] -= line.amount.minor
        currency = line.amount.currency
    return [MonthFigure(month=month, withdrawn=Amount(minor=max(0, total), currency=currency))
            for month, total in totals.items()]  # fmt: skip


def movements(unit: Unit, account: str, today: date) -> list[Movement]:
    """The newest movements of a year, newest first."""
    since = date.fromisoformat(f"{_months(today)[0]}-01")
    shown = []
    for line in unit.ledger.statement(account, since, NEWEST):
        zh, en = KINDS.get(line.kind, (line.kind, line.kind))
        shown.append(
            Movement(
                on=line.on.isoformat(),
                text_zh=line.text_zh or zh,
                text_en=line.text_en or en,
                amount=Amount(minor=line.amount.minor, currency=line.amount.currency),
            )
        )
    return shown
