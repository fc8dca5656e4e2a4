"""Resident identity numbers (GB 11643): region, birth date, sequence, check digit by ISO 7064 MOD 11-2."""

import re
from dataclasses import dataclass
from datetime import date

LENGTH = 18
_SHAPE = re.compile(r"[0-9]{17}[0-9X]\Z")
_WEIGHTS = tuple(2 ** (LENGTH - 1 - place) % 11 for place in range(LENGTH - 1))
_CHECKS = "10X98765432"


def check_character(first_seventeen: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number whose shape, birth date and check digit hold."""

    text: str

    @property
    def birth(self) -> date:
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> str:
        """男 for an odd sequence number, 女 for an even one."""
        return "男" if int(self.text[16]) % 2 else "女"


def normal(text: str) -> str:
    """Without blanks, the check character in upper case."""
    return "".join(text.split()).upper()


def problem(text: str) -> tuple[str, int] | None:
    """Code of what is wrong and how many characters are missing (or too many), or None."""
    text = normal(text)
    if len(text) != LENGTH:
        return ("id_number.too_short" if len(text) < LENGTH else "id_number.too_long", abs(LENGTH - len(text)))
    if not text.isascii() or not _SHAPE.match(text):
        return ("id_number.characters", 0)
    try:
        born = IdNumber(text).birth
    except ValueError:
        return ("id_number.birth", 0)
    if born.year < 1850:
        return ("id_number.birth", 0)
    return None if check_character(text[:-1]) == text[-1] else ("id_number.check_digit", 0)


def age_on(birth: date, day: date) -> int:
    """Completed years. Somebody born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
