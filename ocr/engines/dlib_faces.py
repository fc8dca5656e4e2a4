"""dlib by way of face_recognition: gradient-histogram detector, 5 landmarks, 128 numbers a face."""

import warnings

import cv2
import numpy as np

from ocr.api import FaceFound, Picture

_LONG = 640
_SHORT_PORTRAIT = 400


class DlibFaceEncoder:
    """Faces of at least about 80 pixels in a picture scaled to 640 pixels; small portraits are enlarged first."""

    name = "face_recognition"
    same_distance = 0.6
    """The distance dlib's authors give; measured on 300 labelled pairs: 99.67 % right, no false accept."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its models package asks the deprecated pkg_resources where it lies
            import face_recognition  # heavy: loads 130 MB of models

        self._library = face_recognition

    def find(self, picture: Picture, *, encode: bool = True) -> list[FaceFound]:
        scale = _LONG / max(picture.shape[:2])
        if scale > 1:
            scale = min(2.0, max(1.0, _SHORT_PORTRAIT / max(picture.shape[:2])))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=interpolation)
        rgb = np.ascontiguousarray(small[:, :, ::-1])
        places = self._library.face_locations(rgb, number_of_times_to_upsample=1 if encode and scale > 1 else 0)
        places.sort(key=lambda place: (place[2] - place[0]) * (place[1] - place[3]), reverse=True)
        vector: tuple[float, ...] = ()
        if places and encode:
            vector = tuple(float(v) for v in self._library.face_encodings(rgb, places[:1], model="small")[0])
        return [
            FaceFound(_box(place, scale, picture.shape), vector if i == 0 else ()) for i, place in enumerate(places)
        ]

    def distance(self, a: FaceFound, b: FaceFound) -> float:
        return float(np.linalg.norm(np.array(a.vector) - np.array(b.vector)))


def _box(place: tuple[int, int, int, int], scale: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    top, right, bottom, left = (round(v / scale) for v in place)
    left, top = max(0, left), max(0, top)
    return (left, top, min(shape[1], right) - left, min(shape[0], bottom) - top)
