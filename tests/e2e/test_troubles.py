"""What can go wrong at the kiosk: each is said, leaves the books right, and the visit goes on or ends well."""

import asyncio
import copy
from typing import Any

import pytest

from benchmarks.people import visits
from benchmarks.people.scene import Scene, until
from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.expects_log("payout not explained yet", "deposit not explained yet", "step failed"),
]

AMOUNT = "1000.00"


async def ready_to_pay(visit: Scene, amount: str = AMOUNT) -> wire.CaseView:
    """A withdrawal within the teller's limit, consented and executed; the card is out."""
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=amount)
    case = await visits.submit(teller, case)
    assert case.state is wire.CaseState.AUTHORISED
    await visits.consent(visit)
    case = await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    return case


async def trouble(visit: Scene, case: wire.CaseView) -> wire.TroubleView:
    await visit.step(S.TROUBLE)
    case = await visits.case_of(visit.seats["T-03"], case.id)
    assert case.trouble is not None
    return case.trouble


async def ended(visit: Scene, case: wire.CaseView) -> wire.CaseView:
    """Nothing more is tried; the customer goes."""
    await visit.seats["T-03"].command(f"/cases/{case.id}/resolve", wire.Resolve(choice="end_case"))
    await visit.step(None)
    return await visits.case_of(visit.seats["T-03"], case.id)


async def books_agree(visit: Scene) -> dict[str, int]:
    """Books and counters say the same, once the machine's newest report has come."""
    teller = visit.seats["T-03"]
    found: dict[str, int] = {}
    for _ in range(250):
        found = await visits.books(teller)
        if found["books"] == found["counters"]:
            break
        await asyncio.sleep(0.02)
    assert found["books"] == found["counters"], found
    assert found["clearing"] == 0
    return found


@pytest.mark.parametrize(("amount", "code"), [("70000.00", "account.insufficient"), ("1005.00", "cash.not_payable")])
async def test_what_cannot_be_paid_is_said_before_anything_happens(visit: Scene, amount: str, code: str) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=amount)
    with pytest.raises(UserError) as refused:
        await visits.submit(teller, case)
    assert refused.value.code == code
    assert (await visits.case_of(teller, case.id)).state is wire.CaseState.DRAFT
    assert await visits.books(teller) == before


@pytest.mark.parametrize("fault", ["dispense.jam_before", "dispense.jam_midway", "present.shutter_stuck"])
async def test_notes_that_do_not_come_out_are_booked_back_and_paid_again(visit: Scene, fault: str) -> None:
    before = await visits.books(visit.seats["T-03"])
    case = await _case_before_payout(visit, fault)
    seen = await trouble(visit, case)
    assert seen.money is not None
    assert seen.money.account is not None
    assert seen.money.hand is not None
    assert (seen.money.account.minor, seen.money.hand.minor) == (0, 0)
    assert seen.choices[0] == "retry_payout"
    await visit.seats["T-03"].command(f"/cases/{case.id}/resolve", wire.Resolve(choice="retry_payout"))
    await visit.step(S.TAKE_CASH, "present")
    assert sum((await visit.hands.take_notes()).values()) == 10
    await visits.receipt_and_rating(visit)
    after = await books_agree(visit)
    assert before["books"] - after["books"] == 100_000


async def _case_before_payout(visit: Scene, fault: str, **params: Any) -> wire.CaseView:
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=AMOUNT)
    case = await visits.submit(teller, case)
    await visits.consent(visit)
    await visit.hands.faults.inject(fault, **params)
    case = await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    return case


def nobody_waits_long(visit: Scene) -> None:
    """Where nobody takes anything there is nobody to leave time for."""
    assert visit.agent is not None
    limits = visit.agent.limits = copy.copy(visit.agent.limits)
    limits.take_card_s = limits.take_cash_s = 1.0


async def test_notes_that_nobody_takes_come_back_and_are_booked_back(visit: Scene) -> None:
    before = await visits.books(visit.seats["T-03"])
    case = await ready_to_pay(visit)
    nobody_waits_long(visit)
    seen = await trouble(visit, case)
    assert seen.code == "trouble.cash_not_taken"
    case = await ended(visit, case)
    assert case.state is wire.CaseState.CANCELLED
    assert (await books_agree(visit))["books"] == before["books"]


async def test_an_answer_lost_after_the_act_is_found_out_by_the_counters(visit: Scene) -> None:
    before = await visits.books(visit.seats["T-03"])
    await _case_before_payout(visit, "wire.lose_completion", command="CashDispenser.Present")
    await visit.when_possible("take_notes")
    assert sum((await visit.hands.take_notes()).values()) == 10
    await visits.receipt_and_rating(visit)
    after = await books_agree(visit)
    assert before["books"] - after["books"] == 100_000
    assert after["suspense"] == before["suspense"]


async def test_a_card_torn_out_early_must_come_back_and_pin_and_signature_are_asked_again(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=AMOUNT)
    await visits.submit(teller, case)
    await visits.consent(visit)
    await visit.hands.tear_card()
    await visit.step(S.INSERT_CARD, "waiting")
    with pytest.raises(UserError):
        await visits.execute(teller, case)
    await visit.insert_card("方予安")
    await until(lambda: visit.screen.problem, "another card is refused")
    assert visit.screen.problem is not None
    assert visit.screen.problem.code == "card.other_than_before"
    await visit.when_possible("take_card")
    await visit.hands.take_card()
    await visit.step(S.INSERT_CARD, "waiting")
    await visit.insert_card()
    await visit.pin()
    await visit.step(S.SIGN)


async def test_a_card_that_nobody_takes_is_kept_and_nothing_is_paid(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=AMOUNT)
    nobody_waits_long(visit)
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="customer_left"))
    await visit.step(None, within_s=30)
    case = await visits.case_of(teller, case.id)
    assert case.card is not None
    assert case.card.state is wire.CardState.RETAINED
    assert await visits.books(teller) == before


async def test_a_face_below_the_threshold_needs_a_note_and_an_authoriser(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=AMOUNT)
    await visits.match(teller, case, score=41.7)
    with pytest.raises(UserError) as refused:
        await visits.submit(teller, case)
    assert refused.value.code.startswith("note.") or refused.value.code.startswith("face.")
    case = await visits.submit(teller, case, note="本人，戴了新眼镜，问了三个问题")
    assert case.state is wire.CaseState.AWAITING_AUTHORISATION
    assert case.authorisation is not None
    assert [reason.code for reason in case.authorisation.reasons] == ["rule.face_below_threshold"]


async def test_no_authoriser_is_there_and_the_case_waits(visit: Scene) -> None:
    teller, authoriser = visit.seats["T-03"], visit.seats["A-07"]
    await authoriser.api.command("PUT", "/tasks/accepting", {"accepting": False})
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="20000.00")
    case = await visits.submit(teller, case)
    assert case.authorisation is not None
    assert case.authorisation.authorisers_online == 0
    assert case.authorisation.state == "queued"
    await visit.step(S.WAIT_AUTHORISATION)
    await authoriser.api.command("PUT", "/tasks/accepting", {"accepting": True})
    await until(lambda: authoriser.tasks, "the task is dealt once somebody is there")


async def test_the_customer_wants_the_notes_back(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.answer(visit, teller, await visit.arrive(wire.Scenario.DEPOSIT))
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.INSERT_CASH))
    await visit.step(S.INSERT_CASH, "open")
    await visit.when_possible("put_notes")
    await visit.hands.put_notes({"100": 3})
    await visit.step(S.INSERT_CASH, "ask")
    await visit.customer.give_cash_back()
    await visit.when_possible("take_notes")
    assert await visit.hands.take_notes() == {"100:fit": 3}
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="customer_left"))
    assert (await books_agree(visit))["books"] == before["books"]


async def test_a_counted_deposit_is_given_back_when_the_case_is_ended(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.answer(visit, teller, await visit.arrive(wire.Scenario.DEPOSIT))
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.INSERT_CASH))
    await visit.step(S.INSERT_CASH, "open")
    await visit.when_possible("put_notes")
    await visit.hands.put_notes({"50": 7})
    await visit.step(S.INSERT_CASH, "ask")
    await visit.customer.count_is_right()
    await visit.step(S.TALK)
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="customer_left"))
    await visit.when_possible("take_notes")
    assert await visit.hands.take_notes() == {"50:fit": 7}
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(None)
    assert (await books_agree(visit))["books"] == before["books"]


async def test_a_printer_without_paper_holds_up_nobody(visit: Scene) -> None:
    await ready_to_pay(visit)
    await visit.hands.faults.inject("printer.paper_out")
    await visit.step(S.TAKE_CASH, "present")
    await visit.hands.take_notes()
    await visit.step(S.RATE)
    assert visit.screen.case is not None
    assert visit.screen.case.voucher is not None
    assert not visit.screen.case.voucher.printed
