"""Submitting a case: every check, the verdict of the rules, the summary, the hold, the task."""

from datetime import timedelta

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CashState
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.notes import payable_notes, require_payable
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.unit import Unit
from teller import summary
from teller.authorisation.policy import Facts, Verdict, decide
from teller.authorisation.request import Request
from teller.authorisation.rules import Level
from teller.cases import approval
from teller.cases.model import Case, Holder
from teller.cash import movement
from teller.cash.movement import CashMovement, Direction
from teller.forms.validators import read_amount
from teller.ledger.bookings import customer_account
from teller.ledger.holds import Hold
from teller.money import Money

_CASH_OUT = ("cash.payout", "cash.elsewhere")


class SubmissionService:
    """A complete case goes to the customer, or to a second person first."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def submit(self, key: str, who: Principal, case_id: str, body: wire.Submit) -> str:
        """See `common.wire.cases.Submit` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            approval.require_submittable(case, body.version)
            approval.require_complete(case, self._parts.today())
            holder = _holder(case)
            approval.require_holder(case.values, holder)
            amount = read_amount(case.values, holder.currency)
            assert amount is not None, "a complete form has an amount"
            cash = self._plan(unit, case, holder, amount) if case.direction is Direction.OUT else _counted(case)
            verdict = self._verdict(unit, who, case, holder, amount)
            approval.require_note(verdict.note, body.note)
            return self._submitted(who, case, holder, cash, verdict, body.note)

        return self._work.command(key, who, "case.submit", case_id, body, require_teller, act)

    def withdraw(self, key: str, who: Principal, case_id: str) -> str:
        """The teller takes the case back from authorisation."""

        def act(unit: Unit, case: Case) -> Case:
            return approval.withdrawn(case, self._parts.clock.now())

        return self._work.command(key, who, "case.withdraw", case_id, None, require_teller, act)

    def _submitted(
        self, who: Principal, case: Case, holder: Holder, cash: CashMovement, verdict: Verdict, note: str
    ) -> Case:
        now = self._parts.clock.now()
        words = summary.compose(
            case.scenario, case.number, holder.name, holder.account, cash.amount, cash.notes, case.kiosk_place
        )
        request = None
        if verdict.level is Level.REMOTE:
            task_id = self._parts.new_id()
            request = Request(task_id, verdict.level, verdict.reasons, who.number, note.strip(), now)
        return approval.submitted(case, words, cash, request, now)

    def _plan(self, unit: Unit, case: Case, holder: Holder, amount: Money) -> CashMovement:
        """Money reserved on the account, notes chosen from those inside."""
        account = customer_account(holder.account)
        approval.require_funds(amount, unit.ledger.available(account))
        notes = require_payable(amount, payable_notes(unit, case.kiosk))
        now = self._parts.clock.now()
        unit.ledger.place_hold(Hold(self._parts.new_id(), account, amount, case.id, now))
        return movement.planned(self._parts.new_id(), notes, now)

    def _verdict(self, unit: Unit, who: Principal, case: Case, holder: Holder, amount: Money) -> Verdict:
        today = self._parts.today()
        since = today - timedelta(days=365)
        largest = unit.ledger.largest_out(customer_account(holder.account), since, _CASH_OUT)
        face = case.face
        facts = Facts(
            scenario=case.scenario,
            day=today,
            amount=amount,
            limit=None if who.limit is None else Money(who.limit.minor, who.limit.currency),
            face_score=face.score if face else None,
            face_threshold=face.threshold if face else None,
            face_same=face.same if face else None,
            birth=holder.birth,
            largest_withdrawal=largest,
        )
        return decide(facts, self._parts.rules)


def _holder(case: Case) -> Holder:
    if case.holder is None:
        raise UserError("card.missing")
    return case.holder


def _counted(case: Case) -> CashMovement:
    """What lies in escrow."""
    if case.cash is None or case.cash.state is not CashState.COUNTED:
        raise UserError("cash.not_counted")
    return case.cash
