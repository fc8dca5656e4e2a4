"""Cash in suspense: the list, what one person proposes about an item, what a second one decides; the books follow."""

from common.errors import UserError
from common.wire import cash as wire
from common.wire.base import Amount
from common.wire.cases import CashState
from common.wire.sessions import Role
from server.services.casework import CaseWork
from server.services.commands import Commands, Done
from server.services.differences import DifferenceService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.vouchers import VoucherService
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import execution
from teller.cases.model import Case
from teller.cash import suspense as domain
from teller.cash.movement import CashMovement
from teller.cash.suspense import Closing, ClosingState
from teller.denominations import NoteBundle
from teller.ledger.chart import Role as Account
from teller.registers import SUSPENSE_CLOSED, SUSPENSE_PROPOSED, SUSPENSE_REFUSED
from teller.transactions.transfers import CLOSED


class SuspenseService:
    """Two persons and an item. A teller sees and proposes for his own branch, an authoriser for all and decides."""

    def __init__(self, parts: Parts, commands: Commands, work: CaseWork, vouchers: VoucherService) -> None:
        self._parts, self._commands, self._work, self._vouchers = parts, commands, work, vouchers
        self._differences = DifferenceService(parts, commands)

    def items(self, who: Principal, machine: str | None = None) -> list[wire.SuspenseView]:
        """What a person has to explain, oldest first, with all that is known of it."""
        with self._parts.database.read() as unit:
            found = [unit.cases.get(item.case_id) for item in unit.cash.in_suspense()]
            cases = {case.id: case for case in found if _sees(who, case) and machine in (None, case.kiosk)}
            return [
                _view(unit, case, movement)
                for case in cases.values()
                for movement in case.movements
                if movement.state is CashState.SUSPENSE
            ]

    def differences(self, who: Principal) -> list[wire.DifferenceView]:
        """What counts left short or over, with what is proposed about it."""
        return self._differences.items(who, _closing)

    def propose_difference(self, key: str, who: Principal, account: str, body: wire.ProposeDifference) -> str:
        """See :meth:`DifferenceService.propose`."""
        return self._differences.propose(key, who, account, body)

    def propose(self, key: str, who: Principal, movement_id: str, body: wire.ProposeClosing) -> str:
        """What somebody found out about an item; the proposal's id.

        Raises:
            UserError: ``suspense.not_found``, ``suspense.over``, ``suspense.waits`` for its second person already,
                ``suspense.too_many``, ``suspense.reason``, ``suspense.no_account``, ``notes.invalid``.
        """

        def handler(unit: Unit) -> Done:
            case, movement = self._item(unit, who, movement_id)
            if unit.suspense.standing(movement_id) is not None:
                raise UserError("suspense.waits", reference=movement.suspense_ref or "")
            closing = Closing(
                id=self._parts.new_id(),
                movement=movement_id,
                case_id=case.id,
                reference=movement.suspense_ref or "",
                machine=case.kiosk,
                branch=case.branch,
                in_hand=NoteBundle.read(body.in_hand).counts,
                reason=body.reason,
                note=body.note,
                maker=who.number,
                proposed_at=self._parts.clock.now(),
                question=domain.in_question(movement).counts,
            )
            _require_account(unit, case, movement, domain.proposed(closing, movement))
            unit.suspense.put(closing)
            self._register(unit, SUSPENSE_PROPOSED, who, closing, movement)
            return Done(closing.id, (self._parts.notifier.desk_changed,))

        return self._commands.run(key, who, "suspense.propose", movement_id, body, handler)

    def decide(self, key: str, who: Principal, closing_id: str, body: wire.DecideClosing) -> str:
        """The second person agrees, and the books follow in the same transaction; or does not. The proposal's id.

        Raises:
            UserError: ``suspense.not_found``, ``suspense.decided``, ``suspense.four_eyes``, ``suspense.over`` when
                the machine has explained it meanwhile, ``suspense.changed`` when it has told more of it; of a
                difference as :meth:`DifferenceService.decided`.
        """
        cases: list[str] = []

        def handler(unit: Unit) -> Done:
            closing = unit.suspense.get(closing_id)
            now = self._parts.clock.now()
            after = domain.decided(closing, who.number, approved=body.approved, answer=body.note, at=now)
            unit.suspense.put(after)
            if closing.way:
                self._differences.decided(unit, who, after)
                return Done(closing_id, (self._parts.notifier.desk_changed,))
            case, movement = self._item(unit, who, closing.movement)
            if not body.approved:
                self._register(unit, SUSPENSE_REFUSED, who, after, movement)
                return Done(closing_id, (self._parts.notifier.desk_changed,))
            domain.require_as_proposed(closing, movement)
            _require_account(unit, case, movement, closing)
            unit.machines.get(case.kiosk, lock=True)  # a count is booked before or after this
            unit.ledger.open_account(Account.CASH_SHORT, case.kiosk)
            outcome = domain.outcome_of(movement, after.in_hand, after.reason)
            done = execution.cash_concluded(case, movement.id, outcome, movement.counts_after, now, "")
            notices = self._work.store(unit, case, done.marked("suspense_closed", now))
            self._register(unit, SUSPENSE_CLOSED, who, after, movement)
            cases.append(case.id)
            return Done(closing_id, (*notices, self._parts.notifier.desk_changed))

        decided = self._commands.run(key, who, "suspense.decide", closing_id, body, handler)
        for case_id in cases:
            self._vouchers.make_if_due(case_id)
        return decided

    def closing(self, closing_id: str) -> wire.ClosingView:
        """Raises ``suspense.not_found``."""
        with self._parts.database.read() as unit:
            return _closing(unit.suspense.get(closing_id))

    def _item(self, unit: Unit, who: Principal, movement_id: str) -> tuple[Case, CashMovement]:
        case_id = unit.cash.case_of(movement_id)
        if case_id is None:
            raise UserError("suspense.not_found")
        case = unit.cases.get(case_id, lock=True)
        if not _sees(who, case):
            raise UserError("suspense.not_found")
        movement = next(one for one in case.movements if one.id == movement_id)
        domain.in_question(movement)
        return case, movement

    def _register(self, unit: Unit, kind: str, who: Principal, closing: Closing, movement: CashMovement) -> None:
        for role in (Account.MACHINE_CASH, Account.SUSPENSE):
            unit.ledger.open_account(role, closing.machine)
        question = domain.in_question(movement)
        # By now fewer notes may be in question than when it was proposed: that can still be sent back.
        possible = question.covers(NoteBundle(dict(closing.in_hand)))
        data: dict[str, str | int | None] = {
            "machine": closing.machine,
            "amount": question.value.minor,
            "to_account": domain.to_account(movement, closing.in_hand).minor if possible else None,
            "reason": closing.reason,
            "maker": closing.maker,
            "note": closing.answer or closing.note,
        }
        unit.registers.add(
            RegisterLine(
                self._parts.clock.now(), kind, who.number, closing.reference, closing.case_id, data, closing.branch
            )
        )


def _require_account(unit: Unit, case: Case, movement: CashMovement, closing: Closing) -> None:
    """Raises ``suspense.no_account``: what the bank keeps must go to somebody's account, and he must still have it."""
    account = None if case.holder is None else unit.customers.find("account", case.holder.account)
    has_none = account is None or account["status"] in CLOSED
    if has_none and domain.to_account(movement, closing.in_hand):
        raise UserError("suspense.no_account")


def _sees(who: Principal, case: Case) -> bool:
    return who.role in (Role.AUTHORISER, Role.ENGINEER) or case.branch == who.branch


def _closing(closing: Closing) -> wire.ClosingView:
    return wire.ClosingView(
        id=closing.id,
        reference=closing.reference,
        state=closing.state.value,
        in_hand={str(face): count for face, count in closing.in_hand.items()},
        reason=closing.reason,
        note=closing.note,
        maker=closing.maker,
        proposed_at=closing.proposed_at,
        checker=closing.checker or None,
        decided_at=closing.decided_at,
        answer=closing.answer,
        amount=Amount(minor=closing.amount) if closing.way else None,
        way=closing.way,
        to=closing.to,
    )


def _view(unit: Unit, case: Case, cash: CashMovement) -> wire.SuspenseView:
    outcome, standing = cash.outcome, unit.suspense.standing(cash.id)
    waits = standing is not None and standing.state is ClosingState.PROPOSED
    question = domain.in_question(cash)
    return wire.SuspenseView(
        movement_id=cash.id,
        reference=cash.suspense_ref or "",
        case_id=case.id,
        case_number=case.number,
        machine=case.kiosk,
        direction=cash.direction.value,
        amount=Amount(minor=question.value.minor, currency=cash.amount.currency),
        since=cash.changed_at,
        notes=cash.notes.wire(),
        in_question=question.wire(),
        error=outcome.error if outcome else None,
        stored=outcome.stored.wire() if outcome else {},
        returned=outcome.returned.wire() if outcome else {},
        taken=outcome.taken.wire() if outcome else {},
        retracted=outcome.retracted.wire() if outcome else {},
        counts_before=dict(cash.counts_before),
        counts_after=dict(cash.counts_after),
        closing=_closing(standing) if waits and standing is not None else None,
    )
