"""The visit ends: receipt, rating, goodbye; or somebody ends it early."""

from common.wire import cases as wire
from common.wire.cases import CashState, CustomerStep
from common.wire.handing import Finish
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.handing import HandingService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.sheets import unheard
from server.services.vouchers import VoucherService
from server.store.unit import Unit
from teller.cases import ending, execution
from teller.cases.model import Case
from teller.cases.steps import customer_step

_AT_THE_END = frozenset({CustomerStep.TAKE_RECEIPT, CustomerStep.PRINT_VOUCHER, CustomerStep.RATE})


class ClosingService:
    """Commands with which a case ends."""

    def __init__(self, parts: Parts, work: CaseWork, vouchers: VoucherService, handing: HandingService) -> None:
        self._parts = parts
        self._work = work
        self._vouchers = vouchers
        self._handing = handing

    def receipt(self, key: str, who: Principal, case_id: str, body: wire.ReceiptResult) -> str:
        def act(unit: Unit, case: Case) -> Case:
            return ending.receipt_given(case, body.printed, self._parts.clock.now())

        return self._work.command(key, who, "case.receipt", case_id, body, require_kiosk, act)

    def rating(self, key: str, who: Principal, case_id: str, body: wire.Rating) -> str:
        """The customer's stars, which never wait for staff: what they have to say keeps the case open, not the machine.

        Raises:
            UserError: ``step.not_now``.
        """

        def act(unit: Unit, case: Case) -> Case:
            return ending.rated(case, body.stars, self._parts.clock.now())

        return self._work.command(key, who, "case.rating", case_id, body, require_kiosk, act)

    def finish(self, key: str, who: Principal, case_id: str, body: Finish | None = None) -> str:
        """The teller closes a settled case and says what became of everything that was to be handed over.

        Raises:
            UserError: ``case.not_settled``, ``handing.open``, ``handing.machine_first``, ``handing.not_now``.
        """

        def act(unit: Unit, case: Case) -> Case:
            settled = self._handing.settle(unit, case, who, body.things if body is not None else ())
            return ending.finished(settled, self._parts.clock.now())

        return self._work.command(key, who, "case.finish", case_id, body, require_teller, act)

    def cancel(self, key: str, who: Principal, case_id: str, body: wire.Cancel) -> str:
        """The teller ends the case; card and cash are given back first.

        Raises:
            UserError: ``cash.in_motion``, ``case.settled``, ``trouble.choose_first``, ``case.wrong_state``.
        """

        def act(unit: Unit, case: Case) -> Case:
            return self._cancelled(case, body.reason)

        cancelled = self._work.command(key, who, "case.cancel", case_id, body, require_teller, act)
        self._vouchers.make_if_due(cancelled)
        return cancelled

    def leave(self, key: str, who: Principal, case_id: str) -> str:
        """The customer ends the visit; once the business is done that is no cancelling."""

        def act(unit: Unit, case: Case) -> Case:
            if customer_step(case) in _AT_THE_END:
                return ending.gone(unheard(unit, self._parts, case, who), self._parts.clock.now())
            if case.terminal:
                return case
            return self._cancelled(case, "customer_left")

        left = self._work.command(key, who, "case.leave", case_id, None, require_kiosk, act)
        self._vouchers.make_if_due(left)
        return left

    def _cancelled(self, case: Case, reason: str) -> Case:
        """A payout that was posted and has not begun to move is reversed with the case.

        Notes that were stored before it stay booked: then the case ends with its voucher over those.
        """
        now = self._parts.clock.now()
        posted = ending.payout_to_undo(case)
        if posted is not None:
            case = case.with_movement(posted.to(CashState.REVERSED, now)).marked("cash_reversed", now)
            if case.moved:
                return execution.part_accepted(case, now)
        return ending.cancelled(case, reason, now)
