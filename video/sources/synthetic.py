"""A camera made of one portrait: a person before a wall who sways a little while the light changes.

Everything costly is done once: the room as YUV planes, the portrait at several sizes. A frame is then
two copies and one addition, about a millisecond at 1280x720.
"""

import math
import time
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from video import timecode
from video.frames import Pixels, TimedPicture, planes
from video.pace import PacedThread
from video.sources.base import DeliverPicture, Failed
from video.sources.stills import packed

_SIZES = 6
_GROWTH = 0.035
_LIGHT = 6
_WALL = (211, 221, 227)

Planes = tuple[Pixels, Pixels, Pixels]


def _room(width: int, height: int) -> Image.Image:
    """A plain office wall with a door and a shelf, in the tones of the product's pictures."""
    picture = Image.new("RGB", (width, height), _WALL)
    draw = ImageDraw.Draw(picture)
    unit = height / 100
    draw.rectangle((0, 0, 0.13 * width, height), fill=(198, 212, 220))
    left, top = 0.84 * width, 0.17 * height
    draw.rectangle((left, top, width - 2 * unit, top + 2 * unit), fill=(160, 178, 192))
    for index, tone in enumerate(((140, 165, 184), (226, 232, 236), (165, 185, 196))):
        x = left + (3 + 7 * index) * unit
        draw.rectangle((x, top - (11 - 2 * index) * unit, x + 5 * unit, top), fill=tone)
    draw.rectangle((0, _desk(height), width, height), fill=(160, 178, 192))
    return picture


def _desk(height: int) -> int:
    """The first row of the desk, which stands before the person; a multiple of 4."""
    return height - max(timecode.strip_height(height), height * 7 // 100 // 4 * 4)


def _cut_out(portrait: Image.Image, side: int) -> Image.Image:
    """The portrait at this height before the wall, its edges melted into it."""
    scale = side / portrait.height
    size = (max(8, round(portrait.width * scale / 4) * 4), side)
    face = portrait.resize(size, Image.Resampling.LANCZOS)
    mask = Image.new("L", size, 0)
    margin = size[0] // 12
    ImageDraw.Draw(mask).rounded_rectangle((margin, margin, size[0] - margin, side + margin), size[0] // 5, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(margin / 2.5))
    return Image.composite(face, Image.new("RGB", size, _WALL), mask)


def _yuv(picture: Image.Image) -> Pixels:
    rgb = np.asarray(picture.convert("RGB"))
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    # Room is left at both ends of the scale, so that light can be added without overflow.
    return np.clip(packed(frame.reformat(format="yuv420p")), 16 + _LIGHT, 235 - _LIGHT).astype(np.uint8)


class SyntheticCamera:
    """The animated portrait at an exact frame rate.

    Args:
        portrait: RGB pixels, shape (height, width, 3), uint8: head and shoulders, upright.
        width, height: size of the pictures; multiples of 4.
        measure: draw :mod:`video.timecode` into every picture.
    """

    def __init__(
        self, portrait: Pixels, *, width: int = 1280, height: int = 720, fps: int = 30, measure: bool = False
    ) -> None:
        self.name = "synthetic"
        self._fps = fps
        self._measure = measure
        self._room = _yuv(_room(width, height))
        self._people = self._scaled(Image.fromarray(portrait), width, height)
        self._count = 0
        self._thread: PacedThread | None = None

    @staticmethod
    def _scaled(portrait: Image.Image, width: int, height: int) -> list[Pixels]:
        strip = timecode.strip_height(height)
        tallest = height - strip - height // 12
        # A wide picture is cut to the middle: the person counts, not what stands beside.
        limit = round(portrait.height * 0.62 * width / tallest)
        if portrait.width > limit:
            left = (portrait.width - limit) // 2
            portrait = portrait.crop((left, 0, left + limit, portrait.height))
        sizes = [round(tallest * (1 - _GROWTH * step / (_SIZES - 1)) / 4) * 4 for step in range(_SIZES)]
        return [_yuv(_cut_out(portrait, size)) for size in sizes]

    def render(self, index: int, drawn_ns: int) -> av.VideoFrame:
        """Picture number ``index``; ``drawn_ns`` is what the time code says, if one is wanted."""
        seconds = index / self._fps
        array = self._room.copy()
        y, u, v = planes(array)
        person = self._people[round((_SIZES - 1) * (0.5 + 0.5 * math.sin(seconds * 0.9)))]
        py, pu, pv = planes(person)
        height, width = y.shape
        bottom = height - timecode.strip_height(height)
        left = round((width - py.shape[1]) / 4 * (1 + 0.06 * math.sin(seconds * 0.7))) * 2
        top = bottom - py.shape[0] - round(height / 80 * (1 + math.sin(seconds * 1.3)) / 2) * 2
        _paste(y, py, top, left)
        _paste(u, pu, top // 2, left // 2)
        _paste(v, pv, top // 2, left // 2)
        desk = _desk(height)
        for plane, room, first in zip((y, u, v), planes(self._room), (desk, desk // 2, desk // 2), strict=True):
            plane[first:] = room[first:]
        light = round(_LIGHT * math.sin(seconds * 0.5))
        np.add(y, np.array(light % 256, np.uint8), out=y)
        if self._measure:
            timecode.draw(y, drawn_ns)
            u[bottom // 2 :] = 128
            v[bottom // 2 :] = 128
        return av.VideoFrame.from_ndarray(array, format="yuv420p")

    def open(self, deliver: DeliverPicture, failed: Failed) -> None:
        self._thread = PacedThread("source-synthetic", 1_000_000_000 // self._fps, lambda due: self._tick(deliver))
        self._thread.start()

    def _tick(self, deliver: DeliverPicture) -> None:
        drawn_ns = time.monotonic_ns()
        deliver(TimedPicture(self.render(self._count, drawn_ns), drawn_ns))
        self._count += 1

    def close(self) -> None:
        if self._thread is not None:
            self._thread.close()


def _paste(target: NDArray[np.uint8], patch: NDArray[np.uint8], top: int, left: int) -> None:
    target[top : top + patch.shape[0], left : left + patch.shape[1]] = patch


def load_portrait(path: Path) -> Pixels:
    """An image file as RGB pixels.

    Raises:
        OSError: it cannot be read, or is no picture.
    """
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
