"""Are pictures and sound still coming? Pure: moments go in, a verdict comes out.

PRODUCT.md's rule: no decoded picture or sound for 3 s means the call is broken. Each kind of media that
was agreed on is watched alone, so a frozen picture with good sound is broken too.
"""

from enum import StrEnum


class Health(StrEnum):
    """What the decoded media say."""

    WAITING = "waiting"  # not every kind has been seen yet, and the set-up limit has not passed
    ALIVE = "alive"
    LOST = "lost"


class MediaWatch:
    """Remembers when each kind of media was last decoded.

    Args:
        limit_s: silence of one kind after which the link is lost.
        setup_s: how long the very first frame of every kind may take.
        now: monotonic seconds at which the set-up began.
    """

    def __init__(self, *, limit_s: float, setup_s: float, now: float) -> None:
        self._limit_s = limit_s
        self._deadline = now + setup_s
        self._seen: dict[str, float | None] = {}

    def expect(self, kind: str) -> None:
        """Watch this kind ("video", "audio") from now on."""
        self._seen.setdefault(kind, None)

    def saw(self, kind: str, now: float) -> None:
        """A frame of this kind has been decoded."""
        self._seen[kind] = now

    def lost(self, now: float) -> tuple[str, ...]:
        """The kinds that are missing for longer than allowed, in order of name."""
        late = now > self._deadline
        return tuple(
            kind
            for kind, seen in sorted(self._seen.items())
            if (seen is None and late) or (seen is not None and now - seen > self._limit_s)
        )

    def health(self, now: float) -> Health:
        """The verdict on all kinds together."""
        if self.lost(now) or (not self._seen and now > self._deadline):
            return Health.LOST
        if not self._seen or any(seen is None for seen in self._seen.values()):
            return Health.WAITING
        return Health.ALIVE
