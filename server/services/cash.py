"""What the customer's machine says of its notes: counted, about to move, moved."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CashState
from common.wire.cash import CashGivenBack
from server.services.access import require_kiosk
from server.services.business import perform
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.vouchers import VoucherService
from server.services.whose import require_usable
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import execution, gathering, given_back
from teller.cases.model import Case
from teller.cash import movement
from teller.cash.movement import Direction, Outcome
from teller.cash.suspense import ClosingState
from teller.denominations import NoteBundle
from teller.ledger.chart import Role
from teller.registers import SUSPENSE_LATER

log = logging.getLogger(__name__)


def read_outcome(body: wire.CashOutcome) -> Outcome:
    """What only two persons can conclude, no machine says. Raises ``notes.invalid``."""
    of_persons = body.error in (movement.BY_HAND, movement.HANDED_OVER)
    return Outcome(
        known=body.known,
        taken=NoteBundle.read(body.taken),
        stored=NoteBundle.read(body.stored),
        returned=NoteBundle.read(body.returned),
        retracted=NoteBundle.read(body.retracted),
        error=movement.CONTRADICTION if of_persons else body.error,
    )


class CashService:
    """The machine's side of every movement. The books follow in the same transaction."""

    def __init__(self, parts: Parts, work: CaseWork, vouchers: VoucherService) -> None:
        self._parts = parts
        self._work = work
        self._vouchers = vouchers

    def counted(self, key: str, who: Principal, case_id: str, body: wire.CashCounted) -> str:
        """Notes in escrow, confirmed by the customer; the form takes amount and notes over."""

        def act(unit: Unit, case: Case) -> Case:
            unit.machines.get(case.kiosk, lock=True)  # a safe opens before or after this
            now = self._parts.clock.now()
            notes = NoteBundle.read(body.notes)
            return gathering.notes_counted(case, movement.counted(self._parts.new_id(), notes, now), who.number, now)

        return self._work.command(key, who, "case.cash_counted", case_id, body, require_kiosk, act)

    def given_back(self, key: str, who: Principal, case_id: str, body: CashGivenBack) -> str:
        """The acceptor was emptied while the case was still being prepared. Said again, it changes nothing.

        Raises:
            UserError: ``cash.not_now``, ``notes.invalid``.
        """
        returned, retracted = NoteBundle.read(body.returned), NoteBundle.read(body.retracted)
        error = movement.RETRACTED if retracted else None if body.known else body.error or movement.COUNTERS_ANEW
        outcome = Outcome(known=error is None, returned=returned, retracted=retracted, error=error)

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            read_at = _read_at(body, now)
            known = next((m for m in case.movements if m.id == body.movement_id), None)
            if known is not None and known.state is not CashState.COUNTED:
                return case
            if known is None and not retracted:
                return case if body.known else self._never_counted(unit, case, body, read_at)
            unit.machines.get(case.kiosk, lock=True)  # a count is booked before or after this
            for role in (Role.MACHINE_CASH, Role.SUSPENSE):
                unit.ledger.open_account(role, case.kiosk)
            said = outcome if known is None else movement.weighed(known, outcome)
            reference = "" if said.known else self._reference(unit)
            if known is None:
                kept = movement.counted(body.movement_id, retracted, read_at)
                return given_back.notes_kept_back(case, kept, said, body.counts_after, now, reference)
            return given_back.notes_given_back(case, known, said, body.counts_after, now, reference)

        return self._work.command(key, who, "case.cash_given_back", case_id, body, require_kiosk, act)

    def moving(self, key: str, who: Principal, case_id: str, body: wire.CashMoving) -> str:
        """The kiosk's journal holds the intent; the machine acts next."""

        def act(unit: Unit, case: Case) -> Case:
            return execution.cash_moving(case, body.movement_id, body.counts_before, self._parts.clock.now())

        return self._work.command(key, who, "case.cash_moving", case_id, body, require_kiosk, act)

    def outcome(self, key: str, who: Principal, case_id: str, body: wire.CashOutcome) -> str:
        """What the counters say. Said again, it changes nothing; said better, it ends a suspense (known) or leaves less
        of it in question (some of the notes were pulled in, the others are in the hand).

        Raises:
            UserError: ``cash.unknown_movement``, ``cash.wrong_state``, ``notes.invalid``.
        """
        outcome = read_outcome(body)

        def act(unit: Unit, case: Case) -> Case:
            if self._heard(unit, case, body.movement_id, outcome):
                return case
            unit.machines.get(case.kiosk, lock=True)  # a count is booked before or after this
            now = self._parts.clock.now()
            if (
                self._closed_by_hand(unit, body)
                or _for_persons(case, body.movement_id)
                or _began_anew(unit, case, body.movement_id, _read_at(body, now))
                or _over(unit, case, body.movement_id)
            ):
                return self._written_down(unit, case, body)
            for role in (Role.MACHINE_CASH, Role.SUSPENSE, Role.CASH_SHORT):
                unit.ledger.open_account(role, case.kiosk)
            said = movement.weighed(execution.movement_of(case, body.movement_id), outcome)
            done, said = self._performed(unit, case, body.movement_id, said)
            reference = "" if said.known or _in_suspense(case, body.movement_id) else self._reference(unit)
            return execution.cash_concluded(done, body.movement_id, said, body.counts_after, now, reference)

        concluded = self._work.command(key, who, "case.cash_outcome", case_id, body, require_kiosk, act)
        self._vouchers.make_if_due(concluded)
        return concluded

    @staticmethod
    def _heard(unit: Unit, case: Case, movement_id: str, outcome: Outcome) -> bool:
        """Told before. A case whose amount was changed has let go of its first movement: then that one's row knows."""
        mine = next((known for known in case.movements if known.id == movement_id), None)
        if mine is not None:
            if mine.ended and mine.outcome is None and not outcome.tells:
                return True  # undone before anything had moved, and nothing has
            return execution.same_outcome(case, movement_id, outcome)
        kept = unit.cash.get(case.id, movement_id)
        return kept is not None and kept.ended and kept.outcome == outcome

    @staticmethod
    def _closed_by_hand(unit: Unit, body: wire.CashOutcome) -> bool:
        closing = unit.suspense.standing(body.movement_id)
        return closing is not None and closing.state is ClosingState.APPROVED

    def _written_down(self, unit: Unit, case: Case, body: wire.CashOutcome) -> Case:
        """What the counters say of an item that is for persons to close, or of what has ended, goes into the register,
        once, and changes nothing."""
        reference = next((one.suspense_ref for one in case.movements if one.id == body.movement_id), None)
        data: dict[str, str | int | None] = {"machine": case.kiosk, "error": body.error}
        for name in ("taken", "stored", "returned", "retracted"):
            data |= {name: " ".join(f"{face}×{count}" for face, count in getattr(body, name).items()) or None}
        if not any(line.kind == SUSPENSE_LATER and line.data == data for line in unit.registers.of_case(case.id)):
            now, subject = self._parts.clock.now(), reference or body.movement_id
            unit.registers.add(RegisterLine(now, SUSPENSE_LATER, case.kiosk, subject, case.id, data, case.branch))
        return case

    def _performed(self, unit: Unit, case: Case, movement_id: str, outcome: Outcome) -> tuple[Case, Outcome]:
        """All notes are stored: a case of several transactions is booked in this very unit.

        Where card or account was stopped since it was executed, the notes that are inside are suspense and nothing is
        booked. What else cannot be booked, a count that is not what was signed for, or one that comes after nobody
        could say, is suspense that staff explain.
        """
        cash = case.cash
        if outcome.known and outcome.stored and _nobodys(case):
            return case, replace(outcome, known=False, error="cash.no_account")
        if case.direction is not Direction.IN or case.state is not CaseState.EXECUTING:
            return case, outcome
        if cash is None or cash.id != movement_id or not outcome.known or not outcome.stored:
            return case, outcome
        stopped = _stopped(unit, case)
        if stopped is not None:
            return case, replace(outcome, known=False, error=stopped)
        if case.plain_cash:
            return case, outcome
        if cash.state is CashState.SUSPENSE:
            return case, replace(outcome, known=False, error="cash.by_hand")
        if outcome.stored != cash.notes:
            return case, replace(outcome, known=False, error="cash.part_only")
        try:
            with unit.savepoint():
                done = perform(unit, case, self._parts)
        except UserError as error:
            log.error("case not carried out with its cash inside", extra={"code": error.code, "case": case.number})
            return case, replace(outcome, known=False, error=error.code)
        assert done.effects is not None, "a case that was carried out has effects"
        booked = done.with_movement(replace(cash, posted_entry=done.effects.entries[0]))
        return self._payout_posted(unit, booked), outcome

    def _payout_posted(self, unit: Unit, case: Case) -> Case:
        """Where notes move both ways: the payout was booked with the deposit, and its notes move next."""
        planned = next((one for one in case.movements if one.state is CashState.PLANNED), None)
        if planned is None or case.effects is None:
            return case
        entries = (unit.ledger.entry(entry_id) for entry_id in case.effects.entries)
        payout = next(entry for entry in entries if entry.kind == "cash.payout")
        return case.with_movement(movement.posted(planned, str(payout.id), payout.at))

    @staticmethod
    def _never_counted(unit: Unit, case: Case, body: CashGivenBack, read_at: datetime) -> Case:
        """Nobody can say what of a cash-in is inside that the server was never told of: there is no amount for an item.
        The register has it, for whoever explains the difference that a count finds."""
        if not unit.registers.about(body.movement_id, (SUSPENSE_LATER,)):
            data = {"machine": case.kiosk, "error": body.error or movement.COUNTERS_ANEW}
            line = RegisterLine(read_at, SUSPENSE_LATER, case.kiosk, body.movement_id, case.id, data, case.branch)
            unit.registers.add(line)
        return case

    def _reference(self, unit: Unit) -> str:
        """S-MMDD-NN, as people name a suspense item; the year is in the entry."""
        day = self._parts.today()
        return f"S-{day:%m%d}-{unit.next_number(f'suspense {day.isoformat()}'):02d}"


def _read_at(body: CashGivenBack | wire.CashOutcome, now: datetime) -> datetime:
    """When the counters were read, by our clock: the kiosk's says only how long ago that was."""
    if body.at is None:
        return now
    return now - max((body.sent_at or now) - body.at, timedelta(0))


def _over(unit: Unit, case: Case, movement_id: str) -> bool:
    """It has ended, and now the kiosk says otherwise: persons find it in the register beside what a count finds. No
    outcome is refused, for the kiosk would have to say it for ever."""
    kept = next((one for one in case.movements if one.id == movement_id), None) or unit.cash.get(case.id, movement_id)
    return kept is not None and kept.ended


def _nobodys(case: Case) -> bool:
    """Whether stored notes have no account: the case that would have opened one has ended without it."""
    return case.state is not CaseState.EXECUTING and (case.holder is None or not case.holder.account)


def _in_suspense(case: Case, movement_id: str) -> bool:
    """An item keeps its number when the counters can say more of it."""
    return any(one.id == movement_id and one.state is CashState.SUSPENSE for one in case.movements)


def _began_anew(unit: Unit, case: Case, movement_id: str, read_at: datetime) -> bool:
    """Nobody could say, then two persons had the machine counted, and its counters began anew: what they say now of a
    movement before is no explanation."""
    kept = next((one for one in case.movements if one.id == movement_id), None)
    if kept is None or kept.state is not CashState.SUSPENSE:
        return False
    return unit.replenishments.opened_between(case.kiosk, kept.changed_at, read_at)


def _stopped(unit: Unit, case: Case) -> str | None:
    """Why nothing may be booked on the card's account any more: somebody reported it lost, or a court froze it."""
    try:
        require_usable(unit, case)
    except UserError as error:
        return error.code
    return None


def _for_persons(case: Case, movement_id: str) -> bool:
    """The counters have said where the notes are, and it explains nothing: two persons close the item, not a further
    word of the machine. Notes that were pulled in do not leave the retract cassette by one."""
    kept = next((one for one in case.movements if one.id == movement_id), None)
    if kept is None or kept.state is not CashState.SUSPENSE:
        return False
    return kept.outcome is not None and kept.outcome.tells
