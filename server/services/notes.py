"""The notes inside a machine, as its kiosk last reported them."""

from common.errors import UserError
from common.wire.desk import MachineReport
from server.store.unit import Unit
from teller.denominations import NoteBundle, nearest_payable, plan
from teller.money import Money


def last_report(unit: Unit, machine: str) -> MachineReport | None:
    """What the machine's kiosk last said; None before the first report."""
    record = unit.machines.get(machine)
    if record is None or record.report is None:
        return None
    return MachineReport.model_validate_json(record.report)


def payable_notes(unit: Unit, machine: str) -> NoteBundle:
    """Notes that can be paid out. Raises ``machine.no_report``."""
    report = last_report(unit, machine)
    if report is None:
        raise UserError("machine.no_report", machine=machine)
    return NoteBundle.read(report.notes)


def require_safe_closed(unit: Unit, machine: str, *, counted: bool = False) -> None:
    """Two persons are at the notes of this machine.

    Args:
        counted: only once they have told what was counted: notes that go in then would be missing in that count.

    Raises:
        UserError: ``cash.safe_open``.
    """
    unit.machines.get(machine, lock=True)  # a safe opens before or after this
    task = unit.replenishments.current(machine)
    if task is not None and task.safe_open and (task.counted or not counted):
        raise UserError("cash.safe_open")


def require_payable(amount: Money, inside: NoteBundle) -> NoteBundle:
    """The fewest notes for the amount.

    Raises:
        UserError: ``cash.not_payable`` (``amount``, ``below``, ``above``, ``currency``): the nearest payable
            amounts in minor units, None where there is none.
    """
    notes = plan(amount, inside)
    if notes is None:
        near = nearest_payable(amount, inside)
        raise UserError(
            "cash.not_payable",
            amount=amount.minor,
            below=near.below.minor if near.below else None,
            above=near.above.minor if near.above else None,
            currency=amount.currency,
        )
    return notes
