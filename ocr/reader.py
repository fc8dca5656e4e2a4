"""From a picture to a reading: find the document, lay it flat, read its lines, make fields of them, judge quality."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr import imaging
from ocr.api import DocumentReading, FaceEncoder, Field, Finding, Picture, Portrait, Quad, TextEngine
from ocr.findings import finding
from ocr.id_fields import SURE, Value
from ocr.kinds import Kind, recognise
from ocr.locate import Page, card_pages, strips, text_page, whole_page
from ocr.rows import Line, Run

CARD_SIDE = 736
"""Longer side, in pixels, of the copy in which text is looked for on a straightened card."""
PICTURE_SIDE = 1280
"""The same for a whole picture in which no card was found."""
BLURRED, UNREADABLE = 0.34, 0.2
SMALLEST = 420
"""A card shorter than this in the picture has letters of fewer than 14 pixels."""


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

    def read(self, data: bytes, *, today: date, hint: str | None = None) -> DocumentReading:
        """What the picture shows. Never raises for a bad picture: its findings say what is wrong.

        Args:
            data: the file's bytes.
            today: the day against which validity is judged.
            hint: the kind expected.
        """
        begin = time.perf_counter()
        try:
            picture = imaging.decode(data)
        except imaging.PictureError as error:
            return DocumentReading(None, None, {}, (finding(error.code),), elapsed_ms=_since(begin))
        decoded = time.perf_counter()
        attempt = self._best_attempt(picture, hint)
        text_done = time.perf_counter()
        reading = self._judge(attempt, today)
        timings = {"decode": (decoded - begin) * 1e3, "text": (text_done - decoded) * 1e3, "rest": _since(text_done)}
        return DocumentReading(
            reading.kind, reading.side, reading.fields, reading.findings, reading.portrait, reading.rectified,
            _since(begin), timings_ms=timings,
        )  # fmt: skip

    def _best_attempt(self, picture: Picture, hint: str | None) -> _Attempt:
        """Cards by their edges first, both ways up; then where there is text, turned level, both ways up."""
        empty: Page | None = None
        for page in card_pages(picture):
            quads = self._text.locate(page.picture, CARD_SIDE)
            if len(quads) < 2 or not _is_level(quads):
                empty = empty or page
                continue
            attempt = self._both_ways(page, quads, CARD_SIDE, hint)
            if attempt.known is not None:
                return attempt
        page = whole_page(picture)
        quads = self._text.locate(page.picture, PICTURE_SIDE)
        turned = text_page(page.picture, quads)
        if turned is None:
            return _Attempt(empty, [], None) if empty and len(quads) < 2 else self._attempt(page, quads, hint)
        turned = replace(turned, back=page.back @ turned.back)
        return self._both_ways(turned, self._text.locate(turned.picture, CARD_SIDE), CARD_SIDE, hint)

    def _both_ways(self, page: Page, quads: list[Quad], side: int, hint: str | None) -> _Attempt:
        first = self._attempt(page, quads, hint)
        if first.known is not None or len(quads) < 2:
            return first
        turned = page.upside_down()
        second = self._attempt(turned, self._text.locate(turned.picture, side), hint)
        return second if second.known is not None else first

    def _attempt(self, page: Page, quads: list[Quad], hint: str | None) -> _Attempt:
        read = self._text.read(strips(page.picture, quads))
        lines = [Line(quad, strip) for quad, strip in zip(quads, read, strict=True) if strip.text.strip()]
        return _Attempt(page, lines, recognise(lines, hint))

    def _judge(self, attempt: _Attempt, today: date) -> DocumentReading:
        page = attempt.page
        if attempt.known is None:
            return DocumentReading(None, None, {}, (finding(_why_unknown(attempt)),))
        kind, side = attempt.known
        parsed = kind.parse(attempt.lines, side)
        glare = imaging.glare_mask(page.picture)
        sharp = imaging.sharpness(page.picture)
        fields = {
            name: _field(value, page, glare, sharp, address=name == "address") for name, value in parsed.values.items()
        }
        portrait = self._portrait(page.picture) if side == kind.portrait_side else None
        findings = [finding(code) for code in parsed.codes] + _quality(page, fields, portrait, glare, sharp)
        if (until := fields.get("valid_to")) is not None and _is_past(until, today):
            findings.append(finding("doc.expired"))
        if side == kind.portrait_side and portrait is None:
            findings.append(finding("face.none"))
        rectified = imaging.encode_png(page.picture)
        return DocumentReading(kind.name, side, fields, tuple(findings), portrait, rectified)

    def _portrait(self, page: Picture) -> Portrait | None:
        """The largest face on the right part of the card, with the room a portrait has around it."""
        height, width = page.shape[:2]
        start = int(width * 0.55)
        found = self._faces.find(np.ascontiguousarray(page[:, start:]), encode=False)
        if not found:
            return None
        left, top, w, h = found[0].box
        x0, y0 = max(0, start + left - round(w * 0.45)), max(0, top - round(h * 0.6))
        x1, y1 = min(width, start + left + round(w * 1.45)), min(height, top + round(h * 1.5))
        return Portrait(imaging.encode_png(page[y0:y1, x0:x1]), (x0, y0, x1 - x0, y1 - y0))


def _since(begin: float) -> float:
    return round((time.perf_counter() - begin) * 1e3, 1)


def _why_unknown(attempt: _Attempt) -> str:
    """The code for a picture in which no known document was read."""
    if len(attempt.lines) < 2 and not attempt.page.found:
        return "doc.none"
    if imaging.sharpness(attempt.page.picture) < BLURRED:
        return "doc.blur"
    return "doc.not_id" if attempt.lines else "doc.none"


def _is_level(quads: list[Quad]) -> bool:
    """Whether text runs across the page: on a card laid flat by its true edges it does."""
    slopes = [abs(y1 - y0) / max(1.0, abs(x1 - x0)) for (x0, y0), (x1, y1), *_ in quads]
    return statistics.median(slopes) < 0.08


def _is_past(until: Field, today: date) -> bool:
    try:
        return date.fromisoformat(until.value) < today
    except ValueError:
        return False


def _field(value: Value, page: Page, glare: NDArray[np.uint8], sharp: float, *, address: bool) -> Field:
    box = value.run.box
    if box is None:
        return Field(value.text, round(value.confidence, 4), True)
    height, width = page.picture.shape[:2]
    pad = 0.15 * value.run.height
    left, top = max(0, int(box[0] - pad)), max(0, int(box[1] - pad))
    right, bottom = min(width, int(box[2] + pad)), min(height, int(box[3] + pad))
    burnt = bool(glare[top:bottom, left:right].any())
    cut = page.touches_border and (left < 8 or right > width - 8)
    unsure = value.unsure or burnt or cut or sharp < UNREADABLE
    if address and not unsure:
        unsure = _more_below(value.run, page.picture)
    crop = imaging.encode_png(page.picture[top:bottom, left:right])
    places = [g.confidence for g in value.run.glyphs if g.char]
    doubtful = tuple(i for i, p in enumerate(places) if p < SURE) if len(places) == len(value.text) else ()
    return Field(
        value.text, round(value.confidence, 4), unsure, page.to_picture(box), (left, top, right - left, bottom - top),
        crop, doubtful,
    )  # fmt: skip


def _more_below(run: Run, page: Picture) -> bool:
    """Whether there is writing under the last line of an address that was not read."""
    box = run.box
    if box is None:
        return False
    step = round(run.height)
    width = round(run.height * 3)
    here = imaging.ink(page, (round(box[0]), round(box[3]) - step, width, step))
    below = imaging.ink(page, (round(box[0]), round(box[3]) + step // 8, width, step))
    return below > 0.5 * here > 0


def _quality(
    page: Page, fields: Mapping[str, Field], portrait: Portrait | None, glare: NDArray[np.uint8], sharp: float
) -> list[Finding]:
    """What to tell whoever holds the camera. Blur and glare that hurt nothing are not worth another picture."""
    codes = []
    hurt = any(field.unsure for field in fields.values())
    if page.touches_border:
        codes.append("doc.cut_off")
    if glare.any() and (hurt or _is_burnt(glare, portrait)):
        codes.append("doc.glare")
    if sharp < (BLURRED if hurt else UNREADABLE):
        codes.append("doc.blur")
    if page.found and page.length < SMALLEST and hurt:
        codes.append("doc.too_small")
    if imaging.is_colourless(page.picture):
        codes.append("doc.copy")
    return [finding(code) for code in codes]


def _is_burnt(glare: NDArray[np.uint8], portrait: Portrait | None) -> bool:
    if portrait is None:
        return False
    left, top, width, height = portrait.box
    return bool(glare[top : top + height, left : left + width].any())
