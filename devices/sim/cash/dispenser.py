"""CashDispenser: pays out."""

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from devices.sim.cash.clearing import check_room
from devices.sim.cash.mix import fewest_notes, split_over_units
from devices.sim.cash.recycler import MAX_BUNCH, OUT_POSITION, CashIn, Recycler, check_position, stick
from devices.sim.cash.units import CURRENCY, CashUnit, Role
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.cash import OUTPUT, STACKER, TRANSPORT, Shutter
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

START_S = 0.5
NOTE_S = 0.02
PRESENT_S = 1.0
CHUNK = 10
MIX = "mix1"


class CashDispenser(Interface):
    """Counts notes onto the stacker and presents them in one bunch."""

    name: ClassVar[str] = "CashDispenser"
    events: ClassVar[tuple[str, ...]] = ("StartDispenseEvent", "IncompleteDispenseEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetMixTypes", "GetPresentStatus"})

    def __init__(self, recycler: Recycler) -> None:
        super().__init__()
        self._box = recycler

    def commands(self) -> Mapping[str, Handler]:
        reporting = self._box.reports.reporting
        return {
            "GetMixTypes": self._mix_types,
            "Denominate": self._denominate,
            "Dispense": reporting(self._dispense),
            "Present": reporting(self._present),
            "Reject": reporting(self._reject),
            "GetPresentStatus": self._present_status,
        }

    async def _mix_types(self, _: Running) -> Payload:
        return {"mixes": {MIX: {"type": "algorithm", "algorithm": "minimumBills", "name": "fewest notes"}}}

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "shutterNotOpen":
            stick(self._box, OUTPUT)

    # -- which notes ---------------------------------------------------------------------------------

    def _plan(self, denomination: Mapping[str, Any]) -> dict[str, int]:
        service, application = denomination.get("service"), denomination.get("app")
        if (service is None) == (application is None):
            raise CommandFailed(CompletionCode.INVALID_DATA, "either app or service is needed")
        chosen = service if service is not None else application
        assert chosen is not None
        currencies = chosen["currencies"]
        if currencies.keys() != {CURRENCY}:
            raise refused("invalidCurrency", f"only {CURRENCY} is paid out")
        amount = currencies[CURRENCY]
        if amount != int(amount) or amount <= 0:
            raise refused("notDispensable")
        plan = self._mix(int(amount), service) if service is not None else self._given(int(amount), chosen["counts"])
        if sum(plan.values()) > MAX_BUNCH:
            raise refused("tooManyItems", f"at most {MAX_BUNCH} notes")
        return plan

    def _mix(self, amount: int, service: Mapping[str, Any]) -> dict[str, int]:
        if service.get("mix", MIX) != MIX:
            raise refused("invalidMixNumber")
        wanted = self._there(service.get("partial") or {})
        units, stock = self._box.units, self._box.stock()
        for key, count in wanted.items():
            stock[units[key].value] -= count
            amount -= units[key].value * count
        notes = fewest_notes(amount, stock) if amount >= 0 else None
        if notes is None:
            raise refused("notDispensable")
        return split_over_units(notes, self._box.payable_units(), wanted)

    def _given(self, amount: int, counts: Mapping[str, int]) -> dict[str, int]:
        plan = self._there(counts)
        if sum(self._box.units[key].value * count for key, count in plan.items()) != amount:
            raise refused("invalidDenomination", "the notes do not sum up to the amount")
        return plan

    def _there(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Notes that a host names by their cassettes, if these can give them."""
        payable = {unit.key: unit for unit in self._box.payable_units()}
        plan = {key: int(count) for key, count in sorted(counts.items()) if count}
        for key, count in plan.items():
            if key not in payable or not 0 < count <= payable[key].count:
                raise refused("notDispensable", f"{key} cannot give {count} notes")
        return plan

    async def _denominate(self, running: Running) -> Payload:
        if self._box.memory.exchange:
            raise refused("exchangeActive")
        plan = self._plan(running.payload["request"]["denomination"])
        return {"result": self._box.amount_of(plan)}

    # -- moving --------------------------------------------------------------------------------------

    async def _dispense(self, running: Running) -> Payload:
        box = self._box
        check_position(running.payload, "position", OUT_POSITION)
        box.check_ready()
        if box.memory.cash_in is CashIn.ACTIVE:
            raise CommandFailed(CompletionCode.SEQUENCE_ERROR, "a cash-in is active")
        if box.places.count(OUTPUT):
            raise refused("itemsLeft")
        plan = self._plan(running.payload["denomination"]["denomination"])
        if box.places.count(STACKER) + sum(plan.values()) > MAX_BUNCH:
            raise refused("tooManyItems")
        box.motor.check()  # the door, before anything is begun or told
        running.check()
        if not box.places.count(STACKER):
            box.memory.dispensed = None
        box.memory.present_state = "notPresented"
        running.event("CashDispenser.StartDispenseEvent")
        await box.motor.run(START_S)
        for key, count in plan.items():
            await self._count_out(running, box.units[key], count)
        return {"denomination": box.amount_of(plan), "bunches": "1"}

    async def _count_out(self, running: Running, unit: CashUnit, count: int) -> None:
        box = self._box
        if box.faults.strikes("dispense.jam_before"):
            box.places.transport_jammed = True
            self._storage_error(running, unit, "feedModuleProblem")
            raise refused("cashUnitError", "the feed is blocked")
        if box.faults.strikes("dispense.cassette_empty"):
            self._ran_empty(running, unit)
        if box.faults.strikes("dispense.double_pick") and box.divert(unit, 2):
            running.event("CashManagement.NoteErrorEvent", {"reason": "doubleNote"})
        if box.faults.strikes("dispense.unfit") and box.divert(unit, 1, worn=True):
            running.event("CashManagement.NoteErrorEvent", {"reason": "otherNoteError"})
        if (slip := box.faults.strikes("dispense.wrong_count")) is not None:
            box.slip_out(unit, int(slip.params["extra"]))
        jam = box.faults.strikes("dispense.jam_midway")
        if jam is not None:
            there = box.places.at(unit.key)[unit.kind]  # fewer than the counter says where one slipped out uncounted
            moved = min(int(jam.params["moved"]), count, there)
            self._step(unit, moved)
            stuck = min(2, count - moved, there - moved)
            if stuck:
                box.pick(unit, stuck, TRANSPORT)
            box.places.transport_jammed = True
            box.world.changed()
            running.event("CashDispenser.IncompleteDispenseEvent", box.amount_of(box.memory.dispensed or {}))
            raise CommandFailed(CompletionCode.HARDWARE_ERROR, "note jam on the transport")
        while count:
            step = min(CHUNK, count)
            await box.motor.run(NOTE_S * step)
            if not unit.usable:  # drawn out while it was counting
                self._storage_error(running, unit, "error")
                raise refused("cashUnitError", f"{unit.key} is {unit.state}")
            there = box.places.at(unit.key)[unit.kind]
            self._step(unit, min(step, there))
            if there < step:
                self._ran_empty(running, unit)
            count -= step

    def _ran_empty(self, running: Running, unit: CashUnit) -> NoReturn:
        """The cassette gives no note, whatever its counter says."""
        unit.inoperative = True
        unit.accuracy = "inaccurate"
        self._storage_error(running, unit, "empty")
        raise refused("cashUnitError", "the cassette gives no note")

    def _step(self, unit: CashUnit, count: int) -> None:
        if not count:
            return
        memory = self._box.memory
        memory.dispensed = dict(memory.dispensed or {})
        memory.dispensed[unit.key] = memory.dispensed.get(unit.key, 0) + count
        self._box.pick(unit, count)

    def _storage_error(self, running: Running, unit: CashUnit, failure: str) -> None:
        self._box.world.changed()
        running.event("Storage.StorageErrorEvent", {"failure": failure, "unit": {unit.key: {"status": unit.state}}})
        if self._box.places.count(STACKER):
            dispensed = self._box.amount_of(self._box.memory.dispensed or {})
            running.event("CashDispenser.IncompleteDispenseEvent", dispensed)

    async def _present(self, running: Running) -> Payload:
        box = self._box
        check_position(running.payload, "position", OUT_POSITION)
        box.check_ready()
        if not box.places.count(STACKER):
            raise refused("noItems")
        if box.places.count(OUTPUT):
            raise refused("shutterOpen", "the slot is not empty")
        running.check()
        await box.open_shutter(OUTPUT)
        await box.motor.run(PRESENT_S)
        box.hand_over()
        position = {"position": OUT_POSITION, "additionalBunches": "0"}
        self.broadcast("CashManagement.ItemsPresentedEvent", position)
        return {"position": position}

    async def _reject(self, running: Running) -> None:
        box = self._box
        box.check_ready()
        if not box.places.count(STACKER):
            raise refused("noItems")
        unit = box.unit_of(Role.REJECT)
        check_room(unit, box.places.count(STACKER))
        running.check()
        await box.motor.run(START_S)
        check_room(unit, box.places.count(STACKER))  # the bin may have been drawn out meanwhile
        box.put_away(STACKER, unit)

    async def _present_status(self, running: Running) -> Payload:
        check_position(running.payload, "position", OUT_POSITION)
        memory = self._box.memory
        payload: Payload = {"presentState": memory.present_state}
        if memory.dispensed is not None:
            payload["denomination"] = self._box.amount_of(memory.dispensed)
        return payload

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        places = self._box.places
        stuck = places.output_shutter is Shutter.STUCK
        position = {
            "position": OUT_POSITION,
            "shutter": "jammedClosed" if stuck else places.output_shutter.value,
            "positionStatus": "notEmpty" if places.count(OUTPUT) else "empty",
            "transport": "inoperative" if places.transport_jammed else "ok",
            "transportStatus": "notEmpty" if places.count(TRANSPORT) else "empty",
        }
        stacker = "notEmpty" if places.count(STACKER) else "empty"
        return {"cashDispenser": {"intermediateStacker": stacker, "positions": [position]}}

    def capabilities(self) -> Payload:
        return {
            "cashDispenser": {
                "type": "selfServiceBill",
                "maxDispenseItems": MAX_BUNCH,
                "shutterControl": True,
                "retractAreas": {"retract": True, "reject": True},
                "intermediateStacker": True,
                "itemsTakenSensor": True,
                "positions": {"center": True},
                "moveItems": {"fromCashUnit": True, "toStacker": True},
            }
        }
