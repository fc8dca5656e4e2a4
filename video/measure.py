"""Figures of a call for reports and benchmarks: latencies, frame rate, set-up time. Thread-safe, bounded.

Picture latency needs time codes in the sender's picture, sound latency clicks in its sound
(``VideoSettings.measure``), and both ends on one machine, for the clock is the machine's monotonic one.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from common.figures import nearest_rank
from video.clicks import ClickDetector
from video.frames import Samples, TimedPicture
from video.sinks.screen import Picture

_KEPT = 36_000
"""Values kept of each kind: 20 minutes of video at 30 fps; older ones go."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Milliseconds."""

    count: int
    p50: float
    p95: float
    max: float


@dataclass(frozen=True, slots=True)
class CallFigures:
    """What was measured; None where nothing could be.

    ``decode_ms``: picture drawn to decoded here; ``display_ms``: drawn to painted; ``sound_ms``: mouth to
    ear; ``setup_ms``: join to the first decoded picture and sound; ``longest_gap_ms``: between two pictures.
    """

    setup_ms: float | None
    decode_ms: Quantiles | None
    display_ms: Quantiles | None
    sound_ms: Quantiles | None
    sound_path: str
    frames_decoded: int
    frames_painted: int
    fps_decoded: float | None
    longest_gap_ms: float | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def quantiles(milliseconds: Iterable[float]) -> Quantiles | None:
    """Nearest-rank p50 and p95, or None of nothing."""
    values = sorted(milliseconds)
    if not values:
        return None

    def rank(share: float) -> float:
        return round(nearest_rank(values, share), 1)

    return Quantiles(len(values), rank(0.5), rank(0.95), round(values[-1], 1))


class CallMeasure:
    """Collects; may be told things from any thread."""

    def __init__(self, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock_ns = clock_ns
        self._lock = threading.Lock()
        self._clicks = ClickDetector()
        self.reset()

    def reset(self) -> None:
        """Begin anew, for instance when the warm-up is over. The set-up time stays."""
        with self._lock:
            self._decode: deque[float] = deque(maxlen=_KEPT)
            self._display: deque[float] = deque(maxlen=_KEPT)
            self._sound: deque[float] = deque(maxlen=_KEPT)
            self._decoded = 0
            self._painted = 0
            self._first_ns = self._last_ns = 0
            self._longest_ns = 0
            self._last_painted_serial = -1

    _joined_ns: int | None = None
    _connected_ns: int | None = None

    def note_joined(self) -> None:
        """The call was answered or placed: set-up begins."""
        self._joined_ns, self._connected_ns = self._clock_ns(), None

    def note_connected(self) -> None:
        """The first picture and sound have been decoded; later ones of the same call do not count."""
        if self._connected_ns is None:
            self._connected_ns = self._clock_ns()

    def note_frame(self, picture: TimedPicture) -> None:
        """A remote picture was decoded. A tap for the remote screen."""
        with self._lock:
            if self._decoded:
                self._longest_ns = max(self._longest_ns, picture.monotonic_ns - self._last_ns)
            else:
                self._first_ns = picture.monotonic_ns
            self._last_ns = picture.monotonic_ns
            self._decoded += 1

    def note_decoded(self, captured_ns: int, decoded_ns: int) -> None:
        """A time code was read out of a decoded picture."""
        with self._lock:
            self._decode.append((decoded_ns - captured_ns) / 1e6)

    def note_painted(self, picture: Picture, at_ns: int | None = None) -> None:
        """The widget has just painted this picture. Painting the same one again does not count."""
        at_ns = self._clock_ns() if at_ns is None else at_ns
        with self._lock:
            if picture.serial == self._last_painted_serial:
                return
            self._last_painted_serial = picture.serial
            self._painted += 1
            if picture.captured_monotonic_ns is not None:
                self._display.append((at_ns - picture.captured_monotonic_ns) / 1e6)

    def note_heard(self, samples: Samples, heard_ns: int) -> None:
        """The speaker plays this block from ``heard_ns`` on."""
        found = self._clicks.feed(samples, heard_ns)
        with self._lock:
            self._sound.extend(heard.delay_ns / 1e6 for heard in found)

    def figures(self, sound_path: str = "") -> CallFigures:
        """What has been gathered since the start or the last reset."""
        with self._lock:
            span = (self._last_ns - self._first_ns) / 1e9
            setup = None
            if self._joined_ns is not None and self._connected_ns is not None:
                setup = round((self._connected_ns - self._joined_ns) / 1e6, 1)
            return CallFigures(
                setup_ms=setup,
                decode_ms=quantiles(self._decode),
                display_ms=quantiles(self._display),
                sound_ms=quantiles(self._sound),
                sound_path=sound_path,
                frames_decoded=self._decoded,
                frames_painted=self._painted,
                fps_decoded=round((self._decoded - 1) / span, 2) if span > 0 else None,
                longest_gap_ms=round(self._longest_ns / 1e6, 1) if self._decoded > 1 else None,
            )
