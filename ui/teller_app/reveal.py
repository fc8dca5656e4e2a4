"""The ID number in full, as long as a key is held: fetched when pressed, forgotten when let go."""

from PySide6.QtCore import QObject

from common.errors import AppError
from common.wire.identity import Revealed
from ui.teller_app.case_controller import CaseController
from ui.teller_app.ports import DeskPort

FIELD = "id_number"


class Reveal(QObject):
    """Show on hold. The server writes down who looked."""

    def __init__(self, cases: CaseController, desk: DeskPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases, self._desk = cases, desk
        self._held = ""
        cases.opened.connect(lambda _: self.hide())

    def show(self) -> None:
        """Pressed."""
        case = self._cases.case
        if case is not None:
            self._held = case.id
            self._desk.reveal(case.id, FIELD, lambda got: self._came(case.id, got), self._failed)

    def hide(self) -> None:
        """Let go."""
        self._held = ""
        self._cases.set_local(revealed="")

    def _came(self, case_id: str, got: Revealed) -> None:
        if case_id == self._held:
            self._cases.set_local(revealed=got.value)

    def _failed(self, error: AppError) -> None:
        self._held = ""
        self._cases.report(error)
