"""Time and identifiers as ports, so that tests own both."""

import time
import uuid
from datetime import UTC, datetime
from typing import Protocol

import uuid6


class Clock(Protocol):
    """Wall time for records, monotonic time for durations."""

    def now(self) -> datetime:
        """The present moment, timezone-aware UTC."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary point; never goes back."""


class IdSource(Protocol):
    """Makes identifiers that sort by time of creation (UUIDv7, RFC 9562)."""

    def new(self) -> uuid.UUID: ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemIds:
    """UUIDv7 from the system clock and random bits."""

    def new(self) -> uuid.UUID:
        return uuid.UUID(int=uuid6.uuid7().int)
