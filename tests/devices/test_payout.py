"""Paying out: the story's amount, and everything that can go wrong on the way to the customer."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from devices.client.cash import CashLink
from devices.client.counts import Counts
from devices.client.errors import CashOutcomeUnknown
from devices.client.payout import NotePlan, PayoutOutcome, PayoutState
from devices.sim.world.cash import CUSTOMER
from devices.xfs.codes import DeviceError, device_error
from devices.xfs.envelope import Message, MessageType
from tests.devices.rig import Rig, soon
from tests.devices.workbench import workbench


async def test_twenty_thousand_in_exact_notes(rig: Rig) -> None:
    outcome = await rig.payout(2_000_000)
    assert (outcome.state, outcome.paid_minor, outcome.cause) == (PayoutState.TAKEN, 2_000_000, None)
    assert outcome.paid == {10_000: 200}
    assert outcome.counts_before.content_minor - outcome.counts_after.content_minor == 2_000_000
    assert rig.vtm.recycler.places.at(CUSTOMER) == {"100:fit": 200}
    rig.counters_agree()


async def test_mixed_notes_are_the_fewest(rig: Rig) -> None:
    plan = await rig.machine.dispenser.plan_payout(38_000)
    assert plan.notes == {10_000: 3, 5_000: 1, 2_000: 1, 1_000: 1}
    assert (await rig.payout(38_000)).paid == plan.notes


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (500, "cash.not_payable"),
        (1, "cash.not_payable"),
        (0, "cash.not_payable"),
        (40_000_000_00, "cash.not_payable"),
        (5_000_000, "cash.too_many_notes"),
    ],
)
async def test_amounts_that_cannot_be_paid(rig: Rig, amount: int, code: str) -> None:
    with pytest.raises(DeviceError) as caught:
        await rig.machine.dispenser.plan_payout(amount)
    assert caught.value.code == code


async def test_notes_not_taken_are_retracted(rig: Rig) -> None:
    outcome = await rig.payout(100_000, take=False)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.RETRACTED, 0)
    assert outcome.retracted == {10_000: 10}
    assert outcome.counts_after.content_minor == outcome.counts_before.content_minor
    assert rig.vtm.recycler.places.count(CUSTOMER) == 0
    rig.counters_agree()


async def test_the_customer_leaves_some_notes(rig: Rig) -> None:
    plan = await rig.machine.dispenser.plan_payout(100_000)
    paying = await rig.prompted(lambda told: rig.machine.dispenser.pay_out(plan, take_timeout_s=0.3, on_presented=told))
    await rig.hands.take_notes({"100": 7})
    outcome = await soon(paying)
    assert (outcome.state, outcome.paid, outcome.retracted) == (PayoutState.PARTLY_TAKEN, {10_000: 7}, {10_000: 3})
    rig.counters_agree()


async def test_a_jam_before_any_note_left(rig: Rig) -> None:
    await rig.hands.faults.inject("dispense.jam_before")
    outcome = await rig.payout(100_000)
    assert (outcome.state, outcome.paid_minor, outcome.cause) == (PayoutState.FAILED, 0, "device.cash_unit")
    assert not outcome.rejected
    assert not outcome.stuck
    assert (await rig.payout(100_000)).state is PayoutState.TAKEN
    rig.counters_agree()


async def test_a_jam_with_notes_on_the_way(rig: Rig) -> None:
    await rig.hands.faults.inject("dispense.jam_midway", moved=4)
    outcome = await rig.payout(100_000)
    assert (outcome.state, outcome.paid_minor, outcome.cause) == (PayoutState.FAILED, 0, "device.hardware")
    assert outcome.rejected == {10_000: 6}
    assert outcome.counts_after.content_minor == outcome.counts_before.content_minor
    rig.counters_agree()


async def test_a_jam_at_the_second_cassette(rig: Rig) -> None:
    await rig.hands.faults.inject("dispense.jam_before", when=2)
    outcome = await rig.payout(15_000)
    assert (outcome.state, outcome.rejected) == (PayoutState.FAILED, {10_000: 1})
    assert "CashDispenser.IncompleteDispenseEvent" in [event.name for event in rig.events]
    rig.counters_agree()


async def test_an_empty_cassette_is_left_out_next_time(rig: Rig) -> None:
    await rig.hands.faults.inject("dispense.cassette_empty")
    assert (await rig.payout(100_000)).state is PayoutState.FAILED
    plan = await rig.machine.dispenser.plan_payout(100_000)
    assert set(plan.units) == {"unit2"}


async def test_a_shutter_that_does_not_open(rig: Rig) -> None:
    await rig.hands.faults.inject("present.shutter_stuck")
    outcome = await rig.payout(100_000)
    assert (outcome.state, outcome.cause) == (PayoutState.FAILED, "device.shutter_stuck")
    assert outcome.rejected == {10_000: 10}
    rig.counters_agree()


async def test_notes_that_cannot_be_pulled_back_at_first(rig: Rig) -> None:
    await rig.hands.faults.inject("retract.jam")
    outcome = await rig.payout(100_000, take=False)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.RETRACTED, 0)
    rig.counters_agree()


@pytest.mark.parametrize("command", ["CashDispenser.Dispense", "CashDispenser.Present", "CashManagement.Retract"])
async def test_a_completion_lost_after_the_act_is_no_guess(rig: Rig, command: str) -> None:
    await rig.hands.faults.inject("wire.lose_completion", command=command)
    plan = await rig.machine.dispenser.plan_payout(100_000)
    with pytest.raises(CashOutcomeUnknown) as caught:
        await rig.machine.dispenser.pay_out(plan, take_timeout_s=0.05)
    assert await rig.machine.wait_ready(10)
    outcome = await rig.machine.dispenser.recover(plan, caught.value.counts_before, take_timeout_s=0.05)
    assert outcome.paid_minor == 0
    moved = outcome.rejected if command == "CashDispenser.Dispense" else outcome.retracted
    assert moved == {10_000: 10}
    rig.counters_agree()


async def test_the_customer_takes_it_while_the_kiosk_is_cut_off(rig: Rig) -> None:
    await rig.hands.faults.inject("wire.lose_completion", command="CashDispenser.Present")
    plan = await rig.machine.dispenser.plan_payout(100_000)
    with pytest.raises(CashOutcomeUnknown) as caught:
        await rig.machine.dispenser.pay_out(plan)
    await rig.hands.take_notes()
    assert await rig.machine.wait_ready(10)
    outcome = await rig.machine.dispenser.recover(plan, caught.value.counts_before)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.TAKEN, 100_000)


async def test_a_command_that_never_arrived_moved_nothing(rig: Rig) -> None:
    await rig.hands.faults.inject("wire.drop_connection", command="CashDispenser.Dispense")
    plan = await rig.machine.dispenser.plan_payout(100_000)
    with pytest.raises(CashOutcomeUnknown) as caught:
        await rig.machine.dispenser.pay_out(plan)
    assert await rig.machine.wait_ready(10)
    outcome = await rig.machine.dispenser.recover(plan, caught.value.counts_before)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.FAILED, 0)
    assert outcome.counts_after == outcome.counts_before


async def test_a_device_that_is_not_ready_refuses_and_moves_nothing(rig: Rig) -> None:
    await rig.hands.faults.inject("service.not_ready", command="CashDispenser.Dispense")
    plan = await rig.machine.dispenser.plan_payout(100_000)
    with pytest.raises(DeviceError) as caught:
        await rig.machine.dispenser.pay_out(plan)
    assert (caught.value.code, caught.value.retryable) == ("device.not_ready", True)
    assert (await rig.payout(100_000)).state is PayoutState.TAKEN


async def test_a_status_that_fails_while_the_notes_lie_there_is_asked_again(rig: Rig) -> None:
    plan = await rig.machine.dispenser.plan_payout(100_000)
    await rig.hands.faults.inject("service.not_ready", command="Common.Status")
    paying = await rig.prompted(lambda told: rig.machine.dispenser.pay_out(plan, on_presented=told))
    await rig.hands.take_notes()
    outcome = await soon(paying)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.TAKEN, 100_000)
    assert (await rig.hands.get_view()).faults == ()


# -- a stranger's machine ------------------------------------------------------------------------------------------


async def take_whatever_comes(rig: Rig, plan: NotePlan, shown: asyncio.Event) -> PayoutOutcome:
    """A payout to a customer who takes the notes once he is asked to."""
    paying = asyncio.create_task(rig.machine.dispenser.pay_out(plan, on_presented=shown.set))
    await soon(shown.wait())
    await rig.hands.take_notes()
    return await soon(paying)


async def test_notes_presented_by_dispense_itself_are_paid_whatever_present_says(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without a stacker: Present finds nothing to do."""
    move = CashLink.move

    async def without_stacker(link: CashLink, name: str, payload: Any, before: Counts, **options: Any) -> Any:
        done = await move(link, name, payload, before, **options)
        if name == "CashDispenser.Dispense":
            await move(link, "CashDispenser.Present", {}, before)
        return done

    monkeypatch.setattr(CashLink, "move", without_stacker)
    outcome = await take_whatever_comes(rig, await rig.machine.dispenser.plan_payout(30_000), asyncio.Event())
    assert (outcome.state, outcome.paid, outcome.cause) == (PayoutState.TAKEN, {10_000: 3}, None)
    left = await rig.machine.dispenser.pay_out(outcome.plan, take_timeout_s=0.05)
    assert (left.state, left.retracted, left.cause) == (PayoutState.RETRACTED, {10_000: 3}, None)
    rig.counters_agree()


@pytest.mark.parametrize("error_code", ["presentErrorUnknown", "presentErrorItems", "shutterNotClosed", "somethingNew"])
async def test_notes_taken_are_paid_although_the_machine_cannot_say_how_presenting_ended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, error_code: str
) -> None:
    """Quick hands, then a shutter whose sensor fails."""
    move = CashLink.move

    async def failing(link: CashLink, name: str, payload: Any, before: Counts, **options: Any) -> Any:
        done = await move(link, name, payload, before, **options)
        if name != "CashDispenser.Present":
            return done
        await rig.hands.take_notes({"100": 2})
        said = {"errorCode": error_code}
        raise device_error(
            Message(MessageType.COMPLETION, name, "1.0", payload=said, completion_code="commandErrorCode")
        )

    monkeypatch.setattr(CashLink, "move", failing)
    plan = await rig.machine.dispenser.plan_payout(30_000)
    outcome = await rig.machine.dispenser.pay_out(plan, take_timeout_s=0.05)
    assert (outcome.state, outcome.paid, outcome.retracted) == (PayoutState.PARTLY_TAKEN, {10_000: 2}, {10_000: 1})
    assert rig.vtm.recycler.places.at(CUSTOMER) == {"100:fit": 2}
    rig.counters_agree()


async def test_notes_that_stay_in_the_slot_are_nobodys_until_they_are_out_of_it(rig: Rig) -> None:
    """Neither taken nor pulled in: that they were presented does not say that the customer has them."""
    await rig.hands.faults.inject("retract.jam")
    await rig.hands.faults.inject("command.error", command="CashManagement.Reset", code="hardwareError")
    with pytest.raises(CashOutcomeUnknown) as caught:
        await rig.payout(100_000, take=False)
    assert rig.vtm.recycler.places.count(CUSTOMER) == 0
    plan = await rig.machine.dispenser.plan_payout(100_000)
    outcome = await rig.machine.dispenser.recover(plan, caught.value.counts_before, take_timeout_s=0.05)
    assert (outcome.state, outcome.retracted) == (PayoutState.RETRACTED, {10_000: 10})
    rig.counters_agree()


def mixed(amount: int, partial: Mapping[str, int]) -> dict[str, Any]:
    service = {"currencies": {"CNY": amount}, "partial": partial, "mix": "mix1"}
    return {"request": {"denomination": {"service": service}}}


async def test_notes_that_a_host_wants_among_others_are_among_them(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        notes, coins = bench.line("CashRecycler"), bench.line("CoinDispenser")
        for partial, plan in (
            ({"unit5": 10}, {"unit1": 1, "unit5": 10}),
            ({"unit2": 1, "unit5": 5}, {"unit2": 1, "unit3": 1, "unit5": 5}),
            ({"unit1": 2}, {"unit1": 2}),
        ):
            done = await notes.ok("CashDispenser.Denominate", mixed(200, partial))
            assert done["result"]["values"] == plan
        for bad in ({"unit1": 3}, {"unit5": 601}, {"unit6": 1}, {"unit9": 1}):
            assert await notes.fails("CashDispenser.Denominate", mixed(200, bad)) == "notDispensable"
        done = await coins.ok("CashDispenser.Denominate", mixed(3, {"unit2": 4}))
        assert done["result"]["values"] == {"unit1": 1, "unit2": 4}
        assert await coins.fails("CashDispenser.Denominate", mixed(1, {"unit2": 4})) == "notDispensable"
