"""Forms printed as labels with values beside them: finding each label's value, in one column or two. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.nations import simplified
from ocr.rows import Glyph, Run

_GAP = 1.6
"""A line more than so many times its height below the last one does not go on with it."""
_APART = 2.2
"""Letters farther from each other than so many times their height belong to different columns."""

_LIKELY = 0.03
"""Least probability of a letter that the engine offered beside the one it chose."""


@dataclass(frozen=True)
class _Hit:
    name: str
    row: int
    start: int
    end: int
    left: float


class Labelled:
    """A page of rows in which labels were looked for."""

    def __init__(self, table: Sequence[Run], spellings: Mapping[str, tuple[str, ...]]) -> None:
        """
        Args:
            table: rows from top to bottom.
            spellings: how each label may be written, longer ones before shorter ones they begin with.
        """
        self._table = table
        self._hits = [hit for i, row in enumerate(table) for hit in _hits(i, row, spellings)]

    def has(self, name: str) -> bool:
        """Whether the label was found."""
        return any(hit.name == name for hit in self._hits)

    def value(self, name: str, *, lines: int = 1) -> Run:
        """The letters beside the first such label, with up to ``lines`` lines; empty when there are none."""
        for hit in self._hits:
            if hit.name == name and (run := self._beside(hit, lines)).text:
                return run
        return Run(())

    def left_of(self, name: str) -> Run:
        """The last words left of that label, in its row: the other column's value where its own label was not read."""
        for hit in self._hits:
            if hit.name == name and hit.start:
                row = self._table[hit.row].cut(0, hit.start)
                rest = row
                while (part := _together(rest)).glyphs != rest.glyphs:
                    rest = Run(rest.glyphs[len(part.glyphs) :])
                return rest if rest.glyphs != row.glyphs else Run(())
        return Run(())

    def _beside(self, hit: _Hit, lines: int) -> Run:
        row = self._table[hit.row]
        after = [one for one in self._hits if one.row == hit.row and one.start >= hit.end]
        following = min(after, key=lambda one: one.start, default=None)
        run = _together(_bare(row.cut(hit.end, following.start if following else None)))
        if run.box is None:
            return run
        last, left = run, run.box[0]
        for number in range(hit.row + 1, min(len(self._table), hit.row + 3 * lines)):
            if lines <= 1 or last.box is None:
                break
            below = self._table[number]
            part = _together(Run(tuple(g for g in below.glyphs if g.box[0] > left - 1.2 * last.height)))
            if part.box is None:
                continue
            labels_here = [one for one in self._hits if one.row == number and one.left < part.box[2]]
            labelled = any(one.left > hit.left - last.height for one in labels_here)
            apart = (part.box[1] - last.box[1]) / max(last.height, 1.0)
            if labelled or apart > _GAP:
                break
            if abs(part.box[0] - left) > 1.5 * last.height:  # of another column
                continue
            run, last, lines = run + part, part, lines - 1
        return run


def _together(run: Run) -> Run:
    """Up to the first gap that is too wide for one value: beyond it another column begins."""
    for i, (one, other) in enumerate(pairwise(run.glyphs)):
        if other.box[0] - one.box[2] > _APART * run.height:
            return Run(run.glyphs[: i + 1])
    return run


def _bare(run: Run) -> Run:
    """Without the colon or slash between label and value."""
    start = 0
    while start < len(run.text) and run.text[start] in ":：/|.":
        start += 1
    return run.cut(start) if start else run


def _hits(number: int, row: Run, spellings: Mapping[str, tuple[str, ...]]) -> list[_Hit]:
    letters = [frozenset(_readings(glyph)) for glyph in row.glyphs if glyph.char]
    taken: list[_Hit] = []
    written = sorted(((word, name) for name, words in spellings.items() for word in words), key=lambda p: -len(p[0]))
    for word, name in written:
        for start in range(len(letters) - len(word) + 1):
            end = start + len(word)
            if not all(char in letter for char, letter in zip(word, letters[start:end], strict=True)):
                continue
            box = row.cut(start, end).box
            if box is not None and all(end <= one.start or start >= one.end for one in taken):
                taken.append(_Hit(name, number, start, end, box[0]))
    return sorted(taken, key=lambda one: one.start)


def _readings(glyph: Glyph) -> list[str]:
    """What a letter of a label may be: labels are small and pale, and known beforehand."""
    return [simplified(glyph.char), *(simplified(char) for char, p in glyph.others if p > _LIKELY)]
