"""An account opened with all sixteen transactions, played in the real windows: the bank meets a new customer."""

from common.wire.cases import CaseView
from tools.demo import story
from tools.demo.cast import Cast
from tools.demo_people import NEWCOMER
from ui.kit.automation_client import AutomationError
from ui.kit.texts import kiosk, scenarios

PIN = "270415"
TYPED = {
    "phone": "19900001234", "occupation": "单位职员", "income": "8,000–15,000", "region": "330106", "purpose": "储蓄",
    "card_number": "9999004182300018", "td_amount": "1000", "ti_amount": "10000", "ti_account": "6222000000001",
    "ti_bank": "示范银行", "ukey": "900100200300",
}  # fmt: skip
"""What the teller asks for, and what the scanner reads off card and U-key."""
CHOSEN = ("occupation", "income", "purpose")
_ASKED = tuple(scenarios.TEXTS[f"kiosk.{code}"][0] for code in ("pin_set", "pin_again"))
_NOTHING = kiosk.TEXTS["kiosk.pin_typed"][0].format(n=0)
"""What the kiosk says while it waits for a new PIN."""


async def begun(cast: Cast) -> None:
    """The teller begins on site, from the palette, and takes the usual choice with everything."""
    await cast.page("attract")
    await from_palette(cast, "grkh")
    await cast.page("talk")
    await story.call_stands(cast)
    await cast.step_done("begun")
    await from_palette(cast, "full")
    await cast.teller.wait("teller.transactions.count", 20, contains="16 / 16")
    await cast.step_done("sixteen-chosen")


async def from_palette(cast: Cast, query: str) -> None:
    """F10, a few letters, Enter."""
    await cast.teller.key("F10")
    await cast.teller.type("palette.query", query)
    await cast.teller.key("Return")


async def filled(cast: Cast) -> None:
    """What no paper says; everything else stands there already."""
    for name, value in TYPED.items():
        if name in CHOSEN:
            await cast.teller.choose(f"teller.form.{name}", value)
        else:
            await cast.teller.type(f"teller.form.{name}", value)
            await cast.teller.key("Return")
    await cast.step_done("form-filled")


async def confirmed(cast: Cast) -> None:
    """Sixteen lines are more than one screen: the customer reads down to the last."""
    await cast.page("confirm", 40)
    await cast.step_done("summary-on-the-kiosk")
    while not await cast.enabled("kiosk.confirm"):
        try:
            await cast.kiosk.click("kiosk.more", timeout_s=5)
        except AutomationError:
            continue
    await cast.step_done("summary-read")
    await cast.kiosk.click("kiosk.confirm", timeout_s=20)


async def pin_set(cast: Cast) -> None:
    """A PIN of one's own, twice: each time the screen asks, and nothing is typed yet."""
    for asked in _ASKED:
        await cast.kiosk.wait("kiosk.step", 30, text=asked)
        await cast.kiosk.wait("kiosk.pin.typed", 30, text=_NOTHING)
        await cast.enter_pin(PIN)
    await cast.page("sign")
    await cast.step_done("pin-set")


async def opening(cast: Cast) -> None:
    """One card read, one photo, one confirmation, one PIN, one signature: sixteen transactions."""
    await begun(cast)
    await story.identified(cast, NEWCOMER)
    await filled(cast)
    await story.counted(cast)
    await cast.main_says("提交", 40)
    await story.submitted(cast)
    await confirmed(cast)
    await pin_set(cast)
    await cast.sign(NEWCOMER.name)
    await cast.main_says("执行", 40)
    await cast.step_done("signed")
    await cast.teller.key("F9")
    await cast.page("hand_over", 60)
    await cast.kiosk.choose("hands.thing", "take_certificate")
    await cast.kiosk.click("hands.do", timeout_s=30)
    await cast.step_done("certificate-taken")
    await cast.teller.wait("teller.voucher.code", 60, visible=True)
    await cast.step_done("voucher")
    await story.ended(cast)
    await handed_over(cast)


async def handed_over(cast: Cast) -> None:
    """Card and U-key came out of the teller's drawer, not out of the machine: he says that the customer holds each."""
    await cast.main_says("结束办理", 40)
    await cast.teller.key("F9")
    for thing in ("银行卡", "U 盾"):
        await cast.teller.wait("dialog.title", 20, contains=thing)
        await cast.teller.click("dialog.taken", timeout_s=20)
    await cast.step_done("handed-over")


def right(case: CaseView) -> dict[str, bool]:
    """What must hold of the case beside what holds of every visit."""
    parts = [item.state for item in case.plan if item.code == "plan.transaction"]
    return {
        "sixteen transactions carried out": parts == ["done"] * 16,
        "one confirmation, one signature": case.confirmed_at is not None and case.signed_at is not None,
    }
