"""Taking cash in: start, any number of bunches, then keep or return."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from devices.client.cash import CashLink, SlotEnd
from devices.client.counts import (
    BANK_CURRENCY,
    COUNTERS_ANEW,
    UNCOUNTED,
    UNKNOWN,
    Counts,
    NoteType,
    bundle_of,
    difference,
    minor_factor,
    value_of,
)
from devices.client.errors import CashOutcomeUnknown
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Message, Payload

ODD_LEVELS = ("counterfeit", "suspect", "inked", "unrecognized")
"""The standard's words for notes that are not simply good."""

log = logging.getLogger(__name__)


class DepositState(StrEnum):
    """How a cash-in ended. Books follow ``stored_minor``; UNKNOWN: the counters cannot say."""

    STORED = "stored"
    RETURNED = "returned"
    RETRACTED = "retracted"
    EMPTY = "empty"
    UNKNOWN = UNKNOWN


@dataclass(frozen=True, slots=True)
class OddNote:
    """A note that the reader did not trust: its number, its value (0: not known), the standard's words for what it is
    and where it lies now, the reader's picture of the number (Base64; empty: none), the number of its series where
    told."""

    serial: str
    value_minor: int
    level: str
    location: str
    picture: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class InsertRound:
    """One bunch: what was accepted (by face value in minor units), how many came back, and why."""

    accepted: Mapping[int, int]
    refused: int
    reasons: tuple[str, ...]
    total: Mapping[int, int]

    @property
    def total_minor(self) -> int:
        """Everything accepted so far."""
        return value_of(self.total)


@dataclass(frozen=True, slots=True)
class DepositOutcome:
    """What really happened. ``stored`` lies in cassettes now; ``retracted`` is the customer's and needs a human.

    ``cause`` says why nobody knows.
    """

    state: DepositState
    stored: Mapping[int, int]
    retracted: Mapping[int, int]
    counts_before: Counts
    counts_after: Counts
    cause: str | None = None

    @property
    def stored_minor(self) -> int:
        """Money to book in, in minor units."""
        return value_of(self.stored)


class CashInSession:
    """One cash-in. Ends with :meth:`end`, :meth:`roll_back` or :meth:`abort`."""

    def __init__(self, cash: CashLink, before: Counts, total: Mapping[int, int], refused: int) -> None:
        self._cash = cash
        self.counts_before = before
        self._total: Counter[int] = Counter(total)
        self._refused = refused

    @property
    def total(self) -> dict[int, int]:
        """Everything accepted so far, by face value in minor units."""
        return {value: count for value, count in sorted(self._total.items(), reverse=True) if count}

    async def insert(self, *, timeout_s: float = 60.0, on_prompt: Callable[[str], None] | None = None) -> InsertRound:
        """Open the slot and take one bunch. Notes that come back must be taken before the next bunch.

        Args:
            on_prompt: gets ``insert`` when the slot is open, ``inserted`` when notes were put in.

        Raises:
            DeviceError: ``device.timeout`` (nobody put anything in), ``cash.slot_not_empty``, ``device.hardware``
                (jam: call :meth:`abort`).
            CashOutcomeUnknown: the connection was lost; :meth:`CashAcceptor.resume` tells what was counted.
        """
        reasons: list[str] = []

        def told(event: Message) -> None:
            if event.name == "CashAcceptor.InputRefuseEvent":
                reasons.append(str((event.payload or {}).get("reason")))
            if event.name == "CashAcceptor.InsertItemsEvent" and on_prompt is not None:
                on_prompt("insert")

        refused = self._refused
        payload = await self._cash_in(timeout_s, told)
        accepted = bundle_of(payload.get("items", {}), await self._cash.note_types())
        self._total.update(accepted)
        await self.recount()
        return InsertRound(accepted, self._refused - refused, tuple(reasons), self.total)

    async def recount(self) -> None:
        """Take over what the machine has counted in this cash-in. Its word is the one that counts: it goes on counting
        a bunch when the line is lost, and nobody hears of that bunch.

        Raises:
            CashOutcomeUnknown: it cannot be asked.
        """
        try:
            status = await self._cash.link.command("CashAcceptor.GetCashInStatus", timeout_s=5)
            types = await self._cash.note_types()
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("CashAcceptor.GetCashInStatus", self.counts_before) from error
        self._refused = int(status.get("numOfRefused", 0))
        if "noteNumberList" in status:
            counted = bundle_of(status["noteNumberList"], types)
            self._total = Counter({value: count for value, count in counted.items() if value})

    async def _cash_in(self, timeout_s: float, told: Callable[[Message], None]) -> Payload:
        try:
            return await self._cash.link.command("CashAcceptor.CashIn", timeout_s=timeout_s, on_event=told)
        except ConnectionLost as error:
            raise CashOutcomeUnknown("CashAcceptor.CashIn", self.counts_before) from error
        except DeviceError as error:
            if error.completion in ("noAnswer", "internalError"):
                raise CashOutcomeUnknown("CashAcceptor.CashIn", self.counts_before) from error
            if error.completion == "timeOut":
                await self.recount()
            raise

    async def wait_refused_taken(self, *, timeout_s: float = 60.0) -> bool:
        """Wait until the customer has taken the notes that came back; False when they still lie there."""
        return await self._cash.wait_taken(timeout_s)

    async def end(self) -> DepositOutcome:
        """Keep the notes.

        Raises:
            DeviceError: ``cash.slot_not_empty`` (refused notes were not taken), ``device.cash_unit`` (no room).
            CashOutcomeUnknown: ask :meth:`CashAcceptor.recover`.
        """
        try:
            await self._cash.move("CashAcceptor.CashInEnd", None, self.counts_before)
        except DeviceError as error:
            if error.error_code != "noItems":
                raise
            return await self._nothing_counted()
        return await self._outcome()

    async def roll_back(self, *, take_timeout_s: float = 60.0) -> DepositOutcome:
        """Give everything back; what is not taken in time is pulled in and belongs to the customer still.

        Raises:
            CashOutcomeUnknown: ask :meth:`CashAcceptor.recover`.
        """
        try:
            await self._cash.move("CashAcceptor.CashInRollback", None, self.counts_before)
        except DeviceError as error:
            if error.error_code == "noItems":
                return await self._nothing_counted()
            await self._cleared()
            return await self._outcome()
        returned = await emptied(self._cash, self.counts_before, take_timeout_s)
        return await self._outcome(returned=returned)

    async def abort(self) -> DepositOutcome:
        """After a jam: clear the way. The notes go to the retract unit and belong to the customer still.

        Raises:
            CashOutcomeUnknown: they cannot go there, full or drawn out as it is: ask :meth:`CashAcceptor.recover`.
        """
        await self._cleared()
        return await self._outcome()

    async def _cleared(self) -> None:
        if not await self._cash.reset(self.counts_before):
            # They lie on the way still, in no counter: this cash-in has not come to nothing.
            raise CashOutcomeUnknown("CashManagement.Reset", self.counts_before)

    async def _nothing_counted(self) -> DepositOutcome:
        try:
            await self._cash.clear_input(self.counts_before)
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("Common.Status", self.counts_before) from error
        return await self._outcome()

    async def _outcome(self, *, returned: bool = False) -> DepositOutcome:
        try:
            return await deposit_outcome(self._cash, self.counts_before, returned=returned)
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("Storage.GetStorage", self.counts_before) from error


async def emptied(cash: CashLink, before: Counts, take_timeout_s: float) -> bool:
    """Whether the customer took what was given back; False: it was pulled in.

    Raises:
        CashOutcomeUnknown: it lies in the slot still, and the machine does not say or cannot pull it in.
    """
    end = await cash.clear_output(before, take_timeout_s)
    if end is SlotEnd.STUCK:
        raise CashOutcomeUnknown("CashManagement.Retract", before)
    return end is SlotEnd.TAKEN


async def deposit_outcome(cash: CashLink, before: Counts, *, returned: bool = False) -> DepositOutcome:
    """What the counters say about a cash-in that is over."""
    after = await cash.counts()
    if after.began_anew_since(before):
        return DepositOutcome(DepositState.UNKNOWN, {}, {}, before, after, COUNTERS_ANEW)
    stored: Counter[int] = Counter()
    for unit in after.units:
        stored.update(difference(unit.deposited, before.unit(unit.key).deposited))
    retracted = difference(after.retracted, before.retracted)
    if await _pulled_in_uncounted(cash, before, after, stored + Counter(retracted)):
        return DepositOutcome(DepositState.UNKNOWN, {}, {}, before, after, UNCOUNTED)
    if stored.total():
        state = DepositState.STORED
    elif retracted:
        state = DepositState.RETRACTED
    else:
        state = DepositState.RETURNED if returned else DepositState.EMPTY
    bundle = {value: count for value, count in sorted(stored.items(), reverse=True) if count}
    return DepositOutcome(state, bundle, retracted, before, after)


async def _pulled_in_uncounted(cash: CashLink, before: Counts, after: Counts, inside: Counter[int]) -> bool:
    """Whether notes were pulled in that nobody has counted, and that may be the customer's: part of what lay in escrow
    is not ``inside`` by the counters, or nothing is. What the reader had refused is told as the suspect notes it is."""
    silently, nameless = after.pulled_in_silently_since(before), after.nameless_since(before)
    if not silently and not nameless:
        return False
    status = await cash.link.command("CashAcceptor.GetCashInStatus", timeout_s=5)
    if not silently and nameless <= int(status.get("numOfRefused", 0)):
        return False
    escrow = bundle_of(status.get("noteNumberList", {}), await cash.note_types())
    missing = any(value and count > inside[value] for value, count in escrow.items())
    return missing or not any(inside[value] for value in inside if value)


class CashAcceptor:
    """Takes cash in through a CashAcceptor with escrow."""

    def __init__(self, cash: CashLink, currency: str = BANK_CURRENCY) -> None:
        self._cash = cash
        self._currency = currency

    async def start(self, *, max_notes: int = 0, limit_minor: int = 0) -> CashInSession:
        """Begin a cash-in; 0 is no limit.

        Raises:
            DeviceError: ``cash.deposit_open`` (one was left open: :meth:`resume`), ``device.exchange_active``…
        """
        before = await self._cash.counts()
        await self._cash.refuse_other_currencies()
        payload: Payload = {"useRecycleUnits": True}
        if max_notes:
            payload["totalItemsLimit"] = max_notes
        if limit_minor:
            value = limit_minor // minor_factor(self._currency)
            payload["amountLimit"] = [{"currency": self._currency, "value": value}]
        await self._cash.link.command("CashAcceptor.CashInStart", payload, timeout_s=10)
        return CashInSession(self._cash, before, {}, 0)

    async def resume(self, before: Counts) -> CashInSession | None:
        """The cash-in that is still open, with what it has counted; None when there is none.

        Args:
            before: the counts from before it began, as the journal has them.
        """
        status = await self._cash.link.command("CashAcceptor.GetCashInStatus", timeout_s=5)
        if status.get("status") != "active":
            return None
        total = bundle_of(status.get("noteNumberList", {}), await self._cash.note_types())
        return CashInSession(self._cash, before, total, int(status.get("numOfRefused", 0)))

    async def recover(self, before: Counts, *, take_timeout_s: float = 60.0) -> DepositOutcome:
        """Bring a cash-in of unknown outcome to its end: one still open is given back, else the counters tell.

        Raises:
            CashOutcomeUnknown: the machine went away again.
        """
        try:
            session = await self.resume(before)
            if session is not None:
                return await session.roll_back(take_timeout_s=take_timeout_s)
            returned = await self._was_rolled_back()
            if not await self._cash.output_empty():
                returned = await emptied(self._cash, before, take_timeout_s)
            await self._cash.clear_input(before)
            return await deposit_outcome(self._cash, before, returned=returned)
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("CashAcceptor.GetCashInStatus", before) from error

    async def odd_notes(self) -> tuple[OddNote, ...]:
        """Every note of the present cash-in, or of the last one, that the reader did not trust, and where it lies now.

        Numbers only help people: no cash-in fails for them.
        """
        found: list[OddNote] = []
        try:
            types = await self._cash.note_types()
            status = await self._cash.link.command("CashAcceptor.GetCashInStatus", timeout_s=5)
            for level in ODD_LEVELS if int(status.get("numOfRefused", 0)) else ():
                wanted = {"items": {"level": level}, "itemInfoType": {"serialNumber": True, "image": True}}
                answer = await self._cash.link.command("CashManagement.GetItemInfo", wanted, timeout_s=10)
                found += (_odd_note(item, level, types) for item in answer.get("itemsList", ()))
        except (ConnectionLost, DeviceError) as error:
            log.warning("suspect notes not described", extra={"code": error.code})
        return tuple(found)

    async def _was_rolled_back(self) -> bool:
        status = await self._cash.link.command("CashAcceptor.GetCashInStatus", timeout_s=5)
        return status.get("status") == "rollback"


def _odd_note(item: Mapping[str, Any], level: str, types: Mapping[str, NoteType]) -> OddNote:
    known = types.get(item.get("noteType", ""))
    return OddNote(
        serial=str(item.get("serialNumber", "")),
        value_minor=known.worth if known is not None else 0,
        level=str(item.get("level", level)),
        location=str(item.get("itemLocation", "")),
        picture=str(item.get("image", "")),
        series=str(known.release) if known is not None and known.release else "",
    )
