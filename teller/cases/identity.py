"""Identity in a case: consent to face use, comparison by a person, the chip, the authorities' answer."""

from datetime import date, datetime

from common.errors import UserError
from common.wire.cases import CaseState, CustomerStep, EvidenceKind, FieldSource
from common.wire.identity import ConsentState
from teller.cases.faces import FACES, contradicted, own_check, unlike
from teller.cases.forms import by_passport, plain, spec_of
from teller.cases.gathering import reopened
from teller.cases.model import Case, EvidenceRef
from teller.forms.fields import FieldValue
from teller.identity.consent import PersonCheck
from teller.identity.records import Chip, Verification
from teller.scenarios import composition


def face_consent_answered(case: Case, granted: bool, text: str, at: datetime) -> Case:
    """The customer's own word, when asked, or later to take it back.

    Without consent the result of a comparison and the pictures taken for it fall. Once the case is carried out only
    the pictures do; while a second person looks at them, they stay until that is over.

    Raises:
        UserError: ``step.not_now`` (``step``) when nobody asked and there is nothing to take back.
    """
    asked = case.prompt is CustomerStep.FACE_CONSENT
    if not asked and (granted or not case.face_consent.given):
        raise UserError("step.not_now", step=CustomerStep.FACE_CONSENT.value)
    consent = case.face_consent.answered(granted, text, at)
    mark = f"face_consent_{consent.state.value}"
    if consent.given or case.state is CaseState.AWAITING_AUTHORISATION:
        return case.evolve(face_consent=consent, prompt=None if asked else case.prompt).marked(mark, at)
    kept = tuple(piece for piece in case.evidence if piece.kind not in FACES)
    if not case.editable:
        return case.evolve(face_consent=consent, evidence=kept).marked(mark, at)
    case = reopened(case, at)
    fallen = case.evolve(
        face_consent=consent, prompt=None, face=None, face_checks=(), liveness=None, challenge=None, evidence=kept,
        form_version=case.version + 1,
    )  # fmt: skip
    return fallen.marked(mark, at)


def keep_answered(case: Case, state: ConsentState, at: datetime) -> Case:
    """The customer's word on keeping a portrait for the next visit; the ledger has it, the case only its mark."""
    prompt = None if case.prompt is CustomerStep.KEEP_FACE else case.prompt
    return case.evolve(prompt=prompt).marked(f"face_keep_{state.value}", at)


def face_to_keep(case: Case) -> str | None:
    """The live picture, once the server has found that it fits all known portraits; None: there is none fit to keep."""
    own = own_check(case)
    return own.pair.live if own is not None and own.same and not contradicted(case) and not unlike(case) else None


def person_checked(case: Case, check: PersonCheck) -> Case:
    """The teller has compared card and customer by eye.

    Raises:
        UserError: ``face.not_asked`` while the customer has not been asked; ``case.wrong_state``.
    """
    if case.face_consent.state is ConsentState.NONE and not only_by_eye(case, check.at.date()):
        raise UserError("face.not_asked")
    case = reopened(case, check.at)
    return case.evolve(person_check=check, form_version=case.version + 1).marked("person_check", check.at)


def only_by_eye(case: Case, day: date) -> bool:
    """Whether the papers of the case show no face of the customer, as a household book does: no machine can compare."""
    asked = composition.evidence(case.definition, plain(case), day)
    portraits = (EvidenceKind.PORTRAIT, EvidenceKind.CHIP_PORTRAIT, EvidenceKind.ID_FRONT)
    return EvidenceKind.ID_FRONT.value not in asked and all(case.latest(kind) is None for kind in portraits)


def chip_read(case: Case, chip: Chip, portrait: EvidenceRef) -> Case:
    """The chip of the card is the first source of the form; what a person has typed stays.

    Raises:
        UserError: ``chip.not_asked`` unless the customer was asked for the card; ``chip.passport`` when he shows a
            passport; ``case.wrong_state``.
    """
    if by_passport(case):
        raise UserError("chip.passport")
    if case.prompt not in (CustomerStep.LAY_ID_FRONT, CustomerStep.LAY_ID_BACK):
        raise UserError("chip.not_asked")
    case = reopened(case, chip.at)
    version = case.version + 1
    values = dict(case.values)
    for name, text in chip.values.items():
        known = values.get(name)
        if spec_of(case, name, chip.at.date()) is None or (known and known.source is FieldSource.TYPED):
            continue
        # A signature that does not hold makes the reading a claim like any other: somebody has to look.
        unsure = chip.signature == "bad"
        values[name] = FieldValue(text, FieldSource.CHIP, portrait.by, version, chip.at, unsure=unsure)
    pieces = tuple(p for p in case.evidence if (p.digest, p.kind) != (portrait.digest, portrait.kind))
    read = case.evolve(chip=chip, values=values, evidence=(*pieces, portrait), form_version=version)
    return read.marked("chip_read", chip.at)


def verified(case: Case, verification: Verification, pieces: tuple[EvidenceRef, ...], at: datetime) -> Case:
    """The authorities have answered, or none did."""
    known = {(piece.digest, piece.kind) for piece in case.evidence}
    added = tuple(piece for piece in pieces if (piece.digest, piece.kind) not in known)
    found = case.evolve(verification=verification, evidence=(*case.evidence, *added))
    return found.marked(f"verified_{verification.outcome.value}", at)
