"""Every physical note, by place. Independent of what any counter believes.

A note's kind is ``"<face value in yuan>:<quality>"``, with ``:<year of the series>`` behind it when that is not
the present series, and ``:<serial number>`` where it matters, of notes that are not genuine. A place is a cassette
(``unit1``) or one of the named places below. Notes only ever move from place to place; none is made or lost in between,
and none becomes another one, except that a fit note wears.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, check_fits, first_reason, text_param

STACKER = "stacker"
TRANSPORT = "transport"
ESCROW = "escrow"
INPUT = "input"
OUTPUT = "output"
CUSTOMER = "customer"
MINT = "mint"  # where notes come from that the customer brings or the engineer loads

MOST_AT_ONCE = 3000
SLOT_ROOM = 400
"""Notes that either slot holds: a third more than the machine moves at once, since customers do put in too much. All of
that may come back through the output slot, and what nobody takes from there fits into the empty retract unit."""
PRESENT_SERIES = "2019"
ORDINARY = ("fit", "unfit")
QUALITIES = ("fit", "unfit", "suspect", "counterfeit", "unrecognized")
Notes = Counter[str]


class Shutter(StrEnum):
    """State of a shutter; STUCK: closed, and it does not move."""

    CLOSED = "closed"
    OPEN = "open"
    STUCK = "stuck"


def kind_of(text: str) -> str:
    """The kind that a hand's parameter names: ``100``, ``100:fit``, ``100:suspect``, ``100:counterfeit::AB12345678``…

    Raises:
        UserError: ``hands.bad_parameter``.
    """
    parts = text.split(":")
    value, quality, series, number = (*parts, "", "", "")[:4]
    quality = quality or "fit"
    good = len(parts) <= 4 and re.fullmatch(r"[0-9]{1,6}", value) and int(value) > 0 and quality in QUALITIES
    if not good or (series and not re.fullmatch(r"(19|20)[0-9]{2}", series)):
        raise UserError("hands.bad_parameter", parameter="notes")
    if number and (quality in ORDINARY or not re.fullmatch(r"[A-Z0-9]{6,12}", number)):
        raise UserError("hands.bad_parameter", parameter="notes")
    if number:
        return f"{int(value)}:{quality}:{series or PRESENT_SERIES}:{number}"
    return f"{int(value)}:{quality}" + (f":{series}" if series and series != PRESENT_SERIES else "")


def face_of(kind: str) -> int:
    """Face value in yuan."""
    return int(kind.partition(":")[0])


def quality_of(kind: str) -> str:
    """One of :data:`QUALITIES`."""
    return kind.split(":")[1]


def series_of(kind: str) -> str:
    """Year of the series."""
    return kind.split(":")[2] if kind.count(":") >= 2 else PRESENT_SERIES


def number_of(kind: str) -> str:
    """The serial number that stands on it; empty: it does not matter which."""
    return kind.split(":")[3] if kind.count(":") == 3 else ""


def as_quality(kind: str, quality: str) -> str:
    """A note of the same value and series, of another quality."""
    return kind_of(f"{face_of(kind)}:{quality}:{series_of(kind)}")


def value_of(notes: Mapping[str, int]) -> int:
    """Sum of the genuine notes in minor units."""
    return sum(
        face_of(kind) * 100 * count
        for kind, count in notes.items()
        if quality_of(kind) not in ("counterfeit", "unrecognized")
    )


class CashPlaces(Part):
    """Where each note lies, and the two shutters between machine and customer."""

    name = "cash"

    def __init__(self, within_reach: Callable[[], bool]) -> None:
        self._within_reach = within_reach  # of hands, where the cassettes are: the safe is open
        self._places: dict[str, Notes] = {}
        self.input_shutter = Shutter.CLOSED
        self.output_shutter = Shutter.CLOSED
        self.transport_jammed = False
        self.capacities: Mapping[str, int] = {}  # of the cassettes, from whoever has them fitted
        self.cassettes_out: set[str] = set()  # units whose cassette stands beside the machine
        self.foreign_object = False  # something that is no note lies in the input slot
        self.loading_allowed: Callable[[], bool] = lambda: False
        self.put_in: Callable[[str], str] = lambda kind: kind  # what a note that is put in really is

    def at(self, place: str) -> Notes:
        """What lies at a place (a copy)."""
        return Counter(self._places.get(place, {}))

    def count(self, place: str) -> int:
        """How many notes lie at a place."""
        return sum(self._places.get(place, {}).values())

    def move(self, source: str, target: str, notes: Mapping[str, int]) -> None:
        """Move notes that are really there; nothing moves when one is missing."""
        here = self._places.setdefault(source, Counter())
        for kind, count in notes.items():
            if count < 0 or (source != MINT and here[kind] < count):
                raise ValueError(f"{count} x {kind} do not lie at {source}")
        there = self._places.setdefault(target, Counter())
        for kind, count in notes.items():
            if source != MINT:
                here[kind] -= count
                if not here[kind]:
                    del here[kind]
            if count:
                there[kind] += count

    def jam(self) -> None:
        """The transport blocks; of a bunch that is being counted one half lies on it."""
        if self.input_shutter is not Shutter.OPEN:
            half = {kind: count // 2 for kind, count in self.at(INPUT).items() if count // 2}
            self.move(INPUT, TRANSPORT, half)
        self.transport_jammed = True

    def wear(self, place: str, kind: str, count: int) -> str:
        """Fit notes that lie at a place are worn from now on; their kind now. Number and worth stay."""
        worn = as_quality(kind, "unfit")
        here = self._places[place]
        if here[kind] < count:
            raise ValueError(f"{count} x {kind} do not lie at {place}")
        here.subtract({kind: count})
        here[worn] += count
        self._places[place] = +here
        return worn

    def total(self) -> Notes:
        """All notes of this world together, inside and in the customer's hands."""
        everything: Notes = Counter()
        for place, notes in self._places.items():
            if place != MINT:
                everything.update(notes)
        return everything

    def actions(self) -> Mapping[str, Action]:
        return {
            "put_notes": Action(self._put, self._why_no_put),
            "take_notes": Action(self._take, self._why_no_take),
            "load_cassette": Action(self._load, self._why_no_exchange),
            "remove_cassette": Action(self._take_out, self._why_no_exchange),
            "insert_cassette": Action(self._put_back, self._why_no_put_back),
        }

    def _why_no_exchange(self) -> str | None:
        return first_reason(
            (not self.loading_allowed(), "hands.no_exchange"), (not self._within_reach(), "hands.safe_shut")
        )

    def _why_no_put_back(self) -> str | None:
        return first_reason(
            (not self.cassettes_out, "hands.no_cassette"), (not self._within_reach(), "hands.safe_shut")
        )

    def _unit(self, params: Json) -> str:
        unit = text_param(params, "unit")
        if unit not in self.capacities:
            raise UserError("hands.bad_parameter", parameter="unit")
        return unit

    def _take_out(self, params: Json) -> None:
        self.cassettes_out.add(self._unit(params))

    def _put_back(self, params: Json) -> None:
        self.cassettes_out.discard(self._unit(params))

    def _load(self, params: Json) -> None:
        """The engineer's hands: what a cassette holds after an exchange."""
        unit = self._unit(params)
        wanted = self._wanted(params) if params.get("notes") else Counter()
        check_fits(wanted.total(), self.capacities[unit])
        self.move(unit, MINT, self.at(unit))
        self.move(MINT, unit, wanted)

    def _why_no_put(self) -> str | None:
        return first_reason(
            (self.input_shutter is not Shutter.OPEN, "hands.shutter_closed"),
            (bool(self.count(INPUT)), "hands.slot_full"),
        )

    def _why_no_take(self) -> str | None:
        for place, shutter in ((OUTPUT, self.output_shutter), (INPUT, self.input_shutter)):
            if self.count(place) and shutter is Shutter.OPEN:
                return None
        return "hands.shutter_closed" if self.count(OUTPUT) or self.count(INPUT) else "hands.no_notes"

    @staticmethod
    def _wanted(params: Json) -> Notes:
        notes = params.get("notes")
        if not isinstance(notes, dict) or not notes:
            raise UserError("hands.bad_parameter", parameter="notes")
        wanted: Notes = Counter()
        for text, count in notes.items():
            if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= MOST_AT_ONCE:
                raise UserError("hands.bad_parameter", parameter="notes")
            wanted[kind_of(str(text))] += count
        return wanted

    def _put(self, params: Json) -> Json:
        """Put in what is named, or what it really is; a note that the pocket does not hold was brought along."""
        wanted = self._wanted(params)
        check_fits(wanted.total(), SLOT_ROOM)
        notes = Counter(self.put_in(kind) for kind in sorted(wanted.elements()))
        pocket = self.at(CUSTOMER)
        brought = Counter({kind: count - pocket[kind] for kind, count in notes.items() if count > pocket[kind]})
        self.move(MINT, CUSTOMER, brought)
        self.move(CUSTOMER, INPUT, notes)
        return {"notes": dict(notes)}

    def _take(self, params: Json) -> Json:
        place = OUTPUT if self.count(OUTPUT) and self.output_shutter is Shutter.OPEN else INPUT
        notes = self._wanted(params) if params.get("notes") else self.at(place)
        there = self.at(place)
        if place == OUTPUT:
            self.foreign_object = False
        if any(there[kind] < count for kind, count in notes.items()):
            raise UserError("hands.no_notes", action="take_notes")
        self.move(place, CUSTOMER, notes)
        return {"notes": dict(notes)}

    def view(self) -> Json:
        places = {place: dict(notes) for place, notes in sorted(self._places.items()) if place != MINT}
        return {
            "places": places,
            "input_shutter": self.input_shutter.value,
            "output_shutter": self.output_shutter.value,
            "transport_jammed": self.transport_jammed,
            "cassettes_out": sorted(self.cassettes_out),
            "foreign_object": self.foreign_object,
        }

    def dump(self) -> Any:
        return self.view()

    def load(self, data: Any) -> None:
        self._places = {place: Counter(notes) for place, notes in data["places"].items()}
        self.input_shutter = Shutter(data["input_shutter"])
        self.output_shutter = Shutter(data["output_shutter"])
        self.transport_jammed = bool(data["transport_jammed"])
        self.cassettes_out = set(data.get("cassettes_out", ()))
        self.foreign_object = bool(data.get("foreign_object", False))
