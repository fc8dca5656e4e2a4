"""A cheque transaction: where each paper is, how it ends, and that the next customer inherits nothing of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.devices.test_doors import Interrupted, unbolted
from tests.devices.workbench import Line, Workbench, workbench

BAD = ""
INTO_BIN = {"mediaControl": "unit2"}


async def media_in(bench: Workbench, line: Line, *codelines: str) -> Any:
    taking = line.begin("Check.MediaIn")
    await bench.world.until(lambda: bench.world.possible()["put_papers"] is None)
    bench.hand("put_papers", papers=[{"codeline": codeline} for codeline in codelines])
    return await taking


async def transaction(line: Line) -> tuple[str, list[str]]:
    """Its state, and where its papers are."""
    status = await line.ok("Check.GetTransactionStatus")
    return status["mediaInTransaction"], [item["mediaLocation"] for item in status["mediaInfo"]]


def lying(bench: Workbench, place: str) -> list[str]:
    papers: list[str] = bench.world.view()["papers"]["places"][place]
    return papers


async def retracted(line: Line) -> tuple[int, int]:
    """Papers in the retract unit, and the retracts that brought them there."""
    unit = (await line.ok("Storage.GetStorage"))["storage"]["unit2"]["check"]["status"]["in"]
    return unit["count"], unit["retractOperations"]


async def test_what_the_customer_took_is_not_told_as_pulled_in(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, "1")
        await line.ok("Check.MediaInRollback")
        bench.hand("take_papers")
        await line.ok("Check.Reset", INTO_BIN)
        assert await transaction(line) == ("rollback", ["customer"])
        assert await retracted(line) == (0, 0)
        assert not line.events("Storage.CountsChangedEvent")
        assert not line.events("Check.MediaDetectedEvent")


async def test_of_papers_that_look_alike_each_is_told_where_it_is(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, "1", "1", "1")
        await line.ok("Check.SetMediaParameters", {"mediaID": 2, "destination": "customer"})
        await line.ok("Check.MediaInEnd")
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await line.ok("Check.Reset", INTO_BIN)
        assert await transaction(line) == ("ok", ["unit1", "unit2", "unit1"])
        assert line.events("Check.MediaDetectedEvent") == [{"position": "unit2"}]
        assert not line.events("Check.MediaTakenEvent")


@pytest.mark.parametrize(("command", "state"), [("Check.MediaInEnd", "ok"), ("Check.MediaInRollback", "rollback")])
async def test_a_transaction_in_which_nothing_is_held_comes_to_its_end(
    tmp_path: Path, command: str, state: str
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, BAD, BAD)
        bench.hand("take_papers")
        assert (await transaction(line))[0] == "active"
        assert await line.fails(command) == "noMedia"
        assert await transaction(line) == (state, [])
        await media_in(bench, line, "1")
        assert (await line.ok("Check.MediaInEnd"))["mediaInEnd"]["itemsRefused"] == 0


async def test_the_next_customer_inherits_nothing_of_what_was_expelled(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, "1")
        await line.ok("Check.ExpelMedia")
        assert await transaction(line) == ("rollback", ["customer"])
        bench.hand("take_papers")
        await media_in(bench, line, "2")
        assert line.events("Check.MediaDataEvent")[-1]["mediaID"] == 1
        [only] = (await line.ok("Check.GetTransactionStatus"))["mediaInfo"]
        assert only["codelineData"] == "2"


async def stopped_by_the_door(bench: Workbench, line: Line, motor: Interrupted) -> None:
    """One paper is read, one waits in the feeder."""
    motor.at(2, lambda: bench.hand("open_cabinet"))
    assert (await media_in(bench, line, "1", "2")).completion_code == "hardwareError"
    bench.hand("close_cabinet")
    assert (lying(bench, "stacker"), lying(bench, "feeder")) == (["1"], ["2"])


async def test_what_waits_in_the_feeder_is_read_before_the_end(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("ChequeAcceptor")
        await stopped_by_the_door(bench, line, motor)
        assert await line.fails("Check.MediaInEnd") == "feederNotEmpty"
        await line.ok("Check.MediaIn")
        await line.ok("Check.MediaInEnd")
        assert lying(bench, "unit1") == ["1", "2"]


@pytest.mark.parametrize("command", ["Check.MediaInRollback", "Check.ExpelMedia"])
async def test_what_waits_in_the_feeder_goes_back_with_the_rest(tmp_path: Path, command: str) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("ChequeAcceptor")
        await stopped_by_the_door(bench, line, motor)
        await line.ok(command)
        assert (lying(bench, "slot"), lying(bench, "feeder")) == (["1", "2"], [])
        assert await transaction(line) == ("rollback", ["customer"])


async def test_a_retract_counts_once_however_many_papers_it_brings(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, "1", "2")
        await line.ok("Check.RetractMedia")
        assert await retracted(line) == (2, 1)
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        assert await retracted(line) == (2, 1)
        bench.hand_inside("empty_paper_bins")
        assert await retracted(line) == (0, 0)


async def test_a_full_retract_unit_takes_nothing_in_a_reset_either(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        for count in (30, 20):
            await media_in(bench, line, *(str(number) for number in range(count)))
            await line.ok("Check.RetractMedia")
        await media_in(bench, line, "1")
        assert await line.fails("Check.Reset", INTO_BIN) == "mediaBinError"
        assert await transaction(line) == ("active", ["device"])
        await line.ok("Check.Reset", {"mediaControl": "eject"})


@pytest.mark.parametrize(
    ("command", "code"), [("Check.PresentMedia", "noMedia"), ("Check.RetractMedia", "noMediaPresent")]
)
async def test_what_is_taken_meanwhile_is_neither_presented_nor_pulled_in(
    tmp_path: Path, command: str, code: str
) -> None:
    motor = Interrupted()
    async with workbench(tmp_path, motor) as bench:
        line = bench.line("ChequeAcceptor")
        await media_in(bench, line, BAD)
        motor.at(1, lambda: bench.hand("take_papers"))
        assert await line.fails(command) == code
        assert len(line.events("Check.MediaTakenEvent")) == 1
        assert not line.events("Check.MediaPresentedEvent")
