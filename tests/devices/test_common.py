"""What every service has in common: versions, transaction state, sleep, nonces; asked of each of them."""

from pathlib import Path

import pytest

from devices.client.connection import ServiceConnection
from devices.client.discovery import list_services
from devices.xfs.catalogue import load
from devices.xfs.envelope import Dialect
from devices.xfs.uris import publisher_uri
from tests.devices.rig import PAN, assert_conformant, start_vtm
from tests.devices.workbench import Line, workbench


async def common_holds(line: Line) -> None:
    """All of interface Common that is no status, no capability and no cancel."""
    await line.ok("Common.SetVersions", {"commands": {"Common.Status": 2}})
    assert await line.fails("Common.SetVersions", {"commands": {"Common.Status": 9}}) == "unsupportedData"
    assert await line.fails("Common.SetVersions", {"commands": {"Common.Nothing": 1}}) == "invalidData"
    assert (await line.ok("Common.GetTransactionState"))["state"] == "inactive"
    await line.ok("Common.SetTransactionState", {"state": "active", "transactionID": "1122-0047"})
    assert (await line.ok("Common.GetTransactionState"))["transactionID"] == "1122-0047"
    assert await line.fails("Common.SetTransactionState", {"state": "active"}) == "invalidData"
    await line.ok("Common.SetTransactionState", {"state": "inactive"})
    assert (await line.ok("Common.GetTransactionState"))["state"] == "inactive"
    await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 5})
    assert (await line.ok("Common.Status"))["common"]["powerSaveRecoveryTime"] == 5
    await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 0})
    assert (await line.ok("Common.Status"))["common"]["powerSaveRecoveryTime"] == 0
    assert len((await line.ok("Common.GetCommandNonce"))["commandNonce"]) == 32


async def test_every_service_keeps_versions_transaction_and_sleep(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        names = [service.name for service in bench.vtm.services]
        assert len(names) >= 23
        for name in names:
            await common_holds(bench.line(name))


async def test_everybody_is_told_that_a_command_has_woken_the_device(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, other = bench.line("CashRecycler"), bench.line("CashRecycler")
        await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 5})
        await line.ok("Common.Status")
        asleep, awake = ({"common": {"powerSaveRecoveryTime": seconds}} for seconds in (5, 0))
        assert other.events("Common.StatusChangedEvent") == [asleep], "asking for the status wakes nobody"
        for _ in range(2):  # the second finds it awake
            await line.ok("CashDispenser.GetMixTypes")
            assert other.events("Common.StatusChangedEvent") == [asleep, awake]


async def test_everybody_is_told_of_what_changed_before_the_completion(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        bench.hand("lay_finger", subject="zhang")
        for service, name, payload, told in (
            ("Fingerprint", "Biometric.SetDataPersistence", {"persistenceMode": "persist"},
             {"dataPersistence": "persist"}),
            ("Fingerprint", "Biometric.Read", {"numCaptures": 1}, {"capture": True}),
            ("PinPad", "Keyboard.KeypressBeep", {"mode": {"active": False}},
             {"autoBeepMode": {"activeAvailable": False, "inactiveAvailable": False}}),
        ):  # fmt: skip
            line, other = bench.line(service), bench.line(service)
            await line.ok(name, payload)
            [change] = other.events("Common.StatusChangedEvent")
            assert list(change.values()) == [told]
            assert [message.name for message in line.told[-2:]] == ["Common.StatusChangedEvent", name]


async def test_everybody_is_told_that_a_chip_has_power(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, other = bench.line("CardReader"), bench.line("CardReader")
        reading = line.begin("CardReader.ReadRawData", {"chip": True})
        await line.until_event("CardReader.InsertCardEvent")
        bench.hand("insert_card", pan=PAN)
        await reading
        await line.ok("CardReader.ChipPower", {"chipPower": "off"})
        changes = [event["cardReader"] for event in other.events("Common.StatusChangedEvent")]
        assert [change["chipPower"] for change in changes if "chipPower" in change] == [
            "poweredOff", "online", "poweredOff",
        ]  # fmt: skip


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_every_service_and_the_publisher_describe_themselves_by_the_catalogue(
    tmp_path: Path, dialect: Dialect
) -> None:
    trace = tmp_path / "trace.jsonl"
    vtm, endpoints = await start_vtm(tmp_path, trace, dialect=dialect)
    uris = await list_services("127.0.0.1", endpoints.port, load(), dialect)
    assert len(uris) >= 23
    for uri in (publisher_uri("127.0.0.1", endpoints.port), *uris):
        connection = await ServiceConnection.open(uri, load(), lambda _: None, dialect)
        capabilities = await connection.command("Common.Capabilities")
        assert capabilities["interfaces"][0]["name"].lower() == "common"
        assert "common" in await connection.command("Common.Status")
        await connection.close()
    await vtm.close()
    assert_conformant(trace)
