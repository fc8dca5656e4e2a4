"""Whether two pictures show one person, told as a score from 0 to 100.

The score is the encoder's distance laid on a scale on which the decision falls at 80: with ``d`` the distance and
``D`` the largest that counts as one person,

    score = 100 - 20 (d / D) ** 2          for d <= D
    score = 80 exp(-4 (d - D) / D)         beyond

It falls steadily with distance and has no jump. It is a scale, not a probability: 80 means "exactly at the
threshold chosen from measurement", not "80 % likely".
"""

import math
import time

from ocr import imaging
from ocr.api import FaceEncoder, FaceFound, FaceMatch, Finding
from ocr.findings import finding

THRESHOLD = 80.0
_SMALLEST = 48
_BYSTANDER = 0.35
"""A face of less than this part of the largest one's area stands in the background."""


def score(distance: float, same_distance: float) -> float:
    """The score of a distance, to one decimal; at least 80 if and only if the distance counts as one person."""
    if distance <= same_distance:
        value = 100 - 20 * (distance / same_distance) ** 2
        return max(THRESHOLD, round(value, 1))
    value = THRESHOLD * math.exp(-4 * (distance - same_distance) / same_distance)
    return min(THRESHOLD - 0.1, round(value, 1))


class FaceMatcher:
    """Compares the faces of two pictures, the largest in each.

    Several faces are always reported. If another one is nearly as large as the largest, it is open whose face is
    meant, and nothing is compared: no distance, score 0.
    """

    def __init__(self, encoder: FaceEncoder) -> None:
        self._encoder = encoder

    def match(self, a: bytes, b: bytes) -> FaceMatch:
        """Compare. Never raises for a bad picture: its findings say what is wrong."""
        begin = time.perf_counter()
        findings: list[Finding] = []
        found = [self._faces(data, findings) for data in (a, b)]
        counts = (len(found[0]), len(found[1]))
        if not all(_is_plain(faces) for faces in found):
            return self._answer(begin, counts, found, findings, None)
        distance = self._encoder.distance(found[0][0], found[1][0])
        return self._answer(begin, counts, found, findings, distance)

    def _faces(self, data: bytes, findings: list[Finding]) -> list[FaceFound]:
        try:
            picture = imaging.decode(data)
        except imaging.PictureError as error:
            _add(findings, error.code)
            return []
        faces = self._encoder.find(picture)
        if not faces:
            _add(findings, "face.none")
        if len(faces) > 1:
            _add(findings, "face.many")
        if faces and faces[0].box[2] < _SMALLEST:
            _add(findings, "face.small")
        return faces

    def _answer(
        self,
        begin: float,
        counts: tuple[int, int],
        found: list[list[FaceFound]],
        findings: list[Finding],
        distance: float | None,
    ) -> FaceMatch:
        value = 0.0 if distance is None else score(distance, self._encoder.same_distance)
        return FaceMatch(
            same=value >= THRESHOLD,
            score=value,
            distance=distance,
            threshold=THRESHOLD,
            faces=counts,
            findings=tuple(findings),
            elapsed_ms=round((time.perf_counter() - begin) * 1e3, 1),
            boxes=(found[0][0].box if found[0] else None, found[1][0].box if found[1] else None),
        )


def _is_plain(faces: list[FaceFound]) -> bool:
    """Whether it is clear which face is meant."""
    areas = [face.box[2] * face.box[3] for face in faces]
    return bool(areas) and (len(areas) == 1 or areas[1] < _BYSTANDER * areas[0])


def _add(findings: list[Finding], code: str) -> None:
    if all(known.code != code for known in findings):
        findings.append(finding(code))
