"""Limits against floods and guessing: a token bucket, and a growing delay after wrong passwords."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from common.clock import Clock
from common.errors import UserError


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


@dataclass(frozen=True)
class _Failures:
    count: int
    free_at: float


class GuessThrottle:
    """Per login: after ``free`` wrong tries each further one waits 1, 2, 4 … ``longest`` seconds.

    Remembers at most ``logins`` names; the one longest untouched is forgotten first. Counts unknown logins
    too, so that the answer does not tell which logins exist.
    """

    def __init__(self, clock: Clock, *, free: int = 3, longest_s: float = 300.0, logins: int = 4096) -> None:
        self._clock = clock
        self._free = free
        self._longest = longest_s
        self._logins = logins
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, login: str) -> None:
        """Before looking at a password.

        Raises:
            UserError: ``auth.too_many`` (``retry_after_s``).
        """
        with self._lock:
            known = self._failures.get(login)
        left = known.free_at - self._clock.monotonic() if known else 0.0
        if left > 0:
            raise UserError("auth.too_many", retryable=True, retry_after_s=int(left) + 1)

    def failed(self, login: str) -> None:
        """The password was wrong."""
        with self._lock:
            known = self._failures.pop(login, _Failures(0, 0.0))
            count = known.count + 1
            over = count - self._free
            delay = min(self._longest, 2.0 ** min(over, 32)) if over >= 0 else 0.0
            self._failures[login] = _Failures(count, self._clock.monotonic() + delay)
            while len(self._failures) > self._logins:
                self._failures.popitem(last=False)

    def succeeded(self, login: str) -> None:
        """The password was right: start counting anew."""
        with self._lock:
            self._failures.pop(login, None)
