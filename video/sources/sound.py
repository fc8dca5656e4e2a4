"""Sound that is computed: silence, a soft tone, or the clicks that measure the way from mouth to ear."""

from collections.abc import Callable

import numpy as np

from video import clicks
from video.frames import BLOCK_SAMPLES, SAMPLE_RATE, Samples, TimedSound
from video.pace import PacedThread
from video.sources.base import DeliverSound, Failed

_PERIOD_NS = 20_000_000

Render = Callable[[int, int], Samples]


def silence(start_ns: int, count: int) -> Samples:
    """Nothing."""
    return np.zeros(count, np.int16)


def tone(start_ns: int, count: int) -> Samples:
    """A quiet 220 Hz hum whose loudness rises and falls like speech, so that a meter moves."""
    t = start_ns / 1e9 + np.arange(count) / SAMPLE_RATE
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * 0.4 * t)
    return np.asarray(600 * swell * np.sin(2 * np.pi * 220 * t), np.int16)


class ComputedMicrophone:
    """A microphone whose sound is a function of time.

    A block covers the 20 ms before it is handed over, as with a real sound card: its first sample was
    "spoken" a whole block earlier, and the capture buffer is part of every delay measured.
    """

    def __init__(self, render: Render = tone, name: str = "synthetic") -> None:
        self.name = name
        self._render = render
        self._thread: PacedThread | None = None

    def open(self, deliver: DeliverSound, failed: Failed) -> None:
        def tick(due_ns: int) -> None:
            deliver(TimedSound(self._render(due_ns - _PERIOD_NS, BLOCK_SAMPLES), due_ns))

        self._thread = PacedThread("source-sound", _PERIOD_NS, tick, catch_up=2)
        self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.close()


def clicking() -> ComputedMicrophone:
    """The measuring microphone."""
    return ComputedMicrophone(clicks.render, "clicks")
