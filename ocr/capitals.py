"""Amounts in Chinese capitals, read back: 贰万元整 is 2,000,000 fen. Pure.

Source: 支付结算办法 (银发〔1997〕393号), appendix 1. The room of the domain writes them; here they are read from paper.
"""

import re

_DIGITS = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}
_GROUPS = {"亿": 10**8, "万": 10**4}
_SHAPE = re.compile(r"(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+元)?零?(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?"
                    r"(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?[整正]?")  # fmt: skip


def minor_units(text: str) -> int | None:
    """The amount in fen; None when the text is no such amount."""
    found = _SHAPE.fullmatch(text.removeprefix("人民币").replace("圆", "元"))
    if found is None or not any(found.groups()):
        return None
    yuan = _number(found["yuan"][:-1]) if found["yuan"] else 0
    if yuan is None:
        return None
    return yuan * 100 + _DIGITS.get(found["jiao"], 0) * 10 + _DIGITS.get(found["fen"], 0)


def _number(text: str) -> int | None:
    for unit, size in _GROUPS.items():
        head, found, tail = text.rpartition(unit) if unit == "万" and "亿" not in text else text.partition(unit)
        if found:
            high, low = _number(head), _number(tail) if tail else 0
            return None if high is None or low is None or low >= size or not high else high * size + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            continue
        place = _PLACES.get(char)
        if place is None or place >= last or not digit:
            return None
        total, digit, last = total + digit * place, None, place
    return total + (digit or 0)
