"""Sound to the ear: a real device, or a software speaker of the same block structure where there is none.

Both pull 10 ms blocks out of :class:`video.playout.Playout`. PortAudio says when a block will be heard;
the software speaker keeps one block ahead, like a device with two buffers: a block asked for now is
heard one block later.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Literal

from common.errors import ServiceError
from video.frames import SAMPLE_RATE, Samples, TimedSound, level
from video.pace import PacedThread
from video.playout import Playout, PlayoutStats
from video.portaudio import portaudio
from video.sinks.taps import Taps

log = logging.getLogger(__name__)

BLOCK = 480
_BLOCK_NS = 10_000_000
_STALL_S = 2.0

Heard = Callable[[Samples, int], None]


class SpeakerSink:
    """Plays one participant.

    Args:
        device: a PortAudio device name, None for the default one, False for nowhere.
        on_notice: told ``call.speaker_denied`` when the device cannot be opened; the software speaker
            then takes its place, so that meters, taps and measurements go on.
        on_heard: gets every block with the monotonic nanoseconds at which its first sample is heard, on
            the speaker's thread. For measuring.
    """

    def __init__(
        self,
        device: str | Literal[False] | None,
        on_notice: Callable[[ServiceError], None],
        *,
        on_heard: Heard | None = None,
    ) -> None:
        self.level = 0.0
        self.path: Literal["device", "software", "closed"] = "closed"
        self._device = device
        self._on_notice = on_notice
        self._on_heard = on_heard
        self._taps: Taps[TimedSound] = Taps()
        self._playout = Playout()
        self._pulled = 0.0
        self._stream: Any = None
        self._software: PacedThread | None = None

    @property
    def kind(self) -> Literal["device", "software", "closed"]:
        """What plays now; ``path`` says what played last, also after the end, for the report of a measurement."""
        if self._stream is not None:
            return "device"
        return "software" if self._software is not None else "closed"

    async def open(self) -> None:
        """Start playing: silence until sound comes."""
        if self._device is not False:
            try:
                # PortAudio may take a tenth of a second to open a device.
                self._pulled = time.monotonic()
                self._stream = await asyncio.to_thread(self._open_device)
                self.path = "device"
                return
            except ServiceError as error:
                self._on_notice(error)
        self._open_software()

    def _open_software(self) -> None:
        self._software = PacedThread("speaker", _BLOCK_NS, self._software_block, catch_up=3)
        self._software.start()
        self.path = "software"

    def _open_device(self) -> Any:
        module = portaudio()

        def callback(out: Any, count: int, at: Any, status: Any) -> None:
            ahead = max(0.0, at.outputBufferDacTime - at.currentTime)
            samples = self._next(count, time.monotonic_ns() + round(ahead * 1e9))
            out[:] = samples.tobytes()

        try:
            stream = module.RawOutputStream(
                samplerate=SAMPLE_RATE,
                channels=1,
                dtype="int16",
                blocksize=BLOCK,
                latency="low",
                device=self._device,
                callback=callback,
            )
            stream.start()
        except (module.PortAudioError, ValueError) as error:
            raise ServiceError("call.speaker_denied", what=type(error).__name__) from error
        return stream

    async def check(self) -> None:
        """Look whether the device still asks for sound; to be called now and then.

        One that was pulled out often just stops asking. The software speaker then takes its place, and
        ``call.speaker_lost`` is said.
        """
        stream = self._stream
        if stream is not None and time.monotonic() - self._pulled > _STALL_S:
            self._stream = None
            self._open_software()
            self._on_notice(ServiceError("call.speaker_lost", device=str(self._device or "")))
            await asyncio.to_thread(stream.close)

    def _software_block(self, due_ns: int) -> None:
        self._next(BLOCK, max(due_ns, time.monotonic_ns() - _BLOCK_NS) + _BLOCK_NS)

    def _next(self, count: int, heard_ns: int) -> Samples:
        self._pulled = time.monotonic()
        samples = self._playout.pull(count)
        if self._on_heard is not None:
            self._on_heard(samples, heard_ns)
        return samples

    def play(self, sound: TimedSound) -> None:
        """Queue sound that was decoded. Returns at once."""
        self.level = max(level(sound.samples), self.level * 0.8)
        self._taps.send(sound)
        self._playout.push(sound.samples)

    def add_tap(self, tap: Callable[[TimedSound], None]) -> Callable[[], None]:
        """Get every block as it was decoded; the returned function ends it."""
        return self._taps.add(tap)

    def stats(self) -> PlayoutStats:
        """What the queue's policy did so far."""
        return self._playout.stats()

    async def close(self) -> None:
        """Stop playing, give the device back; safe to call twice."""
        stream, self._stream = self._stream, None
        software, self._software = self._software, None
        if stream is not None:
            await asyncio.to_thread(stream.close)
        if software is not None:
            await asyncio.to_thread(software.close)
