"""A client that does everything wrong, for as long as wanted, against one machine in this process.

It sends valid and invalid commands of every interface, broken envelopes, texts that are no JSON, huge ones, reused and
impossible request ids; cancels, vanishes in the middle, while hands and the fault board do their own mischief. After
each round it looks whether every promise was kept; the first broken one ends the run with :class:`BrokenPromise`.
"""

import asyncio
import contextlib
import json
import logging
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from websockets.asyncio.server import ServerConnection

from benchmarks.device_samples import LIKELY, REPAIR, Samples
from common.aio import cancel_and_wait
from common.errors import UserError
from devices.sim.connection import Connection
from devices.sim.faults import FAULTS
from devices.sim.main import Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.sim.service import Service
from devices.sim.trace import Trace
from devices.sim.world.cash import ORDINARY, as_quality, quality_of
from devices.xfs.catalogue import Catalogue, load
from devices.xfs.envelope import Message, MessageType, decode

ROUND = 12
WARM_ROUNDS = 200
"""After so many, caches are full and what more the process holds would be a leak."""
HUGE = 10 * 1024 * 1024
# Hands that bring notes into the world or take them out of it change what is counted.
# One needs parameters that are judged elsewhere; the other breaks the very promise that is looked after here.
_NOT_HERE = frozenset({"command.error", "wire.swallow_completion"})
_MINTING = frozenset({"put_notes", "load_cassette"})


class Wire:
    """Both ends of a WebSocket without the socket between."""

    def __init__(self) -> None:
        self._texts: asyncio.Queue[str | None] = asyncio.Queue()
        self.answers: list[str] = []
        self.dropped = False
        self.transport = self

    def abort(self) -> None:
        """The service drops the connection."""
        self.hang_up()

    def hang_up(self) -> None:
        """The client vanishes."""
        self.dropped = True
        self._texts.put_nowait(None)

    def give(self, text: str) -> None:
        """The client sends a text."""
        self._texts.put_nowait(text)

    @property
    def quiet(self) -> bool:
        """Whether everything given was read."""
        return self._texts.empty()

    async def send(self, text: str) -> None:
        """The service sends a text."""
        text.encode()
        if not self.dropped:
            self.answers.append(text)

    def __aiter__(self) -> "Wire":
        return self

    async def __anext__(self) -> str:
        text = await self._texts.get()
        if text is None:
            raise StopAsyncIteration
        return text


class Client:
    """One connection to one service, and what is still owed to it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.wire = Wire()
        socket = cast(ServerConnection, self.wire)
        self._task = asyncio.create_task(Connection("fuzz", socket, service, Trace()).serve())
        self.serial = 0
        self.sent = 0
        self.read = 0
        self.acknowledged = 0
        self.open: dict[int, str] = {}

    async def close(self) -> None:
        """Vanish."""
        self.wire.hang_up()
        await cancel_and_wait(self._task)


@dataclass
class Tally:
    """What a run has seen. Memory is what the whole process holds, in MiB."""

    texts: int = 0
    rounds: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    commands: set[str] = field(default_factory=set)
    memory_before_mib: float | None = None
    memory_after_mib: float = 0.0


class BrokenPromise(AssertionError):
    """Something that must never happen; the text says what, after which seed and how many texts."""

    def __init__(self, text: str, tally: Tally) -> None:
        super().__init__(text)
        self.tally = tally


class Fuzz:
    """One machine and one source of chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._seed = seed
        self._dice = random.Random(seed)  # noqa: S311
        self._catalogue: Catalogue = load()
        self._samples = Samples(self._catalogue, self._dice)
        self._vtm = Vtm(Folders(folder, "fuzz"), motor=VirtualMotor())
        for service in self._vtm.services:
            service.start()
        self.tally = Tally()
        self._log = _Errors()

    async def run(self, seconds: float, clock: Callable[[], float]) -> Tally:
        """Go on until so many seconds have passed.

        Raises:
            BrokenPromise: what was promised did not hold.
        """
        logging.getLogger("devices").addHandler(self._log)
        end = clock() + seconds
        try:
            while clock() < end:
                await self._round()
                if self.tally.rounds == WARM_ROUNDS:
                    self.tally.memory_before_mib = _memory_mib()
            self.tally.memory_after_mib = _memory_mib()
        finally:
            logging.getLogger("devices").removeHandler(self._log)
            for service in self._vtm.services:
                await service.close()
            await self._vtm.close()
        return self.tally

    # -- one round: a few clients of one service at once ---------------------------------------------

    async def _round(self) -> None:
        service = self._dice.choice(self._vtm.services)
        if self._dice.random() < 0.2:
            service = await self._repair()
        clients = [Client(service) for _ in range(self._dice.randrange(1, 3))]
        notes = self._notes()
        for _ in range(ROUND):
            await self._step(self._dice.choice(clients))
            if self._dice.random() < 0.3:
                await asyncio.sleep(0)
                notes = self._mischief(notes)
        for client in clients:
            await self._settle(client)
        for client in clients:
            await client.close()
        self._vtm.faults.clear()
        if self._notes() != notes:
            raise self._broken(f"notes changed in number: {notes} became {self._notes()}")
        if self._log.seen:
            raise self._broken(f"a handler failed: {self._log.seen[0]}")
        self.tally.rounds += 1

    async def _repair(self) -> Service:
        """Bring the cash back into a state in which something moves; it is the next to be tried."""
        world = self._vtm.world
        services = {service.name: service for service in self._vtm.services}
        await self._order(services["VendorMode"], ("VendorMode.ExitModeRequest", None))
        await self._order(services["Auxiliaries"], ("Auxiliaries.SetAuxiliaries", {"safeDoor": "unbolt"}))
        if world.possible()["open_safe"] is None:
            world.act("open_safe", {})
        for unit in list(world.view()["cash"]["cassettes_out"]):
            world.act("insert_cassette", {"unit": unit})
        for action in ("restore_mains", "close_safe", "close_cabinet", "take_notes"):
            if world.possible()[action] is None:
                world.act(action, {})
        await self._order(services["CashRecycler"], *REPAIR)
        return services["CashRecycler"]

    async def _order(self, service: Service, *commands: tuple[str, Any]) -> None:
        """Give commands that are meant, one after the other."""
        client = Client(service)
        for command, payload in commands:
            client.serial += 1
            client.sent += 1
            version = self._catalogue.version(command, MessageType.COMMAND)
            client.wire.give(_command(command, client.serial, version, payload))
        await self._settle(client, cancel=False)
        await client.close()

    def _notes(self) -> Counter[str]:
        """All notes; a fit one may wear, nothing else changes."""
        total: Counter[str] = Counter()
        for kind, count in self._vtm.recycler.places.total().items():
            total[as_quality(kind, "fit") if quality_of(kind) in ORDINARY else kind] += count
        return total

    async def _step(self, client: Client) -> None:
        text = self._text(client)
        self.tally.texts += 1
        client.sent += 1
        client.wire.give(text)
        if self._dice.random() < 0.3:
            await asyncio.sleep(0)
        self._read(client)

    def _mischief(self, notes: Counter[str]) -> Counter[str]:
        """Hands do something, and something breaks; the notes that there are afterwards."""
        world, dice = self._vtm.world, self._dice
        for _ in range(dice.randrange(4)):
            before = self._notes()
            possible = world.possible()
            can = [name for name, reason in possible.items() if reason is None]
            name = dice.choice(can if dice.random() < 0.8 else list(possible))
            params: dict[str, object] = {
                "notes": {"100": 3, "50:counterfeit": 1},
                "unit": dice.choice(("unit1", "unit3", "unit9")),
                "papers": [{"codeline": "1"}, {}],
                "subject": "a",
                "key": dice.choice(("one", "enter", "x")),
                "data": "code",
                "pan": dice.choice(("6222021234567890123", "1")),
                "count": dice.randrange(-1, 5),
                "pages": [[]],
                "camera": "person",
            }
            try:
                world.act(name, params if dice.random() < 0.8 else {})
            except UserError:
                continue
            if name in _MINTING:
                notes = notes + (self._notes() - before) - (before - self._notes())
        kinds = [name for name in FAULTS if name not in _NOT_HERE]
        if dice.random() < 0.5:
            with contextlib.suppress(UserError):  # not every fault comes at once, nor at any time
                self._vtm.faults.inject(dice.choice(kinds), dice.choice((1, 2, "now")))
        return notes

    async def _settle(self, client: Client, *, cancel: bool = True) -> None:
        """Let everything end: what waits for people is cancelled, then every command must have had its completion."""
        for turn in range(1000):
            self._read(client)
            if client.wire.dropped or (client.wire.quiet and not client.open and client.acknowledged >= client.sent):
                return
            if client.wire.quiet and cancel:
                client.serial += 1
                client.sent += 1
                client.wire.give(_command("Common.Cancel", client.serial, "2.0", None))
            for _ in range(60):
                await asyncio.sleep(0)
            if turn > 100:  # a pair of RSA keys is made in a thread of its own, which takes real time
                await asyncio.sleep(0.01)
            self._vtm.world.changed()
        raise self._broken(f"no completion for {client.open} of {client.service.name}")

    # -- judging -------------------------------------------------------------------------------------

    def _read(self, client: Client) -> None:
        while client.read < len(client.wire.answers):
            message = decode(client.wire.answers[client.read])
            client.read += 1
            problems = self._catalogue.problems(message)
            if problems and message.name in self._catalogue.names and message.status is None:
                raise self._broken(f"{message.type} {message.name}: {problems[0]}")
            self._account(client, message)

    def _account(self, client: Client, message: Message) -> None:
        number = message.request_id or 0
        if message.type is MessageType.ACKNOWLEDGE:
            client.acknowledged += 1
            self.tally.answers[message.status or "acknowledged"] += 1
            if message.status is None:
                client.open[number] = message.name
        elif message.type is MessageType.COMPLETION:
            self.tally.answers[message.completion_code or "success"] += 1
            self.tally.commands.add(message.name)
            if client.open.pop(number, None) != message.name:
                raise self._broken(f"a completion nobody waited for: {message.name} {number}")
            if message.completion_code == "internalError":
                raise self._broken(f"internalError from {message.name}")
        elif message.type is MessageType.EVENT and number not in client.open:
            raise self._broken(f"an event of no command: {message.name}")

    def _broken(self, text: str) -> BrokenPromise:
        return BrokenPromise(f"seed {self._seed}, text {self.tally.texts}: {text}", self.tally)

    # -- what is sent --------------------------------------------------------------------------------

    def _text(self, client: Client) -> str:
        dice = self._dice
        client.serial += 1
        name = dice.choice(client.service.supported)
        version = self._catalogue.version(name, MessageType.COMMAND)
        kind = dice.random()
        if kind < 0.3:
            name = dice.choice([each for each in client.service.supported if each in LIKELY] or [name])
            version = self._catalogue.version(name, MessageType.COMMAND)
            return _command(name, client.serial, version, dice.choice(LIKELY.get(name, (None,))))
        if kind < 0.5:
            return _command(name, client.serial, version, self._samples.valid(name))
        if kind < 0.7:
            return _command(name, client.serial, version, self._samples.wrong(name))
        if kind < 0.85:
            return self._bad_header(client, name, version)
        return self._bad_text(_command(name, client.serial, version, self._samples.valid(name)))

    def _bad_header(self, client: Client, name: str, version: str) -> str:
        dice = self._dice
        header: dict[str, Any] = {"type": "command", "name": name, "version": version, "requestId": client.serial}
        member = dice.choice(("type", "name", "version", "requestId", "timeout", "extra"))
        values: dict[str, tuple[Any, ...]] = {
            "type": ("event", "completion", "", None, 7),
            "name": ("Common.Nothing", "Nothing.AtAll", "x", "", None, 3),
            "version": ("99.0", "2", "", None, 2),
            "requestId": (max(1, client.serial - 1), 0, -1, "1", None, 2**80, 10**299, 10**400, 1.5),
            "timeout": (-1, "1", 2**70, 10**299, 10**400, 0.5),
            "extra": (1,),
        }
        header[member] = dice.choice(values[member])
        if dice.random() < 0.2:
            header.pop(member)
        return json.dumps({"header": header})

    def _bad_text(self, text: str) -> str:
        dice = self._dice
        kind = dice.randrange(60)
        if kind == 0:
            return text[:-1] + " " * HUGE
        if kind < 20:
            return text[: dice.randrange(len(text))]
        if kind < 23:
            return text.replace("60000", dice.choice(("1e400", "1e999999999", "1e-99999999999999999999", "9" * 5000)))
        if kind < 40:
            at = dice.randrange(len(text))
            return text[:at] + chr(dice.randrange(1, 0xD7FF)) + text[at + 1 :]
        return dice.choice(("", "null", "[]", "{}", "0", '"x"', "[" * 3000, '{"header":{}}', "{" + text, text * 2))


class _Errors(logging.Handler):
    """Keeps what the services log as an error: nothing a client does may bring one about."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(
            f"{record.getMessage()} {getattr(record, 'command', '')} {getattr(record, 'error_code', record.exc_info)}"
        )


def _command(name: str, number: int, version: str, payload: object) -> str:
    body: dict[str, Any] = {
        "header": {"type": "command", "name": name, "version": version, "requestId": number, "timeout": 60000}
    }
    if payload is not None:
        body["payload"] = payload
    return json.dumps(body)


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * resource.getpagesize() / 2**20, 1)


def fuzz(seconds: float, seed: int, clock: Callable[[], float] = time.process_time) -> Tally:
    """Run for so many seconds: of processor time, or of another clock.

    Raises:
        BrokenPromise: something happened that must never happen.
    """
    with tempfile.TemporaryDirectory() as folder:

        async def run() -> Tally:
            return await Fuzz(Path(folder), seed).run(seconds, clock)

        return asyncio.run(run())
