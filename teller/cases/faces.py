"""Faces in a case: which pictures the server has to compare itself, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState, EvidenceKind
from common.wire.identity import CheckOutcome, ConsentState, FaceUse
from teller.cases.model import Case
from teller.identity.comparing import FaceCheck, Pair, merged, missing


def wanted(case: Case, earlier: Sequence[str] = ()) -> tuple[Pair, ...]:
    """What the live picture of this case is compared with: the papers' portrait, the authority's, earlier ones.

    The portrait that a window compared may be anybody's. So the chip's, which the machine read, and the picture of the
    card itself, which the kiosk took, are compared as well.

    Args:
        earlier: digests of portraits that the customer let the bank keep from earlier visits, newest first.
    """
    if case.face is None or not case.face_consent.given:
        return ()
    live = case.face.live
    pairs = [Pair(FaceUse.PORTRAIT, case.face.portrait, live)]
    if case.chip is not None and case.chip.portrait != case.face.portrait:
        pairs.append(Pair(FaceUse.PORTRAIT, case.chip.portrait, live))
    card = case.latest(EvidenceKind.ID_FRONT)
    if card is not None:
        pairs.append(Pair(FaceUse.DOCUMENT, card.digest, live))
    film = case.challenge.film if case.challenge is not None else None
    if film is not None and film.frame is not None:
        pairs.append(Pair(FaceUse.CONTINUITY, film.frame, live))
    authority = case.latest(EvidenceKind.AUTHORITY_PORTRAIT)
    if authority is not None:
        pairs.append(Pair(FaceUse.AUTHORITY, authority.digest, live))
    return (*pairs, *(Pair(FaceUse.EARLIER, known, live) for known in earlier if known != live))


def compared(case: Case, pairs: Sequence[Pair], new: Sequence[FaceCheck], at: datetime) -> Case:
    """The server has compared. A yes of the window that the server does not share is an alarm of its own.

    Raises:
        UserError: ``case.wrong_state`` when nothing may be decided on it any more.
    """
    if case.state not in (CaseState.DRAFT, CaseState.RETURNED):
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    checked = case.evolve(face_checks=merged(pairs, case.face_checks, new))
    marked = contradicted(checked) and not contradicted(case)
    return checked.marked("face_contradicted", at) if marked else checked


def own_check(case: Case) -> FaceCheck | None:
    """The server's comparison of the very two pictures that the window compared."""
    if case.face is None:
        return None
    pair = Pair(FaceUse.PORTRAIT, case.face.portrait, case.face.live)
    return next((check for check in case.face_checks if check.pair == pair), None)


def contradicted(case: Case) -> bool:
    """The window said "the same person", and the server found that it is not."""
    own = own_check(case)
    return case.face is not None and case.face.same and own is not None and own.conclusive and own.doubtful


FACES = frozenset({EvidenceKind.LIVE_FRAME, EvidenceKind.FACE_CHECK})
"""Pictures of the face that are there only because the customer agreed."""


def without_consent(case: Case) -> Case:
    """A comparison the customer has taken back falls with the pictures made for it; who it is has to be shown anew."""
    if case.face_consent.given or case.face is None:
        return case
    kept = tuple(piece for piece in case.evidence if piece.kind not in FACES)
    return case.evolve(
        face=None, face_checks=(), liveness=None, challenge=None, evidence=kept, form_version=case.version + 1
    )  # fmt: skip


def let_go(old: Case, new: Case) -> Case:
    """A second person is through: pictures that waited for that fall, where the consent was taken back."""
    waited = old.state is CaseState.AWAITING_AUTHORISATION and new.state is not old.state
    if not waited or new.face_consent.state is not ConsentState.REVOKED:
        return new
    return new.evolve(evidence=tuple(piece for piece in new.evidence if piece.kind not in FACES))


def unlike(case: Case) -> tuple[FaceCheck, ...]:
    """Portraits other than the one the window compared that the live face does not fit."""
    own = own_check(case)
    others = (check for check in case.face_checks if check != own)
    return tuple(check for check in others if check.outcome is CheckOutcome.COMPARED and not check.same)


def vouched(case: Case) -> bool:
    """Whether the live face was compared with a portrait that no window supplied: the chip's, or that on the card.

    And with the face of the kiosk's film, where one was believed: else another than he who moved is in the picture.
    """
    chip = case.chip.portrait if case.chip is not None else None
    made = [check.pair for check in case.face_checks if check.outcome is CheckOutcome.COMPARED]
    film = case.challenge.film if case.challenge is not None else None
    filmed = film is None or film.frame is None or any(pair.known == film.frame for pair in made)
    return filmed and any(pair.use is FaceUse.DOCUMENT or pair.known == chip for pair in made)


def require_compared(case: Case) -> None:
    """Nothing is carried out on the word of a window alone.

    Raises:
        UserError: ``face.not_compared`` when the server has not looked at the pictures of this case itself.
    """
    if case.face is not None and own_check(case) is None:
        raise UserError("face.not_compared")


def still_missing(case: Case, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """What has to be compared before the case is submitted."""
    return missing(pairs, case.face_checks)
