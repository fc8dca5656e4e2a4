"""Numbers of identity cards issued in Hong Kong, Macau and Taiwan, as the backs of travel permits bear them. Pure.

Sources: Hong Kong Immigration Department, form of the identity card number (one or two letters, six digits, a check
digit in brackets: weights 9 to 1, modulo 11, a space before a single letter counts 36, 10 is written A); Taiwan's
Household Registration Act rules (a letter, nine digits, weights 1 and 9 to 1, modulo 10). How Macau makes its check
digit is not published: there the shape is all that is known.
"""

import re

HONG_KONG = re.compile(r"([A-Z]{1,2})([0-9]{6})[(（]([0-9A])[)）]")
MACAU = re.compile(r"([157][0-9]{6})[(（]([0-9])[)）]")
TAIWAN = re.compile(r"[A-Z][1289][0-9]{8}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""In the order of Taiwan's numbering, from 10."""


def hong_kong_check(letters: str, digits: str) -> str:
    """The check digit over one or two letters and six digits."""
    values = [36] * (2 - len(letters)) + [ord(char) - 55 for char in letters] + [int(char) for char in digits]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if rest == 10 else str(rest)


def taiwan_check(first9: str) -> str:
    """The last digit over a letter and eight digits."""
    place = _LETTERS.index(first9[0]) + 10
    total = place // 10 + place % 10 * 9
    total += sum(int(char) * weight for char, weight in zip(first9[1:], range(8, 0, -1), strict=True))
    return str(-total % 10)


def is_checked(number: str) -> bool:
    """Whether a check digit speaks for the number."""
    if (found := HONG_KONG.fullmatch(number)) is not None:
        return hong_kong_check(found[1], found[2]) == found[3]
    return TAIWAN.fullmatch(number) is not None and taiwan_check(number[:9]) == number[9]
