"""Composition root of the simulated VTM: builds the world and the services, and serves them."""

import asyncio
import json
import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from common.settings import DeviceSettings
from devices.hands.server import HandsServer
from devices.sim.bench import Bench
from devices.sim.epp.module import load_or_make_kek
from devices.sim.faults import FaultBoard
from devices.sim.host import Host
from devices.sim.lock import sole
from devices.sim.motor import Motor, RealMotor, WornMotor
from devices.sim.peripherals import Peripherals
from devices.sim.service import Service
from devices.sim.store import Store
from devices.sim.trace import Trace
from devices.sim.world.base import World
from devices.xfs.catalogue import load
from devices.xfs.envelope import Dialect

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a running machine can be reached. The token opens its hands."""

    vtm: str
    host: str
    port: int
    hands_port: int
    hands_token: str
    data_dir: str


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a machine keeps things, below the data directory of the installation."""

    root: Path
    vtm: str

    @property
    def machine(self) -> Path:
        """State, receipts and ready file of this machine."""
        return self.root / "devices" / self.vtm

    @property
    def state(self) -> Path:
        return self.machine / "machine.sqlite3"

    @property
    def receipts(self) -> Path:
        return self.machine / "receipts"

    @property
    def ready(self) -> Path:
        """JSON of :class:`Endpoints` while the machine runs."""
        return self.machine / "ready.json"

    @property
    def lock(self) -> Path:
        """Locked by the process whose machine this is."""
        return self.machine / "machine.lock"

    @property
    def kek(self) -> Path:
        """Key-encryption key of the PIN pad, which the server of a demo reads too."""
        return self.root / "keys" / f"{self.vtm}.kek"

    @property
    def issuer(self) -> Path:
        """The maker's signature issuer, for remote key loading; one for all machines of an installation."""
        return self.root / "keys" / "signature-issuer.pem"


class Vtm:
    """One simulated machine."""

    def __init__(
        self,
        folders: Folders,
        *,
        motor: Motor,
        trace: Trace | None = None,
        dialect: Dialect = Dialect.SPEC,
        store: Store | None = None,
    ) -> None:
        self._folders = folders
        self._store = store or Store(folders.state)
        self.world = World(self._store)
        self.faults = FaultBoard()
        self._trace = trace or Trace()
        self._catalogue = load()
        tolerant = dialect is Dialect.KAL
        bench = Bench(self.world, WornMotor(motor, self.faults), self.faults)
        inside = Peripherals(bench, load_or_make_kek(folders.kek), folders.machine, folders.issuer)
        self.recycler, self.vendor_mode = inside.recycler, inside.vendor_mode
        self.services = [
            Service(
                name,
                interfaces,
                self._catalogue,
                self.faults,
                tolerant=tolerant,
                forbids=inside.vendor_mode.forbids,
                powered=inside.supply_of(name),
            )
            for name, interfaces in inside.services.items()
        ]
        self.vendor_mode.entered = self._stop_forbidden
        self.host = Host(self.services, self._catalogue, self.faults, trace=self._trace, dialect=dialect)
        self._token = secrets.token_urlsafe(24)
        self._hands = HandsServer(self.world, self.faults, self._trace, self._token)
        self.world.changed()
        for service in self.services:
            self.world.listen(service.refresh)

    async def start(self, host: str, port: int = 0, hands_port: int = 0) -> Endpoints:
        """Open the ports; 0: the first free one of the standard's for XFS, any free one for the hands.

        Raises:
            ServiceError: ``devices.no_port``.
        """
        chosen = await self.host.start(host, port)
        hands = await self._hands.start(host, hands_port)
        return Endpoints(self._folders.vtm, host, chosen, hands, self._token, str(self._folders.root))

    def _stop_forbidden(self) -> None:
        for service in self.services:
            service.stop_forbidden()

    async def close(self) -> None:
        """Switch off. Everything stays where it is."""
        await self._hands.close()
        await self.host.close()
        self._store.close()
        self._trace.close()


def write_ready(file: Path, endpoints: Endpoints) -> None:
    """Tell other processes of the same user where the machine is; readers never see half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(endpoints), stream)
    draft.replace(file)


async def serve(
    settings: DeviceSettings,
    data_dir: Path,
    *,
    port: int | None = None,
    hands_port: int | None = None,
    ready: Callable[[Endpoints], None] | None = None,
    stop: asyncio.Event | None = None,
    motor: Motor | None = None,
) -> None:
    """Run the simulated VTM until ``stop`` is set or the task is cancelled.

    Args:
        data_dir: of the installation; see :class:`Folders` for what lies where.
        port: overrides the setting; 0: the first free port of 5846..5856.
        ready: called once with the ports (also in ``ready.json``).

    Raises:
        ServiceError: ``devices.no_port``.
        UserError: ``devices.running``, another process runs this machine.
    """
    folders = Folders(data_dir, settings.vtm)
    # Before anything of the machine is read, and until all of it is closed: what it writes, no other has overtaken.
    with sole(folders.lock, settings.vtm):
        vtm = Vtm(folders, motor=motor or RealMotor(settings.speed), dialect=Dialect(settings.dialect))
        try:
            endpoints = await vtm.start(
                settings.host,
                settings.port if port is None else port,
                settings.hands_port if hands_port is None else hands_port,
            )
            write_ready(folders.ready, endpoints)
            log.info("devices ready", extra={"port": endpoints.port, "hands_port": endpoints.hands_port})
            if ready is not None:
                ready(endpoints)
            await (stop or asyncio.Event()).wait()
        finally:
            folders.ready.unlink(missing_ok=True)
            await vtm.close()
