"""What a service engineer does: exchanges cassettes, counts them, moves notes between them."""

import base64
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.xfs.codes import DeviceError
from tests.devices.rig import Rig
from tests.devices.workbench import workbench


async def give(rig: Rig, name: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    """A bare command to the cash service."""
    return await rig.machine._cash.link.command(name, payload)


def level(rig: Rig, unit: str) -> int:
    return rig.vtm.recycler.units[unit].count


async def test_a_cassette_is_exchanged_and_its_count_set(rig: Rig) -> None:
    with pytest.raises(UserError, match=r"hands\.no_exchange"):
        await rig.hands.act("remove_cassette", unit="unit3")
    await give(rig, "Storage.StartExchange")
    with pytest.raises(UserError, match=r"hands\.safe_shut"):
        await rig.hands.act("remove_cassette", unit="unit3")
    await rig.open_safe()
    await rig.hands.act("remove_cassette", unit="unit3")
    with pytest.raises(DeviceError) as caught:
        await give(rig, "Storage.EndExchange")
    assert caught.value.error_code == "storageUnitError"
    await rig.close_safe()
    with pytest.raises(UserError, match=r"hands\.safe_shut"):
        await rig.hands.act("insert_cassette", unit="unit3")
    await rig.open_safe()
    await rig.hands.act("load_cassette", unit="unit3", notes={"50": 900})
    await rig.hands.act("insert_cassette", unit="unit3")
    counts = {"typeCNY50": {"fit": 900}}
    await give(rig, "Storage.SetStorage", {"storage": {"unit3": {"cash": {"status": {"initial": counts}}}}})
    await give(rig, "Storage.EndExchange")
    assert level(rig, "unit3") == 900
    rig.counters_agree()
    told = [event.payload for event in rig.events if event.name == "Storage.StorageChangedEvent"]
    assert told == [{"unit3": {"status": "missing"}}, {"unit3": {"status": "ok"}}]


async def test_a_cassette_with_fewer_notes_than_its_counter_says(rig: Rig) -> None:
    await give(rig, "Storage.StartExchange")
    await rig.open_safe()
    await rig.hands.act("load_cassette", unit="unit3", notes={"50": 3})
    await rig.close_safe()
    await give(rig, "Storage.EndExchange")
    request = {"denomination": {"denomination": {"app": {"currencies": {"CNY": 250}, "counts": {"unit3": 5}}}}}
    with pytest.raises(DeviceError) as caught:
        await give(rig, "CashDispenser.Dispense", request)
    assert caught.value.error_code == "cashUnitError"
    await give(rig, "CashManagement.Reset")
    await give(rig, "CashAcceptor.CashUnitCount", {"units": ["unit3"]})
    rig.counters_agree()


async def test_notes_move_between_units_and_the_counters_follow(rig: Rig) -> None:
    moved = await give(
        rig,
        "CashAcceptor.Deplete",
        {"depleteSources": [{"source": "unit4", "numberOfItemsToMove": 40}], "cashUnitTarget": "unit6"},
    )
    assert moved["numberOfItemsReceived"] == 40
    fill = {"source": "unit6", "replenishTargets": [{"target": "unit4", "numberOfItemsToMove": 15}]}
    assert (await give(rig, "CashAcceptor.Replenish", fill))["numberOfItemsRemoved"] == 15
    assert (level(rig, "unit4"), level(rig, "unit6")) == (575, 25)
    rig.counters_agree()


async def test_a_locked_unit_gives_nothing(rig: Rig) -> None:
    await give(rig, "CashAcceptor.DeviceLockControl", {"cashUnitAction": "lockAll"})
    with pytest.raises(DeviceError) as caught:
        await rig.machine.dispenser.plan_payout(10_000)
    assert caught.value.code == "cash.not_payable"
    await give(rig, "CashAcceptor.DeviceLockControl", {"cashUnitAction": "unlockAll"})
    assert (await give(rig, "CashAcceptor.GetDeviceLockStatus"))["deviceLockStatus"] == "unlock"
    assert (await rig.payout(10_000)).paid_minor == 10_000


async def test_what_one_client_holds_another_does_not_move(tmp_path: Path) -> None:
    pay = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 300}}}}}
    async with workbench(tmp_path) as bench:
        engineer, kiosk = bench.line("CashRecycler"), bench.line("CashRecycler")
        before = {unit.key: unit.count for unit in bench.vtm.recycler.units.values()}
        asked: tuple[tuple[str, dict[str, Any] | None], ...] = (
            ("CashDispenser.Dispense", pay), ("CashAcceptor.CashInStart", None), ("CashManagement.Retract", None),
        )  # fmt: skip
        await engineer.ok("Storage.StartExchange")
        assert [await kiosk.fails(*one) for one in asked] == ["exchangeActive"] * 3
        await engineer.ok("Storage.EndExchange")
        await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "lock"})
        assert [await kiosk.fails(*one) for one in asked[:2]] == ["deviceNotReady"] * 2
        assert {unit.key: unit.count for unit in bench.vtm.recycler.units.values()} == before
        await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "unlock"})
        await kiosk.ok("CashDispenser.Dispense", pay)


async def test_suspect_notes_come_back_with_number_and_picture(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    putting = await rig.prompted(lambda told: session.insert(on_prompt=told))
    await rig.hands.put_notes({"100": 2, "100:suspect": 1, "50:counterfeit": 1, "100:fit:1999": 1})
    assert (await putting).accepted == {10_000: 2}
    info = await give(rig, "CashManagement.GetItemInfo", {"itemInfoType": {"serialNumber": True, "image": True}})
    items = info["itemsList"]
    assert sorted(item["level"] for item in items) == ["counterfeit", "suspect"]
    assert len({item["serialNumber"] for item in items}) == 2
    assert all(base64.b64decode(item["image"]).startswith(b"\x89PNG") for item in items)
    assert await rig.hands.take_notes() == {"100:suspect": 1, "50:counterfeit": 1, "100:fit:1999": 1}
