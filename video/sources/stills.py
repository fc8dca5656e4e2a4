"""Pictures that do not move: the card sent when the camera is off, gone or the call is on hold.

Sent a few times a second: enough for the other side's watchdog, next to nothing for the codec. No words
are drawn, for they would be in one language; the window of the other side says it.
"""

import time
from fractions import Fraction

import av
import numpy as np

from video.frames import Pixels, TimedPicture, planes
from video.pace import PacedThread
from video.sources.base import DeliverPicture, Failed

_PERIOD_NS = 100_000_000
TIME_BASE = Fraction(1, 90_000)


def packed(frame: av.VideoFrame) -> Pixels:
    """A yuv420p frame as one array of shape (height * 3 / 2, width)."""
    return np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)


def card(width: int, height: int, *, bars: bool) -> av.VideoFrame:
    """A dark card with a head and shoulders (camera off), or two upright bars (on hold)."""
    array = np.full((height * 3 // 2, width), 128, np.uint8)
    y, _, _ = planes(array)
    y[:] = 52
    rows, columns = np.ogrid[:height, :width]
    unit = height / 10
    if bars:
        inside = (np.abs(rows - height / 2) < 2 * unit) & (np.abs(np.abs(columns - width / 2) - unit) < unit / 2)
    else:
        head = (rows - 3.7 * unit) ** 2 + (columns - width / 2) ** 2 < (1.3 * unit) ** 2
        body = ((rows - 8 * unit) / 2.6) ** 2 + ((columns - width / 2) / 2.9) ** 2 < unit**2
        inside = head | (body & (rows < 8 * unit))
    y[inside] = 120
    return av.VideoFrame.from_ndarray(array, format="yuv420p")


class StillSource:
    """One picture, again and again, ten times a second. Never fails."""

    def __init__(self, frame: av.VideoFrame, name: str = "off") -> None:
        self.name = name
        self._pixels = packed(frame)
        self._thread: PacedThread | None = None

    def open(self, deliver: DeliverPicture, failed: Failed) -> None:
        def tick(due_ns: int) -> None:
            # A fresh frame each time: takers stamp it.
            deliver(TimedPicture(av.VideoFrame.from_ndarray(self._pixels, format="yuv420p"), time.monotonic_ns()))

        self._thread = PacedThread(f"source-{self.name}", _PERIOD_NS, tick)
        self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.close()
