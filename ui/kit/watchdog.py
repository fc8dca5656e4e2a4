"""A window that hangs says where: every thread's stack, written by a thread that needs nothing of Python."""

from PySide6.QtCore import QObject, QTimer

from ui.kit.bridge import AsyncBridge
from ui.kit.crash import CrashGuard

WITHIN_S = 20.0
"""Far beyond whatever only takes its time; a person at the window has waited long enough to ask somebody."""


class Watchdog(QObject):
    """Asks both loops of a window for a sign of life; without one the crash guard writes down where each thread is.

    A question goes from Qt's loop to asyncio's and back, so that an answer is a sign of both.

    Args:
        within_s: without an answer for so long, counted from the last one, the window hangs.
        every_s: a question this often.
    """

    def __init__(
        self,
        bridge: AsyncBridge,
        guard: CrashGuard,
        within_s: float = WITHIN_S,
        every_s: float = 2.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._guard, self._within_s = bridge, guard, within_s
        self._timer = QTimer(self)
        self._timer.setInterval(round(every_s * 1000))
        self._timer.timeout.connect(self._ask)

    def start(self) -> None:
        """Ask from now on; on the GUI thread, while the bridge runs."""
        self._answered()
        self._timer.start()

    def stop(self) -> None:
        """Ask no more. Closing has what is left of the time: a window that hangs over that says so too."""
        self._timer.stop()

    def _ask(self) -> None:
        if self._bridge.running:
            self._bridge.call_soon(lambda: self._bridge.emit_to_gui(self._answered, self))

    def _answered(self) -> None:
        if self._bridge.running:
            self._guard.expect_life(self._within_s)
