"""The bank's own certificate of deposit (定期存单), printed, nothing written by hand. Pure.

It bears a verification code of twelve digits with a check digit (ISO 7064 MOD 11,10), a QR code that leads to
``…/verify/<code>``, and the amount in figures and in capitals: each pair must say the same.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from ocr.capitals import minor_units
from ocr.kinds.base import (
    CHECKED,
    Kind,
    Parsed,
    Seen,
    Shape,
    Value,
    date_value,
    doubted,
    incomplete,
    joined,
    unmarked,
    value,
)
from ocr.kinds.labels import Labelled
from ocr.kinds.travel_permit import chinese_name
from ocr.rows import Line, Run, rows

FIELDS = ("number", "name", "account", "amount", "amount_capitals", "term", "rate", "start", "due", "code")
_LABELS = {
    "number": ("存单号码", "存单编号"),
    "name": ("户名",),
    "account": ("账号", "帐号"),
    "amount_capitals": ("金额大写", "金额(大写)", "金额（大写）", "大写金额"),
    "amount": ("金额小写", "金额(小写)", "金额（小写）", "小写金额"),
    "term": ("存期",),
    "rate": ("年利率",),
    "start": ("存入日", "起息日"),
    "due": ("到期日",),
    "code": ("验证码", "防伪码"),
}
_NUMBER = re.compile(r"[A-Z]{2}\d{8,14}")
_ACCOUNT = re.compile(r"\d{12,22}")
_AMOUNT = re.compile(r"(?:CNY|¥|￥|RMB)?(\d{1,3}(?:,\d{3})*|\d+)\.(\d{2})")
_TERM = re.compile(r"(?:三个月|六个月|一年|二年|三年|五年)")
_RATE = re.compile(r"\d{1,2}\.\d{2,4}%")
_LINK = re.compile(r"/verify/(\d{12})(?!\d)")


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10 over digits."""
    product = 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def is_code(text: str) -> bool:
    """Twelve digits with the right last one."""
    return len(text) == 12 and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def side_of(lines: Sequence[Line]) -> str | None:
    """``front`` when the title, or enough of its labels, is there."""
    text = joined(lines)
    labels = sum(any(word in text for word in words) for words in _LABELS.values())
    return "front" if ("存单" in text and labels >= 3) or labels >= 6 else None


def parse(seen: Seen, side: str) -> Parsed:
    """The fields, each in the form it is printed in; the amount as a plain decimal number."""
    found = Labelled(rows(unmarked(seen.lines)), _LABELS)
    values = {
        "number": _shaped(found.value("number"), _NUMBER),
        "name": chinese_name(found.value("name")),
        "account": _shaped(found.value("account"), _ACCOUNT),
        "amount": _amount(found.value("amount")),
        "amount_capitals": _capitals(found.value("amount_capitals")),
        "term": _shaped(found.value("term"), _TERM),
        "rate": _shaped(found.value("rate"), _RATE),
        "start": date_value(found.value("start")),
        "due": date_value(found.value("due")),
        "code": _code(found.value("code")),
    }
    values, codes = _amounts_agree(values)
    values, more = _codes_agree(values, seen)
    if values["start"].text and values["due"].text and values["start"].text >= values["due"].text:
        values, more = doubted(values, "start", "due"), [*more, "doc.dates"]
    return Parsed(side, values, (*codes, *more, *incomplete(values)))


def _shaped(run: Run, shape: re.Pattern[str]) -> Value:
    return value(run, run.text, shape.fullmatch(run.text) is not None)


def _amount(run: Run) -> Value:
    found = _AMOUNT.fullmatch(run.text)
    text = f"{found[1].replace(',', '')}.{found[2]}" if found else run.text
    return value(run, text, found is not None)


def _capitals(run: Run) -> Value:
    text = run.text.removeprefix("人民币").replace("圆", "元")
    return value(run, text, minor_units(text) is not None)


def _code(run: Run) -> Value:
    text = "".join(char for char in run.text if char not in "-·.")
    return value(run, text, is_code(text), 0.8)


def _amounts_agree(values: dict[str, Value]) -> tuple[dict[str, Value], list[str]]:
    """Figures and capitals: when they say the same, each speaks for the other."""
    figures, capitals = values["amount"], values["amount_capitals"]
    fen = minor_units(capitals.text)
    if fen is None or _AMOUNT.fullmatch(figures.text) is None:
        return values, []
    if int(Decimal(figures.text) * 100) != fen:
        return doubted(values, "amount", "amount_capitals"), ["doc.amounts_differ"]
    both = {"amount": figures, "amount_capitals": capitals}
    return values | {name: value(one.run, one.text, True, CHECKED) for name, one in both.items()}, []


def _codes_agree(values: dict[str, Value], seen: Seen) -> tuple[dict[str, Value], list[str]]:
    """The printed code against the one in the QR code; the QR code's stands for one that could not be read."""
    for code in seen.codes:
        values["qr"] = Value(code.text, code.run, 1.0, False)
        link = _LINK.search(code.text)
        if link is None or not is_code(link[1]):
            continue
        printed = values["code"]
        if printed.text == link[1] or not is_code(printed.text):
            values["code"] = Value(link[1], printed.run if printed.text else code.run, 1.0, False)
        else:
            return doubted(values, "code"), ["doc.code_differs"]
    return values, []


KIND = Kind("deposit_certificate", side_of, parse, shape=Shape.SHEET, barcodes=True)
