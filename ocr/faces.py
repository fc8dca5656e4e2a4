"""Whether two pictures show one person, told as a score from 0 to 100 (:mod:`ocr.face_scales`)."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping

from ocr import imaging
from ocr.api import FaceEncoder, FaceFound, FaceMatch, FacePurpose, Finding
from ocr.face_scales import THRESHOLD, FaceScale
from ocr.findings import finding

SIDE = 960
"""Longer side, pixels, of the picture in which faces are looked for. A face needs 80 of them to be found; a JPEG of a
1080p frame is decoded at half size at once, in a third of the time."""
_KEPT = 16
_SMALLEST = 48
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

    def match(self, a: bytes, b: bytes, purpose: FacePurpose = FacePurpose.PORTRAIT) -> FaceMatch:
        """Compare. Never raises for a bad picture: its findings say what is wrong."""
        begin = time.perf_counter()
        (first, wrong_a), (second, wrong_b) = self._faces(a), self._faces(b)
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

    def _faces(self, data: bytes) -> tuple[list[FaceFound], tuple[str, ...]]:
        """The faces of a picture, and the codes of what is wrong with it."""
        digest = hashlib.sha256(data).digest()
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        known = self._kept[digest] = self._look(data)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return known

    def _look(self, data: bytes) -> tuple[list[FaceFound], tuple[str, ...]]:
        try:
            picture = imaging.decode(data, SIDE)
        except imaging.PictureError as error:
            return [], (error.code,)
        faces = self._encoder.find(picture)
        wrong = {
            "face.none": not faces,
            "face.many": len(faces) > 1,
            "face.small": bool(faces) and faces[0].box[2] < _SMALLEST,
        }
        return faces, tuple(code for code, is_so in wrong.items() if is_so)


def is_plain(faces: list[FaceFound]) -> bool:
    """Whether it is clear which face is meant."""
    areas = [face.box[2] * face.box[3] for face in faces]
    return bool(areas) and (len(areas) == 1 or areas[1] < BYSTANDER * areas[0])


def _findings(codes: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(finding(code) for code in dict.fromkeys(codes))
