"""The motorised card reader (interfaces CardReader and, for its retain bin, Storage)."""

import base64
from collections.abc import Mapping
from typing import ClassVar

from devices.sim.faults import FaultBoard
from devices.sim.interface import Handler, Interface, Running
from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.sim.world.card import Card, CardPlace, CardSlot
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

BIN = "unitBIN1"
BIN_CAPACITY = 30
MOVE_S = 0.8
READ_S = 1.0
_MEDIA = {
    CardPlace.AWAY: "notPresent",
    CardPlace.MOUTH: "entering",
    CardPlace.INSIDE: "present",
    CardPlace.JAMMED: "jammed",
}


class CardReader(Interface):
    """Draws in, reads, ejects and keeps cards."""

    name: ClassVar[str] = "CardReader"
    events: ClassVar[tuple[str, ...]] = (
        "InsertCardEvent",
        "MediaInsertedEvent",
        "MediaRemovedEvent",
        "MediaDetectedEvent",
        "CardActionEvent",
    )

    def __init__(self, world: World, slot: CardSlot, motor: Motor, faults: FaultBoard) -> None:
        super().__init__()
        self._world = world
        self._slot = slot
        self._motor = motor
        self._faults = faults
        self._seen = slot.card is not None
        world.listen(self._watch)

    def _watch(self) -> None:
        present = self._slot.card is not None
        if self._seen and not present:
            self.broadcast("MediaRemovedEvent")
        self._seen = present

    def commands(self) -> Mapping[str, Handler]:
        return {"ReadRawData": self._read, "Move": self._move, "Reset": self._reset}

    # -- moving --------------------------------------------------------------------------------------

    async def _travel(self, card: Card, place: CardPlace) -> None:
        """Let the card travel inside the reader or to its mouth; hands and faults may interfere."""
        await self._motor.run(MOVE_S)
        if self._slot.card is not card:
            raise refused("noMedia", "the card was pulled out")
        if self._faults.strikes("card.jam"):
            self._slot.place = CardPlace.JAMMED
            self._world.changed()
            raise refused("mediaJam")
        self._slot.place = place
        self._world.changed()

    def _card(self) -> Card:
        if self._slot.card is None:
            raise refused("noMedia", "no card in the reader")
        if self._slot.place is CardPlace.JAMMED:
            raise refused("mediaJam")
        return self._slot.card

    async def _take_in(self, running: Running) -> Card:
        slot = self._slot
        if slot.card is None:
            running.event("CardReader.InsertCardEvent")
            slot.accepting = True
            self._world.changed()
            try:
                await running.wait(self._world.until(lambda: slot.card is not None))
            finally:
                slot.accepting = False
                self._world.changed()
            card = self._card()
            await self._travel(card, CardPlace.INSIDE)
            running.event("CardReader.MediaInsertedEvent")
            return card
        card = self._card()
        if slot.place is CardPlace.MOUTH:
            await self._travel(card, CardPlace.INSIDE)
        return card

    async def _keep(self, card: Card) -> None:
        if len(self._slot.kept) >= BIN_CAPACITY:
            raise refused("full")
        await self._travel(card, CardPlace.INSIDE)
        self._seen = False
        self._slot.keep()
        self._world.changed()
        count = len(self._slot.kept)
        self.broadcast(
            "Storage.CountsChangedEvent", {BIN: {"card": {"status": {"count": count, "retainCount": count}}}}
        )

    # -- commands ------------------------------------------------------------------------------------

    async def _read(self, running: Running) -> Payload:
        wanted = {source for source, asked in running.payload.items() if asked}
        if not wanted or wanted - {"track2", "chip"}:
            raise CommandFailed(CompletionCode.INVALID_DATA, "only track2 and chip can be read")
        card = await self._take_in(running)
        await self._motor.run(READ_S)
        if self._slot.card is not card:
            raise refused("noMedia", "the card was pulled out")
        unreadable = self._faults.strikes("card.unreadable") is not None
        payload: Payload = {}
        if "track2" in wanted:
            payload["track2"] = _source(card.track2.encode("ascii"), unreadable)
        if "chip" in wanted:
            payload["chip"] = [_source(bytes.fromhex(card.atr), unreadable)]
        return payload

    async def _move(self, running: Running) -> None:
        target = running.payload.get("to", "exit")
        source = running.payload.get("from")
        card = self._card()
        at = "exit" if self._slot.place is CardPlace.MOUTH else "transport"
        if source not in (None, at):
            raise refused("noMedia", f"no card at {source}")
        running.check()
        if target == BIN:
            await self._keep(card)
        elif target in ("exit", "transport"):
            place = CardPlace.MOUTH if target == "exit" else CardPlace.INSIDE
            if self._slot.place is not place:
                await self._travel(card, place)
        else:
            raise CommandFailed(CompletionCode.INVALID_DATA, f"no such place: {target}")

    async def _reset(self, running: Running) -> None:
        target = running.payload.get("to", "auto")
        slot = self._slot
        if slot.card is None:
            return
        await self._motor.run(MOVE_S)
        if slot.card is None:
            return
        slot.place = CardPlace.INSIDE
        self._world.changed()
        if target == "retain":
            if len(slot.kept) >= BIN_CAPACITY:
                raise refused("retainBinFull")
            await self._keep(slot.card)
            self.broadcast("MediaDetectedEvent", {"position": BIN})
        elif target in ("exit", "auto"):
            await self._travel(slot.card, CardPlace.MOUTH)
            self.broadcast("MediaDetectedEvent", {"position": "exit"})
        else:
            self.broadcast("MediaDetectedEvent", {"position": "transport"})

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        inside = self._slot.place is CardPlace.INSIDE
        return {
            "cardReader": {
                "media": _MEDIA[self._slot.place],
                "chipPower": "poweredOff" if inside else "noCard",
                "chipModule": "ok",
            }
        }

    def common_status(self) -> Payload:
        return {"device": "hardwareError"} if self._slot.place is CardPlace.JAMMED else {}

    def capabilities(self) -> Payload:
        return {
            "cardReader": {
                "type": "motor",
                "readTracks": {"track1": False, "track2": True, "track3": False},
                "chipProtocols": {"chipT0": True, "chipT1": True},
                "powerOnOption": "transport",
                "powerOffOption": "transport",
                "fluxSensorProgrammable": False,
                "readWriteAccessFromExit": False,
                "positions": {"exit": True, "transport": True},
                "cardTakenSensor": True,
            }
        }

    def storage(self) -> Payload:
        """The retain bin, as ``Storage.GetStorage`` shows it."""
        count = len(self._slot.kept)
        state = "full" if count >= BIN_CAPACITY else "high" if count >= BIN_CAPACITY - 5 else "ok"
        return {
            BIN: {
                "id": "BIN1",
                "positionName": "retain bin",
                "capacity": BIN_CAPACITY,
                "status": "ok",
                "card": {
                    "capabilities": {"type": "retain", "hardwareSensors": True},
                    "configuration": {"threshold": BIN_CAPACITY - 5},
                    "status": {
                        "initialCount": 0,
                        "count": count,
                        "retainCount": count,
                        "replenishmentStatus": "empty" if count == 0 else state,
                    },
                },
            }
        }


def _source(data: bytes, unreadable: bool) -> Payload:
    return {"status": "dataInvalid"} if unreadable else {"data": base64.b64encode(data).decode()}


class CardStorage(Interface):
    """Storage of the card reader: the retain bin."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = ("CountsChangedEvent",)
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, reader: CardReader) -> None:
        super().__init__()
        self._reader = reader

    def commands(self) -> Mapping[str, Handler]:
        return {"GetStorage": self._get}

    async def _get(self, _: Running) -> Payload:
        return {"storage": self._reader.storage()}
