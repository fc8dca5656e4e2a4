"""Residence permits of Hong Kong and Macau (港澳居民居住证) and of Taiwan residents (台湾居民居住证). Pure.

They are laid out like resident identity cards, without the ethnic group; the number of eighteen characters begins
with 81, 82 or 83, and the back bears the number of the travel permit. They are valid for five years.
Source: 港澳台居民居住证申领发放办法 (国办发〔2018〕81号).
"""

import re
from collections.abc import Callable, Sequence

from ocr.kinds import resident_id
from ocr.kinds.base import Kind, Parsed, Seen, Value, doubted, incomplete, joined, unmarked, value, years_between
from ocr.kinds.labels import Labelled
from ocr.kinds.travel_permit import by_shape
from ocr.rows import Line, Run, rows

FRONT = ("name", "sex", "birth", "address", "id_number")
BACK = ("authority", "valid_from", "valid_to", "permit_number")
_YEARS = 5
_HONG_KONG_MACAU = re.compile(r"(?<![0-9A-Z])[HM]\d{8}(?!\d)")
_TAIWAN = re.compile(r"(?<![\d.])\d{8}(?![\d.])")
_LABELS = {"permit": ("通行证号码",), "count": ("签发次数",)}


def _side(title: str, begins: re.Pattern[str]) -> Callable[[Sequence[Line]], str | None]:
    def side_of(lines: Sequence[Line]) -> str | None:
        text = joined(lines)
        if title in text:
            return "back"
        front = resident_id.side_of(lines) == "front" and "民族" not in text and begins.search(text) is not None
        return "front" if front else None

    return side_of


def _parse(permit: re.Pattern[str]) -> Callable[[Seen, str], Parsed]:
    def parse(seen: Seen, side: str) -> Parsed:
        table = rows(unmarked(seen.lines))
        return _front(table) if side == "front" else _back(table, permit)

    return parse


def _front(table: list[Run]) -> Parsed:
    parsed = resident_id.front(table)
    values = {name: parsed.values[name] for name in FRONT}
    kept = tuple(code for code in parsed.codes if code != "doc.incomplete")
    return Parsed("front", values, (*kept, *incomplete(values)))


def _back(table: list[Run], permit: re.Pattern[str]) -> Parsed:
    above = [row for row in table if "通行证号码" not in row.text]
    values = dict(resident_id.back(above).values)
    if years_between(values["valid_from"].text, values["valid_to"].text) != _YEARS:
        values = doubted(values, "valid_from", "valid_to")
    values["permit_number"] = _permit_number(table, permit)
    return Parsed("back", values, incomplete(values))


def _permit_number(table: list[Run], permit: re.Pattern[str]) -> Value:
    run = by_shape(table, Labelled(table, _LABELS).value("permit"), permit)
    text = run.text.upper()
    return value(run, text, permit.fullmatch(text) is not None)


KINDS = (
    Kind(
        "hk_macau_residence_permit", _side("港澳居民居住证", re.compile(r"8[12]00\d\d(18|19|20)\d{9}[\dX]")),
        _parse(_HONG_KONG_MACAU), "front",
    ),
    Kind(
        "taiwan_residence_permit", _side("台湾居民居住证", re.compile(r"8300\d\d(18|19|20)\d{9}[\dX]")),
        _parse(_TAIWAN), "front",
    ),
)  # fmt: skip
