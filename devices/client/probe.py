"""Looking at a machine as an engineer does: every service, its interfaces and status, and a test of each."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.errors import ServiceError
from devices.client.discovery import FoundService, connect_service, find_services
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.uris import STANDARD_PORTS

RESETS = ("CardReader", "Printer", "CashManagement", "Check", "Biometric", "BarcodeReader")
"""Interfaces whose Reset an engineer may order: nothing of a customer's may lie in the machine then."""


@dataclass(frozen=True)
class ServiceLook:
    """One service: what it is called, its interfaces, its status by dotted name, and how it is: ok | warn | bad."""

    name: str
    interfaces: tuple[str, ...]
    status: Mapping[str, str] = field(default_factory=dict)
    level: str = "ok"


@dataclass(frozen=True)
class TestResult:
    """``code``: None when it was in order."""

    name: str
    ms: int
    code: str | None = None


class Probe:
    """Connections to every service of a machine; closed by whoever made it."""

    def __init__(self, host: str, ports: tuple[int, ...] = STANDARD_PORTS) -> None:
        self._host, self._ports = host, ports
        self._found: dict[str, FoundService] = {}

    async def open(self) -> None:
        """Connect to whatever is there.

        Raises:
            ServiceError: ``device.unreachable``.
        """
        for uri in await find_services(self._host, self._ports, load()):
            name = uri.rstrip("/").rsplit("/", 1)[-1]
            try:
                self._found[name] = await connect_service(uri, load(), lambda _: None)
            except (ConnectionLost, DeviceError):
                continue
        if not self._found:
            raise ServiceError("device.unreachable")

    async def close(self) -> None:
        """Let go."""
        await asyncio.gather(*(found.connection.close() for found in self._found.values()))
        self._found.clear()

    async def looks(self) -> list[ServiceLook]:
        """Every service now; one that does not answer is bad."""
        return list(await asyncio.gather(*(self._look(name, found) for name, found in sorted(self._found.items()))))

    async def _look(self, name: str, found: FoundService) -> ServiceLook:
        interfaces = tuple(sorted(found.interfaces))
        try:
            status = await found.connection.command("Common.Status", timeout_s=5.0)
        except (ConnectionLost, DeviceError) as error:
            return ServiceLook(name, interfaces, {"": error.code}, "bad")
        state = status.get("common", {}).get("device", "online")
        level = "ok" if state == "online" else "warn" if state in ("deviceBusy", "starting") else "bad"
        return ServiceLook(name, interfaces, flat(status), level)

    @property
    def lost(self) -> bool:
        """Whether any connection is gone."""
        return any(found.connection.lost.is_set() for found in self._found.values())

    def tests(self) -> list[str]:
        """What can be tested: the status of each service, and the reset of those that have one."""
        names = [f"{name}: Common.Status" for name in sorted(self._found)]
        for name, found in sorted(self._found.items()):
            names += [f"{name}: {interface}.Reset" for interface in RESETS if interface in found.interfaces]
        return names

    async def command(self, interface: str, name: str) -> None:
        """Give one command without a payload to the service that has this interface.

        Raises:
            DeviceError: refused or failed.
            ConnectionLost: there is none, or it went away.
        """
        found = next((one for one in self._found.values() if interface in one.interfaces), None)
        if found is None:
            raise ConnectionLost(interface)
        await found.connection.command(name, timeout_s=10.0)

    async def test(self, name: str) -> TestResult:
        """Carry one test out; what it came to."""
        service, _, command = name.partition(": ")
        begun = time.monotonic()
        code: str | None = None
        try:
            await self._found[service].connection.command(command, {}, timeout_s=30.0)
        except (ConnectionLost, DeviceError) as error:
            code = error.code
        return TestResult(name, round(1000 * (time.monotonic() - begun)), code)


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
