"""A passbook, played in the real windows: issued beside staff, its first page printed by the machine."""

from common.wire.cases import CaseView
from tools.demo import opening, story
from tools.demo.cast import Cast

NUMBER = "5100001"
"""Of the blank book in the teller's drawer; its stripe says the same."""


async def passbook(cast: Cast) -> None:
    """One card read, one photo, one confirmation, one signature; then the book goes through the printer."""
    await cast.page("attract")
    await opening.from_palette(cast, "klcz")
    await cast.page("talk")
    await story.call_stands(cast)
    await cast.step_done("begun")
    await story.identified(cast)
    await cast.teller.type("teller.form.passbook_number", NUMBER)
    await cast.teller.key("Return")
    await cast.step_done("book-scanned")
    await cast.main_says("提交", 40)
    await story.submitted(cast)
    await story.consented(cast, pin=None)
    await cast.teller.key("F9")
    await cast.page("print_passbook", 60)
    await cast.step_done("book-asked-for")
    await cast.kiosk.choose("hands.thing", "insert_passbook")
    await cast.kiosk.type("hands.detail", NUMBER)
    await cast.kiosk.click("hands.do", timeout_s=30)
    await cast.step_done("book-in-the-printer")
    await cast.kiosk.choose("hands.thing", "take_passbook")
    await cast.kiosk.click("hands.do", timeout_s=60)
    await cast.step_done("book-taken")
    await cast.teller.wait("teller.voucher.code", 60, visible=True)
    await cast.step_done("voucher")
    await story.ended(cast)


def right(case: CaseView) -> dict[str, bool]:
    """What must hold of the case beside what holds of every visit."""
    states = {item.code: item.state for item in case.plan}
    return {
        "the book is issued and printed": states.get("plan.transaction") == "done"
        and states.get("plan.print_passbook") == "done",
        "nothing is left to hand over": not case.to_hand_over,
    }
