"""A passbook: which lines of the account still have to be printed, on which pages, and how each reads.

A line is printed once: the book's record says up to which posting it goes and where the next line stands, and it is
moved on only by what the printer has really printed.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from teller.money import Money, figures

PAGE_LINES, PAGES, COLUMNS = 24, 12, 60
_WORDS = {
    "cash.deposit": "现金存入",
    "cash.payout": "现金支取",
    "cash.payout_returned": "支取退回",
    "cash.suspense_returned": "挂账转回",
    "cash.suspense_stored": "现金存入",
    "cash.over_returned": "长款转入",
    "cash.elsewhere": "他行取现",
    "interest.paid": "利息",
    "time.open": "转存定期",
    "time.drawn": "定期支取",
    "transfer.in": "转入",
    "transfer.out": "转出",
    "transfer.revoked": "转账撤销",
}
CARRIED = "承前余额"


@dataclass(frozen=True, slots=True)
class Booked:
    """One posting on the account; ``sequence`` rises, ``amount`` is positive for what came in."""

    sequence: int
    on: date
    kind: str
    amount: Money
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next line stands (both from 0), and after which posting. ``carry``: the balance comes first."""

    page: int
    line: int
    printed_to: int
    carry: bool


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One line on paper; ``after`` is the place once it is printed."""

    text: str
    page: int
    after: Place


def width(text: str) -> int:
    """Columns: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _row(on: str, words: str, amount: str, balance: str) -> str:
    words = words[:8]
    gap = 18 - width(words)
    return f"{on:<10} {words}{' ' * gap}{amount:>13} {balance:>16}"


def words_of(booked: Booked) -> str:
    """What the line is called: the entry's own text, or that of its kind."""
    return booked.text or _WORDS.get(booked.kind, "其他")


def lines(place: Place, unprinted: Sequence[Booked], balance: Money) -> list[PrintLine]:
    """What is to be printed, oldest first, until the book is full.

    Args:
        balance: of the account after the last of ``unprinted``.
    """
    total = Money(sum(one.amount.minor for one in unprinted), balance.currency)
    standing = balance - total
    rows: list[tuple[str, int, bool]] = []
    if place.carry:
        on = unprinted[0].on.isoformat() if unprinted else ""
        rows.append((_row(on, CARRIED, "", figures(standing)), place.printed_to, False))
    for one in unprinted:
        standing = standing + one.amount
        sign = "+" if one.amount.minor > 0 else "-"
        text = _row(
            one.on.isoformat(),
            words_of(one),
            sign + figures(one.amount if one.amount.minor > 0 else -one.amount),
            figures(standing),
        )
        rows.append((text, one.sequence, False))
    return _laid_out(place, rows)


def _laid_out(place: Place, rows: Sequence[tuple[str, int, bool]]) -> list[PrintLine]:
    page, line = place.page, place.line
    found: list[PrintLine] = []
    for text, sequence, carry in rows:
        if line == PAGE_LINES:
            page, line = page + 1, 0
        if page == PAGES:
            break
        line += 1
        found.append(PrintLine(text, page, Place(page, line, sequence, carry)))
    return found


def is_full(place: Place) -> bool:
    """Whether no line fits any more: it has to be replaced."""
    return place.page >= PAGES or (place.page == PAGES - 1 and place.line >= PAGE_LINES)
