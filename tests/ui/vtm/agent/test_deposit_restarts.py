"""Cash in, interrupted anywhere: notes are kept, given back or put into suspense, and the server knows which."""

from typing import Any

import pytest

from common.errors import AppError, ServiceError, UserError
from common.wire.cases import CaseState, CashState, CustomerStep, Scenario
from common.wire.signalling import Welcome
from devices.client.deposit import OddNote
from devices.client.errors import CashOutcomeUnknown, DeviceError
from tests.ui.vtm.agent.conftest import Kiosk
from tests.ui.vtm.cases import cash

pytestmark = pytest.mark.expects_log("step failed")
S = CustomerStep
D = Scenario.DEPOSIT


def device_error(code: str) -> DeviceError:
    return DeviceError(code, command="CashAcceptor.CashIn", completion="", error_code=None, retryable=False)


def held(notes: int, state: CashState = CashState.COUNTED) -> Any:
    return cash("in", state).model_copy(update={"notes": {"100": notes}})


async def begin(kiosk: Kiosk, notes: int = 4, **changes: Any) -> None:
    """One bunch is in escrow and the customer is asked."""
    kiosk.visit(S.INSERT_CASH, D, cash=None, **changes)
    await kiosk.switch_on()
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.machine.give("bunch", notes)
    await kiosk.at(S.INSERT_CASH, "ask")


async def counted(kiosk: Kiosk, notes: int = 4) -> None:
    """The customer has said that the count is right."""
    kiosk.server.reactions["cash/counted"] = {"customer_step": S.TALK, "cash": held(notes)}
    await begin(kiosk, notes)
    await kiosk.customer.count_is_right()
    await kiosk.at(S.TALK)


def execute(kiosk: Kiosk) -> None:
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.WAIT_EXECUTION}
    kiosk.server.change(customer_step=S.STORE_CASH, state=CaseState.EXECUTING)


async def test_counted_notes_are_stored_and_told(kiosk: Kiosk) -> None:
    await counted(kiosk)
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.known, outcome.stored, outcome.returned) == (True, {"100": 4}, {})
    assert kiosk.machine.till.inside == 54


async def test_notes_that_nobody_heard_of_are_shown_before_the_count_is_right(kiosk: Kiosk) -> None:
    kiosk.server.reactions["cash/counted"] = {"customer_step": S.TALK, "cash": held(5)}
    await begin(kiosk)
    kiosk.machine.till.escrow += 1
    await kiosk.customer.count_is_right()
    await kiosk.until(lambda: kiosk.brain.screen.notes == {10_000: 5}, "the customer sees all of them")
    assert kiosk.server.bodies("cash/counted") == []
    await kiosk.customer.count_is_right()
    await kiosk.at(S.TALK)
    (told,) = kiosk.server.bodies("cash/counted")
    assert told.notes == {"100": 5}


@pytest.mark.expects_log("other notes in escrow than were confirmed: given back")
async def test_other_notes_than_were_confirmed_go_back_to_the_customer(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.machine.till.escrow += 1
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.known, outcome.stored, outcome.returned) == (True, {}, {"100": 4})
    assert (kiosk.machine.till.inside, kiosk.machine.till.escrow) == (50, 0)


async def test_a_server_lost_after_storing_hears_it_from_the_journal(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.server.refusals["cash/outcome"] = [ServiceError("network.unreachable")] * 2
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert outcome.stored == {"100": 4}
    assert kiosk.machine.log.count("stored") == 1


async def test_a_server_restarted_while_counted_notes_wait_leaves_them_in_escrow(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.server.change(customer_step=S.CONFIRM, state=CaseState.AUTHORISED)
    await kiosk.at(S.CONFIRM)
    kiosk.server.line.say(Welcome(number="K-02", role="kiosk"))
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.stored, outcome.returned) == ({"100": 4}, {})
    assert "rolled back" not in kiosk.machine.log
    assert kiosk.server.bodies("cash/given-back") == []


async def test_a_cash_in_that_outlives_its_visit_is_brought_to_its_end_at_rest(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.server.change(customer_step=S.GOODBYE, state=CaseState.CANCELLED)
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the server knows where the notes are")
    assert kiosk.brain.case_id is None
    assert kiosk.machine.log.count("rolled back") == 1
    assert kiosk.brain.cash_in is None


async def test_a_jam_keeps_the_notes_for_the_customer_and_they_are_told_as_kept(kiosk: Kiosk) -> None:
    kiosk.server.reactions["cash/given-back"] = {"customer_step": S.TALK}
    await begin(kiosk)
    await kiosk.customer.insert_more()
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.machine.give("bunch", device_error("device.jam"))
    await kiosk.at(S.TALK)
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the journal knows that it was told")
    (told,) = kiosk.server.bodies("cash/given-back")
    (line,) = kiosk.brain.journal.all()
    assert (told.movement_id, told.returned, told.retracted) == (line.id, {}, {"100": 4})
    assert kiosk.server.bodies("cash/counted") == []


async def test_notes_that_no_bin_takes_after_a_jam_are_given_back(kiosk: Kiosk) -> None:
    await begin(kiosk)
    await kiosk.customer.insert_more()
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.machine.errors["aborted"] = CashOutcomeUnknown("CashManagement.Reset", kiosk.machine.till.counts())
    kiosk.machine.give("bunch", device_error("device.jam"))
    await kiosk.did("rolled back")
    await kiosk.until(lambda: kiosk.brain.journal.unsettled() == [], "the journal knows the end")
    assert kiosk.machine.till.escrow == 0
    assert "recovered" in kiosk.machine.log


def counterfeit(location: str) -> OddNote:
    return OddNote("AB12345678", 10_000, "counterfeit", location, "")


async def test_a_suspect_note_is_told_where_it_lies_when_the_customer_has_taken_it(kiosk: Kiosk) -> None:
    kiosk.machine.odd = (counterfeit("customer"),)
    await counted(kiosk)
    (told,) = kiosk.server.bodies("suspect-notes")
    assert [(note.serial, note.location) for note in told.notes] == [("AB12345678", "customer")]
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    assert kiosk.server.bodies("suspect-notes") == [told, told]
    assert kiosk.server.bodies("cash/outcome")[0].stored == {"100": 4}


@pytest.mark.expects_log("suspect notes not told")
@pytest.mark.parametrize("away", [0, 2])
async def test_notes_given_back_and_not_taken_are_kept_and_told_as_kept(kiosk: Kiosk, away: int) -> None:
    kiosk.server.reactions["cash/given-back"] = {"customer_step": S.TALK}
    kiosk.server.refusals["suspect-notes"] = [ServiceError("network.unreachable")] * away
    kiosk.machine.odd, kiosk.machine.refused_taken = (counterfeit("unit8"),), False
    kiosk.visit(S.INSERT_CASH, D, cash=None)
    await kiosk.switch_on()
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.machine.give("bunch", 4)
    await kiosk.at(S.TALK)
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the journal knows that it was told")
    assert {note.location for told in kiosk.server.bodies("suspect-notes") for note in told.notes} == {"unit8"}
    assert kiosk.server.bodies("cash/given-back")[0].retracted == {"100": 4}
    assert kiosk.machine.log.count("aborted") == 1
    assert kiosk.server.bodies("cash/counted") == []


@pytest.mark.parametrize("away", [0, 3])
@pytest.mark.parametrize("state", [CaseState.DRAFT, CaseState.AWAITING_AUTHORISATION, CaseState.AUTHORISED])
async def test_counted_notes_given_back_after_a_restart_are_told_at_once(
    kiosk: Kiosk, state: CaseState, away: int
) -> None:
    await counted(kiosk)
    kiosk.server.change(state=state)
    kiosk.server.refusals["cash/given-back"] = [ServiceError("network.unreachable")] * away
    await kiosk.again()
    await kiosk.did("rolled back")
    for _ in range(away):
        await kiosk.until(lambda: not kiosk.brain._recovering.locked(), "it gave up for now")
        kiosk.server.line.say(Welcome(number="K-02", role="kiosk"))
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the server knows")
    (told,) = kiosk.server.bodies("cash/given-back")
    assert (told.movement_id, told.returned, told.retracted) == ("m1", {"100": 4}, {})


@pytest.mark.parametrize("state", [CaseState.DRAFT, CaseState.CANCELLED])
async def test_an_empty_cash_in_says_nothing_about_the_notes_of_an_earlier_one(kiosk: Kiosk, state: CaseState) -> None:
    await counted(kiosk)
    await kiosk.again()
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the first one is told")
    kiosk.server.change(customer_step=S.INSERT_CASH, cash=held(4, CashState.SUSPENSE))
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.server.change(customer_step=S.TALK, state=state)
    await kiosk.until(lambda: [line.told for line in kiosk.brain.journal.all()] == [True, True], "the second one ends")
    assert kiosk.server.bodies("cash/outcome") == []
    assert [told.movement_id for told in kiosk.server.bodies("cash/given-back")] == ["m1"]


@pytest.mark.parametrize("away", [0, 3])
async def test_after_a_restart_notes_in_escrow_are_given_back_and_the_case_can_go_on(kiosk: Kiosk, away: int) -> None:
    await begin(kiosk)
    await kiosk.again()
    await kiosk.at(S.INSERT_CASH, "open")
    assert kiosk.machine.till.escrow == 0
    assert kiosk.server.told == []
    kiosk.server.reactions["cash/counted"] = {"customer_step": S.TALK, "cash": held(2)}
    kiosk.machine.give("bunch", 2)
    await kiosk.at(S.INSERT_CASH, "ask")
    await kiosk.customer.count_is_right()
    await kiosk.at(S.TALK)
    kiosk.server.refusals["cash/outcome"] = [ServiceError("network.unreachable")] * away
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    assert [o.stored for o in kiosk.server.bodies("cash/outcome")] == [{"100": 2}]


@pytest.mark.parametrize(("step", "state"), [(S.STORE_CASH, CaseState.EXECUTING), (S.RETURN_CASH, CaseState.CANCELLED)])
async def test_after_a_restart_counted_notes_are_given_back_and_told_as_returned(
    kiosk: Kiosk, step: CustomerStep, state: CaseState
) -> None:
    await counted(kiosk)
    await kiosk.switch_off()
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    kiosk.server.change(customer_step=step, state=state)
    await kiosk.switch_on()
    await kiosk.did("rolled back")
    await kiosk.at(S.TROUBLE)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.known, outcome.stored, outcome.returned) == (True, {}, {"100": 4})
    assert kiosk.machine.till.inside == 50


async def test_a_power_cut_while_storing_is_explained_by_the_counters(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.server.refusals["cash/moving"] = [ServiceError("network.unreachable")] * 10_000
    kiosk.server.change(customer_step=S.STORE_CASH, state=CaseState.EXECUTING)
    await kiosk.until(lambda: kiosk.screen.problem, "the server is lost")
    till = kiosk.machine.till
    till.inside, till.deposited, till.escrow, till.open = 54, 4, 0, False  # the machine stored them all the same
    kiosk.server.refusals.clear()
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.WAIT_EXECUTION}
    await kiosk.again()
    await kiosk.at(S.WAIT_EXECUTION)
    assert [o.stored for o in kiosk.server.bodies("cash/outcome")] == [{"100": 4}]


@pytest.mark.parametrize("known_as", [CashState.SUSPENSE, CashState.SETTLED])
async def test_notes_pulled_in_are_told_of_the_item_that_stood_for_all_of_them(
    kiosk: Kiosk, known_as: CashState
) -> None:
    """Also when two persons have closed it meanwhile: the same notes never become a second item."""
    await counted(kiosk)
    await kiosk.switch_off()
    till = kiosk.machine.till
    till.retracted, till.escrow, till.open = 1, 0, False  # three were taken, the last one was pulled in
    kiosk.server.change(state=CaseState.FAILED, customer_step=S.TROUBLE, cash=held(4, known_as))
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the server knows")
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.movement_id, outcome.known, outcome.retracted) == ("m1", False, {"100": 1})
    assert kiosk.server.bodies("cash/given-back") == []


async def test_an_unknown_end_of_storing_is_found_out(kiosk: Kiosk) -> None:
    await counted(kiosk)
    kiosk.machine.errors["stored"] = CashOutcomeUnknown("CashAcceptor.CashInEnd", kiosk.machine.till.counts())
    execute(kiosk)
    await kiosk.at(S.WAIT_EXECUTION)
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.stored, outcome.returned) == ({}, {"100": 4})


async def test_the_customer_takes_everything_back_and_begins_again(kiosk: Kiosk) -> None:
    await begin(kiosk)
    await kiosk.customer.give_cash_back()
    await kiosk.did("rolled back")
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.machine.give("bunch", 1)
    await kiosk.at(S.INSERT_CASH, "ask")
    lines = kiosk.brain.journal.all()
    assert [line.outcome is not None for line in lines] == [True, False]


@pytest.mark.parametrize("asked", [False, True])
async def test_a_step_that_changes_while_the_slot_is_open_gives_everything_back(kiosk: Kiosk, asked: bool) -> None:
    await begin(kiosk)
    if not asked:
        await kiosk.customer.insert_more()
        await kiosk.at(S.INSERT_CASH, "open")
    kiosk.server.change(customer_step=S.TALK)
    await kiosk.did("rolled back")
    await kiosk.at(S.TALK)
    assert kiosk.machine.till.escrow == 0
    assert ("bunch cut" in kiosk.machine.log) is not asked


async def test_a_step_that_changes_while_notes_are_counted_waits_for_the_count(kiosk: Kiosk) -> None:
    await begin(kiosk)
    await kiosk.customer.insert_more()
    await kiosk.at(S.INSERT_CASH, "open")
    kiosk.tell("CashManagement.ItemsInsertedEvent")
    assert kiosk.screen.phase == "counting"
    kiosk.server.change(customer_step=S.TALK)
    kiosk.tell("CashManagement.ItemsInsertedEvent")
    await kiosk.at(S.TALK)
    kiosk.machine.give("bunch", 5)
    await kiosk.did("rolled back")
    assert "bunch cut" not in kiosk.machine.log


async def test_a_case_that_ended_meanwhile_takes_the_notes_given_back_as_its_outcome(kiosk: Kiosk) -> None:
    await counted(kiosk)
    await kiosk.switch_off()
    # What the kiosk fetches first is a draft; the teller ends the case before the kiosk has told anything.
    kiosk.server.refusals["cash/given-back"] = [UserError("cash.not_now", state="cancelled")]
    before, post = kiosk.server.case, kiosk.server.post

    async def ended_meanwhile(path: str, *words: Any, **more: Any) -> Any:
        if path.endswith("given-back"):
            kiosk.server.change(state=CaseState.CANCELLED)
        return await post(path, *words, **more)

    kiosk.server.post = ended_meanwhile  # type: ignore[method-assign]
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the server knows")
    assert before is not None
    (outcome,) = kiosk.server.bodies("cash/outcome")
    assert (outcome.known, outcome.returned) == (True, {"100": 4})


async def anew(kiosk: Kiosk) -> None:
    """Off and on again; meanwhile the machine's counters have begun anew, and no cash-in is open."""
    await kiosk.switch_off()
    till = kiosk.machine.till
    till.deposited, till.escrow, till.open = 0, 0, False
    await kiosk.again()
    first = kiosk.brain.journal.all()[0].key
    await kiosk.until(lambda: (line := kiosk.brain.journal.find(first)) and line.told, "the server knows")


async def test_of_counted_notes_counters_that_began_anew_say_nothing(kiosk: Kiosk) -> None:
    kiosk.machine.till.deposited = 9
    await counted(kiosk)
    await anew(kiosk)
    (told,) = kiosk.server.bodies("cash/given-back")
    assert (told.movement_id, told.known, told.returned, told.retracted) == ("m1", False, {}, {})
    assert told.error == "cash.counters_anew"


@pytest.mark.parametrize("why", ["cash.counters_anew", "cash.pulled_in_uncounted"])
async def test_of_notes_that_were_to_be_stored_counters_that_cannot_say_say_nothing(kiosk: Kiosk, why: str) -> None:
    kiosk.machine.till.deposited, kiosk.machine.why_unknown = 9, why
    await counted(kiosk)
    await kiosk.switch_off()
    kiosk.server.change(customer_step=S.STORE_CASH, state=CaseState.EXECUTING)
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await anew(kiosk)
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.stored, told.returned, told.error) == (False, {}, {}, why)


async def test_notes_that_nobody_declared_are_told_too_when_the_counters_began_anew(kiosk: Kiosk) -> None:
    kiosk.machine.till.deposited = 9
    await begin(kiosk)
    await anew(kiosk)
    told = kiosk.server.bodies("cash/given-back")[0]
    assert (told.movement_id, told.known, told.retracted) == (kiosk.brain.journal.all()[0].id, False, {})


# -- lines that the server does not take ---------------------------------------------------------------------------


async def refused_payout(kiosk: Kiosk, refusal: AppError) -> None:
    """A payout of an earlier visit whose end the server will not take: its case was cancelled while the line was
    down."""
    kiosk.withdrawal()
    kiosk.server.refusals["cash/moving"] = [ServiceError("network.unreachable")] * 10_000
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.brain.journal.unsettled(), "the intent is in the journal")
    await kiosk.switch_off()
    kiosk.server.refusals["cash/moving"] = [refusal] * 10_000
    kiosk.server.refusals["cash/outcome"] = [refusal] * 10_000


@pytest.mark.expects_log("outcome not taken")
@pytest.mark.parametrize("refusal", [UserError("cash.wrong_state"), ServiceError("error.internal")])
async def test_a_line_that_the_server_does_not_take_holds_up_no_later_deposit(kiosk: Kiosk, refusal: AppError) -> None:
    await refused_payout(kiosk, refusal)
    kiosk.visit(S.INSERT_CASH, D, id="c2", cash=None)
    await kiosk.switch_on()
    await kiosk.at(S.INSERT_CASH, "open")
    untold, opened = kiosk.brain.journal.untold()
    assert (untold.key, untold.outcome is not None, opened.detail) == ("m1", True, {"case": "c2"})


@pytest.mark.expects_log("outcome not taken")
async def test_a_line_that_the_server_fails_on_holds_up_no_later_line(kiosk: Kiosk) -> None:
    await refused_payout(kiosk, ServiceError("error.internal"))
    await begin(kiosk, id="c2")
    await kiosk.switch_off()
    kiosk.server.change(customer_step=S.GOODBYE, cash=cash("out", CashState.REVERSED))
    await kiosk.switch_on()
    journal = kiosk.brain.journal
    await kiosk.until(
        lambda: [line.outcome is not None for line in journal.all()] == [True, True], "both are found out"
    )
    kiosk.server.refusals.clear()
    kiosk.server.line.say(Welcome(number="K-02", role="kiosk"))
    await kiosk.until(lambda: journal.untold() == [], "and told, once it can be")


@pytest.mark.expects_log("deposit not explained yet")
async def test_notes_to_be_given_back_that_stay_in_the_slot_are_told_as_unknown_and_explained_later(
    kiosk: Kiosk,
) -> None:
    await counted(kiosk)
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    kiosk.machine.errors["rolled back"] = CashOutcomeUnknown("CashManagement.Retract", kiosk.machine.till.counts())
    kiosk.machine.stuck = True
    kiosk.server.change(customer_step=S.RETURN_CASH, state=CaseState.CANCELLED)
    await kiosk.at(S.TROUBLE)
    kiosk.machine.stuck = False
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the counters have explained it")
    told = [(o.known, o.returned, o.error) for o in kiosk.server.bodies("cash/outcome")]
    assert told == [(False, {}, "cash.outcome_unknown"), (True, {"100": 4}, None)]


@pytest.mark.parametrize(("step", "state"), [(S.STORE_CASH, CaseState.EXECUTING), (S.RETURN_CASH, CaseState.CANCELLED)])
async def test_a_kiosk_that_has_lost_its_journal_gives_back_what_lies_in_escrow_and_says_that_it_knows_nothing(
    kiosk: Kiosk, step: CustomerStep, state: CaseState
) -> None:
    await counted(kiosk)
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    kiosk.server.case = kiosk.server.case.model_copy(  # type: ignore[union-attr]
        update={"customer_step": step, "state": state}
    )
    await kiosk.with_another_disk()
    await kiosk.at(S.TROUBLE)
    assert (kiosk.machine.till.escrow, kiosk.machine.till.inside) == (0, 50)
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.stored, told.returned, told.error) == (False, {}, {}, "cash.journal_lost")
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the new journal knows that it was told")
