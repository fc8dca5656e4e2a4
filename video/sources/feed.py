"""Between a source's thread and the event loop: fan-out, change-over, mute and hold.

Policy of the queues: pictures — every taker has one slot, the newest wins; sound — every taker keeps at
most three blocks (60 ms), the oldest is dropped. A source that fails or falls silent is closed, said so
by a typed notice, and the next in line takes its place; the last in line (a card, silence) cannot fail.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeVar

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from common.aio import TaskSet
from common.errors import ServiceError
from common.wire.liveness import Gesture
from video.frames import BLOCK_SAMPLES, SAMPLE_RATE, Samples, TimedPicture, TimedSound, level
from video.sources.base import Actor
from video.sources.stills import TIME_BASE

log = logging.getLogger(__name__)

F = TypeVar("F", TimedPicture, TimedSound)
F_co = TypeVar("F_co", TimedPicture, TimedSound, covariant=True)
Tap = Callable[[F], None]
Notice = Callable[[ServiceError], None]

_MAX_BLOCKS = 3
_STALL_S = 2.0


class _Source(Protocol[F_co]):
    @property
    def name(self) -> str: ...
    def open(self, deliver: Callable[[F_co], None], failed: Callable[[ServiceError], None]) -> None: ...
    def close(self) -> None: ...


class _Feed(Generic[F]):
    """The part that pictures and sound share: one open source out of a line of them, and its takers."""

    def __init__(self, code: str, on_notice: Notice) -> None:
        self._line: deque[_Source[F]] = deque()
        self._code = code
        self._on_notice = on_notice
        self._taps: list[Tap[F]] = []
        self._tracks: set[Any] = set()
        self._source: _Source[F] | None = None
        self._tasks = TaskSet(f"feed-{code}")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._seen = 0.0
        self._opening: asyncio.Task[None] | None = None
        self._shutting: set[asyncio.Task[None]] = set()
        self._generation = 0
        self._closed = False

    @property
    def source_name(self) -> str:
        """What is open now; empty before open and after close."""
        return self._source.name if self._source is not None else ""

    async def open(self, line: Sequence[_Source[F]]) -> None:
        """Open the first source of the line. Tracks may be taken before: they wait for the first frame."""
        if self._closed:
            return
        self._line.extend(line)
        self._loop = asyncio.get_running_loop()
        self._next_source()
        self._tasks.spawn(self._watch(), name=f"feed-{self._code}-watch")

    def _next_source(self) -> None:
        assert self._loop is not None
        loop = self._loop
        self._generation += 1
        generation = self._generation
        source = self._source = self._line.popleft()
        self._seen = time.monotonic()

        def deliver(timed: F) -> None:
            _to_loop(loop, self._arrived, generation, timed)

        def failed(error: ServiceError) -> None:
            _to_loop(loop, self._failed, generation, error)

        # Opening a device may take a while: never in the loop.
        self._opening = loop.create_task(asyncio.to_thread(source.open, deliver, failed), name=f"open-{source.name}")

    def _arrived(self, generation: int, timed: F) -> None:
        if generation != self._generation:
            return
        self._seen = time.monotonic()
        timed = self._shown(timed)
        for tap in tuple(self._taps):
            tap(timed)
        for track in tuple(self._tracks):
            track.offer(timed)

    def _shown(self, timed: F) -> F:
        """What the takers get for this frame."""
        return timed

    def _failed(self, generation: int, error: ServiceError) -> None:
        if generation != self._generation or not self._line:
            return
        log.warning("media source failed", extra={"source": self.source_name, "code": error.code})
        old, opening = self._source, self._opening
        self._next_source()
        shutting = asyncio.get_running_loop().create_task(_shut(old, opening), name="close-source")
        self._shutting.add(shutting)
        shutting.add_done_callback(self._shutting.discard)
        self._on_notice(error)

    async def _watch(self) -> None:
        """A device that was pulled out often says nothing at all: notice that it fell silent."""
        while self._line:
            await asyncio.sleep(_STALL_S / 4)
            if time.monotonic() - self._seen > _STALL_S:
                self._failed(self._generation, ServiceError(f"{self._code}_lost", device=self.source_name))

    def add_tap(self, tap: Tap[F]) -> Callable[[], None]:
        """Call ``tap`` in the loop with every frame, uncopied; the returned function takes it off again."""
        self._taps.append(tap)
        return lambda: self._taps.remove(tap) if tap in self._taps else None

    def drop(self, track: Any) -> None:
        """A track was stopped."""
        self._tracks.discard(track)

    async def close(self) -> None:
        """End all tracks, stop the source, give the device back."""
        self._generation += 1
        self._closed = True
        for track in tuple(self._tracks):
            track.stop()
        await self._tasks.close()
        source, self._source = self._source, None
        await asyncio.gather(*self._shutting, _shut(source, self._opening))


async def _shut(source: _Source[Any] | None, opening: "asyncio.Task[None] | None") -> None:
    if opening is not None:
        await asyncio.gather(opening, return_exceptions=True)
    if source is not None:
        await asyncio.to_thread(source.close)


def _to_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: object) -> None:
    try:
        loop.call_soon_threadsafe(call, *args)
    except RuntimeError:
        # The loop closed before the source's thread ended: nobody is left to take the frame.
        log.debug("frame after the end of the loop")


class VideoFeed(_Feed[TimedPicture]):
    """Pictures from one camera to any number of takers: peers, the self view, later a recording."""

    def __init__(self, on_notice: Notice, *, hold_card: av.VideoFrame | None = None) -> None:
        super().__init__("call.camera", on_notice)
        self._hold_card = hold_card.to_ndarray(format="yuv420p") if hold_card is not None else None
        self._held = False
        self._origin_ns: int | None = None
        self._pts = -1

    def hold(self, on: bool) -> None:
        """Show the hold card to everybody instead of the camera; its pace stays, so the call stays alive."""
        self._held = on and self._hold_card is not None

    def _shown(self, timed: TimedPicture) -> TimedPicture:
        if self._held and self._hold_card is not None:
            held = av.VideoFrame.from_ndarray(self._hold_card, format="yuv420p")
            timed = TimedPicture(held, timed.monotonic_ns, timed.wall)
        if self._origin_ns is None:
            self._origin_ns = timed.monotonic_ns
        self._pts = max(self._pts + 1, (timed.monotonic_ns - self._origin_ns) * 9 // 100_000)
        timed.frame.pts = self._pts
        timed.frame.time_base = TIME_BASE
        return timed

    def act(self, gesture: Gesture) -> bool:
        """Ask the person before a simulated camera for a gesture; False: nobody there can."""
        return isinstance(self._source, Actor) and self._source.act(gesture)

    def track(self) -> "PictureTrack":
        """A new track for a peer connection."""
        track = PictureTrack(self.drop)
        self._tracks.add(track)
        return track


class SoundFeed(_Feed[TimedSound]):
    """Sound from one microphone to any number of takers."""

    def __init__(self, on_notice: Notice) -> None:
        super().__init__("call.microphone", on_notice)
        self._muted = False
        self.level = 0.0

    def mute(self, on: bool) -> None:
        """Send silence. The meter still shows the microphone, so that somebody speaking muted can be told."""
        self._muted = on

    def _shown(self, timed: TimedSound) -> TimedSound:
        self.level = max(level(timed.samples), self.level * 0.8)
        if self._muted:
            return TimedSound(np.zeros_like(timed.samples), timed.monotonic_ns, timed.wall)
        return timed

    def track(self) -> "SoundTrack":
        """A new track for a peer connection."""
        track = SoundTrack(self.drop)
        self._tracks.add(track)
        return track


class PictureTrack(MediaStreamTrack):
    """The newest picture for one peer. A picture the encoder had no time for is skipped, never queued."""

    kind = "video"

    def __init__(self, on_stop: Callable[["PictureTrack"], None]) -> None:
        super().__init__()
        self._on_stop = on_stop
        self._ready = asyncio.Event()
        self._newest: TimedPicture | None = None
        self.taken = 0

    def offer(self, timed: TimedPicture) -> None:
        self._newest = timed
        self._ready.set()

    async def recv(self) -> av.VideoFrame:
        await self._ready.wait()
        self._ready.clear()
        timed, self._newest = self._newest, None
        if self.readyState != "live" or timed is None:
            raise MediaStreamError
        self.taken += 1
        return timed.frame

    def stop(self) -> None:
        super().stop()
        self._ready.set()
        self._on_stop(self)


class SoundTrack(MediaStreamTrack):
    """20 ms blocks for one peer, at most three of them waiting; then the oldest goes."""

    kind = "audio"

    def __init__(self, on_stop: Callable[["SoundTrack"], None]) -> None:
        super().__init__()
        self._on_stop = on_stop
        self._ready = asyncio.Event()
        self._blocks: Samples = np.zeros(0, np.int16)
        self._pts = 0
        self._begun = False
        self.dropped_blocks = 0

    def offer(self, timed: TimedSound) -> None:
        self._blocks = np.concatenate([self._blocks, timed.samples])
        excess = self._blocks.size - _MAX_BLOCKS * BLOCK_SAMPLES
        if excess > 0:
            self.dropped_blocks += -(-excess // BLOCK_SAMPLES)
            self._blocks = self._blocks[excess:]
        if self._blocks.size >= BLOCK_SAMPLES:
            self._ready.set()

    async def recv(self) -> av.AudioFrame:
        if not self._begun:
            # What was said before the connection stood is not worth a delay for the rest of the call.
            self._begun = True
            self._blocks = self._blocks[:0]
            if self.readyState == "live":
                self._ready.clear()
        await self._ready.wait()
        if self.readyState != "live":
            raise MediaStreamError
        block, self._blocks = self._blocks[:BLOCK_SAMPLES], self._blocks[BLOCK_SAMPLES:]
        if self._blocks.size < BLOCK_SAMPLES:
            self._ready.clear()
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        # The encoder insists on an unbroken count; what was dropped shortens the sound, it leaves no hole.
        frame.pts = self._pts
        self._pts += BLOCK_SAMPLES
        return frame

    def stop(self) -> None:
        super().stop()
        self._ready.set()
        self._on_stop(self)
