"""Bank cards: number by the check digit of ISO/IEC 7812-1, bank and kind by its first digits. Pure."""

import re
from collections.abc import Sequence
from datetime import date

from ocr.bank_number import Issuer, is_well_formed, issuer_names, issuer_of
from ocr.kinds.base import (
    CHECKED,
    MISSING,
    SURE,
    Kind,
    Parsed,
    Seen,
    Value,
    doubted,
    incomplete,
    joined,
    unmarked,
    value,
)
from ocr.rows import Line, Run, rows

FIELDS = ("number", "issuer", "card_type")
_NUMBER = re.compile(r"\d{15,19}")
_NEARLY = re.compile(r"[\dOoIlBSZ]{15,19}")
_WORDS = ("银行", "BANK", "UNIONPAY", "银联", "借记卡", "贷记卡", "信用卡", "储蓄卡", "DEBIT", "CREDIT", "ATM")
_THRU = re.compile(r"(0[1-9]|1[0-2])/(\d{2})(?!\d)")
_OTHERS = ("身份证", "通行证", "居留", "存单", "存款", "营业执照", "常住人口")


def side_of(lines: Sequence[Line]) -> str | None:
    """``front`` when there is a card number beside a bank's words, or one whose bank is known."""
    text = joined(lines)
    if any(word in text for word in _OTHERS):
        return None
    number = _number(rows(unmarked(lines)))[0]
    if not number:
        return None
    words = any(word in text.upper() for word in _WORDS)
    return "front" if words or (is_well_formed(number) and issuer_of(number) is not None) else None


def _number(table: list[Run]) -> tuple[str, Run]:
    """The row of the number: one whose check digit is right before any other."""
    best: tuple[bool, str, Run] | None = None
    for row in table:
        for found in _NEARLY.finditer(row.text):
            run = row.cut(found.start(), found.end())
            exact = _NUMBER.fullmatch(found.group()) is not None
            good = exact and is_well_formed(found.group())
            if best is None or good > best[0]:
                best = (good, found.group(), run)
    return (best[1], best[2]) if best else ("", Run(()))


def parse(seen: Seen, side: str) -> Parsed:
    """Number, bank, kind of card and, where it is printed, the month it ends with."""
    lines = unmarked(seen.lines)
    table = rows(lines)
    digits, run = _number(table)
    good = is_well_formed(digits)
    issuer = issuer_of(digits) if good else None
    # Of ten wrong numbers one has a right check digit by chance: a bank that is known, and its length, speak too.
    number = value(run, digits, good, 0.8 if issuer else SURE)
    values = {"number": number, **_issuer(issuer, number, table, joined(lines))}
    codes = ["doc.number_check"] if len(digits) >= 16 and not good else []
    printed = {name for name in issuer_names() if name in joined(lines)}
    if issuer is not None and printed and issuer.name not in printed:
        codes.append("doc.contradiction")
        values = doubted(values, "number", "issuer", "card_type")
    if (until := _valid_to(table, seen.today)) is not None:
        values["valid_to"] = until
    return Parsed(side, values, (*codes, *incomplete(values)))


def _issuer(issuer: Issuer | None, number: Value, table: list[Run], text: str) -> dict[str, Value]:
    """From the table of first digits; a bank that is only printed stands on its letters and is never sure."""
    if issuer is not None:
        unsure = number.unsure or number.confidence < CHECKED
        return {
            "issuer": Value(issuer.name, number.run, number.confidence, unsure),
            "card_type": Value(issuer.card, number.run, number.confidence, unsure),
        }
    row = next((row for row in table if row.text.endswith("银行")), None)
    printed = MISSING if row is None else value(row, row.text, False)
    return {"issuer": printed, "card_type": MISSING}


def _valid_to(table: list[Run], today: date) -> Value | None:
    """``12/30``: a card is good to the end of that month."""
    for row in table:
        found = _THRU.search(row.text)
        if found is not None:
            month, year = int(found[1]), 2000 + int(found[2])
            last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
            sense = abs(year - today.year) <= 25
            return value(row.cut(found.start(), found.end()), date.fromordinal(last).isoformat(), sense)
    return None


KIND = Kind("bank_card", side_of, parse)
