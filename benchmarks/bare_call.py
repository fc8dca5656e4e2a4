"""The yardstick: the shortest call that aiortc alone makes, with the same pictures, sound and bit rates."""

import asyncio
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack, VideoStreamTrack

from common.settings import VideoSettings
from video import clicks, codecs, timecode
from video.frames import BLOCK_SAMPLES, SAMPLE_RATE, TimedPicture, luma
from video.measure import CallFigures, CallMeasure
from video.sinks.screen import Picture
from video.sources import people
from video.sources.synthetic import SyntheticCamera


class _Pictures(VideoStreamTrack):
    def __init__(self, camera: SyntheticCamera) -> None:
        super().__init__()
        self._camera = camera
        self._index = 0

    async def recv(self) -> Any:
        pts, time_base = await self.next_timestamp()
        frame = self._camera.render(self._index, time.monotonic_ns())
        self._index += 1
        frame.pts, frame.time_base = pts, time_base
        return frame


class _Clicks(AudioStreamTrack):
    def __init__(self) -> None:
        super().__init__()
        self._origin: int | None = None
        self._pts = 0

    async def recv(self) -> Any:
        now = time.monotonic_ns()
        if self._origin is None:
            self._origin = now
        due = self._origin + (self._pts + BLOCK_SAMPLES) * 1_000_000_000 // SAMPLE_RATE
        await asyncio.sleep(max(0.0, (due - now) / 1e9))
        samples = clicks.render(due - 20_000_000, BLOCK_SAMPLES)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self._pts
        self._pts += BLOCK_SAMPLES
        return frame


class BareCall:
    """aiortc's own tracks and buffers; each picture is made ready to paint in the event loop."""

    def __init__(self, settings: VideoSettings, role: str, say: Callable[[dict[str, Any]], None]) -> None:
        codecs.set_bitrates()
        self._say = say
        self._measure = CallMeasure()
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("track", self._track)
        portrait = people.teller() if role == "offerer" else people.customer()
        camera = SyntheticCamera(portrait, width=settings.width, height=settings.height, measure=True)
        self._connection.addTrack(_Clicks())
        self._connection.addTrack(_Pictures(camera))
        self._tasks: list[asyncio.Task[None]] = []
        self._latest: Picture | None = None
        self._serial = 0
        self._seen: set[str] = set()

    async def join(self, role: str) -> None:
        self._measure.note_joined()
        if role == "offerer":
            await self._connection.setLocalDescription(await self._connection.createOffer())
            self._describe()

    async def description(self, kind: str, sdp: str) -> None:
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp, kind))
        if kind == "offer":
            await self._connection.setLocalDescription(await self._connection.createAnswer())
            self._describe()

    def _describe(self) -> None:
        local = self._connection.localDescription
        self._say({"type": "description", "kind": local.type, "sdp": local.sdp})

    def _track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._pictures(track) if track.kind == "video" else self._sound(track)))

    def _note(self, kind: str) -> None:
        self._seen.add(kind)
        if len(self._seen) == 2:
            self._measure.note_connected()

    async def _pictures(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            timed = TimedPicture(frame, time.monotonic_ns())
            self._note("video")
            self._measure.note_frame(timed)
            captured = timecode.read(luma(frame), timed.monotonic_ns)
            if captured is not None:
                self._measure.note_decoded(captured, timed.monotonic_ns)
            plane = frame.reformat(960, 540, format="bgra").planes[0]
            self._serial += 1
            self._latest = Picture(
                960, 540, plane.line_size, bytes(plane), captured, timed.monotonic_ns, timed.wall, self._serial
            )

    async def _sound(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            self._note("audio")
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0]
            self._measure.note_heard(samples, time.monotonic_ns())

    def repaint(self) -> None:
        if self._latest is not None:
            self._measure.note_painted(self._latest)

    def reset(self) -> None:
        self._measure.reset()

    def figures(self) -> CallFigures:
        return self._measure.figures("decoded only, no speaker")

    async def close(self) -> None:
        await self._connection.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
