"""PaddleOCR on ONNX Runtime: finds lines of text and reads them."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.api import Letter, Picture, Quad, Strip
from ocr.engines.models import DETECTOR, RECOGNISER, text_models

_HEIGHT = 48
_STRETCH = 1.4
"""A batch is as wide as its widest line; wider ones than this times its narrowest start another."""
_BATCH = 6
_OTHERS = 5
_TRACE = 0.003


class PaddleTextEngine:
    """PaddleOCR's detector and recogniser, with our own reading of the recogniser's answer.

    The stock decoder gives one mean probability for a line, in which a single bad letter drowns. Ours keeps the
    probability and the place of every letter.
    """

    name = "paddleocr"

    def __init__(self, *, model_dir: Path | None, cache: Path, threads: int) -> None:
        """Load both models (seconds).

        Raises:
            ServiceError: ``ocr.models_missing``.
        """
        models = text_models(model_dir, cache)
        # PaddleX asks model hosts at import unless told not to, and keeps lock files in the home directory.
        os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
        os.environ["PADDLE_PDX_CACHE_HOME"] = str(cache / "paddlex")
        from paddleocr import TextDetection, TextRecognition  # heavy; reads the environment when imported

        shared: dict[str, Any] = {
            "engine": "onnxruntime",
            "device": "cpu",
            "engine_config": {"intra_op_num_threads": threads, "inter_op_num_threads": 1},
        }
        self._detector = TextDetection(model_name=DETECTOR, model_dir=str(models.detector), **shared)
        self._recogniser = TextRecognition(model_name=RECOGNISER, model_dir=str(models.recogniser), **shared)
        predictor = self._recogniser.paddlex_predictor
        predictor.post_op = _LetterDecoder(_characters(predictor))
        self._narrowest = float(predictor.pre_tfs["ReisizeNorm"].rec_image_shape[2])

    def locate(self, picture: Picture, side: int) -> list[Quad]:
        found = self._detector.predict(picture, limit_side_len=side, limit_type="max")[0]
        return [_quad(polygon) for polygon in found["dt_polys"]]

    def read(self, strips: Sequence[Picture]) -> list[Strip]:
        widths = [_HEIGHT * strip.shape[1] / strip.shape[0] for strip in strips]
        answers: dict[int, Strip] = {}
        for batch in _batches(widths, self._narrowest):
            padded = max(self._narrowest, *(widths[i] for i in batch))
            results = self._recogniser.predict([strips[i] for i in batch], batch_size=len(batch))
            for i, result in zip(batch, results, strict=True):
                answers[i] = _strip(result["rec_text"], padded / widths[i])
        return [answers[i] for i in range(len(strips))]


def _batches(widths: list[float], narrowest: float) -> list[list[int]]:
    """Lines of nearly one width together, so that little time goes into padding."""
    batches: list[list[int]] = []
    start = 0.0
    for i in sorted(range(len(widths)), key=lambda i: widths[i]):
        width = max(narrowest, widths[i])
        if not batches or len(batches[-1]) == _BATCH or width > start * _STRETCH:
            batches.append([])
            start = width
        batches[-1].append(i)
    return batches


def _quad(polygon: NDArray[Any]) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in polygon)
    return (a, b, c, d)


def _strip(raw: list[Letter], stretch: float) -> Strip:
    """Places come as parts of the padded width; the line's own width is what counts."""
    return Strip(
        tuple(replace(letter, x0=min(1.0, letter.x0 * stretch), x1=min(1.0, letter.x1 * stretch)) for letter in raw)
    )


def _characters(predictor: Any) -> list[str]:
    """The recogniser's alphabet: from the model's own metadata, or from its recipe where it is written there."""
    listed = predictor.runner.session.get_modelmeta().custom_metadata_map.get("character")
    alphabet = listed.split("\n") if listed else list(predictor.config["PostProcess"]["character_dict"])
    return ["", *alphabet, " "]


class _LetterDecoder:
    """Connectionist temporal classification, best path, keeping every letter's probability and place.

    A place where the network hesitated between nothing and a letter, and chose nothing, becomes a letter
    without a character and with a low probability: a letter may be missing there.
    """

    hesitation = 0.45

    def __init__(self, characters: list[str]) -> None:
        self._characters = characters

    def __call__(self, predictions: Any, **_: Any) -> tuple[list[list[Letter]], list[float]]:
        lines = [self._line(np.asarray(one)) for one in np.asarray(predictions[0])]
        return lines, [min((letter.confidence for letter in line), default=0.0) for line in lines]

    def _line(self, columns: NDArray[np.float32]) -> list[Letter]:
        best = columns.argmax(axis=1)
        letters: list[Letter] = []
        start, count = 0, len(best)
        while start < count:
            end = start + 1
            while end < count and best[end] == best[start]:
                end += 1
            if best[start] != 0:
                letters.append(self._letter(columns, start, end))
            else:
                letters += self._gaps(columns[:, 0], start, end)
            start = end
        return letters

    def _letter(self, columns: NDArray[np.float32], start: int, end: int) -> Letter:
        """The letter of a stretch of columns, as its surest column tells it."""
        column = columns[start + int(columns[start:end].max(axis=1).argmax())]
        top = np.argpartition(column, -_OTHERS)[-_OTHERS:]
        chosen = int(column.argmax())
        others = sorted(
            ((self._characters[i], float(column[i])) for i in top if i not in (0, chosen) and column[i] > _TRACE),
            key=lambda pair: -pair[1],
        )
        count = len(columns)
        return Letter(self._characters[chosen], float(column[chosen]), start / count, end / count, tuple(others))

    def _gaps(self, blank: NDArray[np.float32], start: int, end: int) -> list[Letter]:
        """The column well inside a stretch of nothing where nothing was least certain."""
        inner = range(start + 1, end - 1)
        worst = min(inner, key=lambda i: float(blank[i]), default=start)
        if blank[worst] >= 1 - self.hesitation:
            return []
        return [Letter("", float(blank[worst]), worst / len(blank), (worst + 1) / len(blank))]
