"""Orders from afar, carried out on the simulated machine over the wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from common.clock import Clock, SystemClock, SystemIds
from common.errors import ServiceError
from common.wire.cases import CardState, CardView, CaseView, CustomerStep
from common.wire.machine import OrderAction, OrderOutcome, OrderView, OwnMachine
from devices.client.journal import CashJournal, MovementKind
from devices.client.picture import Viewer
from tests.devices.rig import Rig, assert_conformant, start_rig
from tests.ui.vtm.cases import case_at
from ui.vtm_app.agent import orders as module
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.orders import Orders
from ui.vtm_app.agent.screen import Screen

A, S = OrderAction, CustomerStep
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def order(action: OrderAction, target: str = "", state: str = "given") -> OrderView:
    return OrderView(
        id="o1", machine="K-02", action=action, target=target, reason="check", by="T-03", at=AT,
        expires_at=AT + timedelta(seconds=20), state=state,
    )  # fmt: skip


@dataclass
class FakeApi:
    """The server: one order waits, what the kiosk says is kept."""

    own: OwnMachine = field(default_factory=OwnMachine)
    begins: str = "begun"
    said: list[str] = field(default_factory=list)
    outcomes: list[OrderOutcome] = field(default_factory=list)
    lost: int = 0

    async def get(self, path: str, model: Any) -> OwnMachine:
        return self.own

    async def post(self, path: str, body: Any, model: Any) -> OrderView:
        self.said.append(path.rsplit("/", 1)[-1])
        if isinstance(body, OrderOutcome):
            if self.lost:
                self.lost -= 1
                raise ServiceError("network.unreachable", retryable=True)
            self.outcomes.append(body)
        return self.own.orders[0].model_copy(update={"state": self.begins})


@dataclass
class FakeAgent:
    """What orders need of the agent, over a real machine and journal."""

    rig: Rig
    journal: CashJournal
    api: Any = field(default_factory=FakeApi)
    limits: Limits = field(default_factory=lambda: Limits(take_card_s=5, again_s=0.001, machine_back_s=5))
    screen: Screen = field(default_factory=Screen)
    open_case: CaseView | None = None
    told: list[Any] = field(default_factory=list)
    cases: list[str | None] = field(default_factory=list)
    reports: int = 0
    clock: Clock = field(default_factory=SystemClock)

    @property
    def machine(self) -> Any:
        return self.rig.machine

    @property
    def case(self) -> CaseView:
        assert self.open_case is not None
        return self.open_case

    @property
    def case_id(self) -> str | None:
        return self.open_case.id if self.open_case is not None else None

    def show(self, **changes: Any) -> None:
        self.screen = Screen(**{**vars(self.screen), **changes})

    async def send(self, suffix: str, body: Any = None, *, case_id: str | None = None) -> CaseView:
        self.told.append((suffix, body))
        self.cases.append(case_id)
        return self.case

    async def report(self) -> None:
        self.reports += 1

    async def carry_out(self, action: OrderAction, target: str = "", state: str = "given") -> tuple[str, str]:
        self.api.own = OwnMachine(orders=[order(action, target, state)])
        await Orders(self).look()
        (outcome,) = self.api.outcomes
        self.api.outcomes.clear()
        return outcome.state, outcome.code


@asynccontextmanager
async def fake_agent(folder: Path) -> AsyncIterator[FakeAgent]:
    """At a real simulated machine, whose wire is checked at the end."""
    rig = await start_rig(folder)
    journal = CashJournal(folder / "journal.sqlite3", SystemClock(), SystemIds())
    yield FakeAgent(rig, journal)
    await rig.hands.close()
    await rig.machine.close()
    await rig.vtm.close()
    journal.close()
    assert assert_conformant(rig.trace) > 10


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[FakeAgent]:
    async with fake_agent(tmp_path) as made:
        yield made


def visit(agent: FakeAgent, step: CustomerStep = S.TALK) -> None:
    agent.open_case = case_at(step, card=CardView(masked_number="9999**4821", state=CardState.INSIDE))


async def test_a_card_is_returned_and_taken(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    visit(agent)
    doing = asyncio.create_task(agent.carry_out(A.RETURN_CARD))
    views = agent.rig.hands.watch()
    async for view in views:
        if view.actions["take_card"] is None:
            break
    await views.aclose()  # type: ignore[attr-defined]
    await agent.rig.hands.act("take_card")
    assert await doing == ("done", "order.card_taken")
    assert agent.api.said == ["begin", "outcome"]
    assert agent.reports == 2, "the server judges by what is true now, and sees what came of it"


async def test_a_card_that_nobody_takes_is_kept_and_the_case_knows(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    visit(agent)
    agent.limits = Limits(take_card_s=0.01)
    assert await agent.carry_out(A.RETURN_CARD) == ("done", "order.card_not_taken_kept")
    ((suffix, moved),) = agent.told
    assert (suffix, moved.state) == ("card/state", CardState.RETAINED)
    assert (await agent.machine.card.media()) == "notPresent"


async def test_without_a_visit_a_card_is_kept_and_never_given_to_a_stranger(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    assert await agent.carry_out(A.RETURN_CARD) == ("refused", "order.nobody_there")
    assert await agent.carry_out(A.RETAIN_CARD) == ("done", "order.card_kept")
    assert await agent.carry_out(A.RETAIN_CARD) == ("refused", "order.no_card")
    picture = await Viewer(agent.machine).take()
    assert [(p.state, p.count) for p in picture.places if p.name == "card.bin"] == [("ok", 1)]


async def test_a_step_that_moves_the_card_is_left_alone(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    visit(agent, S.TAKE_CARD)
    assert await agent.carry_out(A.RETAIN_CARD) == ("refused", "order.step_moves_card")


async def test_notes_that_nobody_takes_are_pulled_back_by_the_step_that_waits(agent: FakeAgent) -> None:
    plan = await agent.machine.dispenser.plan_payout(20_000)
    shown = asyncio.Event()
    paying = asyncio.create_task(
        agent.machine.dispenser.pay_out(plan, take_timeout_s=60, on_presented=lambda: shown.set())
    )
    await shown.wait()
    visit(agent, S.TAKE_CASH)
    assert await agent.carry_out(A.RETRACT_NOTES) == ("done", "order.notes_pulled_back")
    outcome = await paying
    assert (outcome.state.value, outcome.retracted) == ("retracted", {10_000: 2})
    assert await agent.carry_out(A.RETRACT_NOTES) == ("refused", "order.no_notes")
    agent.rig.counters_agree()


async def test_cash_is_not_swept_while_a_movement_is_not_settled(agent: FakeAgent) -> None:
    counts = await agent.machine.counts()
    agent.journal.intend("m1", MovementKind.PAYOUT, {"case": "c"}, counts)
    assert await agent.carry_out(A.RESET_DEVICE, "cash") == ("refused", "order.cash_moves")
    agent.journal.settle("m1", "failed", {}, counts)
    assert await agent.carry_out(A.RESET_DEVICE, "cash") == ("done", "order.reset_done")


async def test_a_stuck_card_comes_out_to_its_owner_and_to_nobody_else(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    await agent.rig.hands.faults.inject("card.jam")
    visit(agent)
    state, code = await agent.carry_out(A.RETURN_CARD)
    assert (state, code) == ("failed", "device.jam")
    agent.open_case = None
    assert await agent.carry_out(A.RESET_DEVICE, "card_reader") == ("done", "order.card_kept")


@pytest.mark.parametrize(
    "device", ["receipt", "page_printer", "certificate_printer", "card_dispenser", "token_dispenser"]
)
async def test_devices_are_reset(agent: FakeAgent, device: str) -> None:
    assert await agent.carry_out(A.RESET_DEVICE, device) == ("done", "order.reset_done")


async def test_a_service_is_connected_anew_and_a_light_shines(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIGHT_S", 0.0)
    assert await agent.carry_out(A.RESTART_SERVICE, "PinPad") == ("done", "order.reconnected")
    assert await agent.carry_out(A.RESTART_SERVICE, "NoSuch") == ("unknown", "device.connection_lost")
    assert await agent.carry_out(A.LIGHT, "cardReader") == ("done", "order.light_shown")


async def test_the_outcome_reaches_the_server_once_the_line_is_back(agent: FakeAgent) -> None:
    agent.api.lost = 2
    assert await agent.carry_out(A.RESET_DEVICE, "receipt") == ("done", "order.reset_done")
    assert agent.api.said == ["begin", "outcome", "outcome", "outcome"]


async def test_an_order_begun_before_a_restart_is_unknown_and_not_done_again(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    assert await agent.carry_out(A.RETAIN_CARD, state="begun") == ("unknown", "order.kiosk_restarted")
    assert await agent.machine.card.media() == "present"


async def test_what_the_server_does_not_let_begin_is_not_done(agent: FakeAgent) -> None:
    await agent.rig.insert_card()
    agent.api.begins = "refused"
    agent.api.own = OwnMachine(in_service=False, orders=[order(A.RETAIN_CARD)])
    await Orders(agent).look()
    assert (agent.api.said, await agent.machine.card.media()) == (["begin"], "present")
    assert not agent.screen.in_service
