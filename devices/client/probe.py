"""Looking at a machine as an engineer does: every service, its interfaces and status, and a test of each."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from common.errors import AppError, ServiceError, UserError
from devices.client.cash import CashLink
from devices.client.connection import OnMessage
from devices.client.counts import Counts
from devices.client.discovery import FoundService, connect_service, elsewhere, find_services, last_part, meant
from devices.client.guard import ASK_S, may_reset, undisturbed
from devices.client.link import Link
from devices.client.stores import StoredUnit, read_stores, read_supplies
from devices.client.trials import Care, trials_of
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Dialect, Message
from devices.xfs.uris import STANDARD_PORTS

log = logging.getLogger(__name__)
Heard = Callable[[bool, str, str, str], None]
LOOK_AGAIN_S = 30.0
"""A service that does not answer is looked for again so often."""


@dataclass(frozen=True)
class ServiceLook:
    """One service: what it is called, its interfaces, its status by dotted name, how it is (ok | warn | bad), and what
    it holds."""

    name: str
    interfaces: tuple[str, ...]
    status: Mapping[str, str] = field(default_factory=dict)
    level: str = "ok"
    units: tuple[StoredUnit, ...] = ()


@dataclass(frozen=True)
class TrialOffer:
    """A test that can be made. ``name`` is the whole machine's; ``word`` says what it is."""

    name: str
    service: str
    word: str


@dataclass(frozen=True)
class TrialResult:
    """``error``: None when it was in order; a `UserError`: it was not made, and why."""

    name: str
    ms: int
    error: AppError | None = None


class Probe:
    """Connections to every service of a machine, and to those of other hosts that take a place in it; closed by whoever
    made it. A `devices.client.link.Switchboard`: what the kiosk means by an interface, this means as well.

    Args:
        services: interface (or role) to the URI of a service that takes its place; see `devices.client.machine`.
        heard: told of every text that is said to a service and by it: whether it is one of the machine's own, what
            it is called, ``>`` or ``<``, and the text.
    """

    def __init__(
        self,
        host: str,
        ports: Sequence[int] = STANDARD_PORTS,
        *,
        services: Mapping[str, str] | None = None,
        dialect: str = Dialect.SPEC,
        heard: Heard | None = None,
    ) -> None:
        self._heard = heard
        self._host, self._ports, self._dialect = host, tuple(ports), Dialect(dialect)
        self._chosen = dict(services or {})
        self._own: set[str] = set()
        self._known: dict[str, str] = {}  # name to URI, also of those that do not answer
        self._found: dict[str, FoundService] = {}  # by name
        self._shown: set[str] = set(self._chosen)  # interfaces that have been there once
        self._answered: set[str] = set()  # names of those that have been there once
        self._listeners: list[OnMessage] = []
        self._again_at = 0.0
        self._cash = CashLink(Link(self, "CashDispenser"))

    async def open(self) -> None:
        """Connect to whatever is there.

        Raises:
            ServiceError: ``device.unreachable``.
        """
        await self._seek()
        if not self._found:
            raise ServiceError("device.unreachable")

    async def _seek(self) -> None:
        """Connect to what can be found and is not connected."""
        self._again_at = asyncio.get_running_loop().time() + LOOK_AGAIN_S
        if not self._own:
            listed = await find_services(self._host, self._ports, load(), self._dialect)
            self._own = {last_part(uri) for uri in listed}
            self._known = {elsewhere(uri): uri for uri in self._chosen.values() if uri not in listed}
            self._known |= {last_part(uri): uri for uri in listed}
        await asyncio.gather(*(self._connect(name) for name in self._known if name not in self._found))

    async def _connect(self, name: str) -> None:
        try:
            found = await connect_service(self._known[name], load(), self._told, self._dialect)
        except (ConnectionLost, DeviceError):
            log.info("service does not answer", extra={"uri": self._known[name]})
            return
        if self._heard is not None:
            found.connection.on_text = partial(self._heard, name in self._own, name)
        self._found[name] = found
        self._answered.add(name)
        self._shown |= found.interfaces

    async def close(self) -> None:
        """Let go."""
        await asyncio.gather(*(found.connection.close() for found in self._found.values()))
        self._found.clear()

    def service_for(self, interface: str) -> FoundService | None:
        """The connected service that the kiosk means when it names an interface."""
        return meant(interface, self._found.values(), self._chosen)

    def has(self, interface: str) -> bool | None:
        """See :meth:`devices.client.machine.Machine.has`."""
        if interface in self._shown:
            return True
        return False if self._own <= self._answered else None

    def listen(self, listener: OnMessage) -> Callable[[], None]:
        """Call ``listener`` for every event of every service; the function returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _told(self, message: Message) -> None:
        for listener in tuple(self._listeners):
            listener(message)

    async def looks(self) -> list[ServiceLook]:
        """Every service now; one that does not answer is bad, and looked for again from time to time."""
        await self._mend()
        return list(await asyncio.gather(*(self._look(name) for name in sorted(self._known))))

    async def _mend(self) -> None:
        """A service of another host comes and goes without the machine: only its own connection is begun anew."""
        others = [name for name in self._found if name not in self._own]
        gone = [name for name in others if self._found[name].connection.lost.is_set()]
        for name in gone:
            await self._found.pop(name).connection.close()
        due = asyncio.get_running_loop().time() >= self._again_at
        if gone or (due and (not self._own or self._found.keys() != self._known.keys())):
            await self._seek()

    async def _look(self, name: str) -> ServiceLook:
        found = self._found.get(name)
        if found is None:
            return ServiceLook(name, (), {"": ConnectionLost(name).code}, "bad")
        interfaces = tuple(sorted(found.interfaces))
        try:
            status = await found.connection.command("Common.Status", timeout_s=ASK_S)
        except (ConnectionLost, DeviceError) as error:
            return ServiceLook(name, interfaces, {"": error.code}, "bad")
        units = (*await _stores(found), *read_supplies(status))
        state = status.get("common", {}).get("device", "online")
        level = "ok" if state == "online" else "warn" if state in ("deviceBusy", "starting") else "bad"
        return ServiceLook(name, interfaces, flat(status), level, units)

    async def cash_counts(self) -> Counts | None:
        """The recycler's counters; None: there is none, or it does not say."""
        try:
            return await self._cash.counts()
        except (ConnectionLost, DeviceError):
            return None

    @property
    def lost(self) -> bool:
        """Whether any connection to the machine itself is gone, or nothing at all is left."""
        own = (found for name, found in self._found.items() if name in self._own)
        return not self._found or any(found.connection.lost.is_set() for found in own)

    def tests(self) -> list[TrialOffer]:
        """What can be tested, by service."""
        return [
            TrialOffer(f"{name}: {trial.name}", name, trial.word)
            for name, found in sorted(self._found.items())
            for trial in trials_of(found)
        ]

    async def command(self, interface: str, name: str) -> None:
        """Give one command without a payload to the service that has this interface.

        Raises:
            DeviceError: refused or failed.
            ConnectionLost: there is none, or it went away.
        """
        found = self.service_for(interface)
        if found is None:
            raise ConnectionLost(interface)
        await found.connection.command(name, timeout_s=10.0)

    async def test(self, name: str) -> TrialResult:
        """Carry one test out; what it came to, and how long it took."""
        service, _, which = name.partition(": ")
        begun = time.monotonic()
        try:
            found = self._found.get(service)
            trial = next((one for one in trials_of(found) if one.name == which), None) if found is not None else None
            if found is None or trial is None:
                raise ConnectionLost(service)
            await self._check(service, trial.care)
            begun = time.monotonic()
            await trial.work(found)
        except (ServiceError, UserError) as error:
            return TrialResult(name, _ms_since(begun), error)
        return TrialResult(name, _ms_since(begun))

    async def _check(self, service: str, care: Care) -> None:
        there = {name: found for name, found in self._found.items() if not found.connection.lost.is_set()}
        if care is Care.RESET:
            await may_reset(service, there, await self._vendor_mode())
        elif care is Care.QUIET:
            await undisturbed(there)

    async def _vendor_mode(self) -> str:
        found = self.service_for("VendorMode")
        if found is None:
            return ""
        status = await found.connection.command("Common.Status", timeout_s=ASK_S)
        return str(status.get("vendorMode", {}).get("service", ""))


def _ms_since(begun: float) -> int:
    return round(1000 * (time.monotonic() - begun))


async def _stores(found: FoundService) -> list[StoredUnit]:
    """What a service holds; nothing where it does not say."""
    if "Storage" not in found.interfaces:
        return []
    try:
        answer = await found.connection.command("Storage.GetStorage", timeout_s=ASK_S)
    except (ConnectionLost, DeviceError):
        return []
    return read_stores(answer.get("storage", {}))


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A status as dotted names and texts."""
    found: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            found |= flat(value, name)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                found |= (
                    flat(item, f"{name}.{number}") if isinstance(item, Mapping) else {f"{name}.{number}": str(item)}
                )
        else:
            found[name] = str(value)
    return found
