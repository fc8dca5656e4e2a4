"""Where this kiosk's machine is: told on the command line, or where the simulator of this installation says. No Qt."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from common.errors import UserError
from common.settings import Settings
from devices.client.machine import DeviceEvent, Machine
from devices.client.probe import Heard, Probe


@dataclass(frozen=True)
class Simulator:
    """A running simulated machine; the token opens its hands."""

    host: str
    port: int
    hands_port: int
    hands_token: str


def running_simulator(data_dir: Path, vtm: str) -> Simulator | None:
    """The simulated machine of this installation, None while it does not run."""
    file = data_dir / "devices" / vtm / "ready.json"
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Simulator(
            str(said["host"]), int(said["port"]), int(said["hands_port"]), str(said["hands_token"])
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None


def address_of(url: str) -> tuple[str, int]:
    """Host and port of a publisher's address, ``ws://127.0.0.1:5846/xfs4iot/v1.0``.

    Raises:
        UserError: ``machine.bad_address``.
    """
    parts = urlsplit(url if "//" in url else f"//{url}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or not port:
        raise UserError("machine.bad_address", address=url)
    return parts.hostname, port


async def connect_machine(settings: Settings, url: str | None, on_event: Callable[[DeviceEvent], None]) -> Machine:
    """Connect to the machine of this kiosk.

    Raises:
        ServiceError: ``device.unreachable``, ``device.incomplete``.
        UserError: ``machine.bad_address``.
    """
    connect = partial(
        Machine.connect,
        on_event=on_event,
        services=_services(settings),
        dialect=settings.devices.dialect,
    )
    if url is not None:
        host, port = address_of(url)
        return await connect(host, (port,))
    simulator = running_simulator(settings.data_dir, settings.devices.vtm)
    if simulator is not None:
        return await connect(simulator.host, (simulator.port,))
    return await connect(settings.devices.host)


def probe_machine(settings: Settings, simulator: Simulator | None, heard: Heard | None = None) -> Probe:
    """The same machine for an engineer, with the same services of other hosts; not opened yet.

    Args:
        heard: see `devices.client.probe.Probe`.
    """
    found = partial(Probe, services=_services(settings), dialect=settings.devices.dialect, heard=heard)
    return found(settings.devices.host) if simulator is None else found(simulator.host, (simulator.port,))


def _services(settings: Settings) -> dict[str, str]:
    return {each.interface: each.uri for each in settings.devices.services}
