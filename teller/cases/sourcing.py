"""Where a value of the form comes from is said by who knows it, never by the window that sends it.

Chip, card, the bank's own record, machine and earlier cases are known here: a window that names one of them is believed
only for the very value that is known from there. What a picture says was read by the window's own worker; that counts
as read only while a picture of a paper, taken at the customer's machine, is in the case; a licence from the customer's
phone does for the company's fields. All else was typed.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from common.wire.cases import EvidenceKind, EvidenceOrigin, FieldSource
from teller.cases.model import Case, EvidenceRef
from teller.forms.fields import FieldValue

PAPERS = frozenset(
    {
        EvidenceKind.ID_FRONT,
        EvidenceKind.ID_BACK,
        EvidenceKind.LICENCE,
        EvidenceKind.PARTY_FRONT,
        EvidenceKind.HOUSEHOLD_PAGE,
    }
)

OF_A_COMPANY = "co_"
"""How the fields begin that say something of a company."""

Known = Mapping[str, Collection[str]]


def sourced(case: Case, name: str, value: FieldValue, offered: Known) -> FieldValue:
    """The value with the source it can be shown to have.

    Args:
        offered: by field, what the bank offered from the customer's earlier cases.
    """
    if value.source is FieldSource.TYPED or _shown(case, name, value, offered):
        return value
    return replace(value, source=FieldSource.TYPED, confidence=None, evidence=None, box=None)


def _shown(case: Case, name: str, value: FieldValue, offered: Known) -> bool:
    standing = case.values.get(name)
    if standing is not None and (standing.source, standing.value) == (value.source, value.value):
        return True
    if value.source is FieldSource.OCR:
        papers = [piece for piece in case.evidence if _tells(piece, name)]
        return any(value.evidence in (None, piece.digest) for piece in papers)
    if value.source is FieldSource.CHIP:
        return case.chip is not None and case.chip.values.get(name) == value.value
    return value.source is FieldSource.EARLIER and value.value in offered.get(name, ())


def _tells(piece: EvidenceRef, name: str) -> bool:
    """Whether a value may have been read from this picture. What a phone took says nothing of who somebody is: of a
    licence it says what stands there of the company, and a household page is only compared."""
    if piece.origin is EvidenceOrigin.CUSTOMER_PHONE:
        return piece.kind is EvidenceKind.LICENCE and name.startswith(OF_A_COMPANY)
    return piece.kind in PAPERS
