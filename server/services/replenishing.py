"""Replenishment (加钞/清机): raised by units, opened by two persons with codes, booked by their count."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from common.errors import UserError
from common.wire import cash as wire
from common.wire.base import Amount
from server.services.commands import Body, Commands, Done
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cash import replenishment as domain
from teller.cash.replenishment import Replenishment, State, UnitCount, UnitLevel
from teller.denominations import NoteBundle
from teller.ledger import bookings
from teller.ledger.chart import Role
from teller.money import Money

USE_DAYS = 7
"""Recent use is what left the machine in so many days."""
_DIGITS = 1_000_000


class ReplenishmentService:
    """Tasks of the two persons who carry cash. Each step is registered with who did it."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    # --- raised --------------------------------------------------------------------------------------------------

    def reported(self, unit: Unit, machine: str, units: Sequence[wire.CashUnitReport]) -> None:
        """A machine's report came in: a unit that is short or full raises a task, once."""
        levels = _levels(units)
        if domain.due(levels) and unit.replenishments.current(machine) is None:
            self._raise(unit, machine, levels, "system")

    def raise_by_hand(self, key: str, who: Principal, body: wire.RaiseReplenishment, units: Callable[[Unit], Sequence[
        wire.CashUnitReport]]) -> str:  # fmt: skip
        """A task for a machine that does not ask for one; the one that stands is answered.

        Raises:
            UserError: ``machine.no_report``.
        """

        def handler(unit: Unit) -> Done:
            standing = unit.replenishments.current(body.machine)
            task = standing or self._raise(unit, body.machine, _levels(units(unit)), who.number)
            return Done(task.id, (self._parts.notifier.desk_changed,))

        return self._commands.run(key, who, "replenishment.raise", body.machine, body, handler)

    def _raise(self, unit: Unit, machine: str, levels: Sequence[UnitLevel], by: str) -> Replenishment:
        now = self._parts.clock.now()
        left = unit.replenishments.left_since(machine, now - timedelta(days=USE_DAYS))
        daily = {face: count / USE_DAYS for face, count in left.items()}
        proposals = domain.proposals(levels, daily)
        task = Replenishment(self._parts.new_id(), machine, State.RAISED, now, now, by, proposals)
        unit.replenishments.put(task)
        self._register(unit, task, "raised", by, now)
        return task

    # --- two persons ---------------------------------------------------------------------------------------------

    def join(self, key: str, who: Principal, task_id: str) -> wire.HandoverCode:
        """Take part; the code is told only now, only to this person. Asked for again, there is a new one.

        Raises:
            UserError: ``replenishment.full``, ``replenishment.wrong_state``, ``replenishment.not_found``.
        """
        # From the key, which only this person's window knows: asked again after a lost answer, it is the same code.
        drawn = hashlib.sha256(f"{task_id}\n{who.number}\n{key}".encode()).digest()
        code = f"{int.from_bytes(drawn[:8]) % _DIGITS:06d}"

        def act(_unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            return domain.joined(task, who.number, code, now)

        self._step(key, who, "join", task_id, None, act)
        return wire.HandoverCode(code=code, task=self.one(task_id))

    def open(self, key: str, who: Principal, task_id: str, body: wire.OpenReplenishment) -> wire.ReplenishmentView:
        """Both codes are right and no customer's cash moves: the safe may be opened.

        Raises:
            UserError: ``replenishment.four_eyes``, ``replenishment.wrong_code`` (``left``),
                ``replenishment.locked``, ``replenishment.cash_moves``, ``replenishment.not_yours``.
        """

        def act(unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            if who.number not in {person.number for person in task.custodians}:
                raise UserError("replenishment.not_yours")
            if unit.replenishments.cash_moves(task.machine):
                raise UserError("replenishment.cash_moves")
            if not domain.codes_right(task, body.codes):
                return domain.tried(task, now)
            return domain.opened(task, now)

        self._step(key, who, "open", task_id, body, act)
        view = self.one(task_id)
        if view.state != State.OPEN.value:
            raise UserError("replenishment.wrong_code")
        return view

    def complete(self, key: str, who: Principal, task_id: str, body: wire.CompleteReplenishment) -> str:
        """What was counted and put in; the books follow the count, and what people counted differently is kept apart.

        Raises:
            UserError: ``replenishment.wrong_state``, ``replenishment.not_yours``, ``notes.invalid``.
        """
        counts = tuple(_count(entry) for entry in body.units)

        def act(unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            if who.number not in {person.number for person in task.custodians}:
                raise UserError("replenishment.not_yours")
            after = domain.done(task, counts, now)
            self._book(unit, task.machine, domain.sums(counts))
            return after

        return self._step(key, who, "complete", task_id, body, act)

    def cancel(self, key: str, who: Principal, task_id: str) -> str:
        """Nobody goes. Raises ``replenishment.wrong_state`` once the safe is open."""
        return self._step(key, who, "cancel", task_id, None, lambda _unit, task, now: task.to(State.CANCELLED, now))

    def _step(
        self, key: str, who: Principal, name: str, task_id: str, body: Body,
        act: Callable[[Unit, Replenishment, datetime], Replenishment],
    ) -> str:  # fmt: skip
        def handler(unit: Unit) -> Done:
            now = self._parts.clock.now()
            after = act(unit, unit.replenishments.get(task_id), now)
            unit.replenishments.put(after)
            self._register(unit, after, name, who.number, now)
            return Done(task_id, (self._parts.notifier.desk_changed,))

        return self._commands.run(key, who, f"replenishment.{name}", task_id, body, handler)

    def _book(self, unit: Unit, machine: str, sums: domain.Sums) -> None:
        for role in (Role.CASH_OVER, Role.CASH_SHORT):
            unit.ledger.open_account(role, machine)
        stamp = self._parts.stamp
        if sums.difference > 0:
            unit.ledger.post(bookings.count_over(stamp(), machine, Money(sums.difference)))
        elif sums.difference < 0:
            unit.ledger.post(bookings.count_short(stamp(), machine, Money(-sums.difference)))
        if sums.taken:
            unit.ledger.post(bookings.machine_emptied(stamp(), machine, Money(sums.taken)))
        if sums.loaded:
            unit.ledger.post(bookings.machine_filled(stamp(), machine, Money(sums.loaded)))

    def _register(self, unit: Unit, task: Replenishment, what: str, who: str, now: datetime) -> None:
        data = {"what": what, "state": task.state.value, "tries": task.tries}
        unit.registers.add(RegisterLine(now, "cash.replenishment", who, task.machine, None, data))

    # --- looking -------------------------------------------------------------------------------------------------

    def one(self, task_id: str) -> wire.ReplenishmentView:
        """Raises ``replenishment.not_found``."""
        with self._parts.database.read() as unit:
            return _view(unit.replenishments.get(task_id))

    def newest(self, limit: int = 50) -> list[wire.ReplenishmentView]:
        """Newest first."""
        with self._parts.database.read() as unit:
            return [_view(task) for task in unit.replenishments.newest(limit)]

    def suspense(self, machine: str) -> list[wire.SuspenseView]:
        """What a person has to explain at this machine, with all that is known of it."""
        with self._parts.database.read() as unit:
            return [_item(unit, case_id, reference) for case_id, reference in _open_items(unit, machine)]


def _open_items(unit: Unit, machine: str) -> list[tuple[str, str]]:
    return [(item.case_id, item.reference) for item in unit.cash.in_suspense() if item.machine == machine]


def _item(unit: Unit, case_id: str, reference: str) -> wire.SuspenseView:
    case = unit.cases.get(case_id)
    cash = next(movement for movement in case.movements if movement.suspense_ref == reference)
    outcome = cash.outcome
    return wire.SuspenseView(
        reference=reference,
        case_id=case.id,
        case_number=case.number,
        machine=case.kiosk,
        direction=cash.direction.value,
        amount=Amount(minor=cash.unexplained.minor, currency=cash.amount.currency),
        since=cash.changed_at,
        notes=cash.notes.wire(),
        error=outcome.error if outcome else None,
        retracted=outcome.retracted.wire() if outcome else {},
        counts_before=dict(cash.counts_before),
        counts_after=dict(cash.counts_after),
    )


def _levels(units: Sequence[wire.CashUnitReport]) -> tuple[UnitLevel, ...]:
    return tuple(UnitLevel(u.unit, u.role, u.face, u.count, u.capacity, u.level) for u in units)


def _count(entry: wire.UnitCountEntry) -> UnitCount:
    def notes(wanted: Mapping[str, int]) -> Mapping[int, int]:
        return NoteBundle.read(wanted).counts

    return UnitCount(entry.unit, notes(entry.counter), notes(entry.counted), notes(entry.loaded))


def _view(task: Replenishment) -> wire.ReplenishmentView:
    money: dict[str, Amount] = {}
    if task.counts:
        sums = domain.sums(task.counts)
        money = {name: Amount(minor=getattr(sums, name)) for name in ("taken", "loaded", "difference")}
    return wire.ReplenishmentView(
        id=task.id,
        machine=task.machine,
        state=task.state.value,
        raised_at=task.raised_at,
        changed_at=task.changed_at,
        raised_by=task.raised_by,
        proposals=[
            wire.ProposalView(unit=p.unit, face=p.face, now=p.now, target=p.target, reason=p.reason)
            for p in task.proposals
        ],
        custodians=[person.number for person in task.custodians],
        **money,
    )
