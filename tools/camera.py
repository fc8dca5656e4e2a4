"""A camera model: a flat card becomes the photograph somebody took of it on a desk.

Levels of hardness: 0 a document camera above the card, 1 a careful phone, 2 a hasty one (strong perspective,
any rotation, shade, a patch of glare), 3 a poor one (dim, blurred, grainy, clutter, heavy JPEG).
"""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

FRAME = (1600, 1200)
"""Of a picture of a card."""
_CARD_WIDTH = 1011
MAX_LEVEL = 3


@dataclass(frozen=True)
class _Level:
    tilt: float
    """Largest shift of a corner, as a part of the card's width."""
    angle: float
    """Largest rotation in degrees, beside the quarter turns."""
    quarter_turns: bool
    fill: tuple[float, float]
    """Card's length as a part of the frame's width."""
    shade: float
    glare: float
    blur: tuple[float, float]
    noise: float
    quality: tuple[int, int]
    clutter: int


_LEVELS = (
    _Level(0.004, 2, False, (0.74, 0.80), 0.06, 0.0, (0.0, 0.5), 1.5, (88, 95), 0),
    _Level(0.02, 8, False, (0.62, 0.78), 0.18, 0.10, (0.3, 0.9), 3.0, (80, 92), 2),
    _Level(0.05, 20, True, (0.58, 0.72), 0.35, 0.30, (0.5, 1.3), 5.0, (65, 85), 5),
    _Level(0.07, 35, True, (0.52, 0.66), 0.50, 0.55, (0.9, 1.9), 8.0, (45, 70), 9),
)


def photograph(card: Image.Image, seed: int, level: int) -> bytes:
    """A JPEG of 1600 x 1200 pixels (or 1200 x 1600, when turned) of the card; the same seed, the same picture.

    Documents wider than a card are taken with a picture that is as much larger.

    Args:
        card: the flat card.
        level: 0 (document camera) to 3 (poor phone picture).
    """
    how = _LEVELS[level]
    rng = np.random.default_rng([seed, level])
    frame = _frame(card)
    desk = _desk(rng, how, frame)
    corners = _corners(rng, how, card.size, frame)
    _shadow(desk, corners)
    rounded = _rounded(card)
    warped = rounded.transform(
        frame, Image.Transform.PERSPECTIVE, _coefficients(corners, card.size), Image.Resampling.BICUBIC
    )
    desk.paste(warped, (0, 0), warped.getchannel("A"))
    pixels = _light(np.asarray(desk, dtype=np.float32), rng, how, corners)
    blurred = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(float(rng.uniform(*how.blur)))
    )
    grain = rng.normal(0, how.noise, (frame[1], frame[0], 1)).astype(np.float32)
    grainy = Image.fromarray((np.asarray(blurred, dtype=np.float32) + grain).clip(0, 255).astype(np.uint8))
    if how.quarter_turns:
        grainy = grainy.rotate(90 * int(rng.integers(0, 4)), expand=True)
    buffer = io.BytesIO()
    grainy.save(buffer, "JPEG", quality=int(rng.integers(*how.quality)))
    return buffer.getvalue()


def on_screen(card: Image.Image) -> Image.Image:
    """The card as a screen shows it: every dot three stripes of red, green and blue, and a dark line below."""
    dots = np.asarray(card.convert("RGB"), dtype=np.float32)
    lit = np.zeros((dots.shape[0] * 3, dots.shape[1] * 3, 3), dtype=np.float32)
    for colour in range(3):
        lit[:, colour::3, colour] = np.repeat(dots[:, :, colour], 3, axis=0)
    lit[2::3] *= 0.35
    return Image.fromarray((lit * 1.9).clip(0, 255).astype(np.uint8))


def _frame(card: Image.Image) -> tuple[int, int]:
    """The camera's picture: a larger document is taken with as many pixels for each of its letters."""
    scale = min(1.5, max(1.0, card.width / _CARD_WIDTH))
    return (round(FRAME[0] * scale), round(FRAME[1] * scale))


def _desk(rng: np.random.Generator, how: _Level, frame: tuple[int, int]) -> Image.Image:
    base = np.array([(92, 74, 58), (58, 62, 68), (120, 122, 118), (44, 60, 82)][int(rng.integers(0, 4))])
    grain = rng.normal(0, 5, (frame[1] // 8, frame[0] // 2, 1)) + base
    desk = Image.fromarray(grain.clip(0, 255).astype(np.uint8)).resize(frame, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(desk)
    for _ in range(how.clutter):
        x, y = (int(rng.integers(-200, side)) for side in frame)
        w, h = (int(v) for v in rng.integers(60, 420, 2))
        draw.rectangle((x, y, x + w, y + h), fill=tuple(int(v) for v in rng.integers(30, 200, 3)))
    return desk


def _rounded(card: Image.Image) -> Image.Image:
    mask = Image.new("L", card.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, card.width - 1, card.height - 1), radius=36, fill=255)
    whole = card.convert("RGBA")
    whole.putalpha(mask)
    return whole


def _corners(
    rng: np.random.Generator, how: _Level, size: tuple[int, int], frame: tuple[int, int]
) -> NDArray[np.float64]:
    """Where the card's corners lie in the frame, clockwise from the top left."""
    length = rng.uniform(*how.fill) * frame[0]
    scale = np.array([length, length * size[1] / size[0]])
    unit = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    angle = math.radians(rng.uniform(-how.angle, how.angle))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    placed = (unit * scale + rng.uniform(-how.tilt, how.tilt, (4, 2)) * length) @ turn
    room = np.array(frame) - (placed.max(axis=0) - placed.min(axis=0)) - 40
    if room.min() < 0:
        placed *= float((1 + room / np.array(frame)).min())
        room = np.array(frame) - (placed.max(axis=0) - placed.min(axis=0)) - 40
    shift = 20 + room.clip(0) * rng.uniform(0.25, 0.75, 2)
    return np.asarray(placed - placed.min(axis=0) + shift)


def _coefficients(corners: NDArray[np.float64], size: tuple[int, int]) -> list[float]:
    """Pillow's eight numbers that carry a pixel of the frame back to the card."""
    card = [(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])]
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, card, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    return [float(c) for c in np.linalg.solve(np.array(rows), np.array(right, dtype=float))]


def _shadow(desk: Image.Image, corners: NDArray[np.float64]) -> None:
    mask = Image.new("L", desk.size, 0)
    ImageDraw.Draw(mask).polygon([(float(x) + 7, float(y) + 9) for x, y in corners], fill=90)
    desk.paste((0, 0, 0), (0, 0), mask.filter(ImageFilter.GaussianBlur(9)))


def _light(
    pixels: NDArray[np.float32], rng: np.random.Generator, how: _Level, corners: NDArray[np.float64]
) -> NDArray[np.float32]:
    """A gradient of light, a cast of colour and, on harder levels, a soft patch of glare on the card."""
    height, width = pixels.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    ramp = (xs / width - 0.5) * math.cos(angle) + (ys / height - 0.5) * math.sin(angle)
    cast = 1 + rng.uniform(-0.12, 0.12, 3) * how.shade
    lit = pixels * (1 - how.shade * 0.45 + how.shade * ramp)[..., None] * cast.astype(np.float32)
    if how.glare:
        low, high = corners.min(axis=0), corners.max(axis=0)
        cx, cy = low + (high - low) * rng.uniform(0.1, 0.9, 2)
        a, b = rng.uniform(60, 200), rng.uniform(30, 90)
        patch = np.exp(-(((xs - cx) / a) ** 2 + ((ys - cy) / b) ** 2))
        lit = lit + (patch * 255 * how.glare)[..., None]
    return np.asarray(lit, dtype=np.float32)
