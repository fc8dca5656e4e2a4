"""Amounts in Chinese capitals (大写), as the payment rules for bills ask: 贰万元整, 壹仟零伍元叁角整.

Source: 支付结算办法 (银发〔1997〕393号), appendix 1: 整 after 元 or 角, never after 分; one 零 for a run of zeros.
"""

from common.errors import UserError
from teller.money import CNY, Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def _group(value: int) -> str:
    """Four digits, without leading zeros; one 零 for each inner run of zeros."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text


def _yuan(value: int) -> str:
    groups: list[int] = []
    while value:
        value, rest = divmod(value, 10_000)
        groups.append(rest)
    text, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        part = groups[index]
        if part == 0:
            gap = bool(text)
            continue
        text += ("零" if text and (gap or part < 1000) else "") + _group(part) + _unit(groups, index)
        gap = False
    return text


def _unit(groups: list[int], index: int) -> str:
    """万亿 is said only when no 亿 follows that carries the same word."""
    if index == 3 and groups[2]:
        return "万"
    return _GROUPS[index]


def capitals(money: Money) -> str:
    """A positive or zero amount of yuan in capitals.

    Raises:
        UserError: ``money.no_capitals`` for another currency or a negative amount.
    """
    if money.currency != CNY or money.minor < 0 or money.minor >= 10**18:
        raise UserError("money.no_capitals", currency=money.currency)
    yuan, fen = divmod(money.minor, 100)
    jiao, fen = divmod(fen, 10)
    text = _yuan(yuan) + "元" if yuan else ""
    if not jiao and not fen:
        return (text or "零元") + "整"
    if jiao:
        text += ("零" if yuan and yuan % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "整")
