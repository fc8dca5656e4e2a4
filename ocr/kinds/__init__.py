"""The kinds of document the room can read: a closed list, asked in order. A new kind is one more entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr import id_fields
from ocr.id_fields import Parsed
from ocr.rows import Line


@dataclass(frozen=True)
class Kind:
    """One kind of document."""

    name: str
    side_of: Callable[[Sequence[Line]], str | None]
    """Which side the text is of; None: not this kind."""
    parse: Callable[[Sequence[Line], str], Parsed]
    portrait_side: str | None
    """The side that bears a photograph."""


KINDS = (Kind("resident_id", id_fields.side_of, id_fields.parse, "front"),)


def recognise(lines: Sequence[Line], hint: str | None = None) -> tuple[Kind, str] | None:
    """The kind and side of a document by its text; the hinted kind is asked first."""
    for kind in sorted(KINDS, key=lambda one: one.name != hint):
        if (side := kind.side_of(lines)) is not None:
            return kind, side
    return None
