"""Errands: what may be done a little later, one after the other, in a thread of its own.

An errand is a favour. Whoever needs its outcome for certain does the work itself; so a full queue drops the newest.
"""

import logging
import queue
import threading
from collections.abc import Callable

from common.errors import AppError

log = logging.getLogger(__name__)
Errand = Callable[[], object]
WAITING = 64


class Errands:
    """One thread; closed by whoever made it."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Errand | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, name="errands", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, errand: Errand) -> None:
        """Never blocks."""
        try:
            self._queue.put_nowait(errand)
        except queue.Full:
            log.warning("too many errands: one is left out")

    def close(self) -> None:
        """What has not begun is left out."""
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                break
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while (errand := self._queue.get()) is not None:
            try:
                errand()
            except AppError as error:
                log.warning("errand put off", extra={"code": error.code})
