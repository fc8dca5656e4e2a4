"""Tells which counters and which thresholds of the cash units have changed."""

from collections.abc import Awaitable, Callable, Mapping

from devices.sim.cash.units import CashUnit, Role, wire_counts
from devices.sim.interface import Running
from devices.sim.world.cash import Notes
from devices.xfs.envelope import Payload


def moved_in(unit: CashUnit, notes: Notes, name: str) -> Payload:
    """A ``storage`` object that says what one unit has just taken in."""
    moved: Payload = {name: wire_counts(notes)}
    if unit.role is Role.RETRACT:
        moved["retractOperations"] = 1
    return {unit.key: moved}


class CountReports:
    """Remembers what was told last; begins with the counters as they are."""

    def __init__(self, units: Mapping[str, CashUnit], emit: Callable[[str, Payload], None]) -> None:
        self._units, self._emit = units, emit
        self._seen: dict[str, Payload] = {key: unit.status() for key, unit in units.items()}

    def reporting(
        self, handler: Callable[[Running], Awaitable[Payload | None]]
    ) -> Callable[[Running], Awaitable[Payload | None]]:
        """Wrap a handler so that changed counters are told before its completion."""

        async def run(running: Running) -> Payload | None:
            try:
                return await handler(running)
            finally:
                self.report()

        return run

    def report(self) -> None:
        """Tell which counters and which thresholds have changed since the last time."""
        counts: Payload = {}
        thresholds: Payload = {}
        for key, unit in self._units.items():
            now, before = unit.status(), self._seen.get(key, {})
            part = {name: now[name] for name in ("initial", "out", "in") if now[name] != before.get(name)}
            if part:
                counts[key] = {"cash": {"status": part}}
            if now["replenishmentStatus"] != before.get("replenishmentStatus"):
                thresholds[key] = {"cash": {"status": {"replenishmentStatus": now["replenishmentStatus"]}}}
            self._seen[key] = now
        if counts:
            self._emit("Storage.CountsChangedEvent", counts)
        if thresholds:
            self._emit("Storage.StorageThresholdEvent", thresholds)
