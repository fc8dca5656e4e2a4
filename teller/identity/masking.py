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


def _signer(text: str) -> str:
    name, _, number = text.rpartition(" ")
    return f"{name} {_ID(number)}" if name else text


_ID, _PHONE, _ACCOUNT, _TAX = _middle(6, 4), _middle(3, 4), _middle(4, 4), _middle(2, 2)
MASKS: Mapping[str, Mask] = {
    "id_number": _ID,
    "agent_id": _ID,
    "guardian_id": _ID,
    "appt_rep_id": _ID,
    "co_agent_id": _ID,
    "signer": _signer,
    "phone": _PHONE,
    "agent_phone": _PHONE,
    "co_phone": _PHONE,
    "birth": _birth,
    "address": _address,
    "home": _address,
    "w9_address": _address,
    "email": _middle(2, 4),
    "tax_number": _TAX,
    "w9_tin": _TAX,
    "card_number": _ACCOUNT,
    "bound_card": _ACCOUNT,
    "own_account": _ACCOUNT,
    "ti_account": _ACCOUNT,
    "payee_account": _ACCOUNT,
    "close_account": _ACCOUNT,
}
"""Field of the form to its mask: every personal one of the dictionary. Names stay: staff speak to people by them."""


def masked(field: str, text: str) -> str:
    """The fact as it is shown; a field without a mask as it is."""
    return MASKS[field](text) if field in MASKS else text
