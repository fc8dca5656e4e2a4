"""Whether the other end still answers, and since when it does not. No Qt."""

from datetime import datetime


class Reach:
    """One other end: the machine, or the server.

    Attributes:
        lost: it did not answer when it was asked last.
        answered_at: when it answered last; None: never yet.
    """

    def __init__(self, now: datetime) -> None:
        self.lost, self.answered_at = False, None
        self._since = now

    lost: bool
    answered_at: datetime | None

    def note(self, now: datetime, *, answered: bool) -> bool:
        """It was asked; whether that it is lost, or there, is news."""
        before, self.lost = self.lost, not answered
        if answered:
            self.answered_at = self._since = now
        return self.lost is not before

    def waited(self, now: datetime) -> float | None:
        """Seconds since its last answer, or since it is waited for; None: it is there."""
        return (now - self._since).total_seconds() if self.lost else None
