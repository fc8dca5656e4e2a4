"""Machines: what they report, what the books say of their cash, their PIN keys."""

from datetime import timedelta

from common.errors import UserError
from common.wire import desk
from common.wire.base import Amount
from common.wire.cash import CashUnitReport
from server.services.notes import last_report
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.replenishing import ReplenishmentService
from server.store.machinebook import MachineRecord
from server.store.unit import Unit
from teller.denominations import NoteBundle
from teller.ledger.bookings import clearing, machine_cash, machine_opened, suspense
from teller.ledger.chart import Role
from teller.money import Money

FRESH = timedelta(seconds=90)
"""A machine that said nothing for so long is shown as unknown (it reports every 30 s)."""


class MachineService:
    """Reports in, books against counters out."""

    def __init__(self, parts: Parts, replenishments: ReplenishmentService) -> None:
        self._parts = parts
        self._replenishments = replenishments

    def report(self, who: Principal, body: desk.MachineReport) -> None:
        """The kiosk says how its machine is; the newest report stands, so that none needs a key.

        The first report that knows what lies in the machine opens its cash account in the books with the notes inside.
        A kiosk that starts before its machine has power does not know it yet.

        Raises:
            UserError: ``machine.not_found``, ``notes.invalid``.
        """
        payable, held = NoteBundle.read(body.notes), NoteBundle.read(body.held)
        with self._parts.database.write() as unit:
            record = unit.machines.get(who.number, lock=True)
            if record is None:
                raise UserError("machine.not_found")
            now = self._parts.clock.now()
            if record.opened_at is None and (body.cash_units or payable or held):
                self._open(unit, who.number, payable.value + held.value)
                unit.machines.opened(who.number, now)
            unit.machines.reported(who.number, body.model_dump_json(), now)
            self._replenishments.reported(unit, who.number, body.cash_units, body.hoppers)
        self._parts.notifier.desk_changed()

    def _open(self, unit: Unit, number: str, inside: Money) -> None:
        for role in (Role.MACHINE_CASH, Role.PAYOUT_CLEARING, Role.SUSPENSE):
            unit.ledger.open_account(role, number)
        unit.ledger.open_account(Role.VAULT_CASH)
        if inside:
            unit.ledger.post(machine_opened(self._parts.stamp(), number, inside))

    def cash_units(self, unit: Unit, machine: str) -> list[CashUnitReport]:
        """The cash units as last reported. Raises ``machine.no_report``, also where its counters could not be read."""
        report = last_report(unit, machine)
        if report is None or not report.cash_units:
            raise UserError("machine.no_report", machine=machine)
        return report.cash_units

    def all(self) -> list[desk.MachineView]:
        """Every machine with its last report."""
        with self._parts.database.read() as unit:
            return [self._view(unit, record) for record in unit.machines.all()]

    def _view(self, unit: Unit, record: MachineRecord) -> desk.MachineView:
        report = last_report(unit, record.number)
        fresh = record.report_at is not None and self._parts.clock.now() - record.report_at < FRESH
        devices = report.devices if report is not None else []
        if not fresh:
            devices = [device.model_copy(update={"state": "unknown"}) for device in devices]
        return desk.MachineView(
            number=record.number,
            place=record.place,
            online=self._parts.presence.online(record.number),
            busy=unit.cases.at_kiosk(record.number) is not None,
            in_service=unit.orders.in_service(record.number),
            devices=devices,
            notes=report.notes if report is not None else {},
            at=record.report_at,
        )

    def cash(self, number: str) -> desk.MachineCash:
        """Books against counters. Raises ``machine.not_found``, ``machine.no_report`` before the first report."""
        with self._parts.database.read() as unit:
            record = unit.machines.get(number)
            if record is None:
                raise UserError("machine.not_found")
            report = last_report(unit, number)
            if report is None:
                raise UserError("machine.no_report", machine=number)
            counters = NoteBundle.read(report.notes).value + NoteBundle.read(report.held).value
            books = unit.ledger.balance(machine_cash(number))
            between, unexplained = unit.ledger.balance(clearing(number)), unit.ledger.balance(suspense(number))
        return desk.MachineCash(
            number=number,
            books=_amount(books),
            counters=_amount(counters),
            clearing=_amount(between),
            suspense=_amount(unexplained),
        )

    def pin_key(self, who: Principal) -> str:
        """The machine's PIN working key as a TR-31 block under its own key-encryption key."""
        return self._parts.pins.working_key_block(who.number)


def _amount(money: Money) -> Amount:
    return Amount(minor=money.minor, currency=money.currency)
