"""The Check interface: takes papers one transaction at a time, reads them, keeps or returns each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.check.items import CUSTOMER, Item, State, media_data
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.interlock import ask
from devices.sim.world.cheques import BIN, FEEDER, RETRACT, SLOT, STACKER, Paper, Papers
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

ITEM_S = 0.4
MOVE_S = 1.0
STACKER_CAPACITY = 30
CAPACITY = {BIN: 200, RETRACT: 50}


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
        self._waiting = bool(papers.places[SLOT])
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
        return {"state": self.state.value, "items": items, "refused": self._refused}

    def _load(self, data: Mapping[str, Any]) -> None:
        self.state, self._refused = State(data["state"]), data["refused"]
        everywhere = [paper for place in self.papers.places.values() for paper in place]
        for number, codeline, destination, location in data["items"]:
            paper = next((each for each in everywhere if each.codeline == codeline), Paper(codeline))
            self._items.append(Item(number, paper, destination, location))

    def _watch(self) -> None:
        waiting = bool(self.papers.places[SLOT])
        if self._waiting and not waiting:
            self.broadcast("MediaTakenEvent", {"position": "output"})
        self._waiting = waiting

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
        if self.papers.jammed:
            raise refused("mediaJammed")

    # -- taking in -----------------------------------------------------------------------------------

    async def _media_in(self, running: Running) -> Payload:
        papers = self.papers
        self._motor.check()
        if papers.jammed:
            raise refused("mediaJammed")
        if papers.places[SLOT]:
            raise refused("positionNotEmpty")
        if len(papers.places[BIN]) >= CAPACITY[BIN]:
            raise refused("allBinsFull")
        most = integer(running.payload, "maxMediaOnStacker") or STACKER_CAPACITY
        if len(papers.places[STACKER]) >= min(most, STACKER_CAPACITY):
            raise refused("stackerFull")
        await self._let_insert(running)
        if self.state is not State.ACTIVE:
            self.state, self._items, self._refused = State.ACTIVE, [], 0
        added = 0
        for paper in list(papers.places[FEEDER]):
            await self._motor.run(ITEM_S)
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

    def _held(self) -> list[Item]:
        self._motor.check()
        self._check_ready()
        held = [item for item in self._items if item.location == "device"]
        if self.state is not State.ACTIVE or not held:
            raise refused("noMedia", "no papers are held")
        if self.papers.places[SLOT]:
            raise refused("positionNotEmpty")
        return held

    async def _end(self, running: Running) -> Payload:
        held = self._held()
        if sum(item.destination == BIN for item in held) + len(self.papers.places[BIN]) > CAPACITY[BIN]:
            raise refused("mediaBinError", "the bin is full")
        running.check()
        before = self._unit(BIN)
        returned = await self._distribute(running, held, State.OK)
        stored = {BIN: self._unit(BIN)} if self._unit(BIN) != before else {}
        return {"mediaInEnd": self._sum(returned) | {"storage": {"storage": stored}}}

    async def _rollback(self, running: Running) -> Payload:
        held = self._held()
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
                await self._motor.run(ITEM_S)
                back = item.destination == CUSTOMER
                self.papers.move(STACKER, SLOT if back else item.destination, [item.paper])
                item.location = item.destination
                returned, kept = returned + back, kept + (not back)
                self._world.changed()
            self.state = state
            self._world.changed()
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
        count = len(self.papers.places[unit])
        return {"count": count, "mediaInCount": count} if unit == BIN else {"count": count, "retractOperations": count}

    def _unit(self, key: str) -> Payload:
        capacity, kept = CAPACITY[key], len(self.papers.places[key])
        types = {"mediaIn": key == BIN, "retract": key == RETRACT}
        level = "full" if kept >= capacity else "high" if kept > capacity * 3 // 4 else "ok" if kept else "empty"
        return {
            "id": {BIN: "CHQ", RETRACT: "RET"}[key],
            "positionName": "bin",
            "capacity": capacity,
            "status": "ok",
            "check": {
                "capabilities": {"types": types, "sensors": {"empty": True, "high": True, "full": True}},
                "configuration": {"types": types, "binID": {BIN: "CHQ", RETRACT: "RET"}[key]},
                "status": {"index": 1 if key == BIN else 2, "in": self.counted(key), "replenishmentStatus": level},
            },
        }

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
        await self._motor.run(ITEM_S)
        wanted = running.payload.get("image", ())
        return {"data": media_data(item, wanted, codeline="codelineFormat" in running.payload)}

    async def _present_again(self, running: Running) -> None:
        self._check_ready()
        if not self.papers.places[SLOT]:
            raise refused("noMedia")
        await self._motor.run(MOVE_S)
        running.event("Check.MediaPresentedEvent", {"position": "output", "bunchIndex": 1, "totalBunches": "1"})

    async def _retract(self, running: Running) -> Payload:
        target = running.payload.get("retractLocation", RETRACT)
        if target != RETRACT:
            raise refused("invalidBin")
        self._check_ready()
        papers = self.papers
        if not papers.places[SLOT] and not papers.places[STACKER]:
            raise refused("noMediaPresent")
        if len(papers.places[SLOT]) + len(papers.places[STACKER]) + len(papers.places[RETRACT]) > CAPACITY[RETRACT]:
            raise refused("mediaBinError", "the retract bin is full")
        running.check()
        await self._motor.run(MOVE_S)
        count = self._pull_in()
        if self.state is State.ACTIVE:
            self.state = State.RETRACT
        self._world.changed()
        return {"media": {"count": str(count), "retractLocation": RETRACT}}

    def _pull_in(self) -> int:
        self._waiting = False  # what is pulled back was not taken
        count = sum(self.papers.move(place, RETRACT) for place in (SLOT, STACKER, FEEDER))
        for item in self._items:
            if item.location in ("device", CUSTOMER):
                item.location = RETRACT
        self._tell_counts(RETRACT)
        return count

    async def _expel(self, _: Running) -> None:
        self._check_ready()
        if not self.papers.places[STACKER]:
            raise refused("noItems")
        await self._motor.run(MOVE_S)
        self._put_out(STACKER)
        self._world.changed()

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
        await self._motor.run(MOVE_S)
        papers = self.papers
        papers.jammed = False
        found = bool(papers.places[STACKER] or papers.places[FEEDER])
        if target == RETRACT:
            self._pull_in()
        else:
            self._put_out(STACKER, FEEDER)
        if self.state is State.ACTIVE:
            self.state = State.RESET
        self._world.changed()
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
        return {
            "check": {
                "type": "bunchMediaInput",
                "maxMediaOnStacker": STACKER_CAPACITY,
                "stamp": False,
                "rescan": True,
                "presentControl": True,
                "applicationRefuse": False,
                "retractLocation": {"storage": True},
                "resetControl": {"eject": True, "storageUnit": True},
                "imageType": {"jpg": True},
                "frontImage": {
                    "colorFormat": {"full": True},
                    "scanColor": {"white": True},
                    "defaultScanColor": "white",
                },
                "codelineFormat": {"e13b": True, "ocrb": True},
                "dataSource": {"imageFront": True, "codeLine": True},
            }
        }
