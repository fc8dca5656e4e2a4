"""What an earlier case of the same customer leaves for the next: a business that came to nothing today is begun again.

What staff had typed there stands in the new form with the number of that case. Where money goes and how much, and the
numbers of things, have to be looked at before they count; who somebody is comes from the papers, never from a case.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from common.wire.cases import CaseState, FieldSource
from teller.cases.model import Case
from teller.forms.catalogue import CARD_FACE
from teller.forms.fields import FieldKind, FieldSpec

CAME_TO_NOTHING = (CaseState.CANCELLED, CaseState.REJECTED)
"""States of cases whose work would otherwise be done again."""
_LOOK = frozenset({FieldKind.AMOUNT, FieldKind.CARD, FieldKind.DIGITS, FieldKind.NAME})
_NEVER = frozenset({*CARD_FACE, "id_kind", "acting"})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value, and the number of the case it stood in."""

    value: str
    number: str


def left_over(cases: Iterable[Case]) -> dict[str, Earlier]:
    """Field to what was typed last. ``cases``: newest first."""
    found: dict[str, Earlier] = {}
    for case in cases:
        for name, value in case.values.items():
            typed = value.source in (FieldSource.TYPED, FieldSource.EARLIER)
            if typed and value.value and name not in _NEVER and not value.needs_a_look:
                found.setdefault(name, Earlier(value.value, value.origin or case.number))
    return found


def must_be_looked_at(spec: FieldSpec) -> bool:
    """Whether a value of an earlier case counts only after somebody has looked at it."""
    return spec.kind in _LOOK
