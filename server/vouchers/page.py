"""A page as data: marks in millimetres from the top left corner. Knows no PDF library."""

from dataclasses import dataclass
from typing import Literal

Colour = str
"""``#RRGGBB``."""

POINT = 25.4 / 72
"""Millimetres per typographic point."""

A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; ``y`` is its baseline, ``size`` in points, ``angle`` in degrees anticlockwise.

    ``artwork``: drawn as shapes and no part of the document's text, like a watermark; with an ``outline`` (points)
    only their edges, so that what lies below stays readable.
    """

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    bold: bool = False
    align: Literal["left", "centre", "right"] = "left"
    angle: float = 0.0
    artwork: bool = False
    outline: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight rule; ``dash`` gives on and off length."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: Colour
    dash: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled, outlined or both."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    line: Colour | None = None
    line_width: float = 0.2
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Ink:
    """Handwriting: runs of points, round pen."""

    strokes: tuple[tuple[tuple[float, float], ...], ...]
    width: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Cells:
    """A matrix of square modules (a QR code); rows of dark and light."""

    x: float
    y: float
    module: float
    rows: tuple[tuple[bool, ...], ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class SealStrip:
    """The part of a seal that falls on this page: a square of ``size`` of which only the clip shows.

    Attributes:
        clip: x, y, width, height of what shows.
    """

    x: float
    y: float
    size: float
    clip: tuple[float, float, float, float]


Mark = Text | Line | Box | Ink | Cells | SealStrip


@dataclass(frozen=True, slots=True)
class Page:
    """Marks in painting order."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a numbered page (0: the first)."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Document:
    """Pages, and where the seal goes."""

    pages: tuple[Page, ...]
    seal: Area
