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

from common.wire.liveness import Gesture
from video import timecode
from video.frames import Pixels, TimedPicture, planes
from video.pace import PacedThread
from video.sources.actor import Features, Pose, pose_at, posed
from video.sources.base import DeliverPicture, Failed
from video.sources.stills import packed

_SIZES = 6
_POSES = 40
"""Kept poses; each is half a megabyte at 720p."""
_GROWTH = 0.035
_LIGHT = 6
_WALL = (211, 221, 227)


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


def _tallest(height: int) -> int:
    return height - timecode.strip_height(height) - height // 12


def _sizes(height: int) -> list[int]:
    """Heights of the person, pixels, from near to far."""
    return [round(_tallest(height) * (1 - _GROWTH * step / (_SIZES - 1)) / 4) * 4 for step in range(_SIZES)]


def _cropped(portrait: Pixels, width: int, height: int) -> Pixels:
    """A wide picture is cut to the middle: the person counts, not what stands beside."""
    limit = round(portrait.shape[0] * 0.62 * width / _tallest(height))
    left = max(0, (portrait.shape[1] - limit) // 2)
    return np.ascontiguousarray(portrait[:, left : left + limit])


class SyntheticCamera:
    """The animated portrait at an exact frame rate.

    Args:
        portrait: RGB pixels, shape (height, width, 3), uint8: head and shoulders, upright.
        width, height: size of the pictures; multiples of 4.
        measure: draw :mod:`video.timecode` into every picture.
        features: where eyes and mouth are; only with them can the person do as asked (:meth:`act`).
    """

    def __init__(
        self,
        portrait: Pixels,
        *,
        width: int = 1280,
        height: int = 720,
        fps: int = 30,
        measure: bool = False,
        features: Features | None = None,
    ) -> None:
        self.name = "synthetic"
        self._fps = fps
        self._measure = measure
        self._room = _yuv(_room(width, height))
        self._portrait = _cropped(portrait, width, height)
        self._features = features if self._portrait.shape == portrait.shape else None
        self._sizes = _sizes(height)
        face = Image.fromarray(self._portrait)
        self._people = [_yuv(_cut_out(face, size)) for size in self._sizes]
        self._poses: dict[tuple[Pose, int], Pixels] = {}
        self._acting: tuple[Gesture, int] | None = None
        self._count = self._still = 0
        self._thread: PacedThread | None = None

    def act(self, gesture: Gesture) -> bool:
        """Begin a gesture with the next picture, from any thread; False: nobody here can, or something is on."""
        if self._features is None or self._acting is not None:
            return False
        self._acting = gesture, self._count
        return True

    def _person(self, index: int, size: int) -> Pixels:
        """The person at this moment, at rest or in a gesture. A pose is drawn once and kept."""
        if self._acting is None:
            return self._people[size]
        gesture, began = self._acting
        pose = pose_at(gesture, (index - began) / self._fps)
        if pose is None:
            self._acting = None
        if pose is None or pose.gesture is None or self._features is None:
            return self._people[size]
        if (pose, size) not in self._poses:
            if len(self._poses) >= _POSES:
                self._poses.clear()
            bent = Image.fromarray(posed(self._portrait, self._features, pose))
            self._poses[pose, size] = _yuv(_cut_out(bent, self._sizes[size]))
        return self._poses[pose, size]

    def render(self, index: int, drawn_ns: int) -> av.VideoFrame:
        """Picture number ``index``; ``drawn_ns`` is what the time code says, if one is wanted."""
        # Who does something stands still meanwhile.
        self._still += self._acting is not None
        seconds = (index - self._still) / self._fps
        array = self._room.copy()
        y, u, v = planes(array)
        person = self._person(index, round((_SIZES - 1) * (0.5 + 0.5 * math.sin(seconds * 0.9))))
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
