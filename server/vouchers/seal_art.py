"""The round red seal as PDF path operators: double ring, name around, star, purpose, code along the lower edge."""

import math
from functools import lru_cache

from server.vouchers.fonts import Face, path_operators

RED = (0.80, 0.07, 0.10)


class SealArt:
    """Draws seals; the part that is the same for all vouchers of a branch is kept."""

    def __init__(self, face: Face, digits: Face) -> None:
        self._face = face
        self._digits = digits
        self._fixed = lru_cache(maxsize=64)(self._draw_fixed)

    def warm(self, name: str, purpose: str, size: float) -> None:
        """Draw what all seals of a branch share, ahead of the first."""
        self._fixed(name, purpose, size)

    def draw(self, name: str, purpose: str, code: str, size: float) -> bytes:
        """A content stream for a square of ``size`` points, origin at its lower left corner."""
        middle = size / 2
        head = f"q {RED[0]} {RED[1]} {RED[2]} rg {RED[0]} {RED[1]} {RED[2]} RG 1 0 0 1 {middle:.3f} {middle:.3f} cm\n"
        lower = self._around(self._digits, code, size * 0.366, size * 0.052, upper=False, spread=92)
        return (head + self._fixed(name, purpose, size) + lower + "Q\n").encode("ascii")

    def _draw_fixed(self, name: str, purpose: str, size: float) -> str:
        outer, inner = size * 0.478, size * 0.443
        rings = f"{size * 0.026:.3f} w {_circle(outer)} S {size * 0.006:.3f} w {_circle(inner)} S\n"
        height = size * (0.125 if len(name) <= 10 else 0.125 * 10 / len(name))
        around = self._around(self._face, name, inner - size * 0.02 - height * 0.88, height, upper=True, spread=215)
        middle = self._line(purpose, -size * 0.21, size * (0.088 if len(purpose) <= 5 else 0.44 / len(purpose)))
        # The drawing is kept; its typeface, which nothing else uses, need not stay in memory.
        self._face.close()
        return rings + around + _star(size * 0.135, size * 0.03) + middle

    def _around(self, face: Face, text: str, radius: float, height: float, *, upper: bool, spread: float) -> str:
        """Characters on an arc of ``spread`` degrees, feet towards the middle above, away from it below."""
        count = len(text)
        pitch = min(spread / max(count - 1, 1), 30.0)
        steps: list[str] = []
        for position, character in enumerate(text):
            along = (position - (count - 1) / 2) * pitch
            angle = math.radians(90 - along if upper else 270 + along)
            turn = angle - math.pi / 2 if upper else angle + math.pi / 2
            width = face.advance(character) * height
            x, y = radius * math.cos(angle), radius * math.sin(angle)
            cos, sin = math.cos(turn), math.sin(turn)
            x, y = x - cos * width / 2, y - sin * width / 2
            steps += path_operators(
                face.outline(character, (cos * height, sin * height, -sin * height, cos * height, x, y))
            )
        return _filled(steps)

    def _line(self, text: str, baseline: float, height: float) -> str:
        x = -self._face.advance(text) * height / 2
        steps: list[str] = []
        for character in text:
            steps += path_operators(self._face.outline(character, (height, 0, 0, height, x, baseline)))
            x += self._face.advance(character) * height
        return _filled(steps)


def _filled(operators: list[str]) -> str:
    return "\n".join([*operators, "f\n"])


def _circle(radius: float) -> str:
    """Four cubic arcs; 0.5523 puts their middle on the circle."""
    k = radius * 0.5522847498
    r = radius
    arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    return f"{r:.3f} 0 m " + " ".join(" ".join(f"{n:.3f}" for n in arc) + " c" for arc in arcs) + " h"


def _star(radius: float, lift: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.381966
        angle = math.radians(90 + corner * 36)
        points.append(f"{reach * math.cos(angle):.3f} {reach * math.sin(angle) + lift:.3f}")
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " h f\n"
