"""Taking cash in, giving it back, and what happens when something sticks."""

import asyncio
import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from common.errors import UserError
from devices.client.deposit import CashInSession, DepositState, InsertRound
from devices.client.errors import CashOutcomeUnknown
from devices.client.payout import PayoutState
from devices.sim.world.cash import CUSTOMER, ESCROW, INPUT, Shutter, kind_of
from devices.xfs.codes import CompletionCode, DeviceError
from tests.devices.rig import Rig, soon
from tests.devices.workbench import workbench


async def put(rig: Rig, session: CashInSession, notes: Mapping[str, int]) -> InsertRound:
    inserting = await rig.prompted(lambda told: session.insert(on_prompt=told))
    await rig.hands.put_notes(notes)
    return await soon(inserting)


async def jam(rig: Rig, session: CashInSession, notes: Mapping[str, int]) -> None:
    """A bunch that sticks while it is counted."""
    await rig.hands.faults.inject("cash_in.jam")
    with pytest.raises(DeviceError) as caught:
        await put(rig, session, notes)
    assert caught.value.code == "device.hardware"


async def test_mixed_notes_are_counted_and_kept(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    first = await put(rig, session, {"100": 12, "50": 3, "20:unfit": 2})
    assert first.accepted == {10_000: 12, 5_000: 3, 2_000: 2}
    second = await put(rig, session, {"10": 5})
    assert (second.accepted, second.total_minor) == ({1_000: 5}, 144_000)
    outcome = await session.end()
    assert (outcome.state, outcome.stored_minor) == (DepositState.STORED, 144_000)
    assert outcome.counts_after.content_minor - outcome.counts_before.content_minor == 144_000
    assert rig.vtm.recycler.places.at("unit6") == {"20:unfit": 2}
    rig.counters_agree()


async def test_bad_notes_come_back_and_must_be_taken_first(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    bunch = {"100": 2, "100:counterfeit": 1, "50:suspect": 1, "5": 1, "20:unrecognized": 1}
    round_ = await put(rig, session, bunch)
    assert (round_.accepted, round_.refused) == ({10_000: 2}, 4)
    assert round_.reasons == ("counterfeit",)
    odd = await rig.machine.acceptor.odd_notes()
    assert sorted((note.level, note.value_minor, note.location) for note in odd) == [
        ("counterfeit", 10_000, "output"), ("suspect", 5_000, "output"), ("unrecognized", 2_000, "output"),
    ]  # fmt: skip
    assert len({note.serial for note in odd}) == 3
    assert all(base64.b64decode(note.picture).startswith(b"\x89PNG") for note in odd)
    with pytest.raises(DeviceError) as caught:
        await session.end()
    assert caught.value.code == "cash.slot_not_empty"
    taken = await rig.hands.take_notes()
    assert taken == {"100:counterfeit": 1, "50:suspect": 1, "5:fit": 1, "20:unrecognized": 1}
    assert await session.wait_refused_taken(timeout_s=1)
    assert {note.location for note in await rig.machine.acceptor.odd_notes()} == {"customer"}
    assert (await session.end()).stored == {10_000: 2}
    rig.counters_agree()


async def test_a_suspect_note_left_in_the_slot_is_said_to_lie_where_it_lies(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 1, "100:counterfeit": 1})
    assert not await session.wait_refused_taken(timeout_s=0.01)
    outcome = await session.abort()
    assert outcome.retracted[10_000] == 1
    kept = rig.vtm.recycler.places.at("unit8")
    assert kept["100:counterfeit"] == 1, kept
    [note] = await rig.machine.acceptor.odd_notes()
    assert (note.level, note.location) == ("counterfeit", "unit8")
    rig.counters_agree()


async def test_a_note_has_its_own_number_each_time_it_is_read(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    bunch = {"100": 1, "100:counterfeit::AB12345678": 2, "50:suspect:2005:CD00000001": 1}
    numbers = ["AB12345678", "AB12345678", "CD00000001"]
    for _ in range(2):
        await put(rig, session, bunch)
        assert sorted(note.serial for note in await rig.machine.acceptor.odd_notes()) == numbers
        numbers = sorted(numbers * 2)
        assert (await rig.hands.take_notes())["100:counterfeit:2019:AB12345678"] == 2
        assert await session.wait_refused_taken(timeout_s=1)
    for wrong in ("100:fit::AB12345678", "100:suspect::ab", "100:suspect:2019:AB12345678:x"):
        with pytest.raises(UserError, match=r"hands.bad_parameter"):
            kind_of(wrong)
    await session.roll_back(take_timeout_s=0.01)
    rig.counters_agree()


async def test_the_customer_gets_the_very_notes_back(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 3, "50:unfit": 1})
    assert rig.vtm.recycler.places.count(ESCROW) == 4
    returning = asyncio.create_task(session.roll_back())
    await soon(rig.vtm.world.until(lambda: rig.vtm.world.possible()["take_notes"] is None))
    await rig.hands.take_notes()
    outcome = await soon(returning)
    assert (outcome.state, outcome.stored_minor) == (DepositState.RETURNED, 0)
    assert rig.vtm.recycler.places.at(CUSTOMER) == {"100:fit": 3, "50:unfit": 1}
    assert outcome.counts_after.content == outcome.counts_before.content


async def test_returned_notes_left_behind_are_held(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 3})
    outcome = await session.roll_back(take_timeout_s=0.05)
    assert (outcome.state, outcome.stored_minor) == (DepositState.RETRACTED, 0)
    assert outcome.retracted == {10_000: 3}
    rig.counters_agree()


async def test_limits_of_number_and_amount(rig: Rig) -> None:
    session = await rig.machine.acceptor.start(max_notes=3, limit_minor=25_000)
    round_ = await put(rig, session, {"100": 3, "10": 1})
    assert (round_.accepted, round_.refused) == ({10_000: 2, 1_000: 1}, 1)
    await rig.hands.take_notes()
    round_ = await put(rig, session, {"10": 1})
    assert round_.reasons == ("limitOverTotalItems",)
    await rig.hands.take_notes()
    assert (await session.end()).stored_minor == 21_000


async def test_nothing_put_in(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    with pytest.raises(DeviceError) as caught:
        await session.insert(timeout_s=0.05)
    assert caught.value.code == "device.timeout"
    assert (await session.end()).state is DepositState.EMPTY
    assert (await (await rig.machine.acceptor.start()).roll_back()).state is DepositState.EMPTY


async def test_a_jam_while_counting_holds_the_notes(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 2})
    await jam(rig, session, {"50": 4})
    outcome = await session.abort()
    assert (outcome.state, outcome.stored_minor) == (DepositState.RETRACTED, 0)
    assert outcome.retracted == {10_000: 2, 5_000: 4}
    rig.counters_agree()


async def test_an_input_shutter_that_does_not_open(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await rig.hands.faults.inject("cash_in.shutter_stuck")
    with pytest.raises(DeviceError) as caught:
        await session.insert()
    assert caught.value.code == "device.shutter_stuck"
    assert (await rig.machine.status()).acceptor.code == "device.shutter_stuck"
    assert (await session.abort()).state is DepositState.EMPTY
    assert (await rig.machine.status()).acceptor.level == "ok"


async def test_only_one_deposit_at_a_time_and_no_payout_meanwhile(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    with pytest.raises(DeviceError) as caught:
        await rig.machine.acceptor.start()
    assert caught.value.code == "cash.deposit_open"
    plan = await rig.machine.dispenser.plan_payout(10_000)
    with pytest.raises(DeviceError) as caught:
        await rig.machine.dispenser.pay_out(plan)
    assert caught.value.code == "device.wrong_state"
    await session.end()
    with pytest.raises(DeviceError) as caught:
        await session.insert()
    assert caught.value.code == "cash.no_deposit_open"


async def test_an_end_whose_answer_was_lost(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 2})
    await rig.hands.faults.inject("wire.lose_completion", command="CashAcceptor.CashInEnd")
    with pytest.raises(CashOutcomeUnknown) as caught:
        await session.end()
    assert await rig.machine.wait_ready(10)
    outcome = await rig.machine.acceptor.recover(caught.value.counts_before)
    assert (outcome.state, outcome.stored_minor) == (DepositState.STORED, 20_000)


async def test_a_bunch_whose_answer_was_lost_is_still_counted(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await rig.hands.faults.inject("wire.lose_completion", command="CashAcceptor.CashIn")
    with pytest.raises(CashOutcomeUnknown) as caught:
        await put(rig, session, {"100": 2})
    assert await rig.machine.wait_ready(10)
    again = await rig.machine.acceptor.resume(caught.value.counts_before)
    assert again is not None
    assert again.total == {10_000: 2}
    assert (await again.end()).stored_minor == 20_000


async def test_a_bunch_that_nobody_heard_of_is_part_of_what_comes_after_it(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    for notes in ({"50": 1}, {"20": 2}):
        await rig.hands.faults.inject("wire.lose_completion", command="CashAcceptor.CashIn")
        with pytest.raises(CashOutcomeUnknown):
            await put(rig, session, notes)
        assert await rig.machine.wait_ready(10)
        with pytest.raises(DeviceError, match=r"device.timeout"):
            await session.insert(timeout_s=0.05)
    assert session.total == {5_000: 1, 2_000: 2}
    later = await put(rig, session, {"100": 6})
    assert (later.accepted, later.total) == ({10_000: 6}, {10_000: 6, 5_000: 1, 2_000: 2})
    assert (await session.end()).stored == later.total


async def test_deposited_notes_are_paid_out_again(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"20": 4})
    await session.end()
    plan = await rig.machine.dispenser.plan_payout(8_000)
    assert plan.notes == {5_000: 1, 2_000: 1, 1_000: 1}
    assert (await rig.payout(8_000)).state is PayoutState.TAKEN
    rig.counters_agree()


@pytest.mark.parametrize("turns", range(4))
async def test_notes_put_in_in_the_moment_of_a_cancel_are_counted_or_refused(tmp_path: Path, turns: int) -> None:
    """However many turns of the loop later: never shut in and counted by nobody."""
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("CashAcceptor.CashInStart")
        counting = line.begin("CashAcceptor.CashIn")
        await line.until_event("CashAcceptor.InsertItemsEvent")
        (running,) = line._service._open[line].values()
        line._service._stop(line, running, CompletionCode.CANCELED)
        for _ in range(turns):
            await asyncio.sleep(0)
        put = True
        try:
            bench.hand("put_notes", notes={"100": 3})
        except UserError:
            put = False
        await counting
        places = bench.vtm.recycler.places
        assert (places.at(ESCROW), places.count(INPUT)) == ({"100:fit": 3} if put else {}, 0)


async def test_notes_that_nobody_counted_are_kept_for_the_customer_when_the_cash_in_is_over(rig: Rig) -> None:
    """A machine switched off with its slot open finds notes in it that no command has asked for."""
    session = await rig.machine.acceptor.start()
    rig.vtm.recycler.places.input_shutter = Shutter.OPEN
    await rig.hands.put_notes({"100": 2})
    outcome = await session.roll_back()
    assert (outcome.state, outcome.retracted) == (DepositState.RETRACTED, {10_000: 2})
    assert rig.vtm.recycler.places.count(INPUT) == 0
    rig.counters_agree()


@pytest.mark.parametrize("ended", [False, True])
async def test_a_slot_left_open_is_closed_when_the_cash_in_is_over(rig: Rig, ended: bool) -> None:
    session = await rig.machine.acceptor.start()
    rig.vtm.recycler.places.input_shutter = Shutter.OPEN
    outcome = await (session.end() if ended else session.roll_back())
    assert (outcome.state, outcome.retracted) == (DepositState.EMPTY, {})
    assert rig.vtm.recycler.places.input_shutter is Shutter.CLOSED


async def test_notes_in_the_slot_are_found_when_no_cash_in_is_open_any_more(rig: Rig) -> None:
    before = await rig.machine.counts()
    rig.vtm.recycler.places.input_shutter = Shutter.OPEN
    await rig.hands.put_notes({"50": 1})
    outcome = await rig.machine.acceptor.recover(before, take_timeout_s=0.02)
    assert (outcome.state, outcome.retracted) == (DepositState.RETRACTED, {5_000: 1})
