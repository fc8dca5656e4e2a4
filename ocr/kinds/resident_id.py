"""Resident identity cards: rows of text become fields, by labels and by what the fields must look like. Pure.

Of the ethnic group alone, which can be one of 56, the likeliest of those is taken.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocr.id_number import NumberFacts, check_character, facts
from ocr.kinds.base import (
    CHECKED,
    CHINESE,
    LONG_TERM,
    MISSING,
    SURE,
    Kind,
    Parsed,
    Seen,
    Value,
    incomplete,
    is_plain_chinese,
    joined,
    real_date,
    unmarked,
    value,
)
from ocr.nations import NATIONS, is_nation, simplified
from ocr.rows import Glyph, Line, Run, rows

FRONT = ("name", "sex", "nation", "birth", "address", "id_number")
BACK = ("authority", "valid_from", "valid_to")

_UNSEEN = 0.002
"""Least probability given to a letter that the engine did not offer."""

_FRONT_LABELS = ("姓名", "性别", "民族", "出生", "住址", "公民身份", "身份号码")
_BACK_LABELS = ("居民身份证", "签发机关", "有效期限", "公安局", "有效期")
_DIGITS = re.compile(r"[0-9]{17}[0-9Xx]")
_BIRTH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_SPAN = re.compile(
    r"(\d{4})[.．·,，\-]?(\d{2})[.．·,，\-]?(\d{2})[-—–一~－至]*(?:(\d{4})[.．·,，\-]?(\d{2})[.．·,，\-]?(\d{2})|(长期))"
)
_NAME = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]{1,20}(?:·[㐀-鿿\U00020000-\U0003ffff]{1,20})*")
_ADDRESS = re.compile(r"[㐀-鿿\U00020000-\U0003ffff0-9A-Za-z\-－#()（）·、/]+")


_REGION = re.compile(r"[㐀-鿿]{1,12}?[省市区县旗州盟镇乡]")
"""An address begins with a place; one that does not has lost its beginning."""


def side_of(lines: Sequence[Line]) -> str | None:
    """``front``, ``back``, or None when the text is not that of a resident identity card."""
    text = joined(lines)
    # A long row of digits alone proves nothing: 6, 8, 9, 0 and 1 can be read upside down.
    front = sum(label in text for label in _FRONT_LABELS) + bool(_DIGITS.search(text)) + bool(_BIRTH.search(text))
    back = sum(label in text for label in _BACK_LABELS) + bool(_SPAN.search(text))
    if max(front, back) < 2:
        return None
    return "front" if front >= back else "back"


def parse(seen: Seen, side: str) -> Parsed:
    """The fields of that side; one that was not found is there, empty and unsure."""
    table = rows(unmarked(seen.lines))
    return front(table) if side == "front" else back(table)


def front(table: list[Run]) -> Parsed:
    """The side with the number."""
    number_at, number = _number(table)
    known = facts(number.text.upper())
    above = table[: _end_of_upper_part(table, number_at)]
    at = {label: _row_with(above, label) for label in ("姓名", "性别", "民族", "出生", "住址")}
    birth = _birth(above)
    sex_row = at["性别"] if at["性别"] is not None else at["民族"]
    values = {
        "name": _name(above, at["姓名"], sex_row),
        "sex": _sex(above, sex_row),
        "nation": _nation(above, at["民族"] if at["民族"] is not None else sex_row),
        "birth": birth,
        "address": _address(above, at["住址"], birth, number),
        "id_number": value(number, number.text.upper(), known is not None),
    }
    return _agree(values, known)


def _end_of_upper_part(table: list[Run], number_at: int | None) -> int:
    """Where the number begins: its digits and its label may have come as two rows."""
    labels = (i for i, row in enumerate(table) if "公民身份" in row.text or "身份号码" in row.text)
    return min([*labels, number_at if number_at is not None else len(table)])


def _row_with(table: list[Run], label: str) -> int | None:
    for i, row in enumerate(table):
        if label in simplified(row.text):
            return i
    return None


def _after(row: Run, label: str) -> Run:
    place = simplified(row.text).find(label)
    return row.cut(place + len(label)) if place >= 0 else row


def _number(table: list[Run]) -> tuple[int | None, Run]:
    """The row with eighteen characters of a number; else the one with the longest run of digits, low on the card."""
    best: tuple[int, int, Run] | None = None
    for i, row in enumerate(table):
        text = row.text
        exact = _DIGITS.search(text)
        if exact:
            return i, row.cut(exact.start(), exact.end())
        for loose in re.finditer(r"[0-9XxOoIl]{10,}", text):
            if best is None or len(loose.group()) >= best[0]:
                best = (len(loose.group()), i, row.cut(loose.start(), loose.end()))
    if best is not None:
        return best[1], best[2]
    at = _row_with(table, "公民身份")
    if at is None:
        return None, Run(())
    # What is left of a number that light or a finger hides: wrong, and so unsure, but it is known where it stands.
    pieces = list(re.finditer(r"[0-9X]{2,}", table[at].text))
    return at, table[at].cut(pieces[0].start(), pieces[-1].end()) if pieces else Run(())


def _name(table: list[Run], at: int | None, sex_row: int | None) -> Value:
    row = at
    if row is None:
        row = sex_row - 1 if sex_row is not None and sex_row > 0 else None
    if row is None:
        return MISSING
    run = _after(table[row], "姓名")
    text = run.text.replace("•", "·").replace("．", "·").replace(".", "·").replace("・", "·")
    found = max(_NAME.finditer(text), key=lambda part: len(part.group()), default=None)
    if found is None:
        return value(run, text, False)
    fits = found.group() == text and len(text) >= 2
    return value(run.cut(found.start(), found.end()), found.group(), fits and at is not None)


def _sex(table: list[Run], at: int | None) -> Value:
    if at is None:
        return MISSING
    row = table[at]
    rest = _after(row, "性别")
    end = rest.text.find("民")
    run = rest.cut(0, end) if end >= 0 else rest.cut(0, 1)
    if run.text[:1] in ("男", "女"):
        return value(run.cut(0, 1), run.text[0], len(run.text) == 1)
    return value(run, run.text, False)


def _nation(table: list[Run], at: int | None) -> Value:
    if at is None or "族" not in table[at].text:
        return MISSING
    return likely_nation(_after(table[at], "民族") if "民族" in table[at].text else _after(table[at], "族"))


def likely_nation(run: Run) -> Value:
    """Of the 56 ethnic groups the one that the letters most likely name."""
    letters = [_weights(glyph) for glyph in run.glyphs if glyph.char]
    likely = {name: math.prod(w.get(c, w[""]) for c, w in zip(name, letters, strict=True)) for name in NATIONS
              if len(name) == len(letters)}  # fmt: skip
    best = max(sorted(likely), key=lambda name: likely[name], default="")
    share = likely[best] / sum(likely.values()) if best else 0.0
    if share < 0.5:
        return value(run, run.text, is_nation(run.text))
    return Value(best, run, share, unsure=share < SURE or "" in (glyph.char for glyph in run.glyphs))


def _weights(glyph: Glyph) -> dict[str, float]:
    """What a letter may be; older and present forms count as one, for cards are printed in the present ones only."""
    weights: dict[str, float] = {}
    for char, p in ((glyph.char, glyph.confidence), *glyph.others):
        weights[simplified(char)] = weights.get(simplified(char), 0.0) + p
    # What the engine left open may be any letter: a tenth of it goes to each that it did not offer.
    weights[""] = max(_UNSEEN, (1 - sum(weights.values())) / 10)
    return weights


def _birth(table: list[Run]) -> Value:
    for row in table:
        found = _BIRTH.search(row.text)
        if found is None:
            continue
        run = row.cut(found.start(), found.end())
        when = real_date(*found.groups())
        if when is not None:
            return value(run, when, True)
        return Value("", run, run.confidence, True)
    return MISSING


def _address(table: list[Run], at: int | None, birth: Value, number: Run) -> Value:
    """The row of the label and the ones below it, joined; a row too far down does not belong."""
    if at is None:
        return MISSING
    parts = [_after(table[at], "住址")]
    if not parts[0].text:
        return MISSING
    left, last = _left(parts[0]), parts[0]
    gap = False
    for row in table[at + 1 :]:
        run = Run(tuple(g for g in row.glyphs if g.box[0] > left - 1.2 * last.height))
        if not run.text:
            continue
        if abs(_left(run) - left) > 1.5 * last.height:
            continue
        apart = (_top(run) - _top(last)) / max(last.height, 1.0)
        if apart > 3.4:
            break
        gap = gap or apart > 2.0
        parts.append(run)
        last = run
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return value(whole, whole.text, is_address(whole.text) and not gap)


def is_address(text: str) -> bool:
    """Whether a text looks like an address from its first letter to its last."""
    fits = bool(_ADDRESS.fullmatch(text)) and len(text) >= 6
    return fits and is_plain_chinese(text) and bool(_REGION.match(text))


def _left(run: Run) -> float:
    return run.box[0] if run.box else 0.0


def _top(run: Run) -> float:
    return run.box[1] if run.box else 0.0


def _agree(values: dict[str, Value], known: NumberFacts | None) -> Parsed:
    """Number, birth date and sex speak for each other, or against."""
    codes = []
    number, birth, sex = values["id_number"], values["birth"], values["sex"]
    if known is None:
        if len(number.text) == 18 and check_character_differs(number.text):
            codes.append("doc.number_check")
        # Without a number to compare, a date or a sex stands on its own letters alone; they were judged so already.
    else:
        same_birth, same_sex = birth.text == known.birth.isoformat(), sex.text == known.sex
        if birth.text and sex.text and not (same_birth and same_sex):
            against = [one for one, same in ((birth, same_birth), (sex, same_sex)) if not same]
            if any(not one.unsure for one in against) and number.confidence >= SURE:
                codes.append("doc.contradiction")
            values |= {key: replace(values[key], unsure=True) for key in ("id_number", "birth", "sex")}
        elif same_birth:
            values["id_number"] = replace(number, unsure=number.confidence < CHECKED)
            values["birth"] = replace(birth, unsure=birth.confidence < CHECKED)
            if same_sex:
                values["sex"] = replace(sex, unsure=sex.confidence < CHECKED)
        if not birth.text:
            values["birth"] = Value(known.birth.isoformat(), birth.run, number.confidence, True)
        if not sex.text:
            values["sex"] = Value(known.sex, sex.run, number.confidence, True)
    return Parsed("front", values, (*codes, *incomplete(values)))


def check_character_differs(number: str) -> bool:
    """Whether eighteen characters have the shape of a number but not its check character."""
    body = number[:17]
    return body.isascii() and body.isdigit() and check_character(body) != number[17]


def back(table: list[Run]) -> Parsed:
    """The side with authority and validity."""
    authority, start, end = MISSING, MISSING, MISSING
    at = _row_with(table, "签发机关")
    span_at = next((i for i, row in enumerate(table) if _SPAN.search(row.text)), None)
    if at is not None:
        run = _after(table[at], "签发机关")
        for row in table[at + 1 : span_at if span_at is not None else at + 1]:
            if run.box and abs(_left(row) - _left(run)) < 1.5 * run.height:
                run = run + row
        fits = bool(CHINESE.fullmatch(run.text)) and len(run.text) >= 4 and is_plain_chinese(run.text)
        authority = value(run, run.text, fits and run.text[-1] in "局处会部厅站")
    if span_at is not None:
        start, end = _span(table[span_at])
    values = {"authority": authority, "valid_from": start, "valid_to": end}
    return Parsed("back", values, incomplete(values))


def _span(row: Run) -> tuple[Value, Value]:
    """Both dates of the validity, sure when their distance is one that cards are issued for."""
    found = _SPAN.search(row.text)
    assert found is not None
    year, month, day, *rest = found.groups()
    begin = real_date(year, month, day)
    finish = LONG_TERM if rest[3] else real_date(rest[0], rest[1], rest[2])
    first = row.cut(found.start(1), found.end(3))
    second = row.cut(found.start(7), found.end(7)) if rest[3] else row.cut(found.start(4), found.end(6))
    usual = begin is not None and finish is not None and is_usual_validity(begin, finish)
    sure = CHECKED if usual and not rest[3] else SURE  # two dates a whole number of years apart speak for each other
    return value(first, begin or "", usual, sure), value(second, finish or "", usual, sure)


def is_usual_validity(start: str, end: str) -> bool:
    """Whether a card can be valid so long: 5, 10 or 20 years to the day (or from 29 February), or for life."""
    if end == LONG_TERM:
        return True
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    same_day = (a.month, a.day) == (b.month, b.day) or ((a.month, a.day) == (2, 29) and b.month in (2, 3))
    return b.year - a.year in (5, 10, 20) and same_day


KIND = Kind("resident_id", side_of, parse, "front")
