"""Clicks in the sound whose emission times are known: for measuring the way from mouth to ear.

A click is a 12 ms tone burst that starts on a grid of 400 ms of the machine's monotonic clock, which
all processes of one Linux machine share. Which slot of the grid it belongs to is told by its pitch,
one of eight, so a delay up to 3.2 s is measured without ambiguity. The pitches follow each other in
an order without repeats at short distance, so that an echo is not taken for the next click.
"""

from dataclasses import dataclass

import numpy as np

from video.frames import SAMPLE_RATE, Samples

SLOT_NS = 400_000_000
_PITCHES_HZ = (900, 2100, 1300, 2900, 1700, 3700, 2500, 3300)
_BURST_SAMPLES = 576
_AMPLITUDE = 12_000
_ONSET = 1_500
_PERIOD_NS = 1_000_000_000 / SAMPLE_RATE
_ANALYSIS = 480
_REFRACTORY = SAMPLE_RATE // 8


def _burst(slot: int) -> Samples:
    t = np.arange(_BURST_SAMPLES) / SAMPLE_RATE
    wave = _AMPLITUDE * np.sin(2 * np.pi * _PITCHES_HZ[slot % len(_PITCHES_HZ)] * t)
    return wave.astype(np.int16)


def render(start_ns: int, count: int) -> Samples:
    """The stretch of sound of ``count`` samples whose first sample is spoken at ``start_ns``: clicks and silence."""
    out = np.zeros(count, np.int16)
    end_ns = start_ns + round(count * _PERIOD_NS)
    for slot in range((start_ns - 12_000_000) // SLOT_NS, end_ns // SLOT_NS + 1):
        at = round((slot * SLOT_NS - start_ns) / _PERIOD_NS)
        burst = _burst(slot)
        left, right = max(0, at), min(count, at + _BURST_SAMPLES)
        if left < right:
            out[left:right] = burst[left - at : right - at]
    return out


@dataclass(frozen=True, slots=True)
class Heard:
    """One click at the receiving end: when it was spoken, and how long it took, both in nanoseconds."""

    spoken_ns: int
    delay_ns: int


class ClickDetector:
    """Finds clicks in the sound that leaves a speaker, given when each block starts to be heard."""

    def __init__(self) -> None:
        self._tail: Samples = np.zeros(0, np.int16)
        self._quiet_until = 0
        self._position = 0

    def feed(self, samples: Samples, heard_ns: int) -> list[Heard]:
        """Take the next block; ``heard_ns`` is the monotonic moment its first sample is heard."""
        joined = np.concatenate([self._tail, samples])
        base = self._position - self._tail.size
        first_ns = heard_ns - round(self._tail.size * _PERIOD_NS)
        found: list[Heard] = []
        for onset in np.flatnonzero(np.abs(joined.astype(np.int32)) > _ONSET).tolist():
            if onset + _ANALYSIS > joined.size:
                break
            if base + onset < self._quiet_until:
                continue
            self._quiet_until = base + onset + _REFRACTORY
            found.append(_identify(joined[onset : onset + _ANALYSIS], first_ns + round(onset * _PERIOD_NS)))
        self._position += samples.size
        self._tail = joined[-(_ANALYSIS - 1) :]
        return found


def _identify(window: Samples, heard_ns: int) -> Heard:
    t = np.arange(window.size) / SAMPLE_RATE
    power = [abs(np.dot(window, np.exp(-2j * np.pi * pitch * t))) for pitch in _PITCHES_HZ]
    pitch = int(np.argmax(power))
    # A detector may run a little ahead of the clock, hence one slot of grace before the present one.
    slot = heard_ns // SLOT_NS + 1
    slot -= (slot - pitch) % len(_PITCHES_HZ)
    if slot * SLOT_NS - heard_ns > SLOT_NS // 8:
        slot -= len(_PITCHES_HZ)
    return Heard(slot * SLOT_NS, heard_ns - slot * SLOT_NS)
