"""Whether the eyes look as they did at rest. Pure, on small grey patches that the worker cut out.

How far eyes are open by their landmarks says nothing of some faces: make-up, lashes or a light skin keep the landmarks
apart though the lids are down. But a closed eye is another picture than an open one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 24, 14
SIZE = 2 * WIDTH * HEIGHT
"""Bytes: both eyes, row by row, the one at the left of the picture first."""
_SHIFT = 2
"""Landmarks tremble: the best fit within so many pixels counts."""

Patch = NDArray[np.float32]


def at_rest(looks: Sequence[bytes]) -> bytes:
    """The eyes as they mostly were; empty unless every look has them."""
    if not looks or any(len(one) != SIZE for one in looks):
        return b""
    every = np.frombuffer(b"".join(looks), np.uint8).reshape(len(looks), SIZE)
    return np.asarray(np.median(every, axis=0), dtype=np.uint8).tobytes()


def likeness(rest: bytes, now: bytes) -> float:
    """1: the same eyes; about 0.7: closed. 1 as well where either is missing."""
    if len(rest) != SIZE or len(now) != SIZE:
        return 1.0
    return sum(_likeness(a, b) for a, b in zip(_eyes(rest), _eyes(now), strict=True)) / 2


def _eyes(data: bytes) -> list[Patch]:
    both = np.frombuffer(data, np.uint8).astype(np.float32).reshape(2, HEIGHT, WIDTH)
    return [both[0], both[1]]


def _likeness(rest: Patch, now: Patch) -> float:
    """Normalised correlation, light and contrast left aside."""
    middle = _even(rest[_SHIFT:-_SHIFT, _SHIFT:-_SHIFT])
    rows, columns = middle.shape
    shifts = ((y, x) for y in range(2 * _SHIFT + 1) for x in range(2 * _SHIFT + 1))
    return max(float((middle * _even(now[y : y + rows, x : x + columns])).sum()) for y, x in shifts)


def _even(patch: Patch) -> Patch:
    from_mean = patch - patch.mean()
    return np.asarray(from_mean / (np.linalg.norm(from_mean) + 1e-6), dtype=np.float32)
