"""The kinds of document the room can read: a closed list, asked in order. A new kind is one more entry.

A kind whose marks are a part of another's comes first: residence permits before resident identity cards.
"""

from collections.abc import Sequence

from ocr.kinds import (
    bank_card,
    business_licence,
    deposit_certificate,
    household_register,
    permanent_resident,
    residence_permit,
    resident_id,
    travel_document,
    travel_permit,
)
from ocr.kinds.base import Kind
from ocr.rows import Line

KINDS: tuple[Kind, ...] = (
    *travel_permit.KINDS,
    *residence_permit.KINDS,
    permanent_resident.KIND,
    household_register.KIND,
    business_licence.KIND,
    deposit_certificate.KIND,
    resident_id.KIND,
    *travel_document.KINDS,
    bank_card.KIND,
)


def recognise(lines: Sequence[Line]) -> tuple[Kind, str] | None:
    """The kind and side of a document by its text."""
    for kind in KINDS:
        if (side := kind.side_of(lines)) is not None:
            return kind, side
    return None
