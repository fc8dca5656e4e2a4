"""How a picture is called: its kind, that the customer's own phone took it, and that it may show no original."""

from common.wire.cases import EvidenceKind, EvidenceOrigin, EvidenceView
from common.wire.doubts import Doubt
from ui.kit.texts.words import T, t


def evidence_words(prefix: str, kind: EvidenceKind, piece: EvidenceView | None) -> T:
    """``prefix``: whose words for the kind, as ``teller.evidence``. What matters comes first: a narrow place cuts."""
    name = t(f"{prefix}_{kind.value}")
    if from_phone(piece):
        name = t("common.from_phone", name=name)
    if piece is None or not piece.doubts:
        return name
    return t("common.doubt_screen" if Doubt.SCREEN in piece.doubts else "common.doubt_copy", name=name)


def badge(piece: EvidenceView | None) -> str:
    """The icon in its corner, where there is no room for words: a doubt before where it came from; empty: none."""
    if piece is not None and piece.doubts:
        return "warn"
    return "mobile" if from_phone(piece) else ""


def from_phone(piece: EvidenceView | None) -> bool:
    """Whether nobody saw where and of what the picture was taken."""
    return piece is not None and piece.origin is EvidenceOrigin.CUSTOMER_PHONE
