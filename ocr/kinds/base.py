"""What all kinds of document share: how one is described, and how a field stands before it is cut out of the page.

Nothing is put right by guessing: knowledge (check characters, date sense, fields that say the same) only decides
whether a field is sure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from ocr.rows import Line, Run

LONG_TERM = "长期"

_NUMBER_LENGTH = 18
SURE = 0.90
"""A letter read below this is looked at by a person, where no check character speaks for it."""
CHECKED = 0.50
"""The same where a check character, or another field that says the same, speaks for it."""


class Shape(Enum):
    """Outline of a document, longer side over shorter."""

    CARD = 1011 / 638
    """ISO/IEC 7810 ID-1."""
    SHEET = 1.42
    """A page of a passport (ID-3), of a register, or of the A series."""


@dataclass(frozen=True)
class Value:
    """A field before it is cut out of the page: its text, its letters and whether it is sure."""

    text: str
    run: Run
    confidence: float
    unsure: bool


MISSING = Value("", Run(()), 0.0, True)


@dataclass(frozen=True)
class Code:
    """A barcode that was read; its own error correction vouches for it."""

    text: str
    run: Run
    """Without letters: only where it stands."""


@dataclass(frozen=True)
class Seen:
    """What is on a page: its lines of text, its barcodes, and the day of the reading."""

    lines: Sequence[Line]
    today: date
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """A side of a document: its fields and the codes of what is wrong with them."""

    side: str
    values: dict[str, Value]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of document."""

    name: str
    side_of: Callable[[Sequence[Line]], str | None]
    """Which side the text is of; None: not this kind."""
    parse: Callable[[Seen, str], Parsed]
    portrait_side: str | None = None
    """The side that bears a photograph."""
    portrait_left: bool = False
    """Whether it stands on the left there."""
    shape: Shape = Shape.CARD
    barcodes: bool = False
    """Whether a barcode belongs to it."""


_MARKS = re.compile(r"SPECIMEN|SAMPLE|^样本$|^样本SP", re.IGNORECASE)
CHINESE = re.compile(r"[㐀-鿿\U00020000-\U0003ffff〇]+")
DATE = re.compile(r"(\d{4})\s*(?:年|[-./．·,，])?\s*(\d{1,2})\s*(?:月|[-./．·,，])?\s*(\d{1,2})\s*日?")


def is_mark(line: Line) -> bool:
    """Whether a line is a watermark: it names itself a specimen, or runs across the document's direction."""
    text = line.strip.text.replace(" ", "")
    return bool(_MARKS.search(text)) or (abs(line.slope) > 0.2 and len(text) > 1)


def unmarked(lines: Sequence[Line]) -> list[Line]:
    """The lines without watermarks."""
    return [line for line in lines if not is_mark(line)]


def joined(lines: Sequence[Line]) -> str:
    """All text, a line each, without spaces."""
    return "".join(line.strip.text.replace(" ", "") + "\n" for line in lines)


def value(run: Run, text: str, allowed: bool, sure: float = SURE) -> Value:
    """A field: sure when what it says is allowed and every letter was read well."""
    return Value(text, run, run.confidence, not (allowed and text and run.confidence >= sure))


def doubted(values: dict[str, Value], *names: str) -> dict[str, Value]:
    """The same fields, those named being unsure."""
    return values | {name: replace(values[name], unsure=True) for name in names if name in values}


def real_date(year: str, month: str, day: str) -> str | None:
    """ISO 8601; None when there is no such day, or none that a document can bear."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if 1880 <= found.year <= 2150 else None


def date_value(run: Run, sure: float = SURE) -> Value:
    """The only date in a run, whatever it is written like."""
    found = DATE.search(run.text)
    if found is None:
        return Value("", run, run.confidence, True)
    cut = run.cut(found.start(), found.end())
    text = real_date(*found.groups())
    # Digits that touch it belong to it, or are another date: either way it is not known which day is meant.
    around = run.text[: found.start()][-1:] + run.text[found.end() :][:1]
    return value(cut, text or "", text is not None and not any(char.isdigit() for char in around), sure)


def is_plain_chinese(text: str) -> bool:
    """Whether every letter is of GB 2312: place names hardly ever need others, misread letters often are others."""
    try:
        text.replace("·", "").encode("gb2312")
    except UnicodeEncodeError:
        return False
    return bool(CHINESE.search(text))


def years_between(start: str, end: str) -> int | None:
    """Whole years from one date to the same day of a later year, or to the day before it; None: not whole years."""
    try:
        a, b = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return None
    for years in (b.year - a.year, b.year - a.year + 1):
        if years <= 0:
            continue
        try:
            same = a.replace(year=a.year + years)
        except ValueError:  # 29 February
            same = date(a.year + years, 3, 1)
        if (same - b).days in (0, 1):
            return years
    return None


def incomplete(values: dict[str, Value]) -> tuple[str, ...]:
    """The code for a document with an empty field, or with a part of a resident number, if there is one."""
    number = values.get("id_number")
    whole = number is None or len(number.text) >= _NUMBER_LENGTH
    return () if whole and all(one.text for one in values.values()) else ("doc.incomplete",)
