"""From a picture to a reading: find the document, lay it flat, read its lines, make fields of them, judge quality."""

import math
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr import barcodes, imaging, judge, locate
from ocr.api import DocumentReading, FaceEncoder, Picture, Portrait, Quad, Strip, TextEngine
from ocr.findings import finding
from ocr.kinds import recognise
from ocr.kinds.base import Kind, Seen, Shape
from ocr.locate import SHEET, Page, strips
from ocr.rows import Line
from ocr.second_look import SecondLook

CARD_SIDE = 736
"""Longer side, in pixels, of the copy in which text is looked for on a straightened card."""
SHEET_SIDE = 960
"""The same for a sheet, whose letters are smaller for its size."""
_SAMPLE, _UPRIGHT = 3, 0.8
"""Lines that tell which way up a page is, and how surely they are read when they stand upright."""
_LETTERS = 7
"""Length over height of a line that tells it best: long enough for several letters, short enough to be read soon."""
_HOPELESS = 6
"""So many lines on a page that was found, blurred and read neither way up: looking elsewhere would find no more."""
_CROWDED = 18
"""No card has so many lines: what was laid out as one is a sheet."""
PICTURE_SIDE = 960
"""The same for a whole picture in which no document was found by its edges."""


@dataclass(frozen=True)
class _Attempt:
    page: Page
    lines: list[Line]
    known: tuple[Kind, str] | None


class DocumentReader:
    """Reads one document from one picture."""

    def __init__(self, text: TextEngine, faces: FaceEncoder) -> None:
        self._text = text
        self._faces = faces
        self._second_look = SecondLook(text)
        self._kept: tuple[Page, dict[Quad, Strip]] | None = None

    def read(self, data: bytes, *, today: date, birth: date | None = None) -> DocumentReading:
        """What the picture shows. Never raises for a bad picture: its findings say what is wrong.

        Args:
            data: the file's bytes.
            today: the day against which validity is judged.
            birth: the holder's birth date, when it is known from another page; validity is judged against age.
        """
        begin = time.perf_counter()
        try:
            opened = imaging.open_picture(data)
        except imaging.PictureError as error:
            return DocumentReading(None, None, {}, (finding(error.code),), elapsed_ms=_since(begin))
        decoded = time.perf_counter()
        attempt, others = self._best_attempt(opened.picture)
        text_done = time.perf_counter()
        reading = self._judge(attempt, opened.picture, today, birth)
        notes = [finding(code) for code in opened.notes]
        if attempt.known is not None and self._is_another(opened.picture, attempt.page, others):
            notes.insert(0, finding("doc.two"))
        timings = {"decode": (decoded - begin) * 1e3, "text": (text_done - decoded) * 1e3, "rest": _since(text_done)}
        return replace(
            reading, findings=(*reading.findings, *notes), elapsed_ms=_since(begin), timings_ms=timings
        )  # fmt: skip

    def _best_attempt(self, picture: Picture) -> tuple[_Attempt, list[NDArray[np.float64]]]:
        """Documents by their edges first, both ways up; then where there is text, turned level, both ways up."""
        empty: Page | None = None
        quads = locate.outlines(picture)
        for page in locate.flat_pages(picture, quads):
            text = self._text.locate(page.picture, _side(page))
            if len(text) < 2 or not _is_level(text):
                empty = empty or page
                continue
            if len(text) >= _CROWDED and _has_more_pixels(page):
                page = locate.enlarged(picture, page, SHEET)
                text = self._text.locate(page.picture, SHEET_SIDE)
            attempt = self._both_ways(page, text)
            if attempt.known is not None:
                return self._in_shape(picture, attempt), quads
            if len(attempt.lines) >= _HOPELESS and imaging.sharpness(page.picture) < judge.BLURRED:
                return attempt, quads
        page = locate.whole_page(picture)
        text = self._text.locate(page.picture, PICTURE_SIDE)
        turned = locate.text_page(page.picture, text)
        if turned is None:
            nothing = _Attempt(empty, [], None) if empty and len(text) < 2 else self._attempt(page, text)
            return nothing, quads
        turned = replace(turned, back=page.back @ turned.back)
        attempt = self._both_ways(turned, self._text.locate(turned.picture, SHEET_SIDE))
        return self._in_shape(picture, attempt), quads

    def _in_shape(self, picture: Picture, attempt: _Attempt) -> _Attempt:
        """A sheet that was laid out as small as a card is read once more at its own size, if there are more pixels."""
        page, known = attempt.page, attempt.known
        if known is None or known[0].shape is not Shape.SHEET or not _has_more_pixels(page):
            return attempt
        bigger = locate.enlarged(picture, page, SHEET)
        again = self._attempt(bigger, self._text.locate(bigger.picture, SHEET_SIDE))
        return again if again.known is not None else attempt

    def _both_ways(self, page: Page, quads: list[Quad]) -> _Attempt:
        """The likelier way up first, as a few of its lines tell; the other if it says nothing."""
        ways = [(page, quads), (page.upside_down(), _turned(quads, page))]
        sample = sorted(quads, key=_unlike_a_word)[:_SAMPLE]
        if self._sense(page, sample) < _UPRIGHT and self._sense(ways[1][0], _turned(sample, page)) > _UPRIGHT:
            ways.reverse()
        first = self._attempt(*ways[0])
        if first.known is not None or len(quads) < 2:
            return first
        second = self._attempt(*ways[1])
        return second if second.known is not None else first

    def _sense(self, page: Page, quads: list[Quad]) -> float:
        """How surely these lines are read, from 0 to 1: text that stands on its head is read badly."""
        letters = [letter.confidence for strip in self._lines(page, quads) for letter in strip.letters]
        return statistics.fmean(letters) if letters else 0.0

    def _attempt(self, page: Page, quads: list[Quad]) -> _Attempt:
        read = self._lines(page, quads)
        lines = [Line(quad, strip) for quad, strip in zip(quads, read, strict=True) if strip.text.strip()]
        return _Attempt(page, lines, recognise(lines))

    def _lines(self, page: Page, quads: list[Quad]) -> list[Strip]:
        """What lines say; those of the page that was asked for last are kept."""
        if self._kept is None or self._kept[0] is not page:
            self._kept = (page, {})
        known = self._kept[1]
        fresh = [quad for quad in quads if quad not in known]
        known |= dict(zip(fresh, self._text.read(strips(page.picture, fresh)), strict=True))
        return [known[quad] for quad in quads]

    def _is_another(self, picture: Picture, page: Page, quads: list[NDArray[np.float64]]) -> bool:
        """Whether a second document with text on it lies beside the one that was read."""
        return any(self._has_text(picture, quad) for quad in quads if locate.apart(page, quad))

    def _has_text(self, picture: Picture, quad: NDArray[np.float64]) -> bool:
        found = self._text.locate(locate.flatten(picture, quad).picture, CARD_SIDE // 2)
        return len(found) >= 3 and _is_level(found)

    def _judge(self, attempt: _Attempt, picture: Picture, today: date, birth: date | None) -> DocumentReading:
        page = attempt.page
        if attempt.known is None:
            return DocumentReading(None, None, {}, (finding(judge.why_unknown(page, len(attempt.lines))),))
        kind, side = attempt.known
        codes = barcodes.read(page.picture) if kind.barcodes else ()
        seen = Seen(attempt.lines, today, codes)
        parsed = self._second_look.improve(kind, side, seen, page, picture)
        portrait = self._portrait(page.picture, kind.portrait_left) if side == kind.portrait_side else None
        fields, findings = judge.judge(kind, parsed, page, portrait, today, birth)
        return DocumentReading(
            kind.name, side, fields, findings, portrait, imaging.encode_jpeg(page.picture)
        )  # fmt: skip

    def _portrait(self, page: Picture, left_first: bool) -> Portrait | None:
        """The largest face on the page, with the room a portrait has around it."""
        scale = max(1.0, page.shape[1] / locate.CARD[0])
        small = page if scale == 1.0 else imaging.shrunk(page, locate.CARD[0])
        found = next(self._faces_in(small, left_first), None)
        if found is None:
            return None
        left, top, w, h = (round(v * scale) for v in found)
        height, width = page.shape[:2]
        x0, y0 = max(0, left - round(w * 0.45)), max(0, top - round(h * 0.6))
        x1, y1 = min(width, left + round(w * 1.45)), min(height, top + round(h * 1.5))
        return Portrait(imaging.encode_png(page[y0:y1, x0:x1]), (x0, y0, x1 - x0, y1 - y0))

    def _faces_in(self, page: Picture, left_first: bool) -> Iterator[tuple[int, int, int, int]]:
        """Faces on that side of a document where its kind has the portrait, then on the other."""
        for start, end in ((0.0, 0.45), (0.55, 1.0)) if left_first else ((0.55, 1.0), (0.0, 0.45)):
            first, last = int(page.shape[1] * start), int(page.shape[1] * end)
            for face in self._faces.find(np.ascontiguousarray(page[:, first:last]), encode=False):
                left, top, width, height = face.box
                yield first + left, top, width, height


def _turned(quads: list[Quad], page: Page) -> list[Quad]:
    """The same places on the page turned by half, each clockwise from its new top left."""
    height, width = page.picture.shape[:2]
    turned = [[(width - 1 - x, height - 1 - y) for x, y in quad] for quad in quads]
    return [(c, d, a, b) for a, b, c, d in turned]


def _unlike_a_word(quad: Quad) -> float:
    """How far a line's length over height is from that of a few letters."""
    (x0, y0), (x1, y1), (x2, y2), _ = quad
    along, down = abs(x1 - x0) + abs(y1 - y0), abs(x2 - x1) + abs(y2 - y1)
    return abs(math.log(max(along, 1.0) / max(down, 1.0) / _LETTERS))


def _side(page: Page) -> int:
    return CARD_SIDE if page.picture.shape[1] <= locate.CARD[0] else SHEET_SIDE


def _has_more_pixels(page: Page) -> bool:
    """Whether a page laid out as small as a card was taken with the pixels for a sheet."""
    return bool(page.picture.shape[1] < 0.8 * SHEET[0] < page.length)


def _since(begin: float) -> float:
    return round((time.perf_counter() - begin) * 1e3, 1)


def _is_level(quads: list[Quad]) -> bool:
    """Whether text runs across the page: on a document laid flat by its true edges it does."""
    slopes = [abs(y1 - y0) / max(1.0, abs(x1 - x0)) for (x0, y0), (x1, y1), *_ in quads]
    return statistics.median(slopes) < 0.08
