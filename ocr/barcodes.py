"""Barcodes and QR codes on a page."""

import cv2
import numpy as np
import zxingcpp

from ocr.api import Picture
from ocr.kinds.base import Code
from ocr.rows import Glyph, Run

_LONGEST = 600
"""A code's text of more letters is cut: it is no code of a document."""


def read(page: Picture) -> tuple[Code, ...]:
    """Every code on the page, each once; a second look at twice the size when none was found."""
    found = _found(page, 1.0)
    if not found:
        twice = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        found = _found(np.asarray(twice, dtype=np.uint8), 2.0)
    return tuple({code.text: code for code in found}.values())


def _found(page: Picture, scale: float) -> list[Code]:
    codes = []
    for one in zxingcpp.read_barcodes(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)):
        corners = [one.position.top_left, one.position.top_right, one.position.bottom_right, one.position.bottom_left]
        xs, ys = [corner.x / scale for corner in corners], [corner.y / scale for corner in corners]
        if one.text:
            box = (min(xs), min(ys), max(xs), max(ys))
            codes.append(Code(one.text[:_LONGEST], Run((Glyph("", 1.0, box),))))
    return codes
