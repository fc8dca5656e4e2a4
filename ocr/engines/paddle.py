"""PaddleOCR on ONNX Runtime: finds lines of text and reads them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.api import Letter, Picture, Quad, Strip
from ocr.engines.models import DETECTOR, RECOGNISER, text_models

_HEIGHT = 48
_NARROWEST = 320
_BATCH = 6


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

    def locate(self, picture: Picture, side: int) -> list[Quad]:
        found = self._detector.predict(picture, limit_side_len=side, limit_type="max")[0]
        return [_quad(polygon) for polygon in found["dt_polys"]]

    def read(self, strips: Sequence[Picture]) -> list[Strip]:
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[1] / strips[i].shape[0])
        answers: dict[int, Strip] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            pictures = [strips[i] for i in batch]
            widths = [_HEIGHT * p.shape[1] / p.shape[0] for p in pictures]
            padded = max(_NARROWEST, *widths)
            results = self._recogniser.predict(pictures, batch_size=len(pictures))
            for i, width, result in zip(batch, widths, results, strict=True):
                answers[i] = _strip(result["rec_text"], padded / width)
        return [answers[i] for i in range(len(strips))]


def _quad(polygon: NDArray[Any]) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in polygon)
    return (a, b, c, d)


def _strip(raw: list[tuple[str, float, float, float]], stretch: float) -> Strip:
    """Places come as parts of the padded width; the line's own width is what counts."""
    return Strip(
        tuple(Letter(char, p, min(1.0, a * stretch), min(1.0, b * stretch)) for char, p, a, b in raw)
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

    hesitation = 0.35

    def __init__(self, characters: list[str]) -> None:
        self._characters = characters

    def __call__(self, predictions: Any, **_: Any) -> tuple[list[list[tuple[str, float, float, float]]], list[float]]:
        lines = [self._line(np.asarray(one)) for one in np.asarray(predictions[0])]
        return lines, [min((p for _, p, _, _ in line), default=0.0) for line in lines]

    def _line(self, columns: NDArray[np.float32]) -> list[tuple[str, float, float, float]]:
        best = columns.argmax(axis=1)
        sure = columns.max(axis=1)
        count = len(best)
        letters: list[tuple[str, float, float, float]] = []
        start = 0
        while start < count:
            end = start + 1
            while end < count and best[end] == best[start]:
                end += 1
            if best[start] != 0:
                char = self._characters[best[start]]
                letters.append((char, float(sure[start:end].max()), start / count, end / count))
            else:
                letters += self._gaps(sure, start, end, count)
            start = end
        return letters

    def _gaps(
        self, blank: NDArray[np.float32], start: int, end: int, count: int
    ) -> list[tuple[str, float, float, float]]:
        """Columns well inside a stretch of nothing where nothing was not certain."""
        inner = range(start + 1, end - 1)
        weak = [i for i in inner if blank[i] < 1 - self.hesitation]
        if not weak:
            return []
        worst = min(weak, key=lambda i: float(blank[i]))
        return [("", float(blank[worst]), worst / count, (worst + 1) / count)]
