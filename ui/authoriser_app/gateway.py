"""The window's port over the real things: REST and signalling."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from common.clock import Clock
from common.wire.authorisation import Accepting, AlteredEvidence, AuthoriserDesk, DecideTask, TaskView
from common.wire.signalling import TaskAssigned, TaskClosed, Welcome
from ui.authoriser_app.ports import OnDesk, OnTask
from ui.kit.app import Connection
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError
from ui.kit.signalling_client import SignallingClient


class TaskGateway(QObject):
    """``/tasks`` and ``/evidence`` for the one who is signed on.

    Signals:
        message(object): a task was assigned or closed. found(): the signalling line stands (again).
        offline_changed(object): since when the server is lost, or None.
    """

    message = Signal(object)
    found = Signal()
    offline_changed = Signal(object)

    def __init__(
        self,
        bridge: AsyncBridge,
        api: ApiClient,
        signalling: SignallingClient,
        connection: Connection,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api
        signalling.on(TaskAssigned, self.message.emit)
        signalling.on(TaskClosed, self.message.emit)
        signalling.on(Welcome, lambda _: self.found.emit())
        connection.changed.connect(lambda: self.offline_changed.emit(connection.lost_at(clock)))

    def desk(self, on_ok: OnDesk, on_error: OnError) -> None:
        """``GET /tasks/desk``."""
        self._bridge.submit(lambda: self._api.get("/tasks/desk", AuthoriserDesk), on_ok, on_error, self)

    def set_accepting(self, accepting: bool, on_ok: OnDesk, on_error: OnError) -> None:
        """``PUT /tasks/accepting``."""
        body = Accepting(accepting=accepting)
        self._bridge.submit(lambda: self._api.put("/tasks/accepting", body, AuthoriserDesk), on_ok, on_error, self)

    def task(self, task_id: str, on_ok: OnTask, on_error: OnError) -> None:
        """``GET /tasks/{id}``."""
        self._bridge.submit(lambda: self._api.get(f"/tasks/{segment(task_id)}", TaskView), on_ok, on_error, self)

    def open(self, task_id: str, on_ok: OnTask, on_error: OnError) -> None:
        """``POST /tasks/{id}/open``."""
        path = f"/tasks/{segment(task_id)}/open"
        self._bridge.submit(lambda: self._api.post(path, None, TaskView), on_ok, on_error, self)

    def report_altered(self, task_id: str, digest: str, key: str, on_ok: OnTask, on_error: OnError) -> None:
        """``POST /tasks/{id}/altered``."""
        path, body = f"/tasks/{segment(task_id)}/altered", AlteredEvidence(digest=digest)
        self._bridge.submit(lambda: self._api.post(path, body, TaskView, key), on_ok, on_error, self)

    def decide(self, task_id: str, body: DecideTask, key: str, on_ok: OnTask, on_error: OnError) -> None:
        """``POST /tasks/{id}/decision``; the same ``key`` again repeats the same intention."""
        path = f"/tasks/{segment(task_id)}/decision"
        self._bridge.submit(lambda: self._api.post(path, body, TaskView, key), on_ok, on_error, self)

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /evidence/{digest}``."""
        self._bridge.submit(lambda: self._api.get_bytes(f"/evidence/{segment(digest)}"), on_ok, on_error, self)

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /cases/{id}/kept-faces/{digest}``; the server registers the look."""
        path = f"/cases/{segment(case_id)}/kept-faces/{segment(digest)}"
        self._bridge.submit(lambda: self._api.get_bytes(path), on_ok, on_error, self)
