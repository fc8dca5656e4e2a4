"""Exchange of cassettes by hand: begun and ended, counters set to what two persons put in."""

from collections.abc import Mapping
from typing import Protocol

from devices.client.cash import CashLink
from devices.client.counts import Counts
from devices.client.link import Link, Switchboard
from devices.xfs.codes import DeviceError

COUNT_TIMEOUT_S = 600.0
_NO_LOCK = ("invalidAuxiliary", "unsupportedCommand", "unsupportedData")


class Fitting(Switchboard, Protocol):
    """A switchboard that knows what belongs to the machine, also while it is away."""

    def has(self, interface: str) -> bool | None: ...


class CashExchange:
    """The recycler's Storage while its safe is open, and the lock of the safe's door; or the coin dispenser's Storage,
    which cannot count nor clear its way.

    Args:
        role: whose Storage, as :data:`devices.client.discovery.ROLES` has it.
    """

    def __init__(self, machine: Fitting, role: str = "CashDispenser") -> None:
        self._machine, self._role = machine, role
        self._doors = Link(machine, "Auxiliaries")
        # Card readers have a Storage too: the one meant is the recycler's.
        self._storage = Link(machine, role)
        self._acceptor = Link(machine, "CashAcceptor")
        self._cash = CashLink(self._storage)

    @property
    def hoppers(self) -> "CashExchange":
        """The same machine's coin hoppers."""
        return CashExchange(self._machine, "CoinDispenser")

    @property
    def there(self) -> bool:
        """Whether the machine has such a service, connected now."""
        return self._machine.service_for(self._role) is not None

    async def counts(self) -> Counts:
        """The counters now."""
        return await self._cash.counts()

    async def start(self) -> Counts:
        """The machine serves nobody from now on; its counters. Begun already, it goes on.

        Raises:
            DeviceError: a transaction of a customer is not finished.
            ConnectionLost: begun or not is not known: say it again.
        """
        try:
            await self._storage.command("Storage.StartExchange", {}, timeout_s=30)
        except DeviceError as error:
            if error.error_code != "exchangeActive":
                raise
        return await self._cash.counts()

    async def unlock(self) -> None:
        """Draw the safe's bolt: hands can open the door. Drawn already, it stays so.

        Raises:
            ConnectionLost: drawn or not is not known: say it again.
        """
        await self._lock("unbolt")

    async def lock(self) -> None:
        """Bolt the safe's door.

        Raises:
            DeviceError: ``device.safe_open``, it stands open.
            ConnectionLost: say it again.
        """
        try:
            await self._lock("bolt")
        except DeviceError as error:
            if error.completion != "sequenceError":
                raise
            raise DeviceError(
                "device.safe_open",
                command="Auxiliaries.SetAuxiliaries",
                completion=error.completion,
                error_code=error.error_code,
                retryable=False,
            ) from error

    async def _lock(self, how: str) -> None:
        has_doors = self._machine.has("Auxiliaries")
        if has_doors is False or (has_doors is None and how == "unbolt"):
            return  # this machine's safe has a lock of its own, which no host opens; or hands will find it bolted
        try:
            await self._doors.command("Auxiliaries.SetAuxiliaries", {"safeDoor": how}, timeout_s=30)
        except DeviceError as error:
            if (error.error_code or error.completion) not in _NO_LOCK:
                raise

    async def load(self, units: Mapping[str, Mapping[int, int]]) -> None:
        """Set what lies in each cassette now, by face value in minor units; counters begin from there."""
        types = {note.worth: note.name for note in (await self._cash.note_types()).values() if note.worth}
        storage = {
            key: {"cash": {"status": {"initial": {types[value]: {"fit": count} for value, count in notes.items()}}}}
            for key, notes in units.items()
        }
        await self._storage.command("Storage.SetStorage", {"storage": storage}, timeout_s=30)

    async def end(self) -> Counts:
        """The machine serves again; its counters. Ended already, it stays so."""
        try:
            await self._storage.command("Storage.EndExchange", {}, timeout_s=30)
        except DeviceError as error:
            if error.error_code != "noExchangeActive":
                raise
        return await self._cash.counts()

    async def clear(self) -> None:
        """Free the way: what is stuck goes to the reject and retract units, where it is counted."""
        await self._storage.command("CashManagement.Reset", {}, timeout_s=60)

    async def count(self, *units: str) -> Counts:
        """Let the machine count these cassettes note by note; takes minutes. No cassette may be open to hands.

        Raises:
            DeviceError: an exchange is active, notes lie in the slot, a cassette is out of the machine.
            ConnectionLost: say it again; counted twice, the counters are the same.
        """
        await self._acceptor.command("CashAcceptor.CashUnitCount", {"units": list(units)}, timeout_s=COUNT_TIMEOUT_S)
        return await self._cash.counts()
