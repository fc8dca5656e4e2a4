"""Interest in whole minor units: 360 days a year, months of 30 for whole terms, half up."""

from calendar import monthrange
from datetime import date

from teller.money import Money
from teller.transactions.rules import rate

MONTHS = {"3个月": 3, "6个月": 6, "1年": 12, "2年": 24, "3年": 36, "5年": 60}
_MILLION, _YEAR = 1_000_000, 360


def matures(opened: date, term: str) -> date:
    """The same day of the month in which the term ends, or its last day."""
    months = opened.month - 1 + MONTHS[term]
    year, month = opened.year + months // 12, months % 12 + 1
    return date(year, month, min(opened.day, monthrange(year, month)[1]))


def _share(principal: Money, millionths: int, days: int) -> Money:
    top = principal.minor * millionths * days * 2 + _MILLION * _YEAR
    return Money(top // (2 * _MILLION * _YEAR), principal.currency)


def term_interest(principal: Money, millionths: int, term: str) -> Money:
    """A whole term at the rate it was opened with."""
    return _share(principal, millionths, MONTHS[term] * 30)


def demand_interest(principal: Money, since: date, until: date) -> Money:
    """Days from ``since`` (counted) to ``until`` (not counted) at the demand rate of ``until``."""
    return _share(principal, rate("", until), max(0, (until - since).days))


def drawn_interest(principal: Money, opened: date, term: str, millionths: int, day: date) -> tuple[Money, bool]:
    """Interest of a time deposit drawn on a day, and whether it is due.

    Early: the demand rate of that day for all its days. Due: its own rate for the term, the demand rate after.
    """
    end = matures(opened, term)
    if day < end:
        return demand_interest(principal, opened, day), False
    return term_interest(principal, millionths, term) + demand_interest(principal, end, day), True
