"""One frame looked at for liveness. Worker side."""

import time

from ocr import imaging
from ocr.api import FaceLook, FaceMarker
from ocr.faces import BYSTANDER
from ocr.liveness.signs import signs_of
from ocr.liveness.traces import eye_patches, thumbnail, traces_of

SIDE = 1280
"""Longer side, pixels: traces of a raster are in the fine detail, so frames of a call are taken as they are."""


class FaceLooker:
    """Looks at frames."""

    def __init__(self, marker: FaceMarker) -> None:
        self._marker = marker

    def look(self, data: bytes) -> FaceLook:
        """One frame. A picture that cannot be read shows no face."""
        begin = time.perf_counter()
        try:
            picture = imaging.decode(data, SIDE)
        except imaging.PictureError:
            return FaceLook(0)
        faces = self._marker.mark(picture)
        if not faces:
            return FaceLook(0, elapsed_ms=_since(begin))
        face = faces[0]
        try:
            signs = signs_of(face.points)
        except ValueError:
            signs = None
        traces = traces_of(picture, face.box)
        near = sum(other.box[2] * other.box[3] >= BYSTANDER * face.box[2] * face.box[3] for other in faces)
        small, eyes = thumbnail(picture, face.box), eye_patches(picture, face.points)
        return FaceLook(near, signs, traces, small, eyes, _since(begin))


def _since(begin: float) -> float:
    return round((time.perf_counter() - begin) * 1e3, 1)
