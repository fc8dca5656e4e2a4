"""What a face does, from its 68 landmarks (the order of the iBUG 300-W set), free of where and how large it is.

``yaw`` and ``pitch`` are where the tip of the nose stands in the frame that eyes and mouth span. A nose stands out of
that plane, so it wanders in it when a head turns. A flat picture can be tilted, turned, moved at will: an affine image
of a plane keeps these two numbers.
"""

import math
from collections.abc import Sequence

from ocr.api import FaceSigns, Point

_LEFT_EYE, _RIGHT_EYE = (36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)
_NOSE, _MOUTH = 30, (48, 54)
_LIPS = ((61, 67), (62, 66), (63, 65))
_LIP_CORNERS = (60, 64)
COUNT = 68


def signs_of(points: Sequence[Point]) -> FaceSigns:
    """The signs of a face.

    Raises:
        ValueError: not 68 points, or points that are no face (eyes or mouth without extent).
    """
    if len(points) != COUNT:
        raise ValueError(f"{len(points)} landmarks")
    eyes = _middle([points[36], points[39]]), _middle([points[42], points[45]])
    between = _middle(eyes)
    across, down = _from(points[36], points[45]), _from(between, _middle([points[i] for i in _MOUTH]))
    area = across[0] * down[1] - across[1] * down[0]
    if abs(area) < 1e-6:
        raise ValueError("flat")
    nose = _from(between, points[_NOSE])
    return FaceSigns(
        eyes=(_openness(points, _LEFT_EYE) + _openness(points, _RIGHT_EYE)) / 2,
        mouth=sum(math.dist(points[a], points[b]) for a, b in _LIPS) / 3 / _length(points, _LIP_CORNERS),
        yaw=(nose[0] * down[1] - nose[1] * down[0]) / area,
        pitch=(across[0] * nose[1] - across[1] * nose[0]) / area,
        span=math.hypot(*across),
    )


def _openness(points: Sequence[Point], eye: tuple[int, ...]) -> float:
    """Height over width of an eye (Soukupová and Čech, 2016)."""
    a, b, c, d, e, f = eye
    return (math.dist(points[b], points[f]) + math.dist(points[c], points[e])) / 2 / _length(points, (a, d))


def _length(points: Sequence[Point], ends: tuple[int, int]) -> float:
    length = math.dist(points[ends[0]], points[ends[1]])
    if length < 1e-6:
        raise ValueError("no extent")
    return length


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _from(a: Point, b: Point) -> Point:
    return b[0] - a[0], b[1] - a[1]
