"""Where KAL's framework spells payload members otherwise than the standard: to its spelling, and back.

The envelope's own departures (``success``, unsolicited messages as events) are :mod:`devices.xfs.envelope`'s.
"""

from collections.abc import Callable, Mapping
from typing import Any

Payload = dict[str, Any]
Change = Callable[[Payload], Payload]


def _renamed(part: str, before: str, after: str) -> Change:
    def change(payload: Payload) -> Payload:
        inner = payload.get(part)
        if not isinstance(inner, dict) or before not in inner:
            return payload
        return payload | {part: {after if key == before else key: value for key, value in inner.items()}}

    return change


def _interface_names(case: Callable[[str], str]) -> Change:
    def change(payload: Payload) -> Payload:
        entries = payload.get("interfaces")
        if not isinstance(entries, list):
            return payload
        named = [
            each | {"name": case(each["name"][:1]) + each["name"][1:]}
            if isinstance(each, dict) and isinstance(each.get("name"), str)
            else each
            for each in entries
        ]
        return payload | {"interfaces": named}

    return change


def _block_formats(case: Callable[[str], str]) -> Change:
    def change(payload: Payload) -> Payload:
        keys = payload.get("keyManagement")
        formats = keys.get("keyBlockImportFormats") if isinstance(keys, dict) else None
        if not isinstance(keys, dict) or not isinstance(formats, dict):
            return payload
        spelt = {case(name) if len(name) == 1 else name: value for name, value in formats.items()}
        return payload | {"keyManagement": keys | {"keyBlockImportFormats": spelt}}

    return change


def _day(case: Callable[[str], str]) -> Change:
    def change(payload: Payload) -> Payload:
        start = payload.get("startTime")
        if not isinstance(start, dict) or not isinstance(start.get("dayOfWeek"), str):
            return payload
        return payload | {"startTime": start | {"dayOfWeek": case(start["dayOfWeek"])}}

    return change


_KEY_LENGTHS = {number: f"number{number}" for number in (16, 32, 48, 64)}


def _key_length(spelt: Mapping[Any, Any]) -> Change:
    def change(payload: Payload) -> Payload:
        length = payload.get("keyLen")
        known = isinstance(length, str | int) and length in spelt
        return payload | {"keyLen": spelt[length]} if known else payload

    return change


_STATUS = (_renamed("check", "mICRReader", "micrReader"), _renamed("auxiliaries", "UPS", "ups"))
_STATUS_BACK = (_renamed("check", "micrReader", "mICRReader"), _renamed("auxiliaries", "ups", "UPS"))
_SPOKEN: Mapping[str, tuple[Change, ...]] = {
    "Common.Capabilities": (_interface_names(str.lower), _block_formats(str.lower)),
    "Common.Status": _STATUS,
    "Common.StatusChangedEvent": _STATUS,
    "Auxiliaries.GetAutoStartupTime": (_day(str.lower),),
    "Auxiliaries.SetAutoStartupTime": (_day(str.lower),),
    "Keyboard.SecureKeyEntry": (_key_length(_KEY_LENGTHS),),
}
_UNDERSTOOD: Mapping[str, tuple[Change, ...]] = {
    "Common.Capabilities": (_interface_names(str.upper), _block_formats(str.upper)),
    "Common.Status": _STATUS_BACK,
    "Common.StatusChangedEvent": _STATUS_BACK,
    "Auxiliaries.GetAutoStartupTime": (_day(str.capitalize),),
    "Auxiliaries.SetAutoStartupTime": (_day(str.capitalize),),
    "Keyboard.SecureKeyEntry": (_key_length({word: number for number, word in _KEY_LENGTHS.items()}),),
}


def spoken(name: str, payload: Payload) -> Payload:
    """A payload in KAL's spelling."""
    for change in _SPOKEN.get(name, ()):
        payload = change(payload)
    return payload


def understood(name: str, payload: Payload) -> Payload:
    """A payload in the standard's spelling, whichever it came in."""
    for change in _UNDERSTOOD.get(name, ()):
        payload = change(payload)
    return payload
