"""CashAcceptor beside a customer's deposit: counts the units, moves notes between them, locks them."""

from collections.abc import Mapping
from typing import Any

from devices.sim.cash.recycler import CashIn, Recycler
from devices.sim.cash.units import VALUES, CashUnit, Role, note_type
from devices.sim.interface import Handler, Running, integer
from devices.sim.world.cash import OUTPUT, STACKER, face_of, quality_of
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

NOTE_S = 0.04
UNIT_S = 1.0


class UnitWork:
    """Handlers that :class:`devices.sim.cash.acceptor.CashAcceptor` offers."""

    def __init__(self, recycler: Recycler) -> None:
        self._box = recycler

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command."""
        reporting = self._box.reports.reporting
        return {
            "CashUnitCount": reporting(self._count),
            "Replenish": reporting(self._replenish),
            "Deplete": reporting(self._deplete),
            "GetReplenishTarget": self._targets,
            "GetDepleteSource": self._sources,
            "ConfigureNoteTypes": self._note_types,
            "DeviceLockControl": self._lock,
            "GetDeviceLockStatus": self._lock_status,
        }

    def _check_idle(self) -> None:
        box = self._box
        box.check_ready()
        if box.memory.cash_in is CashIn.ACTIVE:
            raise refused("cashInActive")

    def _unit(self, key: str, *, counting: bool = False) -> CashUnit:
        unit = self._box.units.get(key)
        if unit is None:
            raise refused("invalidCashUnit", f"there is no {key}")
        if unit.missing or not (unit.usable or counting):
            raise refused("cashUnitError", f"{key} is {unit.state}")
        return unit

    async def _count(self, running: Running) -> None:
        """Count each unit note by note and let its counters start from what really lies there."""
        box = self._box
        self._check_idle()
        units = [self._unit(key, counting=True) for key in running.payload.get("units", ())]
        if box.places.count(OUTPUT) or box.places.count(STACKER):
            raise refused("countPositionNotEmpty")
        running.check()
        for unit in units:
            notes = box.places.at(unit.key)
            await box.motor.run(UNIT_S + NOTE_S * notes.total())
            unit.set_initial(notes)
            box.world.changed()

    # -- between units -------------------------------------------------------------------------------

    def _sources_for(self, target: CashUnit) -> list[CashUnit]:
        if target.role is not Role.DEPOSIT:
            return []
        return [unit for unit in self._box.units.values() if unit.role is Role.RECYCLE]

    def _targets_for(self, source: CashUnit) -> list[CashUnit]:
        if source.role is not Role.DEPOSIT:
            return []
        return [unit for unit in self._box.units.values() if unit.role is Role.RECYCLE]

    def _known(self, key: str) -> CashUnit:
        unit = self._box.units.get(key)
        if unit is None:
            raise CommandFailed(CompletionCode.INVALID_DATA, f"there is no {key}")
        return unit

    async def _targets(self, running: Running) -> Payload:
        source = self._known(running.payload.get("source", ""))
        return {"targets": [{"target": unit.key} for unit in self._targets_for(source)]}

    async def _sources(self, running: Running) -> Payload:
        target = self._known(running.payload.get("cashUnitTarget", ""))
        return {"depleteSources": [{"cashUnitSource": unit.key} for unit in self._sources_for(target)]}

    async def _shift(self, source: CashUnit, target: CashUnit, value: int, wanted: int) -> int:
        """Move fit notes of one value; how many there were. 0 wanted: all."""
        box = self._box
        there = {
            kind: count
            for kind, count in sorted(box.places.at(source.key).items())
            if face_of(kind) == value and quality_of(kind) == "fit" and (kind == target.kind or not target.value)
        }
        left = min(wanted or sum(there.values()), target.room)
        moved = 0
        for kind, count in there.items():
            part = min(count, left - moved)
            if part:
                await box.motor.run(NOTE_S * part)
                if target.room < part or not source.usable:
                    break  # drawn out meanwhile
                box.shift(source, target, {kind: part})
                moved += part
        return moved

    async def _replenish(self, running: Running) -> Payload:
        self._check_idle()
        source = self._unit(running.payload.get("source", ""))
        asked = running.payload.get("replenishTargets", ())
        allowed = self._targets_for(source)
        targets = [(self._unit(each.get("target", "")), integer(each, "numberOfItemsToMove")) for each in asked]
        if not targets or any(unit not in allowed for unit, _ in targets):
            raise refused("invalidCashUnit", f"{source.key} cannot fill these units")
        running.check()
        results: list[Payload] = []
        for unit, wanted in targets:
            if moved := await self._shift(source, unit, unit.value, wanted):
                results.append({"target": unit.key, "cashItem": note_type(unit.value), "numberOfItemsReceived": moved})
        if not results:
            return {}
        total = sum(int(each["numberOfItemsReceived"]) for each in results)
        return {"numberOfItemsRemoved": total, "replenishTargetResults": results}

    async def _deplete(self, running: Running) -> Payload:
        self._check_idle()
        target = self._unit(running.payload.get("cashUnitTarget", ""))
        allowed = self._sources_for(target)
        asked = running.payload.get("depleteSources", ())
        sources = [(self._unit(each.get("source", "")), integer(each, "numberOfItemsToMove")) for each in asked]
        if not sources or any(unit not in allowed for unit, _ in sources):
            raise refused("invalidCashUnit", f"these units cannot be emptied into {target.key}")
        running.check()
        results: list[Payload] = []
        for unit, wanted in sources:
            moved = await self._shift(unit, target, unit.value, wanted)
            results.append(
                {"cashUnitSource": unit.key, "cashItem": note_type(unit.value), "numberOfItemsRemoved": moved}
            )
        total = sum(int(each["numberOfItemsRemoved"]) for each in results)
        return {"numberOfItemsReceived": total, "numberOfItemsRejected": 0, "depleteSourceResults": results}

    # -- what is taken, what is locked ---------------------------------------------------------------

    async def _note_types(self, running: Running) -> None:
        self._check_idle()
        names = {note_type(value): value for value in VALUES}
        disabled = set(self._box.memory.disabled)
        for each in running.payload.get("items", ()):
            if each.get("item") not in names:
                raise CommandFailed(CompletionCode.INVALID_DATA, "unknown note type")
            change = disabled.discard if each.get("enabled", True) else disabled.add
            change(names[each["item"]])
        self._box.memory.disabled = sorted(disabled)
        self._box.world.changed()

    async def _lock(self, running: Running) -> None:
        if self._box.memory.exchange:
            raise refused("exchangeActive")
        if self._box.memory.cash_in is CashIn.ACTIVE:
            raise refused("cashInActive")
        if self._box.holds.lock.against(running.outlet):
            raise refused("deviceLockFailure", "another client has locked the device")
        payload = running.payload
        units = self._wanted_locks(payload)
        action = payload.get("deviceAction", "noLockAction")
        if action != "noLockAction":
            self._hold(running, locked=action == "lock")
        for unit, locked in units:
            unit.locked_in = unit.locked_out = locked
        self._box.world.changed()

    def _hold(self, running: Running, *, locked: bool) -> None:
        self._box.memory.device_locked = locked
        if locked:
            self._box.holds.lock.take(running.outlet)
        else:
            self._box.holds.lock.release()

    def _wanted_locks(self, payload: Mapping[str, Any]) -> list[tuple[CashUnit, bool]]:
        action = payload.get("cashUnitAction", "noLockAction")
        if action in ("lockAll", "unlockAll"):
            return [(unit, action == "lockAll") for unit in self._box.units.values()]
        if action == "noLockAction" or "unitLockControl" not in payload:
            return []
        wanted = {each.get("storageUnit", ""): each.get("unitAction") == "lock" for each in payload["unitLockControl"]}
        if not wanted.keys() <= self._box.units.keys():
            raise refused("invalidCashUnit")
        return [(self._box.units[key], locked) for key, locked in wanted.items()]

    async def _lock_status(self, _: Running) -> Payload:
        box = self._box
        units = [
            {"storageUnit": unit.key, "unitLockStatus": "lock" if unit.locked_in and unit.locked_out else "unlock"}
            for unit in box.units.values()
        ]
        return {"deviceLockStatus": "lock" if box.memory.device_locked else "unlock", "unitLock": units}
