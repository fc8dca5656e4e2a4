"""Storage of a printer: its retract bin."""

from collections.abc import Mapping
from typing import ClassVar

from devices.sim.interface import Handler, Interface, Running
from devices.sim.printing.mechanism import Mechanism
from devices.sim.printing.printer import BIN
from devices.sim.settings import check_setting
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload


class PrinterStorage(Interface):
    """Shows the bin; it is emptied by hand."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = ("CountsChangedEvent",)
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, mechanism: Mechanism) -> None:
        super().__init__()
        self._machine = mechanism

    def commands(self) -> Mapping[str, Handler]:
        return {"GetStorage": self._get, "SetStorage": self._set}

    async def _get(self, _: Running) -> Payload:
        machine, capacity = self._machine, self._machine.profile.bin_capacity
        status = {"index": 1, "initial": 0, "in": machine.retracted, "replenishmentStatus": machine.bin_state}
        unit: Payload = {"id": "BIN1", "positionName": "retract bin", "capacity": capacity, "status": "ok"}
        return {"storage": {BIN: unit | {"printer": {"capabilities": {"maxRetracts": capacity}, "status": status}}}}

    async def _set(self, running: Running) -> None:
        """The count can only be set to what lies there: the sensor knows better."""
        wanted = running.payload["storage"]
        if wanted.keys() - {BIN}:
            raise refused("invalidUnit")
        check_setting(wanted.get(BIN, {}), {}, "printer")
        if any(unit.get("printer", {}).get("status", {}).get("initial", 0) for unit in wanted.values()):
            raise refused("storageUnitError", "the bin counts by itself")
