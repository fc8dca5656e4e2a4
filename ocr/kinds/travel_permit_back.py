"""Backs of mainland travel permits: the holder's name in traditional letters and the number of the identity card that
Hong Kong, Macau or Taiwan issued. Pure.

Source: 国家移民管理局 (announcement of 10 July 2024 on what is registered on the back). Neither the words beside the
fields nor the layout of the machine-readable lines are published: the number is found by its shape and check digit, and
those lines, which begin with CR or CT, only tell that this is a back.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr.home_number import HONG_KONG, MACAU, TAIWAN, is_checked
from ocr.kinds.base import CHECKED, MISSING, SURE, Parsed, Seen, Value, incomplete, joined, unmarked, value
from ocr.kinds.labels import Labelled
from ocr.kinds.zone_lines import find
from ocr.rows import Line, Run, rows

FIELDS = ("name", "home_number")
_LABELS = {"name": ("中文姓名", "姓名"), "number": ("身份证号码", "身份证件号码")}
_ZONE = {"hk_macau": re.compile(r"^CR[A-Z0-9<]{24,}$", re.M), "taiwan": re.compile(r"^CT[A-Z0-9<]{24,}$", re.M)}
_NUMBERS = {"hk_macau": (HONG_KONG, MACAU), "taiwan": (TAIWAN,)}
_NAME = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]{2,15}(?:·[㐀-鿿]{1,15})*")
_LIKE_DIGITS = {"1": "IL", "5": "S", "7": "ZTY"}
_BRACKETS = str.maketrans("（）", "()")


def is_back(lines: Sequence[Line], place: str) -> bool:
    """Whether this is the back of a permit of that place: ``hk_macau`` or ``taiwan``.

    Lines that are right as a zone of Doc 9303 are of another document that begins with the same two letters.
    """
    if _ZONE[place].search(joined(lines)) is None:
        return False
    zone = find(lines)
    return zone is None or not zone.zone.all_checked


def parse(seen: Seen, place: str) -> Parsed:
    """Both fields."""
    table = [row for row in rows(unmarked(seen.lines)) if "<" not in row.text]
    number = _number(table, place)
    values = {"name": _name(table, number.run), "home_number": number}
    wrong = place == "taiwan" and bool(number.text) and not is_checked(number.text)
    return Parsed("back", values, (*(("doc.number_check",) if wrong else ()), *incomplete(values)))


def _name(table: Sequence[Run], number: Run) -> Value:
    """Beside its label; where that was not read, the last words of the row above the number, never sure."""
    found = Labelled(table, _LABELS).value("name")
    if found.text:
        return value(found, found.text, _NAME.fullmatch(found.text) is not None)
    above = [row for row in table if row.box and number.box and row.box[3] < number.box[1] + 0.5 * row.height]
    last = _last_words(above[-1]) if above else Run(())
    return value(last, last.text, False) if _NAME.fullmatch(last.text) else MISSING


def _last_words(row: Run) -> Run:
    """Behind the last wide gap of a row."""
    starts = [i for i, (one, other) in enumerate(pairwise(row.glyphs), 1) if other.box[0] - one.box[2] > row.height]
    return Run(row.glyphs[starts[-1] :]) if starts else row


def _number(table: Sequence[Run], place: str) -> Value:
    """The only text of that shape; one whose check digit is right before any other."""
    found = [
        (is_checked(match.group()), row.cut(match.start(), match.end()), match.group())
        for row in table
        for shape in _NUMBERS[place]
        for match in shape.finditer(row.text)
    ]
    checked = [one for one in found if one[0]]
    if len(checked or found) != 1:
        return MISSING
    good, run, text = (checked or found)[0]
    said = text.translate(_BRACKETS)
    if not good:
        return value(run, said, MACAU.fullmatch(text) is not None and not _may_be_hong_kong(said))
    # The check digit cannot tell A from L, or D from O, whose values differ by eleven: letters stand on themselves.
    letters = min(glyph.confidence for glyph in run.glyphs if glyph.char.isalpha())
    return value(run, said, letters >= SURE, CHECKED)


def _may_be_hong_kong(number: str) -> bool:
    """Whether a first letter that looks like the digit read would make a right number of Hong Kong's."""
    return any(is_checked(letter + number[1:]) for letter in _LIKE_DIGITS[number[0]])
