"""Storage of the recycler: cash units, thresholds, exchange."""

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.cash.clearing import clearable
from devices.sim.cash.recycler import CashIn, Recycler
from devices.sim.cash.units import CashUnit, Role, kinds_from
from devices.sim.interface import Handler, Interface, Outlet, Running
from devices.sim.settings import check_setting
from devices.sim.world.cash import STACKER
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

_SETTABLE = frozenset({"highThreshold", "appLockIn", "appLockOut"})


class CashStorage(Interface):
    """Shows and sets the cash units."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = (
        "CountsChangedEvent",
        "StorageChangedEvent",
        "StorageThresholdEvent",
        "StorageErrorEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, recycler: Recycler) -> None:
        super().__init__()
        self._box = recycler

    def commands(self) -> Mapping[str, Handler]:
        reporting = self._box.reports.reporting
        return {
            "GetStorage": self._get,
            "SetStorage": reporting(self._set),
            "StartExchange": self._start,
            "EndExchange": self._end,
        }

    async def _get(self, _: Running) -> Payload:
        return {"storage": {key: unit.storage() for key, unit in self._box.units.items()}}

    def left(self, outlet: Outlet) -> None:
        self._box.holds.left(outlet)

    async def _start(self, running: Running) -> None:
        memory = self._box.memory
        if memory.exchange:
            self._box.holds.exchange.take(running.outlet)
            raise refused("exchangeActive")
        self._box.holds.check(running.outlet)
        held = memory.cash_in is CashIn.ACTIVE or self._box.places.count(STACKER)
        if held and clearable(self._box):  # else only an exchange makes room for what lies there
            raise refused("transactionActive")
        memory.exchange = True
        self._box.holds.exchange.take(running.outlet)
        self._box.world.changed()

    async def _end(self, running: Running) -> None:
        if not self._box.memory.exchange:
            raise refused("noExchangeActive")
        self._box.holds.check(running.outlet)
        if any(unit.missing for unit in self._box.units.values()):
            raise refused("storageUnitError", "a cassette is out of the machine")
        self._box.memory.exchange = False
        self._box.holds.exchange.release()
        self._box.world.changed()

    async def _set(self, running: Running) -> None:
        self._box.holds.check(running.outlet)
        wanted = running.payload["storage"]
        if not wanted.keys() <= self._box.units.keys():
            raise refused("invalidUnit")
        for key, setting in wanted.items():
            unit = self._box.units[key]
            # Only where notes are paid out can there be too few of them.
            settable = _SETTABLE | {"lowThreshold"} if unit.role is Role.RECYCLE else _SETTABLE
            check_setting(setting, unit.storage(), "cash", settable)
        for setting in wanted.values():
            if setting.get("cash", {}).get("status", {}).get("initial") is not None and not self._box.memory.exchange:
                raise refused("noExchangeActive", "counts are set during an exchange")
        checked = [self._checked(self._box.units[key], setting.get("cash", {})) for key, setting in wanted.items()]
        if self._box.memory.exchange:
            self._box.holds.exchange.take(running.outlet)
        for (unit, thresholds, initial), setting in zip(checked, wanted.values(), strict=True):
            unit.low, unit.high = thresholds
            configuration = setting.get("cash", {}).get("configuration", {})
            unit.locked_in = bool(configuration.get("appLockIn", unit.locked_in))
            unit.locked_out = bool(configuration.get("appLockOut", unit.locked_out))
            if initial is not None:
                unit.set_initial(initial)
        self._box.world.changed()

    @staticmethod
    def _checked(unit: CashUnit, cash: Mapping[str, Any]) -> tuple[CashUnit, tuple[int, int], Any]:
        configuration = cash.get("configuration", {})
        low = int(configuration.get("lowThreshold", unit.low))
        high = int(configuration.get("highThreshold", unit.high))
        if max(low, high) > unit.capacity:
            raise CommandFailed(CompletionCode.INVALID_DATA, "a threshold above the capacity")
        # Only of what is said now: a machine that was told so before may still be given its counts.
        if low > high and configuration.keys() & {"lowThreshold", "highThreshold"}:
            raise CommandFailed(CompletionCode.INVALID_DATA, "the low threshold above the high one")
        initial = cash.get("status", {}).get("initial")
        if initial is None:
            return unit, (low, high), None
        try:
            notes = kinds_from(initial)
        except ValueError as error:
            raise CommandFailed(CompletionCode.INVALID_DATA, "unknown note type") from error
        if notes.total() > unit.capacity:
            raise CommandFailed(CompletionCode.INVALID_DATA, "more notes than the unit holds")
        return unit, (low, high), notes
