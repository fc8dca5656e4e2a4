"""A clock that moves only when told."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """``at``: seconds since 2026-11-22 00:00 UTC; set it to move on."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at
