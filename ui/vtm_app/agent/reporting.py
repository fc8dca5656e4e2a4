"""What the kiosk tells the server about its machine: at every change, and at least every half minute."""

import asyncio
import time
from collections import Counter

from common.wire.base import Sentence
from common.wire.cases import ScenarioView
from common.wire.cash import CashUnitReport, HopperReport
from common.wire.desk import DeviceReport, MachineReport
from common.wire.machine import MachinePicture, PlaceReport, ServiceLine
from devices.client.counts import Counts, UnitCount
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.machine import Machine
from devices.client.picture import Picture, Viewer
from devices.client.status import DeviceStatus, MachineStatus
from ui.kit.client import ApiClient
from ui.vtm_app.agent.notes import to_wire, units_of

EVERY_S = 30.0


async def offered(api: ApiClient) -> tuple[ScenarioView, ...]:
    """What this machine offers now; the bank's files may have changed."""
    return tuple(ScenarioView.model_validate(one) for one in await api.get_json("/scenarios"))


class Reporter:
    """Reports of one machine: each is whole every half minute, and tells what moved in between."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._viewer = Viewer(machine)
        self._whole_at = float("-inf")

    async def report(self) -> MachineReport:
        """The machine now; what cannot be read is said to be bad, not left out."""
        machine, now = self._machine, time.monotonic()
        whole = now - self._whole_at >= EVERY_S / 2
        self._whole_at = now if whole else self._whole_at
        status, picture = await asyncio.gather(machine.status(), self._viewer.take(whole=whole))
        try:
            counts: Counts | None = await machine.counts()
        except (ConnectionLost, DeviceError):
            counts = None
        return MachineReport(
            devices=_devices(status),
            notes=to_wire(counts.payable) if counts is not None else {},
            held=to_wire(_held(counts)) if counts is not None else {},
            units=units_of(counts) if counts is not None else {},
            cash_units=[_unit(unit) for unit in counts.units] if counts is not None else [],
            hoppers=await _hoppers(machine),
            picture=_picture(picture),
        )


def _picture(seen: Picture) -> MachinePicture:
    return MachinePicture(
        places=[
            PlaceReport(place=one.name, state=one.state, count=one.count, capacity=one.capacity) for one in seen.places
        ],
        services=[ServiceLine(name=one.name, level=one.level, word=one.word) for one in seen.services],
    )


def _unit(unit: UnitCount) -> CashUnitReport:
    return CashUnitReport(
        unit=unit.key,
        label=unit.label,
        role=unit.role,
        face=unit.value_minor // 100,
        count=max(0, unit.count),
        capacity=unit.capacity,
        level=unit.level,
        status=unit.status,
    )


async def _hoppers(machine: Machine) -> list[HopperReport]:
    """Coins beside the notes: in no sum of theirs, and none is no trouble."""
    try:
        counts = await machine.coin_counts()
    except (ConnectionLost, DeviceError):
        return []
    return [_hopper(unit) for unit in counts.units if unit.value_minor] if counts is not None else []


def _hopper(unit: UnitCount) -> HopperReport:
    return HopperReport(
        unit=unit.key,
        value=unit.value_minor,
        count=max(0, unit.count),
        capacity=unit.capacity,
        level=unit.level,
        status=unit.status,
        out=sum(unit.presented.values()),
    )


def _held(counts: Counts) -> dict[int, int]:
    """Notes inside that are the bank's and cannot be paid out; what is worth nothing, as a counterfeit, is left out."""
    rest = Counter(counts.content)
    rest.subtract(counts.payable)
    return {value: count for value, count in rest.items() if value and count > 0}


def _devices(status: MachineStatus) -> list[DeviceReport]:
    return [
        _device("card_reader", status.card_reader, None),
        _device("pin_pad", status.pin_pad, None),
        _device("cash_in", status.acceptor, status.acceptor.numbers.get("room")),
        _device("cash_out", status.dispenser, status.dispenser.numbers.get("notes")),
        _device("receipt", status.printer, None),
        _device("document_camera", status.camera, None),
    ]


def _device(name: str, status: DeviceStatus, number: int | None) -> DeviceReport:
    note = None if status.level == "ok" else Sentence(code=status.code)
    return DeviceReport(device=name, state=status.level, note=note, number=number)
