"""A kiosk's agent over fakes; it can be switched off and on again with the same journal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from common.clock import SystemClock, SystemIds
from common.wire.cases import CashState, CustomerStep, Scenario
from devices.client.journal import CashJournal
from devices.client.machine import DeviceEvent
from tests.ui.vtm.agent.fakes import FakeMachine, FakeServer
from tests.ui.vtm.cases import case_at, cash
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.agent.taps import Taps

TINY = Limits(
    take_card_s=0.02, take_cash_s=0.02, take_paper_s=0.4, look_s=0.001, goodbye_s=0.01, again_s=0.005,
    machine_back_s=0.1, guide_s=0.02,
)  # fmt: skip


class Kiosk:
    """The agent under test and everybody around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server, self.machine = FakeServer(), FakeMachine()
        self.screens: list[Screen] = []
        self.agent: KioskAgent | None = None
        self.guide: Any = None
        self.eye: Any = None
        self._told: Callable[[DeviceEvent], None] = lambda _: None

    @property
    def screen(self) -> Screen:
        return self.screens[-1]

    @property
    def customer(self) -> Taps:
        return self.brain.taps

    @property
    def brain(self) -> KioskAgent:
        assert self.agent is not None
        return self.agent

    def visit(self, step: CustomerStep, scenario: Scenario = Scenario.WITHDRAWAL, **changes: Any) -> None:
        """The visit that is open when the kiosk is switched on."""
        self.server.case = case_at(step, scenario, **changes)

    def withdrawal(self, notes: int = 3) -> None:
        """Executed, the card is out: three notes of a hundred are due."""
        due = cash("out", CashState.POSTED).model_copy(update={"notes": {"100": notes}})
        self.visit(CustomerStep.TAKE_CASH, cash=due)
        self.server.reactions["cash/outcome"] = {"customer_step": CustomerStep.TAKE_RECEIPT}
        self.server.reactions["receipt"] = {"customer_step": CustomerStep.RATE}

    async def switch_on(self) -> None:
        self.screens.clear()
        journal = CashJournal(self.folder / "journal.sqlite3", SystemClock(), SystemIds())

        async def connect(told: Callable[[DeviceEvent], None]) -> FakeMachine:
            self._told = told
            return self.machine

        self.server.line.handlers.clear()
        self.agent = KioskAgent(
            cast(Any, self.server), cast(Any, self.server.line), connect, journal, SystemClock(), SystemIds(),
            on_screen=self.screens.append, limits=TINY, guide=self.guide, eye=self.eye,
        )  # fmt: skip
        await self.agent.start()
        await self.until(lambda: self.screen.machine_ready, "the machine is ready")

    async def switch_off(self) -> None:
        """As if the power went."""
        if self.agent is not None:
            await self.agent.close()
            self.agent = None

    async def again(self) -> None:
        """The power goes, and comes back with the machine as it stands."""
        await self.switch_off()
        self.machine.halt = ""
        await self.switch_on()

    async def with_another_disk(self) -> None:
        """The power goes; what comes back has no journal."""
        await self.switch_off()
        for file in self.folder.glob("journal.sqlite3*"):
            file.unlink()
        self.machine.halt = ""
        await self.switch_on()

    def tell(self, name: str, **payload: Any) -> None:
        """An event of the machine."""
        self._told(DeviceEvent(name, payload))

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        """Wait for what the agent's tasks bring about."""
        try:
            async with asyncio.timeout(20):
                while not condition():
                    await asyncio.sleep(0.001)
        except TimeoutError:
            shown = (self.screen.step, self.screen.phase, self.screen.problem)
            raise AssertionError(f"{what}: {shown} {self.machine.log} {self.server.told}") from None

    async def at(self, step: CustomerStep | None, phase: str | None = None) -> None:
        await self.until(
            lambda: self.screen.step is step and phase in (None, self.screen.phase), f"step {step} {phase}"
        )  # fmt: skip

    async def did(self, what: str) -> None:
        await self.until(lambda: what in self.machine.log, what)


@pytest.fixture
async def kiosk(tmp_path: Path, no_leaked_tasks: None) -> AsyncIterator[Kiosk]:
    made = Kiosk(tmp_path)
    yield made
    await made.switch_off()
