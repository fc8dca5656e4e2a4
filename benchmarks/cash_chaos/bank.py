"""The server's side inside one process: real services and store, and a wire to them that can lose either way."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from sqlalchemy import event

from benchmarks.cash_chaos.seams import Part, PowerCut, Seams
from benchmarks.people.counter import Counter, new_key
from common.errors import ServiceError
from common.wire.cases import CaseView, FieldSource, Scenario
from common.wire.desk import MachineReport
from common.wire.liveness import FilmOutcome
from common.wire.signalling import CaseChanged, Welcome
from server.services.casework import CaseWork
from server.services.commands import Commands
from teller.cases.model import Case

TRIES = 3
LOST = 0.05
"""Share of the signalling messages that do not arrive."""


class Line:
    """Signalling to one kiosk: handlers as `SignallingClient` keeps them."""

    def __init__(self) -> None:
        self.handlers: dict[type, list[Callable[[Any], object]]] = {}

    def on(self, kind: type, handler: Callable[[Any], object], *, here: bool = False) -> None:
        self.handlers.setdefault(kind, []).append(handler)

    def say(self, message: Any) -> None:
        for handler in self.handlers.get(type(message), ()):
            handler(message)


class Bank:
    """The bank, its teller, and what the kiosk reaches of it."""

    def __init__(self, counter: Counter, seams: Seams, dice: random.Random) -> None:
        self.counter, self.seams, self._dice = counter, seams, dice
        self.line = Line()
        self.moved = asyncio.Event()
        """Set whenever something is written: then it is worth a look."""
        self._work = CaseWork(counter.parts, Commands(counter.database, counter.clock))
        self._drafts: dict[str, Case] = {}
        event.listen(counter.database.engine, "commit", self._before_commit)

    def _before_commit(self, _connection: object) -> None:
        self.seams.at("commit", Part.SERVER)
        self.moved.set()

    def come_back(self) -> None:
        """The server stands again: what a start does, and what a new connection is told."""
        self.counter.services.vouchers.make_all_due()
        self.welcome()

    def changed(self, case_id: str) -> None:
        """Tell the kiosk; a line that breaks just then stands again a moment later."""
        if self.seams.dead & {Part.SERVER, Part.KIOSK, Part.NETWORK}:
            return
        if self._dice.random() < LOST:
            asyncio.get_running_loop().call_later(0.03, self.welcome)
            return
        with self.counter.database.read() as unit:
            version = unit.cases.get(case_id).version
        self.line.say(CaseChanged(case_id=case_id, version=version))

    def welcome(self) -> None:
        """The kiosk's line stands (again)."""
        self.line.say(Welcome(number="K-02", role="kiosk"))

    async def asked(self, name: str, work: Callable[[], Any], *, by: Part | None) -> Any:
        """Carry a request out as a wire does: it, or its answer, may be lost; then it is sent again.

        Args:
            by: who asks and can lose his power; None: the teller, whose window always stands.

        Raises:
            ServiceError: ``network.unreachable``.
            PowerCut: of the one who asks.
        """
        for _ in range(TRIES):
            if by is not None:
                self.seams.at(f"{name} asked", by)
            try:
                answer = self._carried(name, work, cable=by is not None)
            except PowerCut as cut:
                if cut.part in (Part.KIOSK, Part.MACHINE):
                    raise
                await asyncio.sleep(0.004)
                continue
            if by is not None:
                self.seams.at(f"{name} received", by)
            return answer
        raise ServiceError("network.unreachable")

    def _carried(self, name: str, work: Callable[[], Any], *, cable: bool) -> Any:
        """There and back; a line that is dead loses the question, one that dies meanwhile the answer."""
        if cable:
            self.seams.at(f"{name} on its way", Part.NETWORK)
        self.seams.at(f"{name} heard", Part.SERVER)
        answer = work()
        self.seams.at(f"{name} answered", Part.SERVER)
        if cable:
            self.seams.at(f"{name} on its way back", Part.NETWORK)
        return answer

    # --- the talk, which is not what is tried here ---------------------------------------------------------------

    def identified(self, scenario: Scenario, amount: str | None) -> str:
        """A case of which everything but the cash is gathered; its id."""
        counter = self.counter
        case_id = counter.customer.arrive(scenario)
        counter.desk.answer(case_id)
        if scenario not in self._drafts:
            counter.desk.identify(case_id)
            counter.services.films.now(case_id)
            with counter.database.read() as unit:
                self._drafts[scenario] = unit.cases.get(case_id)
        else:
            self._work.quietly(case_id, lambda _unit, case: self._like(case))
        if amount is not None:
            counter.desk.fill(case_id, FieldSource.TYPED, amount=amount)
        return case_id

    def _like(self, case: Case) -> Case:
        """What was gathered from the same customer a moment ago; the server has looked at his film by now."""
        known = self._drafts[case.scenario]
        challenge = known.challenge
        if challenge is not None and challenge.film is not None:
            challenge = replace(challenge, film=replace(challenge.film, outcome=FilmOutcome.PASSED))
        return replace(
            known, id=case.id, number=case.number, created_at=case.created_at, version=case.version,
            ticket=case.ticket, timeline=case.timeline, challenge=challenge,
        )  # fmt: skip


class NearServer:
    """What the agent takes for its `ApiClient`.

    Args:
        stands: whether the kiosk that asks still has the power it began with; switched on again, it is another one.
    """

    def __init__(self, bank: Bank, stands: Callable[[], bool]) -> None:
        self._bank, self._stands = bank, stands

    async def _asked(self, name: str, work: Callable[[], Any]) -> Any:
        def at_power() -> Any:
            if not self._stands():
                raise PowerCut(Part.KIOSK)
            return work()

        return await self._bank.asked(name, at_power, by=Part.KIOSK)

    async def post(self, path: str, body: Any, model: Any, key: str | None = None) -> CaseView:
        case_id, _, suffix = path.removeprefix("/cases/").partition("/")
        command, key = self._commands()[suffix], key or new_key()
        kiosk = self._bank.counter.kiosk

        def work() -> CaseView:
            ref = command(key, kiosk, case_id) if body is None else command(key, kiosk, case_id, body)
            return self._bank.counter.seen(ref, kiosk)

        answer: CaseView = await self._asked(suffix, work)
        return answer

    def _commands(self) -> dict[str, Callable[..., str]]:
        services = self._bank.counter.services
        return {
            "card/state": services.opening.card_moved,
            "cash/counted": services.cash.counted,
            "cash/given-back": services.cash.given_back,
            "cash/moving": services.cash.moving,
            "cash/outcome": services.cash.outcome,
            "suspect-notes": services.suspects.report,
            "receipt": services.closing.receipt,
            "rating": services.closing.rating,
            "leave": services.closing.leave,
        }

    async def get(self, path: str, model: Any, **query: Any) -> CaseView:
        kiosk, case_id = self._bank.counter.kiosk, path.rpartition("/")[2]
        view: CaseView = await self._asked("look", lambda: self._bank.counter.seen(case_id, kiosk))
        return view

    async def get_json(self, path: str, **query: Any) -> Any:
        if path != "/cases":
            return ["receipt"] if path.endswith("/receipt") else []
        counter = self._bank.counter

        def work() -> list[Any]:
            rows = counter.services.lookup.cases(counter.kiosk, "", None, mine=True, limit=5)
            return [row.model_dump(mode="json") for row in rows]

        return await self._asked("visits", work)

    async def get_bytes(self, path: str) -> bytes:
        return b"key block"

    async def command(self, method: str, path: str, body: BaseModel) -> None:
        assert isinstance(body, MachineReport)
        counter = self._bank.counter
        await self._asked("report", lambda: counter.services.machines.report(counter.kiosk, body))
