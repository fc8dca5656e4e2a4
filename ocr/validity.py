"""How long resident identity cards are issued for. Pure.

Source: 居民身份证法, article 5: under sixteen five years, sixteen to twenty-five ten, twenty-six to forty-five twenty,
from forty-six for life.
"""

from datetime import date, timedelta

from ocr.kinds.base import LONG_TERM

_ISSUED_WITHIN = timedelta(days=92)
"""The law's sixty days from the request, thirty more where roads are bad."""


def age_on(birth: date, day: date) -> int:
    """Whole years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_issued(age: int) -> int | None:
    """Years a card is valid when issued at that age; None: for life."""
    return 5 if age < 16 else 10 if age < 26 else 20 if age < 46 else None


def fits_age(birth: date, start: str, end: str) -> bool:
    """Whether a card with this validity can have been issued to somebody born then.

    What counts is the age when the card was asked for, up to three months before its first day. Dates that cannot be
    read say nothing against it.
    """
    try:
        first = date.fromisoformat(start)
        years = None if end == LONG_TERM else date.fromisoformat(end).year - first.year
    except ValueError:
        return True
    asked = max(birth, first - _ISSUED_WITHIN)
    return first >= birth and years in {years_issued(age_on(birth, day)) for day in (first, asked)}
