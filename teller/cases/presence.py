"""Presence in a case: the liveness check, and looks at whether it is still the same person."""

from datetime import datetime

from common.errors import UserError
from common.wire.cases import CustomerStep
from common.wire.liveness import Verdict
from teller.cases.gathering import reopened, require_face_consent
from teller.cases.model import Case, EvidenceRef
from teller.identity.presence import Liveness, Look, Step


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
    if look.verdict is Verdict.CHANGED and case.editable:
        case = reopened(case, look.at)
    seen = case.evolve(continuity=case.continuity.after(look))
    is_alarm = len(seen.continuity.alarms) > len(case.continuity.alarms)
    return seen.marked(f"face_{look.verdict.value}", look.at) if is_alarm else seen


def _require_kept(case: Case, frames: tuple[str, ...]) -> None:
    kept = {piece.digest for piece in case.evidence}
    if any(digest not in kept for digest in frames):
        raise UserError("evidence.unknown")
