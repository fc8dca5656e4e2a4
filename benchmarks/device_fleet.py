"""Many simulated machines in one process: what they cost while each serves a customer a minute.

Every machine has its own ports, its own state on disk, and all its services; the customers' clients run in the same
process and are counted with it. A transaction reads a card, pays 500 yuan out, and both are taken.
"""

import asyncio
import json
import resource
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from common.errors import ServiceError
from devices.sim.main import Endpoints, Folders, Vtm
from devices.sim.motor import RealMotor
from devices.xfs.catalogue import load
from devices.xfs.envelope import MessageType
from devices.xfs.uris import service_uri

PERIOD_S = 60.0
SPEED = 20.0
PAY = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 500}}}}}


class _Client:
    """Commands to one service, one at a time."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._serial = 0

    async def begin(self, name: str, payload: dict[str, Any] | None = None) -> int:
        self._serial += 1
        version = load().version(name, MessageType.COMMAND)
        header = {"type": "command", "name": name, "version": version, "requestId": self._serial, "timeout": 30000}
        await self._connection.send(json.dumps({"header": header, "payload": payload or {}}))
        return self._serial

    async def until(self, kind: str, name: str) -> dict[str, Any]:
        """Read on until a message of that kind and name comes."""
        while True:
            message: dict[str, Any] = json.loads(await self._connection.recv())
            header = message["header"]
            if (header["type"], header["name"]) == (kind, name):
                if header.get("completionCode"):
                    raise AssertionError(f"{name}: {header}")
                return message

    async def give(self, name: str, payload: dict[str, Any] | None = None) -> None:
        await self.begin(name, payload)
        await self.until("completion", name)


async def transaction(vtm: Vtm, endpoints: Endpoints) -> None:
    """One customer: card in, cash out, both taken."""

    def open_service(name: str) -> connect:
        return connect(service_uri("127.0.0.1", endpoints.port, name), compression=None, proxy=None)

    async with open_service("CardReader") as first, open_service("CashRecycler") as second:
        reader, cash = _Client(first), _Client(second)
        await reader.begin("CardReader.ReadRawData", {"track2": True})
        await reader.until("event", "CardReader.InsertCardEvent")
        vtm.world.act("insert_card", {"pan": "6222021234567890123"})
        await reader.until("completion", "CardReader.ReadRawData")
        await cash.give("CashDispenser.Dispense", PAY)
        await reader.give("CardReader.Move", {"to": "exit"})
        vtm.world.act("take_card", {})
        await cash.give("CashDispenser.Present")
        vtm.world.act("take_notes", {})
        await cash.until("unsolicited", "CashManagement.ItemsTakenEvent")


async def _start(vtm: Vtm) -> Endpoints:
    """Start on a port that is free now; another process may be quicker, then on the next one."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        try:
            return await vtm.start("127.0.0.1", port)
        except ServiceError:
            continue


async def _customers(vtm: Vtm, endpoints: Endpoints, first_s: float, seconds: float, done: list[float]) -> None:
    """A customer each minute, the first after ``first_s``."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    at = first_s
    while at < seconds:
        await asyncio.sleep(max(0.0, start + at - loop.time()))
        began = loop.time()
        await transaction(vtm, endpoints)
        done.append(loop.time() - began)
        at += PERIOD_S


async def fleet(count: int, seconds: float) -> dict[str, Any]:
    """Run so many machines for so long; processor time as a share of one core."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count * 16 + 200)), hard))
    with tempfile.TemporaryDirectory() as folder:
        machines: list[tuple[Vtm, Endpoints]] = []
        began = time.process_time()
        try:
            for number in range(count):
                vtm = Vtm(Folders(Path(folder), f"V-{number}"), motor=RealMotor(SPEED))
                machines.append((vtm, await _start(vtm)))
            start_s = time.process_time() - began
            done: list[float] = []
            spent, wall = time.process_time(), time.monotonic()
            window = min(seconds, PERIOD_S)
            await asyncio.gather(
                *(
                    _customers(vtm, endpoints, window * index / count, seconds, done)
                    for index, (vtm, endpoints) in enumerate(machines)
                )
            )
            left = seconds - (time.monotonic() - wall)
            await asyncio.sleep(max(0.0, left))
            spent, wall = time.process_time() - spent, time.monotonic() - wall
        finally:
            for vtm, _ in machines:
                await vtm.close()
    return {
        "machines": count,
        "seconds": round(wall, 1),
        "transactions": len(done),
        "cores": round(spent / wall, 3),
        "cpu_ms_per_transaction": round(spent / max(1, len(done)) * 1000, 1),
        "start_ms_per_machine": round(start_s / count * 1000, 1),
        "slowest_transaction_s": round(max(done, default=0.0), 2),
    }
