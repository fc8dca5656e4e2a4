"""Unified social credit codes (GB 32100-2015) and the organisation codes inside them (GB 11714-1997). Pure."""

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one characters: I, O, S, V and Z are left out."""
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(first17: str) -> str:
    """The eighteenth character over seventeen.

    Raises:
        ValueError: not seventeen characters of the code's alphabet.
    """
    if len(first17) != 17 or not set(first17) <= set(_LETTERS):
        raise ValueError("seventeen characters of GB 32100 are needed")
    total = sum(_LETTERS.index(char) * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return _LETTERS[-total % 31]


def organisation_check(first8: str) -> str:
    """The ninth character of an organisation code over eight.

    Raises:
        ValueError: not eight characters of A to Z and 0 to 9.
    """
    if len(first8) != 8 or not set(first8) <= set(_ORGANISATION_LETTERS):
        raise ValueError("eight characters of GB 11714 are needed")
    total = sum(
        _ORGANISATION_LETTERS.index(char) * weight for char, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def is_well_formed(code: str) -> bool:
    """Eighteen characters, both check characters right, region in digits."""
    if len(code) != 18 or not set(code) <= set(_LETTERS) or not code[2:8].isdigit():
        return False
    return check_character(code[:17]) == code[17] and organisation_check(code[8:16]) == code[16]


_READ_AS = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})


def cleaned(text: str) -> str:
    """A code as read, with the letters that no code has as the digits they look like."""
    return text.upper().translate(_READ_AS)
