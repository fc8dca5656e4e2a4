"""Vendor mode and the vendor's own application: the service engineer's exclusive use of the machine."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Outlet, Running
from devices.sim.world.base import Action, Json, Part, first_reason
from devices.xfs.codes import CommandFailed, CompletionCode
from devices.xfs.envelope import Payload

MAINTENANCE = frozenset(
    {
        "Common",
        "Storage",
        "VendorMode",
        "VendorApplication",
        "Auxiliaries",
        "PowerManagement",
        "KeyManagement",
        "ServicePublisher",
    }
)
MAINTENANCE_COMMANDS = frozenset({"Reset", "CashUnitCount", "Replenish", "Deplete", "DeviceLockControl"})


class Mode(StrEnum):
    """State of the vendor mode."""

    INACTIVE = "inactive"
    ENTER_PENDING = "enterPending"
    ACTIVE = "active"
    EXIT_PENDING = "exitPending"


class VendorMode(Interface):
    """While it is active, only what an engineer does is done; every registered client agreed to that before."""

    name: ClassVar[str] = "VendorMode"
    events: ClassVar[tuple[str, ...]] = (
        "EnterModeRequestEvent",
        "ModeEnteredEvent",
        "ExitModeRequestEvent",
        "ModeExitedEvent",
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._world = bench.world
        self.mode = Mode.INACTIVE
        self.entered: Callable[[], None] = lambda: None
        self._registered: dict[Outlet, str] = {}
        self._awaited: set[Outlet] = set()

    @property
    def applications(self) -> list[str]:
        """Names of the programs that are asked."""
        return sorted(name for name in self._registered.values() if name)

    def commands(self) -> Mapping[str, Handler]:
        return {
            "Register": self._register,
            "EnterModeRequest": self._enter,
            "EnterModeAcknowledge": self._enter_acknowledged,
            "ExitModeRequest": self._exit,
            "ExitModeAcknowledge": self._exit_acknowledged,
        }

    def forbids(self, command: str) -> bool:
        """Whether a command has to wait until the engineer is done."""
        if self.mode is not Mode.ACTIVE:
            return False
        interface, _, name = command.partition(".")
        return interface not in MAINTENANCE and name not in MAINTENANCE_COMMANDS

    def left(self, outlet: Outlet) -> None:
        self._registered.pop(outlet, None)
        self._answered(outlet)

    async def _register(self, running: Running) -> None:
        self._registered[running.outlet] = running.payload.get("appName", "")

    def _must_be(self, mode: Mode) -> None:
        if self.mode is not mode:
            raise CommandFailed(CompletionCode.SEQUENCE_ERROR, f"vendor mode is {self.mode}")

    async def _enter(self, running: Running) -> None:
        self._must_be(Mode.INACTIVE)
        self._ask(running, Mode.ENTER_PENDING, "EnterModeRequestEvent")

    async def _exit(self, running: Running) -> None:
        self._must_be(Mode.ACTIVE)
        self._ask(running, Mode.EXIT_PENDING, "ExitModeRequestEvent")

    def _ask(self, running: Running, mode: Mode, event: str) -> None:
        self.mode = mode
        self._awaited = {outlet for outlet in self._registered if outlet is not running.outlet}
        if self._awaited:
            self.broadcast(event)
        self._settle()
        self._world.changed()

    async def _enter_acknowledged(self, running: Running) -> None:
        self._must_be(Mode.ENTER_PENDING)
        self._answered(running.outlet)

    async def _exit_acknowledged(self, running: Running) -> None:
        self._must_be(Mode.EXIT_PENDING)
        self._answered(running.outlet)

    def _answered(self, outlet: Outlet) -> None:
        self._awaited.discard(outlet)
        self._settle()

    def _settle(self) -> None:
        if self._awaited:
            return
        if self.mode is Mode.ENTER_PENDING:
            self.mode = Mode.ACTIVE
            self.entered()
            self.broadcast("ModeEnteredEvent")
        elif self.mode is Mode.EXIT_PENDING:
            self.mode = Mode.INACTIVE
            self.broadcast("ModeExitedEvent", {"connectedApplications": self.applications})
        else:
            return
        self._world.changed()

    def status(self) -> Payload:
        return {"vendorMode": {"device": "online", "service": self.mode.value}}


class VendorProgram(Part):
    """The vendor's own application on the machine's screen."""

    name = "vendor_program"

    def __init__(self) -> None:
        self.access = "notActive"

    def actions(self) -> Mapping[str, Action]:
        return {
            "close_vendor_program": Action(
                self._close, lambda: first_reason((self.access == "notActive", "hands.nothing_there"))
            )
        }

    def _close(self, _: Json) -> None:
        self.access = "notActive"

    def view(self) -> Json:
        return {"access": self.access}


class VendorApplication(Interface):
    """Starts the vendor's application; it is closed by hand."""

    name: ClassVar[str] = "VendorApplication"
    events: ClassVar[tuple[str, ...]] = ("VendorAppExitedEvent", "InterfaceChangedEvent")

    def __init__(self, bench: Bench, program: VendorProgram) -> None:
        super().__init__()
        self._world = bench.world
        self._program = program
        self._running = False
        self._active = "consumer"
        bench.world.listen(self._watch)

    def commands(self) -> Mapping[str, Handler]:
        return {
            "StartLocalApplication": self._start,
            "GetActiveInterface": self._get,
            "SetActiveInterface": self._set,
        }

    def _watch(self) -> None:
        runs = self._program.access != "notActive"
        if self._running and not runs:
            self.broadcast("VendorAppExitedEvent")
        self._running = runs

    async def _start(self, running: Running) -> None:
        if self._running:
            raise CommandFailed(CompletionCode.SEQUENCE_ERROR, "it runs already")
        self._program.access = running.payload.get("accessLevel", "basic")
        self._world.changed()

    async def _get(self, _: Running) -> Payload:
        return {"activeInterface": self._active}

    async def _set(self, running: Running) -> None:
        wanted = running.payload["activeInterface"]
        if wanted != self._active:
            self._active = wanted
            self.broadcast("InterfaceChangedEvent", {"activeInterface": wanted})

    def status(self) -> Payload:
        return {"vendorApplication": {"accessLevel": self._program.access}}

    def capabilities(self) -> Payload:
        levels = {"basic": True, "intermediate": True, "full": True}
        return {"vendorApplication": {"supportedAccessLevels": levels}}
