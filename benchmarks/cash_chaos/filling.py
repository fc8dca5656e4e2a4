"""Two persons fill the machine between visits, and anything may lose its power in the middle of it."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

from benchmarks.cash_chaos.books import Holdings, exchange_differences, holdings
from benchmarks.cash_chaos.near import NearCounter
from benchmarks.cash_chaos.seams import AT_AN_EXCHANGE, Part, PowerCut
from benchmarks.cash_chaos.tally import Tally
from benchmarks.people.counter import new_key
from common.clock import SystemClock, SystemIds
from common.errors import AppError
from common.wire.cash import OpenReplenishment, RaiseReplenishment, ReplenishmentView
from devices.client.errors import ConnectionLost
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal
from devices.sim.world.base import World
from server.services.ports import Principal
from ui.engineer_app.exchanging import Exchanging

SEAMS_OF_AN_EXCHANGE = 150
PEOPLE = ("E-01", "E-02")
OTHER_WINDOW, TAKEN_OVER = 0.6, 0.6
"""How often an interrupted one goes on at a window that knows nothing; how often of those with a new pair."""
TRIES = 400
"""An exchange that is not done after so many attempts is stuck."""


class EngineersServer:
    """What `Exchanging` takes for its client."""

    def __init__(self, near: NearCounter, who: Principal) -> None:
        self._near, self._who = near, who

    async def post(self, path: str, body: Any, model: Any) -> Any:
        """`/replenishments/{id}/{what}`, as its routes do it."""
        _, _, task_id, what = path.split("/")
        tasks, key = self._near.counter.services.replenishments, new_key()

        def work() -> ReplenishmentView:
            if what == "progress":
                return tasks.progress(key, self._who, task_id, body)
            return tasks.one(tasks.complete(key, self._who, task_id, body))

        return await self._near.bank.asked(what, work, by=Part.ENGINEER)


class Hands:
    """The two persons' hands at the safe, which may find the machine without power, or be interrupted themselves."""

    def __init__(self, near: NearCounter) -> None:
        self._near = near

    async def open(self) -> None:
        """Open the door, unless it was left open."""
        self._do("safe opened", "open_safe", unless="hands.nothing_there")

    async def carry(self, unit: str, notes: Mapping[str, int]) -> None:
        """A cassette out, and in again."""
        self._near.seams.at("cassette out", Part.ENGINEER)
        self._do("cassette in", "load_cassette", unit=unit, notes=dict(notes))

    async def pour(self, unit: str, count: int) -> None:
        """Coins are in no book: no task of these visits has any."""
        raise AssertionError("no hoppers here")

    async def close(self) -> None:
        """Close the door, unless nobody has opened it."""
        possible = self._world().possible()["close_safe"]
        if possible is None:
            self._do("safe closed", "close_safe")

    def _do(self, seam: str, action: str, unless: str = "", **params: Any) -> None:
        world = self._world()
        if not unless or world.possible()[action] != unless:
            world.act(action, params)
            self._near.seams.at(seam, Part.ENGINEER)

    def _world(self) -> World:
        if self._near.vtm is None or Part.MACHINE in self._near.seams.dead:
            raise ConnectionLost("Hands")
        return self._near.vtm.world


class Filling:
    """One exchange, from the task to the books."""

    def __init__(self, near: NearCounter, dice: random.Random, tally: Tally, number: int) -> None:
        self._near, self._dice, self._tally, self._number = near, dice, tally, number
        self._journals = 0

    async def carry_out(self, *, cuts: int) -> dict[str, int]:
        """The differences afterwards, in minor units; ``stuck`` when it came to no end."""
        before = self._holdings()
        task_id = self._opened(None)
        self._near.seams.draw(self._dice, cuts, SEAMS_OF_AN_EXCHANGE, AT_AN_EXCHANGE)
        done = await self._until_done(task_id)
        self._near.seams.calm()
        await self._near.whole()
        if not done:
            return {"stuck": 1}
        self._tally.exchanges += 1
        now = self._holdings()
        self._tally.unnoticed_minor += now.short - before.short
        return exchange_differences(before, now)

    def _holdings(self) -> Holdings:
        with self._near.counter.database.read() as unit:
            return holdings(unit, self._near.machine_file)

    def _opened(self, task_id: str | None) -> str:
        """A task that two persons have joined and opened with their codes."""
        counter = self._near.counter
        tasks = counter.services.replenishments
        if task_id is None:
            body = RaiseReplenishment(machine="K-02")
            task_id = tasks.raise_by_hand(
                new_key(), counter.teller, body, lambda unit: counter.services.machines.cash_units(unit, "K-02")
            )
        who = [counter.person(number) for number in PEOPLE]
        codes = [tasks.join(new_key(), one, task_id).code for one in who]
        tasks.open(new_key(), who[0], task_id, OpenReplenishment(codes=codes))
        return task_id

    async def _until_done(self, task_id: str) -> bool:
        for _ in range(TRIES):
            cuts = self._engineers_cuts()
            try:
                if await self._attempt(task_id):
                    return True
            except (PowerCut, AppError):
                await asyncio.sleep(0.01)
            if self._engineers_cuts() > cuts:
                await self._near.whole()
                if self._dice.random() < OTHER_WINDOW:
                    self._other_window(task_id)
        return False

    def _engineers_cuts(self) -> int:
        return sum(times for where, times in self._near.seams.cuts.items() if where.startswith(Part.ENGINEER.value))

    def _other_window(self, task_id: str) -> None:
        """The two go on at another window, which knows nothing; or two others take the task over."""
        tasks = self._near.counter.services.replenishments
        self._journals += 1
        if tasks.one(task_id).state == "open" and self._dice.random() < TAKEN_OVER:
            with self._near.seams.paused():
                tasks.take_over(new_key(), self._near.counter.person(PEOPLE[1]), task_id)
                self._opened(task_id)
            self._tally.taken_over += 1

    async def _attempt(self, task_id: str) -> bool:
        near = self._near
        task = near.counter.services.replenishments.one(task_id)
        file = near.folder / f"engineer{self._number}-{self._journals}.sqlite3"
        machine = near.engineers_machine()
        journal = CashJournal(file, SystemClock(), SystemIds())
        try:
            if task.state == "done":
                return True
            api = EngineersServer(near, near.counter.person(self._dice.choice(PEOPLE)))
            await Exchanging(api, journal, CashExchange(machine), Hands(near)).finish(task)
        finally:
            near.engineer = None
            journal.close()
            await machine.close()
        return True
