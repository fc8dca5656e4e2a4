"""Business licences (营业执照), the layout in two columns in use since 2019 and the one in one column before. Pure.

The unified social credit code carries two check characters; a QR code that contains it must contain the same one.
"""

import re
from collections.abc import Sequence

from ocr import credit_code
from ocr.kinds.base import (
    CHECKED,
    DATE,
    LONG_TERM,
    Kind,
    Parsed,
    Seen,
    Shape,
    Value,
    date_value,
    doubted,
    incomplete,
    is_plain_chinese,
    joined,
    unmarked,
    value,
)
from ocr.kinds.labels import Labelled
from ocr.rows import Line, Run, rows

FIELDS = ("credit_code", "name", "type", "representative", "capital", "established", "address")
_LABELS = {
    "credit_code": ("统一社会信用代码",),
    "name": ("名称",),
    "type": ("类型",),
    "representative": ("法定代表人", "负责人", "经营者", "投资人"),
    "scope": ("经营范围",),
    "capital": ("注册资本",),
    "established": ("成立日期", "注册日期"),
    "term": ("营业期限", "合伙期限"),
    "address": ("住所", "经营场所", "营业场所"),
    "authority": ("登记机关",),
}
_CODE = re.compile(r"[0-9A-Z]{18}")
_CAPITAL = re.compile(
    r"(?:人民币)?(?:[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][整正]?|[\d,.]+万?(?:元|美元|港元|欧元)?(?:人民币|整)?)"
)
_PERSON = re.compile(r"[㐀-鿿]{2,10}(?:·[㐀-鿿]{1,10})*|[A-Z][A-Z ,.'-]+")
_NAME = re.compile(r"[㐀-鿿0-9A-Za-z()（）·\-]{4,60}")
_ADDRESS = re.compile(r"[㐀-鿿0-9A-Za-z()（）·#\-－、,，/]{6,80}")


def side_of(lines: Sequence[Line]) -> str | None:
    """``front`` when the title or the code's label stands beside two other labels."""
    text = joined(lines)
    named = "营业执照" in text or "社会信用代码" in text
    others = sum(
        word in text for word in ("法定代表人", "注册资本", "成立日期", "经营范围", "住所", "登记机关", "类型")
    )
    return "front" if named and others >= 2 else None


def parse(seen: Seen, side: str) -> Parsed:
    """The fields; term and QR code only where they are."""
    table = rows(unmarked(seen.lines))
    found = Labelled(table, _LABELS)
    representative, capital = found.value("representative"), found.value("capital")
    values = {
        "credit_code": _credit_code(table),
        "name": _text(found.value("name", lines=2), _NAME),
        "type": _type(found),
        "representative": value(
            representative, representative.text, _PERSON.fullmatch(representative.text) is not None
        ),
        "capital": value(capital, capital.text, _CAPITAL.fullmatch(capital.text) is not None),
        "established": date_value(found.value("established")),
        "address": _text(found.value("address", lines=3), _ADDRESS),
    }  # fmt: skip
    if (term := found.value("term", lines=2)).text:
        values |= _term(term)
    return _with_code(side, values, seen)


def _type(found: Labelled) -> Value:
    """Where its short label was not read: what stands left of the founding date, never sure."""
    run = found.value("type", lines=2)
    if run.text:
        return _text(run, _NAME)
    instead = found.left_of("established")
    return value(instead, instead.text, False)


def _text(run: Run, shape: re.Pattern[str]) -> Value:
    text = run.text.replace("(", "（").replace(")", "）")
    return value(run, text, shape.fullmatch(text) is not None and is_plain_chinese(text))


def _credit_code(table: list[Run]) -> Value:
    """The first eighteen characters with right check characters; else what stands after the label."""
    for row in table:
        for found in _CODE.finditer(row.text.upper()):
            for start in range(found.start(), found.end() - 17):
                text = credit_code.cleaned(row.text[start : start + 18])
                if credit_code.is_well_formed(text):
                    return value(row.cut(start, start + 18), text, True, CHECKED)
    run = Labelled(table, _LABELS).value("credit_code")
    return value(run, run.text.upper(), False)


def _term(run: Run) -> dict[str, Value]:
    """``2015年03月12日至2035年03月11日``, ``2015年03月12日至长期`` or ``长期`` alone."""
    dates = list(DATE.finditer(run.text))
    at = run.text.find(LONG_TERM)
    values = {}
    if dates:
        values["valid_from"] = date_value(run.cut(dates[0].start(), dates[0].end()))
    if at >= 0:
        values["valid_to"] = value(run.cut(at, at + 2), LONG_TERM, True)
    elif len(dates) == 2:
        values["valid_to"] = date_value(run.cut(dates[1].start(), dates[1].end()))
    if (start := values.get("valid_from")) and (end := values.get("valid_to")) and start.text >= end.text != LONG_TERM:
        values = doubted(values, "valid_from", "valid_to")
    return values


def _with_code(side: str, values: dict[str, Value], seen: Seen) -> Parsed:
    """The QR code's text, and whether it says the same code."""
    codes = ["doc.number_check"] if len(values["credit_code"].text) == 18 and values["credit_code"].unsure and (
        not credit_code.is_well_formed(values["credit_code"].text)) else []  # fmt: skip
    for code in seen.codes:
        values["qr"] = Value(code.text, code.run, 1.0, False)
        inside = [text for text in _CODE.findall(code.text.upper()) if credit_code.is_well_formed(text)]
        printed = values["credit_code"]
        if inside and printed.text and inside[0] != printed.text:
            codes.append("doc.code_differs")
            values = doubted(values, "credit_code")
        elif inside and inside[0] == printed.text:
            values["credit_code"] = Value(printed.text, printed.run, printed.confidence, False)
    return Parsed(side, values, (*codes, *incomplete(values)))


KIND = Kind("business_licence", side_of, parse, shape=Shape.SHEET, barcodes=True)
