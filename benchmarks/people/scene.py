"""The people of a visit without windows: the customer's hands at the kiosk's agent, teller and authoriser over REST.

Real processes and real wires: server and simulated machine run as they do in the demo, the kiosk's agent is the real
one. What the windows add is tested with the windows (test_story.py).
"""

import asyncio
import contextlib
import functools
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.clock import SystemClock, SystemIds
from common.errors import AppError
from common.wire import authorisation as auth
from common.wire import cases as wire
from common.wire.signalling import Ringing, SetPresence, TaskAssigned
from devices.client.journal import CashJournal
from devices.client.machine import Machine
from devices.hands.client import Hands
from devices.sim.printing.profile import RECEIPT
from tools.demo.props import draw_documents
from tools.demo.stage import Stage, free_port
from ui.kit.client import ApiClient, Patience
from ui.kit.signalling_client import SignallingClient
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.agent.taps import Taps

CUSTOMER = "顾南枝"
QUICK = Limits(
    card_s=40,
    take_card_s=8,
    take_cash_s=8,
    take_paper_s=8,
    pin_s=40,
    insert_s=40,
    look_s=0.05,
    machine_back_s=15,
    goodbye_s=0.05,
)
"""Long enough for the hands on a busy machine, short enough to wait for when nobody takes anything."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


MOST_AT_ONCE_S = 2.0
"""A wait that looks fifty times a second and finds more gone by was stopped itself."""


async def until(condition: Callable[[], Any], what: str, within_s: float = 45.0) -> Any:
    """Wait for something that other processes bring about; while all of them are stopped, no time goes by."""
    left, seen = within_s, time.monotonic()
    while True:
        if found := condition():
            return found
        now = time.monotonic()
        left, seen = left - min(now - seen, MOST_AT_ONCE_S), now
        if left < 0:
            raise AssertionError(f"not within {within_s} s: {what}")
        await asyncio.sleep(0.02)


@dataclass
class Seat:
    """A member of staff at the wire."""

    api: ApiClient
    signalling: SignallingClient
    tasks: list[str] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)

    async def command(self, path: str, body: Any = None, model: Any = wire.CaseView) -> Any:
        return await self.api.post(path, body, model)


class Scene:
    """Server, machine and people."""

    def __init__(self, stage: Stage, credentials: dict[str, Any]) -> None:
        self.stage, self.credentials = stage, credentials
        self.clock, self.ids = SystemClock(), SystemIds()
        self.screens: list[Screen] = []
        self.seats: dict[str, Seat] = {}
        self.agent: KioskAgent | None = None
        self._closers: list[Any] = []

    @property
    def screen(self) -> Screen:
        return self.screens[-1] if self.screens else Screen()

    @property
    def customer(self) -> Taps:
        """What the customer taps goes to the kiosk's agent."""
        assert self.agent is not None
        return self.agent.taps

    @property
    def hands(self) -> Hands:
        assert self.stage.hands is not None
        return self.stage.hands

    async def sign_on(self, login: str) -> Seat:
        api = ApiClient(self.stage.server_url, patience=Patience(whole_s=20))
        session = await api.sign_on(login, self.credentials["passwords"][login])
        assert session.user.number == login
        url = self.stage.server_url.replace("http", "ws", 1) + "/ws/v1"
        line = SignallingClient(url, lambda: api.session.token if api.session else "", longest_pause_s=0.3)
        seat = Seat(api, line)
        line.on(TaskAssigned, lambda message: seat.tasks.append(message.task_id))
        line.on(Ringing, lambda message: seat.rung.append(message.case_id))
        self.seats[login] = seat
        return seat

    async def staff(self, login: str) -> Seat:
        """Sign on and take the place: ready for customers, or accepting tasks."""
        seat = await self.sign_on(login)
        seat.signalling.start()
        await seat.signalling.wait_standing()
        if login.startswith("T"):
            await seat.signalling.send(SetPresence(state="ready"))
        else:
            await seat.api.command("PUT", "/tasks/accepting", auth.Accepting(accepting=True))
        return seat

    async def kiosk(self, limits: Limits = QUICK) -> KioskAgent:
        """The kiosk's agent, as after switching on."""
        seat = await self.sign_on("K-02")
        ready = json.loads((self.stage.data_dir / "devices" / "K-02" / "ready.json").read_text())
        journal = CashJournal(self.stage.data_dir / "kiosk" / "journal.sqlite3", self.clock, self.ids)
        self.agent = KioskAgent(
            seat.api,
            seat.signalling,
            lambda told: Machine.connect(ready["host"], (ready["port"],), told),
            journal,
            self.clock,
            self.ids,
            on_screen=self.screens.append,
            limits=limits,
            eye=self._eye,
        )
        seat.signalling.start()
        await self.agent.start()
        await until(lambda: self.screen.machine_ready, "machine ready")
        return self.agent

    async def _eye(self) -> bytes:
        """Before the kiosk's camera stands who holds the card: the same picture that serves as the live face."""
        return (self.stage.data_dir / "props" / "id-0426-0.jpg").read_bytes()

    async def switch_kiosk_off(self) -> None:
        """As if the power went: the agent ends where it stands."""
        seat = self.seats.pop("K-02")
        if self.agent is not None:
            await self.agent.close()
            self.agent = None
        await seat.signalling.close()
        await seat.api.close()
        self.screens.clear()

    async def close(self) -> None:
        if self.agent is not None:
            await self.agent.close()
        for seat in self.seats.values():
            await seat.signalling.close()
            await seat.api.close()

    async def reported(self) -> None:
        """Until the machine's first report has come: the books start from its counters."""
        for _ in range(500):
            rows = await self.seats["T-03"].api.get_json("/machines")
            if any(row["number"] == "K-02" and row["notes"] for row in rows):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("no machine report")

    async def rest(self) -> None:
        """Nobody is at the kiosk: end what a test has left."""
        await self.hands.faults.clear()
        self.seats["A-07"].tasks.clear()
        self.seats["T-03"].rung.clear()
        if self.screen.step is not None:
            await self._end_visit()
        # The open cabinet stops what moves behind it: nobody is there now, and it is opened only for a reason.
        if (await self.hands.get_view()).world["paper"]["left_mm"] < RECEIPT.low_mm:
            await self.hands.act_inside("load_paper")

    async def _end_visit(self) -> None:
        assert self.agent is not None
        case, teller = self.agent.case, self.seats["T-03"]
        with contextlib.suppress(AppError):
            await teller.command(f"/cases/{case.id}/resolve", wire.Resolve(choice="end_case"))
        with contextlib.suppress(AppError):
            await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="teller"))
        await self.agent.taps.leave()
        await until(lambda: self.screen.step is None or self._card_is_out(), "the card back, or nobody there", 60)
        with contextlib.suppress(AppError):
            await self.hands.take_card()
        await self.step(None, within_s=60)

    def _card_is_out(self) -> bool:
        return self.screen.step is wire.CustomerStep.TAKE_CARD and self.screen.phase == "out"

    # --- waiting ------------------------------------------------------------------------------------------------

    async def step(self, step: wire.CustomerStep | None, phase: str | None = None, within_s: float = 45.0) -> Screen:
        """Until the kiosk shows a step (and phase)."""

        def there() -> Screen | None:
            now = self.screen
            return now if now.step is step and (phase is None or now.phase == phase) else None

        try:
            found: Screen = await until(there, f"step {step} {phase}", within_s)
        except AssertionError as error:
            raise AssertionError(
                f"{error}; the kiosk shows {self.screen.step} {self.screen.phase} {self.screen.problem!r}"
            ) from None
        return found

    # --- what people do -------------------------------------------------------------------------------------------

    async def arrive(self, scenario: wire.Scenario, holder: str = CUSTOMER) -> wire.CaseView:
        """Choose, insert the card, wait in the queue."""
        assert self.agent is not None
        await self.agent.taps.choose(scenario, "zh")
        await self.step(wire.CustomerStep.INSERT_CARD, "waiting")
        await self.insert_card(holder)
        await self.step(wire.CustomerStep.QUEUE)
        return self.agent.case

    async def insert_card(self, holder: str = CUSTOMER) -> None:
        card = self.credentials["cards"][holder]

        async def possible() -> bool:
            return (await self.hands.get_view()).actions["insert_card"] is None

        while not await possible():  # noqa: ASYNC110 - another process is asked
            await asyncio.sleep(0.02)
        await self.hands.insert_card(pan=card["pan"], name=holder, track2=card["track2"])

    async def press(self, digits: str) -> None:
        for number, digit in enumerate(digits, start=1):
            await self.hands.press_key(DIGITS[int(digit)])
            await until(functools.partial(self._typed, number), "a star for the digit")
        await self.hands.press_key("enter")

    def _typed(self, digits: int) -> bool:
        return self.screen.digits == digits

    async def pin(self, holder: str = CUSTOMER) -> None:
        await self.step(wire.CustomerStep.PIN, "typing")
        await self.when_possible("press_key")
        await self.press(self.credentials["cards"][holder]["pin"])

    async def when_possible(self, action: str, within_s: float = 10.0) -> None:
        """Until the hands could do it."""
        deadline = time.monotonic() + within_s
        while (await self.hands.get_view()).actions[action] is not None:
            if time.monotonic() > deadline:
                raise AssertionError(f"{action} stays impossible: {(await self.hands.get_view()).actions[action]}")
            await asyncio.sleep(0.02)


@functools.cache
def _drawn() -> "tempfile.TemporaryDirectory[str]":
    """The customers' documents, drawn once a run."""
    folder = tempfile.TemporaryDirectory(prefix="guitai-props-")
    draw_documents(Path(folder.name))
    return folder


def _lay_out(props: Path) -> None:
    shutil.copytree(_drawn().name, props, dirs_exist_ok=True)


@contextlib.contextmanager
def _nobody_acts() -> Iterator[None]:
    """Before the kiosk's camera stands a still picture: the server started here judges no film of a check."""
    before = os.environ.get(_FILM)
    os.environ[_FILM] = "false"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_FILM]
        else:
            os.environ[_FILM] = before


_FILM = "GUITAI_FACE__FILM"


@contextlib.asynccontextmanager
async def scene(data_dir: Path, *, speed: float = 25.0) -> AsyncIterator[Scene]:
    """Server and machine as processes, nobody there yet."""
    stage = Stage(data_dir, automated=True, speed=speed, windows=(), machine_port=free_port())
    with _nobody_acts():  # also for a server that is started again
        await stage.open(lambda: _lay_out(data_dir / "props"), lambda: None)
        credentials = json.loads((data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
        made = Scene(stage, credentials)
        try:
            yield made
        finally:
            await made.close()
            await stage.close()
