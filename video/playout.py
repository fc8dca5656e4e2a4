"""The short queue between the network and the speaker, and the policy that keeps it short. Pure.

Where half a second of delay comes from: every stage between microphone and speaker that hands on one
block for each block it gets keeps for ever whatever once piled up in it — while the connection was
being made, during one hiccup of a thread, behind one lost packet. This queue is the one place that
gives such a backlog back:

- playing starts when ``target`` is there, and starts anew after the queue ran dry (one silence, no stutter);
- running dry raises the target by 10 ms up to 80 ms; ten quiet seconds lower it by 5 ms down to 30 ms;
- if during a whole second the queue never held less than ``target`` + 10 ms, 5 ms are cut out with a
  cross-fade (a speaker 1 % faster: not heard in speech); the loss of a block is heard, this is not;
- more than ``target`` + 80 ms is never kept: the oldest is dropped at once down to ``target``.
"""

import threading
from dataclasses import dataclass

import numpy as np

from video.frames import SAMPLE_RATE, Samples

_MS = SAMPLE_RATE // 1000
_MIN_TARGET, _MAX_TARGET = 30 * _MS, 80 * _MS
_HEADROOM = 80 * _MS
_SLACK = 10 * _MS
_CUT = 5 * _MS
_CALM = 10 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class PlayoutStats:
    """Since the start: times run dry, milliseconds dropped, milliseconds cut; and what lies queued now."""

    dry: int
    dropped_ms: float
    cut_ms: float
    queued_ms: float
    target_ms: float


class Playout:
    """A bounded queue of mono samples, safe between the thread that hears and the one that plays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: Samples = np.zeros(0, np.int16)
        self._target = _MIN_TARGET
        self._playing = False
        self._since_dry = 0
        self._window = 0
        self._lowest = _HEADROOM * 2
        self._dry = 0
        self._dropped = 0
        self._cut = 0

    def push(self, samples: Samples) -> None:
        """Queue sound that arrived."""
        with self._lock:
            self._queue = np.concatenate([self._queue, samples])
            excess = self._queue.size - self._target
            if excess > _HEADROOM:
                self._queue = self._queue[excess:]
                self._dropped += excess

    def pull(self, count: int) -> Samples:
        """The next ``count`` samples for the speaker; silence where there is nothing to play."""
        with self._lock:
            if not self._playing and self._queue.size < max(self._target, count):
                return np.zeros(count, np.int16)
            self._playing = True
            if self._queue.size < count:
                return self._ran_dry(count)
            out, self._queue = self._queue[:count], self._queue[count:]
            self._adapt(count)
            return out

    def _ran_dry(self, count: int) -> Samples:
        out = np.zeros(count, np.int16)
        out[: self._queue.size] = self._queue
        self._queue = self._queue[:0]
        self._playing = False
        self._dry += 1
        self._since_dry = 0
        self._target = min(_MAX_TARGET, self._target + 10 * _MS)
        self._restart_window()
        return out

    def _adapt(self, count: int) -> None:
        self._since_dry += count
        if self._since_dry >= _CALM:
            self._since_dry = 0
            self._target = max(_MIN_TARGET, self._target - 5 * _MS)
        self._window += count
        self._lowest = min(self._lowest, self._queue.size)
        if self._window >= SAMPLE_RATE:
            if self._lowest > self._target + _SLACK:
                self._shrink()
            self._restart_window()

    def _restart_window(self) -> None:
        self._window = 0
        self._lowest = _HEADROOM * 2

    def _shrink(self) -> None:
        fade = np.linspace(1.0, 0.0, _CUT)
        before, after = self._queue[:_CUT], self._queue[_CUT : 2 * _CUT]
        joint = (before * fade + after * (1.0 - fade)).astype(np.int16)
        self._queue = np.concatenate([joint, self._queue[2 * _CUT :]])
        self._cut += _CUT

    def stats(self) -> PlayoutStats:
        """What the policy did so far."""
        with self._lock:
            return PlayoutStats(
                self._dry, self._dropped / _MS, self._cut / _MS, self._queue.size / _MS, self._target / _MS
            )
