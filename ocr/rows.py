"""Lines of text on a page, put together to rows of letters that know where they stand and how surely they were read."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.api import Letter, Quad, Strip

Box = tuple[float, float, float, float]
"""Left, top, right, bottom on the page."""


@dataclass(frozen=True)
class Line:
    """One line as found and read."""

    quad: Quad
    strip: Strip

    @property
    def box(self) -> Box:
        xs, ys = [x for x, _ in self.quad], [y for _, y in self.quad]
        return (min(xs), min(ys), max(xs), max(ys))

    @property
    def slope(self) -> float:
        """Rise of the line over its length."""
        (x0, y0), (x1, y1) = self.quad[0], self.quad[1]
        return (y1 - y0) / max(abs(x1 - x0), 1.0)


@dataclass(frozen=True)
class Glyph:
    """A letter on the page. An empty ``char`` stands for a place where a letter may have been missed."""

    char: str
    confidence: float
    box: Box
    others: tuple[tuple[str, float], ...] = ()
    spaced: bool = False
    """Whether a space was read before it."""


@dataclass(frozen=True)
class Run:
    """Letters beside each other: a row, or a part of one."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(g.char for g in self.glyphs)

    @property
    def words(self) -> str:
        """The same with the spaces that were read inside."""
        return "".join((" " if g.spaced else "") + g.char for g in self.glyphs).strip()

    @property
    def confidence(self) -> float:
        """Of the weakest place, a suspected gap included; 0 without letters."""
        return min((g.confidence for g in self.glyphs), default=0.0) if self.text else 0.0

    @property
    def box(self) -> Box | None:
        """Around all its letters."""
        return union(g.box for g in self.glyphs)

    @property
    def height(self) -> float:
        """Of its tallest letter."""
        return max((g.box[3] - g.box[1] for g in self.glyphs), default=0.0)

    def cut(self, start: int, end: int | None = None) -> "Run":
        """By places in :attr:`text`; a gap inside stays, one at either end goes."""
        places = [i for i, g in enumerate(self.glyphs) if g.char][start:end]
        return Run(self.glyphs[places[0] : places[-1] + 1]) if places else Run(())

    def __add__(self, other: "Run") -> "Run":
        return Run(self.glyphs + other.glyphs)


def union(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all."""
    every = list(boxes)
    if not every:
        return None
    return (min(b[0] for b in every), min(b[1] for b in every), max(b[2] for b in every), max(b[3] for b in every))


def glyphs(line: Line) -> list[Glyph]:
    """The letters of a line with their places on the page; spaces of every kind are dropped.

    The engine tells about where each letter's middle is; it is taken to reach half-way to its neighbours, at most
    half the line's height to either side.
    """
    left, top, right, bottom = line.box
    letters = [letter for letter in line.strip.letters if not letter.char.isspace()]
    before = [letter.char.isspace() for letter in line.strip.letters]
    spaced = [i > 0 and before[i - 1] for i, letter in enumerate(line.strip.letters) if not letter.char.isspace()]
    middles = [left + (letter.x0 + letter.x1) / 2 * (right - left) for letter in letters]
    reach = 0.55 * (bottom - top)
    edges = [left, *((a + b) / 2 for a, b in pairwise(middles)), right]
    return [
        Glyph(
            letter.char,
            _either_width(letter),
            (max(edges[i], at - reach), top, min(edges[i + 1], at + reach), bottom),
            letter.others,
            spaced[i] or i == 0,
        )
        for i, (letter, at) in enumerate(zip(letters, middles, strict=True))
    ]


_DOTS = str.maketrans("•・．･", "····")


def _either_width(letter: Letter) -> float:
    """The probability of a letter in whatever width: full-width and half-width forms, and all middle dots, are one."""
    same = _folded(letter.char)
    return min(1.0, letter.confidence + sum(p for char, p in letter.others if _folded(char) == same))


def _folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char.translate(_DOTS))


def rows(lines: Sequence[Line]) -> list[Run]:
    """Rows from top to bottom, each from left to right.

    Lines belong to one row when their middles differ by less than half the smaller one's height.
    """
    waiting = sorted(lines, key=lambda line: (line.box[1] + line.box[3]) / 2)
    grouped: list[list[Line]] = []
    for line in waiting:
        if grouped and _level(grouped[-1], line):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [Run(tuple(g for line in sorted(row, key=lambda one: one.box[0]) for g in glyphs(line))) for row in grouped]


def _level(row: list[Line], line: Line) -> bool:
    """Compared with the row's nearest line, so that a slight slope across the page does not break a row."""
    nearest = min(row, key=lambda one: abs(one.box[0] - line.box[0]))
    a, b = nearest.box, line.box
    smaller = min(a[3] - a[1], b[3] - b[1])
    apart = abs((a[1] + a[3]) - (b[1] + b[3])) / 2
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    return apart < smaller * 0.5 and overlap < 0.3 * min(a[2] - a[0], b[2] - b[0])
