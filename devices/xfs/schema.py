"""A checker for the few JSON-schema words that the message catalogue uses.

Small on purpose: the host checks every command with it at run time, and nothing else is needed.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One departure from the catalogue; ``kind`` is the schema word that was broken."""

    kind: str
    path: str
    text: str


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _is_type(value: object, name: str) -> bool:
    if name == "object":
        return isinstance(value, dict)
    if name == "array":
        return isinstance(value, list)
    if name == "string":
        return isinstance(value, str)
    if name == "boolean":
        return isinstance(value, bool)
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


class Checker:
    """Checks values against schemas that share one set of definitions.

    Args:
        definitions: targets of ``$ref``.
        partial: required members may be absent (events that carry only what changed).
        open_objects: unknown members are let through (the tolerant dialect).
    """

    def __init__(self, definitions: Mapping[str, Schema], *, partial: bool = False, open_objects: bool = False) -> None:
        self._definitions = definitions
        self._partial = partial
        self._open = open_objects

    def check(self, schema: Schema, value: object, path: str = "payload") -> Iterator[Problem]:
        """Every problem of ``value``; none when it conforms."""
        if "$ref" in schema:
            schema = self._definitions[schema["$ref"].rsplit("/", 1)[-1]]
        if "oneOf" in schema:
            if not any(not list(self.check(option, value, path)) for option in schema["oneOf"]):
                yield Problem("type", path, "matches none of the allowed forms")
            return
        name = schema.get("type")
        if name is not None and not _is_type(value, name):
            yield Problem("type", path, f"is not of type {name}")
            return
        if "enum" in schema and not any(type(item) is type(value) and item == value for item in schema["enum"]):
            yield Problem("enum", path, "is none of the values listed")
            return
        if isinstance(value, dict):
            yield from self._object(schema, value, path)
        elif isinstance(value, list):
            yield from self._array(schema, value, path)
        elif isinstance(value, str):
            yield from self._string(schema, value, path)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            yield from self._number(schema, value, path)

    def _object(self, schema: Schema, value: dict[str, Any], path: str) -> Iterator[Problem]:
        properties = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        extra = schema.get("additionalProperties", True)
        if not self._partial:
            for member in schema.get("required", ()):
                if member not in value:
                    yield Problem("required", path, f"lacks {member}")
        for key, member_value in value.items():
            where = f"{path}.{key}"
            if key in properties:
                yield from self.check(properties[key], member_value, where)
                continue
            matched = [sub for pattern, sub in patterns.items() if _pattern(pattern).search(key)]
            for sub in matched:
                yield from self.check(sub, member_value, where)
            if matched:
                continue
            if isinstance(extra, dict):
                yield from self.check(extra, member_value, where)
            elif extra is False and not self._open:
                yield Problem("additionalProperties", where, "is not known")

    def _array(self, schema: Schema, value: list[Any], path: str) -> Iterator[Problem]:
        if len(value) < schema.get("minItems", 0):
            yield Problem("minItems", path, "has too few items")
        if "items" in schema:
            for index, item in enumerate(value):
                yield from self.check(schema["items"], item, f"{path}[{index}]")

    def _string(self, schema: Schema, value: str, path: str) -> Iterator[Problem]:
        if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
            yield Problem("pattern", path, "does not match its pattern")
        if schema.get("contentEncoding") == "base64":
            try:
                base64.b64decode(value.encode("ascii"), validate=True)
            except (binascii.Error, ValueError):
                yield Problem("contentEncoding", path, "is not base64")

    def _number(self, schema: Schema, value: int | float | Decimal, path: str) -> Iterator[Problem]:
        if "minimum" in schema and value < schema["minimum"]:
            yield Problem("minimum", path, "is too small")
        if "maximum" in schema and value > schema["maximum"]:
            yield Problem("maximum", path, "is too large")
