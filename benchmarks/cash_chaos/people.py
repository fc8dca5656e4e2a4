"""The customer's hands and taps and the teller's keys, drawn by dice."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.cash_chaos.near import NearCounter
from benchmarks.cash_chaos.seams import Part, PowerCut
from benchmarks.people.counter import new_key
from common.errors import AppError, UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CashState, CustomerStep, Scenario
from devices.sim.world.cash import OUTPUT
from teller.cases.model import Case
from teller.cases.steps import customer_step

MOVING = (
    "CashDispenser.Dispense", "CashDispenser.Present", "CashAcceptor.CashInEnd", "CashAcceptor.CashInRollback",
    "CashManagement.Retract", "CashManagement.Reset",
)  # fmt: skip
"""Commands whose answer may get lost after the act."""
Fault = tuple[str, dict[str, object]]
SWALLOWED: tuple[Fault, ...] = tuple(("wire.swallow_completion", {"command": name}) for name in MOVING)
FAULTS: tuple[Fault, ...] = (
    ("dispense.jam_before", {}), ("dispense.jam_midway", {}), ("dispense.cassette_empty", {}),
    ("present.shutter_stuck", {}), ("retract.jam", {}), ("cash_in.jam", {}), ("cash_in.shutter_stuck", {}),
    ("wire.lose_completion", {}), ("wire.drop_connection", {}), ("service.not_ready", {}),
    ("dispense.double_pick", {}), ("cash_in.foreign_object", {}), ("service.restart", {"service": "CashRecycler"}),
    *SWALLOWED,
)  # fmt: skip
UNNOTICED: Fault = ("dispense.wrong_count", {"extra": 1})
"""More notes leave than any counter knows; only a count at the open machine finds it."""
LOOK_S = 0.004
IDLE_S = 0.05
"""The teller looks at least so often, also when nothing was written."""
PATIENCE = 20
"""Looks of the teller at a slot into which nobody puts anything."""
CUSTOMER = "顾南枝"
STROKE = [wire.StrokePoint(x=1, y=1, t=0), wire.StrokePoint(x=5, y=9, t=20)]


@dataclass
class Visit:
    """What was drawn for one visit. ``bunches``: what the customer puts in; ``takes``: share of offers he takes."""

    scenario: Scenario
    amount: int
    bunches: list[dict[str, int]] = field(default_factory=list)
    takes: float = 1.0
    cancels: bool = False
    takes_back: bool = False


def drawn(dice: random.Random) -> Visit:
    """A visit."""
    takes = dice.choice((1.0, 1.0, 1.0, 0.6, 0.0))
    if dice.random() < 0.55:
        return Visit(Scenario.WITHDRAWAL, dice.randint(1, 30) * 50, takes=takes, cancels=dice.random() < 0.05)
    bunches = [_bunch(dice) for _ in range(dice.choice((1, 1, 2)))]
    return Visit(
        Scenario.DEPOSIT, 0, bunches, takes, cancels=dice.random() < 0.15, takes_back=dice.random() < 0.1
    )  # fmt: skip


def _bunch(dice: random.Random) -> dict[str, int]:
    kinds = [str(face) for face in (100, 50, 20, 10)]
    bunch = {dice.choice(kinds): dice.randint(1, 12)}
    if dice.random() < 0.2:
        bunch[f"{dice.choice(kinds)}:{dice.choice(('unfit', 'counterfeit', 'unrecognized'))}"] = dice.randint(1, 2)
    return bunch


class Customer:
    """Stands at the machine until the visit is over."""

    def __init__(self, counter: NearCounter, visit: Visit, dice: random.Random) -> None:
        self._counter, self._visit, self._dice = counter, visit, dice
        self._left = list(visit.bunches)

    async def stand(self) -> None:
        """Do whatever can be done by hand, again and again."""
        while True:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(PowerCut, UserError):
                self._hands()
            with contextlib.suppress(AppError, PowerCut):
                await self._taps()

    def _hands(self) -> None:
        counter = self._counter
        if counter.vtm is None or Part.MACHINE in counter.seams.dead:
            return
        possible = counter.vtm.world.possible()
        if possible["take_notes"] is None and self._dice.random() < self._visit.takes:
            counter.vtm.world.act("take_notes", self._some())
        elif possible["put_notes"] is None and self._left:
            counter.vtm.world.act("put_notes", {"notes": self._left[0]})
            self._left.pop(0)

    def _some(self) -> dict[str, object]:
        """Everything, or part of what lies in the slot."""
        assert self._counter.vtm is not None
        lying = self._counter.vtm.recycler.places.at(OUTPUT)
        if self._visit.takes == 1.0 or not lying:
            return {}
        kind = self._dice.choice(sorted(lying))
        return {"notes": {kind: self._dice.randint(1, lying[kind])}}

    async def _taps(self) -> None:
        counter, screen = self._counter, self._counter.screen
        if counter.agent is None or Part.KIOSK in counter.seams.dead:
            return
        if screen.step is CustomerStep.INSERT_CASH and screen.phase == "ask":
            if self._visit.takes_back and not self._left:
                self._visit.takes_back = False
                await counter.agent.taps.give_cash_back()
            else:
                await (counter.agent.taps.insert_more() if self._left else counter.agent.taps.count_is_right())
        elif screen.step is CustomerStep.RATE:
            await counter.agent.taps.rate(5)


class Teller:
    """Brings the case to its end, whatever happens to it. His window sends again what was not answered."""

    def __init__(self, counter: NearCounter, visit: Visit, case_id: str, dice: random.Random) -> None:
        self._counter, self._visit, self._case_id, self._dice = counter, visit, case_id, dice
        self._asked, self._looks = 0, 0

    async def serve(self) -> None:
        """Until the case has ended and the customer has gone."""
        while True:
            case = await self._look()
            if case is not None and customer_step(case) is CustomerStep.GOODBYE:
                return
            if case is not None:
                await self._next(case)
            await self._something_moved()

    async def _something_moved(self) -> None:
        moved = self._counter.bank.moved
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_S):
                await moved.wait()
        await asyncio.sleep(LOOK_S)
        moved.clear()

    async def _look(self) -> Case | None:
        try:
            seen: Case = await self._counter.bank.asked("teller", self._as_it_is, by=None)
        except AppError:
            return None
        return seen

    def _as_it_is(self) -> Case:
        """The case itself: what else the teller's window shows is not what is tried here."""
        with self._counter.counter.database.read() as unit:
            return unit.cases.get(self._case_id)

    async def _do(self, command: Callable[[], object]) -> bool:
        """Carry a command out; whether it was taken."""
        try:
            await self._counter.bank.asked("teller", command, by=None)
        except AppError as error:
            self._counter.refused = error.code
            return False
        self._counter.bank.changed(self._case_id)
        return True

    async def _next(self, case: Case) -> None:
        if case.state is CaseState.DRAFT:
            await self._draft(case)
        elif case.state is CaseState.AUTHORISED:
            await (self._cancel() if self._visit.cancels else self._execute())
        elif case.state is CaseState.EXECUTING and case.trouble is not None:
            choice = self._dice.choice(case.trouble.choices)
            counter, key, body = self._counter.counter, new_key(), wire.Resolve(choice=choice)
            await self._do(lambda: counter.services.execution.resolve(key, counter.teller, self._case_id, body))

    async def _draft(self, case: Case) -> None:
        if case.cash is not None and case.cash.state is CashState.COUNTED:
            await self._do(lambda: self._consent(case))
        elif case.scenario == Scenario.WITHDRAWAL:
            await (
                self._do(lambda: self._consent(case))
                if not any(mark.step == "executed" for mark in case.timeline)
                else self._cancel()
            )
        elif customer_step(case) is CustomerStep.TALK:
            self._asked += 1
            if self._asked > 2:
                await self._cancel()
            else:
                await self._do(lambda: self._counter.counter.desk.prompt(self._case_id, CustomerStep.INSERT_CASH))
        else:
            await self._wait()

    def _consent(self, case: Case) -> None:
        """Submitted, confirmed, known by PIN, signed: the talk is not what is tried here."""
        counter, case_id = self._counter.counter, case.id
        services, kiosk = counter.services, counter.kiosk
        with self._counter.seams.paused():
            # Nobody's face was looked at here: then a submission says why it is sent all the same.
            body = wire.Submit(version=case.version, note="known at the counter")
            services.submission.submit(new_key(), counter.teller, case_id, body)
            seen = counter.seen(case_id)
            assert seen.summary is not None, "what was submitted has a summary"
            digest = seen.summary.digest
            services.confirmation.confirm(new_key(), kiosk, case_id, wire.Confirmation(digest=digest, accepted=True))
            if case.scenario == Scenario.WITHDRAWAL:
                block = counter.cards[CUSTOMER]["pin"].encode()
                pin = wire.PinEntry.model_construct(pin_block=block, format="iso4")
                services.confirmation.pin(new_key(), kiosk, case_id, pin)
            counter.customer.look_up(case_id)
            signed = wire.Signature(digest=digest, width=100, height=60, strokes=[STROKE])
            services.confirmation.sign(new_key(), kiosk, case_id, signed)

    async def _execute(self) -> None:
        key, counter = new_key(), self._counter.counter
        if not await self._do(lambda: counter.services.execution.execute(key, counter.teller, self._case_id)):
            # Refused for good: the notes that were signed for are not inside any more.
            await self._wait()

    async def _wait(self) -> None:
        self._looks += 1
        if self._looks > PATIENCE:
            await self._cancel()

    async def _cancel(self) -> None:
        counter, key, body = self._counter.counter, new_key(), wire.Cancel(reason="customer_left")
        await self._do(lambda: counter.services.closing.cancel(key, counter.teller, self._case_id, body))
