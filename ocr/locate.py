"""Finding the document in a picture and laying it flat."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.api import Picture, Quad

CARD = (1011, 638)
"""A card of ISO/IEC 7810 ID-1 at 300 dpi."""
SHEET = (1420, 1000)
"""A page of a passport, of a register or of the A series, which bears smaller letters for its size than a card."""
_WORK = 640
_RATIOS = (CARD[0] / CARD[1], SHEET[0] / SHEET[1])
_SHEET_BELOW = 1.53
"""Length over height of what is laid out as a sheet: a card taken for one costs less than a sheet read twice."""
_SHORTEST = 1.3
"""Length over height of a card that looks short because it is tilted."""
_WHOLE = 0.07
"""A picture whose shape is that near a document's may be one from edge to edge; a camera's, at 4 to 3, is not."""
_BEYOND = 0.03
"""Of its length: so far out of the picture a page, with the room around its text, has lost a part."""
_SMALLEST = 0.06
"""Part of the picture a card must fill."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Page:
    """A document laid flat, and the way back to the picture it was taken from."""

    picture: Picture
    back: Matrix
    """3 x 3, carries a point of the page to the picture."""
    found: bool
    """Whether the edges were seen; otherwise the page is the whole picture, turned."""
    touches_border: bool = False
    length: float = 0.0
    """Longer side of the document in the picture, in pixels."""

    def to_picture(self, box: tuple[float, float, float, float]) -> Quad:
        """A rectangle of the page (left, top, right, bottom) as four corners in the picture."""
        left, top, right, bottom = box
        corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float64)
        moved = cv2.perspectiveTransform(corners, self.back)[0]
        a, b, c, d = ((float(x), float(y)) for x, y in moved)
        return (a, b, c, d)

    def upside_down(self) -> "Page":
        """The page turned by half."""
        height, width = self.picture.shape[:2]
        turn = np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]], dtype=np.float64)
        turned = np.ascontiguousarray(self.picture[::-1, ::-1])
        return Page(turned, self.back @ turn, self.found, self.touches_border, self.length)


def outlines(picture: Picture, *, limit: int = 4) -> list[NDArray[np.float64]]:
    """Four corners each of what may be documents in the picture, likeliest first."""
    height, width = picture.shape[:2]
    scale = min(1.0, _WORK / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    return [quad / scale for quad in _best_quads(small)[:limit]]


def edges_seen(picture: Picture, quad: NDArray[np.float64]) -> float:
    """How much of the side that is seen worst lies on an edge in the picture, 0 to 1: a hand over it hides some."""
    height, width = picture.shape[:2]
    scale = min(1.0, _WORK / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    return min(_shares(quad * scale, cv2.dilate(_edges(small, 30, 90), np.ones((5, 5), np.uint8))))


def flat_pages(picture: Picture, quads: list[NDArray[np.float64]], *, limit: int = 3) -> Iterator[Page]:
    """Documents laid flat with the longer side across; at last the whole picture, if it has the shape of one."""
    height, width = picture.shape[:2]
    for quad in quads[:limit]:
        yield flatten(picture, quad)
    ratio = max(height, width) / min(height, width)
    if min(abs(ratio - usual) for usual in _RATIOS) < _WHOLE:
        whole = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], dtype=np.float64)
        yield flatten(picture, whole, whole=True)


def enlarged(picture: Picture, page: Page, size: tuple[int, int]) -> Page:
    """The same part of the picture laid out on a page of another size, the same way up."""
    height, width = page.picture.shape[:2]
    source = np.array(page.to_picture((0, 0, width - 1, height - 1)))
    bigger = _warp(picture, source, size, found=page.found)
    return replace(bigger, touches_border=page.touches_border, length=page.length)


def apart(page: Page, quad: NDArray[np.float64]) -> bool:
    """Whether a quad lies wholly beside the page, and is not much smaller than it."""
    height, width = page.picture.shape[:2]
    own = np.array(page.to_picture((0, 0, width, height)), dtype=np.float32)
    other = quad.astype(np.float32)
    common, _ = cv2.intersectConvexConvex(own, other)
    area = float(cv2.contourArea(other))
    return common < 0.05 * area and area > 0.4 * float(cv2.contourArea(own))


def whole_page(picture: Picture, *, long_side: int = 1600) -> Page:
    """The whole picture as a page."""
    height, width = picture.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    source = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], dtype=np.float64)
    return _warp(picture, source, (round(width * scale), round(height * scale)), found=False)


def text_page(picture: Picture, quads: list[Quad]) -> Page | None:
    """The part of the picture with text in it, turned so that the text runs across; None without a clear direction.

    For documents whose edges cannot be seen: perspective stays, but lines become level.
    """
    sides = [_baseline(np.array(quad)) for quad in quads]
    lengths = np.array([float(np.linalg.norm(side)) for side in sides])
    if len(sides) < 3:
        return None
    doubled = np.array([2 * math.atan2(side[1], side[0]) for side in sides])
    mean = complex(float((lengths * np.cos(doubled)).sum()), float((lengths * np.sin(doubled)).sum()))
    if abs(mean) < 0.5 * lengths.sum():
        return None
    angle = math.atan2(mean.imag, mean.real) / 2
    across, down = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
    points = np.array(quads).reshape(-1, 2)
    u, v = points @ across, points @ down
    room = 0.12 * float(np.ptp(u))
    lines = [(u.min() - room, v.min() - room), (u.max() + room, v.min() - room)]
    lines += [(u.max() + room, v.max() + room), (u.min() - room, v.max() + room)]
    source = np.array([s * across + t * down for s, t in lines])
    scale = min(2.0, 1200 / float(np.ptp(u) + 2 * room))
    size = (round(float(np.ptp(u) + 2 * room) * scale), round(float(np.ptp(v) + 2 * room) * scale))
    height, width = picture.shape[:2]
    return replace(_warp(picture, source, size, found=False), touches_border=_leaves(source, (width, height)))


def _baseline(quad: NDArray[np.float64]) -> NDArray[np.float64]:
    """The longer direction of a line of text."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    return np.asarray(along if np.linalg.norm(along) >= np.linalg.norm(down) else down)


def strips(page: Picture, quads: list[Quad]) -> list[Picture]:
    """The pictures of lines of text, each laid level."""
    return [_strip(page, quad) for quad in quads]


def _strip(page: Picture, quad: Quad) -> Picture:
    points = np.array(quad, dtype=np.float32)
    width = max(np.linalg.norm(points[0] - points[1]), np.linalg.norm(points[3] - points[2]))
    height = max(np.linalg.norm(points[0] - points[3]), np.linalg.norm(points[1] - points[2]))
    w, h = max(4, round(float(width))), max(4, round(float(height)))
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(points, target)
    return np.asarray(
        cv2.warpPerspective(page, matrix, (w, h), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )


def flatten(picture: Picture, quad: NDArray[np.float64], *, whole: bool = False) -> Page:
    """The document between four corners, its longer side across."""
    sides = [float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4)]
    if sides[0] + sides[2] < sides[1] + sides[3]:
        quad = np.roll(quad, -1, axis=0)
    height, width = picture.shape[:2]
    cut = not whole and _touches(quad, (width, height), 4)
    ratio = max(sides[0] + sides[2], sides[1] + sides[3]) / max(1.0, min(sides[0] + sides[2], sides[1] + sides[3]))
    # What is left of a card that was cut keeps its shape; a whole one is given the shape of a card.
    whole_size = SHEET if ratio < _SHEET_BELOW else CARD
    size = (round(CARD[1] * ratio), CARD[1]) if cut and ratio < _SHORTEST else whole_size
    page = _warp(picture, quad, size, found=True)
    return Page(page.picture, page.back, True, cut, max(sides))


def _leaves(quad: NDArray[np.float64], size: tuple[int, int]) -> bool:
    """Whether a corner lies clearly outside the picture: text stands so near its border that more may be beyond."""
    outside = np.maximum(-quad, quad - np.array(size))
    return float(outside.max()) > _BEYOND * float(np.linalg.norm(quad[1] - quad[0]))


def _touches(quad: NDArray[np.float64], size: tuple[int, int], margin: int) -> bool:
    """Whether a corner lies at, or beyond, the border of the picture."""
    low, high = quad.min(axis=0), quad.max(axis=0) - np.array(size) + 1
    return bool((low < margin).any() or (high > -margin).any())


def _warp(picture: Picture, source: NDArray[np.float64], size: tuple[int, int], *, found: bool) -> Page:
    w, h = size
    target = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), target)
    shrink = float(np.linalg.norm(source[0] - source[1])) / w
    flags = cv2.INTER_AREA if shrink > 2 else cv2.INTER_CUBIC if shrink < 1 else cv2.INTER_LINEAR
    flat = cv2.warpPerspective(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Page(np.asarray(flat, dtype=np.uint8), np.linalg.inv(matrix).astype(np.float64), found, False, max(size))


def _best_quads(small: NDArray[Any]) -> list[NDArray[np.float64]]:
    height, width = small.shape[:2]
    scored: list[tuple[float, NDArray[np.float64]]] = []
    edges = cv2.dilate(_edges(small, 30, 90), np.ones((5, 5), np.uint8))
    for mask in _masks(small):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            _, _, across, down = cv2.boundingRect(contour)
            if across * down < _SMALLEST * width * height or len(contour) < width // 2:
                continue
            quad = _quad_of(contour)
            if quad is None or (score := _score(quad, contour, (width, height))) <= 0:
                continue
            if (score := score * _support(quad, edges)) > 0:
                scored.append((score, quad))
    scored.sort(key=lambda pair: -pair[0])
    kept: list[NDArray[np.float64]] = []
    for _, quad in scored:
        if all(float(np.abs(quad - other).max()) > 12 for other in kept):
            kept.append(quad)
    return kept


def _edges(small: NDArray[Any], low: int, high: int) -> NDArray[np.uint8]:
    """Edges of brightness and of colour."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2LAB)
    found = cv2.Canny(lab[..., 0], low, high)
    for channel in (1, 2):
        found = cv2.bitwise_or(found, cv2.Canny(lab[..., channel], low, high))
    return np.asarray(found, dtype=np.uint8)


def _masks(small: NDArray[Any]) -> list[NDArray[np.uint8]]:
    """Several ways to tell card from desk; on nearly every picture one of them works."""
    kernel = np.ones((3, 3), np.uint8)
    masks = [
        cv2.morphologyEx(_edges(small, low, high), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        for low, high in ((20, 60), (60, 160))
    ]
    hsv = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2HSV)
    light = hsv[..., 2]
    level, _ = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    near = cv2.boxFilter(light, -1, (161, 161))
    for mask in (
        light > level,
        light > min(250.0, level * 1.2),
        light > level * 0.8,
        light.astype(np.int16) > near.astype(np.int16) + 8,
        (light > level * 0.8) & (hsv[..., 1] < 60),
    ):
        masks.append(cv2.morphologyEx(mask.astype(np.uint8) * 255, cv2.MORPH_OPEN, kernel, iterations=2))
    return [np.asarray(mask, dtype=np.uint8) for mask in masks]


def _support(quad: NDArray[np.float64], edges: NDArray[Any]) -> float:
    """How much of the four sides lies on edges (or on the picture's border); 0 when one side hangs in the air."""
    shares = _shares(quad, edges)
    return 0.0 if min(shares) < 0.45 else (sum(shares) / 4) ** 2


def _shares(quad: NDArray[np.float64], edges: NDArray[Any]) -> list[float]:
    """The part of each side that lies on edges, or on the picture's border."""
    height, width = edges.shape[:2]
    shares = []
    for a, b in pairwise([*quad, quad[0]]):
        points = a + np.linspace(0.1, 0.9, 60)[:, None] * (b - a)
        x, y = points[:, 0].round().astype(int), points[:, 1].round().astype(int)
        outside = (x <= 2) | (y <= 2) | (x >= width - 3) | (y >= height - 3)
        hit = edges[y.clip(0, height - 1), x.clip(0, width - 1)] > 0
        shares.append(float((hit | outside).mean()))
    return shares


def _quad_of(contour: NDArray[Any]) -> NDArray[np.float64] | None:
    """Four straight sides fitted to the outline; None when it has no such shape."""
    hull = cv2.convexHull(contour)
    length = cv2.arcLength(hull, True)
    for tolerance in (0.02, 0.03, 0.045, 0.06):
        rough = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2).astype(np.float64)
        if len(rough) == 4:
            return _clockwise(_refine(rough, hull.reshape(-1, 2).astype(np.float64), contour))
    return None


def _refine(rough: NDArray[np.float64], hull: NDArray[np.float64], contour: NDArray[Any]) -> NDArray[np.float64]:
    """Corners where lines through the middles of the sides meet: cards have round corners."""
    points = contour.reshape(-1, 2).astype(np.float64)
    lines = []
    for a, b in pairwise([*rough, rough[0]]):
        along = b - a
        size = float(np.linalg.norm(along)) or 1.0
        unit = along / size
        offset = points - a
        t = offset @ unit / size
        d = np.abs(offset @ np.array([-unit[1], unit[0]]))
        near = points[(t > 0.12) & (t < 0.88) & (d < 0.03 * size + 2)]
        if len(near) < 12:
            return rough
        vx, vy, x, y = (float(v) for v in cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
        lines.append((np.array([x, y]), np.array([vx, vy])))
    corners = [_meet(lines[i - 1], lines[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return rough
    fitted = np.array(corners, dtype=np.float64)
    reach = 0.09 * float(np.ptp(hull, axis=0).max())
    return fitted if float(np.linalg.norm(fitted - rough, axis=1).max()) < reach else rough


def _meet(
    one: tuple[NDArray[np.float64], NDArray[np.float64]], two: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64] | None:
    matrix = np.column_stack([one[1], -two[1]])
    if abs(float(np.linalg.det(matrix))) < 1e-3:
        return None
    return np.asarray(one[0] + np.linalg.solve(matrix, two[0] - one[0])[0] * one[1])


def _clockwise(quad: NDArray[np.float64]) -> NDArray[np.float64]:
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    ordered = quad[np.argsort(angles)]
    return np.asarray(np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0))


def _score(quad: NDArray[np.float64], contour: NDArray[Any], size: tuple[int, int]) -> float:
    """Large, card-shaped and well filled is good; 0 when it cannot be a card, whole or cut by the border."""
    whole = size[0] * size[1]
    sides = [float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4)]
    if min(sides) < 20:
        return 0.0
    across, down = sides[0] + sides[2], sides[1] + sides[3]
    ratio = max(across, down) / min(across, down)
    if not (1.0 if _touches(quad, size, 3) else _SHORTEST) < ratio < 1.95:
        return 0.0
    for i in range(4):
        u, v = quad[i - 1] - quad[i], quad[(i + 1) % 4] - quad[i]
        if abs(float(u @ v)) / (float(np.linalg.norm(u)) * float(np.linalg.norm(v))) > 0.5:
            return 0.0
    area = float(cv2.contourArea(quad.astype(np.float32)))
    covered = float(cv2.contourArea(cv2.convexHull(contour))) / max(area, 1.0)
    if not _SMALLEST < area / whole < 0.985 or not 0.85 < covered < 1.1:
        return 0.0
    unlike = min(abs(ratio - usual) for usual in _RATIOS)
    return area / whole * (1 - min(0.6, unlike * 1.5)) * min(covered, 1 / covered)
