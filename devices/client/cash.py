"""What payout and deposit have in common: orders whose outcome may stay unknown, counters, waiting at the slot."""

import asyncio
import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from common.aio import cancel_and_wait
from devices.client.counts import Counts, NoteType, minor_factor, read_counts
from devices.client.errors import CashOutcomeUnknown
from devices.client.link import Link
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Payload

log = logging.getLogger(__name__)
# Completions after which nobody can say from the answer alone what has moved.
_UNKNOWN = frozenset({"noAnswer", "timeOut", "canceled", "internalError"})
MOVE_TIMEOUT_S = 60.0


class SlotEnd(StrEnum):
    """How notes left the output slot."""

    TAKEN = "taken"
    RETRACTED = "retracted"
    STUCK = "stuck"


class CashLink:
    """The recycler's wire, with the rules of the trade about time-outs."""

    def __init__(self, link: Link, *, move_timeout_s: float = MOVE_TIMEOUT_S) -> None:
        self.link = link
        self._move_timeout_s = move_timeout_s
        self._types: dict[str, NoteType] = {}
        self._waiting: asyncio.Event | None = None

    async def note_types(self) -> Mapping[str, NoteType]:
        """The notes that the machine knows."""
        if not self._types:
            items = (await self.link.command("CashManagement.GetBankNoteTypes", timeout_s=5)).get("items", {})
            for name, item in items.items():
                note = item["cashItem"]
                factor = minor_factor(note["currency"])
                self._types[name] = NoteType(
                    name, note["currency"], int(note["value"] * factor), int(note.get("release", 0))
                )
        return self._types

    async def refuse_other_currencies(self) -> None:
        """Have notes that the books do not know given back at once, where the machine takes such and can be told."""
        others = [name for name, note in (await self.note_types()).items() if not note.worth]
        if not others:
            return
        items = [{"item": name, "enabled": False} for name in others]
        try:
            await self.link.command("CashAcceptor.ConfigureNoteTypes", {"items": items}, timeout_s=10)
        except DeviceError as error:
            log.info("other currencies not refused", extra={"code": error.code})

    async def counts(self) -> Counts:
        """The counters now.

        Raises:
            ConnectionLost, DeviceError: they cannot be read.
        """
        types = await self.note_types()
        storage = await self.link.command("Storage.GetStorage", timeout_s=5)
        return read_counts(storage["storage"], types)

    async def move(
        self, name: str, payload: Payload | None, before: Counts, **options: Any
    ) -> Payload:  # fmt: skip
        """Order a movement of cash.

        Raises:
            DeviceError: refused or failed, with certainty.
            CashOutcomeUnknown: no trustworthy answer.
        """
        try:
            return await self.link.command(name, payload, timeout_s=self._move_timeout_s, **options)
        except ConnectionLost as error:
            raise CashOutcomeUnknown(name, before) from error
        except DeviceError as error:
            if error.completion in _UNKNOWN:
                raise CashOutcomeUnknown(name, before) from error
            raise

    async def reset(self, before: Counts) -> bool:
        """Clear the way; False when something stays stuck."""
        try:
            await self.move("CashManagement.Reset", {}, before)
        except DeviceError:
            return False
        return True

    async def clear_input(self, before: Counts) -> None:
        """After a cash-in: notes in the input slot were counted by nobody. They are pulled in, for whoever put them
        there; a shutter that was left open is closed before somebody does.

        Raises:
            CashOutcomeUnknown: they lie there still.
            ConnectionLost, DeviceError: the machine does not say.
        """
        for slot in input_positions(await self.link.status()):
            if slot.get("positionStatus") not in (None, "empty"):
                if not await self.reset(before):
                    raise CashOutcomeUnknown("CashManagement.Reset", before)
            elif slot.get("shutter") == "open":
                await self._close_shutter(str(slot["position"]))

    async def _close_shutter(self, position: str) -> None:
        try:
            await self.link.command("CashManagement.CloseShutter", {"position": position}, timeout_s=10)
        except DeviceError as error:
            if error.error_code != "shutterClosed":  # it closed by itself meanwhile
                log.warning("shutter not closed", extra={"code": error.code})

    async def output_empty(self) -> bool:
        """Whether nothing lies in the output slot."""
        return output_empty(await self.link.status())

    async def wait_taken(self, timeout_s: float) -> bool:
        """Wait until the customer has emptied the output slot; False when the time is over or :meth:`end_wait`."""
        over = self._waiting = asyncio.Event()
        waits = (
            asyncio.create_task(
                self.link.wait_until(output_empty, "CashManagement.ItemsTakenEvent", timeout_s=timeout_s)
            ),
            asyncio.create_task(over.wait()),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return await waits[0] if waits[0].done() else False
        finally:
            self._waiting = None
            await cancel_and_wait(*waits)

    def end_wait(self) -> bool:
        """The customer is not waited for any longer; whether somebody waited."""
        if self._waiting is None:
            return False
        self._waiting.set()
        return True

    async def clear_output(self, before: Counts, take_timeout_s: float) -> SlotEnd:
        """Let the customer take what lies in the slot, else pull it back.

        Raises:
            CashOutcomeUnknown: the connection went away meanwhile.
        """
        if await self.wait_taken(take_timeout_s):
            return SlotEnd.TAKEN
        try:
            await self.move("CashManagement.Retract", {"location": {"retractArea": "retract", "index": 1}}, before)
        except DeviceError as error:
            if error.error_code in ("itemsTaken", "noItems"):
                return SlotEnd.TAKEN
            return SlotEnd.RETRACTED if await self.reset(before) else SlotEnd.STUCK
        return SlotEnd.RETRACTED


def input_positions(status: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where customers put notes in."""
    positions = status.get("cashAcceptor", {}).get("positions", ())
    return [one for one in positions if str(one.get("position", "")).startswith("in")]


def output_empty(status: Mapping[str, Any]) -> bool:
    """Whether a status says that no output position holds notes."""
    positions = status.get("cashDispenser", {}).get("positions", ())
    return all(position.get("positionStatus") == "empty" for position in positions)


def way_free(status: Mapping[str, Any]) -> bool:
    """Whether a status says that nothing lies between cassettes and slot, and nothing is jammed there."""
    positions = status.get("cashDispenser", {}).get("positions", ())
    return stacker_empty(status) and all(position.get("transport") != "inoperative" for position in positions)


def stacker_empty(status: Mapping[str, Any]) -> bool:
    """Whether a status says that nothing lies between cassettes and slot."""
    dispenser = status.get("cashDispenser", {})
    ways = (position.get("transportStatus", "empty") for position in dispenser.get("positions", ()))
    return dispenser.get("intermediateStacker", "empty") == "empty" and all(way == "empty" for way in ways)
