"""Pictures that a word of the customer took out of a case leave the index and the vault, each with its line."""

from datetime import datetime

from common.wire.cases import EvidenceKind
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases.faces import FACES
from teller.cases.model import Case


def drop_fallen(unit: Unit, case: Case, who: str, at: datetime) -> list[str]:
    """Take out of the index what the case names no more; digests whose bytes nothing needs any longer.

    The caller removes those from the vault once the unit has ended: a stop in between leaves bytes that nothing names,
    which retention finds.
    """
    named = {(piece.digest, piece.kind.value) for piece in case.evidence}
    unneeded = []
    for piece in (one for kind in sorted(FACES) for one in unit.identity.of_case(case.id, kind.value)):
        if (piece.digest, piece.kind) in named:
            continue
        data: dict[str, str | int | None] = {"kind": piece.kind, "why": "consent_revoked"}
        unit.registers.add(RegisterLine(at, "evidence.removed", who, piece.digest, case.id, data, case.branch))
        if unit.identity.drop(piece):
            unneeded.append(piece.digest)
    return unneeded


def earlier_dropped(unit: Unit, case: Case, who: str, at: datetime) -> list[str]:
    """The same for the businesses of this visit before: they rest on the very same word. ``case``: before it fell.

    A picture that stands in another visit, by whatever way, is let be.
    """
    live = {piece.digest for piece in case.evidence if piece.kind is EvidenceKind.LIVE_FRAME}
    others = {place.case_id for digest in live for place in unit.cases.evidence_of(digest)} - {case.id}
    unneeded = []
    for other in (unit.cases.get(one) for one in sorted(others)):
        same = (other.kiosk, other.face_consent) == (case.kiosk, case.face_consent)
        if same and other.terminal:
            kept = tuple(piece for piece in other.evidence if piece.kind not in FACES)
            unneeded += drop_fallen(unit, other.evolve(evidence=kept), who, at)
    return unneeded
