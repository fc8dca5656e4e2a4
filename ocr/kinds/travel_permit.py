"""Mainland travel permits of Hong Kong and Macau (港澳居民来往内地通行证) and of Taiwan residents
(台湾居民来往大陆通行证), cards issued since 2013 and 2015. Pure.

Source: 国家移民管理局 on both permits: a number of a letter and eight digits, or of eight digits; valid for ten years
or five (Hong Kong and Macau: under eighteen), to the day before the same day.
"""

import re
from collections.abc import Callable, Sequence

from ocr.kinds import travel_permit_back
from ocr.kinds.base import (
    CHINESE,
    DATE,
    MISSING,
    Kind,
    Parsed,
    Seen,
    Value,
    date_value,
    doubted,
    incomplete,
    is_plain_chinese,
    joined,
    unmarked,
    value,
    years_between,
)
from ocr.kinds.labels import Labelled
from ocr.rows import Line, Run, rows

FIELDS = ("name", "latin_name", "sex", "birth", "valid_from", "valid_to", "authority", "number")
_LABELS = {
    "name": ("姓名",),
    "sex": ("性别",),
    "birth": ("出生日期",),
    "validity": ("有效期限",),
    "authority": ("签发机关",),
    "number": ("证件号码",),
    "count": ("签发次数", "换证次数"),
    "place": ("签发地点",),
}
_LATIN = re.compile(r"([A-Z][A-Z'\- ]*)[,.，、] ?([A-Z][A-Z'\- ]*)")
_CHINESE_NAME = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]{2,15}(?:·[㐀-鿿]{1,15})*")


def _side(title: str, number: re.Pattern[str], place: str) -> Callable[[Sequence[Line]], str | None]:
    """The title and, where its small label was not read, a number of the right shape tell the front."""

    def side_of(lines: Sequence[Line]) -> str | None:
        if travel_permit_back.is_back(lines, place):
            return "back"
        text = joined(lines)
        alone = any(number.fullmatch(line.strip.text.replace(" ", "")) for line in lines)
        return "front" if title in text and ("证件号码" in text or alone) else None

    return side_of


def span(run: Run, years: tuple[int, ...]) -> tuple[Value, Value]:
    """Both dates of a validity; sure when they are so many whole years apart."""
    dates = list(DATE.finditer(run.text))
    if len(dates) != 2:
        return MISSING, MISSING
    first, second = (date_value(run.cut(one.start(), one.end())) for one in dates)
    if years_between(first.text, second.text) not in years:
        return value(first.run, first.text, False), value(second.run, second.text, False)
    return first, second


def latin_name(table: Sequence[Run]) -> Value:
    """``ZHENGJIAN, YANGBEN``: the only line with capitals on both sides of a comma."""
    for row in table:
        found = _LATIN.search(row.words)
        if found is not None:
            start = len(row.words[: found.start()].replace(" ", ""))
            run = row.cut(start, start + len(found.group().replace(" ", "")))
            return value(_letters_only(run), ", ".join(part.strip() for part in found.groups()), True)
    return MISSING


_COMMAS = ",.，、"


def _letters_only(run: Run) -> Run:
    """Without comma, and without suspected gaps where a space is: there the engine may well hesitate."""
    kept = []
    for i, glyph in enumerate(run.glyphs):
        after = run.glyphs[i + 1 : i + 2]
        before = run.glyphs[i - 1 : i] if i else ()
        at_space = any(one.spaced for one in after) or glyph.spaced or any(one.char in _COMMAS for one in before)
        if glyph.char not in ("", *_COMMAS) or (not glyph.char and not at_space):
            kept.append(glyph)
    return Run(tuple(kept))


def chinese_name(run: Run) -> Value:
    """A name of Chinese letters and nothing else."""
    text = run.text.replace("•", "·").replace("．", "·").replace(".", "·")
    return value(run, text, _CHINESE_NAME.fullmatch(text) is not None)


def by_shape(table: Sequence[Run], found: Run, shape: re.Pattern[str]) -> Run:
    """What stood beside a label; where the small print of the label was not read, the only text of that shape."""
    if shape.fullmatch(found.text):
        return found
    matches = [(row, match) for row in table for match in shape.finditer(row.text)]
    if len(matches) != 1:
        return found
    row, match = matches[0]
    return row.cut(match.start(), match.end())


def _name(found: Labelled, table: Sequence[Run]) -> Value:
    """Beside its label; where that was not read, the Chinese letters above the Latin name, never sure."""
    if (named := found.value("name")).text:
        return chinese_name(named)
    latin = latin_name(table).run
    above = [row for row in table if row.box and latin.box and row.box[3] < latin.box[1] + 0.3 * row.height]
    if not above or latin.box is None or latin.box[1] - (above[-1].box or latin.box)[3] > 2 * latin.height:
        return MISSING
    start = latin.box[0] - 0.6 * latin.height
    run = Run(tuple(glyph for glyph in above[-1].glyphs if glyph.box[0] >= start))
    return value(run, chinese_name(run).text, False)


SPAN = re.compile(r"\d{4}\.\d{2}\.\d{2}[-—–一~至]\d{4}\.\d{2}\.\d{2}")
ONE_DATE = re.compile(r"(?<![\d.\-—–一~至])\d{4}\.\d{2}\.\d{2}(?![\d.\-—–一~至])")
AUTHORITY = re.compile(r"(?:(?<=机关)|(?<![㐀-鿿]))(?:(?!机关)[㐀-鿿]){4,}[局厅处](?![㐀-鿿])")
_SEX = re.compile(r"(?<![㐀-鿿])[男女](?![㐀-鿿])")


def _parse(number: re.Pattern[str], years: tuple[int, ...], place: str) -> Callable[[Seen, str], Parsed]:
    def parse(seen: Seen, side: str) -> Parsed:
        if side == "back":
            return travel_permit_back.parse(seen, place)
        table = rows(unmarked(seen.lines))
        found = Labelled(table, _LABELS)
        start, end = span(by_shape(table, found.value("validity"), SPAN), years)
        authority = by_shape(table, found.value("authority", lines=2), AUTHORITY)
        sex, digits = by_shape(table, found.value("sex"), _SEX), by_shape(table, found.value("number"), number)
        values = {
            "name": _name(found, table),
            "latin_name": latin_name(table),
            "sex": value(sex, sex.text, sex.text in ("男", "女")),
            "birth": date_value(by_shape(table, found.value("birth"), ONE_DATE)),
            "valid_from": start,
            "valid_to": end,
            "authority": value(
                authority, authority.text, bool(CHINESE.fullmatch(authority.text)) and is_plain_chinese(authority.text)
            ),
            "number": value(digits, digits.text.upper(), number.fullmatch(digits.text.upper()) is not None),
        }
        codes = incomplete(values)
        if values["birth"].text and values["valid_from"].text and values["birth"].text > values["valid_from"].text:
            values, codes = doubted(values, "birth", "valid_from", "valid_to"), (*codes, "doc.dates")
        return Parsed(side, values, codes)

    return parse


_HK_MACAU = re.compile(r"[HM](?:\d{8}|A\d{7})")
"""HA and MA begin the numbers of permanent residents who are not Chinese citizens."""
_TAIWAN = re.compile(r"\d{8}")

KINDS = (
    Kind(
        "hk_macau_travel_permit", _side("港澳居民来往内地通行证", _HK_MACAU, "hk_macau"),
        _parse(_HK_MACAU, (5, 10), "hk_macau"), "front", portrait_left=True,
    ),
    Kind(
        "taiwan_travel_permit", _side("台湾居民来往大陆通行证", _TAIWAN, "taiwan"),
        _parse(_TAIWAN, (5,), "taiwan"), "front", portrait_left=True,
    ),
)  # fmt: skip
