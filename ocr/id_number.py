"""Resident identity numbers (GB 11643-1999): check character, birth date, sex, region."""

from dataclasses import dataclass
from datetime import date

from ocr.regions import is_known_region

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_character(first17: str) -> str:
    """The eighteenth character: ISO 7064 MOD 11-2 over seventeen digits.

    Raises:
        ValueError: not exactly seventeen ASCII digits.
    """
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("seventeen digits are needed")
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def is_well_formed(number: str) -> bool:
    """Eighteen characters whose check character is right."""
    body = number[:17]
    return len(number) == 18 and body.isascii() and body.isdigit() and check_character(body) == number[17]


@dataclass(frozen=True)
class NumberFacts:
    """What a well-formed number says about its holder."""

    birth: date
    sex: str
    """男 or 女."""


def facts(number: str) -> NumberFacts | None:
    """What the number says; None when it is not well formed, names no real day or no known region."""
    if not is_well_formed(number) or not is_known_region(number[:6]):
        return None
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    if birth.year < 1880:
        return None
    return NumberFacts(birth, "男" if int(number[16]) % 2 else "女")
