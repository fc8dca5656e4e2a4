"""The mechanism: moves real notes and keeps the counters, in steps that are whole or not at all."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import partial
from typing import Any

from devices.sim.cash.reports import CountReports
from devices.sim.cash.shutting import Shutting
from devices.sim.cash.transport import Transport
from devices.sim.cash.units import CURRENCY, FIRST_FILL, VALUES, CashUnit, Role, by_role, standard_units
from devices.sim.faults import FaultBoard
from devices.sim.holding import Holds
from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.sim.world.cash import (
    ESCROW,
    INPUT,
    MINT,
    ORDINARY,
    OUTPUT,
    SLOT_ROOM,
    STACKER,
    TRANSPORT,
    CashPlaces,
    Notes,
    Shutter,
    as_quality,
    face_of,
    quality_of,
)
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

SHUTTER_S = 0.5
IN_POSITION = "inCenter"
OUT_POSITION = "outCenter"
WITH_CUSTOMER = "customer"
"""Where an item is that was taken, in the standard's word."""
ESCROW_CAPACITY = 300
MAX_BUNCH = 300
CASSETTE_FAULTS = (
    "cassette.missing",
    "cassette.manipulated",
    "cassette.inoperative",
    "cassette.full",
    "cassette.empty",
)
SHUTTER_FAULTS = {INPUT: "cash_in.shutter_stuck", OUTPUT: "present.shutter_stuck"}
TRANSPORT_JAM, FOREIGN_OBJECT = "transport.jam", "cash_in.foreign_object"
NOTE_FAULTS = {f"cash_in.{quality}": quality for quality in ("counterfeit", "suspect", "unrecognized", "unfit")}


class CashIn(StrEnum):
    """State of the cash-in transaction; only ACTIVE takes notes."""

    OK = "ok"
    ACTIVE = "active"
    ROLLBACK = "rollback"
    RETRACT = "retract"
    RESET = "reset"


@dataclass(slots=True)
class Memory:
    """What the recycler knows besides its counters. Survives a power cut."""

    exchange: bool = False
    cash_in: CashIn = CashIn.OK
    cash_in_recycle: bool = True
    cash_in_limits: tuple[int, int] = (0, 0)  # notes, yuan; 0: none
    accepted: Notes | None = None
    refused: int = 0
    dispensed: dict[str, int] | None = None
    present_state: str = "notPresented"
    disabled: list[int] = field(default_factory=list)  # face values that are not taken in
    device_locked: bool = False
    reader_serial: int = 0  # notes whose serial number the reader has read so far
    odd_notes: list[dict[str, str]] = field(default_factory=list)  # of the present cash-in: kind, serial, place
    classified: dict[str, Any] = field(default_factory=dict)  # the classification list, as it was set

    def follow(self, source: str, target: str) -> None:
        """The notes that the reader did not trust went with all others from one place to another."""
        for note in self.odd_notes:
            if note["place"] == source:
                note["place"] = target


def check_position(payload: Mapping[str, Any], member: str, allowed: str) -> None:
    """Accept the one position this machine has, or its default."""
    if payload.get(member, allowed) not in (allowed, allowed[:-6] + "Default"):
        raise refused("unsupportedPosition")


class Recycler:
    """Places, units, shutters and transport as one."""

    def __init__(self, world: World, places: CashPlaces, motor: Motor, faults: FaultBoard) -> None:
        self.world = world
        self.places = places
        self.motor: Motor = Transport(motor, places)
        self.faults = faults
        self.units: dict[str, CashUnit] = {unit.key: unit for unit in standard_units()}
        self.memory = Memory()
        self.holds = Holds()
        self.shutting = Shutting(self.motor, world, lambda slot: self.set_shutter(slot, Shutter.CLOSED))
        self.emit: Callable[[str, Payload], None] = lambda name, payload: None
        before = world.remember("recycler", self._dump)
        if before is None:
            self._first_fill()
        else:
            self._load(before)
        self._output_seen = places.count(OUTPUT) > 0
        if not self._output_seen:
            self.memory.follow(OUTPUT, WITH_CUSTOMER)  # taken while the machine had no power
        self.reports = CountReports(self.units, lambda name, payload: self.emit(name, payload))
        places.capacities = {key: unit.capacity for key, unit in self.units.items()}
        places.loading_allowed = lambda: self.memory.exchange
        places.put_in = self._what_is_put_in
        for name in NOTE_FAULTS:
            faults.known.tell(name, "face", map(str, VALUES))
        for name in CASSETTE_FAULTS:
            faults.known.tell(name, "unit", self.units)
            faults.at_once(name, partial(self._spoil_cassette, name))
        for slot, fault in SHUTTER_FAULTS.items():
            faults.at_once(fault, partial(self._stick, slot))
        faults.at_once(TRANSPORT_JAM, lambda _: self._jam_transport())
        faults.at_once(FOREIGN_OBJECT, lambda _: self._drop_foreign_object())
        world.listen(self._watch)

    def _first_fill(self) -> None:
        for key, count in FIRST_FILL.items():
            notes = Counter({f"{self.units[key].value}:fit": count})
            self.places.move(MINT, key, notes)
            self.units[key].set_initial(notes)

    # -- sensors -------------------------------------------------------------------------------------

    def _watch(self) -> None:
        self._look_at_cassettes()
        self.shutting.go_on()
        present = self.places.count(OUTPUT) > 0
        if self._output_seen and not present:
            self._output_seen = False
            self.memory.follow(OUTPUT, WITH_CUSTOMER)
            self.emit("CashManagement.ItemsTakenEvent", {"position": OUT_POSITION, "additionalBunches": "0"})
            self.shutting.add(OUTPUT)
            self.world.changed()
        self._output_seen = present

    def _look_at_cassettes(self) -> None:
        for key, unit in self.units.items():
            out = key in self.places.cassettes_out
            if out == unit.missing:
                continue
            unit.missing = out
            unit.manipulated |= out and not self.memory.exchange
            self.emit("Storage.StorageChangedEvent", {key: {"status": unit.state}})

    def set_shutter(self, slot: str, state: Shutter) -> None:
        """Set a shutter and tell everybody; the caller lets the world know."""
        attribute = "input_shutter" if slot == INPUT else "output_shutter"
        if getattr(self.places, attribute) is state:
            return
        setattr(self.places, attribute, state)
        position = IN_POSITION if slot == INPUT else OUT_POSITION
        shown = "jammed" if state is Shutter.STUCK else state.value
        self.emit("CashManagement.ShutterStatusChangedEvent", {"position": position, "shutter": shown})

    async def open_shutter(self, slot: str) -> None:
        """Open a shutter.

        Raises:
            CommandFailed: ``shutterNotOpen``, it is stuck.
        """
        await self.motor.run(SHUTTER_S)
        if self._shutter(slot) is Shutter.STUCK or self.faults.strikes(SHUTTER_FAULTS[slot]):
            self.set_shutter(slot, Shutter.STUCK)
            self.world.changed()
            raise refused("shutterNotOpen", "the shutter does not move")
        self.set_shutter(slot, Shutter.OPEN)
        self.world.changed()

    def _shutter(self, slot: str) -> Shutter:
        return self.places.input_shutter if slot == INPUT else self.places.output_shutter

    # -- what happens without an order from anybody --------------------------------------------------

    def _stick(self, slot: str, _: Mapping[str, Any]) -> bool:
        return stick(self, slot)

    def _jam_transport(self) -> bool:
        self.places.jam()
        self.world.changed()
        return True

    def _drop_foreign_object(self) -> bool:
        self.places.foreign_object = True
        self.world.changed()
        return True

    def _spoil_cassette(self, name: str, params: Mapping[str, Any]) -> bool:
        unit = self.units[params["unit"]]
        what = name.removeprefix("cassette.")
        if what == "missing":
            self.places.cassettes_out.add(unit.key)
        elif what == "full":
            unit.sensor_full = True
        elif what == "empty":
            unit.sensor_empty = True
        else:
            unit.manipulated |= what == "manipulated"
            unit.inoperative |= what == "inoperative"
            self.emit("Storage.StorageChangedEvent", {unit.key: {"status": unit.state}})
        self.world.changed()
        self.reports.report()
        return True

    def _what_is_put_in(self, kind: str) -> str:
        """The note that a customer really puts in where he means one of this kind.

        The board has it that another note was in his hand all along: none changes once it is in the machine, and a
        good one that he had in his pocket stays there.
        """
        if quality_of(kind) not in ORDINARY:
            return kind
        for fault, quality in NOTE_FAULTS.items():
            if self.faults.strikes(fault, face=str(face_of(kind))):
                return as_quality(kind, quality)
        return kind

    # -- guards --------------------------------------------------------------------------------------

    def check_ready(self) -> None:
        """Raise when cash commands are not possible now."""
        for name in CASSETTE_FAULTS:
            if (fault := self.faults.strikes(name)) is not None:
                self._spoil_cassette(name, fault.params)
        if self.memory.exchange:
            raise refused("exchangeActive")
        if self.memory.device_locked:
            raise CommandFailed(CompletionCode.DEVICE_NOT_READY, "the device is locked")
        if self.faults.strikes(TRANSPORT_JAM):
            self._jam_transport()
        if self.places.transport_jammed:
            raise CommandFailed(CompletionCode.HARDWARE_ERROR, "the transport is jammed")

    def unit_of(self, role: Role) -> CashUnit:
        """The first unit of a role."""
        return by_role(self.units.values(), role)[0]

    def stock(self) -> dict[int, int]:
        """Notes that can be paid out, by value, as the counters know."""
        found: dict[int, int] = dict.fromkeys(VALUES, 0)
        for unit in self.payable_units():
            found[unit.value] += unit.count
        return found

    def takes(self, value: int) -> bool:
        """Whether notes of this face value are taken in."""
        return value in VALUES and value not in self.memory.disabled

    def payable_units(self) -> list[CashUnit]:
        """Cassettes that can give notes."""
        recycling = by_role(self.units.values(), Role.RECYCLE)
        return [unit for unit in recycling if unit.usable and not unit.locked_out and not unit.sensor_empty]

    # -- steps: each is whole or not at all ----------------------------------------------------------

    def pick(self, unit: CashUnit, count: int, target: str = STACKER) -> None:
        """Move notes from a cassette to the stacker, or no further than the transport."""
        notes: Notes = Counter({unit.kind: count})
        self.places.move(unit.key, target, notes)
        unit.out["stacked" if target == STACKER else "transport"].update(notes)
        self.world.changed()

    def divert(self, unit: CashUnit, count: int, *, worn: bool = False) -> bool:
        """Notes that stick together, or are worn, go to the reject unit; False: no room there, or not so many here."""
        reject = self.unit_of(Role.REJECT)
        if reject.room < count or self.places.at(unit.key)[unit.kind] < count:
            return False
        left: Notes = Counter({unit.kind: count})
        arrived: Notes = Counter({self.places.wear(unit.key, unit.kind, count): count}) if worn else left
        self.places.move(unit.key, reject.key, arrived)
        unit.out["rejected"].update(left)
        reject.into["rejected"].update(arrived)
        self.world.changed()
        return True

    def slip_out(self, unit: CashUnit, count: int) -> None:
        """Notes leave for the stacker and no counter notices; no more of them than the slot holds beside a bunch."""
        unseen = self.places.count(STACKER) - sum(each.out["stacked"].total() for each in self.units.values())
        most = max(0, SLOT_ROOM - MAX_BUNCH - unseen)
        self.places.move(unit.key, STACKER, {unit.kind: min(count, self.places.at(unit.key)[unit.kind], most)})
        self.world.changed()

    def hand_over(self) -> None:
        """Move everything on the stacker into the output slot: from now on the customer can reach it."""
        self.places.move(STACKER, OUTPUT, self.places.at(STACKER))
        for unit in self.units.values():
            unit.out["presented"].update(unit.out["stacked"])
            unit.out["stacked"] = Counter()
        self.memory.present_state = "presented"
        self.world.changed()

    def put_away(self, source: str, target: CashUnit) -> Notes:
        """Move everything at a place into the reject or retract unit; returns what was moved."""
        notes = self.places.at(source)
        if not notes:
            return notes
        if source == OUTPUT:
            self._output_seen = False
        self.places.move(source, target.key, notes)
        self.memory.follow(source, target.key)
        if source in (STACKER, TRANSPORT):
            left = Counter(notes)
            name = "stacked" if source == STACKER else "transport"
            for unit in self.units.values():
                left.subtract(unit.out[name])
                unit.out["rejected"].update(unit.out[name])
                unit.out[name] = Counter()
            # On the transport there may also be a customer's notes, which no cassette has given out.
            assert min(left.values(), default=0) >= 0
        target.into["rejected" if target.role is Role.REJECT else "retracted"].update(notes)
        self.world.changed()
        return notes

    def deposit(self, unit: CashUnit, notes: Notes) -> None:
        """Move notes from the escrow into a cassette."""
        self.places.move(ESCROW, unit.key, notes)
        unit.into["deposited"].update(notes)
        self.world.changed()

    def shift(self, source: CashUnit, target: CashUnit, notes: Mapping[str, int]) -> None:
        """Move notes from one unit into another."""
        self.places.move(source.key, target.key, notes)
        source.out["distributed"].update(notes)
        target.into["distributed"].update(notes)
        self.world.changed()

    # -- figures for the wire ---------------------------------------------------------------------------

    def amount_of(self, plan: Mapping[str, int]) -> Payload:
        """A denomination object: money and notes by unit."""
        amount = sum(self.units[key].value * count for key, count in plan.items())
        return {"currencies": {CURRENCY: amount}, "values": dict(plan)}

    # -- disk ----------------------------------------------------------------------------------------

    def _dump(self) -> Any:
        memory = {each.name: getattr(self.memory, each.name) for each in fields(Memory)}
        return {"units": {key: unit.dump() for key, unit in self.units.items()}, **memory}

    def _load(self, data: Mapping[str, Any]) -> None:
        for key, counters in data["units"].items():
            self.units[key].load(counters)
        names = {each.name for each in fields(Memory)}
        self.memory = Memory(**{name: value for name, value in data.items() if name in names})
        self.memory.cash_in = CashIn(data["cash_in"])
        self.memory.cash_in_limits = (data["cash_in_limits"][0], data["cash_in_limits"][1])
        self.memory.accepted = Counter(data["accepted"]) if data["accepted"] is not None else None


def stick(box: Recycler, slot: str) -> bool:
    """A shutter that is shut stays shut, until a Reset; False: it stands open."""
    state = box.places.input_shutter if slot == INPUT else box.places.output_shutter
    if state is Shutter.OPEN:
        return False
    box.set_shutter(slot, Shutter.STUCK)
    box.world.changed()
    return True
