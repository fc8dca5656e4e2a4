"""Scenes of the steps in which no money moves. No Qt."""

from collections.abc import Callable, Mapping

from common.wire.cases import CardState, CaseState, CaseView, CashState, CustomerStep, EvidenceKind, TicketState
from ui.kit.business import words
from ui.kit.texts.words import T, t
from ui.vtm_app.agent.screen import Look, Screen
from ui.vtm_app.problems import sentence
from ui.vtm_app.scene import Layout, Local, Scene, Status

_S = CustomerStep
Make = Callable[[Screen, CaseView, Local], Scene]


def seconds_left(screen: Screen, local: Local, whole: int = 30) -> tuple[int, int] | None:
    """Seconds of the present wait that are left, and of how many."""
    if screen.deadline is None:
        return None
    left = max(0, round(screen.deadline - local.now))
    return left, max(whole, left)


def waited(local: Local) -> int:
    """Seconds since the step began."""
    return max(0, int(local.now - local.since))


def _insert_card(screen: Screen, case: CaseView, local: Local) -> Scene:
    again = "_again" if case.card is not None else ""
    reading = screen.phase == "reading"
    status = Status(t(f"kiosk.status_card_{'reading' if reading else 'waiting'}"), "card")
    step, hint = t(f"kiosk.insert_card{again}"), t(f"kiosk.insert_card{again}_hint")
    return Scene(
        _S.INSERT_CARD.value, Layout.STEP, step, hint, status, picture="icon:card", idle=not reading
    )  # fmt: skip


def _queue(screen: Screen, case: CaseView, local: Local) -> Scene:
    if case.ticket.state is TicketState.RINGING:
        step = t("kiosk.queue_ringing")
    else:
        step = t("kiosk.queue_next" if case.ticket.position == 1 else "kiosk.queue")
    return Scene(_S.QUEUE.value, Layout.QUEUE, step, t("kiosk.queue_hint"), Status(t("kiosk.queue_status"), "bell"))


def _line(case: CaseView, code: str) -> T:
    """The label of a line of the summary."""
    lines = case.summary.lines if case.summary is not None else []
    label = next((one.label for one in lines if one.code == code), None)
    return words(label) if label is not None else t(f"kiosk.line_{code.removeprefix('summary.')}")


def _talk(screen: Screen, case: CaseView, local: Local) -> Scene:
    if case.disputed_line is not None:
        line = _line(case, case.disputed_line)
        step, hint = t("kiosk.talk_dispute"), t("kiosk.talk_dispute_hint", line=line)
    else:
        name = {"out": "withdrawal", "in": "deposit"}.get(case.cash_way, "business")
        if case.cash is not None and case.cash.state is CashState.COUNTED:
            name = "counted"
        step, hint = t(f"kiosk.talk_{name}"), t("kiosk.talk_hint")
    status = Status(t("kiosk.status_talk"), "chat")
    return Scene(_S.TALK.value, Layout.STEP, step, hint, status, picture="icon:chat")


_GUIDING = ("guiding", "choose")
_ADVICE = frozenset({"none", "covered", "cut_off", "too_small", "dark", "blur", "glare", "two", "copy", "screen"})
_HIDDEN = ("id_number", "name", "birth", "address", "authority", "valid_to")
"""Fields that glare may hide, the one that matters most first."""


_WAITS = {_S.LAY_LICENCE: "kiosk.status_paper_waiting", _S.LAY_HOUSEHOLD_PAGE: "kiosk.status_book_waiting"}
"""What is waited for where it is no identity card."""


def _document(step: CustomerStep, picture: str) -> Make:
    def make(screen: Screen, case: CaseView, local: Local) -> Scene:
        phase = screen.phase if screen.phase in ("looking", "sending", *_GUIDING) else "waiting"
        code = _WAITS.get(step, "kiosk.status_id_waiting") if phase == "waiting" else f"kiosk.status_id_{phase}"
        asked = step.value
        if step is _S.LAY_ID_FRONT and EvidenceKind.ID_BACK not in case.papers:
            asked = "lay_passport"
            code = "kiosk.status_passport_waiting" if phase == "waiting" else code
        status = Status(t(code), "scan" if phase == "waiting" else "camera")
        words, hint = t(f"kiosk.{asked}"), t(f"kiosk.{asked}_hint")
        if screen.look is not None and phase in _GUIDING:
            words, hint = _advice(screen.look), t(f"kiosk.doc.{phase}_hint")
        elif screen.look is not None and screen.look.code is None and phase in ("looking", "sending"):
            words, hint = t("kiosk.doc.good"), t("kiosk.doc.guiding_hint")
        idle = phase in ("waiting", *_GUIDING)
        return Scene(step.value, Layout.DOCUMENT, words, hint, status, picture=picture, idle=idle)

    return make


def _advice(look: Look) -> T:
    """What to put right first."""
    name = (look.code or "").rpartition(".")[2]
    hidden = next((field for field in _HIDDEN if field in look.fields), None)
    if name == "glare" and hidden is not None:
        return t("kiosk.doc.glare_on", field=t(f"doc_field.{hidden}"))
    return t(f"kiosk.doc.{name if name in _ADVICE else 'none'}")


LAST_S = 60
"""So long before a code is over the time that is left is shown: before that there is no hurry."""


def _phone_capture(screen: Screen, case: CaseView, local: Local) -> Scene:
    """A code to be scanned; the customer looks at the phone now, so nobody is asked whether he is still there."""
    link = case.capture
    paper = t(f"kiosk.phone_paper_{link.kind if link is not None else 'licence'}")
    over = screen.phase == "over" or link is None or not link.url
    step = t("kiosk.phone_capture_over") if over else t("kiosk.phone_capture", paper=paper)
    hint = t("kiosk.phone_capture_over_hint" if over else "kiosk.phone_capture_hint")
    status = None if over else Status(t("kiosk.status_phone_waiting"), "mobile")
    left = None if over else seconds_left(screen, local, LAST_S)
    left = left if left is not None and left[0] <= LAST_S else None
    code = "" if over or link is None else link.url
    name, picture = _S.PHONE_CAPTURE.value, "icon:clock" if over else ""
    note = t("kiosk.phone_capture_note")
    return Scene(name, Layout.PHONE, step, hint, status, picture=picture, left=left, note=note, code=code)


def _face_consent(screen: Screen, case: CaseView, local: Local) -> Scene:
    step, hint = t("kiosk.face_consent"), t("kiosk.face_consent_hint")
    return Scene(_S.FACE_CONSENT.value, Layout.FACE_CONSENT, step, hint, picture="icon:user", idle=True)


def _keep_face(screen: Screen, case: CaseView, local: Local) -> Scene:
    step, hint = t("kiosk.keep_face"), t("kiosk.keep_face_hint")
    return Scene(_S.KEEP_FACE.value, Layout.KEEP_FACE, step, hint, picture="icon:clock", idle=True)


_GESTURES = {
    "blink": "icon:eye-off", "mouth": "icon:volume", "turn_left": "icon:arrow-l", "turn_right": "icon:arrow-r",
    "nod": "icon:arrow-d", "good": "icon:check",
}  # fmt: skip


def _liveness(screen: Screen, case: CaseView, local: Local) -> Scene:
    """One gesture, large. Left and right are the customer's own, and so the arrows point."""
    said = case.customer_say.code.removeprefix("liveness.") if case.customer_say is not None else ""
    name = said if said in _GESTURES else "look"
    hint = t(f"kiosk.liveness_{name}_hint" if name in ("look", "good") else "kiosk.liveness_hint")
    status = Status(t("kiosk.status_liveness"), "user")
    return Scene(
        _S.LIVENESS.value, Layout.STEP, t(f"kiosk.liveness_{name}"), hint, status,
        picture=_GESTURES.get(name, "icon:user"),
    )  # fmt: skip


def _look(screen: Screen, case: CaseView, local: Local) -> Scene:
    """Who is about to sign? The camera looks; if it cannot, the teller does."""
    asked = "_asked" if screen.phase == "asked" else ""
    step, hint = t(f"kiosk.look{asked}"), t(f"kiosk.look{asked}_hint")
    return Scene(_S.LOOK.value, Layout.STEP, step, hint, Status(t("kiosk.status_look"), "camera"), picture="icon:user")


def _wait_authorisation(screen: Screen, case: CaseView, local: Local) -> Scene:
    status = Status(t("kiosk.status_authorisation", waited=waited(local)), "clock")
    step, hint = t("kiosk.wait_authorisation"), t("kiosk.wait_authorisation_hint")
    return Scene(_S.WAIT_AUTHORISATION.value, Layout.STEP, step, hint, status, picture="icon:users")


def _wait_execution(screen: Screen, case: CaseView, local: Local) -> Scene:
    making = case.state is not CaseState.AUTHORISED
    step = t("kiosk.wait_voucher" if making else "kiosk.wait_execution")
    status = Status(t("kiosk.status_waited", waited=waited(local)), "clock")
    picture = "icon:stamp" if making else "icon:doc"
    return Scene(_S.WAIT_EXECUTION.value, Layout.STEP, step, t("kiosk.wait_execution_hint"), status, picture=picture)


def _confirm(screen: Screen, case: CaseView, local: Local) -> Scene:
    name = "dispute" if local.disputing else "confirm"
    return Scene(_S.CONFIRM.value, Layout.CONFIRM, t(f"kiosk.{name}"), t(f"kiosk.{name}_hint"), idle=True)


def _pin(screen: Screen, case: CaseView, local: Local) -> Scene:
    checking = screen.phase == "checking"
    new = case.pin_mode == "set"
    asked = ("kiosk.pin_again" if case.pin_state == "again" else "kiosk.pin_set") if new else "kiosk.pin"
    step, hint = t("kiosk.pin_checking" if checking else asked), t("kiosk.pin_set_hint" if new else "kiosk.pin_hint")
    return Scene(_S.PIN.value, Layout.PIN, step, hint, picture="pin-pad")


def _sign(screen: Screen, case: CaseView, local: Local) -> Scene:
    note = t("kiosk.sign_note")
    return Scene(_S.SIGN.value, Layout.SIGN, t("kiosk.sign"), t("kiosk.sign_hint"), idle=True, note=note)


def _take_card(screen: Screen, case: CaseView, local: Local) -> Scene:
    out = screen.phase == "out" or (case.card is not None and case.card.state is CardState.RETURNED)
    cash_next = case.cash_way == "out" and case.state is CaseState.EXECUTING
    hint = t("kiosk.take_card_cash_next" if cash_next else "kiosk.take_card_hint")
    status = None if out else Status(t("kiosk.status_card_coming"), "card")
    left = seconds_left(screen, local) if out else None
    note = t("kiosk.take_card_note")
    return Scene(
        _S.TAKE_CARD.value, Layout.STEP, t("kiosk.take_card"), hint, status, picture="icon:card", left=left, note=note
    )


def _retain_card(screen: Screen, case: CaseView, local: Local) -> Scene:
    picture = "icon:lock"
    return Scene(
        _S.RETAIN_CARD.value, Layout.STEP, t("kiosk.retain_card"), t("kiosk.retain_card_hint"), picture=picture
    )


def _take_receipt(screen: Screen, case: CaseView, local: Local) -> Scene:
    out = screen.phase == "out"
    code = "kiosk.take_receipt" if out else "kiosk.take_receipt_printing"
    status = None if out else Status(t("kiosk.status_waited", waited=waited(local)), "printer")
    left = seconds_left(screen, local) if out else None
    return Scene(
        _S.TAKE_RECEIPT.value, Layout.STEP, t(code), t(f"{code}_hint"), status, picture="icon:printer", left=left
    )


def _print_voucher(screen: Screen, case: CaseView, local: Local) -> Scene:
    out = screen.phase == "out"
    code = "kiosk.print_voucher_out" if out else "kiosk.print_voucher"
    status = None if out else Status(t("kiosk.status_waited", waited=waited(local)), "printer")
    left = seconds_left(screen, local) if out else None
    name, picture = _S.PRINT_VOUCHER.value, f"icon:{'hand' if out else 'printer'}"
    return Scene(name, Layout.STEP, t(code), t(f"{code}_hint"), status, picture=picture, left=left)


_BOOK = {
    "waiting": ("passbook_insert", "doc"),
    "reading": ("passbook_reading", "doc"),
    "printing": ("passbook_printing", "printer"),
    "out": ("passbook_take", "hand"),
}


def _print_passbook(screen: Screen, case: CaseView, local: Local) -> Scene:
    name, icon = _BOOK.get(screen.phase, _BOOK["waiting"])
    waits = screen.phase in ("waiting", "out")
    status = None if waits else Status(t("kiosk.status_waited", waited=waited(local)), icon)
    left = seconds_left(screen, local) if waits else None
    step, hint = t(f"kiosk.{name}"), t(f"kiosk.{name}_hint")
    return Scene(_S.PRINT_PASSBOOK.value, Layout.STEP, step, hint, status, picture=f"icon:{icon}", left=left)


_THINGS = {"card": "card", "ukey": "key", "certificate": "doc"}


def _hand_over(screen: Screen, case: CaseView, local: Local) -> Scene:
    out = screen.phase in _THINGS
    code = f"kiosk.hand_over_{screen.phase if out else 'preparing'}"
    status = None if out else Status(t("kiosk.status_waited", waited=waited(local)), "clock")
    left, picture = (seconds_left(screen, local) if out else None), f"icon:{_THINGS.get(screen.phase, 'box')}"
    return Scene(_S.HAND_OVER.value, Layout.STEP, t(code), t(f"{code}_hint"), status, picture=picture, left=left)


def _rate(screen: Screen, case: CaseView, local: Local) -> Scene:
    note = _voucher_note(screen, case)
    return Scene(_S.RATE.value, Layout.RATE, t("kiosk.rate"), t("kiosk.rate_hint"), note=note, idle=True)


def may_print(screen: Screen, case: CaseView) -> bool:
    """Whether the whole voucher is offered on paper."""
    sheets = case.voucher.sheets if case.voucher is not None else None
    return case.voucher is not None and screen.sheets in ("ok", "low") and (sheets is None or sheets.again)


def _voucher_note(screen: Screen, case: CaseView) -> T | None:
    """What became of the voucher on paper, or why there is none."""
    sheets = case.voucher.sheets if case.voucher is not None else None
    if sheets is not None and sheets.state not in ("wanted", "printing"):
        return t(f"kiosk.voucher_{sheets.state}")
    return t("kiosk.voucher_no_paper") if screen.sheets == "out" else None


_ENDS = {
    CaseState.COMPLETED: ("goodbye", "icon:check-circle"),
    CaseState.REJECTED: ("goodbye_rejected", "icon:info"),
    CaseState.CANCELLED: ("goodbye_ended", "icon:hand"),
    CaseState.FAILED: ("goodbye_failed", "icon:shield"),
}


def _left_behind(screen: Screen, local: Local) -> Scene | None:
    """Something of the customer's is still here: that comes before any last words."""
    if screen.phase == "papers":
        words, picture, icon = "goodbye_papers", "id-on-glass", "scan"
    elif screen.phase == "card":
        words, picture, icon = "take_card", "icon:card", "card"
    else:
        return None
    step, hint = t(f"kiosk.{words}"), t(f"kiosk.{words}_hint")
    status, left = Status(t(f"kiosk.status_left_{screen.phase}"), icon, "warn"), seconds_left(screen, local)
    return Scene(_S.GOODBYE.value, Layout.STEP, step, hint, status, picture=picture, left=left)


def _goodbye(screen: Screen, case: CaseView, local: Local) -> Scene:
    left_behind = _left_behind(screen, local)
    if left_behind is not None:
        return left_behind
    name, picture = _ENDS.get(case.state, _ENDS[CaseState.COMPLETED])
    step, hint = t(f"kiosk.{name}"), t(f"kiosk.{name}_hint")
    if case.card is not None and case.card.state is CardState.RETAINED:
        step, hint, picture = t("kiosk.retain_card"), t("kiosk.retain_card_hint"), "icon:lock"
    return Scene(_S.GOODBYE.value, Layout.STEP, step, hint, picture=picture)


def _trouble(screen: Screen, case: CaseView, local: Local) -> Scene:
    money = case.trouble.money if case.trouble is not None else None
    unknown = money is not None and None in (money.account, money.machine, money.hand)
    hint: T | None = sentence(case.customer_say)
    status = Status(t("kiosk.trouble_status", waited=waited(local)), "clock")
    step = t("kiosk.trouble_unknown" if unknown else "kiosk.trouble")
    return Scene(_S.TROUBLE.value, Layout.TROUBLE, step, hint, status, note=t("kiosk.trouble_note"))


STEP_SCENES: Mapping[CustomerStep, Make] = {
    _S.INSERT_CARD: _insert_card,
    _S.QUEUE: _queue,
    _S.TALK: _talk,
    _S.LAY_ID_FRONT: _document(_S.LAY_ID_FRONT, "id-on-glass"),
    _S.LAY_ID_BACK: _document(_S.LAY_ID_BACK, "icon:rotate"),
    _S.LAY_LICENCE: _document(_S.LAY_LICENCE, "icon:doc"),
    _S.LAY_PARTY_FRONT: _document(_S.LAY_PARTY_FRONT, "id-on-glass"),
    _S.LAY_HOUSEHOLD_PAGE: _document(_S.LAY_HOUSEHOLD_PAGE, "icon:doc"),
    _S.PHONE_CAPTURE: _phone_capture,
    _S.FACE_CONSENT: _face_consent,
    _S.KEEP_FACE: _keep_face,
    _S.LIVENESS: _liveness,
    _S.WAIT_AUTHORISATION: _wait_authorisation,
    _S.WAIT_EXECUTION: _wait_execution,
    _S.CONFIRM: _confirm,
    _S.PIN: _pin,
    _S.LOOK: _look,
    _S.SIGN: _sign,
    _S.TAKE_CARD: _take_card,
    _S.RETAIN_CARD: _retain_card,
    _S.HAND_OVER: _hand_over,
    _S.PRINT_PASSBOOK: _print_passbook,
    _S.TAKE_RECEIPT: _take_receipt,
    _S.PRINT_VOUCHER: _print_voucher,
    _S.RATE: _rate,
    _S.GOODBYE: _goodbye,
    _S.TROUBLE: _trouble,
}
