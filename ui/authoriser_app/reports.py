"""Tells the server of pictures that did not arrive as they were stored: once each, and again until it has heard."""

import logging
from collections.abc import Callable

from common.clock import IdSource
from common.errors import AppError
from common.wire.authorisation import TaskView
from ui.authoriser_app.ports import TasksPort

log = logging.getLogger(__name__)
_AWAY = "network.unreachable"


class AlteredReports:
    """Reports of this window.

    Args:
        on_heard: gets the task as the server has it after the report.
    """

    def __init__(self, port: TasksPort, ids: IdSource, on_heard: Callable[[TaskView], object]) -> None:
        self._port, self._ids, self._on_heard = port, ids, on_heard
        self._keys: dict[tuple[str, str], str] = {}
        self._unheard: set[tuple[str, str]] = set()

    def found(self, task_id: str, digest: str) -> None:
        """This picture of this task is broken. Said before: nothing more is done."""
        if (task_id, digest) not in self._keys:
            self._keys[task_id, digest] = str(self._ids.new())
            self._send(task_id, digest)

    def again(self) -> None:
        """The server is back: what it did not hear is said under the same key."""
        for task_id, digest in sorted(self._unheard):
            self._send(task_id, digest)

    def _send(self, task_id: str, digest: str) -> None:
        this = (task_id, digest)
        self._unheard.discard(this)

        def refused(error: AppError) -> None:
            if error.code == _AWAY:
                self._unheard.add(this)
            else:
                log.warning("altered evidence not reported", extra={"code": error.code, "digest": digest})

        self._port.report_altered(task_id, digest, self._keys[this], self._on_heard, refused)
