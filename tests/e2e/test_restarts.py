"""Power cuts and lost processes in the middle of a visit: books and counters agree, and the visit comes to its end."""

import os

import pytest

from benchmarks.people import visits
from benchmarks.people.scene import Scene
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S
from tests.e2e.test_troubles import books_agree, ready_to_pay

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.expects_log("payout not explained yet", "deposit not explained yet", "step failed"),
]


async def begin_deposit(visit: Scene, notes: dict[str, int]) -> wire.CaseView:
    """Notes lie in escrow and the customer is asked whether the count is right."""
    teller = visit.seats["T-03"]
    case = await visits.answer(visit, teller, await visit.arrive(wire.Scenario.DEPOSIT))
    case = await visits.match(teller, await visits.papers(visit, teller, case))
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.INSERT_CASH))
    await put(visit, notes)
    return case


async def put(visit: Scene, notes: dict[str, int]) -> None:
    await visit.step(S.INSERT_CASH, "open")
    await visit.when_possible("put_notes")
    await visit.hands.put_notes(notes)
    await visit.step(S.INSERT_CASH, "ask")


async def test_a_kiosk_switched_off_while_notes_are_out_tells_what_was_taken(visit: Scene) -> None:
    before = await visits.books(visit.seats["T-03"])
    case = await ready_to_pay(visit)
    await visit.step(S.TAKE_CASH, "present")
    await visit.switch_kiosk_off()
    assert sum((await visit.hands.take_notes()).values()) == 10
    await visit.kiosk()
    await visits.receipt_and_rating(visit)
    case = await visits.case_of(visit.seats["T-03"], case.id)
    assert case.state is wire.CaseState.COMPLETED
    after = await books_agree(visit)
    assert before["books"] - after["books"] == 100_000
    assert after["suspense"] == before["suspense"]


async def test_a_kiosk_switched_off_before_the_count_was_confirmed_gives_the_notes_back(visit: Scene) -> None:
    before = await visits.books(visit.seats["T-03"])
    case = await begin_deposit(visit, {"100": 4})
    await visit.switch_kiosk_off()
    await visit.kiosk()
    await visit.when_possible("take_notes")
    assert await visit.hands.take_notes() == {"100:fit": 4}
    await put(visit, {"50": 2})
    await visit.customer.count_is_right()
    await visit.step(S.TALK)
    teller = visit.seats["T-03"]
    case = await visits.submit(teller, await visits.fill(teller, await visits.case_of(teller, case.id)))
    await visits.consent(visit, pin=False)
    await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visits.receipt_and_rating(visit)
    assert (await books_agree(visit))["books"] - before["books"] == 10_000


async def test_a_kiosk_switched_off_with_counted_notes_gives_them_back_and_the_case_ends(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await begin_deposit(visit, {"100": 4})
    await visit.customer.count_is_right()
    await visit.step(S.TALK)
    await visit.switch_kiosk_off()
    await visit.kiosk()
    await visit.when_possible("take_notes")
    assert await visit.hands.take_notes() == {"100:fit": 4}
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="teller"))
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(None)
    case = await visits.case_of(teller, case.id)
    assert case.cash is not None
    assert case.cash.state is wire.CashState.RETURNED
    assert (await books_agree(visit))["books"] == before["books"]


async def test_a_jam_while_notes_are_taken_in_is_in_suspense_at_the_end(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await begin_deposit(visit, {"100": 4})
    await visit.hands.faults.inject("cash_in.jam")
    await visit.customer.insert_more()
    await visit.step(S.INSERT_CASH, "open")
    await visit.when_possible("put_notes")
    await visit.hands.put_notes({"50": 6})
    await visit.step(S.TALK)
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="teller"))
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(None)
    case = await visits.case_of(teller, case.id)
    assert case.cash is not None
    assert case.cash.state is wire.CashState.SUSPENSE
    after = await books_agree(visit)
    assert after["suspense"] - before["suspense"] == case.cash.amount.minor


async def test_a_server_that_ends_while_the_customer_confirms_is_found_again(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="1000.00")
    case = await visits.submit(teller, case)
    await visit.step(S.CONFIRM)
    await visit.stage.end("server")
    await visit.stage.start_server()
    await visits.consent(visit)
    await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(S.TAKE_CASH, "present")
    await visit.hands.take_notes()
    await visits.receipt_and_rating(visit)
    await books_agree(visit)


async def test_a_machine_that_ends_during_the_payout_is_explained_by_its_counters(visit: Scene) -> None:
    before = await visits.books(visit.seats["T-03"])
    await ready_to_pay(visit)
    await visit.step(S.TAKE_CASH, "present")
    await visit.stage.end("devices")
    await visit.stage.start_devices()
    await visit.when_possible("take_notes")
    assert sum((await visit.hands.take_notes()).values()) == 10
    await visits.receipt_and_rating(visit)
    after = await books_agree(visit)
    assert before["books"] - after["books"] == 100_000
    assert after["suspense"] == before["suspense"]


async def test_server_and_machine_stand_behind_the_windows_they_share_processors_with(visit: Scene) -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    for name in ("server", "devices"):
        theirs = os.getpriority(os.PRIO_PROCESS, visit.stage.children[name].process.pid)
        assert theirs == min(ours + 5, 19), name
