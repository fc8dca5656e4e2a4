"""The tone of an incoming call, computed and played on this seat's speaker.

Two tones one after the other, again every two seconds: a pattern that is told from speech and from the noises of an
office. It goes through the same short queue as a call's sound (:mod:`video.playout`), so no file is needed.
"""

import asyncio
import logging
import time

import numpy as np

from common.errors import ServiceError
from common.settings import VideoSettings
from video.frames import SAMPLE_RATE, Samples, TimedSound
from video.pace import PacedThread
from video.sinks.speaker import Heard, SpeakerSink
from video.sources.choose import speaker_device

log = logging.getLogger(__name__)

PERIOD_S = 2.0
_TONES = ((0.0, 660.0), (0.35, 880.0))
"""Seconds after the beginning of each period, and hertz."""
_TONE_S = 0.3
_EDGE_S = 0.015
"""Faded in and out: a tone that is cut sharply clicks."""
_PEAK = 10_000
_BLOCK = SAMPLE_RATE // 50
_BLOCK_NS = 20_000_000


def period(volume: float) -> Samples:
    """Two seconds of the ring: int16, mono, 48 kHz; ``volume`` from 0.0 to 1.0."""
    out = np.zeros(round(PERIOD_S * SAMPLE_RATE), np.int16)
    at = np.arange(round(_TONE_S * SAMPLE_RATE)) / SAMPLE_RATE
    edge = np.clip(np.minimum(at, _TONE_S - at) / _EDGE_S, 0.0, 1.0)
    for begin, hertz in _TONES:
        first = round(begin * SAMPLE_RATE)
        wave = volume * _PEAK * edge * np.sin(2 * np.pi * hertz * at)
        out[first : first + at.size] = wave.astype(np.int16)
    return out


class Ringer:
    """Rings from :meth:`start` to :meth:`stop`. Lives in one event loop; the device is held only while it rings.

    Args:
        settings: name the speaker; without one nothing is played, for nobody would hear it.
        volume: 0.0 to 1.0.
        on_heard: as of :class:`video.sinks.speaker.SpeakerSink`. For measuring.
    """

    def __init__(self, settings: VideoSettings, volume: float, *, on_heard: Heard | None = None) -> None:
        self._settings, self._on_heard = settings, on_heard
        self._period = period(volume)
        self._at = 0
        self._wanted = False
        self._turn = asyncio.Lock()
        self._speaker: SpeakerSink | None = None
        self._clockwork: PacedThread | None = None

    async def start(self) -> None:
        """Ring, from the beginning of the pattern. Ringing already: nothing changes.

        Raises:
            UserError: ``settings.invalid``.
        """
        self._wanted = True
        await self._agree()

    async def stop(self) -> None:
        """Be quiet and give the device back. Safe to call twice."""
        self._wanted = False
        await self._agree()

    async def _agree(self) -> None:
        """One at a time: opening and closing a device both take a while, and the wish may change meanwhile."""
        async with self._turn:
            if self._wanted and self._speaker is None:
                await self._begin()
            elif not self._wanted and self._speaker is not None:
                await self._end()

    async def _begin(self) -> None:
        device = await asyncio.to_thread(speaker_device, self._settings)
        if device is False:
            return
        self._at = 0
        self._speaker = SpeakerSink(device, _not_heard, on_heard=self._on_heard)
        await self._speaker.open()
        self._clockwork = PacedThread("ring", _BLOCK_NS, self._block, catch_up=3)
        self._clockwork.start()

    async def _end(self) -> None:
        clockwork, self._clockwork = self._clockwork, None
        speaker, self._speaker = self._speaker, None
        if clockwork is not None:
            await asyncio.to_thread(clockwork.close)
        if speaker is not None:
            await speaker.close()

    def _block(self, _due_ns: int) -> None:
        """The next 20 ms into the queue, on the clockwork's thread."""
        samples = self._period[self._at : self._at + _BLOCK]
        self._at = (self._at + _BLOCK) % self._period.size
        if (speaker := self._speaker) is not None:
            speaker.play(TimedSound(samples, time.monotonic_ns()))


def _not_heard(error: ServiceError) -> None:
    log.warning("ring tone not heard", extra={"code": error.code})
