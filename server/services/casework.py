"""One command on one case: load, check, change, store what belongs to the change, tell whom it concerns."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from common.errors import UserError
from common.wire.cases import CaseState, CashState
from server.services.commands import Body, Commands, Done
from server.services.fallen import drop_fallen
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.unit import Unit
from server.vault import Digest
from teller.authorisation.request import Request, RequestState
from teller.cases import faces
from teller.cases.ending import visit_over
from teller.cases.model import Case
from teller.cases.reversing import request_of
from teller.cash import booking
from teller.cash.booking import Differences
from teller.cash.movement import CashMovement
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role
from teller.ledger.holds import HoldState

_HOLD_ENDS = frozenset({CaseState.DRAFT, CaseState.RETURNED, CaseState.REJECTED, CaseState.CANCELLED, CaseState.FAILED})

SYSTEM = "SYSTEM"
"""Who lets pictures go that waited for somebody else: the server itself."""
Check = Callable[[Case, Principal], None]
Act = Callable[[Unit, Case], Case]


class CaseWork:
    """Runs commands on cases. Everything that follows from a change of the document is stored with it."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    def command(self, key: str, who: Principal, name: str, case_id: str, body: Body, check: Check, act: Act) -> str:
        """Carry out a command on a case; its id.

        Raises:
            UserError: ``case.not_found``, whatever ``check`` and ``act`` refuse with.
        """

        def handler(unit: Unit) -> Done:
            case = unit.cases.get(case_id, lock=True)
            check(case, who)
            return Done(case.id, self.store(unit, case, act(unit, case)))

        return self._commands.run(key, who, name, case_id, body, handler)

    def quietly(self, case_id: str, act: Act) -> bool:
        """A change by the server itself. False: refused by the case's state; nothing changed."""
        try:
            with self._parts.database.write() as unit:
                case = unit.cases.get(case_id, lock=True)
                after = self.store(unit, case, act(unit, case))
        except UserError:
            return False
        for notify in after:
            notify()
        return True

    def store(self, unit: Unit, old: Case, new: Case) -> tuple[Callable[[], None], ...]:
        """Store the next version with its bookings, movements, task and holds; what to say after commit."""
        new = faces.let_go(old, visit_over(new))
        if new == old:
            return ()
        self._movements(unit, old, new)
        saved = unit.cases.save(old, new)
        for request in saved.requests:
            before = request_of(old, request.task_id)
            if request != before:
                unit.tasks.put(saved, request, known=before is not None)
        if saved.state in _HOLD_ENDS and saved.state is not old.state:
            unit.ledger.end_holds(saved.id, HoldState.RELEASED, self._parts.clock.now())
        return (*self._after(old, saved), *self._let_go(unit, old, saved))

    def _let_go(self, unit: Unit, old: Case, new: Case) -> list[Callable[[], None]]:
        """Pictures of the face that fell because a second person is through."""
        if old.state is not CaseState.AWAITING_AUTHORISATION or len(new.evidence) == len(old.evidence):
            return []
        gone = drop_fallen(unit, new, SYSTEM, self._parts.clock.now())

        def removed() -> None:
            for digest in gone:
                self._parts.vault.remove(Digest(digest))

        return [removed]

    def _movements(self, unit: Unit, old: Case, new: Case) -> None:
        known = {movement.id: movement for movement in old.movements}
        for movement in new.movements:
            before = known.get(movement.id)
            if before == movement:
                continue
            self._book(unit, new, before, movement)
            unit.cash.put(new.id, new.kiosk, movement, known=before is not None)
        kept = {movement.id for movement in new.movements}
        for dropped in old.movements:
            if dropped.id not in kept and dropped.state is CashState.PLANNED:
                unit.cash.remove_planned(dropped.id)

    def _book(self, unit: Unit, case: Case, known: CashMovement | None, after: CashMovement) -> None:
        before, read_at = known or after.as_begun(), after.created_at if known is None else known.changed_at
        posted = unit.ledger.entry(before.posted_entry) if before.posted_entry else None
        stamp: Callable[[], Stamp] = self._parts.stamp
        in_question = CashState.SUSPENSE in (before.state, after.state)
        for entry in booking.entries(
            before,
            after,
            case_id=case.id,
            account=case.holder.account if case.holder else "",
            machine=case.kiosk,
            stamp=stamp,
            posted=posted,
            differences=_differences(unit, case.kiosk, read_at) if in_question else None,
        ):
            unit.ledger.post(entry)

    def _after(self, old: Case, new: Case) -> tuple[Callable[[], None], ...]:
        notifier = self._parts.notifier
        calls: list[Callable[[], None]] = [
            partial(notifier.case_changed, new.id, new.version, old.members | new.members)
        ]
        if new.ticket != old.ticket:
            calls.append(notifier.queue_changed)
        if (new.state, new.teller) != (old.state, old.teller):
            calls.append(notifier.desk_changed)
        for request in new.requests:
            calls += self._about_task(request_of(old, request.task_id), request)
        if new.terminal and not old.terminal:
            calls.append(partial(notifier.case_ended, new.id))
        return tuple(calls)

    def _about_task(self, before: Request | None, request: Request) -> list[Callable[[], None]]:
        if request == before:
            return []
        if request.state is RequestState.QUEUED:
            return [self._parts.notifier.task_queued]
        had = before.authoriser if before is not None else None
        if request.state is RequestState.WITHDRAWN:
            return [partial(self._parts.notifier.task_closed, request.task_id, had, "withdrawn")]
        if not request.open:
            return [partial(self._parts.notifier.task_closed, request.task_id, had, "decided")]
        return []


def _differences(unit: Unit, machine: str, read_at: datetime) -> Differences:
    """What counts have left unexplained, and whether every note was counted since the counters were read for a
    movement."""
    codes = [unit.ledger.open_account(role, machine) for role in (Role.CASH_SHORT, Role.CASH_OVER)]
    short, over = (unit.ledger.balance(code) for code in codes)
    return Differences(short, over, unit.replenishments.counted_since(machine, read_at))
