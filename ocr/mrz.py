"""Machine-readable zones of travel documents (ICAO Doc 9303): TD3 (part 4), TD1 (part 5), TD2 (part 6). Pure.

A zone is two or three lines of ``A``-``Z``, ``0``-``9`` and the filler ``<``. Every field knows where it stands and
whether its check digit is right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

FILLER = "<"
_WEIGHTS = (7, 3, 1)
_VALUES = {FILLER: 0, **{str(d): d for d in range(10)}, **{chr(ord("A") + i): 10 + i for i in range(26)}}
SIZES = {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44)}
"""Lines, and characters of a line, of each size of document."""
ALPHABET = frozenset(_VALUES)


def check_digit(text: str) -> str:
    """The check digit over ``text``: weights 7, 3, 1 over and over, modulo 10.

    Raises:
        ValueError: a character that no zone may have.
    """
    if not set(text) <= ALPHABET:
        raise ValueError("only A to Z, 0 to 9 and < may stand in a zone")
    return str(sum(_VALUES[char] * _WEIGHTS[i % 3] for i, char in enumerate(text)) % 10)


def alike(one: str, other: str) -> bool:
    """Whether the check digit cannot tell two characters apart: their values differ by a multiple of ten, as those of
    1 and L, or 6 and G, do.
    """
    return one != other and one in _VALUES and other in _VALUES and (_VALUES[one] - _VALUES[other]) % 10 == 0


@dataclass(frozen=True)
class Part:
    """One field of a zone."""

    text: str
    """Without fillers at its end; fillers inside as they stand."""
    line: int
    start: int
    end: int
    checked: bool | None = None
    """Whether its check digit is right; None: the field has none of its own."""


@dataclass(frozen=True)
class Zone:
    """A zone taken apart."""

    size: str
    """TD1, TD2 or TD3."""
    parts: Mapping[str, Part]
    """code, issuer, number, nationality, birth, sex, expiry, optional, optional2 (TD1), name."""
    composite: bool
    """Whether the last check digit, over number, dates and optional data, is right."""

    @property
    def surname(self) -> str:
        return _words(self.parts["name"].text.partition("<<")[0])

    @property
    def given_names(self) -> str:
        return _words(self.parts["name"].text.partition("<<")[2])

    @property
    def full_name(self) -> str:
        """``ERIKSSON, ANNA MARIA``; without given names the one name alone."""
        return ", ".join(part for part in (self.surname, self.given_names) if part)

    @property
    def name_is_whole(self) -> bool:
        """Whether the name ends before its line does: one that fills it may have been cut by the issuer."""
        name = self.parts["name"]
        return len(name.text) < name.end - name.start

    @property
    def all_checked(self) -> bool:
        """Whether every check digit is right."""
        return self.composite and all(part.checked is not False for part in self.parts.values())


def _words(text: str) -> str:
    return " ".join(word for word in text.split(FILLER) if word)


_TD3 = {"code": (0, 0, 2), "issuer": (0, 2, 5), "name": (0, 5, 44), "number": (1, 0, 9), "nationality": (1, 10, 13),
        "birth": (1, 13, 19), "sex": (1, 20, 21), "expiry": (1, 21, 27), "optional": (1, 28, 42)}  # fmt: skip
_TD2 = {"code": (0, 0, 2), "issuer": (0, 2, 5), "name": (0, 5, 36), "number": (1, 0, 9), "nationality": (1, 10, 13),
        "birth": (1, 13, 19), "sex": (1, 20, 21), "expiry": (1, 21, 27), "optional": (1, 28, 35)}  # fmt: skip
_TD1 = {"code": (0, 0, 2), "issuer": (0, 2, 5), "number": (0, 5, 14), "optional": (0, 15, 30), "birth": (1, 0, 6),
        "sex": (1, 7, 8), "expiry": (1, 8, 14), "nationality": (1, 15, 18), "optional2": (1, 18, 29),
        "name": (2, 0, 30)}  # fmt: skip
PLACES: Mapping[str, Mapping[str, tuple[int, int, int]]] = {"TD1": _TD1, "TD2": _TD2, "TD3": _TD3}
"""Line, first character and end of every field."""
_CHECKED = ("number", "birth", "expiry")


def size_of(lines: Sequence[str]) -> str | None:
    """Which size of document lines of these lengths belong to; None for any other."""
    for size, (count, length) in SIZES.items():
        if len(lines) == count and all(len(line) == length for line in lines):
            return size
    return None


def parse(lines: Sequence[str]) -> Zone | None:
    """Take a zone apart; None when the lines have no size of Doc 9303 or a character that no zone may have."""
    size = size_of(lines)
    if size is None or not all(set(line) <= ALPHABET for line in lines):
        return None
    parts: dict[str, Part] = {}
    for name, (line, start, end) in PLACES[size].items():
        raw = lines[line][start:end]
        good = check_digit(raw) == lines[line][end] if name in _CHECKED else None
        parts[name] = Part(raw.rstrip(FILLER), line, start, end, good)
    if size != "TD3" and (longer := _long_number(lines, parts)) is not None:
        parts |= longer
    if size == "TD3":
        parts["optional"] = _personal_number(lines[1], parts["optional"])
    return Zone(size, parts, _composite(size, lines))


def _personal_number(line: str, part: Part) -> Part:
    """Of a passport: its check digit may be a filler when there is no such number."""
    expected = check_digit(line[28:42])
    good = line[42] == expected or (not part.text and line[42] == FILLER)
    return Part(part.text, part.line, part.start, part.end, good)


def _long_number(lines: Sequence[str], parts: Mapping[str, Part]) -> dict[str, Part] | None:
    """Numbers of more than nine characters go on in the optional data, up to their check digit and a filler."""
    number, rest = parts["number"], parts["optional"]
    end = number.end
    if lines[number.line][end] != FILLER or FILLER in lines[number.line][number.start : end] or not rest.text:
        return None
    more, _, other = rest.text.partition(FILLER)
    whole = number.text + more[:-1]
    good = check_digit(whole) == more[-1] if more else False
    return {
        "number": Part(whole, number.line, number.start, end, good),
        "optional": Part(other, rest.line, rest.start + len(more) + 1, rest.end, None),
    }


def _composite(size: str, lines: Sequence[str]) -> bool:
    if size == "TD1":
        covered = lines[0][5:30] + lines[1][0:7] + lines[1][8:15] + lines[1][18:29]
        return check_digit(covered) == lines[1][29]
    line = lines[1]
    return check_digit(line[0:10] + line[13:20] + line[21:-1]) == line[-1]


def birth_date(text: str, today: date) -> date | None:
    """Six digits as the latest such day that is not after ``today``; None for no day, or an unknown one."""
    return _day(text, today.year, lambda day: day <= today)


def expiry_date(text: str, today: date) -> date | None:
    """Six digits as a day from seventy years before ``today`` to thirty after it."""
    return _day(text, today.year + 30, lambda day: day.year <= today.year + 30)


def _day(text: str, latest_year: int, fits: Callable[[date], bool]) -> date | None:
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    for century in (latest_year // 100 * 100, latest_year // 100 * 100 - 100):
        try:
            day = date(century + int(text[:2]), int(text[2:4]), int(text[4:]))
        except ValueError:
            continue
        if fits(day):
            return day
    return None


_TO_DIGIT = str.maketrans("OQDUILZSGBT", "00001125687")
_TO_LETTER = str.maketrans("012568", "OIZSGB")


def in_place(size: str, number: int, text: str) -> str:
    """A line with letters where only letters, and digits where only digits may stand: 0 for O and the like.

    Args:
        number: which line of the zone, from 0.
    """
    letters, digits = _CLASSES[size][number]
    done = list(text)
    for start, end in letters:
        done[start:end] = text[start:end].translate(_TO_LETTER)
    for start, end in digits:
        done[start:end] = text[start:end].translate(_TO_DIGIT)
    return "".join(done)


def at_place(size: str, number: int, at: int, char: str) -> str:
    """One character as :func:`in_place` would have it at that place of a line."""
    letters, digits = _CLASSES[size][number]
    if any(start <= at < end for start, end in letters):
        return char.translate(_TO_LETTER)
    return char.translate(_TO_DIGIT) if any(start <= at < end for start, end in digits) else char


_SPANS = tuple[tuple[int, int], ...]
_SECOND: tuple[_SPANS, _SPANS] = (((10, 13), (20, 21)), ((9, 10), (13, 20), (21, 28)))
_CLASSES: Mapping[str, Sequence[tuple[_SPANS, _SPANS]]] = {
    "TD3": ((((0, 1), (2, 44)), ()), (_SECOND[0], (*_SECOND[1], (42, 44)))),
    "TD2": ((((0, 1), (2, 36)), ()), (_SECOND[0], (*_SECOND[1], (35, 36)))),
    "TD1": (
        (((0, 1), (2, 5)), ((14, 15),)),
        (((7, 8), (15, 18)), ((0, 7), (8, 15), (29, 30))),
        (((0, 30),), ()),
    ),
}
