"""The reader of resident identity cards: a contactless CardReader whose antenna lies under the document glass.

The chip is spoken to with ``ChipIO`` in frames of a reader's security module (`devices.idcard.frames`). That module's
check of the chip's signature is simulated: it proves nothing, and the reader says who it is (``GT-SIM-ID``).
"""

import base64
from collections.abc import Mapping, Sequence
from typing import ClassVar

from common.errors import UserError
from devices.idcard import frames
from devices.idcard.layout import unseal
from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running
from devices.sim.interlock import ask
from devices.sim.world.fascia import Glass
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

FIND_S = 0.1
READ_S = 0.6
PROTOCOL = "chipTypeB"
ATQB = bytes.fromhex("50000000000000000000d103860c")
"""Answer to request of a type B card (ISO/IEC 14443-3)."""


class IdCardReader(Interface):
    """Reads the chip of the card that lies on the glass."""

    name: ClassVar[str] = "CardReader"
    events: ClassVar[tuple[str, ...]] = ("InsertCardEvent", "MediaInsertedEvent", "MediaRemovedEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"QueryIFMIdentifier"})

    def __init__(self, bench: Bench, glass: Glass) -> None:
        super().__init__()
        self._bench = bench
        self._glass = glass
        self._powered: bytes | None = None
        self._selected = False
        self._seen = glass.chip is not None
        bench.world.listen(self._watch)

    def _watch(self) -> None:
        present = self._glass.chip is not None
        if self._glass.chip is not self._powered:
            self._powered, self._selected = None, False
        if self._seen and not present:
            self.broadcast("MediaRemovedEvent")
        self._seen = present

    def commands(self) -> Mapping[str, Handler]:
        return {
            "ReadRawData": self._read,
            "ChipIO": self._chip_io,
            "ChipPower": self._power,
            "Reset": self._reset,
            "QueryIFMIdentifier": self._identify,
        }

    def faults(self) -> Sequence[str]:
        return ("card.unreadable",)

    async def _read(self, running: Running) -> Payload:
        if {source for source, asked in running.payload.items() if asked} != {"chip"}:
            raise CommandFailed(CompletionCode.INVALID_DATA, "only the chip can be read")
        self._bench.motor.check()
        running.event("CardReader.InsertCardEvent")
        await ask(running, self._bench.world, self._bench.motor, lambda: self._glass.chip is not None)
        running.event("CardReader.MediaInsertedEvent")
        await self._bench.motor.run(FIND_S)
        if self._bench.faults.strikes("card.unreadable", service=self.service):
            return {"chip": [{"status": "dataInvalid"}]}
        if self._glass.chip is None:
            raise refused("noMedia", "the card was taken away")
        self._powered = self._glass.chip
        return {"chip": [{"data": base64.b64encode(ATQB).decode()}]}

    async def _power(self, running: Running) -> Payload:
        if running.payload["chipPower"] == "off":
            self._powered, self._selected = None, False
            return {}
        self._bench.motor.check()
        if self._glass.chip is None:
            raise refused("noMedia")
        self._powered = self._glass.chip
        return {"chipData": base64.b64encode(ATQB).decode()}

    async def _chip_io(self, running: Running) -> Payload:
        if running.payload["chipProtocol"] != PROTOCOL:
            raise refused("protocolNotSupported")
        if self._powered is None:
            raise refused("atrNotObtained" if self._glass.chip is not None else "noMedia")
        try:
            command, _ = frames.unframe(base64.b64decode(running.payload["chipData"]), 2)
        except UserError as error:
            raise refused("invalidData") from error
        await self._bench.motor.run(READ_S if command == frames.READ_BASE else FIND_S)
        if self._powered is None:
            raise refused("noMedia", "the card was taken away")
        return {"chipProtocol": PROTOCOL, "chipData": base64.b64encode(self._answer(command, self._powered)).decode()}

    def _answer(self, command: bytes, chip: bytes) -> bytes:
        if command == frames.FIND:
            return frames.frame(frames.FOUND, bytes(4))
        if command == frames.SELECT:
            self._selected = True
            return frames.frame(frames.DONE, bytes(8))
        if command != frames.READ_BASE or not self._selected:
            return frames.frame(frames.WRONG)
        try:
            text, portrait, good = unseal(chip)
        except UserError:
            return frames.frame(frames.NOTHING)
        lengths = len(text).to_bytes(2, "big") + len(portrait).to_bytes(2, "big")
        return frames.frame(frames.DONE if good else frames.UNSEALED, lengths + text + portrait)

    async def _reset(self, _: Running) -> None:
        self._powered, self._selected = None, False

    async def _identify(self, _: Running) -> Payload:
        return {"ifmIdentifiers": {"emv": "GT-SIM-ID-0001"}}

    def status(self) -> Payload:
        present = self._glass.chip is not None
        power = ("online" if self._powered is not None else "poweredOff") if present else "noCard"
        return {"cardReader": {"media": "present" if present else "notPresent", "chipPower": power, "chipModule": "ok"}}

    def capabilities(self) -> Payload:
        nothing = dict.fromkeys(("track1", "track2", "track3"), False)
        return {
            "cardReader": {
                "type": "contactless",
                "readTracks": nothing,
                "writeTracks": nothing,
                "chipProtocols": {PROTOCOL: True},
                "chipPower": {"cold": True, "warm": False, "off": True},
                "fluxSensorProgrammable": False,
                "readWriteAccessFromExit": False,
                "cardTakenSensor": True,
            }
        }
