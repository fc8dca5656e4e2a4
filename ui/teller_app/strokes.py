"""Strokes of the customer's signature as they come over the call. No Qt.

A message is ``stroke:`` and JSON: ``{"width", "height", "points": [[x, y], …]}`` in the pad's own units, or
``{"clear": true}``. What cannot be read is dropped: the signature that counts comes through the server.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

MAX_STROKES = 200
MAX_POINTS = 4000


@dataclass(frozen=True)
class Stroke:
    """Points on a pad of that size."""

    width: float
    height: float
    points: tuple[tuple[float, float], ...]


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def parse(data: bytes) -> Stroke | bool | None:
    """A stroke; False: begin again; None: not understood."""
    try:
        tree = json.loads(data)
        if tree.get("clear") is True:
            return False
        points = tree["points"]
        if not 1 <= len(points) <= MAX_POINTS:
            return None
        pairs = tuple((_number(point[0]), _number(point[1])) for point in points)
        width, height = _number(tree["width"]), _number(tree["height"])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    return Stroke(width, height, pairs) if width > 0 and height > 0 else None


def follow(strokes: list[Stroke], data: bytes) -> list[Stroke]:
    """The strokes after one more message; the list given is left as it is."""
    found = parse(data)
    if found is False:
        return []
    if isinstance(found, Stroke) and len(strokes) < MAX_STROKES:
        return [*strokes, found]
    return strokes
