"""Hoppers, cassettes and slots hold what they hold; what does not fit stays in the hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.sim.cash.recycler import ESCROW_CAPACITY, MAX_BUNCH
from devices.sim.cash.units import Role, by_role, standard_units
from devices.sim.world.cash import CUSTOMER, ESCROW, INPUT, OUTPUT, SLOT_ROOM
from tests.devices.test_peripherals import waiting
from tests.devices.workbench import Line, Workbench, workbench

MOST = {"denomination": {"denomination": {"app": {"currencies": {"CNY": 30_000}, "counts": {"unit1": MAX_BUNCH}}}}}


# -- cards ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "load", "part", "capacity"),
    [("CardDispenser", "load_cards", "new_card", 500), ("TokenDispenser", "load_tokens", "token", 200)],
)
async def test_a_hopper_is_filled_to_its_capacity_and_no_further(
    tmp_path: Path, service: str, load: str, part: str, capacity: int
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        bench.hand_inside(load, count=capacity - 10)
        with pytest.raises(UserError, match=r"hands\.too_many") as caught:
            bench.hand_inside(load, count=11)
        assert caught.value.params["room"] == 10
        assert bench.world.view()[part]["bins"]["unitHOP1"] == capacity - 10
        bench.hand_inside(load, count=10)
        with pytest.raises(UserError, match=r"hands\.hopper_full"):
            bench.hand_inside(load, count=1)
        unit = (await line.ok("Storage.GetStorage"))["storage"]["unitHOP1"]
        assert (unit["capacity"], unit["card"]["status"]["count"]) == (capacity, capacity)
        assert unit["card"]["status"]["replenishmentStatus"] == "full"
        await line.ok("CardReader.Move", {"from": "unitHOP1", "to": "exit"})
        levels = [told["unitHOP1"]["card"]["status"] for told in line.events("Storage.StorageThresholdEvent")]
        assert [level["replenishmentStatus"] for level in levels] == ["ok", "full", "ok"]


# -- cassettes -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def at_the_safe(folder: Path) -> AsyncIterator[Workbench]:
    """An exchange with the safe open."""
    async with workbench(folder) as bench:
        await bench.line("CashRecycler").ok("Storage.StartExchange")
        await bench.line("Auxiliaries").ok("Auxiliaries.SetAuxiliaries", {"safeDoor": "unbolt"})
        bench.hand("open_safe")
        yield bench


async def test_no_cassette_takes_more_notes_than_it_holds(tmp_path: Path) -> None:
    async with at_the_safe(tmp_path) as bench:
        places = bench.vtm.recycler.places
        for key, unit in bench.vtm.recycler.units.items():
            before = places.at(key)
            with pytest.raises(UserError, match=r"hands\.too_many") as caught:
                bench.hand("load_cassette", unit=key, notes={"100": unit.capacity // 2, "50": unit.capacity // 2 + 1})
            assert caught.value.params["room"] == unit.capacity
            assert places.at(key) == before
            bench.hand("load_cassette", unit=key, notes={"100": unit.capacity})
            assert places.count(key) == unit.capacity
        with pytest.raises(UserError, match=r"hands\.bad_parameter"):
            bench.hand("load_cassette", unit="unit9", notes={"100": 1})


# -- the slots of the recycler -------------------------------------------------------------------------------------


async def let_put(bench: Workbench, line: Line) -> Any:
    """A cash-in that waits for notes."""
    line.told.clear()
    return await waiting(line, "CashAcceptor.InsertItemsEvent", "CashAcceptor.CashIn")


async def test_the_slot_takes_somewhat_more_than_a_bunch_and_all_of_it_can_come_back(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, box = bench.line("CashRecycler"), bench.vtm.recycler
        await line.ok("CashAcceptor.CashInStart")
        putting = await let_put(bench, line)
        with pytest.raises(UserError, match=r"hands\.too_many") as caught:
            bench.hand("put_notes", notes={"100": SLOT_ROOM, "50": 1})
        assert caught.value.params["room"] == SLOT_ROOM
        assert (box.places.count(INPUT), box.places.count(CUSTOMER)) == (0, 0)
        bench.hand("put_notes", notes={"100": SLOT_ROOM})
        assert (await putting).payload["items"] == {"typeCNY100": {"fit": ESCROW_CAPACITY}}
        assert bench.hand("take_notes")["notes"] == {"100:fit": SLOT_ROOM - ESCROW_CAPACITY}
        putting = await let_put(bench, line)
        bench.hand("put_notes", notes={"50": SLOT_ROOM})
        await putting
        assert (box.places.count(OUTPUT), box.places.count(ESCROW)) == (SLOT_ROOM, ESCROW_CAPACITY)


async def test_a_refused_handful_strikes_no_fault(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("CashAcceptor.CashInStart")
        putting = await let_put(bench, line)
        bench.faults.inject("cash_in.counterfeit")
        with pytest.raises(UserError, match=r"hands\.too_many"):
            bench.hand("put_notes", notes={"100": SLOT_ROOM + 1})
        assert bench.hand("put_notes", notes={"100": 2})["notes"] == {"100:fit": 1, "100:counterfeit": 1}
        await putting


def test_the_slot_holds_more_than_a_bunch_and_no_more_than_the_empty_retract_unit() -> None:
    [retract] = by_role(standard_units(), Role.RETRACT)
    assert MAX_BUNCH <= ESCROW_CAPACITY < SLOT_ROOM <= retract.capacity


async def test_notes_that_slip_out_unseen_still_fit_into_the_slot(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places = bench.line("CashRecycler"), bench.vtm.recycler.places
        for _ in range(2):
            bench.faults.inject("dispense.wrong_count", extra=100)
        await line.ok("CashDispenser.Dispense", MOST)
        await line.ok("CashDispenser.Present")
        assert places.count(OUTPUT) == SLOT_ROOM
