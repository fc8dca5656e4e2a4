"""Foreign permanent resident ID cards (外国人永久居留身份证). Pure.

Front: name, sex, birth date, nationality, validity, authority, number, each label in Chinese and English. Back: a
machine-readable zone of size TD1. Two kinds of number: of the card of 2023, eighteen characters that begin with 9, then
the province, the nationality's three digits, the birth date and a check character as in resident numbers; of the card
of 2017, three letters of the nationality and twelve digits.
Source: 国家移民管理局公告 of 2023 on the new card; number as in GB 11643.
"""

import re
from collections.abc import Sequence
from datetime import date

from ocr.id_number import is_well_formed
from ocr.kinds import travel_permit
from ocr.kinds.base import (
    CHECKED,
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
)
from ocr.kinds.labels import Labelled
from ocr.kinds.travel_document import parse as parse_zone
from ocr.kinds.travel_permit import AUTHORITY, ONE_DATE, SPAN, by_shape
from ocr.kinds.zone_lines import find
from ocr.regions import PROVINCES
from ocr.rows import Line, Run, rows

FRONT = ("name", "sex", "birth", "nationality", "valid_from", "valid_to", "authority", "number")
_TITLE = "外国人永久居留"
_LABELS = {
    "name": ("姓名/Name", "姓名Name", "姓名"),
    "sex": ("性别/Sex", "性别Sex", "性别"),
    "birth": ("出生日期/DateofBirth", "出生日期DateofBirth", "出生日期"),
    "nationality": ("国籍/Nationality", "国籍Nationality", "国籍"),
    "validity": ("有效期限/PeriodofValidity", "有效期限PeriodofValidity", "有效期限"),
    "authority": ("签发机关/IssuingAuthority", "签发机关IssuingAuthority", "签发机关"),
    "number": ("证件号码/CardNo.", "证件号码/CardNo", "证件号码CardNo.", "证件号码"),
}
_YEARS = (5, 10)
_SEX = {"男": "M", "女": "F"}
_OLDER = re.compile(r"[A-Z]{3}\d{12}")
_EITHER_NUMBER = re.compile(r"(?<![0-9A-Z])(?:9\d{16}[\dX]|[A-Z]{3}\d{12})(?![0-9A-Z])")
_NATIONALITY = re.compile(r"[㐀-鿿]{2,12}/?[A-Z]{3}(?![A-Z])")
_BOTH_SEXES = re.compile(r"男/?M|女/?F")


def side_of(lines: Sequence[Line]) -> str | None:
    """``front``, ``back`` (a zone of size TD1 issued by China), or None."""
    if _TITLE in joined(lines):
        return "front"
    seen = find(lines)
    ours = seen is not None and seen.zone.size == "TD1" and seen.zone.parts["issuer"].text == "CHN"
    return "back" if ours else None


def parse(seen: Seen, side: str) -> Parsed:
    """The fields of that side."""
    return _front(rows(unmarked(seen.lines))) if side == "front" else parse_zone(seen, side)


def birth_in(number: str) -> date | None:
    """The birth date in a number of the card of 2023; None for any other number, or one that is not well formed."""
    if not is_well_formed(number) or number[0] != "9" or number[1:3] not in PROVINCES:
        return None
    try:
        return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return None


def _front(table: list[Run]) -> Parsed:
    found = Labelled(table, _LABELS)
    start, end = travel_permit.span(by_shape(table, found.value("validity"), SPAN), _YEARS)
    authority = by_shape(table, found.value("authority", lines=2), AUTHORITY)
    nationality = by_shape(table, found.value("nationality"), _NATIONALITY)
    values = {
        "name": travel_permit.latin_name(table),
        "sex": _sex(by_shape(table, found.value("sex"), _BOTH_SEXES)),
        "birth": date_value(by_shape(table, found.value("birth"), ONE_DATE)),
        "nationality": value(
            nationality, nationality.text, _NATIONALITY.fullmatch(nationality.text) is not None
        ),
        "valid_from": start,
        "valid_to": end,
        "authority": value(authority, authority.text, is_plain_chinese(authority.text) and len(authority.text) > 3),
        "number": _number(by_shape(table, found.value("number"), _EITHER_NUMBER)),
    }  # fmt: skip
    return _agree(values)


def _sex(run: Run) -> Value:
    """``男/M``: both must say the same; the Chinese letter is the value."""
    text = run.text.replace("|", "/")
    return value(run, text[:1], text[:1] in _SEX and text[1:] in ("", "/" + _SEX[text[0]], _SEX[text[0]]))


def _number(run: Run) -> Value:
    text = run.text.upper()
    return value(run, text, birth_in(text) is not None or _OLDER.fullmatch(text) is not None)


def _agree(values: dict[str, Value]) -> Parsed:
    """The birth date in the number against the printed one."""
    codes = []
    number, birth = values["number"], values["birth"]
    inside = birth_in(number.text)
    if inside is not None and birth.text:
        if birth.text != inside.isoformat():
            codes.append("doc.contradiction")
            values = doubted(values, "number", "birth")
        else:
            values = values | {
                "number": value(number.run, number.text, True, CHECKED),
                "birth": value(birth.run, birth.text, True, CHECKED),
            }
    elif len(number.text) == 18 and not is_well_formed(number.text):
        codes.append("doc.number_check")
    return Parsed("front", values, (*codes, *incomplete(values)))


KIND = Kind("foreign_permanent_resident", side_of, parse, "front")
