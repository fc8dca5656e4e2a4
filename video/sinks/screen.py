"""The newest picture in the size and format a widget paints, and snapshots of the live video.

Policy: one slot before the conversion, one behind it, the newest wins in both. The conversion runs on a
thread of the sink's own, at the widget's size, so that the GUI thread only copies pixels to the screen.
"""

import asyncio
import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from av.video.reformatter import VideoReformatter
from PIL import Image

from common.aio import LatestValue
from common.errors import UserError
from video import timecode
from video.frames import Pixels, TimedPicture, luma
from video.sinks.taps import Taps


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels ready to paint: four bytes each, blue, green, red, unused (Qt's ``Format_RGB32``).

    ``captured_monotonic_ns`` is what the time code in the picture says, None where there is none;
    ``decoded_monotonic_ns`` and ``wall`` are when this process got the picture.
    """

    width: int
    height: int
    stride: int
    data: bytes
    captured_monotonic_ns: int | None
    decoded_monotonic_ns: int
    wall: datetime
    serial: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One full-size picture out of the live video: RGB, shape (height, width, 3), uint8."""

    rgb: Pixels
    wall: datetime
    serial: int

    def encode(self, kind: Literal["jpeg", "png"] = "jpeg") -> bytes:
        """The picture as a file's bytes. Takes some milliseconds (JPEG) or tens of them (PNG)."""
        buffer = io.BytesIO()
        Image.fromarray(self.rgb).save(buffer, kind.upper(), **({"quality": 92} if kind == "jpeg" else {}))
        return buffer.getvalue()


class ScreenSink:
    """Shows one video: a participant's, or one's own.

    ``pictures`` is read from the GUI thread; everything else belongs to the event loop, except
    :meth:`set_size`, which may be called from anywhere.

    Args:
        measure: read the time code out of each picture that is shown.
        on_decoded: gets (captured, decoded) monotonic nanoseconds for each code read, on the sink's thread.
    """

    def __init__(
        self, name: str, *, measure: bool = False, on_decoded: Callable[[int, int], None] | None = None
    ) -> None:
        self.pictures: LatestValue[Picture] = LatestValue()
        self._name = name
        self._taps: Taps[TimedPicture] = Taps()
        self._measure = measure
        self._on_decoded = on_decoded
        self._size: tuple[int, int] | None = None
        self._latest: TimedPicture | None = None
        self._serial = 0
        self._fresh = asyncio.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"screen-{name}")
        self._reformatter = VideoReformatter()
        self._task: asyncio.Task[None] | None = None

    def set_size(self, width: int, height: int) -> None:
        """Device pixels of the widget; pictures keep their proportions and fit inside. From any thread."""
        self._size = (width, height)

    def add_tap(self, tap: Callable[[TimedPicture], None]) -> Callable[[], None]:
        """Get every frame, also those that are never shown; the returned function ends it."""
        return self._taps.add(tap)

    def show(self, picture: TimedPicture) -> None:
        """The next frame. Returns at once."""
        self._serial += 1
        self._latest = picture
        self._taps.send(picture)
        self._fresh.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._convert_all(), name=f"screen-{self._name}")

    def clear(self) -> None:
        """Forget the last frame: no snapshot of a call that is over."""
        self._latest = None

    async def _convert_all(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            picture = self._latest
            if picture is not None and self._size != (0, 0):
                self.pictures.put(await loop.run_in_executor(self._pool, self._convert, picture, self._serial))

    def _convert(self, timed: TimedPicture, serial: int) -> Picture:
        frame = timed.frame
        captured = timecode.read(luma(frame), timed.monotonic_ns) if self._measure else None
        if captured is not None and self._on_decoded is not None:
            self._on_decoded(captured, timed.monotonic_ns)
        width, height = self._fitted(frame.width, frame.height)
        shown = self._reformatter.reformat(frame, width, height, format="bgra")
        plane = shown.planes[0]
        return Picture(width, height, plane.line_size, bytes(plane), captured, timed.monotonic_ns, timed.wall, serial)

    def _fitted(self, width: int, height: int) -> tuple[int, int]:
        if self._size is None:
            return width, height
        scale = min(self._size[0] / width, self._size[1] / height, 1.0)
        return max(2, round(width * scale)), max(2, round(height * scale))

    async def snapshot(self, *, max_age_s: float = 1.0) -> Snapshot:
        """The newest decoded frame in full size, with the wall time at which it was decoded.

        Raises:
            UserError: ``call.no_picture``: nothing was decoded within ``max_age_s``; a still is no live face.
        """
        timed, serial = self._latest, self._serial
        if timed is None or time.monotonic_ns() - timed.monotonic_ns > max_age_s * 1e9:
            raise UserError("call.no_picture")
        rgb = await asyncio.get_running_loop().run_in_executor(self._pool, _rgb, timed)
        return Snapshot(rgb, timed.wall, serial)

    async def close(self) -> None:
        """End the thread; the last picture stays in the slot."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._pool.shutdown(wait=True)


def _rgb(timed: TimedPicture) -> Pixels:
    return np.ascontiguousarray(timed.frame.to_ndarray(format="rgb24"))
