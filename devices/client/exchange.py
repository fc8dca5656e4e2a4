"""Exchange of cassettes by hand: begun and ended, counters set to what two persons put in."""

from collections.abc import Mapping

from devices.client.cash import CashLink
from devices.client.counts import Counts
from devices.client.link import Link, Switchboard

COUNT_TIMEOUT_S = 600.0


class CashExchange:
    """The recycler's Storage while its safe is open."""

    def __init__(self, machine: Switchboard) -> None:
        # Card readers have a Storage too: the one meant is the recycler's.
        self._storage = Link(machine, "CashDispenser")
        self._acceptor = Link(machine, "CashAcceptor")
        self._cash = CashLink(self._storage)

    async def start(self) -> Counts:
        """The machine serves nobody from now on; its counters.

        Raises:
            DeviceError: ``device.exchange_active``, or a transaction of a customer is not finished.
            ConnectionLost: begun or not is not known: the status says it.
        """
        await self._storage.command("Storage.StartExchange", {}, timeout_s=30)
        return await self._cash.counts()

    async def load(self, units: Mapping[str, Mapping[int, int]]) -> None:
        """Set what lies in each cassette now, by face value in minor units; counters begin from there."""
        types = {note.value_minor: note.name for note in (await self._cash.note_types()).values()}
        storage = {
            key: {"cash": {"status": {"initial": {types[value]: {"fit": count} for value, count in notes.items()}}}}
            for key, notes in units.items()
        }
        await self._storage.command("Storage.SetStorage", {"storage": storage}, timeout_s=30)

    async def end(self) -> Counts:
        """The machine serves again; its counters."""
        await self._storage.command("Storage.EndExchange", {}, timeout_s=30)
        return await self._cash.counts()

    async def count(self, *units: str) -> Counts:
        """Let the machine count these cassettes note by note; takes minutes."""
        await self._acceptor.command("CashAcceptor.CashUnitCount", {"units": list(units)}, timeout_s=COUNT_TIMEOUT_S)
        return await self._cash.counts()
