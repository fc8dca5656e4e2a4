"""What of a person's facts a screen shows that need not show them: enough to tell one from another, not more."""

from collections.abc import Callable, Mapping

Mask = Callable[[str], str]


def _middle(head: int, tail: int) -> Mask:
    def mask(text: str) -> str:
        hidden = len(text) - head - tail
        return text if hidden <= 0 else text[:head] + "*" * hidden + text[-tail:]

    return mask


def _birth(text: str) -> str:
    return text[:4] + "-**-**" if len(text) == 10 else text


def _address(text: str) -> str:
    return text if len(text) <= 6 else text[:6] + "*" * (len(text) - 6)


MASKS: Mapping[str, Mask] = {
    "id_number": _middle(6, 4),
    "phone": _middle(3, 4),
    "birth": _birth,
    "address": _address,
}
"""Field of the form to its mask. Names stay: staff speak to people by them."""


def masked(field: str, text: str) -> str:
    """The fact as it is shown; a field without a mask as it is."""
    return MASKS[field](text) if field in MASKS else text
