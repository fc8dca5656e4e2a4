"""The Check interface: takes papers one transaction at a time, reads them, keeps or returns each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.check.items import CUSTOMER, Item, State, media_data
from devices.sim.check.units import CAPABILITIES, CAPACITY, STACKER_CAPACITY, counts, wire_unit
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.interlock import ask
from devices.sim.world.cheques import BIN, FEEDER, RETRACT, SLOT, STACKER, Paper, Papers
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

ITEM_S = 0.4
MOVE_S = 1.0


class CheckAcceptor(Interface):
    """Cheques and certificates."""

    name: ClassVar[str] = "Check"
    events: ClassVar[tuple[str, ...]] = (
        "NoMediaEvent",
        "MediaInsertedEvent",
        "MediaDataEvent",
        "MediaRefusedEvent",
        "MediaPresentedEvent",
        "MediaTakenEvent",
        "MediaDetectedEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset({"GetTransactionStatus"})

    def __init__(self, bench: Bench, papers: Papers) -> None:
        super().__init__()
        self._world, self._motor, self._faults = bench.world, bench.motor, bench.faults
        self.papers = papers
        self.state = State.OK
        self._items: list[Item] = []
        self._refused = 0
        self._retracts = 0  # times that something was pulled into the retract unit, since it was emptied
        self._taken = papers.taken
        kept = bench.world.remember("check", self._dump)
        if kept is not None:
            self._load(kept)
        bench.world.listen(self._watch)
        self._faults.at_once("check.jam", lambda _: self._jam())

    def commands(self) -> Mapping[str, Handler]:
        return {
            "MediaIn": self._media_in,
            "MediaInEnd": self._end,
            "MediaInRollback": self._rollback,
            "GetTransactionStatus": self._status_of_transaction,
            "SetMediaParameters": self._set_parameters,
            "ReadImage": self._read_image,
            "RetractMedia": self._retract,
            "PresentMedia": self._present_again,
            "ExpelMedia": self._expel,
            "Reset": self._reset,
            "SupplyReplenish": self._replenish,
        }

    def _dump(self) -> Any:
        items = [[item.number, item.paper.codeline, item.destination, item.location] for item in self._items]
        return {"state": self.state.value, "items": items, "refused": self._refused, "retracts": self._retracts}

    def _load(self, data: Mapping[str, Any]) -> None:
        self.state, self._refused = State(data["state"]), data["refused"]
        places = self.papers.places
        self._retracts = data.get("retracts", len(places[RETRACT])) if places[RETRACT] else 0
        lying = {"device": list(places[STACKER]), CUSTOMER: list(places[SLOT])}
        lying |= {unit: list(places[unit]) for unit in CAPACITY}
        for number, codeline, destination, location in data["items"]:
            paper = next((each for each in lying[location] if each.codeline == codeline), None)
            if paper is not None:
                lying[location].remove(paper)
            self._items.append(Item(number, paper or Paper(codeline), destination, location))

    def _watch(self) -> None:
        if not self.papers.places[RETRACT]:
            self._retracts = 0
        before, self._taken = self._taken, self.papers.taken
        if self._taken != before:
            self.broadcast("MediaTakenEvent", {"position": "output"})

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "mediaJammed":
            self._jam()

    def _jam(self) -> bool:
        self.papers.jammed = True
        self._world.changed()
        return True

    def _check_ready(self) -> None:
        if self._faults.strikes("check.jam"):
            self._jam()
        self._check_way()

    def _check_way(self) -> None:
        if self.papers.jammed:
            raise refused("mediaJammed")

    async def _run(self, seconds: float) -> None:
        """Let something move; it may get stuck meanwhile."""
        await self._motor.run(seconds)
        self._check_way()

    # -- taking in -----------------------------------------------------------------------------------

    async def _media_in(self, running: Running) -> Payload:
        papers = self.papers
        self._motor.check()
        self._check_way()
        if papers.places[SLOT]:
            raise refused("positionNotEmpty")
        if len(papers.places[BIN]) >= CAPACITY[BIN]:
            raise refused("allBinsFull")
        most = integer(running.payload, "maxMediaOnStacker") or STACKER_CAPACITY
        if len(papers.places[STACKER]) >= min(most, STACKER_CAPACITY) and not papers.places[FEEDER]:
            raise refused("stackerFull")
        await self._let_insert(running)
        if self.state is not State.ACTIVE:
            self.state, self._items, self._refused = State.ACTIVE, [], 0
        added = 0
        for paper in list(papers.places[FEEDER]):
            await self._run(ITEM_S)
            self._check_ready()
            added += self._read(running, paper, min(most, STACKER_CAPACITY))
        on_stacker = len(papers.places[STACKER])
        answer = {"mediaOnStacker": on_stacker, "lastMedia": added, "lastMediaOnStacker": added}
        return {"mediaIn": {**answer, "mediaFeeder": "empty"}}

    async def _let_insert(self, running: Running) -> None:
        papers = self.papers
        running.check()
        if not papers.places[FEEDER]:
            running.event("Check.NoMediaEvent")
            papers.accepting = True
            self._world.changed()
            try:
                await ask(running, self._world, self._motor, lambda: bool(papers.places[FEEDER]))
            finally:
                papers.accepting = False
                self._world.changed()
        running.event("Check.MediaInsertedEvent")

    def _read(self, running: Running, paper: Paper, most: int) -> int:
        """Look at one paper: onto the stacker, or back into the slot; 1 when it was taken."""
        reason = "invalidMedia" if not paper.codeline else None
        if len(self.papers.places[STACKER]) >= most:
            reason = "stackerFull"
        if reason is not None:
            self._refused += 1
            self.papers.move(FEEDER, SLOT, [paper])
            running.event(
                "Check.MediaRefusedEvent", {"reason": reason, "location": "refused", "presentRequired": False}
            )
            self._world.changed()
            return 0
        item = Item(len(self._items) + 1, paper)
        self._items.append(item)
        self.papers.move(FEEDER, STACKER, [paper])
        wanted = running.payload.get("image", ())
        running.event("Check.MediaDataEvent", media_data(item, wanted, codeline="codelineFormat" in running.payload))
        self._world.changed()
        return 1

    # -- keeping and returning -----------------------------------------------------------------------

    def _held(self, ended: State) -> list[Item]:
        """The papers on the stacker; where nothing is held the transaction is over, with that state.

        Raises:
            CommandFailed: ``noMedia``, ``positionNotEmpty``, ``mediaJammed``; ``deviceNotReady``.
        """
        self._motor.check()
        self._check_ready()
        held = [item for item in self._items if item.location == "device"]
        if not held and not self.papers.places[FEEDER]:
            self._close(ended)  # the next customer begins one of his own
        if self.state is not State.ACTIVE:
            raise refused("noMedia", "no papers are held")
        if self.papers.places[SLOT]:
            raise refused("positionNotEmpty")
        return held

    def _close(self, ended: State) -> None:
        """Whatever moved is written down; a transaction under way has come to its end."""
        if self.state is State.ACTIVE:
            self.state = ended
        self._world.changed()

    async def _end(self, running: Running) -> Payload:
        held = self._held(State.OK)
        if self.papers.places[
            FEEDER
        ]:  # a door stopped them: in a transaction that is over they would be the next one's
            raise refused("feederNotEmpty", "MediaIn reads what waits there, MediaInRollback returns it")
        if sum(item.destination == BIN for item in held) + len(self.papers.places[BIN]) > CAPACITY[BIN]:
            raise refused("mediaBinError", "the bin is full")
        running.check()
        before = self._unit(BIN)
        returned = await self._distribute(running, held, State.OK)
        stored = {BIN: self._unit(BIN)} if self._unit(BIN) != before else {}
        return {"mediaInEnd": self._sum(returned) | {"storage": {"storage": stored}}}

    async def _rollback(self, running: Running) -> Payload:
        held = self._held(State.ROLLBACK)
        running.check()
        for item in held:
            item.destination = CUSTOMER
        returned = await self._distribute(running, held, State.ROLLBACK)
        return {"mediaInRollback": self._sum(returned)}

    def _sum(self, returned: int) -> Payload:
        return {"itemsReturned": returned, "itemsRefused": self._refused, "bunchesRefused": 0}

    async def _distribute(self, running: Running, held: list[Item], state: State) -> int:
        returned = kept = 0
        try:
            for item in held:
                await self._run(ITEM_S)
                back = item.destination == CUSTOMER
                self.papers.move(STACKER, SLOT if back else item.destination, [item.paper])
                item.location = item.destination
                returned, kept = returned + back, kept + (not back)
                self._world.changed()
            if self.papers.places[FEEDER]:
                await self._run(ITEM_S)
                returned += self.papers.move(FEEDER, SLOT)
            self._close(state)
        finally:  # a door opened between two of them: what has moved is told, the rest waits on the stacker
            if returned:
                presented = {"position": "output", "bunchIndex": 1, "totalBunches": "1"}
                running.event("Check.MediaPresentedEvent", presented)
            if kept:
                self._tell_counts(BIN)
        return returned

    def _tell_counts(self, unit: str) -> None:
        self.broadcast("Storage.CountsChangedEvent", {unit: {"check": {"status": {"in": self.counted(unit)}}}})

    def counted(self, unit: str) -> Payload:
        """What came into a unit."""
        return counts(unit, len(self.papers.places[unit]), self._retracts)

    def _unit(self, key: str) -> Payload:
        return wire_unit(key, self.counted(key))

    def storage(self) -> Payload:
        """Both bins, as ``Storage.GetStorage`` shows them."""
        return {key: self._unit(key) for key in CAPACITY}

    async def _set_parameters(self, running: Running) -> None:
        payload = running.payload
        destination = payload["destination"]
        if destination not in (CUSTOMER, BIN):
            raise refused("invalidBin")
        self._check_ready()
        items = [item for item in self._items if item.location == "device"]
        if not items:
            raise refused("noItems")
        if "mediaID" in payload:
            items = [item for item in items if item.number == payload["mediaID"]]
            if not items:
                raise refused("invalidMediaID")
        for item in items:
            item.destination = destination
        self._world.changed()

    async def _read_image(self, running: Running) -> Payload:
        held = [item for item in self._items if item.location == "device"]
        if not held:
            raise refused("noMedia")
        item = next((each for each in held if each.number == running.payload["mediaID"]), None)
        if item is None:
            raise refused("invalidMediaID")
        await self._run(ITEM_S)
        wanted = running.payload.get("image", ())
        return {"data": media_data(item, wanted, codeline="codelineFormat" in running.payload)}

    async def _present_again(self, running: Running) -> None:
        self._check_ready()
        if not self.papers.places[SLOT]:
            raise refused("noMedia")
        await self._run(MOVE_S)
        if not self.papers.places[SLOT]:
            raise refused("noMedia", "they were taken")
        running.event("Check.MediaPresentedEvent", {"position": "output", "bunchIndex": 1, "totalBunches": "1"})

    async def _retract(self, running: Running) -> Payload:
        target = running.payload.get("retractLocation", RETRACT)
        if target != RETRACT:
            raise refused("invalidBin")
        self._check_ready()
        if not self._outside_units():
            raise refused("noMediaPresent")
        self._check_room()
        running.check()
        await self._run(MOVE_S)
        count = self._pull_in()
        if not count:
            raise refused("noMediaPresent", "they were taken")
        self._close(State.RETRACT)
        return {"media": {"count": str(count), "retractLocation": RETRACT}}

    def _outside_units(self) -> list[Paper]:
        """All papers that a retract pulls in."""
        return [paper for place in (SLOT, STACKER, FEEDER) for paper in self.papers.places[place]]

    def _check_room(self) -> None:
        moving = self._outside_units()
        if moving and len(moving) + len(self.papers.places[RETRACT]) > CAPACITY[RETRACT]:
            raise refused("mediaBinError", "the retract bin is full")

    def _pull_in(self) -> int:
        moving = self._outside_units()
        if not moving:
            return 0
        for place in (SLOT, STACKER, FEEDER):
            self.papers.move(place, RETRACT)
        for item in self._items:
            if item.paper in moving:  # what the customer has taken stays with him
                item.location = RETRACT
        self._retracts += 1
        self._tell_counts(RETRACT)
        return len(moving)

    async def _expel(self, _: Running) -> None:
        self._check_ready()
        if not self.papers.places[STACKER] and not self.papers.places[FEEDER]:
            raise refused("noItems")
        await self._run(MOVE_S)
        self._put_out(STACKER, FEEDER)
        self._close(State.ROLLBACK)

    def _put_out(self, *places: str) -> None:
        """Bring everything that lies there to the slot: it is the customer's again."""
        for place in places:
            self.papers.move(place, SLOT)
        for item in self._items:
            if item.location == "device":
                item.location = CUSTOMER

    async def _reset(self, running: Running) -> None:
        target = running.payload.get("mediaControl", "eject")
        if target not in ("eject", RETRACT):
            if target in ("transport", "rebuncher"):
                raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "eject, or into the retract bin")
            raise refused("invalidBin")
        if target == RETRACT:
            self._check_room()
        await self._motor.run(MOVE_S)
        papers = self.papers
        papers.jammed = False
        if target == RETRACT:
            found = bool(self._pull_in())
        else:
            found = bool(papers.places[STACKER] or papers.places[FEEDER])
            self._put_out(STACKER, FEEDER)
        self._close(State.RESET)
        if found:
            self.broadcast("MediaDetectedEvent", {"position": "customer" if target == "eject" else RETRACT})

    async def _replenish(self, _: Running) -> None:
        """This machine uses neither ink nor toner."""

    # -- status --------------------------------------------------------------------------------------

    async def _status_of_transaction(self, running: Running) -> Payload:
        images = [{"source": "front", "type": "jpg", "colorFormat": "full", "scanColor": "white"}]
        wanted = images if running.payload.get("includeImage") else []
        info = [
            media_data(item, wanted, codeline=True)
            | {"mediaLocation": item.location, "customerAccess": "customer" if item.location == CUSTOMER else "none"}
            for item in self._items
        ]
        return {
            "mediaInTransaction": self.state.value,
            "mediaOnStacker": str(len(self.papers.places[STACKER])),
            "totalItems": str(len(self._items)),
            "totalItemsRefused": str(self._refused),
            "totalBunchesRefused": "0",
            "mediaInfo": info,
        }

    def status(self) -> Payload:
        places, jammed = self.papers.places, self.papers.jammed
        position = {"positionStatus": "notEmpty" if places[SLOT] else "empty", "transport": "ok"}
        return {
            "check": {
                "acceptor": "stop" if jammed else "ok",
                "media": "jammed" if jammed else "present" if places[STACKER] or places[FEEDER] else "notPresent",
                "frontImageScanner": "ok",
                "stacker": "notEmpty" if places[STACKER] else "empty",
                "mediaFeeder": "notEmpty" if places[FEEDER] else "empty",
                "positions": {"output": position, "refused": position},
            }
        }

    def common_status(self) -> Payload:
        return {"device": "hardwareError"} if self.papers.jammed else {}

    def capabilities(self) -> Payload:
        return {"check": CAPABILITIES}
