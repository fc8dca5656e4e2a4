"""What a distance between two faces means, for each purpose: a table in ``face_scales.json``, made by measurement.

``python -m benchmarks.faces FOLDER --scales FILE`` measures the ROC curve of each purpose and writes such a table. A
score runs from 0 to 100 and is read off between measured marks, on straight lines:

====== =====================================================================
score  the distance stands where, among the pairs measured,
====== =====================================================================
100    two pictures are the same picture
95     half of the pairs of one person were nearer
80     the decision falls: one person from here up
50     the nearest pair of two persons stood
10     half of the pairs of two persons were nearer
0      nothing was measured so far apart
====== =====================================================================

It is a scale, not a probability: 80 means "exactly at the threshold", not "80 % likely".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ocr.api import FacePurpose

THRESHOLD = 80.0
SHIPPED = Path(__file__).with_name("face_scales.json")


@dataclass(frozen=True)
class FaceScale:
    """The marks of one purpose.

    Attributes:
        threshold: largest distance that counts as one person.
        marks: (distance, score), distances rising, scores falling from 100 to 0; one of them is the threshold's.
    """

    threshold: float
    marks: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if self.marks[0] != (0.0, 100.0) or self.marks[-1][1] != 0.0 or (self.threshold, THRESHOLD) not in self.marks:
            raise ValueError("a scale runs from 100 at distance 0 through its threshold to 0")
        if any(a[0] >= b[0] or a[1] <= b[1] for a, b in pairwise(self.marks)):
            raise ValueError("a scale falls with distance")

    def score(self, distance: float) -> float:
        """0 to 100, one decimal; at least 80 if and only if the distance counts as one person."""
        value = 0.0
        for (x0, y0), (x1, y1) in pairwise(self.marks):
            if x0 <= distance <= x1:
                value = round(y0 + (y1 - y0) * (distance - x0) / (x1 - x0), 1)
                break
        return max(THRESHOLD, value) if distance <= self.threshold else min(THRESHOLD - 0.1, value)


def marks_of(threshold: float, same_median: float, nearest: float, other_median: float) -> FaceScale:
    """A scale through measured distances; marks that coincide or cross are left out."""
    marks = [(0.0, 100.0), (threshold, THRESHOLD)]
    if 0 < same_median < threshold:
        marks.insert(1, (same_median, 95.0))
    for distance, score in ((nearest, 50.0), (other_median, 10.0), (1.4, 0.0)):
        if distance > marks[-1][0]:
            marks.append((round(distance, 4), score))
    return FaceScale(threshold, tuple(marks))


def load(encoder: str, file: Path = SHIPPED) -> Mapping[FacePurpose, FaceScale]:
    """The scales that were measured for an encoder.

    Raises:
        KeyError: nothing was measured for it: an encoder without a measurement decides nothing.
    """
    table = json.loads(file.read_text(encoding="utf-8"))[encoder]["purposes"]
    return {
        purpose: FaceScale(
            table[purpose.value]["threshold"], tuple((float(x), float(y)) for x, y in table[purpose.value]["marks"])
        )
        for purpose in FacePurpose
    }
