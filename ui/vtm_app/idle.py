"""Is anybody still there? Pure; time comes from outside."""

import math

from ui.kit.tokens import duration

LARGE_FACTOR = 2
"""Large print doubles every wait."""


class IdleWatch:
    """Counts from the last sign of life. After 45 s one asks for 30 s, then nobody is there."""

    def __init__(self) -> None:
        self._last = 0.0
        self._watching = False

    def touch(self, now: float) -> None:
        """Somebody did something."""
        self._last = now

    def left(self, now: float, *, idle: bool, large: bool) -> int | None:
        """Seconds until the visit ends, 0 when it is over; None: no need to ask (yet).

        Args:
            idle: the kiosk waits for this person's finger, not for a machine or the bank.
        """
        if not idle:
            self._watching = False
            return None
        if not self._watching:
            self._watching, self._last = True, now
        factor = LARGE_FACTOR if large else 1
        warn, end = duration("kiosk_idle_warn") / 1000 * factor, duration("kiosk_idle_end") / 1000 * factor
        gone = now - self._last
        return None if gone < warn else max(0, math.ceil(end - gone))
