"""The same with real processes: server, machine, kiosk and authorities are ended with kill -9 at random moments.

One of them, two, or all at once; at any moment, or in one at which cash is moving. What is compared afterwards lies on
their disks: the simulator's own bookkeeping of the notes, the machine's counters, the kiosk's journal, the ledger.
"""

import asyncio
import contextlib
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.cash_chaos.books import Ledger, Look, counters_of, differences, journal_of, notes_of
from benchmarks.cash_chaos.kiosk import JOURNAL
from benchmarks.cash_chaos.people import FAULTS, Visit, drawn
from benchmarks.cash_chaos.seams import Part
from benchmarks.cash_chaos.tally import Tally
from benchmarks.people import visits
from benchmarks.people.scene import Scene, until
from common.aio import cancel_and_wait
from common.errors import AppError, ServiceError, UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CaseView, CashState, CustomerStep, Scenario
from server.store.database import Database, sqlite_url
from teller.ledger.bookings import clearing, customer_account, machine_cash, suspense
from tools.demo.props import draw_documents
from tools.demo.stage import HOME, Child, Stage, free_port
from ui.vtm_app.agent.screen import Screen

ACCOUNT = "9999004182394821"
LONGEST_S = 240.0
CUT_WITHIN_S = 4.0
IN_THE_MIDDLE_S = 0.8
SPEED = 8.0
"""Of the mechanics: quick, but notes are on their way long enough to be met there."""
OFF_S = 0.5
"""Longest time that what was killed stays off."""
KILLED = (Part.KIOSK, Part.MACHINE, Part.SERVER)
TOGETHER = (1, 1, 1, 2, 2, 3)
"""So many of them lose their power in the same moment."""
WITH_AUTHORITIES = 0.2
CASH_MOVES = frozenset(
    {CustomerStep.INSERT_CASH, CustomerStep.STORE_CASH, CustomerStep.RETURN_CASH, CustomerStep.TAKE_CASH}
)  # fmt: skip


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
        """Start the kiosk's process."""
        where = ("--server", self.stage.server_url, "--machine", f"ws://127.0.0.1:{self.stage.machine_port}")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.cash_chaos.kiosk", "--data", str(self.stage.data_dir), *where, cwd=HOME,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 22,
        )  # fmt: skip
        self.screens.clear()
        self.reading = asyncio.create_task(self._read(self.process), name="kiosk screens")
        self.agent = SimpleNamespace(taps=FarTaps(self), case=None)  # type: ignore[assignment]
        await until(lambda: self.screen.machine_ready, "the kiosk stands", 120)

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
        await self.scene.switch_on()
        await self.scene.reported()

    async def close(self) -> None:
        await self.scene.cut()
        self.scene.agent = None
        await self.scene.close()
        await self.stage.close()

    async def cut(self, parts: Sequence[Part]) -> None:
        """Kill processes with -9 in the same moment, and start them again side by side."""
        screen = self.scene.screen
        where = f"{screen.step.value if screen.step is not None else 'rest'} {screen.phase}".strip()
        self.cuts += [f"{part.value} at {where}" for part in parts]
        for part in parts:
            self._process(part).kill()
        await asyncio.sleep(self.dice.random() * OFF_S)
        await asyncio.gather(*(self._again(part) for part in parts))

    def _process(self, part: Part) -> asyncio.subprocess.Process:
        if part is Part.KIOSK:
            assert self.scene.process is not None, "nobody else ends the kiosk"
            return self.scene.process
        return self.stage.children[_NAMES[part]].process

    async def _again(self, part: Part) -> None:
        if part is Part.KIOSK:
            await self.scene.cut()
            await self.scene.switch_on()
            return
        await self.stage.children[_NAMES[part]].process.wait()
        await self.stage.end(_NAMES[part])
        if part is Part.SERVER:
            await self.stage.start_server()
        elif part is Part.MACHINE:
            await self.stage.start_devices()
        else:
            await self.stage.start_authorities()

    def look(self) -> Look:
        """Everybody's word at a quiet moment, from the files."""
        machine = self.data / "devices" / "K-02" / "machine.sqlite3"
        database = Database(sqlite_url(self.data))
        try:
            with database.read() as unit:
                ledger = Ledger(
                    account=unit.ledger.balance(customer_account(ACCOUNT)).minor,
                    machine=unit.ledger.balance(machine_cash("K-02")).minor,
                    clearing=unit.ledger.balance(clearing("K-02")).minor,
                    suspense=unit.ledger.balance(suspense("K-02")).minor,
                    items=len(unit.cash.in_suspense()),
                    unbalanced=sum(abs(value) for value in unit.ledger.trial_balance().values()),
                )
        finally:
            database.close()
        return Look(notes_of(machine), counters_of(machine), journal_of(self.data / JOURNAL), ledger)


async def _hands(far: FarCounter, visit: Visit) -> None:
    """The customer, from the moment when cash begins to move."""
    left, tapped = list(visit.bunches), None
    while True:
        await asyncio.sleep(0.05)
        hands, screen = far.stage.hands, far.scene.screen
        with contextlib.suppress(AppError, AssertionError):
            view = await hands.get_view() if hands is not None else None
            if view is not None and view.actions["take_notes"] is None and visit.takes > 0:
                await far.scene.hands.take_notes()
            elif view is not None and view.actions["put_notes"] is None and left:
                await far.scene.hands.put_notes(left[0])
                left.pop(0)
            for action in ("take_card", "take_receipt"):
                if view is not None and view.actions[action] is None:
                    await far.scene.hands.act(action)
        asked = (screen.step, screen.phase, len(left))
        if screen.step is CustomerStep.INSERT_CASH and screen.phase == "ask" and asked != tapped:
            far.scene.tap("more" if left else "right")
        elif screen.step is CustomerStep.RATE and asked != tapped:
            far.scene.tap("rate")
        tapped = asked


async def _serve(far: FarCounter, visit: Visit, case_id: str) -> None:
    """The teller over REST, until the customer has gone."""
    looks = 0
    while True:
        await asyncio.sleep(0.1)
        try:
            case = await visits.case_of(far.teller, case_id)
            if case.customer_step is CustomerStep.GOODBYE:
                return
            looks += 1
            await _next(far, visit, case, looks)
        except AppError:
            continue


async def _next(far: FarCounter, visit: Visit, case: CaseView, looks: int) -> None:
    teller, path = far.teller, f"/cases/{case.id}"
    if case.state is CaseState.EXECUTING and case.trouble is not None:
        await teller.command(f"{path}/resolve", wire.Resolve(choice=far.dice.choice(case.trouble.choices)))
    elif case.state is CaseState.AUTHORISED:
        await (_consented(far, case) if case.signed_at is None else visits.execute(teller, case))
    elif case.state is CaseState.DRAFT and case.cash is not None and case.cash.state is CashState.COUNTED:
        await visits.submit(teller, await visits.fill(teller, case))
    elif case.state is CaseState.DRAFT and (case.scenario == Scenario.WITHDRAWAL or looks > 150):
        await teller.command(f"{path}/cancel", wire.Cancel(reason="customer_left"))
    elif case.state is CaseState.DRAFT and case.customer_step is CustomerStep.TALK:
        await teller.command(f"{path}/prompt", wire.Prompt(step=CustomerStep.INSERT_CASH))


async def _consented(far: FarCounter, case: CaseView) -> None:
    if far.scene.screen.step is CustomerStep.CONFIRM:
        far.scene.tap("confirm")
    elif far.scene.screen.step is CustomerStep.SIGN:
        await far.scene.agent.taps.sign(visits.STROKES, 952, 640)  # type: ignore[union-attr]


async def _moment(far: FarCounter, served: "asyncio.Task[None]") -> None:
    """Any moment of the visit, or one at which cash is moving, if there is another one."""
    if far.dice.random() < 0.4:
        await asyncio.sleep(far.dice.random() * CUT_WITHIN_S)
        return
    later = far.dice.random() * IN_THE_MIDDLE_S
    with contextlib.suppress(AssertionError):
        await until(lambda: served.done() or far.scene.screen.step in CASH_MOVES, "cash moves", CUT_WITHIN_S)
    await asyncio.sleep(later)


def _victims(dice: random.Random) -> list[Part]:
    parts = dice.sample(KILLED, dice.choice(TOGETHER))
    return [*parts, Part.AUTHORITIES] if dice.random() < WITH_AUTHORITIES else parts


async def _visit(far: FarCounter, visit: Visit, tally: Tally) -> None:
    await until(lambda: far.scene.screen.step is None, "rest")
    case = await far.scene.arrive(visit.scenario)
    typed = {"amount": f"{visit.amount}.00"} if visit.scenario == Scenario.WITHDRAWAL else {}
    if typed:
        case = await visits.prepared(far.scene, far.teller, case, **typed)
        try:
            case = await visits.submit(far.teller, case)
        except UserError as refused:
            # What earlier visits and faults left to pay with may not make the amount; the teller ends such a case.
            if refused.code != "cash.not_payable":
                raise
        else:
            await visits.consent(far.scene)
    else:
        case = await visits.answer(far.scene, far.teller, case)
        case = await visits.match(far.teller, await visits.papers(far.scene, far.teller, case))
    for name, params in far.dice.sample(FAULTS, far.dice.choice((0, 1, 1))):
        await far.scene.hands.faults.inject(name, **params)
        tally.faults[name] += 1
    hands = asyncio.create_task(_hands(far, visit), name="hands")
    served = asyncio.create_task(_serve(far, visit, case.id), name="teller")
    try:
        for _ in range(far.dice.choice((1, 2, 2, 3))):
            await _moment(far, served)
            await far.cut(_victims(far.dice))
            if served.done():
                break
        await served
        await until(lambda: far.scene.screen.step is None, "rest", 120)
        await until(lambda: journal_of(far.data / JOURNAL).untold == 0, "everything is told", 60)
    finally:
        await cancel_and_wait(hands, served)
    view = await visits.case_of(far.teller, case.id)
    tally.ends[f"{view.scenario} {view.state.value}"] += 1


async def real_visits(runs: int, seed: int, first: int = 0) -> Tally:
    """Visits from number ``first`` on over real processes: as many as asked for, or up to one that ended in trouble."""
    tally = Tally()
    dice = random.Random(f"real:{seed}:{first}")  # noqa: S311 - a seed that draws the same again is the point
    with tempfile.TemporaryDirectory(prefix="guitai-chaos-") as place:
        far = FarCounter(Path(place), dice)
        visiting = asyncio.create_task(_visits(far, tally, first, runs), name="real visits")
        try:
            await asyncio.wait({visiting})
        finally:
            await cancel_and_wait(visiting)
            await far.close()
            tally.cuts.update(far.cuts)
    error = visiting.exception()
    if error is not None:
        tally.broken.append({"episode": first, "after": tally.runs, "why": traceback.format_exception(error)[-6:]})
        tally.not_done = max(tally.not_done, 0 if tally.runs else 1)
    return tally


async def _visits(far: FarCounter, tally: Tally, first: int, runs: int) -> None:
    await far.open()
    for number in range(first, first + runs):
        before, visit = far.look(), drawn(far.dice)
        told = {"episode": first, "run": number, "visit": str(visit)}
        tally.not_done += 1
        try:
            async with asyncio.timeout(LONGEST_S):
                await _visit(far, visit, tally)
        except (TimeoutError, AssertionError) as error:
            tally.stuck.append({**told, "why": str(error)[:300], "cuts": far.cuts[-6:]})
        tally.not_done, tally.runs = tally.not_done - 1, tally.runs + 1
        if tally.stuck:
            break
        if found := differences(before, far.look()):
            tally.differences.append({**told, "what": found, "cuts": far.cuts[-6:]})
            break
    with contextlib.closing(Database(sqlite_url(far.data))) as database, database.read() as unit:
        tally.suspense_open = len(unit.cash.in_suspense())
        opened = "SELECT coalesce(sum(value), 0) FROM counters WHERE name LIKE 'suspense %%'"
        tally.suspense_opened = int(unit.connection.exec_driver_sql(opened).scalar_one())
