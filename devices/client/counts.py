"""The machine's cash counters at one moment, in minor units, fit for a journal."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

BANK_CURRENCY = "CNY"
"""The one currency that this bank's machines hold and pay."""
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0}
Bundle = Mapping[int, int]
"""Notes by face value in minor units; 0 stands for notes without value: unrecognised, held for counterfeit, or of
another currency."""
UNKNOWN = "unknown"
"""How a movement ended whose counters began anew meanwhile: no counter can say."""
COUNTERS_ANEW = "cash.counters_anew"
"""The error of such an outcome."""
UNCOUNTED = "cash.pulled_in_uncounted"
"""The error of an outcome that hangs on notes which the machine pulled in and could not count."""


def minor_factor(currency: str) -> int:
    """How many minor units make one unit of a currency (ISO 4217)."""
    return int(10 ** _EXPONENTS.get(currency, 2))


@dataclass(frozen=True, slots=True)
class NoteType:
    """A kind of note that the machine knows. ``release``: the standard's number of its series; 0: only one is known."""

    name: str
    currency: str
    value_minor: int
    release: int = 0

    @property
    def worth(self) -> int:
        """Its value in the bank's books: none in another currency, whose hundreds are not ours."""
        return self.value_minor if self.currency == BANK_CURRENCY else 0


@dataclass(frozen=True, slots=True)
class UnitCount:
    """One cash unit. ``role``: recycle, cashOut, deposit, reject, retract or other.

    ``initial``: what its counters began from; ``retracts``: how often notes were pulled into it, all that a machine
    says that cannot count them; ``nameless``: how many of the retracted it took for no note that it knows. None in a
    journal that did not keep it.
    """

    key: str
    label: str
    role: str
    currency: str
    value_minor: int
    capacity: int
    status: str
    level: str
    content: Bundle
    presented: Bundle
    rejected: Bundle
    on_the_way: Bundle
    retracted: Bundle
    deposited: Bundle
    initial: Bundle | None = None
    retracts: int | None = field(default=None, kw_only=True)
    nameless: int | None = field(default=None, kw_only=True)

    @property
    def count(self) -> int:
        """Notes inside."""
        return sum(self.content.values())

    def pulled_in_silently_since(self, before: "UnitCount") -> bool:
        """Whether it says that notes were pulled in, and of none which."""
        if self.retracts is None or before.retracts is None or self.retracts <= before.retracts:
            return False
        return self.retracted == before.retracted

    def began_anew_since(self, before: "UnitCount") -> bool:
        """Whether this is no continuation of the count before: it began from other notes, or has become smaller."""
        if None not in (self.initial, before.initial) and self.initial != before.initial:
            return True
        for then, now in (
            (before.presented, self.presented),
            (before.rejected, self.rejected),
            (before.retracted, self.retracted),
            (before.deposited, self.deposited),
        ):
            if any(count < 0 for count in difference(now, then).values()):
                return True
        return False


def value_of(bundle: Bundle) -> int:
    """Sum of a bundle in minor units."""
    return sum(value * count for value, count in bundle.items())


def difference(after: Bundle, before: Bundle) -> dict[int, int]:
    """What was added between two counts, without zeros."""
    keys = {*after, *before}
    return {key: diff for key in sorted(keys, reverse=True) if (diff := after.get(key, 0) - before.get(key, 0))}


@dataclass(frozen=True, slots=True)
class Counts:
    """All cash units at one moment."""

    units: tuple[UnitCount, ...]

    def _sum(self, pick: Callable[[UnitCount], Bundle]) -> dict[int, int]:
        total: Counter[int] = Counter()
        for unit in self.units:
            total.update(pick(unit))
        return {value: count for value, count in sorted(total.items(), reverse=True) if count}

    @property
    def content(self) -> dict[int, int]:
        """Notes in all units by value."""
        return self._sum(lambda unit: unit.content)

    @property
    def content_minor(self) -> int:
        """Money in all units."""
        return value_of(self.content)

    @property
    def payable(self) -> dict[int, int]:
        """Notes that can be paid out by value."""
        gives = self._sum(lambda unit: unit.content if unit.role in ("recycle", "cashOut") else {})
        return {value: count for value, count in gives.items() if value}

    @property
    def presented(self) -> dict[int, int]:
        """Notes ever brought within the customer's reach, since the last exchange."""
        return self._sum(lambda unit: unit.presented)

    @property
    def retracted(self) -> dict[int, int]:
        """Notes ever pulled back from the customer's reach."""
        return self._sum(lambda unit: unit.retracted)

    @property
    def rejected(self) -> dict[int, int]:
        """Notes counted out of cassettes and never presented."""
        return self._sum(lambda unit: unit.rejected)

    @property
    def on_the_way(self) -> dict[int, int]:
        """Notes that left a cassette and have not arrived anywhere."""
        return self._sum(lambda unit: unit.on_the_way)

    def unit(self, key: str) -> UnitCount:
        """One unit by its key."""
        return next(unit for unit in self.units if unit.key == key)

    def paid_since(self, before: "Counts") -> dict[int, int]:
        """What left the machine for good since then: presented and not retracted."""
        presented = difference(self.presented, before.presented)
        retracted = difference(self.retracted, before.retracted)
        return difference(presented, retracted)

    def pulled_in_silently_since(self, before: "Counts") -> bool:
        """Whether notes were pulled in that the machine has not counted at all."""
        return any(unit.pulled_in_silently_since(before.unit(unit.key)) for unit in self.units)

    def nameless_since(self, before: "Counts") -> int:
        """How many things were pulled in that the machine took for no note that it knows."""
        kept = ((unit.nameless, before.unit(unit.key).nameless) for unit in self.units)
        return sum(now - then for now, then in kept if now is not None and then is not None)

    def began_anew_since(self, before: "Counts") -> bool:
        """Whether what lies between the two explains nothing: an exchange or a count set the counters anew, the machine
        has lost its memory, or it is another machine.

        Between two of those, the standard's final counters only grow (CWA 17852, Storage: presented, rejected,
        retracted, deposited).
        """
        known = {unit.key: unit for unit in before.units}
        if known.keys() != {unit.key for unit in self.units}:
            return True
        return any(unit.began_anew_since(known[unit.key]) for unit in self.units)

    def to_json(self) -> list[dict[str, Any]]:
        """The counts for a journal: one object per unit."""
        return [
            {
                "unit": unit.key,
                "label": unit.label,
                "content": _texts(unit.content),
                "presented": _texts(unit.presented),
                "rejected": _texts(unit.rejected),
                "retracted": _texts(unit.retracted),
                "on_the_way": _texts(unit.on_the_way),
                "deposited": _texts(unit.deposited),
                **({} if unit.initial is None else {"initial": _texts(unit.initial)}),
                **({} if unit.retracts is None else {"retracts": unit.retracts}),
                **({} if unit.nameless is None else {"nameless": unit.nameless}),
            }
            for unit in self.units
        ]


def _texts(bundle: Bundle) -> dict[str, int]:
    return {str(value): count for value, count in bundle.items()}


def counts_from_json(data: list[dict[str, Any]]) -> Counts:
    """The counts that a journal has kept (labels and thresholds are not kept)."""
    return Counts(tuple(_unit_from_json(unit) for unit in data))


def _unit_from_json(unit: Mapping[str, Any]) -> UnitCount:
    return UnitCount(
        key=unit["unit"],
        label=unit["label"],
        role="other",
        currency="",
        value_minor=0,
        capacity=0,
        status="",
        level="",
        content=_values(unit["content"]),
        presented=_values(unit["presented"]),
        rejected=_values(unit["rejected"]),
        on_the_way=_values(unit["on_the_way"]),
        retracted=_values(unit["retracted"]),
        deposited=_values(unit["deposited"]),
        initial=_values(unit["initial"]) if "initial" in unit else None,
        retracts=unit.get("retracts"),
        nameless=unit.get("nameless"),
    )


def _values(bundle: Mapping[str, int]) -> dict[int, int]:
    return {int(value): count for value, count in bundle.items()}


def bundle_of(counts: Mapping[str, Any], types: Mapping[str, NoteType]) -> dict[int, int]:
    """A count object of the standard as notes by value."""
    bundle: Counter[int] = Counter()
    for name, value in counts.items():
        if name == "unrecognized":
            bundle[0] += int(value)
        else:
            known = types[name].worth if name in types else 0
            for quality, count in value.items():
                bundle[0 if quality == "counterfeit" else known] += int(count)
    return {value: count for value, count in sorted(bundle.items(), reverse=True) if count}


def _nameless(counts: Mapping[str, Any], types: Mapping[str, NoteType]) -> int:
    """Of a count object: what is no counterfeit of a known note either. Nobody can say what it is worth."""
    known = {name for name, note in types.items() if note.worth}
    unknown = {name: value for name, value in counts.items() if name != "unrecognized" and name not in known}
    return int(counts.get("unrecognized", 0)) + sum(bundle_of(unknown, types).values())


def _role(types: Mapping[str, bool]) -> str:
    if types.get("cashIn") and types.get("cashOut"):
        return "recycle"
    for flag, role in (("cashOut", "cashOut"), ("cashIn", "deposit"), ("reject", "reject")):
        if types.get(flag):
            return role
    return "retract" if types.get("cashOutRetract") or types.get("cashInRetract") else "other"


def _worth(value: float, currency: str) -> int:
    """Of the notes that belong into a unit, in minor units; 0: mixed, or another currency's."""
    return int(value * minor_factor(currency)) if currency in ("", BANK_CURRENCY) else 0


def _merged(parts: Mapping[str, Any], names: tuple[str, ...], types: Mapping[str, NoteType]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for name in names:
        total.update(bundle_of(parts.get(name, {}), types))
    return dict(total)


def read_counts(storage: Mapping[str, Any], types: Mapping[str, NoteType]) -> Counts:
    """The counts in a ``Storage.GetStorage`` completion; units that hold no cash are left out."""
    units = []
    for key, unit in sorted(storage.items()):
        cash = unit.get("cash")
        if cash is None:
            continue
        configuration, status = cash.get("configuration", {}), cash.get("status", {})
        out, into = status.get("out", {}), status.get("in", {})
        initial = bundle_of(status.get("initial", {}), types)
        content: Counter[int] = Counter(initial)
        content.update(_merged(into, ("deposited", "retracted", "rejected", "distributed", "transport"), types))
        content.subtract(_merged(out, tuple(out), types))
        currency = configuration.get("currency", "")
        units.append(
            UnitCount(
                key=key,
                label=unit.get("id", key),
                role=_role(configuration.get("types", {})),
                currency=currency,
                value_minor=_worth(configuration.get("value", 0), currency),
                capacity=unit.get("capacity", 0),
                status=unit.get("status", "ok"),
                level=status.get("replenishmentStatus", "ok"),
                content={value: count for value, count in content.items() if count},
                presented=_merged(out, ("presented",), types),
                rejected=_merged(out, ("rejected",), types),
                on_the_way=_merged(out, ("stacked", "diverted", "transport", "unknown"), types),
                retracted=_merged(into, ("retracted",), types),
                deposited=_merged(into, ("deposited",), types),
                initial=initial,
                retracts=int(into.get("retractOperations", 0)),
                nameless=_nameless(into.get("retracted", {}), types),
            )
        )
    return Counts(tuple(units))
