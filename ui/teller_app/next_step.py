"""The main key: for every state of a case the next thing to do, in words. Pure; the window only paints it.

One rule a line, asked in order; the first that answers wins. A key either does something (``DO`` with an
`Action`), waits for somebody with a clock (``WAITING``), or is at work (``BUSY``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.wire.cases import (
    CardState,
    CaseState,
    CaseView,
    CustomerStep,
    EvidenceKind,
    EvidenceView,
    TicketState,
)
from common.wire.desk import DeskView
from common.wire.identity import CheckOutcome, ConsentState, Outcome
from ui.kit.texts.words import T, t
from ui.teller_app.form_model import Mark, attention, fields, form_model
from ui.teller_app.local import CallPhase, Local


class Face(StrEnum):
    """The three faces of the main key."""

    DO = "do"
    WAITING = "waiting"
    BUSY = "busy"


class Act(StrEnum):
    """What the main key, a function key or the palette can set going."""

    READY = "ready"
    ANSWER = "answer"
    TAKE_NEXT = "take_next"
    TAKE = "take"
    PROMPT = "prompt"
    PHONE = "phone"
    PHONE_BACK = "phone_back"
    READ_AGAIN = "read_again"
    SNAPSHOT = "snapshot"
    PERSON_CHECK = "person_check"
    LOOK = "look"
    FOCUS = "focus"
    NOTE = "note"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    OPEN = "open"
    EXECUTE = "execute"
    RESOLVE = "resolve"
    CALL_AGAIN = "call_again"
    CANCEL = "cancel"
    FINISH = "finish"
    CLOSE = "close"


@dataclass(frozen=True)
class Action:
    """Something to do, with at most one argument (a step, a field, a choice, a case)."""

    act: Act
    arg: str = ""


@dataclass(frozen=True)
class MainKey:
    """Face and words of the main key; ``since`` is when the waiting began, ``after`` what comes next or why."""

    face: Face
    text: T
    action: Action | None = None
    icon: str = "arrow-r"
    cap: str = "F9"
    since: datetime | None = None
    after: T | None = None
    note: T | None = None


_S, _C = CustomerStep, CaseState
_OVER = (_C.COMPLETED, _C.REJECTED, _C.CANCELLED, _C.FAILED)
_GATHERING = (_C.DRAFT, _C.RETURNED)

# Waiting for the customer, whatever the state of the case: the step alone says for what.
_HANDS: dict[CustomerStep, str] = {
    _S.LAY_ID_FRONT: "teller.wait_id_front",
    _S.LAY_ID_BACK: "teller.wait_id_back",
    _S.LAY_LICENCE: "teller.wait_licence",
    _S.LAY_PARTY_FRONT: "teller.wait_party_front",
    _S.LAY_HOUSEHOLD_PAGE: "teller.wait_household_page",
    _S.PHONE_CAPTURE: "teller.wait_phone",
    _S.FACE_CONSENT: "teller.wait_face_consent",
    _S.KEEP_FACE: "teller.wait_keep_face",
    _S.INSERT_CASH: "teller.wait_cash_in",
    _S.TAKE_CARD: "teller.wait_take_card",
    _S.TAKE_CASH: "teller.wait_take_cash",
    _S.STORE_CASH: "teller.wait_store_cash",
    _S.RETURN_CASH: "teller.wait_return_cash",
    _S.RETAIN_CARD: "teller.wait_retain_card",
    _S.HAND_OVER: "teller.wait_hand_over",
    _S.PRINT_PASSBOOK: "teller.wait_passbook",
    _S.TAKE_RECEIPT: "teller.wait_receipt",
    _S.PRINT_VOUCHER: "teller.wait_print_voucher",
}


def evidence_of(case: CaseView, kind: EvidenceKind) -> EvidenceView | None:
    """The newest piece of that kind."""
    found = [one for one in case.evidence if one.kind is kind]
    return max(found, key=lambda one: one.captured_at) if found else None


def is_mine(case: CaseView, local: Local) -> bool:
    """Whether this seat may act on the case."""
    return not local.read_only and case.teller is not None and case.teller.number == local.me


def recommended(case: CaseView, local: Local) -> str | None:
    """The chosen way out of the trouble, or the one the server recommends."""
    if case.trouble is None or not case.trouble.choices:
        return None
    return local.choice if local.choice in case.trouble.choices else case.trouble.choices[0]


def _do(
    code: str, act: Act, arg: str = "", *, icon: str = "arrow-r", after: str | None = None, **params: object
) -> MainKey:
    return MainKey(Face.DO, t(code, **params), Action(act, arg), icon, after=t(after) if after else None)


def _wait(code: str, since: datetime | None, after: str | None = None, **params: object) -> MainKey:
    return MainKey(Face.WAITING, t(code, **params), since=since, after=t(after) if after else None)


def _busy(code: str, **params: object) -> MainKey:
    return MainKey(Face.BUSY, t(code, **params))


def idle_step(desk: DeskView | None, local: Local) -> MainKey:
    """The main key between two customers."""
    if local.offline_since is not None:
        return _wait("common.waiting_network", local.offline_since)
    if local.command:
        return _busy("teller.busy_command")
    if local.ring is not None:
        return MainKey(Face.DO, t("teller.key_answer"), Action(Act.ANSWER, local.ring.case_id), "phone", "F2")
    if desk is None:
        return _busy("teller.busy_loading")
    if desk.current_case is not None:
        return _do("teller.key_open_current", Act.OPEN, desk.current_case, icon="inbox")
    if desk.state != "ready":
        return _do("teller.key_ready", Act.READY, icon="check")
    if desk.queue:
        key = Action(Act.TAKE_NEXT, desk.queue[0].case_id)
        return MainKey(Face.DO, t("teller.key_take_next"), key, "phone", "F2")
    return _wait("teller.wait_customer", desk.since)


def next_step(case: CaseView, local: Local) -> MainKey:
    """The main key while a case is open. Total: every state has words."""
    for rule in _RULES:
        key = rule(case, local)
        if key is not None:
            return key
    return _STATES[case.state](case, local)


def _looking(case: CaseView, local: Local) -> MainKey | None:
    if local.read_only:
        return _do("teller.key_back", Act.CLOSE, icon="arrow-l")
    return None


def _network(case: CaseView, local: Local) -> MainKey | None:
    return _wait("common.waiting_network", local.offline_since) if local.offline_since is not None else None


def _sending(case: CaseView, local: Local) -> MainKey | None:
    return _busy("teller.busy_command") if local.command else None


def _not_mine(case: CaseView, local: Local) -> MainKey | None:
    if is_mine(case, local):
        return None
    if case.state not in _OVER and case.ticket.state in (TicketState.WAITING, TicketState.RINGING):
        return _do("teller.key_take", Act.TAKE, case.id, icon="phone")
    return _do("teller.key_back", Act.CLOSE, icon="arrow-l")


def _trouble(case: CaseView, local: Local) -> MainKey | None:
    if case.trouble is None or case.state in _OVER:
        return None
    choice = recommended(case, local)
    if choice is None:
        return _wait("teller.wait_counting", local.step_since)
    return _do(f"teller.choice_{choice}", Act.RESOLVE, choice, icon="refresh")


def _hands(case: CaseView, local: Local) -> MainKey | None:
    code = _HANDS.get(case.customer_step)
    if code is None:
        return None
    link = case.capture if case.customer_step is _S.PHONE_CAPTURE else None
    if link is not None and local.now is not None and local.now >= link.until:
        return _do("teller.key_phone_again", Act.PHONE, link.kind, icon="mobile", after="teller.after_phone_over")
    if _call_lost(case, local) and case.customer_step in _ASKED:
        return _do("teller.key_call_again", Act.CALL_AGAIN, icon="phone", after="teller.after_call_again")
    return _wait(code, local.step_since, None if case.state in _OVER else _AFTER_HANDS.get(case.customer_step))


_ASKED = (
    _S.LAY_ID_FRONT, _S.LAY_ID_BACK, _S.LAY_LICENCE, _S.LAY_PARTY_FRONT, _S.LAY_HOUSEHOLD_PAGE, _S.FACE_CONSENT,
    _S.INSERT_CASH,
)  # fmt: skip
_AFTER_HANDS = {
    **dict.fromkeys(_ASKED[:5], "teller.after_read"),
    _S.PHONE_CAPTURE: "teller.after_read",
    _S.FACE_CONSENT: "teller.after_face_consent",
    _S.INSERT_CASH: "teller.after_counted",
    _S.TAKE_CARD: "teller.after_take_card",
    _S.TAKE_CASH: "teller.after_take_cash",
    _S.STORE_CASH: "teller.after_voucher",
    _S.TAKE_RECEIPT: "teller.after_rate",
    _S.PRINT_VOUCHER: "teller.after_rate",
}


def _call_lost(case: CaseView, local: Local) -> bool:
    return local.call is CallPhase.ENDED and case.ticket.state is TicketState.SERVING and case.state not in _OVER


def _card_away(case: CaseView, local: Local) -> MainKey | None:
    if case.state in _OVER or case.state is _C.EXECUTING or case.ticket.state is not TicketState.SERVING:
        return None
    pulled = case.card is not None and case.card.state is CardState.PULLED
    if pulled or case.customer_step is _S.INSERT_CARD:
        return _wait("teller.wait_card_back", local.step_since, "teller.after_card_back")
    return None


def _lost(case: CaseView, local: Local) -> MainKey | None:
    if _call_lost(case, local) and case.state in (*_GATHERING, _C.AUTHORISED):
        return _do("teller.key_call_again", Act.CALL_AGAIN, icon="phone", after="teller.after_call_again")
    return None


_RULES: tuple[Callable[[CaseView, Local], MainKey | None], ...] = (
    _looking, _network, _sending, _not_mine, _trouble, _card_away, _hands, _lost,
)  # fmt: skip


def _gathering(case: CaseView, local: Local) -> MainKey:
    """Draft or returned: papers, face, form, notes, then submit."""
    for rule in (_reading, _papers, _mend, _face, _look, _count, _doubt, _note_due):
        key = rule(case, local)
        if key is not None:
            return key
    if case.state is _C.RETURNED:
        return _do("teller.key_submit_again", Act.SUBMIT, icon="send", after="teller.after_authorisation")
    return _do("teller.key_submit", Act.SUBMIT, icon="send", after="teller.after_confirm")


def _reading(case: CaseView, local: Local) -> MainKey | None:
    if local.reading.running:
        code = "teller.busy_vision_starting" if local.vision in ("starting", "restarting") else "teller.busy_reading"
        return _busy(code)
    if local.reading.failed and any(one.mark is Mark.MISSING for one in fields(form_model(case, local))):
        if local.reading.code.startswith(("doc.", "image.")):
            return _do(
                "teller.key_recapture",
                Act.PROMPT,
                f"lay_{local.reading.what}",
                icon="scan",
                after="teller.after_or_type",
            )
        return _do(
            "teller.key_read_again", Act.READ_AGAIN, local.reading.what, icon="scan", after="teller.after_or_type"
        )
    return None


def _papers(case: CaseView, local: Local) -> MainKey | None:
    missing = [kind for kind in case.papers if evidence_of(case, kind) is None]
    if EvidenceKind.ID_FRONT in missing:
        return _do("teller.key_ask_front", Act.PROMPT, _S.LAY_ID_FRONT, icon="scan", after="teller.after_read")
    if EvidenceKind.ID_BACK in missing:
        return _do("teller.key_ask_back", Act.PROMPT, _S.LAY_ID_BACK, icon="scan", after="teller.after_face")
    for kind, step in MORE_PAPERS.items():
        if kind in missing:
            return _do(f"teller.key_ask_{kind.value}", Act.PROMPT, step, icon="scan", after="teller.after_read")
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
        return _do("teller.key_mend_paper", Act.PROMPT, _MEND_PROMPTS[item], icon="scan", n=len(items))
    if item in (EvidenceKind.LIVE_FRAME.value, EvidenceKind.PORTRAIT.value):
        return _without_machine(case, again=True) or _do(
            "teller.key_mend_face", Act.SNAPSHOT, icon="camera", n=len(items)
        )
    spec = next((one for one in case.form.specs if one.name == item), None)
    if spec is None:
        return _do("teller.key_mend_note", Act.NOTE, item, icon="pen", n=len(items))
    words = t("teller.either", zh=spec.label_zh, en=spec.label_en)
    return _do("teller.key_mend_field", Act.FOCUS, item, icon="pen", what=words, n=len(items))


def _without_machine(case: CaseView, *, again: bool = False) -> MainKey | None:
    """Before the customer has agreed to face use: ask. When he does not, or no paper shows a face: compare by eye."""
    state = case.identity.face_consent.state
    if not _shows_a_face(case):
        state = ConsentState.DECLINED
    if state is ConsentState.GIVEN:
        return None
    if state is ConsentState.NONE:
        return _do("teller.key_ask_face", Act.PROMPT, _S.FACE_CONSENT, icon="user", after="teller.after_face_consent")
    if case.identity.person_check is None or again:
        return _do("teller.key_person_check", Act.PERSON_CHECK, icon="eye", after="teller.after_person_check")
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
        return _do("teller.key_note_face", Act.NOTE, icon="pen", after="teller.after_face_note")
    if local.face.running and local.face.what == "liveness":
        return _busy("teller.busy_liveness", gesture=t(f"teller.gesture_{local.face.code}"))
    if local.face.running:
        return _busy("teller.busy_face")
    if local.face.failed:
        return _do("teller.key_snapshot_again", Act.SNAPSHOT, icon="camera", after="teller.after_form")
    if case.face_match is None:
        return _do("teller.key_snapshot", Act.SNAPSHOT, icon="camera", after="teller.after_form")
    live, alarms = case.identity.liveness, case.identity.continuity.alarms
    unlike = any(one.outcome is not CheckOutcome.COMPARED or not one.same for one in case.identity.faces)
    alive = live is not None and live.passed
    doubtful = not case.face_match.same or not alive or bool(alarms) or unlike
    if doubtful and not local.note.strip():
        return _do("teller.key_note_face", Act.NOTE, icon="pen", after="teller.after_face_note")
    return None


def _doubt(case: CaseView, local: Local) -> MainKey | None:
    """What the authorities do not confirm goes to a second person, with a word about it."""
    known = case.identity.verification
    if known is None or not known.current or known.outcome is Outcome.MATCH or local.note.strip():
        return None
    return _do("teller.key_note_identity", Act.NOTE, icon="pen", after="teller.after_face_note")


def _note_due(case: CaseView, local: Local) -> MainKey | None:
    """A rule of the day wants a word that only the server knew of."""
    if not local.note_due or local.note.strip():
        return None
    return _do("teller.key_note_due", Act.NOTE, icon="pen", after="teller.after_face_note")


_LOOK_CODES = {Mark.UNSURE: "teller.key_check", Mark.MISSING: "teller.key_fill", Mark.WRONG: "teller.key_mend"}


def _look(case: CaseView, local: Local) -> MainKey | None:
    field = attention(form_model(case, local))
    if field is None:
        return None
    if case.cash_way == "in" and field.spec.kind in ("notes", "amount") and case.cash is None:
        return None
    return _do(_LOOK_CODES[field.mark], Act.FOCUS, field.spec.name, what=field.label, after="teller.after_submit")


def _count(case: CaseView, local: Local) -> MainKey | None:
    if case.cash_way == "in" and case.cash is None:
        return _do("teller.key_ask_cash", Act.PROMPT, _S.INSERT_CASH, icon="cash-in", after="teller.after_submit")
    return None


def _awaiting(case: CaseView, local: Local) -> MainKey:
    decision = case.authorisation
    since = decision.submitted_at if decision else local.step_since
    return _wait("teller.wait_authorisation", since, "teller.after_confirm")


def _authorised(case: CaseView, local: Local) -> MainKey:
    """Confirm, PIN (withdrawals), signature, then execute."""
    if case.disputed_line is not None:
        return _do("teller.key_reopen", Act.REOPEN, case.disputed_line, icon="pen", after="teller.after_mend")
    if case.confirmed_at is None:
        return _ask(case, local, _S.CONFIRM, "teller.wait_confirm", "teller.key_ask_confirm", "teller.after_confirmed")
    if case.pin_mode and case.pin_state != "ok":
        return _ask(case, local, _S.PIN, "teller.wait_pin", "teller.key_ask_pin", "teller.after_sign")
    if case.customer_step is _S.LOOK:
        return _looking_first(case, local)
    if case.signed_at is None:
        return _ask(case, local, _S.SIGN, "teller.wait_sign", "teller.key_ask_sign", "teller.after_execute")
    if case.identity.continuity.missing:
        return _do("teller.key_look", Act.LOOK, icon="eye", after="teller.after_execute")
    amount = case.summary.amount.minor if case.summary else 0
    parts = sum(1 for one in case.transactions if one.chosen)
    if parts > 1 or not case.cash_way:
        return _do("teller.key_execute_all", Act.EXECUTE, icon="check", n=max(1, parts), after="teller.after_voucher")
    code = "teller.key_execute_out" if case.cash_way == "out" else "teller.key_execute_in"
    return _do(code, Act.EXECUTE, icon="check", amount=amount, after="teller.after_voucher")


LOOK_S = 8.0
"""So long the signature waits for the machine's look; then the teller may look instead."""


def _looking_first(case: CaseView, local: Local) -> MainKey:
    """Before the signature the kiosk's camera looks who signs; nobody waits for it for long."""
    waited = (local.now - local.step_since).total_seconds() if local.now and local.step_since else 0.0
    if waited < LOOK_S and case.signing_doubts < 2:
        return _wait("teller.wait_look", local.step_since, "teller.after_sign")
    return _do("teller.key_look", Act.LOOK, icon="eye", after="teller.after_sign")


def _ask(case: CaseView, local: Local, step: CustomerStep, waiting: str, asking: str, after: str) -> MainKey:
    if case.customer_step is step:
        return _wait(waiting, local.step_since, after)
    return _do(asking, Act.PROMPT, step, icon="send", after=after)


def plan_progress(case: CaseView) -> tuple[int, int]:
    """Which step of the plan is at work, of how many."""
    done = sum(1 for item in case.plan if item.state in ("done", "compensated"))
    return min(done + 1, max(1, len(case.plan))), max(1, len(case.plan))


def _executing(case: CaseView, local: Local) -> MainKey:
    if case.customer_step is _S.RATE or (case.voucher is not None and case.customer_step is _S.GOODBYE):
        after = "handing.after_finish" if case.to_hand_over else "teller.after_rating"
        return _do("teller.key_finish", Act.FINISH, icon="check", after=after)
    step, total = plan_progress(case)
    return _busy("teller.busy_executing", step=step, total=total)


def _over(case: CaseView, local: Local) -> MainKey:
    return _do("teller.key_next_customer", Act.CLOSE, icon="check")


_STATES: dict[CaseState, Callable[[CaseView, Local], MainKey]] = {
    _C.DRAFT: _gathering,
    _C.RETURNED: _gathering,
    _C.AWAITING_AUTHORISATION: _awaiting,
    _C.AUTHORISED: _authorised,
    _C.EXECUTING: _executing,
    _C.COMPLETED: _over,
    _C.REJECTED: _over,
    _C.CANCELLED: _over,
    _C.FAILED: _over,
}
