"""A thread that makes something at an even pace: the clockwork of every source and of the software speaker."""

import threading
import time
from collections.abc import Callable


class PacedThread:
    """Calls ``work(due_ns)`` every ``period_ns`` on a thread of its own, against the monotonic clock.

    A call that comes late by more than ``catch_up`` periods is not made up for: those ticks are skipped,
    so a machine that stood still does not answer with a burst.
    """

    def __init__(self, name: str, period_ns: int, work: Callable[[int], None], *, catch_up: int = 0) -> None:
        self._period_ns = period_ns
        self._work = work
        self._catch_up = catch_up
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        due = time.monotonic_ns()
        while not self._stop.is_set():
            self._work(due)
            due += self._period_ns
            now = time.monotonic_ns()
            behind = (now - due) // self._period_ns
            if behind > self._catch_up:
                due += (behind - self._catch_up) * self._period_ns
            if due > now and self._stop.wait((due - now) / 1e9):
                return

    def close(self) -> None:
        """Stop and wait for the thread; safe to call twice, and before start."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
