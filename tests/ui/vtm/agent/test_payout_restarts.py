"""Cash out, interrupted anywhere: the outcome is told once, and nothing is paid twice."""

import pytest

from common.errors import ServiceError, UserError
from common.wire.cases import CashMoving, CashState, CustomerStep
from common.wire.signalling import Welcome
from devices.client.errors import CashOutcomeUnknown, DeviceError
from tests.ui.vtm.agent.conftest import Kiosk
from tests.ui.vtm.cases import cash

pytestmark = pytest.mark.expects_log("step failed")
S = CustomerStep
AWAY = "network.unreachable"


def assert_paid_once(kiosk: Kiosk) -> None:
    outcomes = kiosk.server.bodies("cash/outcome")
    assert [(o.known, o.taken) for o in outcomes] == [(True, {"100": 3})]
    assert kiosk.machine.till.presented == 3
    assert [name for name, _ in kiosk.server.told][:2] == ["cash/moving", "cash/outcome"]


async def test_a_payout_without_any_trouble_is_told_once(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)
    assert kiosk.machine.log.count("recovered") == 0


async def test_a_crash_after_the_intent_pays_nothing_and_says_so(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.server.refusals["cash/moving"] = [ServiceError(AWAY)] * 10_000
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.brain.journal.unsettled(), "the intent is in the journal")
    kiosk.server.refusals.clear()
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.again()
    await kiosk.at(S.TROUBLE)
    moving, outcome = kiosk.server.told
    assert (moving[0], outcome[0]) == ("cash/moving", "cash/outcome")
    assert isinstance(moving[1], CashMoving)
    assert (outcome[1].known, outcome[1].taken) == (True, {})
    assert kiosk.machine.till.presented == 0


async def test_a_crash_after_the_notes_came_out_is_explained_by_the_counters(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.halt = "dispensed"
    await kiosk.switch_on()
    await kiosk.at(S.TAKE_CASH, "present")
    await kiosk.again()
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)
    assert kiosk.machine.log.count("recovered") == 1
    assert kiosk.brain.journal.unsettled() == []


async def test_a_server_lost_at_the_outcome_hears_it_later_from_the_journal(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.server.refusals["cash/outcome"] = [ServiceError(AWAY), ServiceError(AWAY)]
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)


async def test_a_crash_between_journal_and_outcome_tells_it_after_the_start(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.server.refusals["cash/outcome"] = [ServiceError(AWAY)] * 10_000
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.screen.problem is not None, "the server is lost")
    (line,) = kiosk.brain.journal.all()
    kiosk.server.refusals.clear()
    await kiosk.again()
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)
    (told,) = kiosk.server.bodies("cash/outcome")
    assert line.outcome is not None
    assert line.outcome.at == told.at < told.sent_at  # by one clock: how long ago is known, wrong as it may be


async def test_an_answer_that_was_lost_is_found_out_and_told_as_known(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.errors["dispensed"] = CashOutcomeUnknown("CashDispenser.Dispense", kiosk.machine.till.counts())
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.switch_on()
    await kiosk.at(S.TROUBLE)
    assert [(o.known, o.taken) for o in kiosk.server.bodies("cash/outcome")] == [(True, {})]


async def test_a_refusal_is_not_believed_when_the_counters_saw_notes_within_reach(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.errors["presented"] = DeviceError(
        "device.refused", command="CashDispenser.Present", completion="", error_code=None, retryable=False
    )
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)


async def test_when_the_line_comes_back_a_suspense_is_explained(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.server.refusals["cash/outcome"] = [ServiceError(AWAY)]
    await kiosk.switch_on()
    await kiosk.until(lambda: not kiosk.server.refusals["cash/outcome"], "the outcome was not heard")
    held = kiosk.server.case.cash.model_copy(update={"state": CashState.SUSPENSE})  # type: ignore[union-attr]
    kiosk.server.change(customer_step=S.TROUBLE, cash=held)
    await kiosk.at(S.TROUBLE)
    await kiosk.until(lambda: kiosk.brain._running is None, "the step is over")
    kiosk.server.line.say(Welcome(number="K-02", role="kiosk"))
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)


async def test_a_payout_of_an_earlier_visit_is_told_to_its_own_case_and_opens_nothing(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.halt = "dispensed"
    await kiosk.switch_on()
    await kiosk.at(S.TAKE_CASH, "present")
    await kiosk.switch_off()
    kiosk.server.reactions["cash/outcome"] = {}
    kiosk.server.change(customer_step=S.GOODBYE)
    await kiosk.again()
    await kiosk.until(lambda: kiosk.server.bodies("cash/outcome"), "the outcome is told")
    assert kiosk.screen.step is None
    assert_paid_once(kiosk)


async def test_counters_that_began_anew_meanwhile_make_it_unknown_and_the_server_hears_it_once(kiosk: Kiosk) -> None:
    kiosk.machine.till.presented = kiosk.machine.till.retracted = 9
    kiosk.withdrawal()
    kiosk.machine.halt = "dispensed"
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.switch_on()
    await kiosk.at(S.TAKE_CASH, "present")
    await kiosk.switch_off()
    kiosk.machine.till.presented = kiosk.machine.till.retracted = 0
    await kiosk.again()
    await kiosk.at(S.TROUBLE)
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the journal knows that it was told")
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.taken, told.retracted, told.error) == (False, {}, {}, "cash.counters_anew")


# -- nobody can say ------------------------------------------------------------------------------------------------


async def stuck(kiosk: Kiosk) -> None:
    """The notes lie in the slot, neither taken nor pulled in."""
    kiosk.withdrawal()
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    kiosk.machine.errors["presented"] = CashOutcomeUnknown("CashManagement.Retract", kiosk.machine.till.counts())
    kiosk.machine.stuck = True
    await kiosk.switch_on()
    await kiosk.at(S.TROUBLE)


@pytest.mark.expects_log("payout not explained yet")
async def test_notes_stuck_in_the_slot_are_told_as_unknown_once_and_explained_later(kiosk: Kiosk) -> None:
    await stuck(kiosk)
    seen = len(kiosk.machine.log)
    await kiosk.until(lambda: kiosk.brain.journal.unsettled(), "it is still looked for")
    assert [(o.known, o.taken, o.error) for o in kiosk.server.bodies("cash/outcome")] == [
        (False, {}, "cash.outcome_unknown")
    ]
    kiosk.server.reactions.clear()
    kiosk.machine.stuck = False
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the counters have explained it")
    assert [(o.known, o.taken) for o in kiosk.server.bodies("cash/outcome")] == [(False, {}), (True, {"100": 3})]
    assert kiosk.machine.log[seen:] == ["recovered"]


@pytest.mark.expects_log("payout not explained yet", "unknown outcome not told yet")
async def test_that_nobody_knows_is_told_when_the_line_is_back(kiosk: Kiosk) -> None:
    kiosk.server.refusals["cash/outcome"] = [ServiceError(AWAY)] * 2
    await stuck(kiosk)
    assert [o.known for o in kiosk.server.bodies("cash/outcome")] == [False]


@pytest.mark.expects_log("payout not explained yet", "outcome not taken")
async def test_that_nobody_knows_is_not_insisted_on_where_the_books_have_gone_on(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.errors["presented"] = CashOutcomeUnknown("CashManagement.Retract", kiosk.machine.till.counts())
    kiosk.machine.stuck = True
    refusals = kiosk.server.refusals["cash/outcome"] = [UserError("cash.wrong_state")]
    await kiosk.switch_on()
    await kiosk.until(lambda: not refusals, "the server was told")
    kiosk.machine.stuck = False
    await kiosk.at(S.RATE)
    assert_paid_once(kiosk)


@pytest.mark.expects_log("payout not explained yet")
async def test_nobody_is_paid_while_an_earlier_customers_notes_are_not_found(kiosk: Kiosk) -> None:
    await stuck(kiosk)
    await kiosk.switch_off()
    kiosk.machine.log.clear()
    due = cash("out", CashState.POSTED).model_copy(update={"movement_id": "m2", "notes": {"100": 1}})
    kiosk.server.reactions["cash/outcome"] = {"cash": due}
    kiosk.visit(S.TAKE_CASH, cash=due, id="c2")
    kiosk.machine.errors.clear()
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.machine.asked > 3, "the machine is asked again and again")
    assert kiosk.machine.log == []
    kiosk.machine.stuck = False
    await kiosk.did("presented")
    assert kiosk.machine.log.index("recovered") < kiosk.machine.log.index("dispensed")


async def test_a_kiosk_that_has_lost_its_journal_pays_nobody_again(kiosk: Kiosk) -> None:
    """The disk was replaced while the customer had the notes before him."""
    kiosk.withdrawal()
    kiosk.machine.halt = "dispensed"
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.switch_on()
    await kiosk.at(S.TAKE_CASH, "present")
    await kiosk.with_another_disk()
    await kiosk.at(S.TROUBLE)
    assert kiosk.machine.till.presented == 3
    await kiosk.until(lambda: kiosk.brain.journal.untold() == [], "the new journal knows that it was told")
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.taken, told.retracted, told.error) == (False, {}, {}, "cash.journal_lost")


async def test_notes_pulled_in_after_the_journal_was_lost_are_told_as_lying_inside(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.halt = "dispensed"
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.switch_on()
    await kiosk.at(S.TAKE_CASH, "present")
    kiosk.machine.left_in_slot = 2
    await kiosk.with_another_disk()
    await kiosk.at(S.TROUBLE)
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.taken, told.retracted) == (False, {}, {"100": 2})


async def test_a_payout_that_the_cassettes_do_not_hold_any_more_has_its_line_in_the_journal(kiosk: Kiosk) -> None:
    kiosk.withdrawal()
    kiosk.machine.till.inside = 1
    kiosk.server.refusals["cash/outcome"] = [ServiceError(AWAY)] * 10_000
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.server.bodies("cash/moving"), "the server takes it for moving")
    kiosk.server.refusals.clear()
    kiosk.server.reactions["cash/outcome"] = {"customer_step": S.TROUBLE}
    await kiosk.again()
    await kiosk.at(S.TROUBLE)
    (told,) = kiosk.server.bodies("cash/outcome")
    assert (told.known, told.taken, told.error) == (True, {}, "cash.not_payable")
