"""Asking the authorities as soon as there is something to ask, beside whatever the teller does; F5 asks anew."""

from PySide6.QtCore import QObject

from common.errors import AppError
from common.wire.cases import CaseState, CaseView
from common.wire.identity import Elements, VerifyIdentity
from ui.teller_app.case_controller import CaseController
from ui.teller_app.case_facts import is_mine
from ui.teller_app.form_entering import FormEntering
from ui.teller_app.local import Job, Phase

ASKED_WITH = ("name", "id_number")
_OPEN = (CaseState.DRAFT, CaseState.RETURNED)


def question(case: CaseView) -> tuple[str, ...] | None:
    """Name and number as they stand, once nobody has to look at them any more."""
    values = [case.form.values.get(name) for name in ASKED_WITH]
    if any(one is None or not one.value or (one.unsure and not one.confirmed) for one in values):
        return None
    wrong = {problem.field for problem in case.form.problems}
    return None if wrong & set(ASKED_WITH) else tuple(one.value for one in values if one is not None)


class Verifying(QObject):
    """One question for each name and number; what comes of it stands in the case."""

    def __init__(self, cases: CaseController, form: FormEntering, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases, self._form = cases, form
        self._asked: set[tuple[str, ...]] = set()
        cases.opened.connect(lambda _: self._asked.clear())
        cases.store.changed.connect(self._case_changed)

    def _case_changed(self, case: CaseView | None) -> None:
        if case is None or case.state not in _OPEN or not is_mine(case, self._cases.local):
            return
        known, asked = case.identity.verification, question(case)
        if asked is None or asked in self._asked or (known is not None and known.current):
            return
        self._ask(asked, fresh=False)

    def again(self, elements: Elements | None = None) -> None:
        """F5: a fresh answer, whatever is known; with ``PHONE``, whether the phone is the customer's."""
        case = self._cases.case
        if case is None or self._cases.local.verify.running:
            return
        self._form.save()
        self._ask(question(case) or (), fresh=True, elements=elements)

    def _ask(self, asked: tuple[str, ...], *, fresh: bool, elements: Elements | None = None) -> None:
        self._asked.add(asked)
        case_id = self._case_id()
        self._cases.set_local(verify=Job(Phase.RUNNING, "verification", self._cases.now()))
        self._cases.store.command(
            "verification",
            VerifyIdentity(elements=elements, fresh=fresh),
            on_ok=lambda _: self._ended(case_id),
            on_error=lambda error: self._failed(case_id, error, told=fresh),
            quiet=True,
        )

    def _case_id(self) -> str:
        return self._cases.case.id if self._cases.case is not None else ""

    def _ended(self, case_id: str) -> None:
        if case_id == self._case_id():
            self._cases.set_local(verify=Job())

    def _failed(self, case_id: str, error: AppError, *, told: bool) -> None:
        if case_id != self._case_id():
            return
        self._cases.set_local(verify=Job(Phase.FAILED, "verification", self._cases.now(), error.code))
        if told:
            self._cases.report(error)
