"""Notes of one cash-in are nobody else's, and those of none belong to no cash-in."""

from pathlib import Path

from devices.sim.world.cash import ESCROW, Shutter
from tests.devices.test_odd_notes import bunch
from tests.devices.workbench import workbench


async def test_a_retract_pulls_in_all_of_a_cash_in_and_leaves_nothing_to_the_next_customer(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, recycler = bench.line("CashRecycler"), bench.vtm.recycler
        await bunch(bench, {"100": 3, "50:suspect": 1})
        done = await line.ok("CashManagement.Retract", {"location": {"retractArea": "retract"}})
        assert done["storage"]["unit8"]["retracted"] == {"typeCNY100": {"fit": 3}, "typeCNY50": {"suspect": 1}}
        assert (await line.ok("CashAcceptor.GetCashInStatus"))["status"] == "retract"
        assert recycler.places.at("unit8") == {"100:fit": 3, "50:suspect": 1}
        assert recycler.units["unit8"].retract_operations == 1
        await bunch(bench, {"20": 1})
        assert set((await line.ok("CashAcceptor.CashInEnd"))["storage"]) == {"unit4"}


async def test_a_retract_finds_room_for_all_of_a_cash_in_or_moves_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, recycler = bench.line("CashRecycler"), bench.vtm.recycler
        await bunch(bench, {"100": 3, "50:suspect": 1})
        recycler.units["unit8"].capacity = 3
        assert await line.fails("CashManagement.Retract", {}) == "cashUnitError"
        assert (recycler.places.count(ESCROW), recycler.places.count("unit8")) == (3, 0)
        assert (await line.ok("CashAcceptor.GetCashInStatus"))["status"] == "active"


async def test_notes_of_nobody_in_the_machine_begin_no_cash_in(tmp_path: Path) -> None:
    """Put in while the slot was open and no command counted them: the next customer's they are not."""
    async with workbench(tmp_path) as bench:
        line, recycler = bench.line("CashRecycler"), bench.vtm.recycler
        recycler.places.input_shutter = Shutter.OPEN
        bench.hand("put_notes", notes={"100": 2})
        assert await line.fails("CashAcceptor.CashInStart") == "sequenceError"
        done = await line.ok("CashManagement.Reset", {})
        assert done["storage"]["unit8"]["retracted"] == {"typeCNY100": {"fit": 2}}
        await line.ok("CashAcceptor.CashInStart")
