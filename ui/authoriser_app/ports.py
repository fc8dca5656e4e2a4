"""What the window needs from outside, as its controller sees it. Callbacks run on the GUI thread."""

from collections.abc import Callable
from typing import Protocol

from common.wire.authorisation import AuthoriserDesk, DecideTask, TaskView
from ui.kit.ports import KeptFacePort, OnError, PicturePort, SignalLike

OnDesk = Callable[[AuthoriserDesk], object]
OnTask = Callable[[TaskView], object]


class TasksPort(PicturePort, KeptFacePort, Protocol):
    """Tasks and desk of the one who is signed on (`ui.authoriser_app.gateway.TaskGateway`)."""

    @property
    def message(self) -> SignalLike:
        """A `TaskAssigned` or `TaskClosed`."""

    @property
    def found(self) -> SignalLike:
        """The line to the server stands (again); the server may have forgotten who accepts."""

    @property
    def offline_changed(self) -> SignalLike:
        """Since when the server is lost (a moment), or None."""

    def desk(self, on_ok: OnDesk, on_error: OnError) -> None: ...
    def set_accepting(self, accepting: bool, on_ok: OnDesk, on_error: OnError) -> None: ...
    def task(self, task_id: str, on_ok: OnTask, on_error: OnError) -> None: ...
    def open(self, task_id: str, on_ok: OnTask, on_error: OnError) -> None: ...
    def report_altered(self, task_id: str, digest: str, key: str, on_ok: OnTask, on_error: OnError) -> None: ...
    def decide(self, task_id: str, body: DecideTask, key: str, on_ok: OnTask, on_error: OnError) -> None: ...
