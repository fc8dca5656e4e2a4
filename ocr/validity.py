"""How long resident identity cards are issued for. Pure.

Source: 居民身份证法, article 5: under sixteen five years, sixteen to twenty-five ten, twenty-six to forty-five twenty,
from forty-six for life.
"""

from datetime import date

from ocr.kinds.base import LONG_TERM


def age_on(birth: date, day: date) -> int:
    """Whole years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_issued(age: int) -> int | None:
    """Years a card is valid when issued at that age; None: for life."""
    return 5 if age < 16 else 10 if age < 26 else 20 if age < 46 else None


def fits_age(birth: date, start: str, end: str) -> bool:
    """Whether a card with this validity can have been issued to somebody born then.

    One who asks for a card early is given the longer validity of the next class only from the birthday on, so the
    age on the first day decides. Dates that cannot be read say nothing against it.
    """
    try:
        first = date.fromisoformat(start)
        years = None if end == LONG_TERM else date.fromisoformat(end).year - first.year
    except ValueError:
        return True
    age = age_on(birth, first)
    return age >= 0 and years == years_issued(age)
