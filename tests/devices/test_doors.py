"""A door opened stops what moves behind it, whatever it is; closed again, everything goes on from where it lies."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.sim.motor import VirtualMotor
from devices.xfs.envelope import MessageType
from tests.devices.rig import PAN, soon
from tests.devices.workbench import Line, Workbench, workbench

PNG = b"\x89PNG\r\n\x1a\n"
COINS = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 2}}}}}
NOTES = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 100}}}}}
RAW = {"data": base64.b64encode(b"hello").decode(), "inputData": "no"}


class Interrupted(VirtualMotor):
    """A motor during whose n-th movement from now something happens."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 0
        self._happens: Callable[[], object] = lambda: None

    def at(self, movement: int, happens: Callable[[], object]) -> None:
        """Tell what happens, and when."""
        self._left, self._happens = movement, happens

    async def run(self, seconds: float) -> None:
        self._left -= 1
        if self._left == 0:
            self._happens()
        await super().run(seconds)


@asynccontextmanager
async def unbolted(folder: Path) -> AsyncIterator[tuple[Workbench, Interrupted]]:
    """A machine whose doors are shut, and can be opened."""
    motor = Interrupted()
    async with workbench(folder, motor) as bench:
        await bench.line("Auxiliaries").ok(
            "Auxiliaries.SetAuxiliaries", {"cabinetDoors": "unbolt", "safeDoor": "unbolt"}
        )
        yield bench, motor


async def give_in(bench: Workbench, line: Line, name: str, payload: Any, asked: str, hand: str, **what: Any) -> None:
    """A command that asks the customer for something, and the customer's hand."""
    done = line.begin(name, payload)
    await line.until_event(asked)
    bench.hand(hand, **what)
    assert (await done).completion_code is None


async def nothing(bench: Workbench, line: Line) -> None:
    """All that is needed is there."""


async def a_card(bench: Workbench, line: Line) -> None:
    await give_in(
        bench, line, "CardReader.ReadRawData", {"track2": True}, "CardReader.InsertCardEvent", "insert_card", pan=PAN
    )


async def blanks(bench: Workbench, line: Line) -> None:
    bench.hand_inside("load_cards", count=2)


async def tokens(bench: Workbench, line: Line) -> None:
    bench.hand_inside("load_tokens", count=2)


async def a_book(bench: Workbench, line: Line) -> None:
    form = {"formName": "stripe", "mediaName": "passbook"}
    await give_in(
        bench, line, "Printer.ReadForm", form, "Printer.NoMediaEvent", "insert_passbook", pages=[[], []], stripe="1"
    )


async def a_sheet(bench: Workbench, line: Line) -> None:
    image = base64.b64encode(PNG).decode()
    await give_in(bench, line, "Printer.ReadImage", {}, "Printer.NoMediaEvent", "feed_document", image=image)


async def a_cheque(bench: Workbench, line: Line) -> None:
    papers = [{"codeline": "111"}]
    await give_in(bench, line, "Check.MediaIn", None, "Check.NoMediaEvent", "put_papers", papers=papers)


@dataclass(frozen=True)
class Mechanism:
    """A service, the door before it, the part of the world that it moves, and a command that moves it."""

    service: str
    part: str
    command: str
    payload: Any
    prepare: Callable[[Workbench, Line], Awaitable[None]] = nothing
    door: str = "cabinet"


FROM_HOPPER = {"from": "unitHOP1", "to": "exit"}
MECHANISMS = [
    Mechanism("CardReader", "card", "CardReader.Move", {"to": "exit"}, a_card),
    Mechanism("CardDispenser", "new_card", "CardReader.Move", FROM_HOPPER, blanks),
    Mechanism("TokenDispenser", "token", "CardReader.Move", FROM_HOPPER, tokens),
    Mechanism("Printer", "paper", "Printer.PrintRaw", RAW),
    Mechanism("LaserPrinter", "laser", "Printer.PrintRaw", RAW),
    Mechanism("CertificatePrinter", "certificate", "Printer.PrintRaw", RAW),
    Mechanism("PassbookPrinter", "passbook", "Printer.ControlPassbook", {"action": "forward", "count": 1}, a_book),
    Mechanism("DocumentScanner", "scanner", "Printer.ControlMedia", {"mediaControl": {"move": "eject"}}, a_sheet),
    Mechanism("ChequeAcceptor", "papers", "Check.MediaInEnd", None, a_cheque),
    Mechanism("CoinDispenser", "coins", "CashDispenser.Dispense", COINS, door="safe"),
    Mechanism("CashRecycler", "cash", "CashDispenser.Dispense", NOTES, door="safe"),
]


@pytest.mark.parametrize("what", MECHANISMS, ids=lambda what: what.service)
async def test_a_door_opened_stops_what_moves_behind_it(tmp_path: Path, what: Mechanism) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line(what.service)
        await what.prepare(bench, line)
        before = bench.world.view()[what.part]
        motor.at(1, lambda: bench.hand(f"open_{what.door}"))
        assert await line.fails(what.command, what.payload) == "hardwareError"
        assert bench.world.view()[what.part] == before
        said = "safeDoorOpen" if what.door == "safe" else "deviceNotReady"
        assert await line.fails(what.command, what.payload) == said
        assert bench.world.view()[what.part] == before
        bench.hand(f"close_{what.door}")
        await line.ok(what.command, what.payload)
        assert bench.world.view()[what.part] != before


@pytest.mark.parametrize("what", MECHANISMS, ids=lambda what: what.service)
async def test_the_other_door_stops_nothing(tmp_path: Path, what: Mechanism) -> None:
    async with unbolted(tmp_path) as (bench, _):
        line = bench.line(what.service)
        await what.prepare(bench, line)
        bench.hand("open_safe" if what.door == "cabinet" else "open_cabinet")
        await line.ok(what.command, what.payload)


@pytest.mark.parametrize(
    ("service", "command", "payload", "asked"),
    [
        ("CardReader", "CardReader.ReadRawData", {"track2": True}, "CardReader.InsertCardEvent"),
        ("PassbookPrinter", "Printer.ReadForm", {"formName": "stripe"}, "Printer.NoMediaEvent"),
        ("DocumentScanner", "Printer.ReadImage", {}, "Printer.NoMediaEvent"),
        ("ChequeAcceptor", "Check.MediaIn", None, "Check.NoMediaEvent"),
    ],
)
async def test_nobody_is_asked_for_anything_while_the_cabinet_is_open(
    tmp_path: Path, service: str, command: str, payload: Any, asked: str
) -> None:
    async with unbolted(tmp_path) as (bench, _):
        line = bench.line(service)
        bench.hand("open_cabinet")
        assert await line.fails(command, payload) == "deviceNotReady"
        assert not line.events(asked)
        bench.hand("close_cabinet")
        line.begin(command, payload)
        await line.until_event(asked)


async def test_an_open_safe_is_said_in_the_words_that_each_command_has_for_it(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, _):
        line = bench.line("CashRecycler")
        bench.hand("open_safe")
        for command, payload in (("CashAcceptor.CashInStart", {}), ("CashDispenser.Dispense", NOTES)):
            assert await line.fails(command, payload) == "safeDoorOpen"
        assert (await line.ok("CashAcceptor.GetCashInStatus"))["status"] == "ok", "no cash-in was begun"
        bench.hand("close_safe")
        await line.ok("CashAcceptor.CashInStart")
        bench.hand("open_safe")
        assert await line.fails("CashAcceptor.CashIn") == "safeDoorOpen"
        assert await line.fails("CashManagement.OpenShutter") == "deviceNotReady", "it has no word for a door"
        told = {message.name for message in line.told if message.type is MessageType.EVENT}
        assert not told, "nothing was begun, nobody was asked for anything"
        bench.hand("close_safe")
        counting = line.begin("CashAcceptor.CashIn")
        await line.until_event("CashAcceptor.InsertItemsEvent")
        bench.hand("put_notes", notes={"100": 2})
        assert (await counting).completion_code is None
        bench.hand("open_safe")
        assert await line.fails("CashAcceptor.CashInEnd") == "safeDoorOpen"
        bench.hand("close_safe")
        await line.ok("CashAcceptor.CashInEnd")


async def test_a_card_stays_in_the_mouth_where_the_customer_reaches_it(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("CardReader")
        reading = line.begin("CardReader.ReadRawData", {"track2": True})
        await line.until_event("CardReader.InsertCardEvent")
        motor.at(1, lambda: bench.hand("open_cabinet"))
        bench.hand("insert_card", pan=PAN)
        assert (await reading).completion_code == "hardwareError"
        assert bench.world.view()["card"]["place"] == "mouth"
        bench.hand("close_cabinet")
        assert (await line.ok("CardReader.ReadRawData", {"track2": True}))["track2"]["data"]
        await line.ok("CardReader.Move", {"to": "exit"})
        bench.hand("take_card")


async def test_nobody_stays_asked_when_a_door_is_opened(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, _):
        cash, reader = bench.line("CashRecycler"), bench.line("CardReader")
        await cash.ok("CashAcceptor.CashInStart")
        taking, reading = cash.begin("CashAcceptor.CashIn"), reader.begin("CardReader.ReadRawData", {"track2": True})
        await cash.until_event("CashAcceptor.InsertItemsEvent")
        await reader.until_event("CardReader.InsertCardEvent")
        bench.hand("open_cabinet")
        assert (await soon(reading)).completion_code == "deviceNotReady"
        assert bench.world.possible()["insert_card"] == "hands.reader_not_waiting"
        bench.hand("open_safe")
        assert (await soon(taking)).error_code == "safeDoorOpen"
        bench.hand("close_safe")
        assert bench.world.possible()["put_notes"] == "hands.shutter_closed"
        assert (await cash.ok("CashAcceptor.GetCashInStatus"))["status"] == "active"


async def test_a_new_card_waits_inside_between_its_hopper_and_the_mouth(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("CardDispenser")
        bench.hand_inside("load_cards", count=2)
        motor.at(2, lambda: bench.hand("open_cabinet"))
        assert await line.fails("CardReader.Move", FROM_HOPPER) == "hardwareError"
        there = bench.world.view()["new_card"]
        assert (there["place"], there["bins"]["unitHOP1"]) == ("inside", 1)
        bench.hand("close_cabinet")
        await line.ok("CardReader.Move", {"to": "exit"})


async def test_cheques_are_kept_as_far_as_it_came_and_the_rest_afterwards(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("ChequeAcceptor")
        papers = [{"codeline": "111"}, {"codeline": "222"}]
        await give_in(bench, line, "Check.MediaIn", None, "Check.NoMediaEvent", "put_papers", papers=papers)
        motor.at(2, lambda: bench.hand("open_cabinet"))
        assert await line.fails("Check.MediaInEnd") == "hardwareError"
        places = bench.world.view()["papers"]["places"]
        assert (places["unit1"], places["stacker"]) == (["111"], ["222"])
        assert line.events("Storage.CountsChangedEvent")[-1]["unit1"]["check"]["status"]["in"]["count"] == 1
        assert await line.fails("Check.MediaInRollback") == "deviceNotReady"
        bench.hand("close_cabinet")
        await line.ok("Check.MediaInEnd")
        assert bench.world.view()["papers"]["places"]["unit1"] == ["111", "222"]


async def test_coins_that_fell_before_the_safe_was_opened_are_told(tmp_path: Path) -> None:
    async with unbolted(tmp_path) as (bench, motor):
        line = bench.line("CoinDispenser")
        motor.at(2, lambda: bench.hand("open_safe"))
        assert await line.fails("CashDispenser.Dispense", COINS) == "hardwareError"
        assert line.events("CashDispenser.IncompleteDispenseEvent")[0]["values"] == {"unit1": 1}
        told = await line.ok("CashDispenser.GetPresentStatus")
        assert (told["presentState"], told["denomination"]["values"]) == ("presented", {"unit1": 1})
        assert await line.fails("CashDispenser.Dispense", COINS) == "safeDoorOpen"
        assert (await line.ok("CashDispenser.GetPresentStatus")) == told
        assert bench.hand("take_coins")["coins"] == {"unit1": 1}
        coins = bench.world.view()["coins"]
        assert coins["hoppers"]["unit1"] + coins["pocket"]["unit1"] == 400


async def a_kept_card(bench: Workbench) -> None:
    reader = bench.line("CardReader")
    await a_card(bench, reader)
    await reader.ok("CardReader.Move", {"to": "unitBIN1"})


async def kept_new_ones(bench: Workbench) -> None:
    for service, load in (("CardDispenser", "load_cards"), ("TokenDispenser", "load_tokens")):
        bench.hand_inside(load, count=1)
        await bench.line(service).ok("CardReader.Move", {"from": "unitHOP1", "to": "unitBIN1"})


async def kept_sheets(bench: Workbench) -> None:
    for service in ("Printer", "LaserPrinter", "CertificatePrinter"):
        line = bench.line(service)
        await line.ok("Printer.PrintRaw", RAW)
        await line.ok("Printer.RetractMedia")


async def nothing_kept(_: Workbench) -> None:
    """What is loaded needs nothing before."""


@pytest.mark.parametrize(
    ("action", "prepare"),
    [
        ("load_cards", nothing_kept),
        ("load_tokens", nothing_kept),
        ("load_paper", nothing_kept),
        ("load_pages", nothing_kept),
        ("load_certificates", nothing_kept),
        ("load_ribbon", nothing_kept),
        ("empty_paper_bins", nothing_kept),
        ("empty_card_bin", a_kept_card),
        ("empty_new_card_bin", kept_new_ones),
        ("empty_token_bin", kept_new_ones),
        ("empty_receipt_bin", kept_sheets),
        ("empty_page_bin", kept_sheets),
        ("empty_certificate_bin", kept_sheets),
    ],
)
async def test_hands_do_not_reach_through_the_cabinets_door(
    tmp_path: Path, action: str, prepare: Callable[[Workbench], Awaitable[None]]
) -> None:
    async with workbench(tmp_path) as bench:
        await prepare(bench)
        for _ in ("bolted", "closed"):
            before = bench.world.view()
            with pytest.raises(UserError, match=r"hands\.cabinet_shut"):
                bench.hand(action)
            assert bench.world.view() == before
            bench.hand("unbolt_doors")
        bench.hand("open_cabinet")
        bench.hand(action)
