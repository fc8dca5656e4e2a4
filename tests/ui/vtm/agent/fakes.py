"""What stands at the agent's ports in its tests: a server that answers with cases, a machine with real counting."""

import asyncio
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from common.errors import AppError
from common.wire import cases as wire
from common.wire.cases import CaseView, CashState
from common.wire.signalling import CaseChanged
from devices.client.card import CardData
from devices.client.counts import COUNTERS_ANEW, Counts, UnitCount, difference
from devices.client.deposit import DepositOutcome, DepositState, InsertRound, OddNote
from devices.client.errors import CashOutcomeUnknown, ConnectionLost
from devices.client.payout import NotePlan, PayoutOutcome, PayoutState
from devices.client.pin_pad import PinEntered

HUNDRED = 10_000
CARD = CardData(pan="9999123412343307", expiry="3012", track2="9999123412343307=3012", chip_atr=b"")


class FakeSignalling:
    """Handlers of the line; :meth:`say` is a message from the server."""

    def __init__(self) -> None:
        self.handlers: dict[type, list[Callable[[Any], object]]] = {}

    def on(self, kind: type, handler: Callable[[Any], object], *, here: bool = False) -> None:
        self.handlers.setdefault(kind, []).append(handler)

    def say(self, message: Any) -> None:
        for handler in self.handlers.get(type(message), ()):
            handler(message)


class FakeServer:
    """One case. Each command changes it as ``reactions`` say, after the errors waiting in ``refusals`` are raised."""

    def __init__(self) -> None:
        self.line = FakeSignalling()
        self.case: CaseView | None = None
        self.told: list[tuple[str, Any]] = []
        self.refusals: dict[str, list[AppError]] = {}
        self.reactions: dict[str, dict[str, Any]] = {}
        self.whole_film = False

    def bodies(self, suffix: str) -> list[Any]:
        """What was told under this name."""
        return [body for name, body in self.told if name == suffix]

    def change(self, **changes: Any) -> CaseView:
        """Another state of the case, as somebody else's command would make it, and everybody is told."""
        assert self.case is not None
        self.case = self.case.model_copy(update={**changes, "version": self.case.version + 1})
        self.line.say(CaseChanged(case_id=self.case.id, version=self.case.version))
        return self.case

    def _cash(self, state: CashState) -> dict[str, Any]:
        assert self.case is not None
        assert self.case.cash is not None
        return {"cash": self.case.cash.model_copy(update={"state": state})}

    def _of_outcome(self, body: wire.CashOutcome) -> dict[str, Any]:
        assert self.case is not None
        assert self.case.cash is not None
        if not body.known:
            return self._cash(CashState.SUSPENSE)
        if body.taken or body.stored:
            return self._cash(CashState.SETTLED)
        return self._cash(CashState.REVERSED if self.case.cash.direction == "out" else CashState.RETURNED)

    async def post(self, path: str, body: Any, model: Any, key: str | None = None) -> CaseView:
        suffix = path.removeprefix("/cases").partition("/")[2].partition("/")[2] or "open"
        waiting = self.refusals.get(suffix, [])
        if waiting:
            raise waiting.pop(0)
        self.told.append((suffix, body))
        changes: dict[str, Any] = {}
        if suffix == "cash/moving":
            changes = self._cash(CashState.MOVING)
        elif suffix == "cash/outcome":
            changes = self._of_outcome(body)
        return self.change(**{**changes, **self.reactions.get(suffix, {})})

    async def upload(self, path: str, picture: bytes, media_type: str, model: Any) -> CaseView:
        if "liveness-film" in path and not path.endswith("more=true"):
            self.whole_film = True
        return await self.post(path.partition("?")[0], picture, model)

    async def get(self, path: str, model: Any, **query: Any) -> Any:
        if path == "/machines/me":
            return model()
        assert self.case is not None
        return self.case

    async def get_json(self, path: str, **query: Any) -> Any:
        case = self.case
        if path == "/scenarios":
            return []
        if path != "/cases":
            return ["receipt"]
        if case is None or case.customer_step is wire.CustomerStep.GOODBYE:
            return []
        row = wire.CaseRow(
            id=case.id, number=case.number, scenario=case.scenario, state=case.state, kiosk="K-02",
            created_at=case.created_at,
        )  # fmt: skip
        return [row.model_dump(mode="json")]

    async def get_bytes(self, path: str) -> bytes:
        return b"key block"

    async def command(self, *words: Any) -> None:
        """Machine reports are not looked at here."""


@dataclass
class Till:
    """The recycler: hundreds only."""

    inside: int = 50
    presented: int = 0
    retracted: int = 0
    deposited: int = 0
    escrow: int = 0
    open: bool = False

    def counts(self) -> Counts:
        recycler = _unit("U1", "recycle", {HUNDRED: self.inside}, {HUNDRED: self.presented}, {}, self.deposited)
        kept = _unit("R1", "retract", {}, {}, {HUNDRED: self.retracted} if self.retracted else {}, 0)
        return Counts((recycler, kept))


def _unit(key: str, role: str, content: Any, presented: Any, retracted: Any, deposited: int) -> UnitCount:
    into = {HUNDRED: deposited} if deposited else {}
    return UnitCount(
        key, key, role, "CNY", HUNDRED if role == "recycle" else 0, 2000, "ok", "ok",
        content, presented, {}, {}, retracted, into,
    )  # fmt: skip


class FakeSession:
    """A cash-in; bunches come from the customer's queue."""

    def __init__(self, machine: "FakeMachine", before: Counts) -> None:
        self._machine, self.counts_before, self._heard = machine, before, machine.till.escrow

    @property
    def total(self) -> dict[int, int]:
        return {HUNDRED: self._heard} if self._heard else {}

    async def recount(self) -> None:
        self._heard = self._machine.till.escrow

    async def insert(self, *, timeout_s: float = 60.0) -> InsertRound:
        notes = await self._machine.next("bunch", timeout_s)
        self._machine.till.escrow += notes
        await self.recount()
        return InsertRound({HUNDRED: notes}, len(self._machine.odd), (), self.total)

    async def wait_refused_taken(self, *, timeout_s: float) -> bool:
        return self._machine.refused_taken

    async def end(self) -> DepositOutcome:
        till = self._machine.till
        self._machine.did("stored")
        till.inside, till.deposited, till.escrow = till.inside + till.escrow, till.deposited + till.escrow, 0
        return self._outcome()

    async def roll_back(self, *, take_timeout_s: float = 60.0) -> DepositOutcome:
        self._machine.did("rolled back")
        self._machine.till.escrow = 0
        return self._outcome(returned=True)

    async def abort(self) -> DepositOutcome:
        till = self._machine.till
        self._machine.did("aborted")
        till.retracted, till.escrow = till.retracted + till.escrow, 0
        return self._outcome()

    def _outcome(self, *, returned: bool = False) -> DepositOutcome:
        till = self._machine.till
        till.open = False
        after = till.counts()
        stored = difference(after.unit("U1").deposited, self.counts_before.unit("U1").deposited)
        retracted = difference(after.retracted, self.counts_before.retracted)
        if after.began_anew_since(self.counts_before):
            return DepositOutcome(DepositState.UNKNOWN, {}, {}, self.counts_before, after, self._machine.why_unknown)
        state = DepositState.STORED if stored else DepositState.RETRACTED if retracted else DepositState.EMPTY
        return DepositOutcome(
            DepositState.RETURNED if returned and not retracted else state, stored, retracted, self.counts_before, after
        )


@dataclass
class FakeMachine:
    """Everything inside the kiosk. What people do comes through :meth:`give`; ``log`` has what the machine did.

    Attributes:
        halt: the machine stands still for ever once it has done this (a name of ``log``).
        errors: raised once at this act instead of doing it.
        stuck: what lies in the slot can neither be taken nor pulled in; nobody can say yet how it ended.
        asked: how often it was to say so.
        left_in_slot: so many notes does nobody take; they are pulled in when the machine is asked.
        why_unknown: why the counters cannot say what became of a cash-in.
    """

    till: Till = field(default_factory=Till)
    media: str = "notPresent"
    taken: bool = True
    picture: bytes = b""
    id_card: Any = None
    odd: tuple[OddNote, ...] = ()
    refused_taken: bool = True
    halt: str = ""
    stuck: bool = False
    asked: int = 0
    left_in_slot: int = 0
    why_unknown: str = COUNTERS_ANEW
    log: list[str] = field(default_factory=list)
    errors: dict[str, Exception] = field(default_factory=dict)
    _people: dict[str, "asyncio.Queue[Any]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.card = _Card(self)
        self.pages = SimpleNamespace(there=False)
        self.pin_pad = self.document_camera = self.printer = self.acceptor = self.dispenser = self

    def did(self, what: str) -> None:
        if what in self.errors:
            raise self.errors.pop(what)
        self.log.append(what)

    def give(self, what: str, value: Any) -> None:
        """The customer does something: a card, a PIN, a bunch of notes; an exception is what the device says."""
        self._people.setdefault(what, asyncio.Queue()).put_nowait(value)

    async def next(self, what: str, timeout_s: float) -> Any:
        self.log.append(f"{what} asked")
        try:
            value = await self._people.setdefault(what, asyncio.Queue()).get()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # a device needs a moment to stop
            self.log.append(f"{what} cut")
            raise
        if isinstance(value, Exception):
            raise value
        return value

    async def _stand_still(self, after: str) -> None:
        if self.halt == after:
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing to let go."""

    async def wait_ready(self, timeout_s: float) -> bool:
        return True

    def services(self) -> dict[str, Any]:
        """No service is looked at by name."""
        return {}

    def service_for(self, interface: str) -> None:
        return None

    async def odd_notes(self) -> tuple[OddNote, ...]:
        return self.odd

    async def counts(self) -> Counts:
        await self._stand_still("counts")
        return self.till.counts()

    async def status(self) -> Any:
        raise ConnectionLost("status")

    async def way_free(self) -> bool:
        self.did("way asked")
        return True

    # card, PIN, papers
    async def read(self, *, timeout_s: float, on_prompt: Any = None) -> CardData:
        if self.media != "present":
            await self.next("card", timeout_s)
            self.media = "present"
        return CARD

    async def eject(self) -> None:
        self.did("ejected")
        self.media = "entering"

    async def wait_taken(self, *, timeout_s: float) -> bool:
        if self.taken:
            self.media = "notPresent"
        return self.taken

    async def retain(self) -> None:
        self.did("kept")
        self.media = "notPresent"

    async def import_key(self, name: str, block: str) -> None:
        """Any key will do."""

    async def enter_pin(self, *, timeout_s: float, on_progress: Callable[[int], None]) -> PinEntered:
        on_progress(0)
        await self.next("pin", timeout_s)
        return PinEntered(6, "enter")

    async def pin_block(self, pan: str, *, block_format: str) -> bytes:
        return b"0123456789abcdef"

    async def take_picture(self) -> bytes:
        self.log.append("picture")
        await asyncio.sleep(0)
        return self.picture

    async def print_receipt(self, title: str, lines: list[str]) -> None:
        self.did("printed")

    # cash
    async def pay_out(self, plan: NotePlan, *, take_timeout_s: float, on_presented: Any) -> PayoutOutcome:
        before = self.till.counts()
        self.did("dispensed")
        number = plan.notes[HUNDRED]
        self.till.inside, self.till.presented = self.till.inside - number, self.till.presented + number
        self.did("presented")
        on_presented()
        await self._stand_still("dispensed")
        return self._paid(plan, before)

    def _paid(self, plan: NotePlan, before: Counts) -> PayoutOutcome:
        after = self.till.counts()
        if after.began_anew_since(before):
            return PayoutOutcome(PayoutState.UNKNOWN, plan, {}, {}, {}, {}, before, after, COUNTERS_ANEW)
        paid = after.paid_since(before)
        state = PayoutState.TAKEN if paid else PayoutState.FAILED
        cause = None if paid else "cash.outcome_unknown"
        return PayoutOutcome(state, plan, paid, {}, {}, {}, before, after, cause)

    async def start(self) -> FakeSession:
        self.till.open = True
        return FakeSession(self, self.till.counts())

    async def resume(self, before: Counts) -> FakeSession | None:
        return FakeSession(self, before) if self.till.open else None

    async def recover(self, *words: Any, take_timeout_s: float) -> Any:
        self.asked += 1
        if self.stuck:
            raise CashOutcomeUnknown("CashManagement.Retract", self.till.counts())
        self.did("recovered")
        self.till.retracted, self.left_in_slot = self.till.retracted + self.left_in_slot, 0
        if len(words) == 2:
            return self._paid(words[0], words[1])
        session = FakeSession(self, words[0])
        return await session.roll_back() if self.till.open else session._outcome()


class _Card:
    """The reader: its ``media`` is a question."""

    def __init__(self, machine: FakeMachine) -> None:
        self._machine = machine
        for name in ("read", "eject", "wait_taken", "retain"):
            setattr(self, name, functools.partial(getattr(machine, name)))

    async def media(self) -> str:
        return self._machine.media
