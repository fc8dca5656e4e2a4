"""CashManagement: retract, reset, shutters, note types."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from devices.sim.cash.clearing import check_room, clear
from devices.sim.cash.items import ItemInfo
from devices.sim.cash.recycler import IN_POSITION, OUT_POSITION, SHUTTER_S, CashIn, Recycler, stick
from devices.sim.cash.reports import moved_in
from devices.sim.cash.units import CURRENCY, VALUES, CashUnit, Role, by_role, note_type, open_takers, takers
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.cash import ESCROW, INPUT, OUTPUT, STACKER, Notes, Shutter
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

RETRACT_S = 1.5
RESET_S = 3.0
RETRACT_AREAS = {"retract": Role.RETRACT, "reject": Role.REJECT}


def _standing(units: Sequence[CashUnit], works: bool, lacking: set[str]) -> str:
    """``dispenser`` and ``acceptor`` of the standard: whether any of the units still does it, and all of them do."""
    if not works:
        return "stop"
    return "attention" if any(not unit.usable or unit.replenishment in lacking for unit in units) else "ok"


class CashManagement(Interface):
    """What dispenser and acceptor have in common."""

    name: ClassVar[str] = "CashManagement"
    events: ClassVar[tuple[str, ...]] = (
        "ItemsTakenEvent",
        "ItemsPresentedEvent",
        "ItemsInsertedEvent",
        "ShutterStatusChangedEvent",
        "MediaDetectedEvent",
        "InfoAvailableEvent",
        "IncompleteRetractEvent",
        "NoteErrorEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset({"GetBankNoteTypes", "GetClassificationList"})

    def __init__(self, recycler: Recycler) -> None:
        super().__init__()
        self._box = recycler
        recycler.emit = self.broadcast

    def commands(self) -> Mapping[str, Handler]:
        reporting = self._box.reports.reporting
        return {
            "GetBankNoteTypes": self._note_types,
            "Retract": reporting(self._retract),
            "Reset": reporting(self._reset),
            "OpenShutter": self._open,
            "CloseShutter": self._close,
            **ItemInfo(self._box).commands(),
        }

    async def _note_types(self, _: Running) -> Payload:
        return {
            "items": {
                note_type(value): {
                    "cashItem": {"noteID": index, "currency": CURRENCY, "value": value, "release": 0},
                    "enabled": self._box.takes(value),
                }
                for index, value in enumerate(VALUES, 1)
            }
        }

    # -- retract -------------------------------------------------------------------------------------

    async def _retract(self, running: Running) -> Payload:
        box = self._box
        location = running.payload.get("location", {})
        if ("outputPosition" in location) == ("retractArea" in location) and location:
            raise CommandFailed(CompletionCode.INVALID_DATA, "either an output position or a retract area")
        if location.get("outputPosition", OUT_POSITION) not in (OUT_POSITION, "outDefault"):
            raise refused("invalidRetractPosition")
        role = RETRACT_AREAS.get(location.get("retractArea", "retract"))
        if role is None or location.get("index", 1) != 1:
            raise refused("notRetractArea")
        box.check_ready()
        if not self._lying():
            raise refused("noItems")
        unit = box.unit_of(role)
        check_room(unit, self._lying().total())
        running.check()
        await box.motor.run(RETRACT_S)
        if not self._lying():
            raise refused("itemsTaken")
        check_room(unit, self._lying().total())  # the bin may have been drawn out meanwhile
        if box.faults.strikes("retract.jam"):
            box.places.transport_jammed = True
            box.world.changed()
            running.event("CashManagement.IncompleteRetractEvent", {"reason": "retractFailure"})
            raise refused("incompleteRetract", "the notes cannot be pulled back")
        return {"storage": self._pull_in(unit)}

    def _lying(self) -> Counter[str]:
        """What would be pulled in, by its place: the slot, or else what lies behind it. A cash-in ends with it, so
        all of a cash-in goes: whatever stayed would be the next customer's.
        """
        places = self._box.places
        if self._box.memory.cash_in is CashIn.ACTIVE:
            return Counter({place: count for place in (OUTPUT, ESCROW, INPUT) if (count := places.count(place))})
        one = next((place for place in (OUTPUT, ESCROW, STACKER) if places.count(place)), None)
        return Counter() if one is None else Counter({one: places.count(one)})

    def _pull_in(self, unit: CashUnit) -> Payload:
        box = self._box
        rejecting = unit.role is Role.REJECT
        unit.retract_operations += not rejecting
        notes: Notes = Counter()
        for place in self._lying():
            notes.update(box.put_away(place, unit))
        box.set_shutter(OUTPUT, Shutter.CLOSED)
        if box.memory.cash_in is CashIn.ACTIVE:
            box.set_shutter(INPUT, Shutter.CLOSED)
            box.memory.cash_in = CashIn.RETRACT
        box.world.changed()
        return moved_in(unit, notes, "rejected" if rejecting else "retracted")

    # -- reset ---------------------------------------------------------------------------------------

    async def _reset(self, running: Running) -> Payload:
        """Free what is stuck and clear the way.

        The bank's notes go to the reject unit, all others to the retract unit, unless a target is given. Where
        they do not fit nothing moves, neither notes nor shutters: what lies in the slot can still be taken.
        """
        box = self._box
        target = running.payload.get("position", {}).get("target")
        if target not in (None, "retract", "reject"):
            raise refused("invalidRetractPosition")
        box.holds.check(running.outlet)
        running.check()
        await box.motor.run(RESET_S)
        moved = clear(box, target)
        box.places.transport_jammed = False
        for slot in (INPUT, OUTPUT):
            box.set_shutter(slot, Shutter.CLOSED)
        if box.memory.cash_in is CashIn.ACTIVE:
            box.memory.cash_in = CashIn.RESET
        box.world.changed()
        storage: Payload = {}
        for unit, notes in moved:
            storage |= moved_in(unit, notes, "rejected" if unit.role is Role.REJECT else "retracted")
            self.broadcast("MediaDetectedEvent", {"target": "singleUnit", "unit": unit.key})
        return {"storage": storage}

    # -- shutters ------------------------------------------------------------------------------------

    @staticmethod
    def _slot(running: Running) -> str:
        position = running.payload.get("position", OUT_POSITION)
        if position in (OUT_POSITION, "outDefault"):
            return OUTPUT
        if position in (IN_POSITION, "inDefault"):
            return INPUT
        raise refused("unsupportedPosition")

    def _check_free(self, running: Running) -> None:
        """Nobody else's hands are where the shutters are."""
        if self._box.holds.exchange.against(running.outlet):
            raise refused("exchangeActive")
        self._box.holds.lock.check(running.outlet)

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "shutterNotOpen":
            entry = running.payload.get("position") in (IN_POSITION, "inDefault")
            stick(self._box, INPUT if entry else OUTPUT)

    async def _open(self, running: Running) -> None:
        box, slot = self._box, self._slot(running)
        self._check_free(running)
        state = box.places.input_shutter if slot == INPUT else box.places.output_shutter
        if state is Shutter.OPEN:
            raise refused("shutterOpen")
        await box.open_shutter(slot)

    async def _close(self, running: Running) -> None:
        box, slot = self._box, self._slot(running)
        self._check_free(running)
        state = box.places.input_shutter if slot == INPUT else box.places.output_shutter
        if state is Shutter.CLOSED:
            raise refused("shutterClosed")
        if state is Shutter.STUCK:
            raise refused("shutterNotClosed")
        await box.motor.run(SHUTTER_S)
        box.set_shutter(slot, Shutter.CLOSED)
        box.world.changed()

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        box = self._box
        units = box.units.values()
        dispenser = _standing(
            by_role(units, Role.RECYCLE), any(unit.count for unit in box.payable_units()), {"empty", "low"}
        )
        acceptor = _standing(takers(units), bool(open_takers(units)), {"high", "full"})
        if box.places.transport_jammed:
            dispenser = acceptor = "stop"
        return {"cashManagement": {"dispenser": dispenser, "acceptor": acceptor}}

    def common_status(self) -> Payload:
        box = self._box
        stuck = Shutter.STUCK in (box.places.input_shutter, box.places.output_shutter)
        return {
            "device": "hardwareError" if box.places.transport_jammed or stuck else "online",
            "exchange": "active" if box.memory.exchange else "inactive",
        }

    def capabilities(self) -> Payload:
        return {
            "cashManagement": {
                "cashBox": False,
                "exchangeType": {"byHand": True},
                "itemInfoTypes": {"serialNumber": True, "signature": False, "image": True},
                "classificationList": True,
                "classifications": {
                    "unrecognized": True,
                    "counterfeit": True,
                    "suspect": True,
                    "inked": False,
                    "fit": True,
                    "unfit": True,
                },
            }
        }
