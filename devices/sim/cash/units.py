"""Cash units and their counters, as chapter CashManagement of the standard counts them.

There is no total on the wire: content = initial + in - out. The counters are the machine's belief;
where the notes really are, :mod:`devices.sim.world.cash` knows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from devices.sim.world.cash import Notes, face_of, quality_of
from devices.xfs.envelope import Payload

CURRENCY = "CNY"
VALUES = (100, 50, 20, 10)
OUT = ("presented", "rejected", "distributed", "unknown", "stacked", "diverted", "transport")
IN = ("deposited", "retracted", "rejected", "distributed", "transport")
_TEMPORARY = frozenset({"stacked", "diverted", "transport"})


class Role(StrEnum):
    """What a unit is for."""

    RECYCLE = "recycle"
    DEPOSIT = "deposit"
    REJECT = "reject"
    RETRACT = "retract"


def note_type(value: int) -> str:
    """Name of a note type on the wire."""
    return f"type{CURRENCY}{value}"


def wire_counts(notes: Mapping[str, int]) -> Payload:
    """Notes by kind (``"100:fit"``) as a count object of the standard."""
    counts: Payload = {}
    for kind, count in sorted(notes.items()):
        value, quality = face_of(kind), quality_of(kind)
        if not count:
            continue
        if quality == "unrecognized" or value not in VALUES:
            counts["unrecognized"] = counts.get("unrecognized", 0) + count
        else:
            counted = counts.setdefault(note_type(value), {})
            counted[quality] = counted.get(quality, 0) + count
    return counts


def kinds_from(counts: Mapping[str, Any]) -> Notes:
    """A count object of the standard as notes by kind."""
    notes: Notes = Counter()
    for name, value in counts.items():
        if name == "unrecognized":
            notes["0:unrecognized"] += int(value)
        else:
            for quality, count in value.items():
                notes[f"{int(name.removeprefix(f'type{CURRENCY}'))}:{quality}"] += int(count)
    return notes


@dataclass(slots=True)
class CashUnit:
    """A cassette or bin and its counters; ``value`` 0 stands for mixed notes."""

    key: str
    label: str
    role: Role
    value: int
    capacity: int
    low: int = 0
    high: int = 0
    initial: Notes = field(default_factory=Counter)
    out: dict[str, Notes] = field(default_factory=lambda: {name: Counter() for name in OUT})
    into: dict[str, Notes] = field(default_factory=lambda: {name: Counter() for name in IN})
    retract_operations: int = 0
    inoperative: bool = False
    missing: bool = False  # the cassette is out of the machine
    manipulated: bool = False  # it was out without an exchange
    sensor_full: bool = False  # the full sensor is covered, whatever the counter
    sensor_empty: bool = False  # the empty sensor says that nothing lies here, whatever the counter
    locked_in: bool = False
    locked_out: bool = False
    accuracy: str = "accurate"

    @property
    def kind(self) -> str:
        """What a recycling unit pays out."""
        return f"{self.value}:fit"

    @property
    def usable(self) -> bool:
        """Whether the machine may move notes in or out at all."""
        return not (self.inoperative or self.missing or self.manipulated)

    @property
    def state(self) -> str:
        """``status`` of the standard."""
        if self.missing:
            return "missing"
        if self.manipulated:
            return "manipulated"
        return "inoperative" if self.inoperative else "ok"

    @property
    def content(self) -> Notes:
        """What the counters say lies in the unit."""
        notes = Counter(self.initial)
        for counts in self.into.values():
            notes.update(counts)
        for counts in self.out.values():
            notes.subtract(counts)
        return Counter({kind: count for kind, count in notes.items() if count})

    @property
    def count(self) -> int:
        """Number of notes in the unit, by the counters."""
        return sum(self.content.values())

    @property
    def room(self) -> int:
        """How many notes still fit; none where the machine may not move any in."""
        return 0 if self.sensor_full or not self.usable else max(0, self.capacity - self.count)

    def set_initial(self, notes: Notes) -> None:
        """A new start after an exchange: final counters begin at zero, temporary ones stay."""
        self.initial = notes
        for name in OUT:
            if name not in _TEMPORARY:
                self.out[name] = Counter()
        for name in IN:
            if name not in _TEMPORARY:
                self.into[name] = Counter()
        self.retract_operations = 0
        self.inoperative = self.manipulated = self.sensor_full = self.sensor_empty = False
        self.accuracy = "accurate"

    @property
    def replenishment(self) -> str:
        """``replenishmentStatus`` of the standard."""
        count = self.count
        if self.sensor_full or count >= self.capacity:
            return "full"
        if self.sensor_empty or count == 0:
            return "empty"
        if self.role is Role.RECYCLE and count < self.low:
            return "low"
        return "high" if self.high and count > self.high else "ok"

    def status(self) -> Payload:
        """The ``cash.status`` object."""
        into: Payload = {name: wire_counts(counts) for name, counts in self.into.items() if counts.total()}
        if self.role is Role.RETRACT:
            into["retractOperations"] = self.retract_operations
        status: Payload = {
            "index": int(self.key.removeprefix("unit")),
            "initial": wire_counts(self.initial),
            "out": {name: wire_counts(counts) for name, counts in self.out.items() if counts.total()},
            "in": into,
            "accuracy": self.accuracy,
            "replenishmentStatus": self.replenishment,
        }
        if self.inoperative:
            status["operationStatus"] = "dispenseInoperative"
        return status

    def storage(self) -> Payload:
        """The unit as ``Storage.GetStorage`` shows it."""
        recycle, deposit = self.role is Role.RECYCLE, self.role is Role.DEPOSIT
        types = {
            "cashIn": recycle or deposit,
            "cashOut": recycle,
            "cashOutRetract": self.role is Role.RETRACT,
            "cashInRetract": self.role is Role.RETRACT,
            "reject": self.role is Role.REJECT,
        }
        items = {"fit": True, "unfit": not recycle, "unrecognized": not recycle and not deposit}
        one_heap = {"retractAreas": 1, "retractThresholds": True} if self.role is Role.RETRACT else {}  # high by notes
        names = [note_type(self.value)] if self.value else [note_type(value) for value in VALUES]
        configuration: Payload = {"types": types, "items": items, "cashItems": names, "name": self.label}
        configuration |= {"appLockIn": self.locked_in, "appLockOut": self.locked_out}
        if self.value:
            configuration |= {"currency": CURRENCY, "value": self.value, "lowThreshold": self.low}
        if self.high:
            configuration["highThreshold"] = self.high
        return {
            "id": self.label,
            "positionName": self.label,
            "capacity": self.capacity,
            "status": self.state,
            "cash": {
                "capabilities": {"types": types, "items": items, "hardwareSensors": True, "cashItems": names}
                | one_heap,
                "configuration": configuration,
                "status": self.status(),
            },
        }

    def dump(self) -> Payload:
        """The counters, for the disk."""
        return {
            "initial": dict(self.initial),
            "out": {name: dict(counts) for name, counts in self.out.items()},
            "into": {name: dict(counts) for name, counts in self.into.items()},
            "retract_operations": self.retract_operations,
            "inoperative": self.inoperative,
            "low": self.low,
            "high": self.high,
            "missing": self.missing,
            "manipulated": self.manipulated,
            "sensor_full": self.sensor_full,
            "sensor_empty": self.sensor_empty,
            "locked": [self.locked_in, self.locked_out],
            "accuracy": self.accuracy,
        }

    def load(self, data: Mapping[str, Any]) -> None:
        """The counters, from the disk."""
        self.initial = Counter(data["initial"])
        self.out = {name: Counter(data["out"].get(name, {})) for name in OUT}
        self.into = {name: Counter(data["into"].get(name, {})) for name in IN}
        self.retract_operations = data["retract_operations"]
        self.inoperative = data["inoperative"]
        self.low, self.high = data["low"], data["high"]
        self.missing, self.manipulated = data.get("missing", False), data.get("manipulated", False)
        self.sensor_full = data.get("sensor_full", False)
        self.sensor_empty = data.get("sensor_empty", False)
        self.locked_in, self.locked_out = data.get("locked", (False, False))
        self.accuracy = data.get("accuracy", "accurate")


def standard_units() -> list[CashUnit]:
    """The cassettes of a new machine, empty."""
    return [
        CashUnit("unit1", "100A", Role.RECYCLE, 100, 2500, low=200, high=2300),
        CashUnit("unit2", "100B", Role.RECYCLE, 100, 2500, low=200, high=2300),
        CashUnit("unit3", "50", Role.RECYCLE, 50, 2000, low=100, high=1800),
        CashUnit("unit4", "20", Role.RECYCLE, 20, 2000, low=100, high=1800),
        CashUnit("unit5", "10", Role.RECYCLE, 10, 2000, low=100, high=1800),
        CashUnit("unit6", "BOX", Role.DEPOSIT, 0, 3000, high=2700),
        CashUnit("unit7", "REJ", Role.REJECT, 0, 300, high=200),
        CashUnit("unit8", "RET", Role.RETRACT, 0, 400, high=300),
    ]


FIRST_FILL: Mapping[str, int] = {"unit1": 1500, "unit2": 1500, "unit3": 600, "unit4": 600, "unit5": 600}
"""Notes in the cassettes when a machine is switched on for the first time, by unit."""


def by_role(units: Iterable[CashUnit], role: Role) -> list[CashUnit]:
    """The units of one role, in order."""
    return [unit for unit in units if unit.role is role]


def takers(units: Iterable[CashUnit]) -> list[CashUnit]:
    """The units for notes that customers put in."""
    return [unit for unit in units if unit.role in (Role.RECYCLE, Role.DEPOSIT)]


def open_takers(units: Iterable[CashUnit]) -> list[CashUnit]:
    """Those of them that can take notes now."""
    return [unit for unit in takers(units) if unit.room and not unit.locked_in]
