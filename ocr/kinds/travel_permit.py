"""Mainland travel permits of Hong Kong and Macau (港澳居民来往内地通行证) and of Taiwan residents
(台湾居民来往大陆通行证), cards issued since 2013 and 2015. Pure.

Source: 国家移民管理局 on both permits: a number of a letter and eight digits, or of eight digits; valid for ten years
or five (Hong Kong and Macau: under eighteen), to the day before the same day.
"""

import re
from collections.abc import Callable, Sequence

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


def _side(titles: tuple[str, ...]) -> Callable[[Sequence[Line]], str | None]:
    def side_of(lines: Sequence[Line]) -> str | None:
        text = joined(lines)
        return "front" if any(title in text for title in titles) and "证件号码" in text else None

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


SPAN = re.compile(r"\d{4}\.\d{2}\.\d{2}[-—–一~至]\d{4}\.\d{2}\.\d{2}")
ONE_DATE = re.compile(r"(?<![\d.\-—–一~至])\d{4}\.\d{2}\.\d{2}(?![\d.\-—–一~至])")
AUTHORITY = re.compile(r"(?:(?<=机关)|(?<![㐀-鿿]))(?:(?!机关)[㐀-鿿]){4,}[局厅处](?![㐀-鿿])")
_SEX = re.compile(r"(?<![㐀-鿿])[男女](?![㐀-鿿])")


def _parse(number: re.Pattern[str], years: tuple[int, ...]) -> Callable[[Seen, str], Parsed]:
    def parse(seen: Seen, side: str) -> Parsed:
        table = rows(unmarked(seen.lines))
        found = Labelled(table, _LABELS)
        start, end = span(by_shape(table, found.value("validity"), SPAN), years)
        authority = by_shape(table, found.value("authority", lines=2), AUTHORITY)
        sex, digits = by_shape(table, found.value("sex"), _SEX), by_shape(table, found.value("number"), number)
        values = {
            "name": chinese_name(found.value("name")),
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


KINDS = (
    Kind(
        "hk_macau_travel_permit", _side(("港澳居民来往内地通行证",)),
        _parse(re.compile(r"[HM]\d{8}"), (5, 10)), "front", portrait_left=True,
    ),
    Kind(
        "taiwan_travel_permit", _side(("台湾居民来往大陆通行证",)),
        _parse(re.compile(r"\d{8}"), (5,)), "front", portrait_left=True,
    ),
)  # fmt: skip
