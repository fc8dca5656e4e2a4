"""`now` means now: what can happen without an order has happened when the board answers, and the wire tells it."""

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from common.errors import UserError
from devices.client.connection import ServiceConnection
from devices.sim.cash.recycler import CASSETTE_FAULTS, SHUTTER_S
from devices.sim.faults import FAULTS, NOW
from devices.sim.world.cash import ESCROW, INPUT, TRANSPORT
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost
from devices.xfs.envelope import Payload
from devices.xfs.uris import service_uri
from tests.devices.rig import PAN, Rig
from tests.devices.test_doors import Interrupted
from tests.devices.workbench import Line, Workbench, workbench

PAY = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 350}}}}}
COINS = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 5}}}}}
LETTER = {"formName": "letter", "fields": {"title": "a"}}
Now = tuple[str, dict[str, Any], str, Callable[[Payload], object], object]
"""Fault, parameters, service, what to look at in its status, and what stands there at once."""


def _shutter(interface: str) -> Callable[[Payload], object]:
    return lambda status: status[interface]["positions"][0]["shutter"]


TOLD: tuple[Now, ...] = (
    ("transport.jam", {}, "CashRecycler", lambda s: s["cashManagement"]["dispenser"], "stop"),
    ("present.shutter_stuck", {}, "CashRecycler", _shutter("cashDispenser"), "jammedClosed"),
    ("cash_in.shutter_stuck", {}, "CashRecycler", lambda s: s["common"]["device"], "hardwareError"),
    ("printer.jam", {}, "Printer", lambda s: s["printer"]["paper"]["upper"], "jammed"),
    ("printer.paper_out", {}, "Printer", lambda s: s["printer"]["paper"]["upper"], "out"),
    (
        "printer.paper_low", {"service": "LaserPrinter", "source": "lower"}, "LaserPrinter",
        lambda s: (s["printer"]["paper"]["upper"], s["printer"]["paper"]["lower"]), ("full", "low"),
    ),
    ("printer.ink_out", {"service": "LaserPrinter"}, "LaserPrinter", lambda s: s["printer"]["toner"], "out"),
    ("printer.ink_out", {}, "PassbookPrinter", lambda s: s["printer"]["ink"], "out"),
    ("print.fails", {"service": "CertificatePrinter"}, "CertificatePrinter", lambda s: s["common"]["device"],
     "hardwareError"),
    ("check.jam", {}, "ChequeAcceptor", lambda s: s["common"]["device"], "hardwareError"),
    ("coin.jam", {}, "CoinDispenser", lambda s: s["cashDispenser"]["positions"][0]["transport"], "inoperative"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "params", "service", "look", "expected"),
    TOLD,
    ids=[f"{fault}-{service}" for fault, _, service, *_ in TOLD],
)
async def test_it_has_happened_and_is_told(
    tmp_path: Path,
    fault: str,
    params: dict[str, Any],
    service: str,
    look: Callable[[Payload], object],
    expected: object,
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        assert look(await line.ok("Common.Status")) != expected
        bench.faults.inject(fault, NOW, **params)
        assert bench.faults.view() == [], "it waits for nothing"
        assert line.events("Common.StatusChangedEvent"), "everybody is told"
        assert look(await line.ok("Common.Status")) == expected


async def _card_inside(bench: Workbench, line: Line) -> None:
    reading = line.begin("CardReader.ReadRawData", {"track2": True})
    await line.until_event("CardReader.InsertCardEvent")
    bench.hand("insert_card", pan=PAN)
    done = await reading
    assert done.completion_code is None
    assert "data" in (done.payload or {})["track2"]


async def test_a_card_that_lies_inside_gets_stuck(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CardReader")
        with pytest.raises(UserError, match=r"hands\.fault_nothing_now"):
            bench.faults.inject("card.jam", NOW)
        await _card_inside(bench, line)
        with pytest.raises(UserError, match=r"hands\.fault_nothing_now"):
            bench.faults.inject("card.jam", NOW, service="CardDispenser")
        bench.faults.inject("card.jam", NOW, service="CardReader")
        told = [event["cardReader"]["media"] for event in line.events("Common.StatusChangedEvent") if
                "media" in event.get("cardReader", {})]  # fmt: skip
        assert told[-1] == "jammed"
        assert bench.world.possible()["tear_card"] == "hands.card_jammed"
        assert await line.fails("CardReader.Move", {"to": "exit"}) == "mediaJam"
        await line.ok("CardReader.Reset")
        bench.hand("take_card")


async def test_a_card_gets_stuck_on_its_way(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CardReader")
        await _card_inside(bench, line)
        moving = bench.motor.run

        async def jammed_meanwhile(seconds: float) -> None:
            bench.faults.inject("card.jam", NOW)
            bench.motor.run = moving  # type: ignore[method-assign]
            await moving(seconds)

        bench.motor.run = jammed_meanwhile  # type: ignore[method-assign]
        assert await line.fails("CardReader.Move", {"to": "exit"}) == "mediaJam"
        assert bench.world.view()["card"]["place"] == "jammed"


async def test_notes_lie_in_a_transport_that_jams_while_they_are_counted(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, places, moving = bench.line("CashRecycler"), bench.vtm.recycler.places, bench.motor.run

        async def jammed_meanwhile(seconds: float) -> None:
            if places.count(INPUT) and not places.transport_jammed:
                bench.faults.inject("transport.jam", NOW)
            await moving(seconds)

        await line.ok("CashAcceptor.CashInStart")
        counting = line.begin("CashAcceptor.CashIn")
        await line.until_event("CashAcceptor.InsertItemsEvent")
        bench.hand("put_notes", notes={"100": 5})
        bench.motor.run = jammed_meanwhile  # type: ignore[method-assign]
        assert (await counting).completion_code == "hardwareError"
        assert (places.count(INPUT), places.count(TRANSPORT), places.count(ESCROW)) == (3, 2, 0)
        await line.ok("CashManagement.Reset")
        assert places.at("unit8") == {"100:fit": 5}
        assert bench.vtm.recycler.units["unit8"].content == places.at("unit8")


async def test_a_foreign_object_lies_there_before_anybody_puts_notes_in(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        bench.faults.inject("cash_in.foreign_object", NOW)
        await line.ok("CashAcceptor.CashInStart")
        counting = line.begin("CashAcceptor.CashIn")
        await line.until_event("CashAcceptor.InsertItemsEvent")
        bench.hand("put_notes", notes={"100": 2})
        assert (await counting).error_code == "foreignItemsDetected"


async def test_a_shutter_that_is_open_does_not_stick_shut(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("CashManagement.OpenShutter", {"position": "outCenter"})
        with pytest.raises(UserError, match=r"hands\.fault_nothing_now"):
            bench.faults.inject("present.shutter_stuck", NOW)
        await line.ok("CashManagement.CloseShutter", {"position": "outCenter"})
        bench.faults.inject("present.shutter_stuck", NOW)
        assert line.events("CashManagement.ShutterStatusChangedEvent")[-1]["shutter"] == "jammed"
        await line.ok("CashDispenser.Dispense", PAY)
        assert await line.fails("CashDispenser.Present") == "shutterNotOpen"


@pytest.mark.parametrize("fault", ["wire.drop_connection", "service.restart"])
async def test_the_clients_of_one_service_are_dropped(tmp_path: Path, fault: str) -> None:
    async with workbench(tmp_path) as bench:
        with pytest.raises(UserError, match=r"hands\.fault_nothing_now"):
            bench.faults.inject(fault, NOW, service="Lights")
        first, second, other = bench.line("Lights"), bench.line("Lights"), bench.line("Printer")
        bench.faults.inject(fault, NOW, service="Lights")
        assert (first.gone, second.gone, other.gone) == (True, True, False)
        await bench.line("Lights").ok("Common.Status")
        bench.faults.inject(fault, NOW)
        assert other.gone, "aimed at none: all of them"


async def test_only_who_waits_for_a_command_is_dropped(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        reading, idle = bench.line("CardReader"), bench.line("CardReader")
        reading.begin("CardReader.ReadRawData", {"track2": True})
        await reading.until_event("CardReader.InsertCardEvent")
        bench.faults.inject("wire.drop_connection", NOW, command="CardReader.ReadRawData")
        assert (reading.gone, idle.gone) == (True, False)


async def test_the_board_says_what_comes_at_once_and_refuses_the_rest(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        kinds = bench.faults.kinds()
        assert kinds.keys() == FAULTS.keys()
        at_once = {name for name, kind in kinds.items() if NOW in kind["triggers"]}
        tested = {fault for fault, *_ in TOLD}
        elsewhere = {"motor.slow", "card.jam", "cash_in.foreign_object", "wire.drop_connection", "service.restart"}
        assert at_once == tested | elsewhere | set(CASSETTE_FAULTS)
        for name in kinds.keys() - at_once:
            with pytest.raises(UserError, match=r"hands\.fault_not_now"):
                bench.faults.inject(name, NOW)
        assert bench.faults.view() == []


async def test_a_printer_that_jams_while_it_prints(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, moving = bench.line("LaserPrinter"), bench.motor.run

        async def jammed_meanwhile(seconds: float) -> None:
            bench.faults.inject("print.fails", NOW, service="LaserPrinter")
            await moving(seconds)

        bench.motor.run = jammed_meanwhile  # type: ignore[method-assign]
        assert await line.fails("Printer.PrintForm", LETTER) == "paperJammed"


async def test_a_shutter_that_opens_becomes_slow(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, moving = bench.line("CashRecycler"), bench.motor.run
        with pytest.raises(UserError, match=r"hands\.fault_nothing_now"):
            bench.faults.inject("motor.slow", NOW)

        async def slow_meanwhile(seconds: float) -> None:
            bench.motor.run = moving  # type: ignore[method-assign]
            bench.faults.inject("motor.slow", NOW, factor=4)
            await moving(seconds)

        bench.motor.run = slow_meanwhile  # type: ignore[method-assign]
        await line.ok("CashManagement.OpenShutter", {"position": "outCenter"})
        assert bench.motor.elapsed == pytest.approx(4 * SHUTTER_S)
        await line.ok("CashManagement.CloseShutter", {"position": "outCenter"})
        assert bench.motor.elapsed == pytest.approx(5 * SHUTTER_S)


async def test_a_cassette_that_says_empty_pays_nothing_out(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, box = bench.line("CashRecycler"), bench.vtm.recycler
        bench.faults.inject("cassette.empty", NOW, unit="unit3")
        told = line.events("Storage.StorageThresholdEvent")
        assert told == [{"unit3": {"cash": {"status": {"replenishmentStatus": "empty"}}}}]
        assert (await line.ok("Common.Status"))["cashManagement"]["dispenser"] == "attention"
        done = await line.ok("CashDispenser.Dispense", PAY)
        assert "unit3" not in done["denomination"]["values"]
        await line.ok("CashDispenser.Reject")
        await line.ok("CashAcceptor.CashUnitCount", {"units": ["unit3"]})
        assert box.units["unit3"].replenishment == "ok", "somebody has looked"


async def test_coins_stop_in_the_middle(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, moving = bench.line("CoinDispenser"), bench.motor.run

        async def jammed_meanwhile(seconds: float) -> None:
            if bench.world.view()["coins"]["tray"]["unit1"] == 2:
                bench.faults.inject("coin.jam", NOW)
            await moving(seconds)

        bench.motor.run = jammed_meanwhile  # type: ignore[method-assign]
        assert await line.fails("CashDispenser.Dispense", COINS) == "cashUnitError"
        assert bench.hand("take_coins")["coins"] == {"unit1": 2}


async def test_a_line_that_drops_while_a_command_is_written_is_no_bug(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The future of its answer was left with an error for which nobody asked."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    line = await ServiceConnection.open(service_uri("127.0.0.1", rig.endpoints.port, "Lights"), load(), lambda _: None)

    async def cut(_: str) -> None:
        line._drop()
        raise ConnectionClosedError(None, None)

    monkeypatch.setattr(line._socket, "send", cut)
    lost = False
    try:
        await line.command("Common.Status")
    except ConnectionLost:
        lost = True
    gc.collect()
    assert (lost, told) == (True, [])
    await line.close()


async def test_nothing_is_presented_or_pulled_in_when_the_way_jams_meanwhile(tmp_path: Path) -> None:
    motor = Interrupted()
    async with workbench(tmp_path, motor) as bench:
        line = bench.line("CertificatePrinter")
        fields = {"number": "C-1", "name": "张三", "amount": "1.00"}
        await line.ok("Printer.PrintForm", {"formName": "deposit", "fields": fields})
        motor.at(1, lambda: bench.faults.inject("print.fails", NOW))
        assert await line.fails("Printer.ControlMedia", {"mediaControl": {"move": "eject"}}) == "paperJammed"
        assert not line.events("Printer.MediaPresentedEvent")
        await line.ok("Printer.Reset", {"mediaControl": "eject"})
        motor.at(1, lambda: bench.faults.inject("print.fails", NOW))
        assert await line.fails("Printer.RetractMedia") == "mediaJammed"
        there = bench.world.view()["certificate"]
        assert (len(there["in_slot"]), there["bin"]) == (1, [])


async def test_cheques_stop_where_they_are_when_the_way_jams(tmp_path: Path) -> None:
    motor = Interrupted()
    async with workbench(tmp_path, motor) as bench:
        line = bench.line("ChequeAcceptor")
        taking = line.begin("Check.MediaIn")
        await line.until_event("Check.NoMediaEvent")
        bench.hand("put_papers", papers=[{"codeline": "1"}, {"codeline": "2"}])
        await taking
        motor.at(2, lambda: bench.faults.inject("check.jam", NOW))
        assert await line.fails("Check.MediaInEnd") == "mediaJammed"
        places = bench.world.view()["papers"]["places"]
        assert (places["unit1"], places["stacker"]) == (["1"], ["2"])
        await line.ok("Check.Reset", {"mediaControl": "eject"})
        motor.at(1, lambda: bench.faults.inject("check.jam", NOW))
        assert await line.fails("Check.RetractMedia") == "mediaJammed"
        assert bench.world.view()["papers"]["places"]["slot"] == ["2"]
