"""Submitting a case: every check, the verdict of the rules, the summary, the hold, the task."""

from datetime import date, timedelta
from typing import TypedDict

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CashState
from common.wire.identity import CheckOutcome
from server.services.access import require_teller
from server.services.business import work_of
from server.services.casework import CaseWork
from server.services.comparing import ComparingService
from server.services.notes import payable_notes, require_payable
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.screening import refuse_stopped, register, screened, with_screening
from server.services.verification import VerificationService
from server.services.whose import facts_of
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller import summary
from teller.authorisation.policy import Facts, Verdict, decide
from teller.authorisation.request import Request
from teller.authorisation.rules import Level
from teller.cases import approval, faces
from teller.cases.capture import by_phone
from teller.cases.doubts import doubted
from teller.cases.forms import case_form, main_amount, plain
from teller.cases.model import Case, Holder
from teller.cash import movement
from teller.cash.movement import CashMovement, Direction
from teller.forms.comparison import chip_standing
from teller.identity.presence import alive
from teller.ledger.bookings import customer_account
from teller.ledger.holds import Hold
from teller.money import Money
from teller.scenarios import composition
from teller.signers import Signing
from teller.vouchers import mask_name

REFUSED_COMPANIES = frozenset(
    {"willingness.failed", "willingness.other", "company.suspended", "company.has_basic", "company.not_signer"}
)
_CASH_OUT = ("cash.payout", "cash.elsewhere")


class SubmissionService:
    """A complete case goes to the customer, or to a second person first."""

    def __init__(
        self, parts: Parts, work: CaseWork, verification: VerificationService, comparing: ComparingService
    ) -> None:
        self._parts = parts
        self._work = work
        self._verification = verification
        self._comparing = comparing

    def submit(self, key: str, who: Principal, case_id: str, body: wire.Submit) -> str:
        """See `common.wire.cases.Submit` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            approval.require_submittable(case, body.version)
            facts = facts_of(unit, case, self._parts)
            approval.require_allowed(case, facts)
            approval.require_complete(case, facts)
            if case.holder is not None:
                approval.require_holder(case.values, case.holder)
            amount = main_amount(case)
            cash = self._movement(unit, case, amount)
            found = screened(unit, case, self._parts)
            if found is not None:
                refuse_stopped(found)
                register(unit, case, who, found, self._parts)
            verdict = with_screening(self._verdict(unit, who, case, amount, facts.signs), found)
            approval.require_note(verdict.note, body.note)
            case = case.evolve(note_draft=body.note.strip())  # what comes back is mended from there
            return self._submitted(unit, who, case, amount, cash, verdict, body.note)

        self._verification.before_submission(who, case_id)
        self._comparing.before_submission(who, case_id)
        try:
            return self._work.command(key, who, "case.submit", case_id, body, require_teller, act)
        except UserError as error:
            if error.code == "screening.stopped":
                self._keep_stop(who, case_id)
            if error.code in REFUSED_COMPANIES:
                self._keep_refusal(who, case_id, error.code)
            raise

    def _keep_refusal(self, who: Principal, case_id: str, why: str) -> None:
        """A company's business that was not done, and why: in the register of companies."""
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            values = plain(case)
            data: dict[str, str | int | None] = {"name": values.get("co_name", ""), "why": why}
            line = RegisterLine(self._parts.clock.now(), "company.refused", who.number, values.get("co_code", ""),
                                case.id, data, case.branch)  # fmt: skip
            unit.registers.add(line)

    def _keep_stop(self, who: Principal, case_id: str) -> None:
        """Nothing of a refused submission is kept but this: that it was stopped, and why."""
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            found = screened(unit, case, self._parts)
            if found is not None:
                register(unit, case, who, found, self._parts)

    def withdraw(self, key: str, who: Principal, case_id: str) -> str:
        """The teller takes the case back from authorisation."""

        def act(unit: Unit, case: Case) -> Case:
            return approval.withdrawn(case, self._parts.clock.now())

        return self._work.command(key, who, "case.withdraw", case_id, None, require_teller, act)

    def _movement(self, unit: Unit, case: Case, amount: Money) -> CashMovement | None:
        """The planned payout, what lies in escrow, or None where no notes move."""
        if case.direction is None:
            return None
        if case.direction is Direction.OUT:
            return self._plan(unit, case, _holder(case), amount)
        inside = _counted(case)
        return self._plan(unit, case, _holder(case), case.wanted, inside.amount) if case.both_ways else inside

    def _submitted(
        self,
        unit: Unit,
        who: Principal,
        case: Case,
        amount: Money,
        cash: CashMovement | None,
        verdict: Verdict,
        note: str,
    ) -> Case:
        now = self._parts.clock.now()
        words = self._summary(unit, case, amount, cash)
        request = None
        if verdict.level is Level.REMOTE:
            task_id = self._parts.new_id()
            request = Request(task_id, verdict.level, verdict.reasons, who.number, note.strip(), now)
        return approval.submitted(case, words, cash, request, now)

    def _summary(self, unit: Unit, case: Case, amount: Money, cash: CashMovement | None) -> summary.Summary:
        """What the customer confirms: of plain cash with its notes, of anything else a line for each transaction."""
        title, place = case.definition.title, case.kiosk_place
        if case.plain_cash and cash is not None and case.holder is not None:
            holder = case.holder
            return summary.compose(title, case.number, holder.name, holder.account, cash.amount, cash.notes, place)
        values, work = plain(case), work_of(unit, case, self._parts)
        said = []
        for atomic in case.atomics:
            line = atomic.say(values) if atomic.quote is None else atomic.quote(work)
            code = f"summary.{atomic.code}"
            said.append(summary.Line(code, line.value, line.value_en, line.emphasis, atomic.title))
        said += [
            summary.notes_line(one.notes, "in" if one.direction is Direction.IN else "out")
            for one in ((case.cash, cash) if case.both_ways else ())
            if one is not None
        ]
        agreed = composition.agreements(case.definition, case.chosen, values, self._parts.today())
        account = case.holder.account if case.holder is not None else ""
        return summary.compose_business(
            title, case.number, values.get("name", ""), account, amount, said, [one.title for one in agreed], place
        )

    def _plan(self, unit: Unit, case: Case, holder: Holder, amount: Money, coming: Money | None = None) -> CashMovement:
        """Money reserved on the account, notes chosen from those inside. ``coming``: what is stored before."""
        account = customer_account(holder.account)
        reserved = amount if coming is None else max(amount - coming, Money.zero(amount.currency))
        approval.require_funds(reserved, unit.ledger.available(account))
        notes = require_payable(amount, payable_notes(unit, case.kiosk))
        now = self._parts.clock.now()
        if reserved:
            unit.ledger.place_hold(Hold(self._parts.new_id(), account, reserved, case.id, now))
        return movement.planned(self._parts.new_id(), notes, now)

    def _verdict(self, unit: Unit, who: Principal, case: Case, amount: Money, signs: Signing | None) -> Verdict:
        today = self._parts.today()
        asked = composition.evidence(case.definition, plain(case), today)
        since = today - timedelta(days=365)
        holder = case.holder
        account = "" if holder is None else holder.account
        largest = unit.ledger.largest_out(customer_account(account), since, _CASH_OUT) if account else None
        facts = Facts(
            scenario=case.scenario,
            day=today,
            amount=max(amount, case.wanted) if case.both_ways else amount,
            limit=None if who.limit is None else Money(who.limit.minor, who.limit.currency),
            birth=None if holder is None else holder.birth,
            cash=case.direction is not None,
            withdrawn=case.wanted if case.both_ways else None,
            largest_withdrawal=largest,
            person_same=case.person_check.same if case.person_check else None,
            **_faces(case),
            liveness=alive(case.liveness, case.challenge, film_due=self._parts.film),
            face_alarms=len(case.continuity.alarms),
            phone_papers=len(by_phone(case, asked)),
            doubted_papers=len(doubted(case, asked)),
            verification=self._verification.outcome_of(case),
            chip=_chip(case, today),
            replaced_representative=mask_name(signs.replaces) if signs is not None and signs.replaces else None,
        )
        return decide(facts, self._parts.rules)


class _FaceFacts(TypedDict):
    face_score: float | None
    face_threshold: float | None
    face_same: bool | None
    face_compared: bool | None
    face_reported: float | None
    face_unlike: int


def _faces(case: Case) -> _FaceFacts:
    """The server's own comparison counts; the window's only where it is the stricter one."""
    face, own = case.face, faces.own_check(case)
    if face is None:
        return _FaceFacts(
            face_score=None, face_threshold=None, face_same=None, face_compared=None, face_reported=None, face_unlike=0
        )  # fmt: skip
    seen = own if own is not None and own.outcome is CheckOutcome.COMPARED else None
    return _FaceFacts(
        face_score=face.score if seen is None else min(face.score, seen.score),
        face_threshold=face.threshold if seen is None else max(face.threshold, seen.threshold),
        face_same=face.same and (seen is None or seen.same),
        face_compared=seen is not None and faces.vouched(case),
        face_reported=face.score if faces.contradicted(case) else None,
        face_unlike=len(faces.unlike(case)),
    )


def _chip(case: Case, today: date) -> str | None:
    if case.chip is None:
        return None
    return chip_standing(case_form(case, today), case.values, case.chip.values, case.chip.signature)


def _holder(case: Case) -> Holder:
    if case.holder is None:
        raise UserError("card.missing")
    return case.holder


def _counted(case: Case) -> CashMovement:
    """What lies in escrow."""
    if case.cash is None or case.cash.state is not CashState.COUNTED:
        raise UserError("cash.not_counted")
    return case.cash
