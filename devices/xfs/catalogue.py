"""The catalogue of messages: which exist, in which version, with which payload.

``catalogue.json`` lists every message of publication 2024-03. It is read once per process by
:func:`load`; importing this module reads nothing.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from devices.xfs.envelope import Message, MessageType
from devices.xfs.schema import Checker, Problem, Schema

# Events that carry only what changed: nested lists of required members do not apply.
_PARTIAL = frozenset(
    {
        "Common.StatusChangedEvent",
        "Storage.StorageChangedEvent",
        "Storage.StorageThresholdEvent",
        "Storage.CountsChangedEvent",
        "Storage.StorageErrorEvent",
    }
)


class Catalogue:
    """Versions and payloads of all messages."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._messages: Mapping[str, Mapping[str, Any]] = data["messages"]
        self._header: Mapping[str, Any] = data["header"]
        self._interfaces = frozenset(entry["interface"] for entry in self._messages.values())
        definitions = data["definitions"]
        self._definitions: Mapping[str, Schema] = definitions
        self._full = Checker(definitions)
        self._tolerant = Checker(definitions, open_objects=True)
        self._partial = Checker(definitions, partial=True)

    @property
    def names(self) -> frozenset[str]:
        """Every message name of the standard."""
        return frozenset(self._messages)

    @property
    def interfaces(self) -> frozenset[str]:
        """Every interface of the standard."""
        return self._interfaces

    def has_command(self, name: str) -> bool:
        """Whether the standard knows this command."""
        return "command" in self._messages.get(name, {})

    def version(self, name: str, kind: MessageType) -> str:
        """Version of the message; an acknowledge has its command's.

        Raises:
            KeyError: the standard has no such message.
        """
        entry = self._messages[name]
        key = "command" if kind is MessageType.ACKNOWLEDGE else kind.value
        if key not in entry and kind in (MessageType.EVENT, MessageType.UNSOLICITED):
            key = "unsolicited" if kind is MessageType.EVENT else "event"
        return str(entry[key]["version"])

    def event_type(self, name: str) -> MessageType:
        """Whether an event goes to the command's owner or to everybody."""
        return MessageType.EVENT if "event" in self._messages[name] else MessageType.UNSOLICITED

    def command_schema(self, name: str) -> Schema | None:
        """What the payload of a command may look like; None: it has none."""
        schema: Schema | None = self._messages[name]["command"]["payload"]
        return schema

    def resolved(self, schema: Schema) -> Schema:
        """The definition that a schema refers to, or the schema itself."""
        reference = schema.get("$ref")
        return schema if reference is None else self._definitions[reference.rsplit("/", 1)[-1]]

    @staticmethod
    def matches(pattern: str, text: str) -> bool:
        """Whether a text satisfies a pattern of the catalogue."""
        return re.search(pattern, text) is not None

    def error_codes(self, name: str) -> tuple[str, ...]:
        """The error codes that the completion of this command may carry."""
        return tuple(self._messages[name]["completion"].get("errorCodes", ()))

    def payload_problems(self, message: Message, *, tolerant: bool = False) -> list[Problem]:
        """What is wrong with the payload; nothing when the catalogue does not know the message."""
        key = "command" if message.type is MessageType.ACKNOWLEDGE else message.type.value
        entry = self._messages.get(message.name, {})
        if key not in entry and message.type in (MessageType.EVENT, MessageType.UNSOLICITED):
            key = "unsolicited" if key == "event" else "event"
        if key not in entry:
            return []
        schema = entry[key]["payload"]
        payload = message.payload or {}
        if schema is None or message.type is MessageType.ACKNOWLEDGE:
            if tolerant:
                return []
            return [Problem("additionalProperties", f"payload.{member}", "is not known") for member in payload]
        checker = self._tolerant if tolerant else self._full
        if message.name in _PARTIAL or (message.type is MessageType.COMPLETION and message.completion_code):
            checker = self._partial
        return list(checker.check(schema, payload))

    def problems(self, message: Message) -> list[Problem]:
        """Everything in which a message departs from the standard: name, kind, version, codes, payload."""
        entry = self._messages.get(message.name)
        if entry is None:
            return [Problem("name", "header.name", f"{message.name} is unknown")]
        found = self._kind_problems(message, entry) + self._code_problems(message)
        return found + self.payload_problems(message)

    def _kind_problems(self, message: Message, entry: Mapping[str, Any]) -> list[Problem]:
        key = "command" if message.type is MessageType.ACKNOWLEDGE else message.type.value
        if key not in entry:
            twin = {"event": "unsolicited", "unsolicited": "event"}.get(key, "")
            if key not in entry.get(twin, {}).get("alsoSentAs", ()):
                return [Problem("kind", "header.type", f"{message.name} is not sent as {message.type}")]
            key = twin
        found = []
        if message.version != entry[key]["version"]:
            found.append(Problem("version", "header.version", f"{message.name} has {message.version}"))
        if (message.request_id is None) != (message.type is MessageType.UNSOLICITED):
            found.append(Problem("requestId", "header.requestId", "is missing or out of place"))
        return found

    def _code_problems(self, message: Message) -> list[Problem]:
        found = []
        properties = self._header["properties"]
        for value, member in ((message.completion_code, "completionCode"), (message.status, "status")):
            if value is not None and value not in properties[member]["enum"]:
                found.append(Problem("enum", f"header.{member}", f"{value} is unknown"))
        if message.completion_code and message.type is not MessageType.COMPLETION:
            found.append(Problem("header", "header.completionCode", "belongs to completions"))
        if message.status and message.type is not MessageType.ACKNOWLEDGE:
            found.append(Problem("header", "header.status", "belongs to acknowledges"))
        if message.type is MessageType.COMPLETION:
            wants = message.completion_code == "commandErrorCode"
            if wants != (message.error_code is not None):
                found.append(Problem("errorCode", "payload.errorCode", "does not fit the completion code"))
        return found


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue of this process."""
    text = resources.files("devices.xfs").joinpath("catalogue.json").read_text(encoding="utf-8")
    return Catalogue(json.loads(text))
