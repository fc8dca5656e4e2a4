"""What a reading is worth: fields cut out of the page and marked unsure, and what to tell whoever holds the camera."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr import imaging
from ocr.api import Field, Finding, Picture, Portrait
from ocr.findings import finding
from ocr.kinds.base import LONG_TERM, SURE, Kind, Parsed, Shape, Value
from ocr.locate import Page
from ocr.rows import Run
from ocr.validity import fits_age

BLURRED, UNREADABLE = 0.34, 0.2
SMALLEST = 420
"""A card shorter than this in the picture has letters of fewer than 14 pixels."""
DARK, TOO_DARK = 90.0, 45.0
"""Brightness, of 255, of the brighter parts of a page."""


def judge(
    kind: Kind, parsed: Parsed, page: Page, portrait: Portrait | None, today: date, birth: date | None
) -> tuple[dict[str, Field], tuple[Finding, ...]]:
    """The fields as they may be trusted, and every finding, the most important first."""
    glare = imaging.glare_mask(page.picture)
    sharp = imaging.sharpness(page.picture)
    fields = {
        name: _field(value, page, glare, sharp, last=name == "address" and kind.shape is Shape.CARD)
        for name, value in parsed.values.items()
    }
    findings = [finding(code) for code in parsed.codes]
    if not _fits(fields, birth):
        findings.append(finding("doc.validity_age"))
        fields |= {name: replace(fields[name], unsure=True) for name in ("valid_from", "valid_to")}
    if (until := fields.get("valid_to")) is not None and _is_past(until, today):
        findings.insert(0, finding("doc.expired", date=until.value))
    findings += _quality(page, fields, portrait, glare, sharp)
    if parsed.side == kind.portrait_side and portrait is None:
        findings.append(finding("face.none"))
    return fields, tuple(findings)


def why_unknown(page: Page, lines: int) -> str:
    """The code for a picture in which no known document was read."""
    if imaging.is_screen(page.picture):
        return "doc.screen"
    if lines < 2 and not page.found:
        return "doc.none"
    if imaging.is_dark(page.picture, TOO_DARK):
        return "doc.dark"
    if imaging.sharpness(page.picture) < BLURRED:
        return "doc.blur"
    return "doc.not_id" if lines else "doc.none"


def _fits(fields: Mapping[str, Field], birth: date | None) -> bool:
    """Whether a resident card's validity is one for the age its holder had; True where that is not known."""
    if birth is None or "authority" not in fields or set(fields) != {"authority", "valid_from", "valid_to"}:
        return True
    return fits_age(birth, fields["valid_from"].value, fields["valid_to"].value)


def _is_past(until: Field, today: date) -> bool:
    if until.value == LONG_TERM:
        return False
    try:
        return date.fromisoformat(until.value) < today
    except ValueError:
        return False


def _field(value: Value, page: Page, glare: NDArray[np.uint8], sharp: float, *, last: bool) -> Field:
    """A value with its place in the picture; ``last``: nothing else may stand below it."""
    box = value.run.box
    if box is None:
        return Field(value.text, round(value.confidence, 4), True)
    height, width = page.picture.shape[:2]
    pad = 0.15 * value.run.height
    left, top = max(0, int(box[0] - pad)), max(0, int(box[1] - pad))
    right, bottom = min(width, int(box[2] + pad)), min(height, int(box[3] + pad))
    # A barcode's own error correction vouches for it, whatever light fell on it.
    printed = bool(value.run.text)
    burnt = printed and bool(glare[top:bottom, left:right].any())
    cut = page.touches_border and (left < 8 or right > width - 8)
    unsure = value.unsure or burnt or cut or (printed and sharp < UNREADABLE)
    if last and not unsure:
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
    found = []
    hurt = any(field.unsure for field in fields.values())
    if page.touches_border and (page.found or hurt):
        found.append(finding("doc.cut_off"))
    burnt = tuple(
        name for name, field in fields.items() if field.page_box and _is_burnt(glare, _around(field.page_box))
    )
    if glare.any() and (hurt or (portrait is not None and _is_burnt(glare, portrait.box))):
        found.append(finding("doc.glare", fields=burnt))
    if imaging.is_dark(page.picture, DARK if hurt else TOO_DARK):
        found.append(finding("doc.dark"))
    if sharp < (BLURRED if hurt else UNREADABLE):
        found.append(finding("doc.blur"))
    if page.found and page.length < SMALLEST and hurt:
        found.append(finding("doc.too_small"))
    if imaging.is_colourless(page.picture):
        found.append(finding("doc.copy"))
    if imaging.is_screen(page.picture):
        found.append(finding("doc.screen"))
    return found


def _around(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """With room at both ends for letters that the light took away."""
    left, top, width, height = box
    return (max(0, left - 2 * height), top, width + 4 * height, height)


def _is_burnt(glare: NDArray[np.uint8], box: tuple[int, int, int, int]) -> bool:
    left, top, width, height = box
    return bool(glare[top : top + height, left : left + width].any())
