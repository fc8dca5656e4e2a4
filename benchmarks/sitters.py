"""Who sits before the camera of :mod:`benchmarks.presentations`: portraits that can be bent as a head moves.

Without a folder it is one person, the public-domain portrait of the demo's customer. A folder of photographs (as
:mod:`benchmarks.faces` takes them) adds whoever looks into the camera there, large enough: head and shoulders are cut
out, the eyes level, and the places of eyes, mouth and nose come from the landmarks.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr import imaging
from ocr.api import FaceMarker, FaceMarks, Picture, Point
from ocr.liveness.signs import signs_of
from video.sources import people
from video.sources.actor import Features

SIDE = 320
"""Pixels of a cut."""
_SPAN, _EYES_AT = 0.271, (0.497, 0.45)
"""Of the demo's portrait: from outer to outer corner of the eyes, and where the middle between them lies."""
_LEAST_SPAN = 60.0
"""Pixels between the outer corners of the eyes: smaller faces are blurred when they fill the counter's picture."""
_FRONTAL = 0.12
"""How far the nose may stand from the middle between the eyes, in parts of their span."""


@dataclass(frozen=True)
class Sitter:
    """A portrait and where things are in it."""

    name: str
    face: Picture
    """Red-green-blue, square."""
    features: Features


def demo_customer() -> Sitter:
    """The demo's customer."""
    return Sitter("demo", people.customer(), people.CUSTOMER_FEATURES)


def sitters(folder: Path | None, marker: FaceMarker) -> list[Sitter]:
    """The demo's customer, and who can be used in the folder."""
    found = [demo_customer()]
    for file in sorted(folder.iterdir()) if folder is not None else []:
        if file.suffix.lower() in (".jpg", ".jpeg", ".png"):
            one = sitter(file.name, imaging.decode(file.read_bytes()), marker)
            found += [one] if one is not None else []
    return found


def sitter(name: str, picture: Picture, marker: FaceMarker) -> Sitter | None:
    """Whoever is alone in a photograph, looks into the camera with open eyes, and is large enough in it."""
    faces = marker.mark(picture)
    if len(faces) != 1 or not _usable(faces[0]):
        return None
    warp = _cut(faces[0].points)
    if not _covers(warp, picture):
        return None
    cut = cv2.warpAffine(picture, warp, (SIDE, SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    points = cv2.transform(np.array([faces[0].points], np.float64), warp)[0] / SIDE
    return Sitter(name, np.ascontiguousarray(cut[:, :, ::-1]), features_of([(float(x), float(y)) for x, y in points]))


def _usable(face: FaceMarks) -> bool:
    signs = signs_of(face.points)
    return signs.span >= _LEAST_SPAN and abs(signs.yaw) < _FRONTAL and signs.eyes > 0.2 and signs.mouth < 0.25


def _cut(points: Sequence[Point]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """From the photograph to the cut: turned until the eyes are level, as large as the demo's portrait."""
    (ax, ay), (bx, by) = points[36], points[45]
    scale = _SPAN * SIDE / math.hypot(bx - ax, by - ay)
    warp = cv2.getRotationMatrix2D(((ax + bx) / 2, (ay + by) / 2), math.degrees(math.atan2(by - ay, bx - ax)), scale)
    moved = np.asarray(warp, dtype=np.float64)
    moved[:, 2] += np.array(_EYES_AT) * SIDE - ((ax + bx) / 2, (ay + by) / 2)
    return moved


def _covers(warp: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", picture: Picture) -> bool:
    """Whether nearly all of the cut lies in the photograph."""
    all_of_it = np.full(picture.shape[:2], 255, np.uint8)
    return float(cv2.warpAffine(all_of_it, warp, (SIDE, SIDE)).mean()) > 0.93 * 255


def features_of(points: Sequence[Point]) -> Features:
    """Where things are, from 68 landmarks in parts of the cut."""
    eyes = []
    for a, b, c, d, e, f in ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)):
        upper, lower = min(points[b][1], points[c][1]), max(points[e][1], points[f][1])
        eyes.append((points[a][0], points[d][0], upper, lower))
    line = sum(points[i][1] for i in (65, 66, 67)) / 3
    span = math.dist(points[36], points[45])
    chin, middle = points[8][1], (points[2][0] + points[14][0]) / 2
    return Features(
        eyes=tuple(eyes), mouth=(points[48][0], points[54][0], line),
        head=(middle, chin - 1.075 * span, 0.996 * span, 1.255 * span), nose=points[30],
    )  # fmt: skip
