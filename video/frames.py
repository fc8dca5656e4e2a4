"""What travels inside the room: a picture or a piece of sound with the moment it was taken.

Monotonic nanoseconds are for durations within one machine, wall time is for records and evidence.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Samples = NDArray[np.int16]

SAMPLE_RATE = 48_000
"""Hertz, everywhere: Opus works at this rate and most sound cards do."""

BLOCK_SAMPLES = 960
"""20 ms, the packet that Opus and every browser use."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TimedPicture:
    """A decoded or captured picture and when this process got it. The frame is shared: never write to it."""

    frame: av.VideoFrame
    monotonic_ns: int
    wall: datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class TimedSound:
    """Mono sound, int16 at 48 kHz, shape (samples,), and when this process got its last sample."""

    samples: Samples
    monotonic_ns: int
    wall: datetime = field(default_factory=_now)


def luma(frame: av.VideoFrame) -> Pixels:
    """The brightness plane of a yuv420p frame as (height, width), sharing the frame's memory."""
    plane: Any = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def planes(array: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Y, U and V of a packed yuv420p array of shape (height * 3 / 2, width), sharing its memory.

    Width and height must be multiples of 4, so that each chroma plane fills whole rows.
    """
    rows, width = array.shape
    height = rows * 2 // 3
    chroma = height // 4
    u = array[height : height + chroma].reshape(height // 2, width // 2)
    v = array[height + chroma :].reshape(height // 2, width // 2)
    return array[:height], u, v


def level(samples: Samples) -> float:
    """Loudness for a meter: 0.0 at -60 dBFS and below, 1.0 at full scale."""
    if samples.size == 0:
        return 0.0
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    if rms < 1.0:
        return 0.0
    return min(1.0, max(0.0, 1.0 + 20.0 * float(np.log10(rms / 32768.0)) / 60.0))
