"""A machine on its bench: simulator, client and hands over real sockets, and a judge over every message."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from devices.client.exchange import CashExchange
from devices.client.machine import DeviceEvent, Machine
from devices.hands.client import Hands
from devices.sim.main import Endpoints, Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.sim.trace import Trace
from devices.xfs.catalogue import load
from devices.xfs.envelope import BadMessage, Dialect, Message, MessageType, decode
from tools.demo.stage import free_port

T = TypeVar("T")
PAN = "6222021234567890123"
DEADLINE_S = 20.0
Two = tuple[tuple[Vtm, Endpoints], tuple[Vtm, Endpoints]]
"""A machine, and the host of another maker's services beside it."""


@dataclass
class Rig:
    """Everything a test needs at hand."""

    vtm: Vtm
    endpoints: Endpoints
    machine: Machine
    hands: Hands
    trace: Path
    folder: Path
    events: list[DeviceEvent] = field(default_factory=list)

    async def prompted(self, start: Callable[[Callable[..., None]], Coroutine[Any, Any, T]]) -> "asyncio.Task[T]":
        """Start something and return once it has called its prompt for the first time, or ended."""
        asked = asyncio.Event()
        task = asyncio.create_task(start(lambda *_: asked.set()))
        waiting = asyncio.create_task(asked.wait())
        await asyncio.wait((task, waiting), timeout=DEADLINE_S, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return task

    async def insert_card(self, pan: str = PAN) -> Any:
        """Read a card that the customer inserts."""
        reading = await self.prompted(lambda told: self.machine.card.read(on_prompt=told))
        await self.hands.insert_card(pan=pan, name="ZHANG SAN")
        return await soon(reading)

    async def payout(self, amount_minor: int, take: bool = True) -> Any:
        """Pay an amount to a customer who takes it at once, or not at all."""
        plan = await self.machine.dispenser.plan_payout(amount_minor)
        timeout = DEADLINE_S if take else 0.05
        paying = await self.prompted(
            lambda told: self.machine.dispenser.pay_out(plan, take_timeout_s=timeout, on_presented=told)
        )
        if take and not paying.done():
            await self.hands.take_notes()
        return await soon(paying)

    async def open_safe(self) -> None:
        """The bolt over the wire, the door by hand."""
        await CashExchange(self.machine).unlock()
        await self.hands.act("open_safe")

    async def close_safe(self) -> None:
        """The door by hand, the bolt over the wire."""
        await self.hands.act("close_safe")
        await CashExchange(self.machine).lock()

    def counters_agree(self) -> None:
        """What the counters believe is what lies in the units, note by note."""
        for unit in self.vtm.recycler.units.values():
            assert unit.content == self.vtm.recycler.places.at(unit.key), unit.label


async def soon(awaitable: Awaitable[T]) -> T:
    """Wait, but not for ever."""
    return await asyncio.wait_for(awaitable, DEADLINE_S)


async def start_vtm(folder: Path, trace: Path, port: int = 0, dialect: Dialect = Dialect.SPEC) -> tuple[Vtm, Endpoints]:
    """Switch a machine on."""
    vtm = Vtm(Folders(folder, "K-02"), motor=VirtualMotor(), trace=Trace(trace), dialect=dialect)
    try:
        return vtm, await vtm.start("127.0.0.1", port or free_port())
    except BaseException:
        await vtm.close()
        raise


@asynccontextmanager
async def two_vtms(folder: Path) -> AsyncIterator[Two]:
    """Two of them; both are switched off at the end."""
    mine = await start_vtm(folder / "mine", folder / "mine.jsonl")
    other = await start_vtm(folder / "other", folder / "other.jsonl")
    yield mine, other
    for vtm, _ in (mine, other):
        await vtm.close()


async def start_rig(folder: Path, dialect: Dialect = Dialect.SPEC) -> Rig:
    """Switch a machine on and connect to it, both in the same dialect."""
    trace = folder / "trace.jsonl"
    vtm, endpoints = await start_vtm(folder, trace, dialect=dialect)
    events: list[DeviceEvent] = []
    machine = await Machine.connect("127.0.0.1", [endpoints.port], events.append, dialect=dialect)
    hands = await Hands.connect("127.0.0.1", endpoints.hands_port, endpoints.hands_token)
    return Rig(vtm, endpoints, machine, hands, trace, folder, events)


def recorded(trace: Path) -> list[tuple[str, str, Message]]:
    """Every message on record: connection, direction, message."""
    found = []
    for line in trace.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        try:
            found.append((entry["conn"], entry["dir"], decode(json.dumps(entry.get("msg")))))
        except BadMessage:
            assert entry["dir"] == ">", "the service wrote what cannot be read"
    return found


def assert_conformant(trace: Path, *, directions: str = "<>") -> int:
    """Check each message against the catalogue and each connection's order; returns how many there were."""
    catalogue, messages = load(), recorded(trace)
    open_commands: dict[tuple[str, int], str] = {}
    for connection, direction, message in messages:
        # What the standard does not know gets an answer under its own name.
        if direction in directions and message.name in catalogue.names:
            problems = catalogue.problems(message)
            assert not problems, f"{message.type} {message.name}: {problems}"
        key = (connection, message.request_id or 0)
        if direction == ">" and message.type is not MessageType.COMMAND:
            continue
        if message.type is MessageType.COMMAND:
            open_commands.setdefault(key, "given")
        elif message.type is MessageType.ACKNOWLEDGE and message.status is None:
            assert open_commands.get(key) == "given", f"acknowledge out of place: {message}"
            open_commands[key] = "running"
        elif message.type in (MessageType.EVENT, MessageType.COMPLETION):
            assert open_commands.get(key) == "running", f"out of place: {message}"
            if message.type is MessageType.COMPLETION:
                del open_commands[key]
    return len(messages)
