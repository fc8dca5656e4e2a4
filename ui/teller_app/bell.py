"""When the seat rings: while a customer is offered to it, and not a moment longer."""

from PySide6.QtCore import QObject, QTimer

from common.clock import Clock
from ui.teller_app.case_controller import CaseController
from ui.teller_app.desk_controller import DeskController
from ui.teller_app.ports import RingPort


class Bell(QObject):
    """Follows desk and case; silent once the offer was answered, taken back, ran out, or the server was lost."""

    def __init__(
        self, port: RingPort, desk: DeskController, cases: CaseController, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._port, self._cases, self._clock = port, cases, clock
        self._rings = False
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(self._look)
        cases.changed.connect(self._look)
        desk.changed.connect(self._look)

    def _look(self) -> None:
        left_s = self._left_s()
        if left_s > 0:
            # Without the server nobody says that the offer is over.
            self._over.start(round(left_s * 1000))
        if (left_s > 0) is not self._rings:
            self._rings = left_s > 0
            self._port.ring(self._rings)

    def _left_s(self) -> float:
        local = self._cases.local
        if local.ring is None or local.command or local.offline_since is not None:
            return 0.0
        return (local.ring.until - self._clock.now()).total_seconds()
