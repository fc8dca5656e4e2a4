"""The cash way cleared from afar: journaled before it moves, explained by the counters, told to server and books."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from common.clock import SystemClock, SystemIds
from common.errors import UserError
from common.wire.cases import CustomerStep
from common.wire.machine import OrderAction, OrderOutcome, OwnMachine
from devices.client.counts import Counts, UnitCount
from devices.client.errors import CashOutcomeUnknown, ConnectionLost
from devices.client.journal import CashJournal, Movement, MovementKind
from devices.sim.cash.recycler import CashIn
from devices.sim.world.cash import MINT, TRANSPORT
from tests.ui.vtm.agent.conftest import Kiosk
from tests.ui.vtm.agent.test_orders import FakeAgent, fake_agent, order, visit
from ui.vtm_app.agent import sweeping
from ui.vtm_app.agent.orders import Orders

S = CustomerStep
CASH = (OrderAction.RESET_DEVICE, "cash")


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[FakeAgent]:
    async with fake_agent(tmp_path) as made:
        yield made


async def stuck_payout(agent: FakeAgent) -> Counts:
    """Notes that left a cassette lie on the way: the payout came to nothing; the counters from before it."""
    before: Counts = await agent.machine.counts()
    await agent.rig.hands.faults.inject("dispense.jam_midway", moved=1)
    error = {"command": "CashManagement.Reset", "service": "CashRecycler", "error_code": "", "code": "hardwareError"}
    await agent.rig.hands.faults.inject("command.error", **error)
    plan = await agent.machine.dispenser.plan_payout(50_000)
    agent.journal.intend("m1", MovementKind.PAYOUT, {"case": "c1"}, before)
    outcome = await agent.machine.dispenser.pay_out(plan)
    assert (outcome.paid_minor, outcome.stuck) == (0, {10_000: 3})
    agent.journal.settle("m1", outcome.state.value, {"paid": {}}, outcome.counts_after)
    agent.journal.tell("m1")
    return before


def customers_notes_on_the_way(agent: FakeAgent) -> None:
    """A cash-in that nobody ended left two of its notes there."""
    recycler = agent.rig.vtm.recycler
    recycler.memory.cash_in = CashIn.ACTIVE
    recycler.places.move(MINT, TRANSPORT, {"100:fit": 2})


def line(agent: FakeAgent) -> Movement:
    (found,) = (one for one in agent.journal.all() if one.kind is MovementKind.RESET)
    return found


async def told(agent: FakeAgent, state: str = "begun") -> list[OrderOutcome]:
    """The kiosk looks for orders again, as after a start: what it says of them."""
    agent.api.own = OwnMachine(orders=[order(*CASH, state)])
    agent.api.outcomes.clear()
    await Orders(agent).look()
    return list(agent.api.outcomes)


async def test_a_sweep_is_journaled_before_it_moves_and_told_with_both_counts(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stuck_payout(agent)
    act, at_the_act = agent.machine.reset_cash, []

    async def reset() -> bool:
        at_the_act.extend(agent.journal.unsettled())
        return bool(await act())

    monkeypatch.setattr(agent.machine, "reset_cash", reset)
    (said,) = await told(agent, "given")
    (intended,) = at_the_act
    assert (intended.kind, intended.key, intended.outcome) == (MovementKind.RESET, "reset:o1", None)
    assert sum(intended.counts_before.on_the_way.values()) == 3
    assert (said.state, said.code, said.params) == ("done", "order.reset_moved", {"notes": 3})
    moved = {u: n - said.counts_before[u] for u, n in said.counts_after.items() if n != said.counts_before[u]}
    assert moved == {"unit7": 3}, "the bank's notes lie in the reject unit"
    after = line(agent).outcome
    assert after is not None
    assert (after.counts_after.content, after.detail["kept"]) == (first.content, {})
    assert (line(agent).told, agent.told) == (True, []), "the books had these notes all the time"
    agent.rig.counters_agree()


async def test_a_crash_after_the_act_is_explained_by_the_counters(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stuck_payout(agent)

    def dies(*_: object) -> Movement:
        raise RuntimeError("the power goes")

    monkeypatch.setattr(agent.journal, "settle", dies)
    with pytest.raises(RuntimeError):
        await told(agent, "given")
    monkeypatch.undo()
    assert line(agent).outcome is None
    (said,) = await told(agent)
    assert (said.state, said.code, said.params) == ("done", "order.reset_moved", {"notes": 3})
    assert line(agent).told
    assert await told(agent) == [], "told once"


@pytest.mark.parametrize("moved", [True, False])
async def test_a_crash_before_the_act_is_brought_to_its_end_without_a_guess(agent: FakeAgent, moved: bool) -> None:
    if moved:
        await stuck_payout(agent)
    counts = await agent.machine.counts()
    agent.journal.intend("reset:o1", MovementKind.RESET, {"order": "o1", "last": None}, counts)
    (said,) = await told(agent)
    ends = ("done", "order.reset_moved") if moved else ("unknown", "order.kiosk_restarted")
    assert (said.state, said.code) == ends
    assert line(agent).told


@pytest.mark.expects_log("sweep not explained yet")
async def test_an_answer_that_was_lost_is_found_out_at_once(agent: FakeAgent) -> None:
    await stuck_payout(agent)
    await agent.rig.hands.faults.inject("wire.lose_completion", command="CashManagement.Reset")
    (said,) = await told(agent, "given")
    assert (said.state, said.params) == ("done", {"notes": 3})


@pytest.mark.expects_log("sweep not explained yet")
async def test_while_the_machine_is_away_the_outcome_is_unknown_and_told_later(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> bool:
        raise CashOutcomeUnknown("CashManagement.Reset", Counts(()))

    await stuck_payout(agent)
    with monkeypatch.context() as patched:
        patched.setattr(agent.machine, "reset_cash", away)
        (said,) = await told(agent, "given")
        assert (said.state, said.code) == ("unknown", "cash.outcome_unknown")
        with pytest.raises(CashOutcomeUnknown):
            await Orders(agent).way_settled()
    (said,) = await told(agent)
    assert (said.state, said.params) == ("done", {"notes": 3})


async def test_notes_that_no_book_knows_are_kept_back_for_the_case_whose_notes_moved_last(agent: FakeAgent) -> None:
    agent.journal.intend("m0", MovementKind.DEPOSIT, {"case": "c0"}, await agent.machine.counts())
    agent.journal.settle("m0", "returned", {"stored": {}, "retracted": {}}, await agent.machine.counts())
    agent.journal.tell("m0")
    visit(agent)
    customers_notes_on_the_way(agent)
    (said,) = await told(agent, "given")
    assert (said.code, said.params) == ("order.reset_kept", {"notes": 2, "kept": 2})
    ((suffix, body),) = agent.told
    assert (suffix, body.movement_id, body.retracted) == ("cash/given-back", line(agent).id, {"100": 2})
    assert (agent.cases, body.counts_after["unit8"]) == (["c0"], 2)
    agent.rig.counters_agree()


@pytest.mark.expects_log("outcome not taken")
async def test_what_the_server_does_not_take_stays_in_the_journal(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.journal.intend("m0", MovementKind.DEPOSIT, {"case": "c0"}, await agent.machine.counts())
    agent.journal.settle("m0", "returned", {}, await agent.machine.counts())
    customers_notes_on_the_way(agent)

    async def refuses(*_: Any, **__: Any) -> None:
        raise UserError("notes.invalid")

    with monkeypatch.context() as patched:
        patched.setattr(agent, "send", refuses)
        await told(agent, "given")
    assert not line(agent).told
    visit(agent)
    await told(agent)
    assert line(agent).told
    assert [suffix for suffix, _ in agent.told] == ["cash/given-back"]


async def test_no_step_with_cash_begins_while_the_way_is_cleared(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving, go_on = asyncio.Event(), asyncio.Event()
    act = agent.machine.reset_cash

    async def reset() -> bool:
        moving.set()
        await go_on.wait()
        return bool(await act())

    monkeypatch.setattr(agent.machine, "reset_cash", reset)
    agent.api.own = OwnMachine(orders=[order(*CASH)])
    orders = Orders(agent)
    looking = asyncio.create_task(orders.look())
    await moving.wait()
    waiting = asyncio.create_task(orders.way_settled())
    await asyncio.sleep(0)
    assert not waiting.done()
    go_on.set()
    await asyncio.gather(waiting, looking)
    assert line(agent).told


@pytest.mark.parametrize("step", [S.INSERT_CASH, S.STORE_CASH, S.TAKE_CASH, S.RETURN_CASH])
async def test_a_step_with_cash_is_not_swept(agent: FakeAgent, step: CustomerStep) -> None:
    visit(agent, step)
    assert await agent.carry_out(*CASH) == ("refused", "order.cash_moves")
    assert agent.journal.all() == []


async def test_a_payout_waits_until_an_earlier_sweep_is_explained(kiosk: Kiosk) -> None:
    journal = CashJournal(kiosk.folder / "journal.sqlite3", SystemClock(), SystemIds())
    journal.intend("reset:o1", MovementKind.RESET, {"order": "o1", "last": None}, kiosk.machine.till.counts())
    journal.close()
    kiosk.machine.errors["way asked"] = ConnectionLost("CashDispenser")
    kiosk.machine.till.retracted = 1
    kiosk.withdrawal()
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    swept, paid = kiosk.brain.journal.all()
    assert (paid.kind, paid.outcome is not None) == (MovementKind.PAYOUT, True)
    assert swept.outcome is not None
    assert swept.outcome.at <= paid.at


def units(reject: int, kept: int, way: int) -> Counts:
    def unit(key: str, role: str, content: int, on_the_way: int = 0, retracted: int = 0) -> UnitCount:
        bundles = ({10_000: n} if n else {} for n in (content, 0, 0, on_the_way, retracted, 0))
        return UnitCount(key, key, role, "CNY", 10_000, 100, "ok", "ok", *bundles)

    return Counts((unit("u1", "recycle", 50, way), unit("u7", "reject", reject), unit("u8", "retract", kept, 0, kept)))


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (units(3, 0, 0), {}),
        (units(0, 3, 0), {}),  # a machine that puts the bank's own beside the customers'
        (units(3, 2, 0), {10_000: 2}),
        (units(1, 4, 0), {10_000: 2}),
        (units(0, 2, 3), {10_000: 2}),
    ],
)
def test_what_was_on_its_way_out_of_a_cassette_is_no_customers(after: Counts, kept: dict[int, int]) -> None:
    assert sweeping.kept(units(0, 0, 3), after) == kept
