"""What one client holds: others neither move nor set it while he is there, and anybody goes on with it afterwards."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.device_samples import LIKELY
from common.clock import SystemClock, SystemIds
from common.wire.cash import ReplenishmentView
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal
from devices.client.machine import Machine
from devices.xfs.codes import DeviceError
from devices.xfs.envelope import Payload
from tests.devices.rig import Rig, soon
from tests.devices.test_cash_exchange import Ending
from tests.devices.workbench import Line, Workbench, workbench
from ui.engineer_app.exchanging import Exchanging
from ui.engineer_app.safe_hands import SafeHands

PAY = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 300}}}}}
OUT, IN = {"position": "outCenter"}, {"position": "inCenter"}
COUNTS = {"storage": {"unit3": {"cash": {"status": {"initial": {"typeCNY50": {"fit": 7}}}}}}}
THRESHOLD = {"storage": {"unit3": {"cash": {"configuration": {"lowThreshold": 9}}}}}
COIN_COUNTS = {"storage": {"unit1": {"cash": {"status": {"initial": {"typeCNYC100": {"fit": 7}}}}}}}
CARD_COUNTS = {"storage": {"unitBIN1": {"card": {"status": {"initialCount": 7}}}}}
HELD = (
    ("CashManagement.OpenShutter", IN, "exchangeActive"),
    ("CashManagement.CloseShutter", OUT, "exchangeActive"),
    ("CashManagement.Reset", None, "deviceNotReady"),
    ("Storage.SetStorage", COUNTS, "deviceNotReady"),
    ("Storage.SetStorage", THRESHOLD, "deviceNotReady"),
    ("Storage.StartExchange", None, "exchangeActive"),
    ("Storage.EndExchange", None, "deviceNotReady"),
)


async def notes_in_the_slot(line: Line) -> None:
    await line.ok("CashDispenser.Dispense", PAY)
    await line.ok("CashDispenser.Present")


async def truth(bench: Workbench) -> tuple[dict[str, Any], Payload]:
    """Where everything lies, and what the counters say."""
    return bench.world.view(), await bench.line("CashRecycler").ok("Storage.GetStorage")


async def test_during_one_clients_exchange_another_moves_and_sets_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer, kiosk = bench.line("CashRecycler"), bench.line("CashRecycler")
        await notes_in_the_slot(engineer)
        await engineer.ok("Storage.StartExchange")
        before = await truth(bench)
        for name, payload, code in HELD:
            assert (name, await kiosk.fails(name, payload)) == (name, code)
        assert await truth(bench) == before
        assert not kiosk.events("CashManagement.ShutterStatusChangedEvent")[1:]
        for name, payload in (
            ("CashManagement.OpenShutter", IN), ("CashManagement.CloseShutter", IN), ("CashManagement.Reset", None),
            ("Storage.SetStorage", COUNTS), ("Storage.EndExchange", None),
        ):  # fmt: skip
            await engineer.ok(name, payload)
        await kiosk.ok("CashManagement.OpenShutter", IN)


@pytest.mark.parametrize("held", ["exchange", "lock"])
async def test_no_command_of_the_service_moves_what_another_client_holds(tmp_path: Path, held: str) -> None:
    async with workbench(tmp_path) as bench:
        engineer, kiosk = bench.line("CashRecycler"), bench.line("CashRecycler")
        service = next(each for each in bench.vtm.services if each.name == "CashRecycler")
        await notes_in_the_slot(engineer)
        if held == "exchange":
            await engineer.ok("Storage.StartExchange")
        else:
            await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "lock"})
        before = bench.world.view()["cash"]
        tried = 0
        for name in service.supported:
            for payload in LIKELY.get(name, (None,)):
                await kiosk.give(name, payload, timeout_ms=1000)
                assert (name, bench.world.view()["cash"]) == (name, before)
                tried += 1
        assert tried >= 40
        assert bench.vtm.recycler.memory.exchange is (held == "exchange")


async def test_a_locked_device_is_its_lockers(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer, kiosk = bench.line("CashRecycler"), bench.line("CashRecycler")
        await notes_in_the_slot(engineer)
        await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "lock"})
        before = await truth(bench)
        asked: tuple[tuple[str, Any], ...] = (
            ("CashManagement.OpenShutter", IN), ("CashManagement.CloseShutter", OUT), ("CashManagement.Reset", None),
            ("Storage.StartExchange", None), ("Storage.SetStorage", THRESHOLD),
        )  # fmt: skip
        assert [await kiosk.fails(*one) for one in asked] == ["deviceNotReady"] * len(asked)
        for action in ({"deviceAction": "unlock"}, {"deviceAction": "lock"}, {"cashUnitAction": "lockAll"}):
            assert await kiosk.fails("CashAcceptor.DeviceLockControl", action) == "deviceLockFailure"
        assert await truth(bench) == before
        assert (await kiosk.ok("CashAcceptor.GetDeviceLockStatus"))["deviceLockStatus"] == "lock"
        await engineer.ok("CashManagement.Reset")
        await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "unlock"})
        await kiosk.ok("CashDispenser.Dispense", PAY)


async def test_a_lock_whose_holder_is_gone_is_undone_by_anybody(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer = bench.line("CashRecycler")
        await engineer.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "lock"})
        engineer.abort()
        kiosk = bench.line("CashRecycler")
        assert await kiosk.fails("CashDispenser.Dispense", PAY) == "deviceNotReady"
        await kiosk.ok("CashAcceptor.DeviceLockControl", {"deviceAction": "unlock"})
        await kiosk.ok("CashDispenser.Dispense", PAY)
    async with workbench(tmp_path) as bench:
        await bench.line("CashRecycler").ok("CashAcceptor.DeviceLockControl", {"deviceAction": "lock"})
    async with workbench(tmp_path) as bench:  # the lock is on disk, its holder is not
        await bench.line("CashRecycler").ok("CashAcceptor.DeviceLockControl", {"deviceAction": "unlock"})


@pytest.mark.parametrize(
    ("service", "setting"),
    [("CashRecycler", COUNTS), ("CoinDispenser", COIN_COUNTS), ("CardDispenser", CARD_COUNTS)],
)
@pytest.mark.parametrize("by", ["Storage.StartExchange", "Storage.SetStorage"])
async def test_an_exchange_whose_holder_is_gone_is_whose_goes_on_with_it(
    tmp_path: Path, service: str, setting: Any, by: str
) -> None:
    async with workbench(tmp_path) as bench:
        first, second, third = (bench.line(service) for _ in range(3))
        await first.ok("Storage.StartExchange")
        assert await second.fails("Storage.StartExchange") == "exchangeActive"
        assert await second.fails("Storage.SetStorage", setting) == "deviceNotReady"
        first.abort()
        if by == "Storage.StartExchange":
            assert await second.fails(by) == "exchangeActive"
        await second.ok("Storage.SetStorage", setting)
        assert await third.fails("Storage.EndExchange") == "deviceNotReady"
        await second.ok("Storage.EndExchange")
        await third.ok("Storage.StartExchange")
        assert await second.fails("Storage.EndExchange") == "deviceNotReady"


async def test_after_a_restart_an_exchange_is_nobodys(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        await bench.line("CashRecycler").ok("Storage.StartExchange")
    async with workbench(tmp_path) as bench:
        kiosk, engineer = bench.line("CashRecycler"), bench.line("CashRecycler")
        await kiosk.ok("CashManagement.Reset")  # freeing the way makes nobody an engineer
        assert await engineer.fails("Storage.StartExchange") == "exchangeActive"
        assert await kiosk.fails("CashManagement.Reset") == "deviceNotReady"
        await engineer.ok("Storage.EndExchange")


async def test_hoppers_and_bins_are_their_exchangers(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        engineer, kiosk = bench.line("CoinDispenser"), bench.line("CoinDispenser")
        await engineer.ok("Storage.StartExchange")
        bench.faults.inject("coin.jam", "now")
        before = bench.world.view()["coins"]
        assert await kiosk.fails("CashManagement.Reset") == "deviceNotReady"
        assert await kiosk.fails("Storage.SetStorage", COIN_COUNTS) == "deviceNotReady"
        assert await kiosk.fails("Storage.EndExchange") == "deviceNotReady"
        assert bench.world.view()["coins"] == before
        await engineer.ok("CashManagement.Reset")
        await engineer.ok("Storage.SetStorage", COIN_COUNTS)
        await engineer.ok("Storage.EndExchange")


async def test_the_engineers_other_window_goes_on_though_the_first_is_noticed_as_dead_late(
    rig: Rig, tmp_path: Path
) -> None:
    server = Ending()
    journal = CashJournal(tmp_path / "engineer.sqlite3", SystemClock(), SystemIds())
    killed = await Machine.connect("127.0.0.1", [rig.endpoints.port])
    task = await Exchanging(server, journal, CashExchange(killed), SafeHands(rig.hands)).begin(server.task)
    again = Exchanging(server, journal, CashExchange(rig.machine), SafeHands(rig.hands))
    with pytest.raises(DeviceError) as caught:
        await again.finish(task)
    assert (caught.value.code, caught.value.retryable) == ("device.not_ready", True)  # the window tries it again
    await killed.close()

    async def until_done() -> ReplenishmentView:
        while True:
            with contextlib.suppress(DeviceError):
                return await again.finish(task)
            await asyncio.sleep(0.01)

    await soon(until_done())
    assert server.units
    assert not rig.vtm.recycler.memory.exchange
    rig.counters_agree()
    journal.close()
