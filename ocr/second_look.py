"""A second look at what stayed unsure: the same lines, cut anew from the picture itself and with more contrast."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr import locate
from ocr.api import Letter, Picture, Quad, Strip, TextEngine
from ocr.kinds.base import Kind, Parsed, Seen
from ocr.locate import Page
from ocr.rows import Line

_MOST = 8
"""More lines than this in doubt: the picture is bad, and a new one helps more than a second look."""
_ROOM = 0.12
"""Of a line's height, added around it: the first cut may have been too tight."""


class SecondLook:
    """Reads doubtful lines again."""

    def __init__(self, text: TextEngine) -> None:
        self._text = text

    def improve(self, kind: Kind, side: str, seen: Seen, page: Page, picture: Picture) -> Parsed:
        """The fields, after a second look where it left fewer of them unsure."""
        parsed = kind.parse(seen, side)
        doubtful = _doubtful(parsed, seen.lines)
        if not 0 < len(doubtful) <= _MOST:
            return parsed
        cuts = [_cut(picture, page, seen.lines[i].quad) for i in doubtful]
        again = self._text.read(cuts)
        lines = list(seen.lines)
        for i, strip in zip(doubtful, again, strict=True):
            lines[i] = replace(lines[i], strip=_better(lines[i].strip, strip))
        second = kind.parse(replace(seen, lines=lines), side)
        return second if _unsure(second) < _unsure(parsed) else parsed


def _unsure(parsed: Parsed) -> int:
    return sum(value.unsure for value in parsed.values.values())


def _doubtful(parsed: Parsed, lines: Sequence[Line]) -> list[int]:
    """Lines under the letters of unsure fields."""
    boxes = [glyph.box for value in parsed.values.values() if value.unsure for glyph in value.run.glyphs]
    return [
        i
        for i, line in enumerate(lines)
        if any(line.box[0] <= (b[0] + b[2]) / 2 <= line.box[2] and line.box[1] <= (b[1] + b[3]) / 2 <= line.box[3]
               for b in boxes)
    ]  # fmt: skip


def _cut(picture: Picture, page: Page, quad: Quad) -> Picture:
    """The line straight from the picture, with a little more around it and the contrast evened out."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    room = _ROOM * max(abs(y3 - y0), abs(y2 - y1))
    points = np.array([[(x0, y0 - room), (x1, y1 - room), (x2, y2 + room), (x3, y3 + room)]], dtype=np.float64)
    corners = cv2.perspectiveTransform(points, page.back)[0]
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    strip = locate.strips(picture, [(a, b, c, d)])[0]
    lab = cv2.cvtColor(strip, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(2.0, (2, 4)).apply(np.ascontiguousarray(lab[..., 0]))
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), dtype=np.uint8)


def _better(first: Strip, second: Strip) -> Strip:
    """Two readings of one line: letters on which both agree take the surer one; otherwise the first stays."""
    if [one.char for one in first.letters] != [one.char for one in second.letters]:
        return first
    return Strip(tuple(map(_surer, first.letters, second.letters)))


def _surer(one: Letter, other: Letter) -> Letter:
    return replace(one, confidence=max(one.confidence, other.confidence))
