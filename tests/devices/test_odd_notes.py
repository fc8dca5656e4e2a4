"""Counterfeit, suspect, unknown and worn notes from the fault board: number and worth of all notes stay."""

from collections import Counter
from pathlib import Path

import pytest

from devices.sim.world.cash import CUSTOMER, ESCROW, as_quality, value_of
from tests.devices.rig import Rig
from tests.devices.test_deposit import put
from tests.devices.workbench import Workbench, workbench

PAY = {"denomination": {"denomination": {"app": {"currencies": {"CNY": 300}, "counts": {"unit1": 3}}}}}


async def bunch(bench: Workbench, notes: dict[str, int]) -> dict[str, int]:
    """Put a bunch in; what was put in really."""
    line = bench.line("CashRecycler")
    await line.ok("CashAcceptor.CashInStart")
    counting = line.begin("CashAcceptor.CashIn")
    await line.until_event("CashAcceptor.InsertItemsEvent")
    put_in: dict[str, int] = bench.hand("put_notes", notes=notes)["notes"]
    assert (await counting).completion_code is None
    return put_in


async def test_the_third_note_is_counterfeit_and_its_holder_gets_it_back(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        places = bench.vtm.recycler.places
        before = value_of(places.total())
        bench.faults.inject("cash_in.counterfeit", 3)
        assert await bunch(bench, {"100": 5}) == {"100:fit": 4, "100:counterfeit": 1}
        assert places.at(ESCROW) == {"100:fit": 4}
        assert bench.hand("take_notes")["notes"] == {"100:counterfeit": 1}
        assert places.at(CUSTOMER) == {"100:counterfeit": 1}
        assert value_of(places.total()) == before + 40_000


async def test_good_notes_of_the_pocket_stay_there_when_others_are_put_in(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        await line.ok("CashDispenser.Dispense", PAY)
        await line.ok("CashDispenser.Present")
        bench.hand("take_notes")
        worth = value_of(places.total())
        bench.faults.inject("cash_in.counterfeit")
        await bunch(bench, {"100": 3})
        bench.hand("take_notes")
        assert places.at(CUSTOMER) == {"100:fit": 1, "100:counterfeit": 1}
        assert value_of(places.total()) == worth


async def test_only_notes_of_one_value_are_meant(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        bench.faults.inject("cash_in.suspect", 2, face="50")
        assert await bunch(bench, {"100": 3, "50": 2, "50:fit:2005": 1}) == {
            "100:fit": 3, "50:fit": 1, "50:suspect": 1, "50:fit:2005": 1,
        }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_notes_by_chance_come_again_with_their_seed(tmp_path: Path, seed: int) -> None:
    async with workbench(tmp_path) as bench:
        really = bench.vtm.recycler.places.put_in
        runs = []
        for _ in range(2):
            bench.faults.inject("cash_in.unfit", {"probability": 0.3, "seed": seed})
            runs.append([really("20:fit:2015") for _ in range(40)])
            bench.faults.clear()
        assert runs[0] == runs[1]
        assert set(runs[0]) == {"20:fit:2015", "20:unfit:2015"}


async def test_what_is_odd_already_counts_no_moment(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        bench.faults.inject("cash_in.counterfeit", 2)
        assert await bunch(bench, {"100:suspect": 2, "100": 1}) == {"100:suspect": 2, "100:fit": 1}
        assert bench.faults.view()[0]["in"] == 1


async def test_a_worn_note_of_a_cassette_is_not_paid_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, box = bench.line("CashRecycler"), bench.vtm.recycler
        before = box.places.total()
        bench.faults.inject("dispense.unfit")
        await line.ok("CashDispenser.Dispense", PAY)
        await line.ok("CashDispenser.Present")
        assert bench.hand("take_notes")["notes"] == {"100:fit": 3}
        assert box.places.at("unit7") == {"100:unfit": 1}
        for unit in box.units.values():
            assert unit.content == box.places.at(unit.key)
        after = box.places.total()
        assert (after.total(), value_of(after)) == (before.total(), value_of(before))


async def test_the_kiosk_counts_what_is_good_and_its_books_agree(rig: Rig) -> None:
    await rig.hands.faults.inject("cash_in.counterfeit", when=2)
    await rig.hands.faults.inject("cash_in.unfit")
    session = await rig.machine.acceptor.start()
    round_ = await put(rig, session, {"100": 4})
    assert (round_.accepted, round_.refused, round_.reasons) == ({10_000: 3}, 1, ("counterfeit",))
    assert await rig.hands.take_notes() == {"100:counterfeit": 1}
    assert await session.wait_refused_taken(timeout_s=1)
    [odd] = await rig.machine.acceptor.odd_notes()
    assert (odd.level, odd.location) == ("counterfeit", "customer")
    outcome = await session.end()
    assert outcome.counts_after.content_minor - outcome.counts_before.content_minor == 30_000
    assert rig.vtm.recycler.places.at("unit6") == {"100:unfit": 1}
    rig.counters_agree()
    assert rig.vtm.recycler.places.at(CUSTOMER) == Counter({"100:counterfeit": 1})


def test_a_kind_keeps_value_and_series() -> None:
    assert as_quality("100:fit", "counterfeit") == "100:counterfeit"
    assert as_quality("50:unfit:2005", "suspect") == "50:suspect:2005"
