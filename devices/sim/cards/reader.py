"""The CardReader interface: draws in, reads, writes, speaks to the chip, ejects, keeps, parks, dispenses."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.cards.chip import Chip
from devices.sim.cards.profile import Bin, CardProfile
from devices.sim.cards.stripe import fits
from devices.sim.interface import Handler, Interface, Running
from devices.sim.interlock import ask
from devices.sim.world.card import Card, CardPlace, CardSlot
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

JAM, UNREADABLE = "card.jam", "card.unreadable"
MOVE_S = 0.8
READ_S = 1.0
CHIP_S = 0.1
PROTOCOLS = ("chipT0", "chipT1")
GIVING, TAKING = ("dispense", "park"), ("retain", "park")
"""Kinds of units that a Move may bring cards out of, and into: what was kept stays kept, and a hopper holds blanks."""
_MEDIA = {
    CardPlace.AWAY: "notPresent",
    CardPlace.MOUTH: "entering",
    CardPlace.INSIDE: "present",
    CardPlace.JAMMED: "jammed",
}


class CardReader(Interface):
    """One mechanism for cards."""

    name: ClassVar[str] = "CardReader"
    events: ClassVar[tuple[str, ...]] = (
        "InsertCardEvent",
        "InvalidMediaEvent",
        "MediaInsertedEvent",
        "MediaRemovedEvent",
        "MediaDetectedEvent",
        "CardActionEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset({"QueryIFMIdentifier"})

    def __init__(self, bench: Bench, slot: CardSlot, profile: CardProfile) -> None:
        super().__init__()
        self._world, self._motor, self._faults = bench.world, bench.motor, bench.faults
        self.slot = slot
        self.profile = profile
        self._chip: Chip | None = None
        self._seen = slot.card is not None
        self._world.listen(self._watch)
        self._faults.at_once(JAM, self._jam_now)

    def _watch(self) -> None:
        present = self.slot.card is not None
        if self.slot.place is not CardPlace.INSIDE:
            self._chip = None  # off its contacts: whatever comes in next speaks for itself
        if self._seen and not present:
            self.broadcast("MediaRemovedEvent")
        self._seen = present

    def commands(self) -> Mapping[str, Handler]:
        handlers: dict[str, Handler] = {
            "ReadRawData": self._read,
            "Move": self._move,
            "Reset": self._reset,
            "ChipIO": self._chip_io,
            "ChipPower": self._chip_power,
            "QueryIFMIdentifier": self._identify,
        }
        return handlers | ({"WriteRawData": self._write} if self.profile.tracks else {})

    def faults(self) -> Sequence[str]:
        return (JAM, UNREADABLE)

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "mediaJam" and self.slot.card is not None:
            self._jam()

    def _jam(self) -> None:
        self.slot.place = CardPlace.JAMMED
        self._world.changed()

    def _jam_now(self, params: Mapping[str, Any]) -> bool:
        """A card that lies inside is stuck from now on; one at the mouth is in fingers' reach."""
        if params["service"] not in ("", self.service) or self.slot.place is not CardPlace.INSIDE:
            return False
        self._jam()
        return True

    def _strikes(self, fault: str) -> bool:
        return self._faults.strikes(fault, service=self.service) is not None

    # -- moving --------------------------------------------------------------------------------------

    async def _travel(self, card: Card, place: CardPlace) -> None:
        """Let the card travel inside the reader or to its mouth; hands and faults may interfere."""
        await self._run(card, MOVE_S)
        if self._strikes(JAM):
            self._jam()
            raise refused("mediaJam")
        self.slot.place = place
        self._world.changed()

    async def _run(self, card: Card, seconds: float) -> None:
        """Work on a card for a while; hands may have it meanwhile, and it may get stuck."""
        await self._motor.run(seconds)
        if self.slot.card is not card:
            raise refused("noMedia", "the card was pulled out")
        if self.slot.place is CardPlace.JAMMED:
            raise refused("mediaJam")

    def _card(self) -> Card:
        if self.slot.card is None:
            raise refused("noMedia", "no card in the reader")
        if self.slot.place is CardPlace.JAMMED:
            raise refused("mediaJam")
        return self.slot.card

    def _card_inside(self) -> Card:
        """The card under the heads and contacts: they do not reach out to the mouth."""
        card = self._card()
        if self.slot.place is not CardPlace.INSIDE:
            raise refused("noMedia", "the card is at the exit")
        return card

    async def _take_in(self, running: Running) -> Card:
        slot = self.slot
        if slot.card is None and self.profile.accepts:
            self._motor.check()
            running.event("CardReader.InsertCardEvent")
            slot.accepting = True
            self._world.changed()
            try:
                await ask(running, self._world, self._motor, lambda: slot.card is not None)
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

    async def _drop(self, card: Card, target: Bin, full: str) -> None:
        if len(self.slot.bins[target.key]) >= target.capacity:
            raise refused(full)
        await self._travel(card, CardPlace.INSIDE)
        self._seen = False
        self.slot.drop_into(target.key)
        self._world.changed()
        self.tell_counts(target)
        self.broadcast("CardActionEvent", {"to": target.key, "from": "transport"})

    async def _pull(self, source: Bin) -> Card:
        if self.slot.card is not None:
            raise refused("occupied")
        if not self.slot.bins[source.key]:
            raise refused("noMedia", f"{source.key} is empty")
        await self._motor.run(MOVE_S)
        self.slot.pull_from(source.key)
        self._world.changed()
        self.tell_counts(source)
        return self._card()

    def tell_counts(self, unit: Bin) -> None:
        """Tell everybody how many cards a unit holds now."""
        count = len(self.slot.bins[unit.key])
        status: Payload = {"count": count}
        if unit.kind == "retain":
            status["retainCount"] = count
        self.broadcast("Storage.CountsChangedEvent", {unit.key: {"card": {"status": status}}})

    # -- commands ------------------------------------------------------------------------------------

    async def _read(self, running: Running) -> Payload:
        wanted = {source for source, asked in running.payload.items() if asked}
        if not wanted or wanted - {*self.profile.tracks, "chip"}:
            raise CommandFailed(CompletionCode.INVALID_DATA, "only the tracks and the chip can be read")
        card = await self._take_in(running)
        await self._run(card, READ_S)
        unreadable = self._strikes(UNREADABLE)
        payload: Payload = {
            track: _source(getattr(card, track).encode("ascii"), unreadable)
            for track in self.profile.tracks
            if track in wanted
        }
        if "chip" in wanted:
            self._chip = Chip(card) if card.atr and not unreadable else None
            payload["chip"] = [_source(bytes.fromhex(card.atr), unreadable)]
        return payload

    async def _write(self, running: Running) -> None:
        card = self._card_inside()
        wanted: dict[str, str] = {}
        for track, source in running.payload.items():
            if track not in self.profile.tracks:
                raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, f"{track} cannot be written")
            text = base64.b64decode(source.get("data", ""))
            if not fits(track, text):
                raise CommandFailed(CompletionCode.INVALID_DATA, f"that is nothing that {track} can carry")
            wanted[track] = text.decode("ascii")
        if not wanted:
            raise CommandFailed(CompletionCode.INVALID_DATA, "nothing to write")
        running.check()
        await self._run(card, READ_S)
        if self._strikes(UNREADABLE):
            raise refused("invalidMedia", "what was written cannot be read back")
        pan = wanted.get("track2", "").partition("=")[0]
        self.slot.card = replace(card, **wanted, **({"pan": pan} if pan else {}))
        self._world.changed()

    async def _move(self, running: Running) -> None:
        payload = running.payload
        target = payload.get("to", "exit")
        source, goal = self._unit(payload, "from", GIVING), self._unit(payload, "to", TAKING)
        running.check()
        card = await self._pull(source) if source is not None else self._card_at(payload.get("from"))
        if goal is not None:
            await self._drop(card, goal, "full")
            return
        place = CardPlace.MOUTH if target == "exit" else CardPlace.INSIDE
        if self.slot.place is not place:
            await self._travel(card, place)

    def _unit(self, payload: Payload, side: str, kinds: tuple[str, ...]) -> Bin | None:
        """The storage unit that is named on one side of a Move, if one is.

        Raises:
            CommandFailed: ``invalidData``, there is no such unit, or it is of no kind for that side.
        """
        name = payload.get(side, "transport")
        if name in ("exit", "transport"):
            return None
        unit = self.profile.bin(name)
        if unit is None:
            raise CommandFailed(CompletionCode.INVALID_DATA, f"no such place: {name}")
        if unit.kind not in kinds:
            raise CommandFailed(CompletionCode.INVALID_DATA, f"no card moves {side} {name}, a {unit.kind} unit")
        return unit

    def _card_at(self, source: str | None) -> Card:
        card = self._card()
        at = "exit" if self.slot.place is CardPlace.MOUTH else "transport"
        if source not in (None, at):
            raise refused("noMedia", f"no card at {source}")
        return card

    async def _reset(self, running: Running) -> None:
        target, retain = running.payload.get("to", "auto"), self._retain_unit(running.payload)
        slot = self.slot
        if slot.card is None:
            return
        await self._motor.run(MOVE_S)
        if slot.card is None:
            return
        if target != "currentPosition" or slot.place is CardPlace.JAMMED:
            slot.place = CardPlace.INSIDE
            self._world.changed()
        try:
            found = await self._put_away(slot.card, target, retain)
        except CommandFailed as failure:
            if failure.error_code != "noMedia":
                raise
            return  # pulled out meanwhile: the way is free
        self.broadcast("MediaDetectedEvent", {"position": found})

    def _retain_unit(self, payload: Payload) -> Bin:
        """Where a Reset keeps a card.

        Raises:
            CommandFailed: ``invalidData``, what is named is no retain unit of this device.
        """
        name = payload.get("storageId", self.profile.retain.key)
        unit = self.profile.bin(name)
        if unit is None or unit.kind != "retain":
            raise CommandFailed(CompletionCode.INVALID_DATA, f"{name} is no retain unit")
        return unit

    async def _put_away(self, card: Card, target: str, retain: Bin) -> str:
        if target == "retain" or (target == "auto" and not self.profile.accepts):
            await self._drop(card, retain, "retainBinFull")
            return retain.key
        if target in ("exit", "auto"):
            await self._travel(card, CardPlace.MOUTH)
        return "exit" if self.slot.place is CardPlace.MOUTH else "transport"

    # -- chip ----------------------------------------------------------------------------------------

    async def _chip_power(self, running: Running) -> Payload:
        card = self._card_inside()
        await self._run(card, CHIP_S)
        if running.payload["chipPower"] == "off":
            self._chip = None
            return {}
        if not card.atr or self._strikes(UNREADABLE):
            raise refused("atrNotObtained", "no chip answers")
        self._chip = Chip(card)
        return {"chipData": base64.b64encode(bytes.fromhex(card.atr)).decode()}

    async def _chip_io(self, running: Running) -> Payload:
        card = self._card_inside()
        protocol = running.payload["chipProtocol"]
        if protocol not in PROTOCOLS:
            raise refused("protocolNotSupported")
        if self._chip is None:
            raise refused("atrNotObtained", "the chip has no power")
        chip = self._chip
        await self._run(card, CHIP_S)
        answer = chip.answer(base64.b64decode(running.payload["chipData"]))
        return {"chipProtocol": protocol, "chipData": base64.b64encode(answer).decode()}

    async def _identify(self, _: Running) -> Payload:
        return {"ifmIdentifiers": {"emv": "GT-SIM-0001"}}

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        inside = self.slot.place is CardPlace.INSIDE
        power = "online" if self._chip is not None else "poweredOff"
        return {
            "cardReader": {
                "media": _MEDIA[self.slot.place],
                "chipPower": power if inside else "noCard",
                "chipModule": "ok",
                **({"magWriteModule": "ok"} if self.profile.tracks else {}),
            }
        }

    def common_status(self) -> Payload:
        return {"device": "hardwareError"} if self.slot.place is CardPlace.JAMMED else {}

    def capabilities(self) -> Payload:
        tracks = {track: track in self.profile.tracks for track in ("track1", "track2", "track3")}
        return {
            "cardReader": {
                "type": "motor",
                "readTracks": tracks,
                "writeTracks": tracks,
                "chipProtocols": dict.fromkeys(PROTOCOLS, True),
                "chipPower": {"cold": True, "warm": True, "off": True},
                "powerOnOption": "transport",
                "powerOffOption": "transport",
                "fluxSensorProgrammable": False,
                "readWriteAccessFromExit": False,
                "positions": {"exit": True, "transport": True},
                "cardTakenSensor": True,
            }
        }


class CardDispenser(CardReader):
    """Gives cards (or U-keys) out of a hopper and never asks for one."""

    events: ClassVar[tuple[str, ...]] = ("MediaRemovedEvent", "MediaDetectedEvent", "CardActionEvent")


def _source(data: bytes, unreadable: bool) -> Payload:
    if not data:
        return {"status": "dataMissing"}
    return {"status": "dataInvalid"} if unreadable else {"data": base64.b64encode(data).decode()}
