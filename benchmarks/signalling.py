"""Signalling under load: kiosks and seats on one real server process; how long a call takes to be set up.

``python -m benchmarks.signalling --kiosks 100 --seats 20 --json``. Every kiosk brings a customer over REST, every
seat serves until no customer is left. Measured at the clients, on the machine's monotonic clock, in milliseconds:

- ``ring``: from the customer's card to the ring at a seat, for customers who found a free seat;
- ``answer``: from ``POST /cases/{id}/answer`` to ``call.started`` at both sides;
- ``set_up``: from ``POST /cases/{id}/answer`` to the answer's description at the offerer, that is, everything of a
  call's set-up but the media themselves;
- ``relay``: one description through the server.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect

from common.commandline import OneLineParser
from common.settings import Settings
from common.wire.sessions import Role
from common.wire.signalling import (
    CallStarted,
    Description,
    HangUp,
    Hello,
    Message,
    Ping,
    Ringing,
    SetPresence,
    Welcome,
    decode_from_server,
    encode,
)
from server.main import build
from server.services.ports import Principal, UserRecord
from server.store.database import Database, sqlite_url

PASSWORD = "benchmark"  # noqa: S105 - of throw-away users in a throw-away directory
SDP = "v=0\r\n" + "a=candidate:1 1 udp 2130706431 192.0.2.7 53124 typ host\r\n" * 60
WITHIN_S = 120.0


@dataclass
class Figures:
    """Durations in seconds, by name."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        self.taken.setdefault(name, []).append(seconds)

    def summary(self) -> dict[str, dict[str, float]]:
        return {name: _ranks(sorted(values)) for name, values in self.taken.items()}


def _ranks(values: list[float]) -> dict[str, float]:
    def at(share: float) -> float:
        return round(1000 * values[min(len(values) - 1, int(share * len(values)))], 1)

    return {"n": len(values), "p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1.0)}


class Window:
    """A client with both its lines. Messages nobody waits for are dropped."""

    def __init__(self, number: str, socket: ClientConnection, http: httpx.AsyncClient) -> None:
        self.number = number
        self._socket, self._http = socket, http
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    async def send(self, message: Message) -> None:
        await self._socket.send(encode(message))

    async def expect(self, *kinds: type[Message]) -> Any:
        while not isinstance(message := await self._inbox.get(), kinds):
            pass
        return message

    async def command(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self._http.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def listen(self) -> None:
        async for text in self._socket:
            self._inbox.put_nowait(decode_from_server(text).message)

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(5)
            await self.send(Ping())


async def prepare(data: Path, kiosks: int, seats: int) -> str:
    """A demonstration bank with so many more kiosks and tellers; the track of a card."""
    app = build(Settings(data_dir=data), seed_demo=True)
    async with app.router.lifespan_context(app):
        pass
    # Cheap to check on purpose: not passwords are measured here.
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    database = Database(sqlite_url(data))
    with database.write() as unit:
        for letter, role, count in (("K", Role.KIOSK, kiosks), ("T", Role.TELLER, seats)):
            for index in range(count):
                number = f"{letter}-b{index:04}"
                who = Principal(str(uuid.uuid4()), number, number, role, "bench", None, None, "bench")
                unit.people.add(UserRecord(who, number, cheap))
                if role is Role.KIOSK:
                    unit.machines.add(number, "bench")
    database.close()
    cards = json.loads((data / "demo-credentials.json").read_text(encoding="utf-8"))["cards"]
    track2: str = next(iter(cards.values()))["track2"]
    return track2


async def enter(stack: AsyncExitStack, url: str, number: str) -> Window:
    """Sign on and connect."""
    http = await stack.enter_async_context(httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=WITHIN_S))
    answer = await http.post("/sessions", json={"login": number, "password": PASSWORD})
    token = answer.raise_for_status().json()["token"]
    http.headers["Authorization"] = f"Bearer {token}"
    ws = url.replace("http", "ws") + "/ws/v1"
    socket = await stack.enter_async_context(connect(ws, compression=None, open_timeout=WITHIN_S, ping_interval=None))
    one = Window(number, socket, http)
    for job in (one.listen(), one.beat()):
        task = asyncio.create_task(job)
        stack.callback(task.cancel)
    await one.send(Hello(token=token))
    await one.expect(Welcome)
    return one


class Run:
    """One run: visits over, figures gathered."""

    def __init__(self, kiosks: list[Window], seats: list[Window], track2: str) -> None:
        self._seats, self._track2 = seats, track2
        self._by_number = {kiosk.number: kiosk for kiosk in kiosks}
        self._arrived: dict[str, tuple[Window, float]] = {}
        self._left = len(kiosks)
        self._over = asyncio.Event()
        self.figures = Figures()

    async def visit(self, kiosk: Window) -> None:
        """A customer comes, answers the call as it stands, and goes when told to."""
        case_id = (await kiosk.command("/cases", {"scenario": "cash_withdrawal", "language": "zh"}))["id"]
        self._arrived[case_id] = (kiosk, time.monotonic())
        await kiosk.command(f"/cases/{case_id}/card", {"track2": self._track2})
        started = await kiosk.expect(CallStarted)
        offer = await kiosk.expect(Description)
        assert offer.generation == started.generation
        answer = Description(call_id=started.call_id, generation=started.generation, kind="answer", sdp=SDP)
        await kiosk.send(answer)

    async def serve(self, seat: Window) -> None:
        """Ring after ring, until nobody is left."""
        while not self._over.is_set():
            await seat.send(SetPresence(state="ready"))
            ring: Ringing = await seat.expect(Ringing)
            kiosk, came = self._arrived[ring.case_id]
            self.figures.add("ring", time.monotonic() - came)
            await self._call(seat, ring.case_id)
            await seat.command(f"/cases/{ring.case_id}/cancel", {"reason": "customer_left"})
            await kiosk.command(f"/cases/{ring.case_id}/card/state", {"state": "returned"})
            await kiosk.command(f"/cases/{ring.case_id}/card/state", {"state": "taken"})
            self._left -= 1
            if self._left == 0:
                self._over.set()

    async def _call(self, seat: Window, case_id: str) -> None:
        begun = time.monotonic()
        answering = asyncio.create_task(seat.command(f"/cases/{case_id}/answer"))
        started: CallStarted = await seat.expect(CallStarted)
        self.figures.add("answer", time.monotonic() - begun)
        sent = time.monotonic()
        call = {"call_id": started.call_id, "generation": started.generation}
        await seat.send(Description(**call, kind="offer", sdp=SDP))
        await seat.expect(Description)
        self.figures.add("set_up", time.monotonic() - begun)
        self.figures.add("relay", (time.monotonic() - sent) / 2)
        await answering
        await seat.send(HangUp(call_id=started.call_id))

    async def go(self, gap_s: float) -> None:
        """Customers come one after the other, ``gap_s`` apart."""
        serving = [asyncio.create_task(self.serve(seat)) for seat in self._seats]
        visits = []
        for kiosk in self._by_number.values():
            visits.append(asyncio.create_task(self.visit(kiosk)))
            await asyncio.sleep(gap_s)
        over = asyncio.create_task(self._over.wait())
        try:
            async with asyncio.timeout(WITHIN_S):
                # Whoever fails first is heard first.
                done, _ = await asyncio.wait({*serving, over}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                await asyncio.gather(*visits)
        finally:
            for task in (*serving, *visits, over):
                task.cancel()
            await asyncio.gather(*serving, *visits, over, return_exceptions=True)


async def measure(options: argparse.Namespace, data: Path) -> dict[str, Any]:
    """Start a server, load it, stop it."""
    track2 = await prepare(data, options.kiosks, options.seats)
    command = [sys.executable, "-m", "server.main", "--data", str(data)]
    with (data / "server.err").open("wb") as errors:
        server = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=errors)
    assert server.stdout is not None
    try:
        url = (await server.stdout.readline()).decode().removeprefix("ready ").strip()
        async with AsyncExitStack() as stack:
            begun = time.monotonic()
            kiosks = [await enter(stack, url, f"K-b{index:04}") for index in range(options.kiosks)]
            seats = [await enter(stack, url, f"T-b{index:04}") for index in range(options.seats)]
            connected_s = time.monotonic() - begun
            run = Run(kiosks, seats, track2)
            await run.go(options.gap)
            used = psutil.Process(server.pid)
            memory, cpu = used.memory_info().rss, sum(used.cpu_times()[:2])
    finally:
        server.terminate()
        await server.wait()
    return {
        "kiosks": options.kiosks,
        "seats": options.seats,
        "connected_s": round(connected_s, 2),
        **run.figures.summary(),
        "server_mib": round(memory / 2**20, 1),
        "server_cpu_s": round(cpu, 2),
    }


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = OneLineParser(prog="python -m benchmarks.signalling", description=__doc__)
    parser.add_argument("--kiosks", type=int, default=100)
    parser.add_argument("--seats", type=int, default=20)
    parser.add_argument("--gap", type=float, default=0.1, help="seconds between two customers")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as data:
        found = asyncio.run(measure(options, Path(data)))
    if options.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        print(f"{name:14}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
