"""Bank card numbers: the check digit of ISO/IEC 7812-1 (Luhn) and the issuer by the first digits. Pure."""

import functools
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "bins.tsv"


def luhn_digit(body: str) -> str:
    """The digit that has to follow ``body``.

    Raises:
        ValueError: not ASCII digits.
    """
    if not (body.isascii() and body.isdigit()):
        raise ValueError("digits are needed")
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def is_well_formed(number: str) -> bool:
    """Thirteen to nineteen digits with the right last one."""
    digits = number.isascii() and number.isdigit() and 13 <= len(number) <= 19
    return digits and luhn_digit(number[:-1]) == number[-1]


@dataclass(frozen=True)
class Issuer:
    """Who issues cards with certain first digits."""

    name: str
    card: str
    """借记卡 or 贷记卡."""
    length: int
    """Digits of such a card's number."""


@functools.cache
def _issuers() -> dict[str, Issuer]:
    found: dict[str, Issuer] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, card, length, prefixes = line.split("\t")
            found |= {prefix: Issuer(name, card, int(length)) for prefix in prefixes.split()}
    return found


def issuer_of(number: str) -> Issuer | None:
    """By the longest known beginning; None when it is not in the table or the length is another."""
    for size in range(min(10, len(number)), 4, -1):
        issuer = _issuers().get(number[:size])
        if issuer is not None:
            return issuer if issuer.length == len(number) else None
    return None


def issuer_names() -> frozenset[str]:
    """Every bank in the table."""
    return frozenset(issuer.name for issuer in _issuers().values())
