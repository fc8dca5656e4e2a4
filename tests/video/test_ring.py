"""The tone of an incoming call: its pattern, and that it is played only while somebody is called."""

import asyncio

import numpy as np
import pytest

from common.settings import VideoSettings
from video.frames import SAMPLE_RATE, Samples
from video.ring import Ringer, period

NOT_THERE = VideoSettings(speaker="device:no such device")
"""A device that cannot be opened: the software speaker plays in its place, in the same rhythm."""


def loud(samples: Samples) -> bool:
    return bool(np.abs(samples.astype(np.int32)).max() > 1000)


def pitch(samples: Samples) -> float:
    """The strongest frequency, in hertz."""
    strength = np.abs(np.fft.rfft(samples))
    return float(np.argmax(strength) * SAMPLE_RATE / samples.size)


def part(samples: Samples, begin_s: float, end_s: float) -> Samples:
    return samples[round(begin_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]


def test_two_tones_and_silence_every_two_seconds() -> None:
    ring = period(1.0)
    assert ring.size == 2 * SAMPLE_RATE
    assert pitch(part(ring, 0.05, 0.25)) == pytest.approx(660, abs=5)
    assert pitch(part(ring, 0.4, 0.6)) == pytest.approx(880, abs=5)
    assert not loud(part(ring, 0.305, 0.345))
    assert not loud(part(ring, 0.66, 2.0))


def test_tones_begin_and_end_softly() -> None:
    steps = np.abs(np.diff(period(1.0).astype(np.int32)))
    assert int(steps[:48].max()) < 150
    assert abs(int(period(1.0)[round(0.3 * SAMPLE_RATE) - 1])) < 100


def test_the_volume_scales_it() -> None:
    whole, less = (int(np.abs(period(volume)).max()) for volume in (1.0, 0.3))
    assert less == pytest.approx(whole * 0.3, rel=0.01)


class Ear:
    """What the speaker played; ``something`` is set by the first loud block."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.something = asyncio.Event()
        self.blocks = 0

    def __call__(self, samples: Samples, _heard_ns: int) -> None:
        self.blocks += 1
        if loud(samples):
            self.loop.call_soon_threadsafe(self.something.set)


@pytest.mark.expects_log("ring tone not heard")
async def test_it_is_heard_from_start_to_stop_and_again() -> None:
    ear = Ear()
    ringer = Ringer(NOT_THERE, 1.0, on_heard=ear)
    for _ in range(2):
        await ringer.start()
        await ringer.start()
        await asyncio.wait_for(ear.something.wait(), 10)
        await ringer.stop()
        ear.something.clear()
    after = ear.blocks
    await ringer.stop()
    assert ear.blocks == after, "no thread goes on"


@pytest.mark.expects_log("ring tone not heard")
async def test_stopped_before_the_device_was_open_it_never_rings() -> None:
    ear = Ear()
    ringer = Ringer(NOT_THERE, 1.0, on_heard=ear)
    starting = asyncio.create_task(ringer.start())
    await asyncio.sleep(0)
    await ringer.stop()
    await starting
    assert not ear.something.is_set()
    assert ringer._speaker is None


async def test_without_a_speaker_nothing_is_opened() -> None:
    ear = Ear()
    ringer = Ringer(VideoSettings(speaker="none"), 1.0, on_heard=ear)
    await ringer.start()
    assert ear.blocks == 0
    assert ringer._clockwork is None
