"""Paying out: plan, count, present, wait, and if need be take back. The counters have the last word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from devices.client.cash import CashLink, SlotEnd, output_empty, stacker_empty, way_free
from devices.client.counts import (
    BANK_CURRENCY,
    COUNTERS_ANEW,
    UNCOUNTED,
    UNKNOWN,
    Counts,
    difference,
    minor_factor,
    value_of,
)
from devices.client.errors import CashOutcomeUnknown
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Payload

# Failures of Dispense and Present after which something may lie on the way.
_MECHANICAL = frozenset({"device.hardware", "device.cash_unit", "device.shutter_stuck", "device.jam"})


class PayoutState(StrEnum):
    """How a payout ended. Books follow ``paid_minor``, not the state; UNKNOWN: the counters cannot say."""

    TAKEN = "taken"
    PARTLY_TAKEN = "partly_taken"
    RETRACTED = "retracted"
    FAILED = "failed"
    UNKNOWN = UNKNOWN


@dataclass(frozen=True, slots=True)
class NotePlan:
    """Which notes from which cassettes; ``notes`` by face value in minor units."""

    currency: str
    amount_minor: int
    units: Mapping[str, int]
    notes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PayoutOutcome:
    """What really happened, by the counters.

    ``paid`` is what left the machine for good; ``retracted`` was presented and pulled back; ``rejected``
    never reached the customer; ``stuck`` is still on the way and needs a human. ``cause`` is the code of
    the failure, if there was one. ``surplus`` came back although no counter had noticed it leaving a cassette: it is
    no part of this payout, and a count at the open machine finds it.
    """

    state: PayoutState
    plan: NotePlan
    paid: Mapping[int, int]
    retracted: Mapping[int, int]
    rejected: Mapping[int, int]
    stuck: Mapping[int, int]
    counts_before: Counts
    counts_after: Counts
    cause: str | None = None
    surplus: Mapping[int, int] = field(default_factory=dict)

    @property
    def paid_minor(self) -> int:
        """Money that the customer has, in minor units."""
        return value_of(self.paid)

    @property
    def moved(self) -> bool:
        """Whether any counter has seen a note of it."""
        return bool(self.paid or self.retracted or self.rejected or self.stuck or self.surplus)


class CashDispenser:
    """Pays out through a CashDispenser with stacker and CashManagement's retract."""

    def __init__(self, cash: CashLink, currency: str = BANK_CURRENCY) -> None:
        self._cash = cash
        self._currency = currency
        self._factor = minor_factor(currency)

    async def plan_payout(self, amount_minor: int) -> NotePlan:
        """Ask the machine which notes it would pay.

        Raises:
            DeviceError: ``cash.not_payable`` with the notes inside, ``cash.too_many_notes`` for one bunch.
        """
        if amount_minor <= 0 or amount_minor % self._factor:
            raise DeviceError(
                "cash.not_payable", command="CashDispenser.Denominate", completion="", error_code=None, retryable=False
            )
        service = {"currencies": {self._currency: amount_minor // self._factor}, "mix": await self._mix()}
        payload = await self._cash.link.command(
            "CashDispenser.Denominate", {"request": {"denomination": {"service": service}}}, timeout_s=10
        )
        units = {key: int(count) for key, count in payload["result"]["values"].items()}
        values = {unit.key: unit.value_minor for unit in (await self._cash.counts()).units}
        notes: dict[int, int] = {}
        for key, count in units.items():
            notes[values[key]] = notes.get(values[key], 0) + count
        return NotePlan(self._currency, amount_minor, units, dict(sorted(notes.items(), reverse=True)))

    async def _mix(self) -> str:
        mixes: Payload = (await self._cash.link.command("CashDispenser.GetMixTypes", timeout_s=5)).get("mixes", {})
        return next((name for name, mix in mixes.items() if mix.get("algorithm") == "minimumBills"), "mix1")

    async def pay_out(
        self, plan: NotePlan, *, take_timeout_s: float = 60.0, on_presented: Callable[[], None] | None = None
    ) -> PayoutOutcome:
        """Pay out a plan. Journal the intent, with :meth:`CashLink.counts`, before calling this.

        Raises:
            DeviceError: refused before anything moved; ``ConnectionLost`` likewise.
            CashOutcomeUnknown: ask :meth:`recover` once the machine is back.
        """
        cash = self._cash
        before = await cash.counts()
        if before.on_the_way and not stacker_empty(await cash.link.status()):
            # Left there by what could not be cleared: Present would hand it out together with these notes.
            await cash.reset(before)
            return await self._outcome(plan, before, "device.jam")
        given = {"currencies": {plan.currency: plan.amount_minor // self._factor}, "counts": dict(plan.units)}
        try:
            await cash.move("CashDispenser.Dispense", {"denomination": {"denomination": {"app": given}}}, before)
            await cash.move("CashDispenser.Present", {}, before)
        except DeviceError as error:
            said = await self._outcome(plan, before, error.code)
            if not said.paid:
                return await self._not_presented(said, error)
            # Within reach all the same: some machines present as they dispense, and one that failed in the middle of
            # presenting may not know itself.
            if not await self._slot_empty(before) and on_presented is not None:
                on_presented()
            return await self._finish(plan, before, take_timeout_s, said.cause)
        if on_presented is not None:
            on_presented()
        return await self._finish(plan, before, take_timeout_s)

    async def _not_presented(self, said: PayoutOutcome, error: DeviceError) -> PayoutOutcome:
        """The end of a payout that failed before a note was within reach; a plain refusal is raised."""
        before = said.counts_before
        if said.state is PayoutState.UNKNOWN:
            return said
        if error.code not in _MECHANICAL and not said.moved and stacker_empty(await self._status(before)):
            raise error
        await self._cash.reset(before)
        return await self._outcome(said.plan, before, error.code)

    async def recover(self, plan: NotePlan, before: Counts, *, take_timeout_s: float = 60.0) -> PayoutOutcome:
        """Bring a payout of unknown outcome to its end and say what happened since ``before``.

        What lies in the slot is left to the customer for ``take_timeout_s`` and then pulled back; what never
        got there is rejected. Nothing new is paid out.

        Raises:
            CashOutcomeUnknown: the machine went away again.
        """
        status = await self._status(before)
        if not output_empty(status):
            return await self._finish(plan, before, take_timeout_s)
        if not way_free(status):
            await self._cash.reset(before)
        return await self._outcome(plan, before, "cash.outcome_unknown")

    async def _status(self, before: Counts) -> Payload:
        try:
            return await self._cash.link.status()
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("Common.Status", before) from error

    async def _slot_empty(self, before: Counts) -> bool:
        return output_empty(await self._status(before))

    async def _finish(
        self, plan: NotePlan, before: Counts, take_timeout_s: float, cause: str | None = None
    ) -> PayoutOutcome:
        """Notes are within reach, or were: taken, or pulled back. ``cause``: why they are not all of them."""
        if await self._cash.clear_output(before, take_timeout_s) is SlotEnd.STUCK:
            # In the slot still, and in no counter but that of what was presented: nobody has been paid yet.
            raise CashOutcomeUnknown("CashManagement.Retract", before)
        if cause is not None and not way_free(await self._status(before)):
            await self._cash.reset(before)
        return await self._outcome(plan, before, cause)

    async def _outcome(self, plan: NotePlan, before: Counts, cause: str | None) -> PayoutOutcome:
        try:
            after = await self._cash.counts()
        except (ConnectionLost, DeviceError) as error:
            raise CashOutcomeUnknown("Storage.GetStorage", before) from error
        if after.began_anew_since(before):
            return PayoutOutcome(PayoutState.UNKNOWN, plan, {}, {}, {}, {}, before, after, COUNTERS_ANEW)
        if after.presented != before.presented and _pulled_in_uncounted(before, after):
            return PayoutOutcome(PayoutState.UNKNOWN, plan, {}, {}, {}, {}, before, after, UNCOUNTED)
        moved = after.paid_since(before)
        paid = {value: count for value, count in moved.items() if count > 0}
        surplus = {value: -count for value, count in moved.items() if count < 0}
        retracted = difference(difference(after.retracted, before.retracted), surplus)
        amount = value_of(paid)
        if amount >= plan.amount_minor:
            state = PayoutState.TAKEN
        elif amount > 0:
            state = PayoutState.PARTLY_TAKEN
        else:
            state = PayoutState.RETRACTED if retracted else PayoutState.FAILED
        return PayoutOutcome(
            state=state,
            plan=plan,
            paid=paid,
            retracted=retracted,
            rejected=difference(after.rejected, before.rejected),
            stuck=difference(after.on_the_way, before.on_the_way),
            counts_before=before,
            counts_after=after,
            cause=None if state is PayoutState.TAKEN else cause,
            surplus=surplus,
        )


def _pulled_in_uncounted(before: Counts, after: Counts) -> bool:
    """Whether anything was pulled in of which nobody can say what it is worth: the others may be in the hand."""
    return after.pulled_in_silently_since(before) or difference(after.retracted, before.retracted).get(0, 0) > 0
