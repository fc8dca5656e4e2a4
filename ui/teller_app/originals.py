"""Which pictures of papers may show no original, and whether the teller goes on with them all the same. Pure.

What is known of a picture is kept by its digest: another side's reading says nothing about it, and only a new picture
of the same side takes its place.
"""

from common.wire.cases import CaseView, EvidenceView
from common.wire.doubts import Doubt
from ocr.api import DocumentReading
from ui.kit.texts.words import T, t
from ui.teller_app.case_facts import evidence_of
from ui.teller_app.entries import SIDES
from ui.teller_app.local import Local

_DOUBTS = frozenset(Doubt)


def found_in(reading: DocumentReading) -> frozenset[Doubt]:
    """What a reading says against the original."""
    return frozenset(doubt for doubt in _DOUBTS if doubt.value in reading.codes)


def doubts_of(piece: EvidenceView, local: Local) -> frozenset[Doubt]:
    """What the server was told of a picture, and what this window found and the server has not taken yet."""
    return frozenset(piece.doubts) | local.doubts.get(piece.digest, frozenset())


def doubtful(case: CaseView, local: Local) -> list[EvidenceView]:
    """The newest pictures of the papers of this case that may show no original."""
    newest = (evidence_of(case, kind) for kind in SIDES if kind in case.papers)
    return [piece for piece in newest if piece is not None and doubts_of(piece, local)]


def gone_on(case: CaseView, local: Local, digest: str) -> bool:
    """Whether somebody went on with the picture all the same: here, or before, for then the form has values of it."""
    return digest in local.gone_on or any(value.evidence == digest for value in case.form.values.values())


def open_doubt(case: CaseView, local: Local) -> EvidenceView | None:
    """The first doubtful picture that is to be taken again."""
    return next((piece for piece in doubtful(case, local) if not gone_on(case, local, piece.digest)), None)


def doubt_words(piece: EvidenceView, local: Local, *, kept: bool) -> tuple[T, str]:
    """What to tell the teller of it, and the finding's code. ``kept``: it stays as it is."""
    doubt = Doubt.SCREEN if Doubt.SCREEN in doubts_of(piece, local) else Doubt.COPY
    name = doubt.value.removeprefix("doc.")
    paper = t(f"teller.evidence_{piece.kind.value}")
    return t(f"teller.doubt_kept_{name}" if kept else f"teller.doubt_{name}", paper=paper), doubt.value
