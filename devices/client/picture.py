"""What lies where in a machine, and how each of its services is: for staff who cannot see it.

Places by name: ``card.reader|bin|park``, ``notes.output|input|transport|stacker|escrow``, ``receipt|page|certificate|
passbook.slot``, ``receipt|page|certificate.paper``, ``new_card|token.slot|hopper|bin``, ``door.cabinet|safe``,
``sensor.tamper|vibration|heat|handset|call``, ``ups``,
``vendor.mode``. A place that a machine does not have is left out.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from devices.client.discovery import FoundService
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Payload

Level = Literal["ok", "warn", "bad"]
ASK_S = 5.0
_CARD = {"present": "inside", "entering": "mouth", "notPresent": "empty", "jammed": "jammed"}
_SHEET = {"present": "inside", "entering": "mouth", "notPresent": "empty", "jammed": "jammed"}
_FILL = {"notEmpty": "present", "full": "present", "empty": "empty"}
_SENSORS = {
    "tamperSensor": "sensor.tamper",
    "seismicSensor": "sensor.vibration",
    "heatSensor": "sensor.heat",
    "handsetSensor": "sensor.handset",
    "operatorCallButtonSensor": "sensor.call",
    "cabinetDoor": "door.cabinet",
    "safeDoor": "door.safe",
}
_HOOK = {"onTheHook": "hung", "offTheHook": "lifted"}
_VENDOR = {"enterPending": "asked", "exitPending": "leaving"}
_STORED = {"retain": "bin", "park": "park", "dispense": "hopper"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place. ``count``: things there, where the machine counts them; ``capacity`` likewise."""

    name: str
    state: str
    count: int | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One service; ``word`` is the standard's own, ``noAnswer`` when it said nothing."""

    name: str
    level: Level
    word: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A machine at one moment."""

    places: tuple[Place, ...]
    services: tuple[ServiceState, ...]

    def at(self, name: str) -> str:
        """State of a place; ``unknown`` when the machine does not say."""
        return next((place.state for place in self.places if place.name == name), "unknown")


class Connected(Protocol):
    """The machine, as far as it is needed here."""

    def services(self) -> Mapping[str, FoundService]: ...
    def service_for(self, interface: str) -> FoundService | None: ...


class Viewer:
    """Looks at a machine again and again. What never holds anything of a customer's is asked only now and then."""

    def __init__(self, machine: Connected) -> None:
        self._machine = machine
        self._known: dict[str, ServiceState] = {}

    async def take(self, *, whole: bool = True) -> Picture:
        """The machine now; a service that does not answer is bad, never an exception.

        Args:
            whole: ask every service; else only those with places, and the others are as they were.
        """
        services = self._machine.services()
        watched = {id(found) for role in _READ if (found := self._machine.service_for(role)) is not None}
        asked = {
            name: found for name, found in services.items()
            if whole or id(found) in watched or name not in self._known
        }  # fmt: skip
        answers = await asyncio.gather(*(_ask(found, "Common.Status") for found in asked.values()))
        told = {id(found): status for found, status in zip(asked.values(), answers, strict=True)}
        self._known = {
            name: _state(name, told[id(found)]) if id(found) in told else self._known[name]
            for name, found in services.items()
        }
        stores = await asyncio.gather(*(_storage(self._machine, role, name) for role, name in _BINS.items()))
        places = [
            place
            for role, read in _READ.items()
            if (found := self._machine.service_for(role)) is not None and (seen := told.get(id(found)))
            for place in read(seen)
        ]
        return Picture((*places, *(place for store in stores for place in store)), tuple(self._known.values()))


async def _ask(found: FoundService, command: str) -> Payload | None:
    try:
        return await found.connection.command(command, timeout_s=ASK_S)
    except (ConnectionLost, DeviceError):
        return None


def _state(name: str, status: Payload | None) -> ServiceState:
    if status is None:
        return ServiceState(name, "bad", "noAnswer")
    word = str(status.get("common", {}).get("device", "online"))
    level: Level = "ok" if word == "online" else "warn" if word in ("deviceBusy", "starting") else "bad"
    return ServiceState(name, level, word)


async def _storage(machine: Connected, role: str, name: str) -> list[Place]:
    """Bins, parking stations and hoppers of a device that moves cards."""
    found = machine.service_for(role)
    answer = await _ask(found, "Storage.GetStorage") if found is not None else None
    places = []
    for unit in (answer or {}).get("storage", {}).values():
        card: Mapping[str, Any] = unit.get("card", {})
        shown = _STORED.get(card.get("capabilities", {}).get("type", ""))
        if shown is not None:
            now = card.get("status", {})
            state = str(now.get("replenishmentStatus", "ok"))
            places.append(Place(f"{name}.{shown}", state, now.get("count"), unit.get("capacity")))
    return places


def _card_slot(name: str) -> Callable[[Payload], Iterator[Place]]:
    def read(status: Payload) -> Iterator[Place]:
        yield Place(name, _CARD.get(status.get("cardReader", {}).get("media", ""), "unknown"))

    return read


def _printer(name: str) -> Callable[[Payload], Iterator[Place]]:
    def read(status: Payload) -> Iterator[Place]:
        printer = status.get("printer", {})
        yield Place(f"{name}.slot", _SHEET.get(printer.get("media", ""), "unknown"))
        papers = printer.get("paper", {})
        if "upper" in papers:
            yield Place(f"{name}.paper", str(papers["upper"]))

    return read


def _acceptor(status: Payload) -> Iterator[Place]:
    acceptor = status.get("cashAcceptor", {})
    inputs = [one for one in acceptor.get("positions", ()) if str(one.get("position", "")).startswith("in")]
    if inputs:
        yield Place("notes.input", _FILL.get(inputs[0].get("positionStatus", ""), "unknown"))
    yield Place("notes.escrow", _FILL.get(acceptor.get("intermediateStacker", ""), "unknown"))


def _dispenser(status: Payload) -> Iterator[Place]:
    dispenser = status.get("cashDispenser", {})
    yield Place("notes.stacker", _FILL.get(dispenser.get("intermediateStacker", ""), "unknown"))
    for position in dispenser.get("positions", ())[:1]:
        yield Place("notes.output", _FILL.get(position.get("positionStatus", ""), "unknown"))
        way = "jammed" if position.get("transport") == "inoperative" else position.get("transportStatus", "")
        yield Place("notes.transport", _FILL.get(way, way or "unknown"))


def _around(status: Payload) -> Iterator[Place]:
    auxiliaries = status.get("auxiliaries", {})
    for sensor, name in _SENSORS.items():
        if sensor in auxiliaries:
            word = str(auxiliaries[sensor])
            yield Place(name, _HOOK.get(word, word))
    ups = auxiliaries.get("UPS")
    if isinstance(ups, Mapping):
        yield Place("ups", _ups(ups))


def _ups(ups: Mapping[str, Any]) -> str:
    if ups.get("recovered") is False and ups.get("powering") is False:
        return "no_power"
    return "low" if ups.get("low") else "battery" if ups.get("powering") else "ok"


def _vendor(status: Payload) -> Iterator[Place]:
    word = str(status.get("vendorMode", {}).get("service", "unknown"))
    yield Place("vendor.mode", _VENDOR.get(word, word))


_READ: Mapping[str, Callable[[Payload], Iterator[Place]]] = {
    "CardReader": _card_slot("card.reader"),
    "CashDispenser": _dispenser,
    "CashAcceptor": _acceptor,
    "Printer": _printer("receipt"),
    "PagePrinter": _printer("page"),
    "CertificatePrinter": _printer("certificate"),
    "PassbookPrinter": _printer("passbook"),
    "CardDispenser": _card_slot("new_card.slot"),
    "TokenDispenser": _card_slot("token.slot"),
    "Auxiliaries": _around,
    "VendorMode": _vendor,
}
_BINS = {"CardReader": "card", "CardDispenser": "new_card", "TokenDispenser": "token"}
