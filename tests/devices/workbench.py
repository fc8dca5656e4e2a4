"""A machine without sockets: commands go straight to its services, every message is judged as it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from devices.sim.main import Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.sim.world.base import World
from devices.xfs import record
from devices.xfs.catalogue import Catalogue, load
from devices.xfs.envelope import Dialect, Message, MessageType, Payload, decode, encode
from tests.devices.rig import soon


class Line:
    """A client's connection to one service."""

    def __init__(self, bench: "Workbench", service: str) -> None:
        self._service = next(each for each in bench.vtm.services if each.name == service)
        self._catalogue: Catalogue = load()
        self._record = record.channel("service", Dialect.SPEC)
        self._serial = 0
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self.told: list[Message] = []
        self.gone = False
        self._service.join(self)

    def send(self, message: Message) -> None:
        """The service's side: a completion ends a wait, everything else is kept."""
        text = encode(message)
        if self._record is not None:
            self._record.wrote("<", text)
        message = decode(text)
        assert not self._catalogue.problems(message), f"{message.name}: {self._catalogue.problems(message)[0]}"
        self.told.append(message)
        future = self._waiting.get(message.request_id or 0)
        if message.type is MessageType.COMPLETION and future is not None and not future.done():
            future.set_result(message)

    def send_event(self, name: str, request_id: int, payload: Payload | None) -> None:
        """An event of a running command."""
        version = self._catalogue.version(name, MessageType.EVENT)
        self.send(Message(MessageType.EVENT, name, version, request_id, payload=payload))

    def abort(self) -> None:
        """The connection drops."""
        self.gone = True
        self._service.leave(self)

    def begin(self, name: str, payload: Payload | None = None, timeout_ms: int = 0) -> "asyncio.Future[Message]":
        """Give a command; the future holds its completion."""
        self._serial += 1
        version = self._catalogue.version(name, MessageType.COMMAND)
        message = Message(MessageType.COMMAND, name, version, self._serial, payload=payload, timeout_ms=timeout_ms)
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[self._serial] = future
        if self._record is not None:
            self._record.read(">", encode(message))
            self._record.wrote("<", encode(Message(MessageType.ACKNOWLEDGE, name, version, self._serial)))
        self._service.accept(self, decode(encode(message)))
        return future

    async def give(self, name: str, payload: Payload | None = None, timeout_ms: int = 0) -> Message:
        """Give a command and wait for its completion."""
        return await soon(self.begin(name, payload, timeout_ms))

    async def ok(self, name: str, payload: Payload | None = None) -> Payload:
        """A command that must succeed."""
        done = await self.give(name, payload)
        assert done.completion_code is None, (done.completion_code, done.error_code, done.error_description)
        return done.payload or {}

    async def fails(self, name: str, payload: Payload | None = None) -> str:
        """A command that must not; its error code, or the completion code when it has none."""
        done = await self.give(name, payload)
        assert done.completion_code is not None
        return done.error_code or done.completion_code

    def events(self, name: str) -> list[Payload]:
        """Payloads of all events of one name so far."""
        return [message.payload or {} for message in self.told if message.name == name]

    async def until_event(self, name: str) -> None:
        """Let the machine work until an event has come."""
        for _ in range(10_000):
            if self.events(name):
                return
            await asyncio.sleep(0)
        raise AssertionError(f"no {name}")


def hand_inside(world: World, action: str, **params: Any) -> dict[str, Any]:
    """Do something behind the cabinet's door: unlocked, opened, and closed again."""
    world.act("unbolt_doors", {})
    world.act("open_cabinet", {})
    try:
        return world.act(action, params)
    finally:
        world.act("close_cabinet", {})


class Workbench:
    """The machine and what stands before it."""

    def __init__(self, folder: Path, motor: VirtualMotor | None = None) -> None:
        self.motor = motor or VirtualMotor()
        self.vtm = Vtm(Folders(folder, "K-02"), motor=self.motor)
        self.world = self.vtm.world
        self.faults = self.vtm.faults
        for service in self.vtm.services:
            service.start()

    def line(self, service: str) -> Line:
        """Connect to a service."""
        return Line(self, service)

    def hand(self, action: str, **params: Any) -> dict[str, Any]:
        """Do something by hand."""
        return self.world.act(action, params)

    def hand_inside(self, action: str, **params: Any) -> dict[str, Any]:
        """Do something behind the cabinet's door, which is opened for it with the engineer's key."""
        return hand_inside(self.world, action, **params)

    async def close(self) -> None:
        """Switch off."""
        for service in self.vtm.services:
            await service.close()
        await self.vtm.close()


@asynccontextmanager
async def workbench(folder: Path, motor: VirtualMotor | None = None) -> AsyncIterator[Workbench]:
    """A machine for the length of a block."""
    bench = Workbench(folder, motor)
    try:
        yield bench
    finally:
        await bench.close()
