"""The teller's window is a process: ended by SIGKILL in the middle of a case, the next one goes on with it."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from benchmarks.people import visits
from benchmarks.people.scene import Scene, Seat
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S
from tools.demo_people import CUSTOMER
from ui.kit.automation_client import AutomationClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

AMOUNT, NOTE = "300", "与证件照片相符"
ME = "T-05"


@pytest_asyncio.fixture(loop_scope="module")
async def seat(visit: Scene) -> AsyncIterator[Seat]:
    """Who sits at the window, also at the wire: for what the vision worker would have seen, and to look."""
    seat = await visit.sign_on(ME)
    yield seat
    await visit.stage.end("teller")
    await visit.seats.pop(ME).signalling.close()
    await seat.api.close()


async def window(visit: Scene) -> AutomationClient:
    """A process of its own; nobody plays in it but us."""
    await visit.stage.start_window("teller", login=ME)
    return visit.stage.players["teller"]


async def killed(visit: Scene) -> None:
    """Like a power cut: it has no moment to tell anybody or to store anything."""
    process = visit.stage.children["teller"].process
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    await visit.stage.end("teller")


async def half_done(visit: Scene, seat: Seat) -> wire.CaseView:
    """Card, papers, face; what was read off them stands in the form."""
    start = wire.StartCase(scenario="cash_withdrawal", kiosk="K-02")
    case: wire.CaseView = await seat.command("/cases/start", start)
    await visit.step(S.INSERT_CARD, "waiting")
    await visit.insert_card()
    await visit.step(S.TALK)
    case = await visits.match(seat, await visits.papers(visit, seat, case, chips=False))
    sides = ((wire.EvidenceKind.ID_FRONT, CUSTOMER.front()), (wire.EvidenceKind.ID_BACK, CUSTOMER.back()))
    read = {
        name: wire.FieldEntry(
            value=value, source=wire.FieldSource.OCR, confidence=0.99, evidence=visits.evidence(case, kind).digest
        )
        for kind, said in sides
        for name, value in said.items()
    }
    body = wire.FormEntry(version=case.version, fields=read)
    return await seat.api.put(f"/cases/{case.id}/form", body, wire.CaseView)


async def stored(seat: Seat, case_id: str) -> tuple[str, str]:
    """Amount and note as the server has them."""
    case = await visits.case_of(seat, case_id)
    amount = case.form.values.get("amount")
    return amount.value if amount is not None else "", case.note_draft


async def test_a_case_survives_the_sigkill_of_the_tellers_window(visit: Scene, seat: Seat) -> None:
    before = await visits.books(seat)
    case = await half_done(visit, seat)
    teller = await window(visit)
    await teller.type("teller.form.amount", AMOUNT)
    await teller.key("F10")
    await teller.type("palette.query", "lysqy")
    await teller.key("Return")
    await teller.type("teller.note", NOTE)
    while await stored(seat, case.id) != (AMOUNT, NOTE):
        await teller.wait("teller.form.amount", visible=True)
    await killed(visit)

    teller = await window(visit)
    await teller.wait("teller.note", 20, text=NOTE)
    assert await teller.text("teller.form.amount") == f"{AMOUNT}.00"
    assert await teller.text("teller.form.name") == CUSTOMER.name
    seen = await visits.case_of(seat, case.id)
    assert (seen.state, len(seen.evidence)) == (wire.CaseState.DRAFT, len(case.evidence))
    assert seen.face_match is not None
    await main(teller, "提交")
    await visits.consent(visit)
    await main(teller, "执行取款")
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(S.TAKE_CASH, "present")
    await visit.hands.take_notes()
    await visits.receipt_and_rating(visit)
    done, after = await visits.case_of(seat, case.id), await visits.books(seat)
    assert (done.state, done.rating) == (wire.CaseState.COMPLETED, 5)
    assert done.voucher is not None
    assert before["books"] - after["books"] == 30_000
    assert after["books"] == after["counters"]
    assert (after["clearing"], after["suspense"]) == (0, 0)


async def main(teller: AutomationClient, words: str) -> None:
    """The main key, once it says that. Nobody carries the kiosk's end of the call here: when it ends by that, it is
    asked for again, as the key says, whenever that comes."""
    async with asyncio.timeout(60):
        while words not in (said := await teller.text("teller.mainKey")):
            if "再次呼叫" in said:
                await teller.key("F9")
            await teller.wait("teller.mainKey", visible=True)
    await teller.wait("teller.mainKey", 30, contains=words, enabled=True)
    await teller.key("F9")
