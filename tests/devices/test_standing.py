"""How the recycler says that it stands: whether notes can be paid out, and taken in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.devices.workbench import workbench


def standing(status: Mapping[str, Any]) -> tuple[str, str]:
    return status["cashManagement"]["dispenser"], status["cashManagement"]["acceptor"]


async def test_a_machine_says_when_no_cassette_gives_or_takes_notes_any_more(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        assert standing(await line.ok("Common.Status")) == ("ok", "ok")
        bench.faults.inject("cassette.missing", "now", unit="unit1")
        assert standing(await line.ok("Common.Status")) == ("attention", "attention")
        for unit in ("unit2", "unit3", "unit4", "unit5"):
            bench.faults.inject("cassette.missing", "now", unit=unit)
        assert standing(await line.ok("Common.Status")) == ("stop", "attention"), "the box takes notes still"
        bench.faults.inject("cassette.full", "now", unit="unit6")
        assert standing(await line.ok("Common.Status")) == ("stop", "stop")
        await line.ok("CashAcceptor.CashInStart")
        assert await line.fails("CashAcceptor.CashIn") == "cashUnitError"
        assert not line.events("CashAcceptor.InsertItemsEvent"), "nobody is asked for notes that have no place"


async def test_cassettes_that_the_host_has_locked_give_and_take_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        locks = {"cash": {"configuration": {"appLockIn": True, "appLockOut": True}}}
        await line.ok("Storage.SetStorage", {"storage": {f"unit{number}": locks for number in range(1, 7)}})
        assert standing(await line.ok("Common.Status")) == ("stop", "stop")
