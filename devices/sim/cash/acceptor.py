"""CashAcceptor: takes notes in, checks them, keeps or returns them."""

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, NoReturn

from devices.sim.cash.items import remember_odd_notes
from devices.sim.cash.recycler import (
    ESCROW_CAPACITY,
    FOREIGN_OBJECT,
    IN_POSITION,
    OUT_POSITION,
    SHUTTER_S,
    CashIn,
    Recycler,
    check_position,
    stick,
)
from devices.sim.cash.unit_work import UnitWork
from devices.sim.cash.units import CURRENCY, CashUnit, Role, by_role, open_takers, wire_counts
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.interlock import ask
from devices.sim.world.cash import (
    ESCROW,
    INPUT,
    OUTPUT,
    PRESENT_SERIES,
    STACKER,
    TRANSPORT,
    Notes,
    Shutter,
    face_of,
    quality_of,
    series_of,
)
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

START_S = 0.5
NOTE_S = 0.04
PRESENT_S = 1.0
SERIES = frozenset({"2005", "2015", PRESENT_SERIES})
"""Series that are legal tender; older ones go back to the customer."""


class CashAcceptor(Interface):
    """One cash-in at a time: start, any number of bunches, then end (kept) or rollback (returned)."""

    name: ClassVar[str] = "CashAcceptor"
    events: ClassVar[tuple[str, ...]] = ("InsertItemsEvent", "InputRefuseEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetCashInStatus"})

    def __init__(self, recycler: Recycler) -> None:
        super().__init__()
        self._box = recycler

    def commands(self) -> Mapping[str, Handler]:
        reporting = self._box.reports.reporting
        return {
            "CashInStart": self._start,
            "CashIn": reporting(self._cash_in),
            "CashInEnd": reporting(self._end),
            "CashInRollback": reporting(self._rollback),
            "GetCashInStatus": self._get_status,
            **UnitWork(self._box).commands(),
        }

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "shutterNotOpen":
            stick(self._box, INPUT if running.message.name == "CashAcceptor.CashIn" else OUTPUT)

    # -- the transaction -----------------------------------------------------------------------------

    async def _start(self, running: Running) -> None:
        box, payload = self._box, running.payload
        check_position(payload, "inputPosition", IN_POSITION)
        check_position(payload, "outputPosition", OUT_POSITION)
        box.check_ready()
        if box.memory.cash_in is CashIn.ACTIVE:
            raise refused("cashInActive")
        if any(box.places.count(place) for place in (STACKER, ESCROW, INPUT)):
            raise CommandFailed(CompletionCode.SEQUENCE_ERROR, "notes lie in the machine that are not of this cash-in")
        box.motor.check()  # the door, before anything is begun or told
        limits = payload.get("amountLimit", ())
        amounts = [limit.get("value", 0) for limit in limits if limit.get("currency") == CURRENCY]
        box.memory.cash_in = CashIn.ACTIVE
        box.memory.cash_in_recycle = bool(payload.get("useRecycleUnits", True))
        box.memory.cash_in_limits = (integer(payload, "totalItemsLimit"), int(min(amounts, default=0)))
        box.memory.accepted = Counter()
        box.memory.refused = 0
        box.memory.odd_notes = []
        box.world.changed()

    def _check_active(self) -> Notes:
        box = self._box
        box.check_ready()
        if box.memory.cash_in is not CashIn.ACTIVE:
            raise refused("noCashInActive")
        assert box.memory.accepted is not None
        return box.memory.accepted

    async def _cash_in(self, running: Running) -> Payload:
        box = self._box
        accepted = self._check_active()
        if box.places.count(OUTPUT):
            raise refused("positionNotEmpty", "refused notes have not been taken")
        if not open_takers(box.units.values()):
            raise refused("cashUnitError", "no cassette takes notes")
        await self._let_insert(running)
        await box.motor.run(START_S + NOTE_S * box.places.count(INPUT))
        if box.faults.strikes("cash_in.jam"):
            self._jam(accepted)
        if box.faults.strikes(FOREIGN_OBJECT):
            box.places.foreign_object = True
        if box.places.foreign_object:
            await self._refuse_everything(running)
        counted, back, reason = self._judge(box.places.at(INPUT), accepted)
        box.places.move(INPUT, ESCROW, counted)
        accepted.update(counted)
        box.memory.refused += back.total()
        summary = remember_odd_notes(box, back)
        box.world.changed()
        if summary is not None:
            running.event("CashManagement.InfoAvailableEvent", summary)
        if reason is not None:
            running.event("CashAcceptor.InputRefuseEvent", {"reason": reason})
            await self._give_back(INPUT, back)
        return {"items": wire_counts(counted)}

    async def _let_insert(self, running: Running) -> None:
        box = self._box
        running.check()
        await box.open_shutter(INPUT)
        running.event("CashAcceptor.InsertItemsEvent")
        try:
            await ask(running, box.world, box.motor, lambda: box.places.count(INPUT) > 0)
        except CommandFailed:
            if not box.places.count(INPUT):
                raise  # else they came in the very moment: shut in and counted by nobody, they would be lost
        finally:
            box.shutting.add(INPUT)
            box.world.changed()
        self.broadcast("CashManagement.ItemsInsertedEvent", {"position": IN_POSITION})
        await box.motor.run(SHUTTER_S)

    async def _refuse_everything(self, running: Running) -> NoReturn:
        """Something that is no note lies among the notes: all of it goes back."""
        running.event("CashAcceptor.InputRefuseEvent", {"reason": "foreignItemsDetected"})
        await self._give_back(INPUT, self._box.places.at(INPUT))
        raise refused("foreignItemsDetected")

    def _jam(self, accepted: Notes) -> None:
        self._box.places.jam()
        self._box.world.changed()
        raise CommandFailed(CompletionCode.HARDWARE_ERROR, f"note jam, {accepted.total()} notes in escrow")

    def _judge(self, bunch: Notes, accepted: Notes) -> tuple[Notes, Notes, str | None]:
        """Which notes of a bunch are taken, which go back, and why."""
        box = self._box
        limit, money = box.memory.cash_in_limits
        held = accepted.total()
        amount = sum(face_of(kind) * count for kind, count in accepted.items())
        taken: Notes = Counter()
        back: Notes = Counter()
        reason: str | None = None
        for kind in sorted(bunch.elements()):
            value, quality = face_of(kind), quality_of(kind)
            why = None
            if quality == "counterfeit":
                why = "counterfeit"
            elif quality not in ("fit", "unfit") or not box.takes(value) or series_of(kind) not in SERIES:
                why = "invalidBill"
            elif held >= ESCROW_CAPACITY:
                why = "stackerFull"
            elif limit and held >= limit:
                why = "limitOverTotalItems"
            elif money and amount + value > money:
                why = "limitOverAmount"
            if why is None:
                taken[kind] += 1
                held, amount = held + 1, amount + value
            else:
                back[kind] += 1
                reason = reason or why
        return taken, back, reason

    async def _give_back(self, source: str, notes: Notes) -> None:
        """Bring notes to the output slot and open it."""
        box = self._box
        await box.open_shutter(OUTPUT)
        await box.motor.run(PRESENT_S)
        box.places.move(source, OUTPUT, notes)
        box.memory.follow(source, OUTPUT)
        box.world.changed()
        self.broadcast("CashManagement.ItemsPresentedEvent", {"position": OUT_POSITION, "additionalBunches": "0"})

    def _close(self, state: CashIn) -> None:
        self._box.memory.cash_in = state
        self._box.world.changed()

    # -- keep or return ------------------------------------------------------------------------------

    def _targets(self, kind: str) -> list[CashUnit]:
        box = self._box
        open_units = [unit for unit in box.units.values() if unit.usable and not unit.locked_in]
        recycle = [unit for unit in by_role(open_units, Role.RECYCLE) if unit.value == face_of(kind)]
        deposit = by_role(open_units, Role.DEPOSIT)
        again = quality_of(kind) == "fit" and series_of(kind) == PRESENT_SERIES
        return [*recycle, *deposit] if again and box.memory.cash_in_recycle else deposit

    def _distribution(self, notes: Notes) -> list[tuple[CashUnit, Notes]]:
        room = {key: unit.room for key, unit in self._box.units.items()}
        plan: list[tuple[CashUnit, Notes]] = []
        for kind, count in sorted(notes.items()):
            for unit in self._targets(kind):
                part = min(count, room[unit.key])
                if part:
                    plan.append((unit, Counter({kind: part})))
                    room[unit.key] -= part
                    count -= part
            if count:
                raise refused("cashUnitError", "no room in the cassettes")
        return plan

    async def _end(self, running: Running) -> Payload:
        box = self._box
        self._check_active()
        if box.places.count(OUTPUT):
            raise refused("positionNotEmpty")
        notes = box.places.at(ESCROW)
        if not notes:
            self._close(CashIn.OK)
            raise refused("noItems")
        self._distribution(notes)
        running.check()
        moved: dict[str, Notes] = {}
        while notes := box.places.at(ESCROW):
            unit, part = self._distribution(notes)[0]
            await box.motor.run(NOTE_S * part.total())
            if unit.room < part.total():
                continue  # drawn out meanwhile: the rest goes elsewhere, or stays
            box.deposit(unit, part)
            moved.setdefault(unit.key, Counter()).update(part)
        self._close(CashIn.OK)
        return {"storage": {key: {"deposited": wire_counts(part)} for key, part in moved.items()}}

    async def _rollback(self, running: Running) -> None:
        box = self._box
        self._check_active()
        if box.places.count(OUTPUT):
            raise refused("positionNotEmpty")
        notes = box.places.at(ESCROW)
        if not notes:
            self._close(CashIn.ROLLBACK)
            raise refused("noItems")
        running.check()
        await self._give_back(ESCROW, notes)
        self._close(CashIn.ROLLBACK)

    # -- status --------------------------------------------------------------------------------------

    async def _get_status(self, _: Running) -> Payload:
        memory = self._box.memory
        return {
            "status": memory.cash_in.value,
            "numOfRefused": memory.refused,
            "noteNumberList": wire_counts(memory.accepted or {}),
        }

    def status(self) -> Payload:
        places = self._box.places
        transport = "inoperative" if places.transport_jammed else "ok"
        on_transport = "notEmpty" if places.count(TRANSPORT) else "empty"

        def position(name: str, slot: str, shutter: Shutter) -> Payload:
            return {
                "position": name,
                "shutter": "jammedClosed" if shutter is Shutter.STUCK else shutter.value,
                "positionStatus": "notEmpty" if places.count(slot) else "empty",
                "transport": transport,
                "transportStatus": on_transport,
            }

        held = places.count(ESCROW)
        return {
            "cashAcceptor": {
                "intermediateStacker": "full" if held >= ESCROW_CAPACITY else "notEmpty" if held else "empty",
                "stackerItems": "noCustomerAccess" if held else "noItems",
                "banknoteReader": "ok",
                "positions": [
                    position(IN_POSITION, INPUT, places.input_shutter),
                    position(OUT_POSITION, OUTPUT, places.output_shutter),
                ],
            }
        }

    def capabilities(self) -> Payload:
        sides = (
            (IN_POSITION, {"in": True}, False),
            (OUT_POSITION, {"refuse": True, "rollback": True}, True),
        )
        return {
            "cashAcceptor": {
                "type": "selfServiceBill",
                "maxCashInItems": ESCROW_CAPACITY,
                "shutter": True,
                "shutterControl": True,
                "intermediateStacker": ESCROW_CAPACITY,
                "itemsTakenSensor": True,
                "itemsInsertedSensor": True,
                "positions": [
                    {
                        "position": position,
                        "usage": usage,
                        "shutterControl": True,
                        "itemsTakenSensor": taken,
                        "itemsInsertedSensor": not taken,
                        "retractAreas": {"retract": True},
                    }
                    for position, usage, taken in sides
                ],
                "retractAreas": {"retract": True},
                "cashInLimit": {"byTotalItems": True, "byAmount": True},
            }
        }
