"""``MediaTakenEvent`` comes from the customer's hand: what the machine pulls in, or keeps, was not taken."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.devices.test_doors import Interrupted
from tests.devices.test_prints import EJECT
from tests.devices.workbench import Line, Workbench, workbench

TAKEN = "Printer.MediaTakenEvent"
PAGE = {"data": base64.b64encode(b"%PDF-1").decode(), **EJECT}
INSERTS = [
    ("PassbookPrinter", "Printer.ReadForm", {"formName": "stripe"}, "insert_passbook", "take_passbook"),
    ("DocumentScanner", "Printer.ReadImage", {}, "feed_document", "take_scanned"),
]


async def put_in(bench: Workbench, line: Line, command: str, payload: dict[str, Any], hand: str) -> None:
    reading = line.begin(command, payload)
    await line.until_event("Printer.NoMediaEvent")
    bench.hand(hand, **({"stripe": "1"} if hand == "insert_passbook" else {}))
    assert (await reading).completion_code is None


@pytest.mark.parametrize(("service", "command", "payload", "put", "take"), INSERTS)
async def test_what_is_pulled_in_again_was_not_taken(
    tmp_path: Path, service: str, command: str, payload: dict[str, Any], put: str, take: str
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        await put_in(bench, line, command, payload, put)
        await line.ok("Printer.ControlMedia", EJECT)
        await line.ok(command, payload)
        assert (await line.ok("Common.Status"))["printer"]["media"] == "present"
        assert not line.events(TAKEN)
        await line.ok("Printer.ControlMedia", EJECT)
        bench.hand(take)
        assert len(line.events(TAKEN)) == 1


async def test_a_sheet_that_is_pulled_in_while_something_else_happens_was_not_taken(tmp_path: Path) -> None:
    motor = Interrupted()
    async with workbench(tmp_path, motor) as bench:
        line = bench.line("LaserPrinter")
        await line.ok("Printer.PrintNative", PAGE)
        motor.at(1, bench.world.changed)
        await line.ok("Printer.RetractMedia")
        assert not line.events(TAKEN)


async def test_a_sheet_that_is_taken_out_of_the_retract_was_taken(tmp_path: Path) -> None:
    motor = Interrupted()
    async with workbench(tmp_path, motor) as bench:
        line = bench.line("LaserPrinter")
        await line.ok("Printer.PrintNative", PAGE)
        motor.at(1, lambda: bench.hand("take_pages"))
        assert await line.fails("Printer.RetractMedia") == "noMediaPresent"
        assert len(line.events(TAKEN)) == 1


async def test_a_reset_into_the_bin_leaves_nothing_in_the_slot(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("LaserPrinter")
        await line.ok("Printer.PrintNative", PAGE)
        await line.ok("Printer.Reset", {"mediaControl": "unitBIN1"})
        assert (await line.ok("Common.Status"))["printer"]["media"] == "notPresent"
        assert len(bench.world.view()["laser"]["bin"]) == 1
        assert not line.events(TAKEN)


async def test_a_bin_that_was_emptied_says_so(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CertificatePrinter")
        form = {"formName": "deposit", "fields": {"number": "C-1", "name": "张三", "amount": "1.00"}}
        for _ in range(20):
            await line.ok("Printer.PrintForm", form)
            await line.ok("Printer.RetractMedia")
        bench.hand_inside("empty_certificate_bin")
        told = [event["state"] for event in line.events("Printer.RetractBinThresholdEvent")]
        assert told == ["high", "full", "ok"]
