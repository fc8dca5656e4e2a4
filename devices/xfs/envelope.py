"""The envelope of a message: header and payload as one frozen value, and its JSON form.

Reading is tolerant (the spellings of KAL's framework are understood and turned into the standard's),
writing is exact, in the dialect asked for.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from devices.xfs.kal import spoken, understood

Payload = dict[str, Any]

MAX_MESSAGE_BYTES = 2 * 1024 * 1024
"""Largest command a host accepts (the limit of KAL's server)."""
MAX_EXPONENT = 300
"""Numbers are those that every JSON reader can hold in a double: one of more digits before or behind its point, written
out or as an exponent, counts nothing here, and computing with it can take for ever."""


class MessageType(StrEnum):
    """The five kinds of message."""

    COMMAND = "command"
    ACKNOWLEDGE = "acknowledge"
    EVENT = "event"
    COMPLETION = "completion"
    UNSOLICITED = "unsolicited"


class Dialect(StrEnum):
    """Whose spelling is written: the standard's, or that of KAL's framework."""

    SPEC = "spec"
    KAL = "kal"


class BadMessage(Exception):
    """A message that cannot be understood; what could still be read of its header is kept."""

    def __init__(self, reason: str, name: str | None = None, request_id: int | None = None) -> None:
        super().__init__(reason)
        self.name = name
        self.request_id = request_id


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``completion_code`` None is success; ``timeout_ms`` 0 is no limit."""

    type: MessageType
    name: str
    version: str
    request_id: int | None = None
    payload: Payload | None = None
    timeout_ms: int = 0
    status: str | None = None
    completion_code: str | None = None
    error_description: str | None = None

    @property
    def error_code(self) -> str | None:
        """The command's own error code, when the completion carries one."""
        code = (self.payload or {}).get("errorCode")
        return code if isinstance(code, str) else None


_HEADER = (
    ("request_id", "requestId"),
    ("status", "status"),
    ("completion_code", "completionCode"),
    ("error_description", "errorDescription"),
)
_KNOWN = frozenset({"type", "name", "version", "requestId", "timeout", "status", "completionCode", "errorDescription"})
_NAME = re.compile(r"^[A-Za-z][0-9A-Za-z]*\.[A-Za-z][0-9A-Za-z]*$")
_VERSION = re.compile(r"^[1-9][0-9]*\.([1-9][0-9]*|0)$")
_SALVAGE_NAME = re.compile(r'"name"\s*:\s*"([A-Za-z][0-9A-Za-z]*\.[A-Za-z][0-9A-Za-z]*)"')
_SALVAGE_ID = re.compile(r'"requestId"\s*:\s*([1-9][0-9]{0,9})\b')


def _plain(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def encode(message: Message, dialect: Dialect = Dialect.SPEC) -> str:
    """The JSON text of a message."""
    kind = message.type.value
    kal = dialect is Dialect.KAL
    if kal and message.type is MessageType.UNSOLICITED:
        kind = "event"
    header: dict[str, Any] = {"type": kind, "name": message.name, "version": message.version}
    for attribute, member in _HEADER:
        value = getattr(message, attribute)
        if value is not None:
            header[member] = value
    if message.timeout_ms:
        header["timeout"] = message.timeout_ms
    if kal and message.type is MessageType.COMPLETION:
        code = message.completion_code or "success"
        header["completionCode"] = "authorisationRequired" if code == "authorizationRequired" else code
    body: dict[str, Any] = {"header": header}
    if message.payload is not None:
        body["payload"] = spoken(message.name, message.payload) if kal else message.payload
    elif kal and message.type is MessageType.COMPLETION:
        body["payload"] = {}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _writable(body: object) -> bool:
    """Whether every text in it could be sent again: JSON can spell halves of characters that UTF-8 cannot."""
    try:
        json.dumps(body, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _integer(text: str) -> int:
    if len(text) > MAX_EXPONENT:
        raise ValueError("an integer beyond all bounds")
    return int(text)


def _fraction(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("an exponent beyond all bounds") from error
    if len(text) > MAX_EXPONENT or abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError("a number beyond all bounds")
    return value


def salvage(text: str) -> tuple[str | None, int | None]:
    """Name and request id as far as they can be made out in a text that is no message."""
    name = _SALVAGE_NAME.search(text, 0, 4096)
    number = _SALVAGE_ID.search(text, 0, 4096)
    return (name.group(1) if name else None, int(number.group(1)) if number else None)


def decode(text: str) -> Message:
    """Read one message.

    Raises:
        BadMessage: no JSON, a number beyond all bounds, or a header that breaks the rules of the envelope.
    """
    try:
        body = json.loads(text, parse_float=_fraction, parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessage("not JSON", *salvage(text)) from error
    if "\\u" in text and not _writable(body):
        raise BadMessage("half of a surrogate pair", *salvage(text))
    if not isinstance(body, dict) or not isinstance(body.get("header"), dict) or body.keys() - {"header", "payload"}:
        raise BadMessage("no envelope", *salvage(text))
    header = _without_nulls(body["header"])
    payload = body.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise BadMessage("payload is no object", *salvage(text))
    return _read(header, _without_nulls(payload) if payload is not None else None)


def _read(header: dict[str, Any], payload: Payload | None) -> Message:
    name, number = header.get("name"), header.get("requestId")
    good_name = name if isinstance(name, str) and _NAME.match(name) else None
    good_id = number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None

    def bad(reason: str) -> BadMessage:
        return BadMessage(reason, good_name, good_id)

    if header.get("type") not in set(MessageType):
        raise bad("unknown type")
    kind = MessageType(header["type"])
    if (kind is MessageType.EVENT and number is None) or (kind is MessageType.UNSOLICITED and number == 0):
        kind, number = MessageType.UNSOLICITED, None
    if good_name is None or not isinstance(header.get("version"), str) or not _VERSION.match(header["version"]):
        raise bad("bad name or version")
    timeout = header.get("timeout", 0)
    if not isinstance(timeout, int) or isinstance(timeout, bool) or timeout < 0:
        raise bad("bad timeout")
    if header.keys() - _KNOWN:
        raise bad("unknown header member")
    if any(not isinstance(header.get(key, ""), str) for key in ("status", "completionCode", "errorDescription")):
        raise bad("mistyped header member")
    code = header.get("completionCode")
    code = {"success": None, "authorisationRequired": "authorizationRequired"}.get(code, code) if code else None
    return Message(
        type=kind,
        name=good_name,
        version=header["version"],
        request_id=good_id if kind is not MessageType.UNSOLICITED else None,
        payload=understood(good_name, payload) if payload else payload,
        timeout_ms=timeout,
        status=header.get("status"),
        completion_code=code,
        error_description=header.get("errorDescription"),
    )
