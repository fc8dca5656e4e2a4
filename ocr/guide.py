"""What to tell whoever holds a document up to a camera, while it still can be put right. No models.

A reading (:mod:`ocr.reader`) judges a picture by what could be read of it; this judges by what is seen before that: the
document's outline, its size, sharpness, light and the patches where the picture is burnt out. Where glare lies is told
by the layout of the side that was asked for; of other documents only that there is glare.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import imaging, locate
from ocr.api import Finding, Guidance, Picture
from ocr.findings import finding
from ocr.judge import BLURRED, DARK, SMALLEST
from ocr.locate import Page

LONG_SIDE = 1600
"""Pictures are looked at no larger than this."""
PREVIEW = 480
"""Longer side of the small copy that goes back with the answer."""
NEAR = round(1.25 * SMALLEST)
"""A card shorter than this in the picture is too far away: with a little room above what can still be read."""
_COVERED = 0.85
"""A side of which less is seen has a hand, or something else, over it."""
_LEAST_GLARE = 0.004
"""Part of the page that must be burnt where it is not known what stands there."""
_CUT, _PLAIN = 0.12, 18.0
"""Part of a side of the picture along which something light runs out of it; spread of greys of a bare table."""
_GOOD, _POOR, _BURNT = (96, 190, 60), (40, 150, 240), (60, 60, 230)

Zone = tuple[float, float, float, float]
"""Left, top, right, bottom as parts of a document that stands upright."""


@dataclass(frozen=True)
class Layout:
    """Where things stand on one side of a kind of document."""

    zones: Mapping[str, Zone]
    dark: Zone | None
    """A part that is darker than the one opposite when the document is turned by half; tells which way up it lies."""


_SIDES: Mapping[str, Layout] = {
    "id_front": Layout(
        {
            "name": (0.16, 0.09, 0.60, 0.21),
            "birth": (0.16, 0.36, 0.60, 0.45),
            "address": (0.16, 0.48, 0.61, 0.74),
            "id_number": (0.32, 0.80, 0.92, 0.92),
            "portrait": (0.62, 0.13, 0.93, 0.74),
        },
        (0.62, 0.13, 0.93, 0.74),
    ),
    "id_back": Layout(
        {"authority": (0.38, 0.70, 0.95, 0.80), "valid_to": (0.38, 0.82, 0.95, 0.93)}, None
    ),
}  # fmt: skip
"""Of resident identity cards and of the residence permits that are laid out like them."""
LAYOUTS: Mapping[str, Layout] = {**_SIDES, "party_front": _SIDES["id_front"]}
"""By what was asked for; another person's card is laid out like the customer's."""


class DocumentGuide:
    """Looks at pictures of a document, one after another."""

    def look(self, data: bytes, expected: str | None = None) -> Guidance:
        """What stands against taking this picture. Never raises for a bad one: its findings say what is wrong.

        Args:
            data: the file's bytes.
            expected: ``id_front`` or ``id_back``: the side that was asked for; None or anything else: any document.
        """
        begin = time.perf_counter()
        try:
            picture = imaging.decode(data, LONG_SIDE)
        except imaging.PictureError as error:
            return Guidance(False, (finding(error.code),), None, b"", _since(begin))
        outlines = locate.outlines(picture)
        page = _page(picture, outlines)
        if page is None:
            code = _without_outline(picture)
            return Guidance(code != "doc.none", (finding(code),), None, _preview(picture, None, None), _since(begin))
        glare = imaging.glare_mask(page.picture)
        found = _judge(page, glare, LAYOUTS.get(expected or ""))
        if outlines and not page.touches_border and locate.edges_seen(picture, outlines[0]) < _COVERED:
            found.insert(0, finding("doc.covered"))
        if any(locate.apart(page, quad) and _is_printed(picture, quad) for quad in outlines):
            found.insert(0, finding("doc.two"))
        shown = _preview(picture, page, glare, good=not found)
        return Guidance(True, tuple(found), _outline(page, picture), shown, _since(begin))


def _page(picture: Picture, outlines: list[NDArray[np.float64]]) -> Page | None:
    """The likeliest outline laid flat; without any, a printed picture of a document's shape is one itself."""
    page = next(locate.flat_pages(picture, outlines, limit=1), None)
    return page if page is not None and _has_print(page.picture) else None


def _judge(page: Page, glare: NDArray[np.uint8], layout: Layout | None) -> list[Finding]:
    """The most important first: what must be put right before the next can be seen at all."""
    found = []
    if page.touches_border:
        found.append(finding("doc.cut_off"))
    if page.length < NEAR:
        found.append(finding("doc.too_small"))
    # Of a dark card that was not asked for, the print is light: it tells how much light there is.
    if imaging.is_dark(page.picture, DARK) and (layout is not None or _brightest(page.picture) < DARK):
        found.append(finding("doc.dark"))
    if imaging.sharpness(page.picture) < BLURRED:
        found.append(finding("doc.blur"))
    if glare.any():
        burnt = _burnt(page.picture, glare, layout)
        fields = tuple(name for name in burnt if name != "portrait")
        if burnt or (layout is None and float((glare > 0).mean()) > _LEAST_GLARE):
            found.append(finding("doc.glare", fields=fields))
    if imaging.is_colourless(page.picture):
        found.append(finding("doc.copy"))
    if imaging.is_screen(page.picture):
        found.append(finding("doc.screen"))
    return found


def _burnt(page: Picture, glare: NDArray[np.uint8], layout: Layout | None) -> list[str]:
    """The parts of a known layout on which light lies; both ways up where the page does not tell."""
    if layout is None:
        return []
    upside_down = layout.dark is not None and _level(page, layout.dark) > _level(page, _opposite(layout.dark))
    ways = [upside_down] if layout.dark is not None else [False, True]
    return [
        name
        for name, zone in layout.zones.items()
        if any(_part(glare, _opposite(zone) if turned else zone).any() for turned in ways)
    ]


def _opposite(zone: Zone) -> Zone:
    left, top, right, bottom = zone
    return (1 - right, 1 - bottom, 1 - left, 1 - top)


def _part(page: NDArray[np.uint8], zone: Zone) -> NDArray[np.uint8]:
    height, width = page.shape[:2]
    left, top, right, bottom = zone
    return page[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]


def _level(page: Picture, zone: Zone) -> float:
    """How light a part is where it is not burnt out."""
    return float(np.median(np.asarray(_part(page, zone)).min(axis=2)))


def _brightest(page: Picture) -> float:
    return float(np.percentile(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)[::4, ::4], 98))


def _without_outline(picture: Picture) -> str:
    """Why no document's edges are seen: dark, a screen, something light runs out of the picture, nothing is there."""
    small = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (160, 120), interpolation=cv2.INTER_AREA)
    if float(np.percentile(small, 98)) < DARK:
        return "doc.dark" if float(small.std()) > _PLAIN / 4 else "doc.none"
    if float(small.std()) < _PLAIN:
        return "doc.none"
    level, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    border = (small[0], small[-1], small[:, 0], small[:, -1])
    if any(float((side > level).mean()) > _CUT for side in border):
        return "doc.covered"
    return "doc.screen" if imaging.is_screen(picture) else "doc.none"


def _has_print(page: Picture) -> bool:
    """Whether there is something like print on it: bare paper, or a table, has hardly any edges."""
    grey = cv2.cvtColor(imaging.shrunk(page, 505), cv2.COLOR_BGR2GRAY)
    return float((cv2.Canny(grey, 40, 120) > 0).mean()) > 0.01


def _is_printed(picture: Picture, quad: NDArray[np.float64]) -> bool:
    return _has_print(locate.flatten(picture, quad).picture)


def _outline(page: Page, picture: Picture) -> tuple[tuple[float, float], ...]:
    height, width = picture.shape[:2]
    flat_height, flat_width = page.picture.shape[:2]
    return tuple(
        (round(x / width, 4), round(y / height, 4)) for x, y in page.to_picture((0, 0, flat_width - 1, flat_height - 1))
    )


def _preview(picture: Picture, page: Page | None, glare: NDArray[np.uint8] | None, *, good: bool = False) -> bytes:
    """A small copy with the outline drawn and burnt patches coloured, for a person to see what is meant."""
    height, width = picture.shape[:2]
    scale = min(1.0, PREVIEW / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if page is not None and glare is not None:
        towards = np.diag([scale, scale, 1.0]) @ page.back
        if glare.any():
            burnt = cv2.warpPerspective(glare, towards, (small.shape[1], small.shape[0])) > 127
            small[burnt] = (0.4 * small[burnt] + 0.6 * np.array(_BURNT)).astype(np.uint8)
        corners = np.array(page.to_picture((0, 0, page.picture.shape[1] - 1, page.picture.shape[0] - 1))) * scale
        cv2.polylines(small, [corners.round().astype(np.int32)], True, _GOOD if good else _POOR, 4, cv2.LINE_AA)
    return imaging.encode_jpeg(np.asarray(small, dtype=np.uint8))


def _since(begin: float) -> float:
    return round((time.perf_counter() - begin) * 1e3, 1)
