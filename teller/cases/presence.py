"""Presence in a case: the liveness check, and looks at whether it is still the same person."""

from dataclasses import replace
from datetime import datetime, timedelta

from common.errors import UserError
from common.wire.cases import CaseState, CustomerStep, EvidenceKind
from common.wire.liveness import FilmOutcome, Gesture, Verdict
from teller.cases.gathering import reopened, require_face_consent
from teller.cases.model import Case, EvidenceRef
from teller.cases.steps import customer_step
from teller.identity.presence import ALARMS, Challenge, Film, Liveness, Look, Step
from teller.transactions.base import Presence

MACHINES_TURN = timedelta(seconds=7)
"""So long the kiosk's own camera has the first look before a signature; windows offer the teller's eye after 8 s."""


def frame_kept(case: Case, piece: EvidenceRef) -> Case:
    """A picture that a check of the face rests on; it is no part of the form, so nothing has to be agreed anew.

    Raises:
        UserError: ``face.no_consent`` (``state``); ``case.wrong_state`` once the case has ended.
    """
    require_face_consent(case)
    if case.terminal:
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    known = tuple(old for old in case.evidence if (old.digest, old.kind) != (piece.digest, piece.kind))
    return case.evolve(evidence=(*known, piece))


LONGEST_CHECK = timedelta(seconds=60)
"""From drawing the gestures to the kiosk's film; a film that comes later is of something else."""


MOST_DRAWS = 3
"""Of a case: a check, another try, and one that the line broke off. Whoever could draw on would wait for the gestures
that a recording shows."""


def challenged(case: Case, gestures: tuple[Gesture, ...], at: datetime) -> Case:
    """The server has drawn gestures for the next check.

    Raises:
        UserError: ``face.no_consent`` (``state``); ``case.wrong_state`` once the case has ended;
            ``liveness.no_more_tries`` (``tries``): from here on it is for a person to compare.
    """
    require_face_consent(case)
    if case.terminal:
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    draws = 1 + max(case.draws, case.challenge.draws if case.challenge is not None else 0)
    if draws > MOST_DRAWS:
        raise UserError("liveness.no_more_tries", tries=MOST_DRAWS)
    return case.evolve(challenge=Challenge(gestures, at, draws=draws), draws=draws)


def filming(case: Case, at: datetime) -> Challenge:
    """The challenge whose film may come now.

    Raises:
        UserError: ``face.no_consent`` (``state``); ``film.not_asked`` without a challenge, for a second film of one,
            and for a film that comes too late.
    """
    require_face_consent(case)
    known = case.challenge
    if case.terminal or known is None or known.film is not None or at - known.at > LONGEST_CHECK:
        raise UserError("film.not_asked")
    return known


def filmed(case: Case, length_ms: int, at: datetime) -> Case:
    """The kiosk has sent its film of the newest check; it waits to be looked at.

    Raises:
        UserError: those of :func:`filming`; ``film.not_asked`` for a film that is older than its challenge.
    """
    known = filming(case, at)
    if timedelta(milliseconds=length_ms) > at - known.at + timedelta(seconds=1):
        raise UserError("film.not_asked")
    return case.evolve(challenge=replace(known, film=Film(FilmOutcome.WAITING, at)))


def film_judged(case: Case, film: Film, piece: EvidenceRef | None) -> Case:
    """The server has looked at the film; ``piece``: a picture of it that stays with the case.

    Raises:
        UserError: ``film.not_asked``; those of :func:`frame_kept`.
    """
    if case.challenge is None:
        raise UserError("film.not_asked")
    if piece is not None:
        case, film = frame_kept(case, piece), replace(film, frame=piece.digest)
    assert case.challenge is not None, "a picture more changes no challenge"
    judged = case.evolve(challenge=replace(case.challenge, film=film))
    return judged.marked(f"film_{film.outcome.value}", film.at)


def checked(
    case: Case, passed: bool, steps: tuple[Step, ...], findings: tuple[str, ...], frames: tuple[str, ...], at: datetime
) -> Case:
    """A liveness check has ended; the customer is with the teller again.

    Raises:
        UserError: ``face.no_consent`` (``state``), ``evidence.unknown``, ``case.wrong_state``.
    """
    require_face_consent(case)
    _require_kept(case, frames)
    case = reopened(case, at)
    attempts = 1 + (case.liveness.attempts if case.liveness is not None else 0)
    prompt = None if case.prompt is CustomerStep.LIVENESS else case.prompt
    say = case.say if prompt is case.prompt else None
    liveness = Liveness(passed, attempts, at, steps, findings, frames)
    ended = case.evolve(liveness=liveness, prompt=prompt, say=say, form_version=case.version + 1)
    return ended.marked("liveness_passed" if passed else "liveness_failed", at)


def looked(case: Case, look: Look) -> Case:
    """Somebody looked who is there. Another person than before makes an authorised case a draft again.

    Raises:
        UserError: ``face.no_consent`` (``state``), ``evidence.unknown``; ``case.wrong_state`` once the case has ended.
    """
    require_face_consent(case)
    _require_kept(case, () if look.frame is None else (look.frame,))
    if case.terminal:
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    if look.verdict is Verdict.CHANGED and case.editable and not _second_person_knows(case):
        case = reopened(case, look.at)
    assert case.face_consent.at is not None, "who has agreed did so at some time"
    seen = case.evolve(continuity=case.continuity.after(look, case.face_consent.at))
    is_alarm = len(seen.continuity.alarms) > len(case.continuity.alarms)
    return _secured(seen, look).marked(f"face_{look.verdict.value}", look.at) if is_alarm else seen


def _secured(case: Case, look: Look) -> Case:
    """The picture of an alarm is a record of the bank's security, not of the comparison that the customer agreed to: it
    stays when the customer takes that back (:mod:`teller.identity.retention`, P-106)."""
    named = {piece.kind: piece for piece in case.evidence if piece.digest == look.frame}
    taken = named.get(EvidenceKind.FACE_CHECK)  # no window makes the record of an alarm of any other picture
    if taken is None or EvidenceKind.FACE_ALARM in named:
        return case
    return case.evolve(evidence=(*case.evidence, replace(taken, kind=EvidenceKind.FACE_ALARM)))


def looked_at_signing(case: Case, look: Look) -> Case:
    """The look that the signature waits for. What does not see the customer alone is looked at once more first.

    An alarm goes to a second person; where that person has agreed although there was one, the teller decides by eye.

    Raises:
        UserError: ``step.not_now`` (``step``) unless the signature waits for it; those of :func:`looked`.
    """
    if customer_step(case) is not CustomerStep.LOOK:
        raise UserError("step.not_now", step=customer_step(case).value)
    if look.verdict is Verdict.SAME:
        return looked(case, look).evolve(signing_look=look)
    if look.verdict in ALARMS and case.signing_doubts:
        case = case if _second_person_knows(case) else reopened(case, look.at)
        return looked(case, look)
    doubted = case.evolve(signing_doubts=case.signing_doubts + 1)
    return looked(doubted, replace(look, verdict=Verdict.NOBODY))


def looked_by_person(case: Case, look: Look) -> Case:
    """The teller has looked, in the call, where no machine could, or not surely. It answers for looks not taken.

    Raises:
        UserError: ``step.not_now`` (``step``) for a yes before the machine had its turn; those of :func:`looked`.
    """
    if look.verdict is not Verdict.SAME and case.editable:
        case = reopened(case, look.at)
    signing = customer_step(case) is CustomerStep.LOOK
    if signing and look.verdict is Verdict.SAME and not _machine_had_its_turn(case, look.at):
        raise UserError("step.not_now", step=CustomerStep.LOOK.value)
    seen = looked(case, look).marked("look_by_person", look.at)
    return seen.evolve(signing_look=look) if signing and look.verdict is Verdict.SAME else seen


def _machine_had_its_turn(case: Case, now: datetime) -> bool:
    """A changed window could else answer for the kiosk's camera at once, and nobody would have looked."""
    return case.signing_doubts > 1 or not case.timeline or now - case.timeline[-1].at >= MACHINES_TURN


def looks_missing(case: Case, now: datetime) -> bool:
    """Whether a look that was due before the case is carried out was not taken."""
    consent = case.face_consent
    if case.presence is not Presence.REMOTE or not consent.given or consent.at is None or case.face is None:
        return False
    return case.signing_look is None or case.continuity.missing(consent.at, now)


def _second_person_knows(case: Case) -> bool:
    """Whether somebody has agreed to this case who was told of an alarm."""
    request = case.request
    told = request is not None and any(reason.code == "rule.face_alarm" for reason in request.reasons)
    return told and case.state is CaseState.AUTHORISED


def _require_kept(case: Case, frames: tuple[str, ...]) -> None:
    kept = {piece.digest for piece in case.evidence}
    if any(digest not in kept for digest in frames):
        raise UserError("evidence.unknown")
