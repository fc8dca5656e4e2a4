"""What paper or a screen before the camera leaves in a picture. Worker side.

The thresholds are in :mod:`ocr.liveness.cues`. Each figure is taken from the
picture as it came: compression has already eaten part of the traces, so none of them decides alone and from one frame.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.api import FaceTraces, Picture, Point
from ocr.liveness.lids import HEIGHT, WIDTH
from ocr.liveness.signs import COUNT

Place = NDArray[np.float64]
_PATCH = 128
_THUMBNAIL = 16


def traces_of(picture: Picture, box: tuple[int, int, int, int]) -> FaceTraces:
    """The traces around a face (left, top, width, height)."""
    face = _part(picture, box, 0.0)
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return FaceTraces(
        moire=_moire(grey), frame=_frame(picture, box), colours=_colours(face), detail=_detail(grey)
    )  # fmt: skip


def thumbnail(picture: Picture, box: tuple[int, int, int, int]) -> bytes:
    """The face as 16 x 16 grey pixels."""
    grey = cv2.cvtColor(_part(picture, box, 0.25), cv2.COLOR_BGR2GRAY)
    return bytes(cv2.resize(grey, (_THUMBNAIL, _THUMBNAIL), interpolation=cv2.INTER_AREA).tobytes())


def eye_patches(picture: Picture, points: Sequence[Point]) -> bytes:
    """Both eyes, level, as :mod:`ocr.liveness.lids` wants them; empty for landmarks that are no face."""
    corners = [np.array(points[i]) for i in (36, 39, 42, 45)] if len(points) == COUNT else []
    across = corners[3] - corners[0] if corners else np.zeros(2)
    span = float(np.hypot(*across))
    if span < 1:
        return b""
    along, down = across / span, np.array((-across[1], across[0])) / span
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return b"".join(_eye(grey, a, b, along, down) for a, b in (corners[:2], corners[2:]))


def _eye(grey: Picture, a: Place, b: Place, along: Place, down: Place) -> bytes:
    width, middle = float(np.hypot(*(b - a))), (a + b) / 2
    x, y = along * width * 0.65, down * width * 0.375
    source = np.array([middle - x - y, middle + x - y, middle - x + y], np.float32)
    target = np.array([[0, 0], [WIDTH, 0], [0, HEIGHT]], np.float32)
    patch = cv2.warpAffine(grey, cv2.getAffineTransform(source, target), (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    return np.ascontiguousarray(patch).tobytes()


def _part(picture: Picture, box: tuple[int, int, int, int], margin: float) -> Picture:
    left, top, width, height = box
    x, y = round(width * margin), round(height * margin)
    return picture[max(0, top - y) : top + height + y, max(0, left - x) : left + width + x]


def _moire(grey: NDArray[np.float32]) -> float:
    """How far the strongest single frequency stands out of its ring: a raster has peaks, skin has none.

    The ring's median is what a face has at that fineness; ratios are of log magnitudes' standard deviations.
    """
    patch = cv2.resize(grey, (_PATCH, _PATCH), interpolation=cv2.INTER_AREA)
    patch = patch - cv2.GaussianBlur(patch, (0, 0), 6)
    window = np.outer(np.hanning(_PATCH), np.hanning(_PATCH)).astype(np.float32)
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(patch * window))))
    rows, columns = np.mgrid[-_PATCH // 2 : _PATCH // 2, -_PATCH // 2 : _PATCH // 2]
    radius = np.hypot(rows, columns)
    # Face features lie on the axes and in the low frequencies; compression's blocks lie on the axes.
    off_axis = (np.abs(rows) > 3) & (np.abs(columns) > 3)
    best = 0.0
    for ring in range(14, _PATCH // 2 - 2, 4):
        values = spectrum[(radius >= ring) & (radius < ring + 4) & off_axis]
        spread = float(np.std(values)) + 1e-3
        best = max(best, float(values.max() - np.median(values)) / spread)
    return round(best, 3)


def _frame(picture: Picture, box: tuple[int, int, int, int]) -> float:
    """How many of four sides around the face have a long straight edge parallel to the face's box, 0 to 1."""
    scale = 320 / picture.shape[1]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    edges = cv2.Canny(grey, 40, 120)
    left, top, width, height = (round(v * scale) for v in box)
    lines = cv2.HoughLinesP(edges, 1, np.pi / 180, 40, minLineLength=int(height * 1.1), maxLineGap=6)
    if lines is None:
        return 0.0
    cx, cy = left + width / 2, top + height / 2
    sides: dict[str, float] = {}
    for x0, y0, x1, y1 in lines.reshape(-1, 4):
        dx, dy = abs(int(x1) - int(x0)), abs(int(y1) - int(y0))
        mx, my = (int(x0) + int(x1)) / 2, (int(y0) + int(y1)) / 2
        if dy > 5 * dx and abs(my - cy) < height and 0.55 * width < abs(mx - cx) < 2.6 * width:
            sides["left" if mx < cx else "right"] = 1.0
        if dx > 5 * dy and abs(mx - cx) < width and 0.6 * height < abs(my - cy) < 2.6 * height:
            sides["above" if my < cy else "below"] = 1.0
    return len(sides) / 4


def _colours(face: Picture) -> float:
    """Spread of the skin's colour, lightness left aside."""
    small = cv2.resize(face, (64, 64), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)[12:52, 12:52]
    return round(float(np.hypot(lab[..., 1].std(), lab[..., 2].std())), 3)


def _detail(grey: NDArray[np.float32]) -> float:
    """Energy of the finest band over the contrast of the whole."""
    patch = cv2.resize(grey, (_PATCH, _PATCH), interpolation=cv2.INTER_AREA)
    fine = patch - cv2.GaussianBlur(patch, (0, 0), 1.2)
    return round(float(fine.std() / (patch.std() + 1e-3)), 4)
