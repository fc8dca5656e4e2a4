"""Counters that are no continuation of those from before the movement: nobody guesses from them what has moved."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from devices.client.counts import Counts, counts_from_json
from devices.client.deposit import DepositState
from devices.client.exchange import CashExchange
from devices.client.payout import PayoutState
from tests.devices.rig import Rig

Happening = Callable[[Rig], Awaitable[None]]


async def counted_note_by_note(rig: Rig) -> None:
    await CashExchange(rig.machine).count("unit1")


async def loaded_anew(rig: Rig) -> None:
    exchange = CashExchange(rig.machine)
    await exchange.start()
    await exchange.load({"unit1": {10_000: 700}})
    await exchange.end()


def of_another_machine(counts: Counts) -> Counts:
    return Counts(tuple(replace(unit, key=f"{unit.key}b") for unit in counts.units))


async def an_eventful_day(rig: Rig) -> Counts:
    """Counts as a journal keeps them, of a machine whose counters have something to forget."""
    await rig.payout(38_000)
    await rig.payout(20_000, take=False)
    return counts_from_json((await rig.machine.counts()).to_json())


@pytest.mark.parametrize("happening", [counted_note_by_note, loaded_anew])
async def test_a_payout_across_counters_that_began_anew_is_unknown(rig: Rig, happening: Happening) -> None:
    before = await an_eventful_day(rig)
    plan = await rig.machine.dispenser.plan_payout(10_000)
    await happening(rig)
    outcome = await rig.machine.dispenser.recover(plan, before, take_timeout_s=0.02)
    assert (outcome.state, outcome.cause) == (PayoutState.UNKNOWN, "cash.counters_anew")
    assert (outcome.paid, outcome.retracted, outcome.surplus) == ({}, {}, {})


@pytest.mark.parametrize("happening", [counted_note_by_note, loaded_anew])
async def test_a_cash_in_across_counters_that_began_anew_is_unknown(rig: Rig, happening: Happening) -> None:
    before = await an_eventful_day(rig)
    await happening(rig)
    outcome = await rig.machine.acceptor.recover(before, take_timeout_s=0.02)
    assert (outcome.state, outcome.stored, outcome.retracted) == (DepositState.UNKNOWN, {}, {})


async def test_another_machine_s_counters_say_nothing(rig: Rig) -> None:
    before = of_another_machine(await an_eventful_day(rig))
    plan = await rig.machine.dispenser.plan_payout(10_000)
    assert (await rig.machine.dispenser.recover(plan, before)).state is PayoutState.UNKNOWN
    assert (await rig.machine.acceptor.recover(before)).state is DepositState.UNKNOWN


async def test_counters_that_began_from_other_notes_say_nothing_even_when_they_have_grown_beyond(rig: Rig) -> None:
    """Only what the counters began from gives it away."""
    before = await rig.machine.counts()
    plan = await rig.machine.dispenser.plan_payout(10_000)
    await loaded_anew(rig)
    await rig.payout(20_000)
    outcome = await rig.machine.dispenser.recover(plan, counts_from_json(before.to_json()))
    assert outcome.state is PayoutState.UNKNOWN


async def test_a_journal_that_did_not_keep_what_counters_began_from_still_explains(rig: Rig) -> None:
    await rig.payout(38_000)
    kept = (await rig.machine.counts()).to_json()
    before = counts_from_json([{name: value for name, value in unit.items() if name != "initial"} for unit in kept])
    plan = await rig.machine.dispenser.plan_payout(10_000)
    await rig.payout(10_000)
    outcome = await rig.machine.dispenser.recover(plan, before)
    assert (outcome.state, outcome.paid) == (PayoutState.TAKEN, {10_000: 1})
