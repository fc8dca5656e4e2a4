"""The counter over real processes: server, machine, kiosk, authorities and engineer, each of which can be killed.

What is compared lies on their disks: the simulator's own bookkeeping of the notes, the machine's counters, the kiosk's
journal, the ledger.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.cash_chaos.books import Look, counters_of, journal_of, ledger_of, notes_of
from benchmarks.cash_chaos.kiosk import JOURNAL
from benchmarks.cash_chaos.seams import Part
from benchmarks.people.scene import Scene, until
from common.errors import ServiceError
from common.wire import cases as wire
from common.wire.cases import CaseView, CustomerStep, Scenario
from devices.sim.main import Folders
from server.store.database import Database, sqlite_url
from server.store.unit import Unit
from tools.demo.props import draw_documents
from tools.demo.stage import HOME, Child, Stage, free_port
from ui.vtm_app.agent.screen import Screen

SPEED = 8.0
"""Of the mechanics: quick, but notes are on their way long enough to be met there."""
OFF_S = 0.5
"""Longest time that what was killed stays off."""
TOGETHER = (1, 1, 1, 2, 2, 3)
"""So many lose their power in the same moment."""
WITH_AUTHORITIES = 0.2
ENGINEERS = ("E-01", "E-02")


class ChaosStage(Stage):
    """Server, machine and authorities; the server without models."""

    async def start_server(self, port: int = 0) -> None:
        """The server with the demo bank; a later start takes the same port again."""
        known = self.server_url.rsplit(":", 1)[-1] if self.server_url else str(port)
        output = self.data_dir / "logs" / "server.out"
        output.parent.mkdir(parents=True, exist_ok=True)
        with open(output, "ab") as err:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.cash_chaos.server", "--data", str(self.data_dir), "--port", known,
                cwd=HOME, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=err,
            )  # fmt: skip
        self.children["server"] = Child("server", process, time.monotonic())
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode().strip()
        if not line.startswith("ready "):
            raise ServiceError("demo.part_failed", part="server", log=str(output))
        self.server_url = line.split()[1]


class FarScene(Scene):
    """The people of the end-to-end tests, with the kiosk in a process of its own."""

    process: asyncio.subprocess.Process | None = None
    reading: "asyncio.Task[None] | None" = None

    async def switch_on(self) -> None:
        """Start the kiosk's process, and wait until it stands."""
        await self.begin()
        await until(lambda: self.screen.machine_ready, "the kiosk stands", 120)

    async def begin(self) -> None:
        """Start the kiosk's process."""
        where = ("--server", self.stage.server_url, "--machine", f"ws://127.0.0.1:{self.stage.machine_port}")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.cash_chaos.kiosk", "--data", str(self.stage.data_dir), *where, cwd=HOME,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 22,
        )  # fmt: skip
        self.screens.clear()
        self.reading = asyncio.create_task(self._read(self.process), name="kiosk screens")
        self.agent = SimpleNamespace(taps=FarTaps(self), case=None)  # type: ignore[assignment]

    async def cut(self) -> None:
        """Kill it."""
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self.reading is not None:
            await self.reading

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while text := await process.stdout.readline():
            said = json.loads(text)
            case = CaseView.model_validate(said["case"]) if said["case"] else None
            step = CustomerStep(said["step"]) if said["step"] else None
            if case is not None and self.agent is not None:
                self.agent.case = case  # type: ignore[misc]
            now = Screen(step, case, said["ready"], phase=said["phase"], digits=said["digits"])
            self.screens.append(now)

    def tap(self, what: str, **words: Any) -> None:
        """What the customer taps."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.write((json.dumps({"tap": what, **words}) + "\n").encode())


class FarTaps:
    """`ui.vtm_app.agent.taps.Taps`, over the pipe."""

    def __init__(self, scene: FarScene) -> None:
        self._scene = scene

    async def choose(self, scenario: Scenario, language: str) -> None:
        self._scene.tap("choose", scenario=scenario.value)

    async def confirm(self, accepted: bool) -> None:
        self._scene.tap("confirm")

    async def face_consent(self, granted: bool, text: str) -> None:
        self._scene.tap("face_consent", granted=granted, text=text)

    async def sign(self, strokes: list[list[wire.StrokePoint]], width: int, height: int) -> None:
        points = [[point.model_dump() for point in stroke] for stroke in strokes]
        self._scene.tap("sign", strokes=points, width=width, height=height)


_NAMES = {Part.SERVER: "server", Part.MACHINE: "devices", Part.AUTHORITIES: "authorities"}


class FarCounter:
    """Stage, people, and the witnesses on their disks."""

    def __init__(self, data: Path, dice: random.Random) -> None:
        self.data, self.dice = data, dice
        self.stage = ChaosStage(data, automated=True, speed=SPEED, windows=(), machine_port=free_port())
        self.cuts: list[str] = []
        self.engineer: asyncio.subprocess.Process | None = None
        """The window of the two who fill the machine, while there is one."""

    @property
    def machine_file(self) -> Path:
        return Folders(self.data, "K-02").state

    async def open(self) -> None:
        """Start server, machine and kiosk."""
        await asyncio.to_thread(draw_documents, self.data / "props")
        await asyncio.gather(
            self.stage.start_server(), self.stage.start_devices(), self.stage.start_authorities()
        )  # fmt: skip
        credentials = json.loads((self.data / "demo-credentials.json").read_text(encoding="utf-8"))
        self.scene = FarScene(self.stage, credentials)
        self.teller = await self.scene.staff("T-03")
        await self.scene.staff("A-07")
        self.engineers = [await self.scene.sign_on(number) for number in ENGINEERS]
        await self.scene.switch_on()
        await self.scene.reported()

    async def close(self) -> None:
        """End everything."""
        if self.engineer is not None and self.engineer.returncode is None:
            self.engineer.kill()
            await self.engineer.wait()
        await self.scene.cut()
        self.scene.agent = None
        await self.scene.close()
        await self.stage.close()

    async def cut(self, parts: Sequence[Part], where: str) -> None:
        """Kill processes with -9 in the same moment; they are off for a moment."""
        self.cuts += [f"{part.value} at {where}" for part in parts]
        for part in parts:
            with contextlib.suppress(ProcessLookupError):
                self._process(part).kill()
        await asyncio.sleep(self.dice.random() * OFF_S)

    def _process(self, part: Part) -> asyncio.subprocess.Process:
        if part is Part.KIOSK:
            assert self.scene.process is not None, "nobody else ends the kiosk"
            return self.scene.process
        if part is Part.ENGINEER:
            assert self.engineer is not None, "the window stands"
            return self.engineer
        return self.stage.children[_NAMES[part]].process

    async def again(self, part: Part) -> None:
        """Start what was killed. The kiosk is not waited for: it stands once the machine does."""
        if part is Part.KIOSK:
            await self.scene.cut()
            await self.scene.begin()
            return
        await self.stage.children[_NAMES[part]].process.wait()
        await self.stage.end(_NAMES[part])
        if part is Part.SERVER:
            await self.stage.start_server()
        elif part is Part.MACHINE:
            await self.stage.start_devices()
        else:
            await self.stage.start_authorities()

    async def pace(self, speed: float) -> None:
        """The machine again, switched off and on in order, with mechanics of another speed."""
        await self.stage.end(_NAMES[Part.MACHINE])
        await until(lambda: not self.scene.screen.machine_ready, "the kiosk misses the machine")
        self.stage.speed = speed
        await self.stage.start_devices()
        await self.quiet()

    async def quiet(self) -> None:
        """The kiosk stands, is at rest and has told everything."""
        await until(lambda: self.scene.screen.machine_ready and self.scene.screen.step is None, "rest", 120)
        await until(lambda: journal_of(self.data / JOURNAL).untold == 0, "everything is told", 60)

    @contextlib.contextmanager
    def books(self) -> Iterator[Unit]:
        """The server's books, from its file."""
        with contextlib.closing(Database(sqlite_url(self.data))) as database, database.read() as unit:
            yield unit

    def look(self) -> Look:
        """Everybody's word at a quiet moment, from the files."""
        with self.books() as unit:
            ledger = ledger_of(unit)
        notes, counters = notes_of(self.machine_file), counters_of(self.machine_file)
        return Look(notes, counters, journal_of(self.data / JOURNAL), ledger)
