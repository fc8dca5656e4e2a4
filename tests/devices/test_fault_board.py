"""Every fault of the board is brought about through the machine's own commands, and is said as what it is."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from devices.sim.faults import ERROR, FAULTS
from tests.devices.rig import PAN
from tests.devices.workbench import Workbench, workbench

PAY = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 350}}}}}
COINS = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 1}}}}}
RECEIPT = {"formName": "receipt", "fields": {"title": "a"}}
LETTER = {"formName": "letter", "fields": {"title": "a"}}
Provoke = Callable[[Workbench], Awaitable[object]]
"""Brings the fault about; what it returns is compared with what is expected."""


def fails(service: str, command: str, payload: dict[str, Any] | None = None) -> Provoke:
    """The command's error code, or its completion code when it has none."""
    return lambda bench: bench.line(service).fails(command, payload)


def by_hand(service: str, command: str, event: str, action: str, **what: Any) -> Provoke:
    """The error of a command that waits for hands."""

    async def provoke(bench: Workbench) -> object:
        line = bench.line(service)
        if command == "CashAcceptor.CashIn":
            await line.ok("CashAcceptor.CashInStart")
        doing = line.begin(command, {"track2": True} if command == "CardReader.ReadRawData" else None)
        await line.until_event(event)
        bench.hand(action, **what)
        done = await doing
        return done.error_code or done.completion_code or (done.payload or {})["track2"]["status"]

    return provoke


def unit_after(unit: str, command: str = "CashDispenser.Dispense") -> Provoke:
    """What the cassette says of itself once a cash command has looked at it; it gives no note any more."""

    async def provoke(bench: Workbench) -> object:
        line, before = bench.line("CashRecycler"), bench.vtm.recycler.places.count(unit)
        await line.give(command, PAY)
        found = (await line.ok("Storage.GetStorage"))["storage"][unit]
        assert bench.vtm.recycler.places.count(unit) == before
        return found["status"] if found["status"] != "ok" else found["cash"]["status"]["replenishmentStatus"]

    return provoke


async def slowly(bench: Workbench) -> object:
    """How many times longer a payout takes."""
    line, motor = bench.line("CashRecycler"), bench.motor
    took: list[float] = []
    for _ in range(2):
        before = motor.elapsed
        await line.ok("CashDispenser.Dispense", PAY)
        took.append(motor.elapsed - before)
        await line.ok("CashDispenser.Reject")
    return took[0] > took[1] + 1


async def retracting(bench: Workbench) -> object:
    line = bench.line("CashRecycler")
    await line.ok("CashDispenser.Dispense", PAY)
    await line.ok("CashDispenser.Present")
    return await line.fails("CashManagement.Retract")


async def presenting(bench: Workbench) -> object:
    line = bench.line("CashRecycler")
    await line.ok("CashDispenser.Dispense", PAY)
    return await line.fails("CashDispenser.Present")


async def accepting(bench: Workbench) -> object:
    line = bench.line("CashRecycler")
    await line.ok("CashAcceptor.CashInStart")
    return await line.fails("CashAcceptor.CashIn")


async def judged(bench: Workbench) -> object:
    """Why a note of two goes back, if one does, and what is counted."""
    line = bench.line("CashRecycler")
    await line.ok("CashAcceptor.CashInStart")
    counting = line.begin("CashAcceptor.CashIn")
    await line.until_event("CashAcceptor.InsertItemsEvent")
    bench.hand("put_notes", notes={"100": 2})
    counted = (await counting).payload or {}
    return ("".join(event["reason"] for event in line.events("CashAcceptor.InputRefuseEvent")), counted["items"])


async def doubled(bench: Workbench) -> object:
    line = bench.line("CashRecycler")
    await line.ok("CashDispenser.Dispense", PAY)
    return line.events("CashManagement.NoteErrorEvent")


async def slipped(bench: Workbench) -> object:
    """How many notes lie on the stacker beyond what the machine says it has paid out."""
    line = bench.line("CashRecycler")
    said = await line.ok("CashDispenser.Dispense", PAY)
    return bench.vtm.recycler.places.count("stacker") - sum(said["denomination"]["values"].values())


async def cut_off(bench: Workbench) -> object:
    line = bench.line("Lights")
    line.begin("Lights.SetLight", {})
    for _ in range(5):
        await bench.line("Lights").ok("Common.Status")
    return line.gone


async def unheard(bench: Workbench) -> object:
    line = bench.line("Lights")
    waiting = line.begin("Lights.SetLight", {})
    for _ in range(5):
        await bench.line("Lights").ok("Common.Status")
    return (line.gone, waiting.done())


async def low(bench: Workbench) -> object:
    line = bench.line("Printer")
    await line.ok("Printer.PrintForm", RECEIPT)
    return (await line.ok("Common.Status"))["printer"]["paper"]["upper"]


async def unreadable(bench: Workbench) -> object:
    line = bench.line("BarcodeReader")
    bench.hand("show_code", symbology="qrCode", data="x")
    return await line.fails("BarcodeReader.Read")


async def unknown_finger(bench: Workbench) -> object:
    line = bench.line("Fingerprint")
    bench.hand("lay_finger", subject="zhang")
    return await line.fails("Biometric.Read", {"numCaptures": 1})


CARD = ("CardReader", "CardReader.ReadRawData", "CardReader.InsertCardEvent", "insert_card")
NOTES = ("CashRecycler", "CashAcceptor.CashIn", "CashAcceptor.InsertItemsEvent", "put_notes")
SEEN: dict[str, tuple[Provoke, object]] = {
    "card.jam": (by_hand(*CARD, pan=PAN), "mediaJam"),
    "card.unreadable": (by_hand(*CARD, pan=PAN), "dataInvalid"),
    "dispense.jam_before": (fails("CashRecycler", "CashDispenser.Dispense", PAY), "cashUnitError"),
    "dispense.jam_midway": (fails("CashRecycler", "CashDispenser.Dispense", PAY), "hardwareError"),
    "dispense.cassette_empty": (fails("CashRecycler", "CashDispenser.Dispense", PAY), "cashUnitError"),
    "dispense.double_pick": (doubled, [{"reason": "doubleNote"}]),
    "dispense.wrong_count": (slipped, 1),
    "present.shutter_stuck": (presenting, "shutterNotOpen"),
    "transport.jam": (fails("CashRecycler", "CashDispenser.Dispense", PAY), "hardwareError"),
    "retract.jam": (retracting, "incompleteRetract"),
    "cash_in.jam": (by_hand(*NOTES, notes={"100": 2}), "hardwareError"),
    "dispense.unfit": (doubled, [{"reason": "otherNoteError"}]),
    "cash_in.counterfeit": (judged, ("counterfeit", {"typeCNY100": {"fit": 1}})),
    "cash_in.suspect": (judged, ("invalidBill", {"typeCNY100": {"fit": 1}})),
    "cash_in.unrecognized": (judged, ("invalidBill", {"typeCNY100": {"fit": 1}})),
    "cash_in.unfit": (judged, ("", {"typeCNY100": {"fit": 1, "unfit": 1}})),
    "cash_in.foreign_object": (by_hand(*NOTES, notes={"100": 2}), "foreignItemsDetected"),
    "cash_in.shutter_stuck": (accepting, "shutterNotOpen"),
    "cassette.missing": (unit_after("unit3"), "missing"),
    "cassette.manipulated": (unit_after("unit3"), "manipulated"),
    "cassette.inoperative": (unit_after("unit3"), "inoperative"),
    "cassette.full": (unit_after("unit6"), "full"),
    "cassette.empty": (unit_after("unit3"), "empty"),
    "printer.paper_out": (fails("Printer", "Printer.PrintForm", RECEIPT), "paperOut"),
    "printer.paper_low": (low, "low"),
    "printer.jam": (fails("Printer", "Printer.PrintForm", RECEIPT), "paperJammed"),
    "printer.ink_out": (fails("LaserPrinter", "Printer.PrintForm", LETTER), "tonerOut"),
    "print.fails": (fails("LaserPrinter", "Printer.PrintForm", LETTER), "paperJammed"),
    "camera.inoperable": (fails("DocumentCamera", "Camera.TakePicture", {"camera": "exitSlot"}), "cameraInoperable"),
    "biometric.unreadable": (unknown_finger, "readFailed"),
    "barcode.unreadable": (unreadable, "barcodeInvalid"),
    "check.jam": (by_hand("ChequeAcceptor", "Check.MediaIn", "Check.NoMediaEvent", "put_papers",
                          papers=[{"codeline": "1"}]), "mediaJammed"),
    "coin.jam": (fails("CoinDispenser", "CashDispenser.Dispense", COINS), "cashUnitError"),
    "wire.lose_completion": (unheard, (True, False)),
    "wire.swallow_completion": (unheard, (False, False)),
    "wire.drop_connection": (cut_off, True),
    "service.not_ready": (fails("Lights", "Lights.SetLight", {}), "deviceNotReady"),
    "service.restart": (cut_off, True),
    "motor.slow": (slowly, True),
    ERROR: (fails("Lights", "Lights.SetLight", {}), "hardwareError"),
}  # fmt: skip
NAMED = {
    **dict.fromkeys(("wire.lose_completion", "wire.swallow_completion", "wire.drop_connection"), "Lights.SetLight"),
    "service.restart": "Lights",
}
"""Faults that have to say what they are for: the questions of the test would use them up."""


def test_no_fault_is_left_out() -> None:
    assert SEEN.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", sorted(SEEN))
async def test_a_fault_strikes_and_is_said(tmp_path: Path, fault: str) -> None:
    provoke, expected = SEEN[fault]
    async with workbench(tmp_path) as bench:
        notes = bench.vtm.recycler.places.total()
        where = {next(iter(FAULTS[fault].defaults)): NAMED[fault]} if fault in NAMED else {}
        bench.faults.inject(fault, **where)
        assert await provoke(bench) == expected
        assert bench.faults.view() == [], "it has struck"
        brought = 2 if fault.startswith("cash_in.") and fault != "cash_in.shutter_stuck" else 0
        assert bench.vtm.recycler.places.total().total() == notes.total() + brought
