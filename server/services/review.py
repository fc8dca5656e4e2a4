"""What an authoriser sees and says: the task with everything to decide on, and the decision."""

from collections.abc import Callable
from datetime import date

from common.errors import ServiceError, UserError
from common.wire import authorisation as wire
from common.wire.authorisation import Decision
from common.wire.cases import EvidenceKind, EvidenceOrigin
from server.services.business import ReversalService
from server.services.casework import CaseWork
from server.services.commands import Commands, Done
from server.services.history import month_figures, movements
from server.services.identity_views import comparison_of, rows
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.reveal import needs_all, rows_without_details
from server.services.views import Views
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.authorisation.request import Request
from teller.cases import approval, reversing
from teller.cases.model import Case
from teller.ledger.bookings import customer_account

SHOWN = (
    EvidenceKind.ID_FRONT,
    EvidenceKind.ID_BACK,
    EvidenceKind.LICENCE,
    EvidenceKind.PORTRAIT,
    EvidenceKind.LIVE_FRAME,
)
"""Evidence that must have been on the screen of whoever approves: the newest of each kind there is, and whatever came
from the customer's own phone or may show no original."""


class ReviewService:
    """Tasks by their id, for the one who has them."""

    def __init__(
        self, parts: Parts, commands: Commands, work: CaseWork, views: Views, reversal: ReversalService
    ) -> None:
        self._parts = parts
        self._commands = commands
        self._work = work
        self._views = views
        self._reversal = reversal

    def task(self, who: Principal, task_id: str) -> wire.TaskView:
        """The task with form, pictures, comparison and history.

        Raises:
            UserError: ``task.not_found``, ``task.decided`` (``number``, ``at``), ``task.withdrawn``,
                ``task.expired``, ``task.not_yours``, ``task.maker_is_checker``.
        """
        with self._parts.database.read() as unit:
            case = unit.cases.get(unit.tasks.get(task_id).case_id)
            request = self._mine(case, task_id, who)
            return self._view(unit, case, request, who)

    def open(self, key: str, who: Principal, task_id: str) -> str:
        """The task is on the screen; its id."""

        def step(unit: Unit, case: Case, request: Request) -> Case:
            now = self._parts.clock.now()
            opened = request.opened(who.number, now)
            return case if opened == request else approval.request_changed(case, opened, now, "task_opened")

        return self._command(key, who, "task.open", task_id, None, step)

    def report_altered(self, key: str, who: Principal, task_id: str, body: wire.AlteredEvidence) -> str:
        """A picture did not reach the authoriser as it was stored: put on record, and the teller sees it.

        Whether the vault's own copy is whole says where it happened: in the vault, or on the way.

        Raises:
            UserError: ``evidence.not_found`` when it is no evidence of this case, and those of :meth:`task`.
        """

        def step(unit: Unit, case: Case, request: Request) -> Case:
            now = self._parts.clock.now()
            reported = request.reported(who.number, body.digest, now)
            if body.digest not in {piece.digest for piece in case.evidence}:
                raise UserError("evidence.not_found")
            if reported == request:
                return case
            data = {"task": task_id, "vault": self._vault_says(body.digest)}
            unit.registers.add(RegisterLine(now, "evidence.altered", who.number, body.digest, case.id, data))
            return approval.request_changed(case, reported, now, "evidence_altered")

        return self._command(key, who, "task.altered", task_id, body, step)

    def _vault_says(self, digest: str) -> str:
        try:
            self._parts.vault.get(Digest(digest))
        except ServiceError as error:
            return error.code
        return "intact"

    def decide(self, key: str, who: Principal, task_id: str, body: wire.DecideTask) -> str:
        """Approve, reject or return. See `common.wire.authorisation.DecideTask` for refusals.

        Raises:
            UserError: also ``task.evidence_unseen`` (``kind``) when a picture was not on the screen.
        """

        def step(unit: Unit, case: Case, request: Request) -> Case:
            now = self._parts.clock.now()
            decided = request.decided(who.number, body.decision, now, body.reason_code, body.reason_text)
            if any(len(item) > 64 for item in body.returned_items):
                raise UserError("task.returned_item_too_long")
            if body.decision is Decision.APPROVE:
                self._require_seen(unit, case, request, body)
            decided = decided.returning(tuple(body.returned_items))
            data = {"decision": body.decision.value, "reason": body.reason_code, "evidence": len(body.evidence)}
            unit.registers.add(RegisterLine(now, "task.decided", who.number, task_id, case.id, data))
            if reversing.is_reversal(case, task_id):
                return self._reversal.decided(unit, case, decided, who, approved=body.decision is Decision.APPROVE)
            return approval.decided(case, decided, body.decision, now)

        return self._command(key, who, "task.decide", task_id, body, step)

    def _require_seen(self, unit: Unit, case: Case, request: Request, body: wire.DecideTask) -> None:
        """An approval rests on whole pictures that were looked at, and on differences that were looked at."""
        ours = {piece.digest for piece in case.evidence}
        if not set(body.evidence) <= ours or request.altered or not self._intact(case):
            raise UserError("task.evidence_altered")
        for kind in EvidenceKind:
            piece = case.latest(kind)
            if piece is None:
                continue
            due = kind in SHOWN or piece.origin is EvidenceOrigin.CUSTOMER_PHONE or piece.doubts
            if due and piece.digest not in body.evidence:
                raise UserError("task.evidence_unseen", kind=kind.value)
        differing = {row.field for row in comparison_of(unit, case, self._parts.today()) if row.differs}
        unseen = differing - set(body.seen_differences)
        if unseen:
            raise UserError("task.differences_unseen", count=len(unseen), first=min(unseen))

    def _command(
        self,
        key: str,
        who: Principal,
        name: str,
        task_id: str,
        body: wire.DecideTask | wire.AlteredEvidence | None,
        step: Callable[[Unit, Case, Request], Case],
    ) -> str:
        def handler(unit: Unit) -> Done:
            case = unit.cases.get(unit.tasks.get(task_id).case_id, lock=True)
            request = self._current(case, task_id)
            return Done(task_id, self._work.store(unit, case, step(unit, case, request)))

        return self._commands.run(key, who, name, task_id, body, handler)

    @staticmethod
    def _current(case: Case, task_id: str) -> Request:
        """A task that the case has replaced by a newer one was withdrawn or decided before."""
        request = reversing.request_of(case, task_id)
        if request is None:
            raise UserError("task.withdrawn", at=None)
        return request

    def _mine(self, case: Case, task_id: str, who: Principal) -> Request:
        """Looking is allowed to whoever has it, and afterwards to whoever decided it."""
        request = self._current(case, task_id)
        if request.authoriser != who.number or request.maker == who.number or request.open:
            request.opened(who.number, self._parts.clock.now())
        return request

    def _intact(self, case: Case) -> bool:
        return all(self._vault_says(piece.digest) == "intact" for piece in case.evidence)

    def _view(self, unit: Unit, case: Case, request: Request, who: Principal) -> wire.TaskView:
        today: date = self._parts.today()
        account = customer_account(case.holder.account) if case.holder and case.holder.account else None
        compared = rows(unit, case, today)
        return wire.TaskView(
            id=request.task_id,
            kind="reversal" if reversing.is_reversal(case, request.task_id) else "case",
            state=request.state.value,
            case=self._views.case(unit, case, who),
            submitted_at=request.submitted_at,
            deadline=request.deadline or request.submitted_at,
            note=request.note,
            comparison=compared if needs_all(case, who) else rows_without_details(compared),
            months=[] if account is None else month_figures(unit, account, today),
            movements=[] if account is None else movements(unit, account, today),
            evidence_intact=not request.altered and self._intact(case),
            waiting=unit.tasks.count_queued(),
        )
