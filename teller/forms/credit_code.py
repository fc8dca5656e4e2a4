"""Unified social credit codes (GB 32100-2015): eighteen characters, the last one checks the others (MOD 31)."""

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one characters: I, O, S, V and Z are left out."""
LENGTH = 18


def check_character(first_seventeen: str) -> str:
    """The eighteenth character for the first seventeen, which must be of the code's alphabet."""
    total = sum(_LETTERS.index(each) * pow(3, place, 31) for place, each in enumerate(first_seventeen))
    return _LETTERS[-total % 31]


def normal(text: str) -> str:
    """Without blanks, in upper case."""
    return "".join(text.split()).upper()


def problem(text: str) -> str | None:
    """Code of what is wrong with it, or None."""
    text = normal(text)
    if len(text) != LENGTH or not set(text) <= set(_LETTERS):
        return "credit_code.invalid"
    return None if check_character(text[:-1]) == text[-1] else "credit_code.check_digit"
