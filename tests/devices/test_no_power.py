"""Neither mains nor battery: nothing moves, what moves stops where it is, and it goes on once power is back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.client.picture import Viewer
from devices.sim.peripherals import ON_THE_BOARD
from devices.xfs.envelope import Payload
from tests.devices.rig import Rig, soon
from tests.devices.test_contactless import CONFIG, purchase
from tests.devices.test_doors import COINS, MECHANISMS, NOTES, Mechanism, unbolted
from tests.devices.workbench import Line, Workbench, workbench

FORM = {"formName": "receipt", "fields": {"title": "a", "body": "b"}}
ENTRY: dict[str, Any] = {"activeKeys": {"enter": {"terminate": True}}}


async def dark(bench: Workbench) -> None:
    """No mains, and a battery that is not connected."""
    await bench.line("Auxiliaries").ok("Auxiliaries.SetAuxiliaries", {"ups": "disengage"})
    bench.hand("cut_mains")


async def status(line: Line) -> Payload:
    return await line.ok("Common.Status")


@pytest.mark.parametrize("what", MECHANISMS, ids=lambda what: what.service)
async def test_power_that_goes_stops_what_moves(tmp_path: Path, what: Mechanism) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line(what.service)
        await what.prepare(bench, line)
        await bench.line("Auxiliaries").ok("Auxiliaries.SetAuxiliaries", {"ups": "disengage"})
        before = bench.world.view()[what.part]
        motor.at(1, lambda: bench.hand("cut_mains"))
        assert await line.fails(what.command, what.payload) == "hardwareError"
        assert await line.fails(what.command, what.payload) == "deviceNotReady"
        assert bench.world.view()[what.part] == before
        assert (await status(line))["common"]["device"] == "powerOff"
        bench.hand("restore_mains")
        assert (await status(line))["common"]["device"] == "online"
        told = [event["common"]["device"] for event in line.events("Common.StatusChangedEvent") if "common" in event]
        assert told == ["powerOff", "online"]
        await line.ok(what.command, what.payload)
        assert bench.world.view()[what.part] != before


async def test_without_mains_and_ups_the_machine_says_so_and_moves_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        cash, around = bench.line("CashRecycler"), bench.line("Auxiliaries")
        await cash.ok("CashDispenser.Dispense", NOTES)
        await dark(bench)
        before = bench.world.view()
        for name, payload in (
            ("CashDispenser.Dispense", NOTES), ("CashDispenser.Present", None), ("CashDispenser.Reject", None),
            ("CashManagement.OpenShutter", {"position": "outCenter"}), ("CashManagement.Reset", None),
        ):  # fmt: skip
            assert (name, await cash.fails(name, payload)) == (name, "deviceNotReady")
        assert await bench.line("Printer").fails("Printer.PrintForm", FORM) == "deviceNotReady"
        assert await bench.line("CoinDispenser").fails("CashDispenser.Dispense", COINS) == "deviceNotReady"
        assert await around.fails("Auxiliaries.SetAuxiliaries", {"safeDoor": "unbolt"}) == "deviceNotReady"
        assert bench.world.view() == before
        now = await status(around)
        assert now["powerManagement"]["info"] == {
            "powerInStatus": "noPower", "powerOutStatus": "noPower", "batteryStatus": "full",
            "batteryChargingStatus": "notCharging",
        }  # fmt: skip
        assert now["auxiliaries"]["UPS"] == {"low": False, "engaged": False, "powering": False, "recovered": False}
        [told] = [event["powerManagement"] for event in around.events("Common.StatusChangedEvent")
                  if "powerManagement" in event]  # fmt: skip
        assert told["info"]["powerOutStatus"] == "noPower"
        await around.ok("Auxiliaries.SetAuxiliaries", {"ups": "engage"})
        assert (await status(around))["powerManagement"]["info"]["powerOutStatus"] == "powering"
        await cash.ok("CashDispenser.Present")


async def test_on_its_battery_it_works_until_that_is_empty(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        cash, around = bench.line("CashRecycler"), bench.line("Auxiliaries")
        bench.hand("cut_mains")
        await cash.ok("CashDispenser.Dispense", NOTES)
        bench.hand("drain_battery", left=5)
        info = (await status(around))["powerManagement"]["info"]
        assert (info["batteryStatus"], info["powerOutStatus"]) == ("low", "powering")
        await cash.ok("CashDispenser.Present")
        bench.hand("drain_battery")
        now = await status(around)
        assert now["powerManagement"]["info"] == {
            "powerInStatus": "noPower", "powerOutStatus": "noPower", "batteryStatus": "critical",
            "batteryChargingStatus": "notCharging",
        }  # fmt: skip
        assert now["auxiliaries"]["UPS"] == {"low": True, "engaged": True, "powering": False, "recovered": False}
        assert await cash.fails("CashManagement.Retract") == "deviceNotReady"
        bench.hand("restore_mains")
        await cash.ok("CashManagement.Retract")
        for wrong in (-1, 101, "5", True):
            with pytest.raises(UserError, match=r"hands\.bad_parameter"):
                bench.hand("drain_battery", left=wrong)


async def test_the_control_board_answers_in_the_dark(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        await dark(bench)
        for service in bench.vtm.services:
            line = bench.line(service.name)
            state = (await status(line))["common"]["device"]
            assert (service.name, state) == (service.name, "online" if service.name in ON_THE_BOARD else "powerOff")
            await line.ok("Common.Capabilities")
        await bench.line("CashRecycler").ok("Storage.GetStorage")
        bench.line("PinPad").begin("Keyboard.DataEntry", ENTRY)
        await bench.line("TextTerminal").ok("TextTerminal.ClearScreen", {})


@pytest.mark.parametrize(
    ("service", "command", "payload", "asked"),
    [
        ("CardReader", "CardReader.ReadRawData", {"track2": True}, "CardReader.InsertCardEvent"),
        ("IdCardReader", "CardReader.ReadRawData", {"chip": True}, "CardReader.InsertCardEvent"),
        ("PassbookPrinter", "Printer.ReadForm", {"formName": "stripe"}, "Printer.NoMediaEvent"),
        ("DocumentScanner", "Printer.ReadImage", {}, "Printer.NoMediaEvent"),
        ("ChequeAcceptor", "Check.MediaIn", None, "Check.NoMediaEvent"),
        ("BarcodeReader", "BarcodeReader.Read", {}, ""),
        ("Fingerprint", "Biometric.Read", {"numCaptures": 1}, "Biometric.PresentSubjectEvent"),
        ("Cameras", "Camera.TakePicture", {"camera": "person"}, ""),
        ("DocumentCamera", "Camera.TakePicture", {"camera": "exitSlot"}, ""),
    ],
)
async def test_nobody_is_asked_for_anything_in_the_dark(
    tmp_path: Path, service: str, command: str, payload: Any, asked: str
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        await dark(bench)
        assert await line.fails(command, payload) == "deviceNotReady"
        assert not line.events(asked)


@pytest.mark.parametrize(
    ("service", "command", "payload", "asked", "action"),
    [
        ("CardReader", "CardReader.ReadRawData", {"track2": True}, "CardReader.InsertCardEvent", "insert_card"),
        ("IdCardReader", "CardReader.ReadRawData", {"chip": True}, "CardReader.InsertCardEvent", ""),
        ("PassbookPrinter", "Printer.ReadForm", {"formName": "stripe"}, "Printer.NoMediaEvent", "insert_passbook"),
        ("DocumentScanner", "Printer.ReadImage", {}, "Printer.NoMediaEvent", "feed_document"),
        ("ChequeAcceptor", "Check.MediaIn", None, "Check.NoMediaEvent", "put_papers"),
        ("BarcodeReader", "BarcodeReader.Read", {}, "Common.StatusChangedEvent", ""),
        ("Fingerprint", "Biometric.Read", {"numCaptures": 1}, "Biometric.PresentSubjectEvent", ""),
    ],
)
async def test_nobody_stays_asked_when_the_power_goes(
    tmp_path: Path, service: str, command: str, payload: Any, asked: str, action: str
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        await bench.line("Auxiliaries").ok("Auxiliaries.SetAuxiliaries", {"ups": "disengage"})
        done = line.begin(command, payload)
        await line.until_event(asked)
        await asyncio.sleep(0)  # it waits now
        bench.hand("cut_mains")
        bench.hand("restore_mains")  # at once: no motor could have been trusted in between
        assert (await soon(done)).completion_code == "deviceNotReady"
        if action:
            assert bench.world.possible()[action] is not None


async def test_no_card_stays_asked_for_at_an_antenna_when_the_power_goes(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        await line.ok("CardReader.EMVClessConfigure", CONFIG)
        done = line.begin("CardReader.EMVClessPerformTransaction", purchase(1))
        await line.until_event("CardReader.EMVClessReadStatusEvent")
        await dark(bench)
        assert (await soon(done)).completion_code == "deviceNotReady"


async def test_no_card_is_asked_for_at_an_antenna_in_the_dark(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        await line.ok("CardReader.EMVClessConfigure", CONFIG)
        await dark(bench)
        assert await line.fails("CardReader.EMVClessPerformTransaction", purchase(1)) == "deviceNotReady"
        assert not line.events("CardReader.EMVClessReadStatusEvent")


async def test_a_shutter_stays_open_until_power_is_back(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("CashDispenser.Dispense", NOTES)
        await line.ok("CashDispenser.Present")
        await dark(bench)
        bench.hand("take_notes")
        assert line.events("CashManagement.ItemsTakenEvent")
        assert bench.world.view()["cash"]["output_shutter"] == "open"
        bench.hand("restore_mains")
        assert bench.world.view()["cash"]["output_shutter"] == "closed"
        assert line.events("CashManagement.ShutterStatusChangedEvent")[-1]["shutter"] == "closed"


async def test_notes_that_were_put_in_as_the_power_went_are_counted_afterwards(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("CashAcceptor.CashInStart")
        done = line.begin("CashAcceptor.CashIn")
        await line.until_event("CashAcceptor.InsertItemsEvent")
        await dark(bench)
        bench.hand("put_notes", notes={"100": 2})
        assert (await done).completion_code == "deviceNotReady"
        assert bench.world.view()["cash"]["input_shutter"] == "open"
        bench.hand("restore_mains")
        assert bench.world.view()["cash"]["input_shutter"] == "closed"
        assert (await line.ok("CashAcceptor.CashIn"))["items"] == {"typeCNY100": {"fit": 2}}
        await line.ok("CashAcceptor.CashInEnd")


async def test_switched_on_again_it_has_no_other_battery_than_before(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        await dark(bench)
    async with workbench(tmp_path) as bench:
        assert (await status(bench.line("Auxiliaries")))["auxiliaries"]["UPS"]["engaged"] is False
        assert await bench.line("CashRecycler").fails("CashDispenser.Dispense", NOTES) == "deviceNotReady"


async def test_staff_see_that_there_is_no_power(rig: Rig) -> None:
    await rig.hands.act("cut_mains")
    assert (await rig.machine.status()).dispenser.code != "device.no_power"
    await rig.hands.act("drain_battery")
    now = await rig.machine.status()
    parts = (now.card_reader, now.acceptor, now.dispenser, now.printer, now.camera)
    assert {(part.level, part.code) for part in parts} == {("bad", "device.no_power")}
    assert now.pin_pad.code != "device.no_power"
    picture = await Viewer(rig.machine).take()
    assert {place.name: place.state for place in picture.places}["ups"] == "no_power"
    await rig.hands.act("restore_mains")
    assert (await rig.machine.status()).worst != "bad"
