"""A portrait that can do as it is asked: blink, open the mouth, turn the head, nod.

One photograph is bent as the head beneath it would move: the face is taken for a dome with a nose on it, whose points
wander by their height when it turns. It serves demonstrations and measurements; a real customer has a real head.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.wire.liveness import Gesture
from video.frames import Pixels

Floats = NDArray[np.float32]
RISE_S, HOLD_S, FALL_S = 0.4, 0.6, 0.4
"""A gesture takes its time, as somebody does it who was asked to."""
STEPS = 5
_TURN, _NOD, _GAPE = 0.1, 0.06, 0.07
"""How far, in parts of the portrait's height."""


@dataclass(frozen=True)
class Features:
    """Where things are in a portrait, in parts of its width and height.

    Attributes:
        eyes: of each eye left, right, upper lid, lower lid.
        mouth: left, right, and the line below the upper teeth where it opens.
        head: middle and half axes of the face. nose: its tip.
    """

    eyes: tuple[tuple[float, float, float, float], ...]
    mouth: tuple[float, float, float]
    head: tuple[float, float, float, float]
    nose: tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """A gesture at some point of its way: ``part`` from 0 to :data:`STEPS`."""

    gesture: Gesture | None = None
    part: int = 0


REST = Pose()


def pose_at(gesture: Gesture, seconds: float) -> Pose | None:
    """The pose this long after a gesture began; None: it is over."""
    if seconds < RISE_S:
        part = seconds / RISE_S
    elif seconds < RISE_S + HOLD_S:
        part = 1.0
    elif seconds < RISE_S + HOLD_S + FALL_S:
        part = 1 - (seconds - RISE_S - HOLD_S) / FALL_S
    else:
        return None
    step = round(STEPS * (0.5 - 0.5 * math.cos(math.pi * part)))
    return Pose(gesture, step) if step else REST


def posed(portrait: Pixels, features: Features, pose: Pose) -> Pixels:
    """The portrait, RGB of shape (height, width, 3), in a pose."""
    if pose.gesture is None:
        return portrait
    height, width = portrait.shape[:2]
    part = pose.part / STEPS
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns / width, rows / height
    if pose.gesture is Gesture.BLINK:
        for eye in features.eyes:
            y = _lid(x, y, eye, part)
    elif pose.gesture is Gesture.MOUTH:
        return _mouth(portrait, x, y, features, part)
    else:
        side = {Gesture.TURN_LEFT: (1.0, 0.0), Gesture.TURN_RIGHT: (-1.0, 0.0)}.get(pose.gesture, (0.0, 1.0))
        height_map = _relief(x, y, features) * part
        x, y = x - side[0] * _TURN * height_map, y - side[1] * _NOD * height_map
    return _sampled(portrait, x, y)


def _relief(x: Floats, y: Floats, features: Features) -> Floats:
    """How far each point stands out of the picture: a dome, and the nose on it."""
    cx, cy, rx, ry = features.head
    dome = np.clip(1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2, 0, 1)
    nx, ny = features.nose
    nose = np.exp(-(((x - nx) / 0.055) ** 2 + ((y - ny) / 0.075) ** 2) / 2)
    return np.asarray(0.7 * dome + 0.5 * nose, dtype=np.float32)


def _lid(x: Floats, y: Floats, eye: tuple[float, float, float, float], part: float) -> Floats:
    """The upper lid comes down: its skin is drawn over the eye, the eye is squeezed below it."""
    left, right, upper, lower = eye
    edge = 0.012
    window = np.clip((x - left + edge) / edge, 0, 1) * np.clip((right + edge - x) / edge, 0, 1)
    skin, open_ = (lower - upper) * 0.8, lower - upper
    down = upper + 0.92 * part * open_ * window
    above = upper - skin + (y - (upper - skin)) * skin / np.maximum(down - (upper - skin), 1e-4)
    below = lower - (lower - y) * open_ / np.maximum(lower - down, 1e-4)
    inside = (y > upper - skin) & (y < lower)
    return np.asarray(np.where(inside, np.where(y < down, above, below), y), dtype=np.float32)


def _mouth(portrait: Pixels, x: Floats, y: Floats, features: Features, part: float) -> Pixels:
    """Lower lip and chin go down; what opens is dark."""
    left, right, line = features.mouth
    middle, half = (left + right) / 2, (right - left) / 2
    chin = features.head[1] + features.head[3]
    arch = np.clip(1 - ((x - middle) / (half * 1.05)) ** 2, 0, 1) ** 0.5
    jaw = np.exp(-(((x - middle) / (half * 2.1)) ** 2))
    gap = _GAPE * part
    fade = np.clip((chin + 0.1 - y) / 0.3, 0, 1)
    moved = np.where(y > line, np.maximum(line, y - gap * jaw * fade), y)
    picture = _sampled(portrait, x, np.asarray(moved, dtype=np.float32)).astype(np.float32)
    inside = np.clip((y - line) / 0.006, 0, 1) * np.clip((line + gap * arch - y) / 0.006, 0, 1) * (arch > 0.05)
    dark = np.array((58, 22, 24), np.float32)
    return np.asarray(picture + (dark - picture) * inside[..., None], dtype=np.uint8)


def _sampled(portrait: Pixels, x: Floats, y: Floats) -> Pixels:
    """The portrait read at these places, between pixels linearly."""
    height, width = portrait.shape[:2]
    fx, fy = np.clip(x * width, 0, width - 1.001), np.clip(y * height, 0, height - 1.001)
    left, top = fx.astype(np.intp), fy.astype(np.intp)
    a, b = (fx - left)[..., None], (fy - top)[..., None]
    source = portrait.astype(np.float32)
    upper = source[top, left] * (1 - a) + source[top, left + 1] * a
    lower = source[top + 1, left] * (1 - a) + source[top + 1, left + 1] * a
    return np.asarray(upper * (1 - b) + lower * b + 0.5, dtype=np.uint8)
