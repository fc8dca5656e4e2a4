"""A circuit breaker for one source: after failures in a row it is left alone for a while, then tried once.

closed → open (failures in a row) → half open (pause over; one probe) → closed (it answered) or open again.
"""

import threading
from enum import StrEnum

from common.clock import Clock


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Safe to use from several threads.

    Args:
        failures: so many in a row open it.
        pause_s: how long it stays open; a maintenance window may ask for longer.
    """

    def __init__(self, clock: Clock, failures: int = 3, pause_s: float = 30.0) -> None:
        self._clock, self._limit, self._pause_s = clock, failures, pause_s
        self._lock = threading.Lock()
        self._state, self._failed, self._until = BreakerState.CLOSED, 0, 0.0

    @property
    def state(self) -> BreakerState:
        return self._state

    def allows(self) -> bool:
        """Whether the source may be asked now; a yes in the half-open state is the one probe."""
        with self._lock:
            if self._state is BreakerState.CLOSED:
                return True
            if self._clock.monotonic() < self._until:
                return False
            # While the probe is on its way the others wait another pause.
            self._state, self._until = BreakerState.HALF_OPEN, self._clock.monotonic() + self._pause_s
            return True

    def answered(self) -> None:
        with self._lock:
            self._state, self._failed = BreakerState.CLOSED, 0

    def failed(self, pause_s: float | None = None) -> None:
        """It gave no answer. ``pause_s``: it said itself how long it will not."""
        with self._lock:
            self._failed += 1
            if pause_s is None and self._state is BreakerState.CLOSED and self._failed < self._limit:
                return
            self._state = BreakerState.OPEN
            self._until = self._clock.monotonic() + (self._pause_s if pause_s is None else pause_s)
