"""The main key while a case is a draft or was returned: papers, face, form, notes, then submit. Pure."""

from common.wire.cases import CaseState, CaseView, CustomerStep, EvidenceKind
from common.wire.identity import CheckOutcome, ConsentState, Outcome
from ui.kit.texts.words import t
from ui.teller_app.case_facts import evidence_of
from ui.teller_app.form_model import Mark, attention, fields, form_model
from ui.teller_app.local import Local
from ui.teller_app.main_key import Act, MainKey, busy, do
from ui.teller_app.originals import doubtful, open_doubt

_S, _C = CustomerStep, CaseState


def gathering(case: CaseView, local: Local) -> MainKey:
    """Draft or returned: papers, face, form, notes, then submit."""
    for rule in (_reading, _original, _unread, _papers, _mend, _face, _look, _count, _doubt, _kept, _note_due):
        key = rule(case, local)
        if key is not None:
            return key
    if case.state is _C.RETURNED:
        return do("teller.key_submit_again", Act.SUBMIT, icon="send", after="teller.after_authorisation")
    return do("teller.key_submit", Act.SUBMIT, icon="send", after="teller.after_confirm")


def _reading(case: CaseView, local: Local) -> MainKey | None:
    if local.reading.running:
        code = "teller.busy_vision_starting" if local.vision in ("starting", "restarting") else "teller.busy_reading"
        return busy(code)
    return None


def _original(case: CaseView, local: Local) -> MainKey | None:
    """A picture that may show a screen or a copy is taken again before anything else; going on is no key's."""
    piece = open_doubt(case, local)
    if piece is None:
        return None
    paper, step = t(f"teller.evidence_{piece.kind.value}"), f"lay_{piece.kind.value}"
    return do("teller.key_original", Act.PROMPT, step, icon="scan", after="teller.after_original", paper=paper)


def _unread(case: CaseView, local: Local) -> MainKey | None:
    if local.reading.failed and any(one.mark is Mark.MISSING for one in fields(form_model(case, local))):
        if local.reading.code.startswith(("doc.", "image.")):
            return do(
                "teller.key_recapture",
                Act.PROMPT,
                f"lay_{local.reading.what}",
                icon="scan",
                after="teller.after_or_type",
            )
        return do(
            "teller.key_read_again", Act.READ_AGAIN, local.reading.what, icon="scan", after="teller.after_or_type"
        )
    return None


def _papers(case: CaseView, local: Local) -> MainKey | None:
    missing = [kind for kind in case.papers if evidence_of(case, kind) is None]
    if EvidenceKind.ID_FRONT in missing:
        code = "teller.key_ask_front" if EvidenceKind.ID_BACK in case.papers else "teller.key_ask_passport"
        return do(code, Act.PROMPT, _S.LAY_ID_FRONT, icon="scan", after="teller.after_read")
    if EvidenceKind.ID_BACK in missing:
        return do("teller.key_ask_back", Act.PROMPT, _S.LAY_ID_BACK, icon="scan", after="teller.after_face")
    for kind, step in MORE_PAPERS.items():
        if kind in missing:
            return do(f"teller.key_ask_{kind.value}", Act.PROMPT, step, icon="scan", after="teller.after_read")
    return None


MORE_PAPERS = {
    EvidenceKind.LICENCE: _S.LAY_LICENCE,
    EvidenceKind.HOUSEHOLD_PAGE: _S.LAY_HOUSEHOLD_PAGE,
    EvidenceKind.PARTY_FRONT: _S.LAY_PARTY_FRONT,
}
"""Papers that only some business asks for, after both sides of the identity card."""


def open_items(case: CaseView, local: Local) -> list[str]:
    """What an authoriser sent back and nobody has mended yet: evidence kinds or fields of the form."""
    decision = case.authorisation
    if case.state is not _C.RETURNED or decision is None:
        return []
    left = []
    for item in decision.returned_items:
        newest = evidence_of(case, EvidenceKind(item)) if item in EvidenceKind._value2member_map_ else None
        mended = newest is not None and decision.decided_at is not None and newest.captured_at > decision.decided_at
        if not mended and item not in local.mended and item not in local.edits:
            left.append(item)
    return left


_MEND_PROMPTS = {
    EvidenceKind.ID_FRONT.value: _S.LAY_ID_FRONT,
    EvidenceKind.ID_BACK.value: _S.LAY_ID_BACK,
    **{kind.value: step for kind, step in MORE_PAPERS.items()},
}


def _mend(case: CaseView, local: Local) -> MainKey | None:
    items = open_items(case, local)
    if not items:
        return None
    item = items[0]
    if item in _MEND_PROMPTS:
        return do("teller.key_mend_paper", Act.PROMPT, _MEND_PROMPTS[item], icon="scan", n=len(items))
    if item in (EvidenceKind.LIVE_FRAME.value, EvidenceKind.PORTRAIT.value):
        return _without_machine(case, again=True) or do(
            "teller.key_mend_face", Act.SNAPSHOT, icon="camera", n=len(items)
        )
    spec = next((one for one in case.form.specs if one.name == item), None)
    if spec is None:
        return do("teller.key_mend_note", Act.NOTE, item, icon="pen", n=len(items))
    words = t("teller.either", zh=spec.label_zh, en=spec.label_en)
    return do("teller.key_mend_field", Act.FOCUS, item, icon="pen", what=words, n=len(items))


def _without_machine(case: CaseView, *, again: bool = False) -> MainKey | None:
    """Before the customer has agreed to face use: ask. When he does not, or no paper shows a face: compare by eye."""
    state = case.identity.face_consent.state
    if not _shows_a_face(case):
        state = ConsentState.DECLINED
    if state is ConsentState.GIVEN:
        return None
    if state is ConsentState.NONE:
        return do("teller.key_ask_face", Act.PROMPT, _S.FACE_CONSENT, icon="user", after="teller.after_face_consent")
    if case.identity.person_check is None or again:
        return do("teller.key_person_check", Act.PERSON_CHECK, icon="eye", after="teller.after_person_check")
    return None


def _shows_a_face(case: CaseView) -> bool:
    """A household book shows none: then there is nothing a machine could compare."""
    kinds = (EvidenceKind.ID_FRONT, EvidenceKind.PORTRAIT, EvidenceKind.CHIP_PORTRAIT)
    return EvidenceKind.ID_FRONT in case.papers or any(evidence_of(case, kind) is not None for kind in kinds)


def _face(case: CaseView, local: Local) -> MainKey | None:
    if case.face_match is None:
        key = _without_machine(case)
        if key is not None:
            return key
    if case.face_match is None and case.identity.person_check is not None:
        if local.note.strip():
            return None
        return do("teller.key_note_face", Act.NOTE, icon="pen", after="teller.after_face_note")
    if local.face.running and local.face.what == "liveness":
        return busy("teller.busy_liveness", gesture=t(f"teller.gesture_{local.face.code}"))
    if local.face.running:
        return busy("teller.busy_face")
    if local.face.failed:
        return do("teller.key_snapshot_again", Act.SNAPSHOT, icon="camera", after="teller.after_form")
    if case.face_match is None:
        return do("teller.key_snapshot", Act.SNAPSHOT, icon="camera", after="teller.after_form")
    live, alarms = case.identity.liveness, case.identity.continuity.alarms
    unlike = any(one.outcome is not CheckOutcome.COMPARED or not one.same for one in case.identity.faces)
    alive = live is not None and live.passed
    doubtful = not case.face_match.same or not alive or bool(alarms) or unlike
    if doubtful and not local.note.strip():
        return do("teller.key_note_face", Act.NOTE, icon="pen", after="teller.after_face_note")
    return None


def _doubt(case: CaseView, local: Local) -> MainKey | None:
    """What the authorities do not confirm goes to a second person, with a word about it."""
    known = case.identity.verification
    if known is None or not known.current or known.outcome is Outcome.MATCH or local.note.strip():
        return None
    return do("teller.key_note_identity", Act.NOTE, icon="pen", after="teller.after_face_note")


def _kept(case: CaseView, local: Local) -> MainKey | None:
    """Who goes on with a picture that may show no original says why to the second person."""
    if not doubtful(case, local) or local.note.strip():
        return None
    return do("teller.key_note_original", Act.NOTE, icon="pen", after="teller.after_face_note")


def _note_due(case: CaseView, local: Local) -> MainKey | None:
    """A rule of the day wants a word that only the server knew of."""
    if not local.note_due or local.note.strip():
        return None
    return do("teller.key_note_due", Act.NOTE, icon="pen", after="teller.after_face_note")


_LOOK_CODES = {Mark.UNSURE: "teller.key_check", Mark.MISSING: "teller.key_fill", Mark.WRONG: "teller.key_mend"}


def _look(case: CaseView, local: Local) -> MainKey | None:
    field = attention(form_model(case, local))
    if field is None:
        return None
    if case.cash_way == "in" and field.spec.kind in ("notes", "amount") and case.cash is None:
        return None
    return do(_LOOK_CODES[field.mark], Act.FOCUS, field.spec.name, what=field.label, after="teller.after_submit")


def _count(case: CaseView, local: Local) -> MainKey | None:
    if case.cash_way == "in" and case.cash is None:
        return do("teller.key_ask_cash", Act.PROMPT, _S.INSERT_CASH, icon="cash-in", after="teller.after_submit")
    return None
