"""A bin that is out of the machine, tampered with or full takes no notes in; they stay where they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from devices.client.deposit import DepositState
from devices.client.errors import CashOutcomeUnknown
from devices.client.payout import PayoutState
from devices.sim.world.cash import ESCROW, OUTPUT, STACKER, TRANSPORT
from tests.devices.rig import Rig
from tests.devices.test_deposit import put
from tests.devices.test_odd_notes import PAY, bunch
from tests.devices.workbench import Line, Workbench, workbench

COINS = {"denomination": {"denomination": {"app": {"currencies": {"CNY": 100}, "counts": {"unit1": 100}}}}}
FAULTS = ("cassette.missing", "cassette.manipulated", "cassette.inoperative", "cassette.full")
REJECT, RETRACT = "unit7", "unit8"


def agree(bench: Workbench) -> None:
    """What the counters believe is what lies in the units."""
    for unit in bench.vtm.recycler.units.values():
        assert unit.content == bench.vtm.recycler.places.at(unit.key), unit.label


def draw_out_while_moving(bench: Workbench, unit: str) -> None:
    """The cassette is drawn out as soon as something moves."""
    moving: Callable[[float], object] = bench.motor.run

    async def run(seconds: float) -> None:
        bench.vtm.recycler.places.cassettes_out.add(unit)
        bench.world.changed()
        await moving(seconds)  # type: ignore[misc]

    bench.motor.run = run  # type: ignore[method-assign]


async def paid_to(bench: Workbench, line: Line, place: str) -> None:
    await line.ok("CashDispenser.Dispense", PAY)
    if place == OUTPUT:
        await line.ok("CashDispenser.Present")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("unit", "place", "command", "payload"),
    [
        (REJECT, STACKER, "CashDispenser.Reject", None),
        (REJECT, STACKER, "CashManagement.Reset", {}),
        (REJECT, OUTPUT, "CashManagement.Reset", {"position": {"target": "reject"}}),
        (REJECT, STACKER, "CashManagement.Retract", {"location": {"retractArea": "reject"}}),
        (RETRACT, OUTPUT, "CashManagement.Retract", {}),
        (RETRACT, STACKER, "CashManagement.Retract", {}),
        (RETRACT, OUTPUT, "CashManagement.Reset", {}),
    ],
)
async def test_notes_stay_where_no_bin_takes_them(
    tmp_path: Path, fault: str, unit: str, place: str, command: str, payload: dict[str, object] | None
) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        await paid_to(bench, line, place)
        bench.faults.inject(fault, "now", unit=unit)
        shutter = places.output_shutter
        before = bench.vtm.recycler.units[unit].retract_operations
        assert await line.fails(command, payload) == "cashUnitError"
        assert places.at(place) == {"100:fit": 3}
        assert places.count(unit) == 0
        assert places.output_shutter is shutter
        assert bench.vtm.recycler.units[unit].retract_operations == before
        agree(bench)


@pytest.mark.parametrize(
    ("unit", "place", "command"),
    [
        (REJECT, STACKER, "CashDispenser.Reject"),
        (REJECT, STACKER, "CashManagement.Reset"),
        (RETRACT, OUTPUT, "CashManagement.Retract"),
    ],
)
async def test_a_bin_drawn_out_during_the_movement_takes_none(
    tmp_path: Path, unit: str, place: str, command: str
) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        await paid_to(bench, line, place)
        draw_out_while_moving(bench, unit)
        assert await line.fails(command, {} if "Reject" not in command else None) == "cashUnitError"
        assert (places.count(place), places.count(unit)) == (3, 0)
        agree(bench)


async def test_a_cassette_drawn_out_gives_no_note(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        draw_out_while_moving(bench, "unit1")
        assert await line.fails("CashDispenser.Dispense", PAY) == "cashUnitError"
        assert (places.count(STACKER), places.count("unit1")) == (0, 1500)
        agree(bench)


async def test_kept_notes_go_elsewhere_when_their_cassette_is_drawn_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        await bunch(bench, {"100": 4})
        draw_out_while_moving(bench, "unit1")
        kept = await line.ok("CashAcceptor.CashInEnd")
        assert kept["storage"] == {"unit2": {"deposited": {"typeCNY100": {"fit": 4}}}}
        assert (places.count("unit1"), places.count("unit2"), places.count(ESCROW)) == (1500, 1504, 0)
        agree(bench)


async def test_a_jam_stays_while_its_notes_have_no_room_and_an_exchange_makes_it(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        bench.faults.inject("dispense.jam_midway", moved=1)
        assert await line.fails("CashDispenser.Dispense", PAY) == "hardwareError"
        assert await line.fails("Storage.StartExchange") == "transactionActive"
        bench.faults.inject("cassette.full", "now", unit=REJECT)
        assert await line.fails("CashManagement.Reset", {}) == "cashUnitError"
        assert (places.count(STACKER), places.count(TRANSPORT), places.transport_jammed) == (1, 2, True)
        await line.ok("Storage.StartExchange")
        await line.ok("Storage.SetStorage", {"storage": {REJECT: {"cash": {"status": {"initial": {}}}}}})
        await line.ok("Storage.EndExchange")
        await line.ok("CashManagement.Reset", {})
        assert places.at(REJECT) == {"100:fit": 3}
        agree(bench)


@pytest.mark.parametrize("place", [STACKER, OUTPUT])
async def test_notes_are_retracted_into_each_promised_area(tmp_path: Path, place: str) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        promised = (await line.ok("Common.Capabilities"))["cashDispenser"]
        assert not promised.keys() & {"retractTransportActions", "retractStackerActions"}
        for area, unit in {"retract": RETRACT, "reject": REJECT}.items():
            assert promised["retractAreas"].pop(area)
            await paid_to(bench, line, place)
            done = await line.ok("CashManagement.Retract", {"location": {"retractArea": area}})
            assert done["storage"][unit][f"{area}ed"] == {"typeCNY100": {"fit": 3}}
            assert places.at(unit) == {"100:fit": 3}
            agree(bench)
        assert not promised["retractAreas"]
        assert bench.vtm.recycler.units[REJECT].retract_operations == 0


async def test_the_tray_holds_the_coins_of_one_dispense(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CoinDispenser")
        await line.ok("CashDispenser.Dispense", COINS)
        assert await line.fails("CashDispenser.Dispense", COINS) == "itemsLeft"
        assert bench.hand("take_coins")["coins"] == {"unit1": 100}
        await line.ok("CashDispenser.Dispense", COINS)


# -- the client ----------------------------------------------------------------------------------------------------


async def test_a_deposit_that_no_bin_takes_is_not_over_until_the_customer_has_it(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 2})
    await rig.hands.faults.inject("cassette.missing", "now", unit=RETRACT)
    with pytest.raises(CashOutcomeUnknown):
        await session.abort()
    with pytest.raises(CashOutcomeUnknown):  # given back, not taken, and not pulled in either
        await rig.machine.acceptor.recover(session.counts_before, take_timeout_s=0.02)
    assert await rig.hands.take_notes() == {"100:fit": 2}
    outcome = await rig.machine.acceptor.recover(session.counts_before, take_timeout_s=1)
    assert (outcome.state, outcome.stored, outcome.retracted) == (DepositState.RETURNED, {}, {})
    rig.counters_agree()


async def test_notes_left_on_the_stacker_are_not_paid_to_the_next_customer(rig: Rig) -> None:
    plan = await rig.machine.dispenser.plan_payout(30_000)
    await rig.hands.faults.inject("cassette.full", "now", unit=REJECT)
    await rig.hands.faults.inject("present.shutter_stuck")
    first = await rig.machine.dispenser.pay_out(plan)
    assert (first.state, first.paid, first.stuck) == (PayoutState.FAILED, {}, {10_000: 3})
    second = await rig.machine.dispenser.pay_out(plan)
    assert (second.state, second.paid, second.cause) == (PayoutState.FAILED, {}, "device.jam")
    assert rig.vtm.recycler.places.count(STACKER) == 3
    rig.counters_agree()
