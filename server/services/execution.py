"""Executing: the withdrawal is posted, the deposit may be stored; and what to do when cash made trouble."""

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CashState
from server.services.access import require_teller
from server.services.business import perform
from server.services.casework import CaseWork
from server.services.notes import payable_notes, require_payable, require_safe_closed
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.vouchers import VoucherService
from server.services.whose import facts_of, require_usable
from server.store.unit import Unit
from teller.cases import approval, execution, faces, trouble
from teller.cases.forms import main_amount, plain
from teller.cases.model import Case
from teller.cash import movement
from teller.cash.movement import CashMovement, Direction
from teller.ledger.bookings import customer_account, payout_posted
from teller.ledger.chart import Role
from teller.ledger.holds import HoldState
from teller.money import Money
from teller.transactions import handing, limits


class ExecutionService:
    """The teller's F9, and the choices in trouble."""

    def __init__(self, parts: Parts, work: CaseWork, vouchers: VoucherService) -> None:
        self._parts = parts
        self._work = work
        self._vouchers = vouchers

    def execute(self, key: str, who: Principal, case_id: str) -> str:
        """Book and let the machine act. A failure of the store keeps approval and consent: ask again, same key.

        Raises:
            UserError: ``case.wrong_state``, ``consent.missing``, ``card.missing``, ``cash.not_counted``,
                ``cash.notes_changed`` (the notes that were shown and signed for are not inside any more),
                ``account.insufficient``, ``face.not_compared``, ``face.look_missing``; ``card.blocked``,
                ``account.not_active`` when somebody stopped them since the card was read; ``cash.safe_open``.
        """

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            cash = execution.require_executable(case, now)
            faces.require_compared(case)
            require_usable(unit, case)
            facts = facts_of(unit, case, self._parts)
            limits.require(case.atomics, plain(case), facts)
            case = case.evolve(gives=handing.gives(facts))
            if cash is None:
                return execution.settled_without_cash(perform(unit, case, self._parts), main_amount(case), now)
            out = next((one for one in case.movements if one.state is CashState.PLANNED), None)
            if out is not None and not payable_notes(unit, case.kiosk).covers(out.notes):
                raise UserError("cash.notes_changed")
            if cash.direction is Direction.IN:
                require_safe_closed(unit, case.kiosk, counted=out is None)
                return execution.executed(case, cash, now)
            unit.ledger.end_holds(case.id, HoldState.USED, now)
            return execution.executed(case, self._posted(unit, case, cash), now)

        executed = self._work.command(key, who, "case.execute", case_id, None, require_teller, act)
        self._vouchers.make_if_due(executed)
        return executed

    def _planned_anew(self, unit: Unit, amount: Money, case: Case) -> CashMovement:
        notes = require_payable(amount, payable_notes(unit, case.kiosk))
        return movement.planned(self._parts.new_id(), notes, self._parts.clock.now())

    def _posted(self, unit: Unit, case: Case, cash: CashMovement) -> CashMovement:
        """Customer account → payout clearing of the machine.

        Raises:
            UserError: ``cash.safe_open``, ``account.insufficient``.
        """
        require_safe_closed(unit, case.kiosk)
        assert case.holder is not None, "an executable case has an account"
        account = customer_account(case.holder.account)
        approval.require_funds(cash.amount, unit.ledger.available(account, but_case=case.id))
        unit.ledger.open_account(Role.PAYOUT_CLEARING, case.kiosk, case.holder.currency)
        entry = payout_posted(self._parts.stamp(), case.id, case.holder.account, case.kiosk, cash.amount)
        unit.ledger.post(entry)
        return movement.posted(cash, str(entry.id), entry.at)

    def resolve(self, key: str, who: Principal, case_id: str, body: wire.Resolve) -> str:
        """One of the case's ``trouble.choices``.

        Raises:
            UserError: ``trouble.none``, ``trouble.unknown_choice``, ``cash.not_payable``, ``account.insufficient``;
                ``card.blocked``, ``account.not_active`` for another attempt when somebody stopped them meanwhile.
        """

        def act(unit: Unit, case: Case) -> Case:
            execution.require_choice(case, body.choice)
            now = self._parts.clock.now()
            if body.choice == trouble.RETRY_PAYOUT:
                require_usable(unit, case)
                again = self._planned_anew(unit, execution.rest_to_pay(case), case)
                return execution.payout_retried(case, self._posted(unit, case, again), now)
            if body.choice == trouble.CHANGE_AMOUNT:
                return execution.amount_changed(case, now)
            if body.choice == trouble.END_CASE:
                return execution.ended_in_trouble(case, now)
            return case.evolve(trouble=None)

        resolved = self._work.command(key, who, "case.resolve", case_id, body, require_teller, act)
        self._vouchers.make_if_due(resolved)
        return resolved
