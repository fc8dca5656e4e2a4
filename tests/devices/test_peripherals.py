"""Cards, cheques, coins, codes, fingers, palms, signatures, cameras, the second display, sensors, vendor mode."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.sim.cards.chip import AID
from tests.devices.rig import PAN, soon
from tests.devices.workbench import Line, workbench

FRONT = [{"source": "front", "type": "jpg", "colorFormat": "full", "scanColor": "white"}]


async def waiting(line: Line, event: str, name: str, payload: dict[str, Any] | None = None) -> Any:
    """Begin a command and return its future once the event has come."""
    future = line.begin(name, payload)
    await line.until_event(event)
    return future


def text(data: str) -> str:
    return base64.b64encode(data.encode()).decode()


async def test_a_chip_answers_a_track_is_written_a_card_is_parked(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        reader = bench.line("CardReader")
        reading = await waiting(reader, "CardReader.InsertCardEvent", "CardReader.ReadRawData", {"chip": True})
        bench.hand("insert_card", pan=PAN, name="ZHANG SAN")
        await reading
        select = bytes.fromhex("00A40400") + bytes([len(AID)]) + AID
        chip = {"chipProtocol": "chipT0", "chipData": base64.b64encode(select).decode()}
        assert base64.b64decode((await reader.ok("CardReader.ChipIO", chip))["chipData"]).endswith(b"\x90\x00")
        record = {**chip, "chipData": base64.b64encode(bytes.fromhex("00B2010C")).decode()}
        answer = base64.b64decode((await reader.ok("CardReader.ChipIO", record))["chipData"])
        assert PAN + "d3012" in answer.hex()
        assert await reader.fails("CardReader.ChipIO", {**chip, "chipProtocol": "chipTypeB"}) == "protocolNotSupported"
        await reader.ok("CardReader.ChipPower", {"chipPower": "off"})
        assert await reader.fails("CardReader.ChipIO", chip) == "atrNotObtained"
        await reader.ok("CardReader.WriteRawData", {"track1": {"data": text("B6222^ZHANG^3012")}})
        read = await reader.ok("CardReader.ReadRawData", {"track1": True})
        assert read["track1"]["data"] == text("B6222^ZHANG^3012")
        await reader.ok("CardReader.Move", {"from": "transport", "to": "unitPARK1"})
        assert await reader.fails("CardReader.Move", {"to": "exit"}) == "noMedia"
        await reader.ok("CardReader.Move", {"from": "unitPARK1", "to": "exit"})
        assert bench.world.view()["card"]["card"] == "622202******0123"


async def test_a_new_card_is_written_and_given_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        dispenser = bench.line("CardDispenser")
        assert await dispenser.fails("CardReader.Move", {"from": "unitHOP1", "to": "transport"}) == "noMedia"
        bench.hand_inside("load_cards", count=2)
        await dispenser.ok("CardReader.Move", {"from": "unitHOP1", "to": "transport"})
        assert await dispenser.fails("CardReader.Move", {"from": "unitHOP1", "to": "transport"}) == "occupied"
        await dispenser.ok("CardReader.WriteRawData", {"track2": {"data": text(f"{PAN}=3012")}})
        await dispenser.ok("CardReader.Move", {"from": "transport", "to": "exit"})
        bench.hand("take_new_card")
        assert dispenser.events("CardReader.MediaRemovedEvent")
        unit = (await dispenser.ok("Storage.GetStorage"))["storage"]["unitHOP1"]["card"]["status"]
        assert (unit["count"], unit["replenishmentStatus"]) == (1, "low")
        token = bench.line("TokenDispenser")
        bench.hand_inside("load_tokens", count=1)
        await token.ok("CardReader.Move", {"from": "unitHOP1", "to": "exit"})
        bench.hand("take_token")


@pytest.mark.parametrize(
    "tracks",
    [
        {},
        {"track2": {}},
        {"track2": {"data": ""}},
        {"track2": {"data": text("hello world!")}},
        {"track2": {"data": text(";6222=3012?")}},
        {"track2": {"data": text("1" * 38)}},
        {"track3": {"data": text("B6222")}},
        {"track3": {"data": text("1" * 105)}},
        {"track1": {"data": text("B6222^zhang^3012")}},
        {"track1": {"data": text("B" * 77)}},
        {"track1": {"data": text("B6222^ZHANG^3012")}, "track2": {"data": text("x")}},
    ],
)
async def test_what_no_stripe_can_carry_is_not_written(tmp_path: Path, tracks: dict[str, Any]) -> None:
    every = {"track1": True, "track2": True, "track3": True}
    async with workbench(tmp_path) as bench:
        dispenser = bench.line("CardDispenser")
        bench.hand_inside("load_cards", count=1)
        await dispenser.ok("CardReader.Move", {"from": "unitHOP1", "to": "transport"})
        await dispenser.ok("CardReader.WriteRawData", {"track2": {"data": text(f"{PAN}=3012")}})
        before = await dispenser.ok("CardReader.ReadRawData", every)
        assert await dispenser.fails("CardReader.WriteRawData", tracks) == "invalidData"
        assert await dispenser.ok("CardReader.ReadRawData", every) == before


async def test_a_full_bin_keeps_no_card_and_an_exchange_counts_anew(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        dispenser = bench.line("CardDispenser")
        bench.hand_inside("load_cards", count=31)
        for _ in range(30):
            await dispenser.ok("CardReader.Move", {"from": "unitHOP1", "to": "unitBIN1"})
        assert await dispenser.fails("CardReader.Move", {"from": "unitHOP1", "to": "unitBIN1"}) == "full"
        assert await dispenser.fails("CardReader.Reset", {"to": "retain"}) == "retainBinFull"
        setting = {"storage": {"unitBIN1": {"card": {"status": {"initialCount": 0}}}}}
        assert await dispenser.fails("Storage.SetStorage", setting) == "noExchangeActive"
        await dispenser.ok("Storage.StartExchange")
        await dispenser.ok("Storage.SetStorage", setting)
        await dispenser.ok("Storage.EndExchange")


@pytest.mark.parametrize("service", ["CardReader", "CardDispenser", "TokenDispenser"])
async def test_an_exchange_of_cards_outlives_a_power_cut(tmp_path: Path, service: str) -> None:
    setting = {"storage": {"unitBIN1": {"card": {"status": {"initialCount": 7}}}}}
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        await line.ok("Storage.StartExchange")
        await line.ok("Storage.SetStorage", setting)
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        assert (await line.ok("Common.Status"))["common"]["exchange"] == "active"
        assert await line.fails("Storage.StartExchange") == "exchangeActive"
        unit = (await line.ok("Storage.GetStorage"))["storage"]["unitBIN1"]["card"]["status"]
        assert unit["initialCount"] == 7
        await line.ok("Storage.SetStorage", setting)
        await line.ok("Storage.EndExchange")
    async with workbench(tmp_path) as bench:
        assert (await bench.line(service).ok("Common.Status"))["common"]["exchange"] == "inactive"


async def test_cheques_are_read_kept_and_returned(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        wanted = {"codelineFormat": "e13b", "image": FRONT}
        taking: Any = await waiting(line, "Check.NoMediaEvent", "Check.MediaIn", wanted)
        bench.hand("put_papers", papers=[{"codeline": "111"}, {"codeline": ""}, {"codeline": "333"}])
        assert (await taking).payload["mediaIn"]["mediaOnStacker"] == 2
        first = line.events("Check.MediaDataEvent")[0]
        assert first["codelineData"] == "111"
        assert base64.b64decode(first["image"][0]["image"]).startswith(b"\xff\xd8")
        assert await line.fails("Check.MediaInEnd") == "positionNotEmpty"
        assert bench.hand("take_papers")["papers"][0]["codeline"] == ""
        await line.ok("Check.SetMediaParameters", {"mediaID": 2, "destination": "customer"})
        assert await line.fails("Check.SetMediaParameters", {"mediaID": 9, "destination": "unit1"}) == "invalidMediaID"
        done = (await line.ok("Check.MediaInEnd"))["mediaInEnd"]
        assert (done["itemsReturned"], done["itemsRefused"]) == (1, 1)
        assert (await line.ok("Check.RetractMedia"))["media"]["count"] == "1"
        status = await line.ok("Check.GetTransactionStatus", {"includeImage": True})
        assert [item["mediaLocation"] for item in status["mediaInfo"]] == ["unit1", "unit2"]
        assert await line.fails("Check.MediaInRollback") == "noMedia"
    async with workbench(tmp_path) as bench:
        assert bench.world.view()["papers"]["places"]["unit1"] == ["111"]


async def test_a_jammed_cheque_is_freed(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ChequeAcceptor")
        bench.faults.inject("check.jam")
        taking = await waiting(line, "Check.NoMediaEvent", "Check.MediaIn")
        bench.hand("put_papers", papers=[{"codeline": "1"}])
        assert (await taking).error_code == "mediaJammed"
        await line.ok("Check.Reset", {"mediaControl": "eject"})
        assert bench.hand("take_papers")["papers"][0]["codeline"] == "1"
        taking = line.begin("Check.MediaIn")
        await bench.world.until(lambda: bench.world.possible()["put_papers"] is None)
        bench.hand("put_papers", papers=[{"codeline": "2"}])
        await taking
        await line.ok("Check.ExpelMedia")
        bench.hand("take_papers")
        assert await line.fails("Check.MediaInEnd") == "noMedia"


async def test_coins_are_paid_counted_and_jam(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CoinDispenser")
        request = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 3.8}}}}}
        paid = await line.ok("CashDispenser.Dispense", request)
        assert paid["denomination"]["values"] == {"unit1": 3, "unit2": 1, "unit3": 3}
        assert bench.hand("take_coins")["coins"] == {"unit1": 3, "unit2": 1, "unit3": 3}
        assert line.events("CashManagement.ItemsTakenEvent")
        bench.faults.inject("coin.jam")
        assert await line.fails("CashDispenser.Dispense", request) == "cashUnitError"
        assert bench.hand("take_coins")["coins"] == {"unit1": 1}
        await line.ok("CashManagement.Reset")
        coins = bench.world.view()["coins"]
        for key in coins["hoppers"]:
            assert coins["hoppers"][key] + coins["pocket"][key] == 400
        odd = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 0.05}}}}}
        assert await line.fails("CashDispenser.Dispense", odd) == "notDispensable"


async def test_a_code_is_read(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("BarcodeReader")
        future = line.begin("BarcodeReader.Read", {"symbologies": {"qrCode": True}})
        await asyncio.sleep(0)
        bench.hand("show_code", symbology="code128", data="no")
        await asyncio.sleep(0)
        bench.hand("show_code", symbology="qrCode", data="gone before it was read")
        bench.hand("hide_code")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not future.done()
        bench.hand("show_code", symbology="qrCode", data="guitai:42")
        [read] = ((await future).payload or {})["readOutput"]
        assert (read["symbology"], base64.b64decode(read["barcodeData"])) == ("qrCode", b"guitai:42")
        bench.faults.inject("barcode.unreadable")
        assert await line.fails("BarcodeReader.Read") == "barcodeInvalid"


@pytest.mark.parametrize(("service", "put"), [("Fingerprint", "lay_finger"), ("PalmVein", "hold_palm")])
async def test_a_pattern_is_compared_with_a_template(tmp_path: Path, service: str, put: str) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        match = {"compareMode": "identity", "threshold": 50, "maximum": 1}
        assert await line.fails("Biometric.Match", match) == "noImportedData"
        reading = await waiting(line, "Biometric.PresentSubjectEvent", "Biometric.Read", {"numCaptures": 1})
        bench.hand(put, subject="zhang")
        [read] = (await reading).payload["dataRead"]
        assert await line.ok("Biometric.Import", {"templates": [read]})
        assert (await line.ok("Biometric.Match", match))["candidates"]["id1"]["confidenceLevel"] > 90
        bench.hand(put, subject="li")
        await line.ok("Biometric.Read", {"numCaptures": 1})
        assert (await line.ok("Biometric.Match", match))["candidates"] == {}
        bench.faults.inject("biometric.unreadable", service=service)
        assert await line.fails("Biometric.Read", {"numCaptures": 1}) == "readFailed"
        await line.ok("Biometric.Clear")
        assert await line.fails("Biometric.GetStorageInfo") == "noImportedData"


async def test_a_signature_is_given_out_and_forgotten(tmp_path: Path) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n strokes").decode()
    async with workbench(tmp_path) as bench:
        line = bench.line("SignaturePad")
        bench.hand("sign", image=picture)
        [read] = (await line.ok("Biometric.Read", {"numCaptures": 1}))["dataRead"]
        assert read["data"] == picture
        assert not (await line.ok("Common.Status"))["biometric"]["capture"]


async def test_three_cameras_count_their_pictures(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("Cameras")
        bench.hand("set_scene", camera="person", image=base64.b64encode(b"\xff\xd8\xff face").decode())
        taken = await line.ok("Camera.TakePicture", {"camera": "person"})
        assert base64.b64decode(taken["pictureFile"]) == b"\xff\xd8\xff face"
        assert (await line.ok("Common.Status"))["camera"]["pictures"]["person"] == 1


async def test_the_second_display_shows_and_reads(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("TextTerminal")
        await line.ok("TextTerminal.Write", {"mode": "absolute", "posX": 2, "posY": 1, "text": "CASH\nUNIT"})
        screen = bench.world.view()["terminal_keys"]["screen"]
        assert (screen[1].strip(), screen[2][:4]) == ("CASH", "UNIT")
        keys = {"activeKeys": ["one", "two"], "activeCommandKeys": {"enter": {"terminate": True}}}
        entry = {"numOfChars": 4, "mode": "absolute", "posX": 0, "posY": 3, "flush": True}
        future = line.begin("TextTerminal.Read", {**entry, **keys})
        await bench.world.until(lambda: bench.world.possible()["press_terminal_key"] is None)
        for key in ("one", "two", "three", "enter"):
            bench.hand("press_terminal_key", key=key)
        assert (await future).payload == {"input": "12"}
        assert await line.fails("TextTerminal.Read", entry) == "noActiveKeys"
        assert await line.fails("TextTerminal.SetResolution", {"resolution": {"sizeX": 1, "sizeY": 1}})


async def test_writing_goes_on_behind_a_full_row(tmp_path: Path) -> None:
    def relative(text: str, right: int = 0, down: int = 0) -> dict[str, Any]:
        return {"mode": "relative", "posX": right, "posY": down, "text": text}

    async with workbench(tmp_path) as bench:
        line = bench.line("TextTerminal")
        screen = bench.world.view
        for row in "ABCDEFGH":
            await line.ok("TextTerminal.Write", relative(row * 32))
        assert [each[0] for each in screen()["terminal_keys"]["screen"]] == list("ABCDEFGH")
        await line.ok("TextTerminal.Write", relative("\nI"))
        assert [each[0] for each in screen()["terminal_keys"]["screen"]] == list("BCDEFGHI")
        await line.ok("TextTerminal.Write", relative("J" * 31))
        await line.ok("TextTerminal.Write", relative("K", right=2))
        assert screen()["terminal_keys"]["screen"][-2:] == ["I" + "J" * 31, "  K" + " " * 29]
        assert await line.fails("TextTerminal.Write", relative("x", right=29)) == "invalidData"
        assert await line.fails("TextTerminal.Write", relative("x", down=1)) == "invalidData"


async def test_sensors_tell_and_a_bolted_door_stays_shut(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("Auxiliaries")
        with pytest.raises(UserError, match=r"hands\.door_bolted"):
            bench.hand("open_safe")
        bench.hand("unbolt_doors")
        assert (bench.world.view()["cabinet"]["cabinet"], bench.world.view()["cabinet"]["safe"]) == ("closed", "bolted")
        await line.ok("Auxiliaries.SetAuxiliaries", {"safeDoor": "unbolt"})
        for action in ("open_safe", "shake", "tamper", "approach", "lift_handset", "cut_mains"):
            bench.hand(action)
        told: dict[str, Any] = {}
        for event in line.events("Common.StatusChangedEvent"):
            told |= event.get("auxiliaries", {})
        assert (told["safeDoor"], told["seismicSensor"], told["tamperSensor"]) == ("open", "on", "on")
        assert (told["proximitySensor"], told["handsetSensor"]) == ("present", "offTheHook")
        status = await line.ok("Common.Status")
        assert status["auxiliaries"]["UPS"]["powering"] is True
        assert status["powerManagement"]["info"]["batteryChargingStatus"] == "discharging"
        assert status["common"]["device"] == "fraudAttempt"
        assert await line.fails("Auxiliaries.SetAuxiliaries", {"safeDoor": "bolt"}) == "sequenceError"


async def test_sound_goes_to_the_front_or_to_the_handset(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("Auxiliaries")
        now = (await line.ok("Common.Status"))["auxiliaries"]
        assert (now["fasciaMicrophoneSensor"], now["microphoneVolume"]) == ("on", 500)
        bench.hand("lift_handset")
        private = dict.fromkeys(("enhancedAudioControl", "enhancedMicrophoneControl"), "privateAudioManual")
        await line.ok("Auxiliaries.SetAuxiliaries", {**private, "microphoneVolume": 800, "volume": 300})
        now = (await line.ok("Common.Status"))["auxiliaries"]
        assert (now["fasciaMicrophoneSensor"], now["handsetSensor"]) == ("off", "offTheHook")
        assert (now["microphoneVolume"], now["volume"]) == (800, 300)
        assert now["enhancedAudioControl"] == "privateAudioManual"
        auto = {"enhancedMicrophoneControl": "publicAudioAuto"}
        assert await line.fails("Auxiliaries.SetAuxiliaries", auto) == "unsupportedData"


async def test_an_open_safe_stops_the_cash_where_it_is(tmp_path: Path) -> None:
    request = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 5000}}}}}
    async with workbench(tmp_path) as bench:
        cash = bench.line("CashRecycler")
        total = bench.vtm.recycler.places.total()
        await bench.line("Auxiliaries").ok("Auxiliaries.SetAuxiliaries", {"safeDoor": "unbolt"})
        paying = await waiting(cash, "CashDispenser.StartDispenseEvent", "CashDispenser.Dispense", request)
        bench.hand("open_safe")
        assert (await paying).completion_code == "hardwareError"
        assert await cash.fails("CashManagement.Reset") == "deviceNotReady"
        bench.hand("close_safe")
        await cash.ok("CashManagement.Reset")
        assert bench.vtm.recycler.places.total() == total
        for unit in bench.vtm.recycler.units.values():
            assert unit.content == bench.vtm.recycler.places.at(unit.key)


async def test_vendor_mode_is_agreed_upon_and_shuts_customers_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        kiosk, engineer = bench.line("VendorMode"), bench.line("VendorMode")
        reader, cash = bench.line("CardReader"), bench.line("CashRecycler")
        await kiosk.ok("VendorMode.Register", {"appName": "kiosk"})
        assert await engineer.fails("VendorMode.ExitModeRequest") == "sequenceError"
        await engineer.ok("VendorMode.EnterModeRequest")
        assert kiosk.events("VendorMode.EnterModeRequestEvent")
        assert not engineer.events("VendorMode.ModeEnteredEvent")
        await kiosk.ok("VendorMode.EnterModeAcknowledge")
        assert engineer.events("VendorMode.ModeEnteredEvent")
        assert await reader.fails("CardReader.ReadRawData", {"track2": True}) == "deviceNotReady"
        await cash.ok("Storage.StartExchange")
        await cash.ok("Storage.EndExchange")
        await engineer.ok("VendorMode.ExitModeRequest")
        kiosk.abort()
        assert engineer.events("VendorMode.ModeExitedEvent")
        assert (await engineer.ok("Common.Status"))["vendorMode"]["service"] == "inactive"


async def test_vendor_mode_ends_what_waits_and_what_stands_behind_it(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer, reader, cash = bench.line("VendorMode"), bench.line("CardReader"), bench.line("CashRecycler")
        await cash.ok("CashAcceptor.CashInStart")
        taking = await waiting(cash, "CashAcceptor.InsertItemsEvent", "CashAcceptor.CashIn")
        counting = cash.begin("CashAcceptor.GetCashInStatus")
        reading = await waiting(reader, "CardReader.InsertCardEvent", "CardReader.ReadRawData", {"track2": True})
        behind, reset = reader.begin("CardReader.Move", {"to": "exit"}), reader.begin("CardReader.Reset")
        await engineer.ok("VendorMode.EnterModeRequest")
        assert [(await soon(each)).completion_code for each in (taking, reading, behind)] == ["deviceNotReady"] * 3
        assert [(await soon(each)).completion_code for each in (counting, reset)] == [None] * 2
        for action in ("insert_card", "put_notes"):
            with pytest.raises(UserError, match=r"hands\.(reader_not_waiting|shutter_closed)"):
                bench.hand(action, pan=PAN, notes={"100": 1})


async def test_vendor_mode_lets_what_moves_come_to_its_end(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer, cash = bench.line("VendorMode"), bench.line("CashRecycler")
        await cash.ok("CashAcceptor.CashInStart")
        taking = await waiting(cash, "CashAcceptor.InsertItemsEvent", "CashAcceptor.CashIn")
        bench.hand("put_notes", notes={"100": 2})
        await engineer.ok("VendorMode.EnterModeRequest")
        assert ((await soon(taking)).payload or {})["items"] == {"typeCNY100": {"fit": 2}}
        assert await cash.fails("CashAcceptor.CashInEnd") == "deviceNotReady"
        await engineer.ok("VendorMode.ExitModeRequest")
        await cash.ok("CashAcceptor.CashInEnd")


async def test_the_vendors_program_starts_and_is_closed_by_hand(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("VendorApplication")
        await line.ok("VendorApplication.StartLocalApplication", {"appName": "x", "accessLevel": "full"})
        bench.hand("close_vendor_program")
        assert line.events("VendorApplication.VendorAppExitedEvent")
        await line.ok("VendorApplication.SetActiveInterface", {"activeInterface": "operator"})
        assert (await line.ok("VendorApplication.GetActiveInterface"))["activeInterface"] == "operator"


async def test_every_service_describes_itself_by_the_catalogue(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        for service in bench.vtm.services:
            line = bench.line(service.name)
            offered = (await line.ok("Common.Capabilities"))["interfaces"]
            assert {command for each in offered for command in each["commands"]} == set(service.supported)
            await line.ok("Common.Status")
            await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 5})
            assert (await line.ok("Common.Status"))["common"]["powerSaveRecoveryTime"] == 5
