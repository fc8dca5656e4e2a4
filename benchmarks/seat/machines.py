"""A machine opened up, as the server would show it, with something to see everywhere."""

from typing import Any

from benchmarks.seat.cases import START
from common.wire.base import Sentence
from common.wire.cash import CashUnitReport
from common.wire.machine import (
    MachineDetail,
    MachinePicture,
    OfferedOrder,
    OrderAction,
    OrderView,
    PlaceReport,
    ServiceLine,
)

PLACES = {
    "card.reader": "inside", "notes.stacker": "empty", "notes.output": "present", "notes.transport": "empty",
    "notes.input": "empty", "notes.escrow": "empty", "receipt.slot": "empty", "receipt.paper": "low",
    "page.slot": "empty", "page.paper": "full", "certificate.slot": "empty", "certificate.paper": "full",
    "passbook.slot": "empty", "new_card.slot": "empty", "token.slot": "mouth", "sensor.tamper": "off",
    "sensor.vibration": "off", "sensor.heat": "off", "sensor.handset": "hung", "sensor.call": "off",
    "door.cabinet": "bolted", "door.safe": "open", "ups": "ok",
}  # fmt: skip
COUNTED = {"card.bin": ("ok", 2, 30), "new_card.hopper": ("low", 12, 500), "token.hopper": ("empty", 0, 200)}
UNITS = (
    ("unit1", "recycle", 100, 1900, 2500, "ok"), ("unit2", "recycle", 100, 210, 2500, "low"),
    ("unit3", "recycle", 50, 400, 2000, "ok"), ("unit4", "recycle", 20, 0, 2000, "empty"),
    ("unit6", "deposit", 0, 2950, 3000, "high"), ("unit7", "reject", 0, 3, 300, "ok"),
    ("unit8", "retract", 0, 0, 300, "empty"),
)  # fmt: skip


def order(action: OrderAction, target: str = "", state: str = "done", code: str = "", **params: int) -> OrderView:
    """An order of this seat."""
    note = Sentence(code=code, params=params) if code else None
    return OrderView(
        id=f"{action.value}-{target}-{state}", machine="K-05", action=action, target=target, reason="check", by="T-05",
        at=START, expires_at=START, state=state, note=note,
    )  # fmt: skip


def machine_detail(**changes: Any) -> MachineDetail:
    """A machine with something to see everywhere."""
    places = [PlaceReport(place=name, state=state) for name, state in PLACES.items()]
    places += [PlaceReport(place=p, state=s, count=n, capacity=room) for p, (s, n, room) in COUNTED.items()]
    services = [ServiceLine(name=f"Service{n}", level="ok", word="online") for n in range(22)]
    services.append(ServiceLine(name="PalmVein", level="bad", word="noAnswer"))
    refused = {
        OrderAction.RETRACT_NOTES: "order.notes_not_waited_for", OrderAction.OUT_OF_SERVICE: "order.visit_open",
        OrderAction.INTO_SERVICE: "order.in_service_already",
    }  # fmt: skip
    offered = [
        OfferedOrder(action=a, target=target, refused=Sentence(code=refused[a]) if a in refused else None)
        for a, targets in {
            **dict.fromkeys(OrderAction, ("",)),
            OrderAction.RESET_DEVICE: ("receipt", "token_dispenser"),
            OrderAction.RESTART_SERVICE: ("PinPad", "Printer"),
            OrderAction.LIGHT: ("cardReader", "scanner"),
        }.items()
        for target in targets
    ]
    offered.append(
        OfferedOrder(action=OrderAction.RESET_DEVICE, target="cash", refused=Sentence(code="order.cash_moves"))
    )
    values: dict[str, Any] = {
        "number": "K-05", "place": "东湖自助点", "online": True, "case_number": "0312-0047", "at": START, "fresh": True,
        "picture": MachinePicture(places=places, services=services),
        "cash_units": [
            CashUnitReport(unit=u, role=r, face=f, count=n, capacity=c, level=lv) for u, r, f, n, c, lv in UNITS
        ],
        "orders": [
            order(OrderAction.RESET_DEVICE, "cash", "refused", "order.cash_moves"),
            order(OrderAction.RETRACT_NOTES, "", "done", "order.notes_pulled_back"),
            order(OrderAction.RESTART_SERVICE, "PinPad", "unknown", "order.no_word"),
        ],
        "offered": offered,
    }  # fmt: skip
    return MachineDetail(**{**values, **changes})
