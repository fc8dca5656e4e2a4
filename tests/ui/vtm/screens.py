"""Every screen worth a picture, by name."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from common.errors import UserError
from common.wire.base import Sentence
from common.wire.capture import CaptureView, LinkState
from common.wire.cases import CardState, CardView, CaseState, CustomerStep, Scenario
from tests.ui.vtm.cases import AT, case_at, trouble, voucher
from ui.vtm_app.agent.screen import Look, Screen
from ui.vtm_app.controller import Controller
from ui.vtm_app.scene import Local


def _preview() -> bytes:
    """A card on a dark table, as small as the guide's pictures are."""
    picture = Image.new("RGB", (480, 360), (50, 54, 60))
    ImageDraw.Draw(picture).rectangle((60, 70, 420, 297), fill=(222, 232, 236))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


PREVIEW = _preview()
LINK = CaptureView(
    kind="licence", state=LinkState.OPEN, until=AT, count=1, left_s=600,
    url="https://counter.bank.example:8600/capture/kY3v0b8Qe1xTn-5_uJd2mZr7WcA",
)  # fmt: skip
_S = CustomerStep
DEPOSIT = Scenario.DEPOSIT


def at(step: CustomerStep, phase: str = "", scenario: Scenario = Scenario.WITHDRAWAL, **more: Any) -> Screen:
    """The agent's screen at a step; ``case`` changes the case."""
    changes = more.pop("case", {})
    return Screen(
        step=step, case=case_at(step, scenario, **changes), machine_ready=True, phase=phase, **more
    )  # fmt: skip


_RETAINED = {"card": CardView(masked_number="9999 **** **** 3307", state=CardState.RETAINED)}
_NOTES = {10_000: 12, 5_000: 4, 2_000: 3, 1_000: 2}
_PARTIAL = {
    "trouble": trouble("payout_partial", -300_000, 1_700_000, 300_000),
    "customer_say": Sentence(code="customer.payout_partial", params={"paid": 300_000, "amount": 2_000_000}),
}
_UNKNOWN = {
    "trouble": trouble("cash_unknown", -2_000_000, None, None),
    "customer_say": Sentence(code="customer.cash_unknown", params={}),
}

SCREENS: dict[str, Screen | None] = {
    "starting": None,
    "attract": Screen(machine_ready=True),
    "choose": Screen(machine_ready=True),
    "out_of_order": Screen(machine_ready=False),
    "out_of_service": Screen(machine_ready=True, in_service=False),
    "maintained": Screen(machine_ready=True, maintained=True),
    "offline": Screen(machine_ready=True, online=False),
    "insert_card": at(_S.INSERT_CARD, "waiting"),
    "insert_card-unknown": at(_S.INSERT_CARD, "waiting", problem=UserError("card.unknown")),
    "insert_card-again": at(_S.INSERT_CARD, "waiting", case={**_RETAINED, "state": CaseState.DRAFT}),
    "queue": at(_S.QUEUE),
    "talk": at(_S.TALK),
    "talk-dispute": at(_S.TALK, case={"disputed_line": "summary.amount", "state": CaseState.AUTHORISED}),
    "lay_id_front": at(_S.LAY_ID_FRONT, "waiting"),
    "lay_id_front-unclear": at(_S.LAY_ID_FRONT, "waiting", problem=UserError("picture.unclear")),
    "lay_id_front-glare": at(_S.LAY_ID_FRONT, "guiding", look=Look(PREVIEW, "doc.glare", ("name", "id_number"))),
    "lay_id_front-choose": at(_S.LAY_ID_FRONT, "choose", look=Look(PREVIEW, "doc.cut_off")),
    "lay_id_front-good": at(_S.LAY_ID_FRONT, "looking", look=Look(PREVIEW, None)),
    "lay_id_back": at(_S.LAY_ID_BACK, "looking"),
    "lay_licence": at(_S.LAY_LICENCE, "waiting"),
    "lay_party_front": at(_S.LAY_PARTY_FRONT, "waiting"),
    "lay_household_page": at(_S.LAY_HOUSEHOLD_PAGE, "waiting"),
    "phone_capture": at(_S.PHONE_CAPTURE, "open", case={"capture": LINK}),
    "phone_capture-last": at(_S.PHONE_CAPTURE, "open", deadline=1024.0, case={"capture": LINK}),
    "phone_capture-over": at(_S.PHONE_CAPTURE, "over", case={"capture": LINK}),
    "face_consent": at(_S.FACE_CONSENT),
    "keep_face": at(_S.KEEP_FACE),
    "liveness": at(_S.LIVENESS, case={"customer_say": Sentence(code="liveness.turn_left")}),
    "liveness-look": at(_S.LIVENESS, case={"customer_say": Sentence(code="liveness.look")}),
    "insert_cash-open": at(_S.INSERT_CASH, "open", DEPOSIT),
    "insert_cash-ask": at(_S.INSERT_CASH, "ask", DEPOSIT, notes=_NOTES),
    "insert_cash-refused": at(_S.INSERT_CASH, "refused", DEPOSIT, notes=_NOTES, refused=2),
    "wait_authorisation": at(_S.WAIT_AUTHORISATION),
    "wait_execution": at(_S.WAIT_EXECUTION),
    "confirm": at(_S.CONFIRM),
    "confirm-dispute": at(_S.CONFIRM),
    "pin": at(_S.PIN, "typing", digits=4),
    "pin-wrong": at(_S.PIN, "typing", problem=UserError("pin.wrong", tries_left=2)),
    "look": at(_S.LOOK),
    "look-asked": at(_S.LOOK, "asked"),
    "sign": at(_S.SIGN),
    "take_card": at(_S.TAKE_CARD, "out", deadline=1024.0),
    "take_cash-preparing": at(_S.TAKE_CASH, "preparing"),
    "take_cash": at(_S.TAKE_CASH, "present", deadline=1024.0),
    "store_cash": at(_S.STORE_CASH, "moving", DEPOSIT),
    "return_cash": at(_S.RETURN_CASH, "present", DEPOSIT, deadline=1024.0),
    "retain_card": at(_S.RETAIN_CARD),
    "hand_over": at(_S.HAND_OVER, "card", deadline=1024.0),
    "hand_over-ukey": at(_S.HAND_OVER, "ukey", deadline=1024.0),
    "hand_over-preparing": at(_S.HAND_OVER, "preparing"),
    "print_passbook": at(_S.PRINT_PASSBOOK, "waiting", deadline=1024.0),
    "take_receipt": at(_S.TAKE_RECEIPT, "out", deadline=1024.0),
    "print_voucher": at(_S.PRINT_VOUCHER, "printing"),
    "print_voucher-out": at(_S.PRINT_VOUCHER, "out", deadline=1024.0),
    "rate": at(_S.RATE),
    "rate-voucher": at(_S.RATE, case={"voucher": voucher()}, sheets="ok"),
    "rate-no_paper": at(_S.RATE, case={"voucher": voucher()}, sheets="out"),
    "rate-failed": at(_S.RATE, case={"voucher": voucher("failed")}, sheets="ok"),
    "trouble": at(_S.TROUBLE),
    "trouble-partial": at(_S.TROUBLE, case=_PARTIAL),
    "trouble-unknown": at(_S.TROUBLE, case=_UNKNOWN),
    "goodbye": at(_S.GOODBYE),
    "goodbye-rejected": at(_S.GOODBYE, case={"state": CaseState.REJECTED}),
    "goodbye-papers": at(_S.GOODBYE, "papers", deadline=1024.0),
    "goodbye-card": at(_S.GOODBYE, "card", deadline=1024.0),
    "goodbye-kept": at(_S.GOODBYE, case=_RETAINED),
}

_AFTER: dict[str, Callable[[Controller], object]] = {
    "choose": lambda controller: controller.wake(),
    "confirm-dispute": lambda controller: controller.dispute(True),
}


def show(controller: Controller, name: str, *, large: bool = False) -> None:
    """Bring the window to a screen as if the visit had just begun."""
    now = controller.local.now
    controller.local = Local(large=large, call=controller.local.call, audible=True, since=now, now=now)
    controller.screen, screen = None, SCREENS[name]
    if screen is not None:
        controller.set_screen(screen)
    else:
        controller.changed.emit()
    if name in _AFTER:
        _AFTER[name](controller)
