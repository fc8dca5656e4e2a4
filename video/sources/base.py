"""What a source is. Frames are delivered on the source's own thread, at the pace of its own clock."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from common.errors import ServiceError
from common.wire.liveness import Gesture
from video.frames import TimedPicture, TimedSound

DeliverPicture = Callable[[TimedPicture], None]
DeliverSound = Callable[[TimedSound], None]
Failed = Callable[[ServiceError], None]


class VideoSource(Protocol):
    """Pictures as yuv420p."""

    @property
    def name(self) -> str:
        """For the settings page and logs: ``camera /dev/video0``, ``synthetic``, ``off``."""

    def open(self, deliver: DeliverPicture, failed: Failed) -> None:
        """Start the thread. What goes wrong later, opening the device included, goes to ``failed``, once."""

    def close(self) -> None:
        """Stop the thread and give the device back. Blocks until both are done; safe to call twice."""


@runtime_checkable
class Actor(Protocol):
    """A source before which somebody simulated stands, who can do as asked."""

    def act(self, gesture: Gesture) -> bool:
        """Begin a gesture; False: not possible now. From any thread."""


class SoundSource(Protocol):
    """Mono int16 sound at 48 kHz in blocks of 20 ms or less."""

    @property
    def name(self) -> str:
        """For the settings page and logs."""

    def open(self, deliver: DeliverSound, failed: Failed) -> None:
        """As for pictures."""

    def close(self) -> None:
        """As for pictures."""
