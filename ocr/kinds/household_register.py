"""Pages of the household register (居民户口簿): the first page of the household, and one for each member. Pure.

Source: 户口簿 of the form of 1996 (公安部), pages 户口登记 and 常住人口登记卡.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.id_number import facts
from ocr.kinds import resident_id
from ocr.kinds.base import (
    CHECKED,
    CHINESE,
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
from ocr.kinds.travel_permit import by_shape, chinese_name
from ocr.rows import Line, Run, rows

HOME = ("household_type", "head", "household_number", "address")
_LABELS = {
    "household_type": ("户别",),
    "head": ("户主姓名",),
    "household_number": ("户号",),
    "address": ("住址",),
    "name": ("姓名",),
    "relation": ("户主或与户主关系", "与户主关系"),
    "former_name": ("曾用名",),
    "sex": ("性别",),
    "birthplace": ("出生地",),
    "nation": ("民族",),
    "native_place": ("籍贯",),
    "birth": ("出生日期",),
    "other_address": ("本市(县)其他住址", "本市（县）其他住址", "其他住址"),
    "religion": ("宗教信仰",),
    "id_number": ("公民身份号码", "公民身份证件编号", "身份证件编号"),
    "height": ("身高",),
    "blood": ("血型",),
    "education": ("文化程度",),
    "marriage": ("婚姻状况",),
    "service": ("兵役状况",),
    "employer": ("服务处所",),
    "occupation": ("职业",),
    "moved": ("何时由何地迁来",),
    "clerk": ("承办人签章",),
    "registered": ("登记日期",),
}
_RELATIONS = re.compile(
    r"户主|夫|妻|配偶|[长次三四五养继]?[子女]|独生[子女]|女婿|儿媳|外?孙[子女]|外?祖?[父母]|岳[父母]|公公|婆婆|[兄弟姐妹]|其他亲属|非亲属"
)
_PLACE = re.compile(r"[㐀-鿿]{2,40}")
_TYPES = ("家庭户", "集体户", "非农业家庭户口", "农业家庭户口", "非农业集体户口", "居民家庭户口", "居民集体户口")
_NUMBER = re.compile(r"(?<![0-9A-Z])[0-9A-Z\-]{6,20}(?![0-9A-Z])")


def side_of(lines: Sequence[Line]) -> str | None:
    """``member``, ``home`` or None."""
    text = joined(lines)
    member = sum(word in text for word in ("常住人口登记", "户主关系", "籍贯", "出生地", "文化程度", "婚姻状况"))
    home = sum(word in text for word in ("户别", "户主姓名", "户号", "户口登记机关", "户口专用"))
    if member >= 2:
        return "member"
    return "home" if home >= 2 else None


def parse(seen: Seen, side: str) -> Parsed:
    """The fields of that page."""
    table = rows(unmarked(seen.lines))
    found = Labelled(table, _LABELS)
    return _member(found) if side == "member" else _home(found, table)


def _home(found: Labelled, table: Sequence[Run]) -> Parsed:
    kind, labelled = found.value("household_type"), found.value("household_number")
    number = by_shape(table, labelled, _NUMBER)
    address = found.value("address", lines=2)
    values = {
        "household_type": value(kind, kind.text, kind.text in _TYPES),
        "head": chinese_name(found.value("head")),
        "household_number": value(number, number.text, number is labelled and bool(_NUMBER.fullmatch(number.text))),
        "address": value(address, address.text, resident_id.is_address(address.text)),
    }
    return Parsed("home", values, incomplete(values))


def _member(found: Labelled) -> Parsed:
    sex, nation, number = (found.value(name) for name in ("sex", "nation", "id_number"))
    relation = found.value("relation")
    values = {
        "name": chinese_name(found.value("name")),
        "relation": value(relation, relation.text, _RELATIONS.fullmatch(relation.text) is not None),
        "sex": value(sex, sex.text, sex.text in ("男", "女")),
        "birthplace": _place(found.value("birthplace"), found.left_of("nation")),
        "nation": resident_id.likely_nation(nation.cut(0, -1) if nation.text.endswith("族") else nation),
        "native_place": _place(found.value("native_place"), found.left_of("birth")),
        "birth": date_value(found.value("birth")),
        "id_number": value(number, number.text.upper(), facts(number.text.upper()) is not None),
    }
    return _agree(values)


def _place(run: Run, instead: Run) -> Value:
    """A place; one that only stands where the form has it, without its label, is never sure."""
    if not run.text:
        return value(instead, instead.text, False)
    return value(run, run.text, bool(CHINESE.fullmatch(run.text)) and is_plain_chinese(run.text))


def _agree(values: dict[str, Value]) -> Parsed:
    """Number, birth date and sex speak for each other, or against."""
    codes = []
    known = facts(values["id_number"].text)
    birth, sex = values["birth"], values["sex"]
    if known is None:
        if resident_id.check_character_differs(values["id_number"].text.ljust(18)):
            codes.append("doc.number_check")
    elif birth.text and sex.text and (birth.text != known.birth.isoformat() or sex.text != known.sex):
        codes.append("doc.contradiction")
        values = doubted(values, "id_number", "birth", "sex")
    elif birth.text:
        for name in ("id_number", "birth"):
            values[name] = replace(values[name], unsure=values[name].confidence < CHECKED)
    return Parsed("member", values, (*codes, *incomplete(values)))


KIND = Kind("household_register", side_of, parse, shape=Shape.SHEET)
