"""The whole voucher on paper at the machine: after the receipt, when the customer asks for it.

Wanted, printing, and then taken, retained (pulled back), failed or unknown. The receipt stays valid whatever becomes of
the paper; what was not taken may be asked for again, a few times.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from common.errors import UserError
from common.wire.cases import CustomerStep
from common.wire.vouchers import SheetsEnd
from teller.cases.model import Case, Sheets
from teller.cases.steps import OPEN_SHEETS, customer_step

MOST_TRIES = 3
"""How often one customer may ask: paper is not without end."""
AWAY = "voucher.machine_away"
"""The case ended while the machine printed and was out of reach; what it says later replaces this."""
_MARKS: Mapping[str, str] = MappingProxyType(
    {
        "taken": "voucher_taken",
        "retained": "voucher_retained",
        "failed": "voucher_not_printed",
        "unknown": "voucher_print_unknown",
    }
)


def may_ask(case: Case) -> bool:
    """Whether the customer can still have it printed."""
    sheets = case.sheets
    return sheets is None or (sheets.state not in (*OPEN_SHEETS, "taken") and sheets.tries < MOST_TRIES)


def wanted(case: Case, at: datetime) -> Case:
    """The customer asks for it.

    Raises:
        UserError: ``step.not_now``; ``voucher.printed_enough`` when he has it, or has asked often enough.
    """
    if customer_step(case) is not CustomerStep.RATE:
        raise UserError("step.not_now", step=customer_step(case).value)
    if not may_ask(case):
        raise UserError("voucher.printed_enough")
    tries = case.sheets.tries if case.sheets is not None else 0
    return case.evolve(sheets=Sheets("wanted", tries + 1)).marked("voucher_wanted", at)


def begun(case: Case) -> Case:
    """The machine prints from now on; said twice it changes nothing.

    Raises:
        UserError: ``step.not_now``.
    """
    sheets = case.sheets
    if sheets is None or sheets.state not in OPEN_SHEETS:
        raise UserError("step.not_now", step=customer_step(case).value)
    return case.evolve(sheets=Sheets("printing", sheets.tries))


def printed(case: Case, outcome: SheetsEnd, count: int, error: str, at: datetime) -> Case:
    """What became of it. The visit may be over by then.

    Raises:
        UserError: ``step.not_now`` when nothing was being printed.
    """
    sheets = case.sheets
    if sheets is None or not (is_open(case) or sheets.error == AWAY):
        raise UserError("step.not_now", step=customer_step(case).value)
    return case.evolve(sheets=Sheets(outcome, sheets.tries, count, error)).marked(_MARKS[outcome], at)


def is_open(case: Case) -> bool:
    """Whether it is wanted or being printed, and nobody has said yet what became of it."""
    return case.sheets is not None and case.sheets.state in OPEN_SHEETS


def state(case: Case) -> str:
    """Of the plan's item."""
    assert case.sheets is not None, "only what was asked for stands in the plan"
    known = {"taken": "done", "retained": "compensated", "failed": "failed", "unknown": "failed"}
    return known.get(case.sheets.state, "doing")
