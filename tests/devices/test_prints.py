"""Laser, passbook and certificate printers, and the scanner."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.devices.workbench import Line, workbench

EJECT = {"mediaControl": {"move": "eject"}}
PNG = b"\x89PNG\r\n\x1a\n picture"


async def waiting(line: Line, name: str, payload: dict[str, Any]) -> Any:
    """Begin a command that waits for the customer."""
    future = line.begin(name, payload)
    await line.until_event("Printer.NoMediaEvent")
    return future


async def test_a_letter_is_printed_taken_and_one_left_behind_is_kept(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        await laser.ok("Printer.PrintForm", {"formName": "letter", "fields": {"title": "存款证明"}})
        await laser.ok("Printer.ControlMedia", EJECT)
        [name] = bench.hand("take_pages")["receipts"]
        file = tmp_path / "devices" / "K-02" / "prints" / "laser" / name
        assert file.read_text(encoding="utf-8").startswith("存款证明")
        assert len(laser.events("Printer.MediaTakenEvent")) == 1
        await laser.ok("Printer.PrintNative", {"data": base64.b64encode(b"%PDF-1").decode(), **EJECT})
        assert (await laser.ok("Printer.RetractMedia"))["result"] == "unitBIN1"
        storage = await laser.ok("Storage.GetStorage")
        assert storage["storage"]["unitBIN1"]["printer"]["status"]["in"] == 1
        assert len(laser.events("Printer.MediaTakenEvent")) == 1
        assert await laser.fails("Printer.RetractMedia") == "noMediaPresent"


async def a_page_is_kept(laser: Line) -> None:
    await laser.ok("Printer.PrintNative", {"data": base64.b64encode(b"%PDF-1").decode(), **EJECT})
    await laser.ok("Printer.RetractMedia")


async def counted(laser: Line) -> int:
    unit = (await laser.ok("Storage.GetStorage"))["storage"]["unitBIN1"]
    return int(unit["printer"]["status"]["in"])


async def test_a_count_is_reset_and_the_sheets_stay(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        await a_page_is_kept(laser)
        assert await laser.fails("Printer.ResetCount", {"binNumber": 2}) == "invalidData"
        await laser.ok("Printer.ResetCount", {"binNumber": 1})
        assert laser.events("Storage.CountsChangedEvent")[-1]["unitBIN1"]["printer"]["status"]["in"] == 0
        assert (await counted(laser), len(bench.world.view()["laser"]["bin"])) == (0, 1)
        await a_page_is_kept(laser)
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        assert (await counted(laser), len(bench.world.view()["laser"]["bin"])) == (1, 2)
        bench.hand_inside("empty_page_bin")
        assert await counted(laser) == 0
        await a_page_is_kept(laser)
        assert await counted(laser) == 1


async def test_the_wire_loads_neither_paper_nor_toner(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        bench.faults.inject("printer.paper_out", "now", service="LaserPrinter")
        bench.faults.inject("printer.ink_out", "now", service="LaserPrinter")
        before = (await laser.ok("Common.Status"))["printer"]
        await laser.ok("Printer.SupplyReplenish", {"upper": True, "lower": True, "toner": True})
        assert (await laser.ok("Common.Status"))["printer"] == before
        assert (before["paper"]["upper"], before["toner"]) == ("out", "out")
        bench.hand_inside("load_pages")
        now = (await laser.ok("Common.Status"))["printer"]
        assert (now["paper"]["upper"], now["toner"]) == ("full", "full")


async def test_toner_and_paper_run_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        page = {"formName": "letter", "fields": {"title": "x"}}
        bench.faults.inject("printer.ink_out", service="LaserPrinter")
        assert await laser.fails("Printer.PrintForm", page) == "tonerOut"
        assert laser.events("Printer.TonerThresholdEvent") == [{"state": "out"}]
        bench.hand_inside("load_pages")
        bench.faults.inject("print.fails", service="LaserPrinter")
        assert await laser.fails("Printer.PrintForm", page) == "paperJammed"
        await laser.ok("Printer.Reset")
        assert await laser.fails("Printer.PrintForm", {**page, "paperSource": "park"}) == "sourceInvalid"
        await laser.ok("Printer.PrintForm", {**page, "paperSource": "lower"})


async def test_a_passbook_is_read_written_page_by_page_and_given_back(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        book = bench.line("PassbookPrinter")
        reading = await waiting(book, "Printer.ReadForm", {"formName": "stripe", "fieldNames": ["account"]})
        bench.hand("insert_passbook", pages=[["old"] * 24, []], page=0, stripe="6222000011112222")
        assert (await reading).payload["fields"] == {"account": "6222000011112222"}
        entry = {"formName": "entry", "fields": {"line": "2026-11-22 存入 500.00"}}
        assert await book.fails("Printer.PrintForm", entry) == "mediaOverflow"
        await book.ok("Printer.ControlPassbook", {"action": "forward", "count": 1})
        assert await book.fails("Printer.ControlPassbook", {"action": "forward"}) == "lastOrFirstPageReached"
        await book.ok("Printer.PrintForm", entry)
        assert await book.fails("Printer.PrintForm", {"formName": "entry"}) == "fieldError"
        assert book.events("Printer.FieldErrorEvent")[0]["failure"] == "required"
        await book.ok("Printer.ControlPassbook", {"action": "closeForward"})
        assert await book.fails("Printer.ControlPassbook", {"action": "closeForward"}) == "passbookClosed"
        await book.ok("Printer.ControlMedia", EJECT)
        taken = bench.hand("take_passbook")["medium"]
        assert (taken["page"], taken["pages"][1]) == (1, ["2026-11-22 存入 500.00"])


async def test_a_passbook_survives_a_power_cut_inside_the_printer(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        printing = await waiting(bench.line("PassbookPrinter"), "Printer.PrintForm", entry("a"))
        bench.hand("insert_passbook", pages=[[]], stripe="1")
        assert (await printing).completion_code is None
    async with workbench(tmp_path) as bench:
        book = bench.line("PassbookPrinter")
        assert (await book.ok("Common.Status"))["printer"]["media"] == "present"
        await book.ok("Printer.PrintForm", entry("b"))
        await book.ok("Printer.ControlMedia", EJECT)
        assert bench.hand("take_passbook")["medium"]["pages"] == [["a", "b"]]


def entry(text: str) -> dict[str, Any]:
    return {"formName": "entry", "fields": {"line": text}}


async def test_a_certificate_needs_its_fields_and_a_blank(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        printer = bench.line("CertificatePrinter")
        fields = {"number": "C-1", "name": "张三", "amount": "50,000.00"}
        form = {"formName": "deposit", "mediaName": "certificate", "fields": fields}
        await printer.ok("Printer.PrintForm", {**form, **EJECT})
        assert len(bench.hand("take_certificate")["receipts"]) == 1
        assert await printer.fails("Printer.PrintForm", {"formName": "deposit"}) == "fieldError"
        assert await printer.fails("Printer.PrintForm", {**form, "fields": {"colour": "x"}}) == "fieldSpecFailure"
        assert await printer.fails("Printer.PrintForm", {**form, "mediaName": "a4"}) == "mediaNotFound"
        for _ in range(99):
            await printer.ok("Printer.PrintForm", {**form, **EJECT})
            bench.hand("take_certificate")
        assert await printer.fails("Printer.PrintForm", form) == "paperOut"
        levels = [told["threshold"] for told in printer.events("Printer.PaperThresholdEvent")]
        assert levels == ["low", "out"]


async def test_a_document_is_scanned(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        scanner = bench.line("DocumentScanner")
        wanted = {"frontImage": {"imageType": "jpg", "colorFormat": "fullcolor"}}
        reading = await waiting(scanner, "Printer.ReadImage", wanted)
        bench.hand("feed_document", image=base64.b64encode(PNG).decode())
        images = (await reading).payload["images"]
        assert base64.b64decode(images["front"]["data"]) == PNG
        await scanner.ok("Printer.Reset")
        assert bench.hand("take_scanned")["medium"]["image"]


async def test_a_form_is_defined_shown_used_and_forgotten(tmp_path: Path) -> None:
    shape = {
        "unit": {"base": "rowColumn", "x": 1, "y": 1},
        "size": {"width": 10, "height": 2},
        "fields": {"a": {"order": 0, "size": {"width": 4, "height": 1}, "overflow": "truncate"}},
    }
    async with workbench(tmp_path) as bench:
        printer = bench.line("Printer")
        await printer.ok("Printer.SetForm", {"name": "mine", "form": shape})
    async with workbench(tmp_path) as bench:
        printer = bench.line("Printer")
        assert "mine" in (await printer.ok("Printer.GetFormList"))["formList"]
        assert (await printer.ok("Printer.GetQueryForm", {"formName": "mine"}))["form"] == shape
        assert await printer.fails("Printer.GetQueryField", {"formName": "mine", "fieldName": "b"}) == "fieldNotFound"
        await printer.ok("Printer.PrintForm", {"formName": "mine", "fields": {"a": "123456"}})
        assert bench.world.view()["paper"]["lines"] == ["1234"]
        await printer.ok("Printer.SetForm", {"name": "mine"})
        assert await printer.fails("Printer.SetForm", {"name": "mine"}) == "formNotFound"
        assert await printer.fails("Printer.SetForm", {"name": "bad", "form": {}}) == "formInvalid"


@pytest.mark.parametrize(
    ("service", "announced"),
    [
        ("Printer", {"PaperThreshold", "RetractBinThreshold"}),
        ("LaserPrinter", {"PaperThreshold", "RetractBinThreshold", "TonerThreshold"}),
        ("CertificatePrinter", {"PaperThreshold", "RetractBinThreshold", "InkThreshold"}),
        ("PassbookPrinter", {"InkThreshold", "NoMedia", "MediaInserted"}),
        ("DocumentScanner", {"NoMedia", "MediaInserted"}),
    ],
)
async def test_a_printer_announces_only_what_it_can_say(tmp_path: Path, service: str, announced: set[str]) -> None:
    always = {"MediaPresented", "MediaTaken", "DefinitionLoaded"}
    forms = set() if service == "DocumentScanner" else {"FieldError"}
    async with workbench(tmp_path) as bench:
        told = (await bench.line(service).ok("Common.Capabilities"))["interfaces"]
        (events,) = [entry["events"] for entry in told if entry["name"] == "Printer"]
        assert set(events) == {f"Printer.{name}Event" for name in announced | always | forms}
