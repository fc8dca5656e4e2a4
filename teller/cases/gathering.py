"""Gathering: form values, pictures, the face match, notes counted, and what the customer is asked to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState, CashState, CustomerStep, EvidenceKind, FieldSource
from teller.cases.forms import spec_of
from teller.cases.model import Case, EvidenceRef, FaceMatch, Sentence
from teller.cases.sourcing import Known, sourced
from teller.cash.movement import CashMovement, Direction
from teller.forms.fields import FieldKind, FieldValue
from teller.forms.id_number import normal
from teller.forms.validators import write_notes
from teller.money import plain
from teller.pin import Pin, PinState

_S = CustomerStep
_GATHERING = frozenset(
    {
        _S.TALK,
        _S.LAY_ID_FRONT,
        _S.LAY_ID_BACK,
        _S.LAY_LICENCE,
        _S.LAY_PARTY_FRONT,
        _S.LAY_HOUSEHOLD_PAGE,
        _S.FACE_CONSENT,
        _S.KEEP_FACE,
        _S.LIVENESS,
        _S.INSERT_CASH,
    }
)
_CONSENT = frozenset({_S.TALK, _S.CONFIRM, _S.PIN, _S.SIGN})
_ANSWERED_BY = {
    EvidenceKind.ID_FRONT: _S.LAY_ID_FRONT,
    EvidenceKind.ID_BACK: _S.LAY_ID_BACK,
    EvidenceKind.LICENCE: _S.LAY_LICENCE,
    EvidenceKind.PARTY_FRONT: _S.LAY_PARTY_FRONT,
    EvidenceKind.HOUSEHOLD_PAGE: _S.LAY_HOUSEHOLD_PAGE,
}


def reopened(case: Case, at: datetime) -> Case:
    """An authorised case whose content changes is a draft again; consent and approval are void.

    Raises:
        UserError: ``case.wrong_state`` when the content may not change now.
    """
    if not case.editable:
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    if case.state is not CaseState.AUTHORISED:
        return case
    return _without_consent(case.to(CaseState.DRAFT)).evolve(request=None).marked("reopened", at)


def _without_consent(case: Case) -> Case:
    """What was planned, shown and agreed falls; everything gathered stays."""
    pin = case.pin if case.pin.state is PinState.BLOCKED else Pin(PinState.NONE, case.pin.tries_left)
    movements = tuple(m for m in case.movements if m.state is not CashState.PLANNED)
    return case.evolve(
        summary=None, confirmed_at=None, disputed_line=None, pin=pin, signed=None, prompt=None, movements=movements,
        signing_look=None, signing_doubts=0,
    )  # fmt: skip


def consent_void(case: Case) -> Case:
    return _without_consent(case)


def _check_field(case: Case, name: str, value: FieldValue) -> FieldValue:
    spec = spec_of(case, name, value.at.date())
    if spec is None:
        raise UserError("form.unknown_field", field=name)
    if spec.read_only:
        raise UserError("form.read_only", field=name)
    if value.evidence is not None and all(piece.digest != value.evidence for piece in case.evidence):
        raise UserError("evidence.unknown")
    if spec.kind is not FieldKind.ID_NUMBER:
        return value
    changed: FieldValue = _with_text(value, normal(value.value))
    return changed


def _with_text(value: FieldValue, text: str) -> FieldValue:
    return FieldValue(
        text, value.source, value.by, value.version, value.at, value.confidence, value.unsure, value.confirmed,
        value.evidence, value.box,
    )  # fmt: skip


def note_drafted(case: Case, note: str) -> Case:
    """Words for the authoriser as far as they are written: no content of the form, and nobody has agreed to them yet.

    Raises:
        UserError: ``case.wrong_state`` when nothing is gathered any more.
    """
    if case.state not in (CaseState.DRAFT, CaseState.RETURNED):
        raise UserError("case.wrong_state", state=case.state.value, wanted="note")
    return case.evolve(note_draft=note)


def entered(
    case: Case, fields: Mapping[str, FieldValue], seen_version: int, at: datetime, offered: Known | None = None
) -> Case:
    """Fields of the form change.

    Args:
        seen_version: version of the case the teller's window had before it.
        offered: as :func:`teller.cases.sourcing.sourced` wants it.

    Raises:
        UserError: ``case.stale`` (``field``) when somebody else changed the same field meanwhile;
            ``form.unknown_field``, ``form.read_only``, ``evidence.unknown``, ``case.wrong_state``.
    """
    for name, value in fields.items():
        known = case.values.get(name)
        if known is not None and known.version > seen_version and known.by != value.by:
            raise UserError("case.stale", field=name, version=case.version)
    # What one field says may be what makes another asked: an agent's name comes with "somebody acts for me".
    together = case.evolve(values={**case.values, **fields})
    said = {name: _check_field(together, name, value) for name, value in fields.items()}
    checked = {name: sourced(case, name, value, offered or {}) for name, value in said.items()}
    read = {name: value.value for name, value in checked.items() if value.source is FieldSource.OCR}
    case = reopened(case, at)
    # What the chip said stands in the form; a reading of the picture only confirms it, or is shown beside it.
    confirming = {name for name in read if _from_chip(case.values.get(name)) and case.values[name].value}
    entered = {name: value for name, value in checked.items() if name not in confirming}
    return case.evolve(values={**case.values, **entered}, read={**case.read, **read}, form_version=case.version + 1)


def _from_chip(known: FieldValue | None) -> bool:
    return known is not None and known.source is FieldSource.CHIP and not known.unsure


def require_face_consent(case: Case) -> None:
    """Raises ``face.no_consent`` (``state``)."""
    if not case.face_consent.given:
        raise UserError("face.no_consent", state=case.face_consent.state.value)


def evidence_added(case: Case, piece: EvidenceRef) -> Case:
    """A picture arrived; a request for it is thereby answered.

    Raises:
        UserError: ``face.no_consent`` (``state``) for a picture of the live face; ``case.wrong_state``.
    """
    if piece.kind is EvidenceKind.LIVE_FRAME:
        require_face_consent(case)
    case = reopened(case, piece.captured_at)
    for old in case.evidence:
        if old.digest == piece.digest:
            piece = piece.doubted(old.doubts)  # the very same picture again takes no doubt away
    known = tuple(old for old in case.evidence if (old.digest, old.kind) != (piece.digest, piece.kind))
    prompt = None if _ANSWERED_BY.get(piece.kind) is case.prompt else case.prompt
    say = case.say if prompt is case.prompt else None
    added = case.evolve(evidence=(*known, piece), prompt=prompt, say=say, form_version=case.version + 1)
    return added.marked(piece.kind.value, piece.captured_at)


def asked(case: Case, step: CustomerStep, say: Sentence | None, at: datetime) -> Case:
    """The teller asks the customer for something.

    Raises:
        UserError: ``prompt.not_now`` (``step``, ``state``).
    """
    allowed = _CONSENT if case.state is CaseState.AUTHORISED else _GATHERING
    fits = step is not _S.INSERT_CASH or case.direction is Direction.IN
    if not case.editable or step not in allowed or not fits:
        raise UserError("prompt.not_now", step=step.value, state=case.state.value)
    if step is _S.KEEP_FACE:
        require_face_consent(case)
    if step is _S.LIVENESS:
        require_face_consent(case)
        if case.prompt is step:
            return case.evolve(say=say)
    if case.state is not CaseState.AUTHORISED:
        return case.evolve(prompt=None if step is _S.TALK else step, say=say).marked(f"asked_{step.value}", at)
    return _consent_again(case, step).evolve(say=say).marked(f"asked_{step.value}", at)


def _consent_again(case: Case, step: CustomerStep) -> Case:
    """In an authorised case the order confirm, PIN, sign is fixed: asking for one asks for what follows it too."""
    if step is _S.TALK:
        return case.evolve(prompt=_S.TALK)
    case = case.evolve(prompt=None, disputed_line=None, signed=None, signing_look=None, signing_doubts=0)
    pin = Pin(PinState.ASKED if case.confirmed_at else PinState.NONE, case.pin.tries_left)
    if step is _S.CONFIRM:
        return case.evolve(confirmed_at=None, pin=Pin(PinState.NONE, case.pin.tries_left))
    return case.evolve(pin=pin) if step is _S.PIN else case


def matched(case: Case, match: FaceMatch) -> Case:
    """The result of comparing two stored pictures of this case.

    Raises:
        UserError: ``face.no_consent`` (``state``); ``evidence.unknown`` when a picture is not of this case or not of
            the right kind.
    """
    kinds = {(piece.digest, piece.kind) for piece in case.evidence}
    require_face_consent(case)
    portraits = {(match.portrait, kind) for kind in (EvidenceKind.PORTRAIT, EvidenceKind.CHIP_PORTRAIT)}
    if not portraits & kinds or (match.live, EvidenceKind.LIVE_FRAME) not in kinds:
        raise UserError("evidence.unknown")
    case = reopened(case, match.at)
    return case.evolve(face=match, form_version=case.version + 1).marked("face_match", match.at)


def notes_counted(case: Case, movement: CashMovement, by: str, at: datetime) -> Case:
    """The notes lie in escrow and the customer says the count is right; the form takes it over.

    Counted again after more notes went in, the movement in escrow is the same with the new count.

    Raises:
        UserError: ``cash.not_asked``; ``case.wrong_state``.
    """
    if case.direction is not Direction.IN or not case.editable or case.prompt is not _S.INSERT_CASH:
        raise UserError("cash.not_asked")
    if case.cash is not None and not case.cash.ended and case.cash.state is not CashState.COUNTED:
        raise UserError("cash.wrong_state", state=case.cash.state.value, wanted=CashState.COUNTED.value)
    version = case.version + 1
    values = {
        "amount": FieldValue(plain(movement.amount), FieldSource.MACHINE, by, version, at),
        "notes": FieldValue(write_notes(movement.notes), FieldSource.MACHINE, by, version, at),
    }
    if case.cash is not None and not case.cash.ended:
        movement = replace(case.cash, amount=movement.amount, notes=movement.notes, changed_at=at)
    counted = case.with_movement(movement).evolve(values={**case.values, **values}, prompt=None, say=None)
    return counted.evolve(form_version=version).marked("cash_counted", at)
