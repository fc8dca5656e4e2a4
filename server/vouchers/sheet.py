"""One page being filled: where things may stand, how wide text is, how lines are broken."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from server.vouchers.page import POINT, Mark, Text

Measure = Callable[[str, bool], float]
"""Width of a text in em, regular or bold."""

BRAND, DEEP, BODY, SOFT = "#0F5F8C", "#0C2B3E", "#15202A", "#5F6E7B"
RULE, GROUND, WATER = "#D8E0E6", "#F5F8FA", "#EDF1F4"
LEFT, RIGHT = 16.0, 194.0
FORM = RIGHT - LEFT
FEET, END = 206.0, 274.0
"""Where signature, seal and code begin on the last page; where the form must end on the others (millimetres)."""


@dataclass(slots=True)
class Sheet:
    """Marks of one page being filled, and how far down it is filled."""

    measure: Measure
    marks: list[Mark] = field(default_factory=list)
    y: float = 0.0

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str = BODY,
        *,
        bold: bool = False,
        at: Literal["left", "centre", "right"] = "left",
        room: float = 0.0,
    ) -> None:
        """``room``: millimetres it may take; a longer text is set smaller, never cut."""
        clean = "".join(character if character.isprintable() else " " for character in text)
        width = self.measure(clean, bold) * POINT
        fitted = min(size, room / width) if room and width else size
        self.marks.append(Text(x, y, clean, fitted, colour, bold, at))


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break a text into lines not wider than ``width`` em: between words, or anywhere in Chinese."""
    lines, current = [], ""
    for piece in _pieces(text):
        if current and measure(current + piece, False) > width:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
        while measure(current, False) > width and len(current) > 1:
            cut = next(n for n in range(len(current) - 1, 0, -1) if n == 1 or measure(current[:n], False) <= width)
            lines.append(current[:cut])
            current = current[cut:]
    return [*lines, current] if current or not lines else lines


def _pieces(text: str) -> Iterable[str]:
    word = ""
    for character in text:
        if character.isspace() or ord(character) >= 0x2E80:
            yield word + character
            word = ""
        else:
            word += character
    if word:
        yield word
