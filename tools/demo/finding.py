"""After the customer has left, the teller finds the ended case again and opens it with its evidence, by keys alone."""

from dataclasses import dataclass

from tools.demo.cast import Cast
from ui.kit.texts import teller

_ONE_FOUND = teller.TEXTS["teller.found"][0].format(n=1)
_INTACT = "与存档一致"
"""Of the head of a case that is read again: every picture was fetched, and its digest is that of the archive."""


@dataclass(frozen=True)
class Seen:
    """What a case showed while it was served."""

    number: str
    code: str
    amount: str


async def noted(cast: Cast) -> Seen:
    """As the teller could write it down, once the voucher is there."""
    number, code = await cast.teller.text("teller.caseNumber"), await cast.teller.text("teller.voucher.code")
    return Seen(number, code, await cast.teller.text("teller.record.amount"))


async def found_again(cast: Cast, seen: Seen) -> None:
    """F6, the number, Enter, Enter; looked at; Esc, Esc: and the seat waits as before."""
    await cast.press_main("开始接待")
    await cast.teller.key("F6")
    await cast.teller.type("teller.caseSearch", seen.number)
    await cast.teller.key("Return")
    await cast.teller.wait("teller.found", 20, text=_ONE_FOUND)
    await cast.teller.key("Return")
    await cast.teller.wait("teller.recordHead.text", 20, contains=_INTACT)
    head = await cast.teller.text("teller.recordHead.title")
    cast.checks["the ended case is found again by its number"] = seen.number in head
    cast.checks["found again: voucher and amount as served"] = bool(seen.code) and seen == await noted(cast)
    cast.checks["found again: opened with its evidence"] = all(
        [await cast.teller.exists(f"teller.record.{kind}") for kind in ("id_front", "id_back", "live_frame")]
    )
    await cast.step_done("case-found-again")
    await cast.teller.key("Escape")
    await cast.teller.wait("teller.recordHead", 10, visible=False)
    await cast.teller.key("Escape")
    await cast.teller.wait("teller.caseSearch", 10, visible=False)
    await cast.main_says("开始接待")
