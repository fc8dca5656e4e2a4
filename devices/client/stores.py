"""Everything that holds something in a machine: cassettes, hoppers, bins, and what a printer uses up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from devices.client.counts import read_counts

GIVING = frozenset({"recycle", "cashOut", "dispense", "paper", "toner", "ink"})
"""Roles of what runs out; of all others it is good that they are empty."""


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """One of them, as its service tells it.

    ``role``: recycle, cashOut, deposit, reject, retract; dispense, retain, park; mediaIn; envelopes, neutralization;
    paper, toner, ink, lamp; other. ``state``: the standard's word for how full it is, or for what is wrong with it.
    None where the service says nothing.
    """

    key: str
    name: str
    role: str
    holds: str
    count: int | None
    capacity: int | None
    low: int | None
    high: int | None
    state: str


def read_stores(storage: Mapping[str, Any]) -> list[StoredUnit]:
    """The units in a ``Storage.GetStorage`` completion, of whatever kind."""
    return [_read(key, unit) for key, unit in sorted(storage.items())]


def _read(key: str, unit: Mapping[str, Any]) -> StoredUnit:
    kind = next((name for name in _KINDS if name in unit), None)
    seen = _KINDS[kind](key, unit) if kind is not None else _Seen("other", "unknown")
    wrong = str(unit.get("status", "ok"))
    return StoredUnit(
        key, str(unit.get("id", key)), seen.role, seen.holds, seen.count,
        unit.get("capacity", seen.capacity), seen.low, seen.high, seen.level if wrong == "ok" else wrong,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seen:
    """What only one kind of unit knows."""

    role: str
    level: str
    holds: str = ""
    count: int | None = None
    capacity: int | None = None
    low: int | None = None
    high: int | None = None


def _cash(key: str, unit: Mapping[str, Any]) -> _Seen:
    configuration = unit["cash"].get("configuration", {})
    known = read_counts({key: unit}, {}).unit(key)  # without the kinds of notes: only how many there are is wanted
    holds = ""
    if "value" in configuration:
        value = Decimal(str(configuration["value"])).normalize()
        holds = f"{value:f} {configuration.get('currency', '')}".strip()
    low, high = configuration.get("lowThreshold"), configuration.get("highThreshold")
    return _Seen(known.role, known.level, holds, known.count, None, low, high)


def _card(_: str, unit: Mapping[str, Any]) -> _Seen:
    card = unit["card"]
    role = str(card.get("capabilities", {}).get("type", "other"))
    configuration, status = card.get("configuration", {}), card.get("status", {})
    threshold = configuration.get("threshold")
    low, high = (threshold, None) if role == "dispense" else (None, threshold)
    level = str(status.get("replenishmentStatus", "unknown"))
    return _Seen(role, level, str(configuration.get("cardID", "")), status.get("count"), None, low, high)


def _check(_: str, unit: Mapping[str, Any]) -> _Seen:
    check = unit["check"]
    configuration, status = check.get("configuration", {}), check.get("status", {})
    takes = configuration.get("types", {}).get("mediaIn")
    high = configuration.get("highThreshold" if takes else "retractHighThreshold")
    parts = (status.get("initial", {}), status.get("in", {}))
    count = sum(part.get("count", part.get("mediaInCount", part.get("retractOperations", 0))) for part in parts)
    level = str(status.get("replenishmentStatus", "unknown"))
    return _Seen("mediaIn" if takes else "retract", level, "", count, None, None, high)


def _printer(_: str, unit: Mapping[str, Any]) -> _Seen:
    status = unit["printer"].get("status", {})
    count = status.get("initial", 0) + status.get("in", 0)
    most = unit["printer"].get("capabilities", {}).get("maxRetracts")
    return _Seen("retract", str(status.get("replenishmentStatus", "unknown")), "", count, most)


def _deposit(_: str, unit: Mapping[str, Any]) -> _Seen:
    status = unit["deposit"].get("status", {})
    return _Seen("envelopes", str(status.get("depContainer", "unknown")), "", status.get("numOfDeposits"))


def _neutralization(_: str, unit: Mapping[str, Any]) -> _Seen:
    return _Seen("neutralization", str(unit["banknoteNeutralization"].get("protection", "unknown")))


_KINDS = {
    "cash": _cash, "card": _card, "check": _check, "printer": _printer, "deposit": _deposit,
    "banknoteNeutralization": _neutralization,
}  # fmt: skip


def read_supplies(status: Mapping[str, Any]) -> list[StoredUnit]:
    """Paper, toner, ink and lamp of a printer, from its status: the standard counts none of them."""
    printer = status.get("printer", {})
    return [
        StoredUnit(key, name, role, "", None, None, None, None, state)
        for key, name, role, state in _supplies(printer)
        if state != "notSupported"
    ]


def _supplies(printer: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for tray, state in sorted(printer.get("paper", {}).items()):
        yield f"paper.{tray}", str(tray), "paper", str(state)
    for role in ("toner", "ink", "lamp"):
        if role in printer:
            yield role, "", role, str(printer[role])
