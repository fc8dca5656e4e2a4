"""Limits against floods and guessing: a token bucket, and a growing delay after wrong passwords."""

import hashlib
import math
import threading
from datetime import timedelta

from common.clock import Clock
from common.errors import UserError
from server.services.ports import FailedSignOns, GuessStore


class TokenBucket:
    """Allows ``burst`` at once and ``per_second`` in the long run."""

    def __init__(self, clock: Clock, *, per_second: float, burst: int) -> None:
        self._clock = clock
        self._rate = per_second
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at = clock.monotonic()

    def take(self) -> bool:
        """One more? False: too many."""
        now = self._clock.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Gate:
    """A bucket that all askers of a public page share; any thread may ask."""

    def __init__(self, clock: Clock, per_second: float, burst: int) -> None:
        self._bucket = TokenBucket(clock, per_second=per_second, burst=burst)
        self._lock = threading.Lock()

    def open(self) -> bool:
        """One more? False: too many."""
        with self._lock:
            return self._bucket.take()


class GuessThrottle:
    """Per login: after ``free`` wrong tries each further one waits 1, 2, 4 … ``longest`` seconds.

    Counts unknown logins too, so that the answer does not tell which logins exist.
    """

    def __init__(self, store: GuessStore, clock: Clock, *, free: int = 3, longest_s: float = 300.0) -> None:
        self._store, self._clock = store, clock
        self._free, self._longest = free, longest_s

    def check(self, login: str) -> None:
        """Before looking at a password.

        Raises:
            UserError: ``auth.too_many`` (``retry_after_s``).
        """
        known = self._store.get(_name(login))
        left = (known.free_at - self._clock.now()).total_seconds() if known else 0.0
        if left > 0:
            raise UserError("auth.too_many", retryable=True, retry_after_s=math.ceil(left))

    def failed(self, login: str) -> None:
        """The password was wrong."""
        name, now = _name(login), self._clock.now()

        def after(known: FailedSignOns | None) -> FailedSignOns:
            count = (known.count if known else 0) + 1
            over = count - self._free
            delay = min(self._longest, 2.0 ** min(over, 32)) if over >= 0 else 0.0
            return FailedSignOns(name, count, now, now + timedelta(seconds=delay))

        self._store.change(name, after)

    def succeeded(self, login: str) -> None:
        """The password was right: start counting anew."""
        if self._store.get(_name(login)) is not None:
            self._store.remove(_name(login))


def _name(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()
