"""Masked facts in full, as long as a key is held: fetched when pressed, forgotten when let go."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from common.errors import AppError
from common.wire.identity import Revealed
from ui.kit.ports import OnError
from ui.teller_app.case_controller import CaseController
from ui.teller_app.ports import DeskPort
from ui.teller_app.presenter import masked_facts


class Reveal(QObject):
    """Show on hold. The server writes down who looked at what."""

    def __init__(self, cases: CaseController, desk: DeskPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases, self._desk = cases, desk
        self._held = ""
        cases.opened.connect(lambda _: self.hide())

    def show(self) -> None:
        """Pressed: what is masked on the screen now is fetched, each fact by itself."""
        case = self._cases.case
        if case is None:
            return
        self._held = case.id
        for field in masked_facts(case, self._cases.local):
            self._desk.reveal(case.id, field, lambda got: self._came(case.id, got), self._failed)

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """A portrait of an earlier visit (`ui.kit.kept_faces`)."""
        self._desk.kept_face(case_id, digest, on_ok, on_error)

    def hide(self) -> None:
        """Let go."""
        self._held = ""
        self._cases.set_local(revealed={})

    def _came(self, case_id: str, got: Revealed) -> None:
        if case_id == self._held:
            self._cases.set_local(revealed={**self._cases.local.revealed, got.field: got.value})

    def _failed(self, error: AppError) -> None:
        self._held = ""
        self._cases.report(error)
