"""dlib by way of face_recognition: gradient-histogram detector, 5 landmarks, 128 numbers a face."""

import math
import warnings
from typing import Any

import cv2
import numpy as np

from ocr.api import FaceFound, Picture

_PIXELS = 960 * 540
"""Pictures are brought to about this many pixels: faces from a twelfth of a frame's width up, in some 45 ms."""
_LONGEST = 640
"""Small pictures, as portraits from cards, are enlarged up to this long side: the detector wants 80 pixels a face."""
_LEAST_SCORE = 0.45
"""Detector scores measured: faces 0.9 to 2.2, things taken for faces at most 0.35."""


class DlibFaceEncoder:
    """Finds and describes faces on the processor."""

    name = "face_recognition"
    same_distance = 0.6
    """The distance dlib's authors give; measured on 300 labelled pairs: 99.67 % right, no false accept."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its models package asks the deprecated pkg_resources where it lies
            import face_recognition  # heavy: loads 130 MB of models

        self._encode = face_recognition.face_encodings
        self._detector: Any = face_recognition.api.face_detector

    def find(self, picture: Picture, *, encode: bool = True) -> list[FaceFound]:
        scale = _scale(picture.shape[1], picture.shape[0])
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=interpolation)
        rgb = np.ascontiguousarray(small[:, :, ::-1])
        places, _, _ = self._detector.run(rgb, 0, _LEAST_SCORE)
        if not places and encode:  # a face farther away: four times the pixels, four times the time
            places, _, _ = self._detector.run(rgb, 1, _LEAST_SCORE)
        ordered = sorted(places, key=lambda place: -int(place.area()))
        vector: tuple[float, ...] = ()
        if ordered and encode:
            face = ordered[0]
            edges = [(face.top(), face.right(), face.bottom(), face.left())]
            vector = tuple(float(v) for v in self._encode(rgb, edges, model="small")[0])
        return [FaceFound(_box(p, scale, picture.shape), vector if i == 0 else ()) for i, p in enumerate(ordered)]

    def distance(self, a: FaceFound, b: FaceFound) -> float:
        return float(np.linalg.norm(np.array(a.vector) - np.array(b.vector)))


def _scale(width: int, height: int) -> float:
    budget = math.sqrt(_PIXELS / (width * height))
    return budget if budget < 1 else max(1.0, min(budget, _LONGEST / max(width, height), 3.0))


def _box(place: Any, scale: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    left, top = max(0, round(place.left() / scale)), max(0, round(place.top() / scale))
    right, bottom = min(shape[1], round(place.right() / scale)), min(shape[0], round(place.bottom() / scale))
    return (left, top, right - left, bottom - top)
