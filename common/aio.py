"""Small asyncio tools: owned background tasks, a slot that keeps only the newest value, a bounded channel."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


AGAIN_S = 10.0
"""A task that has not ended this long after it was cancelled is cancelled again."""
TRIES = 4


async def cancel_and_wait(*tasks: "asyncio.Task[Any]", again_s: float = AGAIN_S) -> None:
    """Cancel the tasks and wait until each has really ended; their own exceptions are not raised here.

    A task in which something loses its cancellation (libraries have done so) is cancelled again, and said by name in
    the log; one that ends by no means is left, for whoever waits here must end too.
    """
    left = set(tasks)
    for _ in range(TRIES):
        for task in left:
            task.cancel()
        if not left:
            break
        ended, left = await asyncio.wait(left, timeout=again_s)
        for task in ended:
            if not task.cancelled():
                task.exception()  # seen: nobody else is told that nobody asked
        for task in left:
            log.warning("task did not end when cancelled", extra={"task": task.get_name()})


class TaskSet:
    """Background tasks with an owner: whoever made the set closes it, and no failure passes unseen."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def spawn(self, coroutine: Coroutine[Any, Any, T], *, name: str | None = None) -> "asyncio.Task[T]":
        """Start a coroutine; its exception, if any, is logged when it ends."""
        if self._closed:
            coroutine.close()
            raise RuntimeError(f"task set {self._name} is closed")
        task = asyncio.get_running_loop().create_task(coroutine, name=name or self._name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", extra={"task": task.get_name()}, exc_info=error)

    async def close(self) -> None:
        """Cancel everything still running and wait for it."""
        self._closed = True
        await cancel_and_wait(*self._tasks)


class LatestValue(Generic[T]):
    """A slot between a fast writer and a slower reader, safe across threads: only the newest value stays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None
        self._serial = 0
        self._taken = 0
        self.dropped = 0

    def put(self, value: T) -> None:
        """Store a value; one that nobody has taken is dropped and counted."""
        with self._lock:
            if self._serial != self._taken:
                self.dropped += 1
            self._value = value
            self._serial += 1

    def take(self) -> T | None:
        """The value put since the last take, or None when there is nothing new."""
        with self._lock:
            if self._serial == self._taken:
                return None
            self._taken = self._serial
            return self._value

    def peek(self) -> T | None:
        """The newest value, taken or not."""
        with self._lock:
            return self._value
