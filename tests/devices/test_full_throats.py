"""A printer's throat and slot hold so many sheets; what does not fit stays where it is, and none is lost."""

import base64
from pathlib import Path
from typing import Any

import pytest

from devices.sim.printing.profile import CERTIFICATE, LASER, RECEIPT
from tests.devices.workbench import Line, Workbench, workbench

PAGE = {"data": base64.b64encode(b"%PDF-1").decode()}
EJECT: dict[str, Any] = {"mediaControl": {"move": "eject"}}
PRINTERS = {"Printer": RECEIPT, "LaserPrinter": LASER, "CertificatePrinter": CERTIFICATE}
RAW = {"inputData": "no", "data": base64.b64encode("一行\n".encode()).decode()}


async def print_one(line: Line, service: str, control: dict[str, Any] | None = None) -> str:
    """One sheet into the throat; the code that it ends with."""
    control = control or {}
    if service == "CertificatePrinter":
        fields = {"number": "C-1", "name": "张三", "amount": "1.00"}
        done = await line.give("Printer.PrintForm", {"formName": "deposit", "fields": fields, **control})
    else:
        done = await line.give("Printer.PrintNative", {**PAGE, **control})
    return done.error_code or done.completion_code or ""


def lying(bench: Workbench, service: str) -> tuple[int, int, int]:
    """Sheets in throat, slot and bin."""
    seen = bench.world.view()[PRINTERS[service].name]
    return len(seen["sheets"]) + bool(seen["lines"]), len(seen["in_slot"]), len(seen["bin"])


def left(bench: Workbench, service: str) -> int:
    paper: int = bench.world.view()[PRINTERS[service].name]["left_mm"]
    return paper


@pytest.mark.parametrize("service", PRINTERS)
async def test_a_full_throat_prints_nothing_and_a_full_slot_is_not_stuffed(tmp_path: Path, service: str) -> None:
    room = PRINTERS[service].stack_sheets
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        for _ in range(room):
            assert await print_one(line, service) == ""
        paper = left(bench, service)
        assert await print_one(line, service) == "sequenceInvalid"
        assert (lying(bench, service), left(bench, service)) == ((room, 0, 0), paper)
        await line.ok("Printer.ControlMedia", EJECT)
        assert await print_one(line, service, EJECT) == "sequenceInvalid"
        assert (lying(bench, service), left(bench, service)) == ((0, room, 0), paper)
        for _ in range(room):
            assert await print_one(line, service) == ""
        assert await line.fails("Printer.ControlMedia", EJECT) == "sequenceInvalid"
        assert await line.fails("Printer.ControlMedia", {"mediaControl": {"cut": True}}) == "sequenceInvalid"
        assert await line.fails("Printer.Reset", {"mediaControl": "eject"}) == "sequenceError"
        assert lying(bench, service) == (room, room, 0)


@pytest.mark.parametrize("service", PRINTERS)
async def test_an_empty_bin_takes_all_that_throat_and_slot_hold(tmp_path: Path, service: str) -> None:
    room = PRINTERS[service].stack_sheets
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        for _ in range(2):
            for _ in range(room):
                assert await print_one(line, service) == ""
            if not lying(bench, service)[1]:
                await line.ok("Printer.ControlMedia", EJECT)
        assert (await line.ok("Printer.RetractMedia"))["result"] == "unitBIN1"
        assert lying(bench, service) == (0, 0, 2 * room)
        assert not line.events("Printer.MediaTakenEvent")
        unit = (await line.ok("Storage.GetStorage"))["storage"]["unitBIN1"]
        assert unit["printer"]["status"]["replenishmentStatus"] == "full"


async def test_a_bin_that_cannot_take_all_takes_nothing_and_the_sheets_stay_where_they_are(tmp_path: Path) -> None:
    service, room = "LaserPrinter", LASER.stack_sheets
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        for _ in range(room):
            await print_one(line, service)
        await line.ok("Printer.RetractMedia")
        for _ in range(room):
            await print_one(line, service)
        await line.ok("Printer.ControlMedia", EJECT)
        await print_one(line, service)
        assert await line.fails("Printer.RetractMedia") == "retractBinFull"
        assert lying(bench, service) == (1, room, room)
        assert not line.events("Printer.MediaTakenEvent")
        assert len(bench.hand("take_pages")["receipts"]) == room
        await line.ok("Printer.RetractMedia")
        assert lying(bench, service) == (0, 0, room + 1)


async def test_the_roll_is_one_piece_until_it_is_cut(tmp_path: Path) -> None:
    service, room = "Printer", RECEIPT.stack_sheets
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        for _ in range(room - 1):
            await print_one(line, service)
        for _ in range(3):
            await line.ok("Printer.PrintRaw", RAW)
        await line.ok("Printer.DispensePaper")
        assert lying(bench, service) == (room, 0, 0)
        assert await print_one(line, service) == "sequenceInvalid"
        await line.ok("Printer.ControlMedia", EJECT)
        assert lying(bench, service) == (0, room, 0)
        for _ in range(room):
            await print_one(line, service)
        assert await line.fails("Printer.PrintRaw", RAW) == "sequenceError"
        assert await line.fails("Printer.DispensePaper") == "sequenceInvalid"


async def test_a_jam_is_freed_although_the_slot_is_full(tmp_path: Path) -> None:
    service, room = "LaserPrinter", LASER.stack_sheets
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        for _ in range(room):
            await print_one(line, service)
        await line.ok("Printer.ControlMedia", EJECT)
        await print_one(line, service)
        bench.faults.inject("print.fails", "now", service=service)
        assert await line.fails("Printer.Reset") == "sequenceError"
        assert (await line.ok("Common.Status"))["printer"]["media"] == "entering"
        bench.hand("take_pages")
        await line.ok("Printer.Reset")
        assert lying(bench, service) == (0, 1, 0)
