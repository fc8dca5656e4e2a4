"""Errands: what may be done a little later, beside whatever goes on; each lane one after the other in its own thread.

An errand is a favour. Whoever needs its outcome for certain does the work itself; so a full lane drops the newest. What
somebody stands waiting for has a lane of its own, so that nothing slow goes before it, and it before nothing else.

:class:`Underway` is for work that a request waits for, though no longer than a client takes the server for alive.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from enum import Enum
from typing import Protocol

from common.errors import AppError

log = logging.getLogger(__name__)
Errand = Callable[[], object]
WAITING = 64
CLOSE_S = 10.0
"""How long the end waits for what is under way in a lane."""


class Lane(Enum):
    """What does not hold up each other."""

    COMPARE = "compare"
    LOOK = "look"
    """A customer stands before the camera."""
    FILM = "film"
    """Many pictures, seconds of work."""


class Add(Protocol):
    """How an errand is handed over; never blocks."""

    def __call__(self, errand: Errand, lane: Lane = Lane.COMPARE) -> None: ...


class Errands:
    """One thread a lane; closed by whoever made it."""

    def __init__(self) -> None:
        self._lanes = {lane: _Queue(lane.value) for lane in Lane}

    def start(self) -> None:
        for lane in self._lanes.values():
            lane.thread.start()

    def add(self, errand: Errand, lane: Lane = Lane.COMPARE) -> None:
        """Never blocks."""
        self._lanes[lane].add(errand)

    def close(self) -> None:
        """What has not begun is left out."""
        for lane in self._lanes.values():
            lane.stop()
        for lane in self._lanes.values():
            if lane.thread.is_alive():
                lane.thread.join(CLOSE_S)


class Underway:
    """Work that goes on without whoever asked for it; who asks again meanwhile waits for the same work.

    Args:
        executor: where it is done, closed by whoever made it; without one it is done at once, by who asks.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor, self._lock = executor, threading.Lock()
        self._going: dict[str, Future[object]] = {}

    def done(self, name: str, work: Errand, within_s: float) -> bool:
        """Whether the work is done within that time; then it is forgotten. What it raises is raised here.

        Args:
            name: of what is worked on; one work a name at a time.
        """
        if self._executor is None:
            work()
            return True
        with self._lock:
            going = self._going.get(name)
            begun = going is None
            if going is None:
                going = self._going[name] = self._executor.submit(work)
        if begun:
            going.add_done_callback(lambda _: self._forget(name))
        try:
            going.result(within_s)
        except TimeoutError:
            if going.done():
                raise
            return False
        return True

    def _forget(self, name: str) -> None:
        with self._lock:
            del self._going[name]


class _Queue:
    def __init__(self, name: str) -> None:
        self._queue: queue.Queue[Errand | None] = queue.Queue(WAITING)
        self.thread = threading.Thread(target=self._run, name=f"errands {name}", daemon=True)

    def add(self, errand: Errand) -> None:
        try:
            self._queue.put_nowait(errand)
        except queue.Full:
            log.warning("too many errands: one is left out")

    def stop(self) -> None:
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                break
        self._queue.put(None)

    def _run(self) -> None:
        while (errand := self._queue.get()) is not None:
            try:
                errand()
            except AppError as error:
                log.warning("errand put off", extra={"code": error.code})
