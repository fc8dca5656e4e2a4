"""Forms and media of a printer, in the standard's own JSON; and text laid out on them."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from devices.xfs.codes import CommandFailed, CompletionCode
from devices.xfs.envelope import Payload

Form = Mapping[str, Any]


def form(columns: int, rows: int, *fields: str, required: frozenset[str] = frozenset()) -> Form:
    """A form of text fields below each other that wrap at the width of the paper."""
    return {
        "unit": {"base": "rowColumn", "x": 1, "y": 1},
        "size": {"width": columns, "height": rows},
        "fields": {
            name: {
                "order": order,
                "position": {"x": 0, "y": order},
                "size": {"width": columns, "height": 1},
                "fieldType": "text",
                "class": "required" if name in required else "optional",
                "access": "write",
                "overflow": "wordWrap",
            }
            for order, name in enumerate(fields)
        },
    }


def medium(kind: str, source: str, columns: int, rows: int) -> Payload:
    """A medium with a print area of so many characters."""
    return {
        "mediaType": kind,
        "source": source,
        "unit": {"base": "rowColumn", "x": 1, "y": 1},
        "size": {"width": columns, "height": rows},
    }


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, columns: int) -> Iterable[str]:
    """Lines no wider than the paper; a Chinese character is two columns wide."""
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0
        for character in paragraph:
            if used + _width(character) > columns:
                yield line
                line, used = "", 0
            line += character
            used += _width(character)
        yield line


class FieldProblem(Exception):
    """A field that cannot be printed; ``failure`` is the standard's word."""

    def __init__(self, field: str, failure: str) -> None:
        super().__init__(failure)
        self.field = field
        self.failure = failure


def texts_of(value: object) -> list[str]:
    """The texts of a field's value: one, or one for each index of the field."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise CommandFailed(CompletionCode.INVALID_DATA, "a field holds text, or a list of texts")
    return [str(text) for text in texts]


def lay_out(chosen: Form, values: Mapping[str, object]) -> list[str]:
    """The lines of a form with its fields filled in, in the order of the fields.

    Raises:
        FieldProblem: a required field is missing, or a text does not fit a field that cannot wrap.
    """
    fields: Mapping[str, Mapping[str, Any]] = chosen.get("fields", {})
    lines: list[str] = []
    for name, spec in sorted(fields.items(), key=lambda each: each[1].get("order", 0)):
        if name not in values:
            if spec.get("class") == "required":
                raise FieldProblem(name, "required")
            continue
        columns = spec.get("size", chosen.get("size", {})).get("width", 40)
        for text in texts_of(values[name]):
            wrapped = list(wrap(text, columns))
            overflow = spec.get("overflow", "terminate")
            if len(wrapped) > 1 and overflow == "terminate":
                raise FieldProblem(name, "overflow")
            lines += wrapped if overflow == "wordWrap" else wrapped[:1]
    return lines


def good_form(shape: Mapping[str, Any]) -> bool:
    """Whether a definition can be laid out here: a size, fields of text."""
    fields = shape.get("fields", {})
    text_only = all(spec.get("fieldType", "text") == "text" for spec in fields.values())
    return "size" in shape and "unit" in shape and bool(fields) and text_only
