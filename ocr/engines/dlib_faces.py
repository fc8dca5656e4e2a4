"""dlib by way of face_recognition: gradient-histogram detector, 5 or 68 landmarks, 128 numbers a face."""

import math
import warnings
from typing import Any

import cv2
import numpy as np

from ocr.api import FaceFound, FaceMarks, Picture

_PIXELS = 800 * 450
"""Pictures are brought to about this many pixels: faces from a tenth of a frame's width up, in some 20 ms."""
_QUICK_PIXELS = 640 * 360
_LONGEST = 640
"""Small pictures, as portraits from cards, are enlarged up to this long side: the detector wants 80 pixels a face."""
_AROUND = 0.2
"""Of a face's size stays around it in the crop that is described; the network's own is 0.25. With less background
persons stand further apart, also those whom the threshold was not chosen on (docs/faces.md)."""
_LEAST_SCORE = 0.45
"""Detector scores measured: faces 0.9 to 2.2, things taken for faces at most 0.35."""


class DlibFaceEncoder:
    """Finds and describes faces on the processor."""

    name = "face_recognition"

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its models package asks the deprecated pkg_resources where it lies
            import face_recognition  # heavy: loads 130 MB of models

        models: Any = face_recognition.api
        self._detector: Any = models.face_detector
        self._five: Any = models.pose_predictor_5_point
        self._sixty_eight: Any = models.pose_predictor_68_point
        self._net: Any = models.face_encoder

    def find(self, picture: Picture, *, encode: bool = True) -> list[FaceFound]:
        scale = _scale(picture.shape[1], picture.shape[0])
        rgb = _scaled(picture, scale)
        places = self._places(rgb, thorough=encode)
        vector: tuple[float, ...] = ()
        if places and encode:
            # Five points align the crop as well as sixty-eight; one pass of the network, no jittered copies.
            vector = tuple(self._net.compute_face_descriptor(rgb, self._five(rgb, places[0]), 1, _AROUND))
        return [FaceFound(_box(p, scale, picture.shape), vector if i == 0 else ()) for i, p in enumerate(places)]

    def _places(self, rgb: Any, *, thorough: bool) -> list[Any]:
        """Rectangles of faces, largest first."""
        places = self._run(rgb, 0)
        if not places and thorough:  # a face farther away: four times the pixels, four times the time
            places = self._run(rgb, 1)
        return places

    def _run(self, rgb: Any, upsampling: int) -> list[Any]:
        places, _, _ = self._detector.run(rgb, upsampling, _LEAST_SCORE)
        return sorted(places, key=lambda place: -int(place.area()))

    def mark(self, picture: Picture) -> list[FaceMarks]:
        """For a stream of frames: a quick look for a near face, then its landmarks."""
        height, width = picture.shape[:2]
        scale = min(1.0, math.sqrt(_QUICK_PIXELS / (width * height)))
        rgb = _scaled(picture, scale)
        places = self._run(rgb, 0)
        marks = [FaceMarks(_box(place, scale, picture.shape), ()) for place in places]
        if places:
            shape = self._sixty_eight(rgb, places[0])
            points = tuple((part.x / scale, part.y / scale) for part in shape.parts())
            marks[0] = FaceMarks(marks[0].box, points)
        return marks

    def distance(self, a: FaceFound, b: FaceFound) -> float:
        return float(np.linalg.norm(np.array(a.vector) - np.array(b.vector)))


def _scaled(picture: Picture, scale: float) -> Any:
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=interpolation)
    return np.ascontiguousarray(small[:, :, ::-1])


def _scale(width: int, height: int) -> float:
    budget = math.sqrt(_PIXELS / (width * height))
    return budget if budget < 1 else max(1.0, min(budget, _LONGEST / max(width, height), 3.0))


def _box(place: Any, scale: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    left, top = max(0, round(place.left() / scale)), max(0, round(place.top() / scale))
    right, bottom = min(shape[1], round(place.right() / scale)), min(shape[0], round(place.bottom() / scale))
    return (left, top, right - left, bottom - top)
