"""Plain RapidOCR with its own defaults: what the benchmark compares with, and a second text engine."""

import logging
from collections.abc import Sequence
from typing import Any

from ocr.api import Letter, Picture, Quad, Strip
from ocr.rows import Line


class RapidTextEngine:
    """RapidOCR 3 with the weights of its own wheel. It gives one mean probability for a line."""

    name = "rapidocr"

    def __init__(self) -> None:
        from rapidocr import RapidOCR  # heavy

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        self._engine: Any = RapidOCR(params={"Global.log_level": "error"})

    def whole(self, picture: Picture) -> list[Line]:
        """Find and read everything, the library's own way."""
        found = self._engine(picture)
        if found.boxes is None:
            return []
        return [
            Line(_quad(box), _strip(text, float(score)))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]

    def locate(self, picture: Picture, side: int) -> list[Quad]:
        """Where text stands; RapidOCR chooses its own scale, so ``side`` has no effect here."""
        found = self._engine(picture, use_det=True, use_cls=False, use_rec=False)
        return [] if found.boxes is None else [_quad(box) for box in found.boxes]

    def read(self, strips: Sequence[Picture]) -> list[Strip]:
        read = []
        for strip in strips:
            found = self._engine(strip, use_det=False, use_cls=False, use_rec=True)
            text = found.txts[0] if found.txts else ""
            read.append(_strip(text, float(found.scores[0]) if found.scores else 0.0))
        return read


def _quad(box: Any) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    return (a, b, c, d)


def _strip(text: str, score: float) -> Strip:
    """Letters on an even pitch: the library does not say where they stand."""
    count = max(1, len(text))
    return Strip(tuple(Letter(char, score, i / count, (i + 1) / count) for i, char in enumerate(text)))
