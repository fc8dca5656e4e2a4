"""What a teller sees between two customers: the desk, the ring, the seat's state, the search for cases."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.cases import CaseRow, CaseView, StartCase
from common.wire.desk import DeskView, MachineView
from common.wire.handing import ThingSettled
from common.wire.signalling import DeskChanged, QueueChanged, Ringing, RingingStopped
from ui.teller_app.case_controller import CaseController
from ui.teller_app.local import Ring
from ui.teller_app.main_key import Act, Action, MainKey
from ui.teller_app.next_step import idle_step
from ui.teller_app.ports import DeskPort, PresencePort

REFRESH_MS = 30_000
"""Even without a word from the server the desk is fetched again this often."""


class DeskController(QObject):
    """The desk.

    Signals:
        changed(): something to paint. rang(str): a customer is offered. missed(): nobody answered in time.
        failed(object): an `AppError`.
    """

    changed = Signal()
    rang = Signal(str)
    missed = Signal()
    failed = Signal(object)

    def __init__(
        self, port: DeskPort, presence: PresencePort, cases: CaseController, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._port, self._presence, self._cases, self._clock = port, presence, cases, clock
        self.desk: DeskView | None = None
        self.error: AppError | None = None
        self.missed_calls = 0
        self._fetching = self._again = False
        self._resumed = False
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        presence.message.connect(self._heard)
        presence.offline_changed.connect(self._offline)
        cases.closed.connect(self.refresh)

    def start(self) -> None:
        """Fetch the desk, and again every half minute."""
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """F5. Calls while one is under way are joined to one more."""
        if self._fetching:
            self._again = True
            return
        self._fetching = True
        self._port.desk(self._fetched, self._not_fetched)

    def _fetched(self, desk: DeskView) -> None:
        self._fetching = False
        self.desk, self.error = desk, None
        self._presence.found(desk.state)
        self.changed.emit()
        if desk.current_case is not None and self._cases.case is None and not self._resumed:
            self._cases.open(desk.current_case)  # this window was closed or crashed in the middle of a case
        self._resumed = True
        if self._again:
            self._again = False
            self.refresh()

    def _not_fetched(self, error: AppError) -> None:
        self._fetching = self._again = False
        self.error = error
        self.changed.emit()

    def key(self) -> MainKey:
        """The main key between two customers."""
        return idle_step(self.desk, self._cases.local)

    def machine(self, number: str) -> MachineView | None:
        """A machine as last reported."""
        machines = self.desk.machines if self.desk is not None else []
        return next((one for one in machines if one.number == number), None)

    # --- ring and presence ----------------------------------------------------------------------------------

    def _heard(self, message: object) -> None:
        if isinstance(message, Ringing):
            until = self._clock.now() + timedelta(seconds=message.ring_seconds)
            self._cases.set_local(ring=Ring(message.case_id, until))
            self.rang.emit(message.case_id)
            self.refresh()
        elif isinstance(message, RingingStopped):
            self._stopped(message)
        elif isinstance(message, DeskChanged | QueueChanged):
            self.refresh()

    def _stopped(self, message: RingingStopped) -> None:
        ring = self._cases.local.ring
        if ring is not None and ring.case_id == message.case_id:
            self._cases.set_local(ring=None)
        if message.reason == "timeout":
            self.missed_calls += 1
            self.set_state("break")
            self.missed.emit()
        self.refresh()

    def _offline(self, since: datetime | None) -> None:
        self._cases.set_local(offline_since=since)
        if since is None:
            self.refresh()
        self.changed.emit()

    def set_state(self, state: str) -> None:
        """Ready, break, after-call or busy."""
        self._presence.set_presence(state)
        if state == "ready":
            self.missed_calls = 0
        if self.desk is not None:
            self.desk = self.desk.model_copy(update={"state": state, "since": self._clock.now()})
        self.changed.emit()

    # --- taking a customer ----------------------------------------------------------------------------------

    def act(self, action: Action) -> None:
        """Carry out what the main key stands for between two customers."""
        if action.act is Act.READY:
            self.set_state("ready")
        elif action.act is Act.ANSWER:
            self._take(action.arg, "answer")
        elif action.act is Act.OPEN:
            self._cases.open(action.arg)
        elif action.act in (Act.TAKE_NEXT, Act.TAKE):
            self._take(action.arg, "take")

    def _take(self, case_id: str, how: str) -> None:
        if self._cases.local.command:
            return
        self._cases.set_local(command=how)

        def taken(case: CaseView) -> None:
            self._cases.set_local(command="", ring=None)
            self._cases.adopt(case)

        def refused(error: AppError) -> None:
            self._cases.local = replace(self._cases.local, command="", ring=None)
            self.failed.emit(error)
            self.refresh()

        self._port.take(case_id, how, taken, refused)

    def begin(self, scenario: str) -> None:
        """Begin with a customer who stands beside bank staff, at a free machine of this branch."""
        self._start(StartCase(scenario=scenario))

    def follow(self, scenario: str, after: str, things: Sequence[ThingSettled]) -> None:
        """The next business of a visit: the last case ends, and what was captured for it counts again.

        Args:
            things: what became of everything that was to be handed over in the case that ends.
        """
        self._start(StartCase(scenario=scenario, after=after, things=list(things)))

    def _start(self, body: StartCase) -> None:
        if self._cases.local.command:
            return
        self._cases.set_local(command="start")

        def started(case: CaseView) -> None:
            self._cases.set_local(command="", ring=None)
            self._cases.adopt(case)

        def refused(error: AppError) -> None:
            self._cases.set_local(command="")
            self.failed.emit(error)

        self._port.start(body, started, refused)

    def find(self, query: str, on_rows: Callable[[list[CaseRow]], object]) -> None:
        """Cases by number or customer, newest first."""
        self._port.find_cases(query, on_rows, self.failed.emit)
