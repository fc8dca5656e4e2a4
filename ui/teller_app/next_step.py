"""The main key: for every state of a case the next thing to do, in words. Pure; the window only paints it.

One rule a line, asked in order; the first that answers wins. A key either does something (``DO`` with an
`Action`), waits for somebody with a clock (``WAITING``), or is at work (``BUSY``).
"""

from collections.abc import Callable

from common.wire.cases import (
    CardState,
    CaseState,
    CaseView,
    CustomerStep,
    EvidenceKind,
    TicketState,
)
from common.wire.desk import DeskView
from ui.kit.texts.words import t
from ui.teller_app.case_facts import is_mine, left_behind, recommended
from ui.teller_app.gathering import gathering
from ui.teller_app.local import CallPhase, Local
from ui.teller_app.main_key import Act, Action, Face, MainKey, busy, do, wait

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


def idle_step(desk: DeskView | None, local: Local) -> MainKey:
    """The main key between two customers."""
    if local.offline_since is not None:
        return wait("common.waiting_network", local.offline_since)
    if local.command:
        return busy("teller.busy_command")
    if local.ring is not None:
        return MainKey(Face.DO, t("teller.key_answer"), Action(Act.ANSWER, local.ring.case_id), "phone", "F2")
    if desk is None:
        return busy("teller.busy_loading")
    if desk.current_case is not None:
        return do("teller.key_open_current", Act.OPEN, desk.current_case, icon="inbox")
    if desk.state != "ready":
        return do("teller.key_ready", Act.READY, icon="check")
    if desk.queue:
        key = Action(Act.TAKE_NEXT, desk.queue[0].case_id)
        return MainKey(Face.DO, t("teller.key_take_next"), key, "phone", "F2")
    return wait("teller.wait_customer", desk.since)


def next_step(case: CaseView, local: Local) -> MainKey:
    """The main key while a case is open. Total: every state has words."""
    for rule in _RULES:
        key = rule(case, local)
        if key is not None:
            return key
    return _STATES[case.state](case, local)


def _looking(case: CaseView, local: Local) -> MainKey | None:
    if local.read_only:
        if left_behind(case, local) and not local.command:
            return do("teller.key_take_over", Act.TAKE, case.id, icon="inbox", after="handing.after_finish")
        return do("teller.key_back", Act.CLOSE, icon="arrow-l")
    return None


def _network(case: CaseView, local: Local) -> MainKey | None:
    return wait("common.waiting_network", local.offline_since) if local.offline_since is not None else None


def _sending(case: CaseView, local: Local) -> MainKey | None:
    return busy("teller.busy_command") if local.command else None


def _not_mine(case: CaseView, local: Local) -> MainKey | None:
    if is_mine(case, local):
        return None
    if case.state not in _OVER and case.ticket.state in (TicketState.WAITING, TicketState.RINGING):
        return do("teller.key_take", Act.TAKE, case.id, icon="phone")
    return do("teller.key_back", Act.CLOSE, icon="arrow-l")


def _trouble(case: CaseView, local: Local) -> MainKey | None:
    if case.trouble is None or case.state in _OVER:
        return None
    choice = recommended(case, local)
    if choice is None:
        return wait("teller.wait_counting", local.step_since)
    return do(f"teller.choice_{choice}", Act.RESOLVE, choice, icon="refresh")


def _hands(case: CaseView, local: Local) -> MainKey | None:
    code = _HANDS.get(case.customer_step)
    if code is None:
        return None
    if case.customer_step is _S.LAY_ID_FRONT and EvidenceKind.ID_BACK not in case.papers:
        code = "teller.wait_passport"
    link = case.capture if case.customer_step is _S.PHONE_CAPTURE else None
    if link is not None and local.now is not None and local.now >= link.until:
        return do("teller.key_phone_again", Act.PHONE, link.kind, icon="mobile", after="teller.after_phone_over")
    if _call_lost(case, local) and case.customer_step in _ASKED:
        return do("teller.key_call_again", Act.CALL_AGAIN, icon="phone", after="teller.after_call_again")
    return wait(code, local.step_since, None if case.state in _OVER else _AFTER_HANDS.get(case.customer_step))


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
        return wait("teller.wait_card_back", local.step_since, "teller.after_card_back")
    return None


def _lost(case: CaseView, local: Local) -> MainKey | None:
    if _call_lost(case, local) and case.state in (*_GATHERING, _C.AUTHORISED):
        return do("teller.key_call_again", Act.CALL_AGAIN, icon="phone", after="teller.after_call_again")
    return None


_RULES: tuple[Callable[[CaseView, Local], MainKey | None], ...] = (
    _looking, _network, _sending, _not_mine, _trouble, _card_away, _hands, _lost,
)  # fmt: skip


def _awaiting(case: CaseView, local: Local) -> MainKey:
    decision = case.authorisation
    since = decision.submitted_at if decision else local.step_since
    return wait("teller.wait_authorisation", since, "teller.after_confirm")


def _authorised(case: CaseView, local: Local) -> MainKey:
    """Confirm, PIN (withdrawals), signature, then execute."""
    if case.disputed_line is not None:
        return do("teller.key_reopen", Act.REOPEN, case.disputed_line, icon="pen", after="teller.after_mend")
    if case.confirmed_at is None:
        return _ask(case, local, _S.CONFIRM, "teller.wait_confirm", "teller.key_ask_confirm", "teller.after_confirmed")
    if case.pin_mode and case.pin_state != "ok":
        return _ask(case, local, _S.PIN, "teller.wait_pin", "teller.key_ask_pin", "teller.after_sign")
    if case.customer_step is _S.LOOK:
        return _looking_first(case, local)
    if case.signed_at is None:
        return _ask(case, local, _S.SIGN, "teller.wait_sign", "teller.key_ask_sign", "teller.after_execute")
    if case.identity.continuity.missing:
        return do("teller.key_look", Act.LOOK, icon="eye", after="teller.after_execute")
    amount = case.summary.amount.minor if case.summary else 0
    parts = sum(1 for one in case.transactions if one.chosen)
    if parts > 1 or not case.cash_way:
        return do("teller.key_execute_all", Act.EXECUTE, icon="check", n=max(1, parts), after="teller.after_voucher")
    code = "teller.key_execute_out" if case.cash_way == "out" else "teller.key_execute_in"
    return do(code, Act.EXECUTE, icon="check", amount=amount, after="teller.after_voucher")


LOOK_S = 8.0
"""So long the signature waits for the machine's look; then the teller may look instead."""


def _looking_first(case: CaseView, local: Local) -> MainKey:
    """Before the signature the kiosk's camera looks who signs; nobody waits for it for long."""
    waited = (local.now - local.step_since).total_seconds() if local.now and local.step_since else 0.0
    if waited < LOOK_S and case.signing_doubts < 2:
        return wait("teller.wait_look", local.step_since, "teller.after_sign")
    return do("teller.key_look", Act.LOOK, icon="eye", after="teller.after_sign")


def _ask(case: CaseView, local: Local, step: CustomerStep, waiting: str, asking: str, after: str) -> MainKey:
    if case.customer_step is step:
        return wait(waiting, local.step_since, after)
    return do(asking, Act.PROMPT, step, icon="send", after=after)


def plan_progress(case: CaseView) -> tuple[int, int]:
    """Which step of the plan is at work, of how many."""
    done = sum(1 for item in case.plan if item.state in ("done", "compensated"))
    return min(done + 1, max(1, len(case.plan))), max(1, len(case.plan))


def _executing(case: CaseView, local: Local) -> MainKey:
    if case.customer_step is _S.RATE or (case.voucher is not None and case.customer_step is _S.GOODBYE):
        after = "handing.after_finish" if case.to_hand_over else "teller.after_rating"
        return do("teller.key_finish", Act.FINISH, icon="check", after=after)
    step, total = plan_progress(case)
    return busy("teller.busy_executing", step=step, total=total)


def _over(case: CaseView, local: Local) -> MainKey:
    return do("teller.key_next_customer", Act.CLOSE, icon="check")


_STATES: dict[CaseState, Callable[[CaseView, Local], MainKey]] = {
    _C.DRAFT: gathering,
    _C.RETURNED: gathering,
    _C.AWAITING_AUTHORISATION: _awaiting,
    _C.AUTHORISED: _authorised,
    _C.EXECUTING: _executing,
    _C.COMPLETED: _over,
    _C.REJECTED: _over,
    _C.CANCELLED: _over,
    _C.FAILED: _over,
}
