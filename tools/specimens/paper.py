"""What all specimens are drawn with: paper, the mark 样本 SPECIMEN, portraits, labelled lines."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage import data

from tools.fonts import font

CARD = (1011, 638)
"""ISO/IEC 7810 ID-1 at 300 dpi."""
SHEET = (1420, 1000)
LABEL = (70, 110, 150)
INK = (28, 30, 34)
_MARK = (200, 60, 60, 46)

Colour = tuple[int, int, int]


def default_portrait() -> Image.Image:
    """The portrait of scikit-image's astronaut, a public-domain photograph of NASA's, cut like a card's."""
    load: Callable[[], NDArray[np.uint8]] = data.astronaut  # the library does not annotate it
    return Image.fromarray(load()).crop((127, 10, 319, 250))


def paper(tint: Colour, size: tuple[int, int] = CARD) -> Image.Image:
    """A card or sheet with the fine waves that real ones are printed with."""
    card = Image.new("RGB", size, tint)
    draw = ImageDraw.Draw(card)
    for k in range(-40, size[1] // 12 + 30):
        y = k * 12
        points = [(x, y + 26 * ((x / 180) % 2 - 1) ** 2 + x * 0.12) for x in range(0, size[0] + 20, 20)]
        shade = tuple(max(0, c - 9 - (k % 3) * 3) for c in tint)
        draw.line(points, fill=shade, width=2)
    return card


def mark(card: Image.Image, at: tuple[int, int], size: int, angle: float) -> Image.Image:
    """Print 样本 SPECIMEN across the card."""
    layer = Image.new("RGBA", (900, 200))
    ImageDraw.Draw(layer).text((450, 100), "样本 SPECIMEN", font=font(size, style="Bold"), fill=_MARK, anchor="mm")
    turned = layer.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    card.paste(turned, (at[0] - turned.width // 2, at[1] - turned.height // 2), turned)
    return card


def wrap(text: str, width: float, letters: str, size: int) -> list[str]:
    """The text in lines no wider than ``width`` pixels."""
    lines = [""]
    for char in text:
        if font(size, letters).getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def spaced(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], digits: str, letters: str, *, size: int = 45, pitch: float = 31
) -> None:
    """Characters each on its own pitch, as numbers and machine-readable zones are printed."""
    for place, digit in enumerate(digits):
        at_x = at[0] + 14 + place * pitch
        draw.text((at_x, at[1]), digit, font=font(size, letters), fill=INK, anchor="ms")


def place_portrait(card: Image.Image, box: tuple[int, int, int, int], portrait: Image.Image) -> Image.Image:
    """The portrait, cut to the box's shape."""
    left, top, right, bottom = box
    scale = max((right - left) / portrait.width, (bottom - top) / portrait.height)
    grown = portrait.convert("RGB").resize(
        (round(portrait.width * scale), round(portrait.height * scale)), Image.Resampling.LANCZOS
    )
    x, y = (grown.width - right + left) // 2, (grown.height - bottom + top) // 2
    card.paste(grown.crop((x, y, x + right - left, y + bottom - top)), (left, top))
    return card


class Form:
    """Labels and values drawn on a card."""

    def __init__(self, card: Image.Image, letters: str, *, label: int = 24, value: int = 34) -> None:
        self._draw = ImageDraw.Draw(card)
        self._letters = letters
        self._label, self._value = label, value

    def title(self, x: int, y: int, text: str, size: int = 44) -> None:
        """A heading around ``x``."""
        self._draw.text((x, y), text, font=font(size, self._letters, "Bold"), fill=INK, anchor="ms")

    def small(self, x: int, y: int, text: str, size: int = 22) -> None:
        """Print of no consequence."""
        self._draw.text((x, y), text, font=font(size, self._letters), fill=LABEL, anchor="ls")

    def line(self, x: int, y: int, label: str, value: str, at: int, *, width: float = 10_000, step: int = 48) -> int:
        """A label at ``x`` and its value at ``at``, in lines no wider than ``width``; where the last line stands."""
        self._draw.text((x, y), label, font=font(self._label, self._letters), fill=LABEL, anchor="ls")
        lines = wrap(value, width, self._letters, self._value)
        for row, text in enumerate(lines):
            where = (at, y + row * step)
            self._draw.text(where, text, font=font(self._value, self._letters), fill=INK, anchor="ls")
        return y + (len(lines) - 1) * step

    def rule(self, box: tuple[int, int, int, int]) -> None:
        """A thin line of a table."""
        self._draw.line(box, fill=LABEL, width=2)

    def zone(self, lines: tuple[str, ...], at: tuple[int, int], width: int) -> None:
        """A machine-readable zone, every character on its pitch."""
        pitch = width / len(lines[0])
        size = round(pitch * 1.75)
        for row, text in enumerate(lines):
            spaced(self._draw, (at[0], at[1] + round(row * size * 1.5)), text, "Noto Sans Mono CJK SC",
                   size=size, pitch=pitch)  # fmt: skip
