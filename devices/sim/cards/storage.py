"""Storage of a device that moves cards: its retain bin, parking station and hoppers."""

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.cards.profile import Bin
from devices.sim.cards.reader import CardReader
from devices.sim.holding import Holding
from devices.sim.interface import Handler, Interface, Outlet, Running
from devices.sim.levels import Levels
from devices.sim.settings import check_setting
from devices.sim.world.base import World
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload


class CardStorage(Interface):
    """Shows the units; their counts start anew after an exchange."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = ("CountsChangedEvent", "StorageThresholdEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, world: World, reader: CardReader) -> None:
        super().__init__()
        self._world = world
        self._reader = reader
        kept = world.remember(f"{reader.profile.name}_units", self._dump) or {}
        counts = kept.get("initial", kept)  # before the exchange was kept too, the counts stood there alone
        self._initial: dict[str, int] = {unit.key: counts.get(unit.key, 0) for unit in reader.profile.bins}
        self._exchange: bool = kept.get("exchange", False)
        self._held = Holding("exchange")
        Levels(self, "card", self._levels, world)

    def _dump(self) -> Any:
        return {"initial": self._initial, "exchange": self._exchange}

    def commands(self) -> Mapping[str, Handler]:
        return {
            "GetStorage": self._get,
            "SetStorage": self._set,
            "StartExchange": self._start,
            "EndExchange": self._end,
        }

    def _count(self, unit: Bin) -> int:
        return len(self._reader.slot.bins[unit.key])

    def _level(self, unit: Bin) -> str:
        count = self._count(unit)
        if count >= unit.capacity:
            return "full"
        if unit.kind == "dispense":
            return "empty" if not count else "low" if count < unit.threshold else "ok"
        return "high" if count > unit.threshold else "ok" if count else "empty"

    def _levels(self) -> dict[str, str]:
        return {unit.key: self._level(unit) for unit in self._reader.profile.bins}

    async def _get(self, _: Running) -> Payload:
        return {"storage": {unit.key: self._shown(unit) for unit in self._reader.profile.bins}}

    def _shown(self, unit: Bin) -> Payload:
        status: Payload = {
            "initialCount": self._initial[unit.key],
            "count": self._count(unit),
            "replenishmentStatus": self._level(unit),
        }
        configuration: Payload = {"threshold": unit.threshold}
        if unit.kind == "retain":
            status["retainCount"] = self._count(unit)
        if unit.card_id:
            configuration["cardID"] = unit.card_id
        return {
            "id": unit.label,
            "positionName": unit.position,
            "capacity": unit.capacity,
            "status": "ok",
            "card": {
                "capabilities": {"type": unit.kind, "hardwareSensors": True},
                "configuration": configuration,
                "status": status,
            },
        }

    def left(self, outlet: Outlet) -> None:
        self._held.left(outlet)

    async def _start(self, running: Running) -> None:
        self._held.take(running.outlet)
        if self._exchange:
            raise refused("exchangeActive")
        self._exchange = True
        self._world.changed()

    async def _end(self, running: Running) -> None:
        if not self._exchange:
            raise refused("noExchangeActive")
        self._held.check(running.outlet)
        self._exchange = False
        self._held.release()
        self._world.changed()

    async def _set(self, running: Running) -> None:
        self._held.check(running.outlet)
        wanted = running.payload["storage"]
        if not wanted.keys() <= self._initial.keys():
            raise refused("invalidUnit")
        for unit in self._reader.profile.bins:
            check_setting(wanted.get(unit.key, {}), self._shown(unit), "card")
        counts = {key: unit.get("card", {}).get("status", {}).get("initialCount") for key, unit in wanted.items()}
        if any(count is not None for count in counts.values()) and not self._exchange:
            raise refused("noExchangeActive")
        if self._exchange:
            self._held.take(running.outlet)
        self._initial |= {key: int(count) for key, count in counts.items() if count is not None}
        self._world.changed()

    def common_status(self) -> Payload:
        return {"exchange": "active" if self._exchange else "inactive"}
