"""How a picture is called: its kind, and that the customer's own phone took it, where it did."""

from common.wire.cases import EvidenceKind, EvidenceOrigin, EvidenceView
from ui.kit.texts.words import T, t


def evidence_words(prefix: str, kind: EvidenceKind, piece: EvidenceView | None) -> T:
    """``prefix``: whose words for the kind, as ``teller.evidence``."""
    name = t(f"{prefix}_{kind.value}")
    return t("common.from_phone", name=name) if from_phone(piece) else name


def from_phone(piece: EvidenceView | None) -> bool:
    """Whether nobody saw where and of what the picture was taken."""
    return piece is not None and piece.origin is EvidenceOrigin.CUSTOMER_PHONE
