"""From lines of text to a machine-readable zone whose every character knows where it stands. Pure.

Engines count fillers badly: the length of a run of fillers is put right by the length of its line, and the letters'
places must then lie on the even pitch that zones are printed with.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ocr import mrz
from ocr.mrz import ALPHABET, FILLER, SIZES, Zone
from ocr.rows import Glyph, Line, Run, glyphs

_AS_FILLER = {"く": "<", "〈": "<", "《": "<<", "«": "<<", "≪": "<<", "＜": "<", "‹": "<", "(": "<", "{": "<"}
_LOST = 0.1
"""Part of a line's characters that may be unknown."""
_SHORTEST = 20
_OFF_PITCH = 0.6
"""Of the pitch: a letter farther from its place means that a neighbour is missing or too many."""

Cells = tuple[Glyph | None, ...]
"""A line's characters; None where a filler was put in or read."""


@dataclass(frozen=True)
class SeenZone:
    """A zone and the letters it was read from."""

    zone: Zone
    cells: tuple[Cells, ...]
    even: bool
    """Whether every line's letters stand on an even pitch."""

    def run(self, name: str) -> Run:
        """The letters of a field, without fillers."""
        part = self.zone.parts[name]
        return Run(tuple(glyph for glyph in self.cells[part.line][part.start : part.end] if glyph is not None))


def find(lines: Sequence[Line]) -> SeenZone | None:
    """The zone among lines of text; the best of several ways to read it, None when there is none."""
    found = sorted(_candidates(lines), key=lambda pair: pair[0])
    best: tuple[tuple[bool, bool, int, int], SeenZone] | None = None
    for size, (count, length) in SIZES.items():
        fitted = [(row, fit) for row, (_, one) in enumerate(found) if (fit := _fit(one, length)) is not None]
        for chosen in combinations(fitted, count):
            if chosen[-1][0] - chosen[0][0] != count - 1:
                continue
            seen = _take_apart(size, [cells for _, cells in chosen])
            if seen is None:
                continue
            # Fillers count nothing in a check digit: a short zone stretched to a longer size may check as well. The
            # pitch tells them apart, and then how little had to be put right.
            changed = sum(abs(len(found[row][1]) - length) for row, _ in chosen)
            checked = sum(part.checked is True for part in seen.zone.parts.values())
            rank = (seen.zone.composite, seen.even, -changed, checked)
            if (seen.zone.composite or checked) and (best is None or rank > best[0]):
                best = (rank, seen)
    return best[1] if best else None


def looks_like_zone(lines: Sequence[Line]) -> bool:
    """Whether at least two lines could belong to a zone."""
    return sum(1 for _ in _candidates(lines)) >= 2


def _candidates(lines: Sequence[Line]) -> Iterator[tuple[float, list[Glyph]]]:
    for line in lines:
        letters = [one for glyph in glyphs(line) for one in _normal(glyph)]
        text = "".join(letter.char for letter in letters)
        told = FILLER in text or sum(char.isdigit() for char in text) > 8
        if len(text) >= _SHORTEST and told and sum(not letter.confidence for letter in letters) <= _LOST * len(text):
            yield line.box[1], letters


def _normal(glyph: Glyph) -> list[Glyph]:
    """In the alphabet of zones; a double mark becomes two fillers, a suspected gap is dropped: lengths tell better."""
    text = _AS_FILLER.get(glyph.char, glyph.char.upper())
    if set(text) <= ALPHABET:
        return [Glyph(char, glyph.confidence, glyph.box, glyph.others) for char in text]
    # No zone has this character: the likeliest one that it may have, or any, which nobody will take for sure.
    char, p = max(((c, p) for c, p in glyph.others if c in ALPHABET), key=lambda pair: pair[1], default=("X", 0.0))
    return [Glyph(char, p, glyph.box, glyph.others)]


def _fit(letters: list[Glyph], length: int) -> list[Glyph | None] | None:
    """Exactly ``length`` characters, the longest run of fillers stretched or shortened; None when that cannot be."""
    over = len(letters) - length
    if abs(over) > 14:
        return None
    cells: list[Glyph | None] = [None if letter.char == FILLER else letter for letter in letters]
    if over == 0:
        return cells
    runs = _filler_runs(cells)
    if not runs:
        return None
    start, end = max(runs, key=lambda run: (run[1] - run[0], run[0]))
    if end - start < 2 or end - start - over < 1:
        return None
    return cells[:start] + [None] * (end - start - over) + cells[end:]


def _filler_runs(cells: Sequence[Glyph | None]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i, cell in enumerate(cells):
        if cell is not None:
            continue
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def _take_apart(size: str, lines: Sequence[list[Glyph | None]]) -> SeenZone | None:
    texts, cells = [], []
    for number, line in enumerate(lines):
        text = mrz.in_place(size, number, "".join(cell.char if cell else FILLER for cell in line))
        texts.append(text)
        cells.append(
            tuple(
                Glyph(char, _in_class(size, number, i, cell, char), cell.box, cell.others)
                if cell and char != FILLER
                else None
                for i, (char, cell) in enumerate(zip(text, line, strict=True))
            )
        )
    zone = mrz.parse(texts)
    return SeenZone(zone, tuple(cells), all(map(_is_even, cells))) if zone else None


def _in_class(size: str, number: int, at: int, cell: Glyph, char: str) -> float:
    """The probability of a character where only letters, or only digits, may stand: what it looks like counts too."""
    same = [p for other, p in cell.others if other != cell.char and mrz.at_place(size, number, at, other) == char]
    return min(1.0, cell.confidence + sum(same))


def _is_even(cells: Cells) -> bool:
    """Whether the letters lie where an even pitch puts them: a straight line through their middles."""
    places = [(i, (cell.box[0] + cell.box[2]) / 2) for i, cell in enumerate(cells) if cell is not None]
    if len(places) < 3:
        return True
    pitch, start = statistics.linear_regression([i for i, _ in places], [x for _, x in places])
    return all(abs(start + pitch * i - x) <= _OFF_PITCH * pitch for i, x in places)
