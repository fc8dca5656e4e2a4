"""A compact picture of the whole machine for the teller's device panel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from devices.client.counts import Counts

Level = Literal["ok", "warn", "bad"]
_LOST_CODE = "device.connection_lost"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """One device: how it is, why (a code for the text table; ``device.ok``), and figures to show."""

    level: Level
    code: str
    numbers: Mapping[str, int] = field(default_factory=dict)


LOST = DeviceStatus("bad", _LOST_CODE)
OK = DeviceStatus("ok", "device.ok")
NO_POWER = DeviceStatus("bad", "device.no_power")


@dataclass(frozen=True, slots=True)
class MachineStatus:
    """All devices of a machine at one moment."""

    card_reader: DeviceStatus = LOST
    pin_pad: DeviceStatus = LOST
    acceptor: DeviceStatus = LOST
    dispenser: DeviceStatus = LOST
    printer: DeviceStatus = LOST
    camera: DeviceStatus = LOST

    @property
    def worst(self) -> Level:
        """The level of the machine as a whole."""
        levels = {
            part.level
            for part in (self.card_reader, self.pin_pad, self.acceptor, self.dispenser, self.printer, self.camera)
        }
        return "bad" if "bad" in levels else "warn" if "warn" in levels else "ok"


def _device(status: Mapping[str, Any]) -> DeviceStatus | None:
    state = status.get("common", {}).get("device", "online")
    if state == "online":
        return None
    if state == "powerOff":
        return NO_POWER
    return DeviceStatus("warn", "device.busy") if state == "deviceBusy" else DeviceStatus("bad", "device.hardware")


def card_reader_status(status: Mapping[str, Any]) -> DeviceStatus:
    """``present`` is 1 while a card is in the machine."""
    media = status.get("cardReader", {}).get("media", "unknown")
    if media == "jammed":
        return DeviceStatus("bad", "device.jam")
    return _device(status) or DeviceStatus("ok", "device.ok", {"present": int(media in ("present", "entering"))})


def pin_pad_status(status: Mapping[str, Any]) -> DeviceStatus:
    """A pad without key cannot encrypt a PIN."""
    state = status.get("keyManagement", {}).get("encryptionState", "ready")
    return _device(status) or (OK if state == "ready" else DeviceStatus("warn", "pin.key_missing"))


def printer_status(status: Mapping[str, Any]) -> DeviceStatus:
    """Paper: full, low, out."""
    printer = status.get("printer", {})
    paper = printer.get("paper", {}).get("upper", "unknown")
    if paper == "jammed" or printer.get("media") == "jammed":
        return DeviceStatus("bad", "device.jam")
    if paper == "out":
        return DeviceStatus("bad", "device.paper_out")
    return _device(status) or (DeviceStatus("warn", "device.paper_low") if paper == "low" else OK)


def camera_status(status: Mapping[str, Any]) -> DeviceStatus:
    """The document camera."""
    cameras = status.get("camera", {}).get("cameras", {})
    return _device(status) or (DeviceStatus("bad", "device.hardware") if "inop" in cameras.values() else OK)


def _cash(status: Mapping[str, Any], side: str) -> DeviceStatus | None:
    if status.get("common", {}).get("exchange") == "active":
        return DeviceStatus("bad", "device.exchange_active")
    if status.get("common", {}).get("device") == "powerOff":
        return NO_POWER
    for position in status.get("cashAcceptor" if side == "acceptor" else "cashDispenser", {}).get("positions", ()):
        if position.get("transport") == "inoperative":
            return DeviceStatus("bad", "device.jam")
        if str(position.get("shutter", "")).startswith("jammed"):
            return DeviceStatus("bad", "device.shutter_stuck")
    if status.get("cashManagement", {}).get(side) == "stop":
        return DeviceStatus("bad", "cash.empty" if side == "dispenser" else "cash.no_room")
    return None


def dispenser_status(status: Mapping[str, Any], counts: Counts) -> DeviceStatus:
    """``notes`` and ``minor`` that can be paid out; one number per face value (``notes_10000``)."""
    payable = counts.payable
    numbers = {"notes": sum(payable.values()), "minor": sum(value * count for value, count in payable.items())}
    numbers |= {f"notes_{value}": count for value, count in payable.items()}
    failed = _cash(status, "dispenser")
    if failed is not None:
        return DeviceStatus(failed.level, failed.code, numbers)
    low = any(unit.level in ("low", "empty") for unit in counts.units if unit.role in ("recycle", "cashOut"))
    return DeviceStatus("warn", "cash.low", numbers) if low else DeviceStatus("ok", "device.ok", numbers)


def acceptor_status(status: Mapping[str, Any], counts: Counts) -> DeviceStatus:
    """``room``: how many notes still fit."""
    takers = [unit for unit in counts.units if unit.role in ("recycle", "deposit")]
    room = sum(max(0, unit.capacity - unit.count) for unit in takers)
    failed = _cash(status, "acceptor")
    if failed is not None:
        return DeviceStatus(failed.level, failed.code, {"room": room})
    full = any(unit.level in ("full", "high") for unit in counts.units if unit.role not in ("recycle", "cashOut"))
    return DeviceStatus("warn" if full else "ok", "cash.bin_high" if full else "device.ok", {"room": room})
