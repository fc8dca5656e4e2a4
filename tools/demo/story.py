"""One customer's visit from greeting to goodbye, played in the real windows; whatever does not happen ends the run."""

import asyncio
import json
from typing import Any

from common.errors import ServiceError
from tools.demo import finding
from tools.demo.cast import Cast
from tools.demo.stage import Stage
from tools.demo_people import CUSTOMER, Person
from ui.kit.texts import kiosk

AMOUNT = "20000"
DEPOSIT = {"100": 12, "50": 4, "20": 5}
REASON = 2
_WHAT_TO_DO = kiosk.TEXTS["kiosk.choose"]


def pin_of(stage: Stage) -> str:
    """The PIN that the customer remembers: the demo bank wrote it down for us."""
    credentials = json.loads((stage.data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
    return str(credentials["cards"][CUSTOMER.name]["pin"])


async def ready(cast: Cast) -> None:
    """Teller and authoriser take their places."""
    await cast.main_says("开始接待")
    await cast.teller.key("F9")
    if await cast.authoriser.exists("authoriser.paused"):
        await cast.authoriser.click("authoriser.accepting")
    await cast.step_done("ready")


async def met(cast: Cast, scenario: str) -> None:
    """The customer arrives, waits, and is answered; the call stands."""
    await language_chosen(cast)
    await cast.arrive(scenario, CUSTOMER.name)
    await cast.step_done("in-the-queue")
    await cast.main_says("接听")
    await cast.step_done("ringing")
    await cast.teller.key("F2")
    await cast.page("talk")
    await call_stands(cast)
    await cast.step_done("answered")


async def language_chosen(cast: Cast) -> None:
    """The kiosk wakes and is asked for English, then for Chinese: question and tiles speak it at once."""
    await cast.page("attract")
    await cast.kiosk.click("kiosk.touch")
    await cast.page("choose")
    tile = "kiosk.choose.cash_withdrawal"
    before = await cast.kiosk.text(tile)
    await cast.kiosk.click("kiosk.language")
    await cast.kiosk.wait("kiosk.step", 10, text=_WHAT_TO_DO[1])
    english = await cast.kiosk.text(tile)
    await cast.step_done("in-english")
    await cast.kiosk.click("kiosk.language")
    await cast.kiosk.wait("kiosk.step", 10, text=_WHAT_TO_DO[0])
    cast.checks["the kiosk speaks the language chosen"] = english != before == await cast.kiosk.text(tile)


async def call_stands(cast: Cast, within_s: float = 30.0) -> None:
    """Pictures and sound are decoded on both sides."""
    for player in (cast.teller, cast.kiosk):
        for _ in range(int(within_s * 5)):
            figures = (await player.metrics()).get("call") or {}
            if figures.get("frames_painted", 0) > 5 and figures.get("setup_ms"):
                break
            await asyncio.sleep(0.2)
        else:
            raise ServiceError("demo.stuck", what="the call does not stand")


async def identified(cast: Cast, person: Person = CUSTOMER) -> None:
    """Chip and both sides of the card, read; the customer's consent; the live face against the portrait."""
    await cast.press_main("等客户放身份证")
    await cast.page("lay_id_front")
    await cast.step_done("asked-for-id")
    await cast.lay(f"样本·{person.name}·正面")
    await cast.main_says("请客户翻到国徽面", 90)
    await cast.step_done("front-read")
    await cast.press_main("等客户翻面")
    await cast.page("lay_id_back")
    await cast.lay(f"样本·{person.name}·背面")
    await cast.main_says("征求人脸比对同意", 60)
    await cast.kiosk.click("hands.remove_document", timeout_s=20)
    await cast.step_done("back-read")
    await agreed(cast)
    await cast.main_says("抓拍并比对人脸", 60)
    await cast.press_main("活体检测")
    await cast.page("liveness")
    await cast.step_done("liveness-asked")
    await cast.obey()
    await cast.step_done("face-matched")


async def agreed(cast: Cast) -> None:
    """The customer is asked whether the face may be compared, and agrees."""
    await cast.press_main("等客户同意人脸比对")
    await cast.page("face_consent")
    await cast.step_done("consent-asked")
    await cast.kiosk.click("kiosk.face.agree", timeout_s=20)


async def sent_for_authorisation(cast: Cast) -> None:
    """The amount is above the teller's limit; the server asks a second person."""
    await cast.main_says("取款金额", 40)
    await cast.teller.type("teller.form.amount", AMOUNT)
    await cast.teller.key("Return")
    await cast.press_main("等待授权", 60)
    await cast.authoriser.wait("authoriser.task", 30, visible=True)
    await cast.authoriser.wait("authoriser.evidence.live_frame", 30, visible=True)
    await cast.step_done("authoriser-looks")


async def submitted(cast: Cast) -> None:
    """Within the teller's limit; a second person looks where the server could not tell that somebody lives."""
    if "等待授权" in await cast.press_main("等待", 60):
        await cast.authoriser.wait("authoriser.task", 30, visible=True)
        await cast.press_approve()
    await cast.press_main("等待客户", 40)


async def consented(cast: Cast, *, pin: str | None) -> None:
    """Confirm, PIN, signature: the customer's own, in the customer's window."""
    await cast.page("confirm")
    await cast.step_done("summary-on-the-kiosk")
    await cast.kiosk.click("kiosk.confirm", timeout_s=20)
    if pin is not None:
        await cast.page("pin")
        await cast.step_done("pin-asked")
        await cast.enter_pin(pin)
    await cast.sign()
    await cast.main_says("执行", 40)
    await cast.step_done("signed")


async def ended(cast: Cast) -> None:
    """Receipt, rating, rest."""
    await cast.page("take_receipt", 40)
    await cast.kiosk.click("hands.take_receipt", timeout_s=40)
    await cast.page("rate")
    await cast.step_done("receipt-taken")
    await cast.kiosk.click("kiosk.rate.5", timeout_s=20)
    await cast.page("attract", 40)
    await cast.step_done("at-rest-again")


async def withdrawal(cast: Cast) -> None:
    """20,000.00 in notes of 100, with a remote authoriser's consent."""
    await met(cast, "cash_withdrawal")
    await identified(cast)
    await sent_for_authorisation(cast)
    await cast.press_approve()
    await consented(cast, pin=pin_of(cast.stage))
    await cast.teller.key("F9")
    await cast.take_card()
    await cast.step_done("card-taken")
    await cast.page("take_cash")
    await cast.kiosk.wait("hands.take_notes", 60, enabled=True)
    await cast.step_done("cash-out")
    await cast.kiosk.click("hands.take_notes", timeout_s=60)
    await cast.step_done("cash-taken")
    await cast.teller.wait("teller.voucher.code", 40, visible=True)
    await cast.step_done("voucher")
    seen = await finding.noted(cast)
    await ended(cast)
    await finding.found_again(cast, seen)


async def rejection(cast: Cast) -> None:
    """The authoriser says no; the card is given back and nothing is booked."""
    await met(cast, "cash_withdrawal")
    await identified(cast)
    await sent_for_authorisation(cast)
    await cast.authoriser.key("F8")
    await cast.authoriser.click(f"authoriser.reason.{REASON}", timeout_s=10)
    await cast.step_done("reason-chosen")
    await cast.press_until_gone("authoriser.reason_ok")
    await cast.take_card()
    await cast.page("attract", 40)
    await cast.step_done("rejected")


async def counted(cast: Cast) -> None:
    """Mixed notes, counted by the machine, found right by the customer."""
    await cast.press_main("等客户放", 40)
    await cast.page("insert_cash")
    await cast.put_notes(DEPOSIT)
    await cast.kiosk.wait("kiosk.count_right", 60, enabled=True)
    await cast.step_done("counted")
    await cast.kiosk.click("kiosk.count_right")
    await cast.page("talk")


async def deposit(cast: Cast) -> None:
    """Mixed notes, counted by the machine, confirmed by the customer, booked."""
    await met(cast, "cash_deposit")
    await identified(cast)
    await counted(cast)
    await cast.main_says("提交", 40)
    await submitted(cast)
    await consented(cast, pin=None)
    await cast.teller.key("F9")
    await cast.take_card()
    await cast.step_done("card-taken")
    await ended(cast)


async def next_customer(cast: Cast) -> None:
    """After one customer the seat finishes up and is ready for the next."""
    await cast.press_main("开始接待", 40)
    await cast.teller.key("F9")


SCENARIOS: dict[str, Any] = {"withdrawal": withdrawal, "deposit": deposit, "reject": rejection}
