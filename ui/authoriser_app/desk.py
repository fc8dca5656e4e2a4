"""What an authoriser sees between two tasks: figures of the day, and whether he takes tasks."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.authorisation import AuthoriserDesk
from ui.authoriser_app.controller import TaskController
from ui.authoriser_app.ports import TasksPort

REFRESH_MS = 15_000
"""Without a word from the server the figures are fetched again this often."""


class DeskController(QObject):
    """The desk. Taking tasks begins with signing on and survives a restart of the server.

    Signals:
        changed(): something to paint. failed(object): an `AppError` the person has to read.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, port: TasksPort, tasks: TaskController, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port, self._tasks, self._clock = port, tasks, clock
        self.desk: AuthoriserDesk | None = None
        self.error: AppError | None = None
        self.accepting = True
        self.since: datetime = clock.now()
        self._fetching = self._again = False
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        port.found.connect(self._say)
        tasks.ended.connect(self.refresh)

    def start(self) -> None:
        """Begin to take tasks; fetch the figures now and then."""
        self._timer.start()
        self._say()

    def toggle(self) -> None:
        """F6: pause or go on."""
        self.set_accepting(not self.accepting)

    def set_accepting(self, accepting: bool) -> None:
        """Take tasks, or not. A task on the screen stays."""
        if accepting != self.accepting:
            self.accepting, self.since = accepting, self._clock.now()
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        wanted = self.accepting
        self._port.set_accepting(wanted, self._fetched, self._not_said)

    def _not_said(self, error: AppError) -> None:
        if error.code != "network.unreachable":  # that is said again when the line stands
            self.failed.emit(error)

    def refresh(self) -> None:
        """F5. Calls while one is under way are joined to one more."""
        if self._fetching:
            self._again = True
            return
        self._fetching = True
        self._port.desk(self._fetched_by_refresh, self._not_fetched)

    def _fetched_by_refresh(self, desk: AuthoriserDesk) -> None:
        self._fetching = False
        self._fetched(desk)
        if self._again:
            self._again = False
            self.refresh()

    def _fetched(self, desk: AuthoriserDesk) -> None:
        self.desk, self.error = desk, None
        if desk.current_task is not None:
            self._tasks.bring_if_idle(desk.current_task)  # this window was closed or crashed in the middle of it
        self.changed.emit()

    def _not_fetched(self, error: AppError) -> None:
        self._fetching = self._again = False
        self.error = error
        self.changed.emit()
