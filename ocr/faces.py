"""Whether two pictures show one person, told as a score from 0 to 100 (:mod:`ocr.face_scales`)."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping

import numpy as np

from ocr import imaging
from ocr.api import FaceEncoder, FaceFound, FaceMatch, FacePurpose, Finding, Picture
from ocr.face_scales import THRESHOLD, FaceScale
from ocr.findings import finding

SIDE = 960
"""Longer side, pixels, of the picture in which faces are looked for. A face needs 80 of them to be found; a JPEG of a
1080p frame is decoded at half size at once, in a third of the time."""
_KEPT = 16
_SMALLEST = 48
_AROUND = 0.6
"""Of a face's size stays on each side when a portrait is cut out."""
BYSTANDER = 0.35
"""A face of less than this part of the largest one's area stands in the background."""


class FaceMatcher:
    """Compares the faces of two pictures, the largest in each.

    Several faces are always reported. If another one is nearly as large as the largest, it is open whose face is
    meant, and nothing is compared: no distance, score 0.

    What was found in the newest few pictures is kept by their digest, in memory only: the portrait on a card is
    encoded once, however often it is compared with the live picture.
    """

    def __init__(self, encoder: FaceEncoder, scales: Mapping[FacePurpose, FaceScale]) -> None:
        self._encoder = encoder
        self._scales = scales
        self._kept: OrderedDict[bytes, tuple[list[FaceFound], tuple[str, ...]]] = OrderedDict()

    def match(
        self, a: bytes, b: bytes, purpose: FacePurpose = FacePurpose.PORTRAIT, *, document: bool = False
    ) -> FaceMatch:
        """Compare. Never raises for a bad picture: its findings say what is wrong.

        Args:
            document: ``a`` is the picture of a document, any way up: the largest portrait on it is compared.
        """
        begin = time.perf_counter()
        (first, wrong_a), (second, wrong_b) = self._faces(a, document=document), self._faces(b)
        distance = None
        if is_plain(first) and is_plain(second):
            distance = self._encoder.distance(first[0], second[0])
        value = 0.0 if distance is None else self._scales[purpose].score(distance)
        return FaceMatch(
            same=value >= THRESHOLD,
            score=value,
            distance=distance,
            threshold=THRESHOLD,
            faces=(len(first), len(second)),
            findings=_findings(wrong_a + wrong_b),
            elapsed_ms=round((time.perf_counter() - begin) * 1e3, 1),
        )

    def _faces(self, data: bytes, *, document: bool = False) -> tuple[list[FaceFound], tuple[str, ...]]:
        """The faces of a picture, and the codes of what is wrong with it."""
        digest = hashlib.sha256(data).digest() + (b"document" if document else b"")
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        known = self._kept[digest] = self._look(data, document=document)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return known

    def _look(self, data: bytes, *, document: bool = False) -> tuple[list[FaceFound], tuple[str, ...]]:
        try:
            picture = imaging.decode(data, imaging.LONG_SIDE if document else SIDE)
        except imaging.PictureError as error:
            return [], (error.code,)
        if document:
            picture = portrait_on(picture, self._encoder)
        faces = self._encoder.find(picture)
        wrong = {
            "face.none": not faces,
            "face.many": len(faces) > 1,
            "face.small": bool(faces) and faces[0].box[2] < _SMALLEST,
        }
        return faces, tuple(code for code, is_so in wrong.items() if is_so)


def portrait_on(document: Picture, encoder: FaceEncoder) -> Picture:
    """The part of a document's picture around the largest face on it, upright; all of it where there is none.

    A card lies on the glass any way up, and a face is only found upright.
    """
    for quarters in (0, 2, 1, 3):
        turned = np.ascontiguousarray(np.rot90(document, quarters))
        faces = encoder.find(turned)
        if faces:
            left, top, width, height = faces[0].box
            x, y = round(width * _AROUND), round(height * _AROUND)
            return turned[max(0, top - y) : top + height + y, max(0, left - x) : left + width + x]
    return document


def is_plain(faces: list[FaceFound]) -> bool:
    """Whether it is clear which face is meant."""
    areas = [face.box[2] * face.box[3] for face in faces]
    return bool(areas) and (len(areas) == 1 or areas[1] < BYSTANDER * areas[0])


def _findings(codes: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(finding(code) for code in dict.fromkeys(codes))
