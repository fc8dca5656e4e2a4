"""A look at every service of a machine, whoever made it: what it is, what it can do, how it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from devices.client.connection import ServiceConnection
from devices.client.discovery import find_services
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Dialect, Message, Payload
from devices.xfs.uris import STANDARD_PORTS


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """One service. ``device`` is the standard's word for how it is; ``noAnswer``: it said nothing."""

    name: str
    uri: str
    interfaces: tuple[str, ...]
    device: str
    status: Payload
    capabilities: Payload


def _ignore(_: Message) -> None:
    return


async def inspect_service(uri: str, dialect: str = Dialect.SPEC) -> ServiceReport:
    """Ask one service; one that does not answer is reported as such, never an exception."""
    name = uri.rstrip("/").rsplit("/", 1)[-1]
    try:
        connection = await ServiceConnection.open(uri, load(), _ignore, Dialect(dialect))
    except ConnectionLost:
        return ServiceReport(name, uri, (), "noAnswer", {}, {})
    try:
        capabilities = await connection.command("Common.Capabilities", timeout_s=5)
        status = await connection.command("Common.Status", timeout_s=5)
    except (ConnectionLost, DeviceError):
        return ServiceReport(name, uri, (), "noAnswer", {}, {})
    finally:
        await connection.close()
    interfaces = tuple(str(entry.get("name", "")) for entry in capabilities.get("interfaces", ()))
    device = str(status.get("common", {}).get("device", "unknown"))
    return ServiceReport(name, uri, interfaces, device, status, capabilities)


async def inspect(host: str, ports: Sequence[int] = STANDARD_PORTS, dialect: str = Dialect.SPEC) -> list[ServiceReport]:
    """All services of a machine, in the publisher's order; empty: there is none."""
    uris = await find_services(host, ports, load(), Dialect(dialect))
    return list(await asyncio.gather(*(inspect_service(uri, dialect) for uri in uris)))
