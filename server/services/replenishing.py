"""Replenishment (加钞/清机): raised by units, opened by two persons with codes, booked by their count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from common.errors import UserError
from common.wire import cash as wire
from common.wire.base import Amount
from server.services.commands import Body, Commands, Done
from server.services.notes import last_report
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

    def reported(
        self, unit: Unit, machine: str, units: Sequence[wire.CashUnitReport], hoppers: Sequence[wire.HopperReport] = ()
    ) -> None:
        """A machine's report came in, and is stored: a unit that is short or full, or a hopper that is short of coins,
        raises a task, once. Coins alone do not before the notes inside are known: who goes there counts those too."""
        levels = _levels(units)
        due = domain.due(levels) or (levels and domain.hoppers_due(_hopper_levels(hoppers)))
        if due and unit.replenishments.current(machine) is None:
            self._raise(unit, machine, levels, "system")

    def raise_by_hand(self, key: str, who: Principal, body: wire.RaiseReplenishment, units: Callable[[Unit], Sequence[
        wire.CashUnitReport]]) -> str:  # fmt: skip
        """A task for a machine that does not ask for one; the one that stands is answered.

        Raises:
            UserError: ``machine.no_report``.
        """

        def handler(unit: Unit) -> Done:
            unit.machines.get(body.machine, lock=True)  # as a report does: one task stands for a machine
            standing = unit.replenishments.current(body.machine)
            task = standing or self._raise(unit, body.machine, _levels(units(unit)), who.number)
            return Done(task.id, (self._parts.notifier.desk_changed,))

        return self._commands.run(key, who, "replenishment.raise", body.machine, body, handler)

    def _raise(self, unit: Unit, machine: str, levels: Sequence[UnitLevel], by: str) -> Replenishment:
        now = self._parts.clock.now()
        left = unit.replenishments.left_since(machine, now - timedelta(days=USE_DAYS))
        daily = {face: count / USE_DAYS for face, count in left.items()}
        proposals = domain.proposals(levels, daily)
        hoppers = self._hoppers(unit, machine, now)
        task = Replenishment(self._parts.new_id(), machine, State.RAISED, now, now, by, proposals, hoppers=hoppers)
        unit.replenishments.put(task)
        self._register(unit, task, "raised", by, now)
        return task

    @staticmethod
    def _hoppers(unit: Unit, machine: str, now: datetime) -> tuple[domain.HopperProposal, ...]:
        report, record = last_report(unit, machine), unit.machines.get(machine)
        if report is None or record is None:
            return ()
        since = unit.replenishments.done_at(machine) or record.opened_at or now
        return domain.hopper_proposals(_hopper_levels(report.hoppers), (now - since) / timedelta(days=1))

    # --- two persons ---------------------------------------------------------------------------------------------

    def join(self, key: str, who: Principal, task_id: str) -> wire.HandoverCode:
        """Take part; the code is told only now, only to this person. Asked for again, there is a new one.

        Raises:
            UserError: ``replenishment.full``, ``replenishment.wrong_state``, ``replenishment.not_found``.
        """
        # Asked again after a lost answer, it is the same code. The key stands in the log, the secret does not.
        drawn = self._parts.seal.keyed("handover code", task_id, who.number, key)
        code = f"{int.from_bytes(drawn[:8]) % _DIGITS:06d}"

        def act(_unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            return domain.joined(task, who.number, self._kept(task.id, who.number, code), now)

        self._step(key, who, "join", task_id, None, act)
        return wire.HandoverCode(code=code, task=self.one(task_id))

    def _kept(self, task_id: str, number: str, code: str) -> str:
        """What is kept of a code: of no use for another task or person, and six digits cannot be tried out on it."""
        return self._parts.seal.keyed("handover code kept", task_id, number, code).hex()

    def open(self, key: str, who: Principal, task_id: str, body: wire.OpenReplenishment) -> wire.ReplenishmentView:
        """Both codes are right and no customer's cash moves: the safe may be opened.

        Raises:
            UserError: ``replenishment.four_eyes``, ``replenishment.wrong_code`` (``left``),
                ``replenishment.locked``, ``replenishment.cash_moves``, ``replenishment.reset_runs``,
                ``replenishment.not_yours``.
        """

        def act(unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            _require_custodian(task, who)
            # Whoever lets a customer's cash move locks this row too: one of both comes second, and sees the first.
            unit.machines.get(task.machine, lock=True)
            if unit.replenishments.cash_moves(task.machine):
                raise UserError("replenishment.cash_moves")
            if any(order.sweeps_notes and order.seen(now).open for order in unit.orders.open(task.machine)):
                raise UserError("replenishment.reset_runs")
            if not domain.codes_right(task, body.codes, partial(self._kept, task.id)):
                return domain.tried(task, now)
            return domain.opened(task, now)

        self._step(key, who, "open", task_id, body, act)
        view = self.one(task_id)
        if view.state != State.OPEN.value:
            raise UserError("replenishment.wrong_code")
        return view

    def progress(
        self, key: str, who: Principal, task_id: str, body: wire.ReplenishmentProgress
    ) -> wire.ReplenishmentView:  # fmt: skip
        """What the open one has come to; the answer says what was told first.

        Raises:
            UserError: ``replenishment.wrong_state``, ``replenishment.not_yours``, ``notes.invalid``.
        """
        before, counted = _contents(body.before), _contents(body.counted)

        def act(_unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            _require_custodian(task, who)
            return domain.progressed(task, before, counted, now)

        self._step(key, who, "progress", task_id, body, act)
        return self.one(task_id)

    def take_over(self, key: str, who: Principal, task_id: str) -> str:
        """The two who opened the safe do not come back. Raises ``replenishment.wrong_state`` unless it is open."""
        return self._step(key, who, "take_over", task_id, None, lambda _unit, task, now: domain.taken_over(task, now))

    def complete(self, key: str, who: Principal, task_id: str, body: wire.CompleteReplenishment) -> str:
        """What was counted and put in; the books follow the count, and what was counted differently is kept apart.

        Said again, it changes nothing.

        Raises:
            UserError: ``replenishment.wrong_state``, ``replenishment.not_yours``, ``notes.invalid``.
        """
        counts = tuple(_count(entry) for entry in body.units)

        def act(unit: Unit, task: Replenishment, now: datetime) -> Replenishment:
            _require_custodian(task, who)
            unit.machines.get(task.machine, lock=True)  # an item is explained before or after this
            after = domain.done(task, counts, now)
            return task if after is task else self._booked(unit, after)

        return self._step(key, who, "complete", task_id, body, act)

    def cancel(self, key: str, who: Principal, task_id: str) -> str:
        """Nobody goes. Raises ``replenishment.wrong_state`` once the safe was open."""
        return self._step(key, who, "cancel", task_id, None, lambda _unit, task, now: domain.cancelled(task, now))

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

    def _booked(self, unit: Unit, task: Replenishment) -> Replenishment:
        machine, sums, stamp = task.machine, domain.sums(task.counts), self._parts.stamp
        for role in (Role.CASH_OVER, Role.CASH_SHORT):
            unit.ledger.open_account(role, machine)
        difference, whole = sums.difference, _counted_whole(unit, task)
        if whole:
            # A note that no counter ever noticed is missing in the books as well: they are what the count is held to.
            difference = sums.counted - unit.ledger.balance(bookings.machine_cash(machine)).minor
        if difference > 0:
            unit.ledger.post(bookings.count_over(stamp(), machine, Money(difference)))
        elif difference < 0:
            unit.ledger.post(bookings.count_short(stamp(), machine, Money(-difference)))
        if sums.taken:
            unit.ledger.post(bookings.machine_emptied(stamp(), machine, Money(sums.taken)))
        if sums.loaded:
            unit.ledger.post(bookings.machine_filled(stamp(), machine, Money(sums.loaded)))
        return replace(task, difference=difference, whole=whole)

    def _register(self, unit: Unit, task: Replenishment, what: str, who: str, now: datetime) -> None:
        data: dict[str, str | int | None] = {"what": what, "state": task.state.value, "tries": task.tries}
        if what == "complete":
            data |= {"difference": task.difference, "suspense": " ".join(_suspense(unit, task.machine)) or None}
        unit.registers.add(RegisterLine(now, "cash.replenishment", who, task.machine, None, data))

    # --- looking -------------------------------------------------------------------------------------------------

    def one(self, task_id: str) -> wire.ReplenishmentView:
        """Raises ``replenishment.not_found``."""
        with self._parts.database.read() as unit:
            return _view(unit, unit.replenishments.get(task_id))

    def newest(self, limit: int = 50) -> list[wire.ReplenishmentView]:
        """Newest first."""
        with self._parts.database.read() as unit:
            return [_view(unit, task) for task in unit.replenishments.newest(limit)]


def _require_custodian(task: Replenishment, who: Principal) -> None:
    if who.number not in {person.number for person in task.custodians}:
        raise UserError("replenishment.not_yours")


def _counted_whole(unit: Unit, task: Replenishment) -> bool:
    """Whether every cash unit was counted: of those the machine showed when the safe was opened, and last reported.

    A report made while the machine had no power names none, so that alone it cannot say.
    """
    report = last_report(unit, task.machine)
    known = {*task.before, *(one.unit for one in (report.cash_units if report is not None else ()))}
    return bool(known) and known <= {count.unit for count in task.counts}


def _contents(said: Mapping[str, Mapping[str, int]]) -> domain.Contents:
    return {unit: NoteBundle.read(notes).counts for unit, notes in said.items()}


def _told(contents: domain.Contents) -> dict[str, dict[str, int]]:
    return {unit: {str(face): count for face, count in notes.items()} for unit, notes in contents.items()}


def _levels(units: Sequence[wire.CashUnitReport]) -> tuple[UnitLevel, ...]:
    return tuple(UnitLevel(u.unit, u.role, u.face, u.count, u.capacity, u.level) for u in units)


def _hopper_levels(hoppers: Sequence[wire.HopperReport]) -> tuple[domain.HopperLevel, ...]:
    return tuple(domain.HopperLevel(h.unit, h.value, h.count, h.capacity, h.level, h.out) for h in hoppers)


def _count(entry: wire.UnitCountEntry) -> UnitCount:
    def notes(wanted: Mapping[str, int]) -> Mapping[int, int]:
        return NoteBundle.read(wanted).counts

    return UnitCount(entry.unit, notes(entry.counter), notes(entry.counted), notes(entry.loaded))


def _suspense(unit: Unit, machine: str) -> list[str]:
    """References of what nobody has explained yet at this machine: whoever counts there has to know of it."""
    return [item.reference for item in unit.cash.in_suspense() if item.machine == machine]


def _view(unit: Unit, task: Replenishment) -> wire.ReplenishmentView:
    money: dict[str, Amount] = {}
    if task.counts:
        sums = domain.sums(task.counts)
        difference = sums.difference if task.difference is None else task.difference
        amounts = {"taken": sums.taken, "loaded": sums.loaded, "difference": difference}
        money = {name: Amount(minor=minor) for name, minor in amounts.items()}
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
        hoppers=[
            wire.HopperProposalView(unit=h.unit, value=h.value, now=h.now, target=h.target, reason=h.reason)
            for h in task.hoppers
        ],
        suspense=_suspense(unit, task.machine),
        custodians=[person.number for person in task.custodians],
        before=_told(task.before),
        counted=_told(task.counted),
        **money,
    )
