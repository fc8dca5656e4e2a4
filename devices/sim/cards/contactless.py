"""The contactless payment reader: a CardReader with EMV kernels of its own (EMV Contactless Book A).

The host configures it, gives it a transaction's data and gets the outcome: the reader talks to the card by itself.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.cards.chip import AID
from devices.sim.cards.emv import Asked, issuer_answer, read_tlv, write_tlv
from devices.sim.interface import Handler, Interface, Running
from devices.sim.interlock import ask
from devices.sim.world.antenna import Antenna
from devices.sim.world.card import Card
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

READ_S = 0.4
PROFILE = bytes.fromhex("1980")
NEEDED = {"9F02": 6, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4}
"""What a transaction needs: amount, currency, date, type, unpredictable number; tag and length in bytes."""
FLOOR, LIMIT, CVM_LIMIT = "DF8123", "DF8124", "DF8126"
_MESSAGES = {
    "approve": 3, "decline": 7, "tryAnotherInterface": 24, "multipleCards": 25, "onlineRequest": 27, "tryAgain": 33,
    "endApplication": 28,
}  # fmt: skip
PRESENT, PROCESSING, READ_OK = 21, 22, 23
APPROVED = b"00"


@dataclass(frozen=True, slots=True)
class _Application:
    """An application of the terminal: amounts in the last two digits' minor units, as its kernel is told them."""

    aid: bytes
    partial: bool
    kind: int
    kernel: str
    limits: Mapping[str, bytes]

    def fits(self, aid: bytes, kind: int) -> bool:
        """Whether it takes a card with that application for that type of transaction."""
        same = aid.startswith(self.aid) if self.partial else aid == self.aid
        return same and kind == self.kind

    def over(self, limit: str, amount: int, otherwise: bool) -> bool:
        """Whether an amount is above a limit; ``otherwise``: there is none."""
        return amount > int(self.limits[limit].hex()) if limit in self.limits else otherwise


@dataclass(frozen=True, slots=True)
class _Pending:
    """A transaction that waits for its issuer."""

    asked: Asked
    cryptogram: bytes


def _limits(config: bytes) -> dict[str, bytes]:
    limits = read_tlv(config)
    if any(
        len(limits[tag]) != 6 or not limits[tag].hex().isdecimal() for tag in (FLOOR, LIMIT, CVM_LIMIT) if tag in limits
    ):
        raise ValueError("a limit has twelve digits")
    return limits


class ContactlessReader(Interface):
    """Cards are held to it, never swallowed."""

    name: ClassVar[str] = "CardReader"
    events: ClassVar[tuple[str, ...]] = ("EMVClessReadStatusEvent", "MediaRemovedEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"QueryIFMIdentifier"})

    def __init__(self, bench: Bench, antenna: Antenna) -> None:
        super().__init__()
        self._bench = bench
        self._antenna = antenna
        self._pending: _Pending | None = None
        self._seen = bool(antenna.cards)
        self._config: dict[str, Any] = bench.world.remember("contactless", lambda: self._config or None) or {}
        bench.world.listen(self._watch)

    def _watch(self) -> None:
        present = bool(self._antenna.cards)
        if self._seen and not present:
            self.broadcast("MediaRemovedEvent")
        self._seen = present

    def faults(self) -> Sequence[str]:
        return ("card.unreadable",)

    def commands(self) -> Mapping[str, Handler]:
        return {
            "EMVClessConfigure": self._configure,
            "EMVClessQueryApplications": self._query,
            "EMVClessPerformTransaction": self._perform,
            "EMVClessIssuerUpdate": self._update,
            "QueryIFMIdentifier": self._identify,
            "Reset": self._reset,
        }

    # -- configuration -------------------------------------------------------------------------------

    async def _configure(self, running: Running) -> None:
        payload = running.payload
        try:
            read_tlv(base64.b64decode(payload.get("terminalData", "")))
        except ValueError as error:
            raise refused("invalidTerminalData") from error
        try:
            for each in payload.get("aidData", ()):
                _limits(base64.b64decode(each.get("configData", "")))
                if not 5 <= len(base64.b64decode(each["aid"])) <= 16:
                    raise ValueError("no application identifier")
        except ValueError as error:
            raise refused("invalidAidData", str(error)) from error
        for each in payload.get("keyData", ()):
            self._check_authority(each)
        self._config = dict(payload)
        self._pending = None
        self._bench.world.changed()

    @staticmethod
    def _check_authority(entry: Mapping[str, Any]) -> None:
        """A certification authority's public key, held against its check sum (EMV Book 2, 11.2.2)."""
        key = entry["caPublicKey"]
        modulus, exponent = base64.b64decode(key["modulus"]), base64.b64decode(key["exponent"])
        text = base64.b64decode(entry["rid"]) + bytes([key["index"] & 0xFF]) + modulus + exponent
        # SHA-1 is what the standard has here; it guards against mistakes, not against people.
        if hashlib.sha1(text, usedforsecurity=False).digest() != base64.b64decode(key["checksum"]):
            raise refused("invalidKeyData", "the check sum does not fit")

    @property
    def _applications(self) -> list[_Application]:
        return [
            _Application(
                base64.b64decode(each["aid"]),
                each["partialSelection"],
                each["transactionType"],
                each.get("kernelIdentifier", ""),
                _limits(base64.b64decode(each.get("configData", ""))),
            )
            for each in self._config.get("aidData", ())
        ]

    async def _query(self, _: Running) -> Payload:
        shown = []
        for application in self._applications:
            entry = {"aid": base64.b64encode(application.aid).decode()}
            shown.append(entry | ({"kernelIdentifier": application.kernel} if application.kernel else {}))
        return {"appData": shown}

    # -- a transaction -------------------------------------------------------------------------------

    def _terminal(self, running: Running) -> dict[str, bytes]:
        try:
            standing = read_tlv(base64.b64decode(self._config.get("terminalData", "")))
            asked = standing | read_tlv(base64.b64decode(running.payload.get("data", "")))
        except ValueError as error:
            raise CommandFailed(CompletionCode.INVALID_DATA, "no BER-TLV") from error
        if any(len(asked.get(tag, b"")) != size for tag, size in NEEDED.items()) or not asked["9F02"].hex().isdecimal():
            raise CommandFailed(CompletionCode.INVALID_DATA, f"{', '.join(NEEDED)} are needed")
        return asked

    async def _card(self, running: Running) -> Card | None:
        """The card that is held there, once it was read; None: it went too early.

        Raises:
            CommandFailed: ``invalidMedia``, it cannot be read.
        """
        antenna, bench = self._antenna, self._bench
        bench.motor.check()
        running.event("CardReader.EMVClessReadStatusEvent", {"messageId": PRESENT, "status": "readyToRead"})
        while not antenna.cards:
            await ask(running, bench.world, bench.motor, lambda: bool(antenna.cards))
        running.event("CardReader.EMVClessReadStatusEvent", {"messageId": PROCESSING, "status": "processing"})
        card = antenna.cards[0]
        await bench.motor.run(READ_S)
        if bench.faults.strikes("card.unreadable", service=self.service):
            raise refused("invalidMedia")
        if card not in antenna.cards:
            return None
        running.event("CardReader.EMVClessReadStatusEvent", {"messageId": READ_OK, "status": "cardReadOk"})
        return card

    async def _perform(self, running: Running) -> Payload:
        if not self._config:
            raise refused("readerNotConfigured")
        self._pending = None
        terminal = self._terminal(running)
        card = await self._card(running)
        if card is None:
            return {"chip": _retap("tryAgain")}
        if len(self._antenna.cards) > 1:
            return {"chip": _retap("multipleCards")}
        amount, kind = int(terminal["9F02"].hex()), terminal["9C"][0]
        application = next((each for each in self._applications if each.fits(AID, kind)), None)
        if application is None:
            return {"chip": _outcome("endApplication")}
        if application.over(LIMIT, amount, otherwise=False):
            return {"chip": _outcome("tryAnotherInterface", alternateInterface="contact")}
        return {"chip": self._decided(card, terminal, application, amount) | {"cardholderAction": "none"}}

    def _decided(self, card: Card, terminal: dict[str, bytes], application: _Application, amount: int) -> Payload:
        """The card's answer: approved by itself up to the floor limit, for the issuer to say above it."""
        asked = Asked(card.pan, self._antenna.count(card), terminal)
        cryptogram = asked.cryptogram(PROFILE)
        online = application.over(FLOOR, amount, otherwise=True)
        if online:
            self._pending = _Pending(asked, cryptogram)
        self._bench.world.changed()
        data = write_tlv(
            (
                ("4F", AID),
                ("57", bytes.fromhex(_whole(card.track2.replace("=", "D")))),
                ("5A", bytes.fromhex(_whole(card.pan))),
                ("82", PROFILE),
                ("9F26", cryptogram),
                ("9F27", b"\x80" if online else b"\x40"),
                ("9F36", asked.counter.to_bytes(2, "big")),
                *((tag, terminal[tag]) for tag in NEEDED),
            )
        )
        cvm = "onlinePIN" if application.over(CVM_LIMIT, amount, otherwise=False) else "noCVM"
        read = base64.b64encode(data).decode()
        return _outcome("onlineRequest" if online else "approve", cvm=cvm, receipt=True) | {"dataRead": read}

    async def _update(self, running: Running) -> Payload:
        pending = self._pending
        if pending is None:
            raise refused("transactionNotInitiated")
        try:
            given = read_tlv(base64.b64decode(running.payload["data"]))
        except ValueError as error:
            raise CommandFailed(CompletionCode.INVALID_DATA, "no BER-TLV") from error
        card = await self._card(running)
        if card is None or len(self._antenna.cards) > 1:
            return {"chip": _outcome("tryAgain" if card is None else "multipleCards", restart=True)}
        if card.pan != pending.asked.pan:
            raise refused("invalidMedia", "another card than before")
        self._pending = None
        answer = given.get("91", b"")
        said, code = answer[:8], answer[8:10]
        good = len(answer) == 10 and said == issuer_answer(pending.asked.key, pending.cryptogram, code)
        return {"chip": _outcome("approve" if good and code == APPROVED else "decline", receipt=True)}

    # -- the rest ------------------------------------------------------------------------------------

    async def _reset(self, _: Running) -> None:
        self._pending = None

    async def _identify(self, _: Running) -> Payload:
        return {"ifmIdentifiers": {"emv": "GT-SIM-CL-0001"}}

    def status(self) -> Payload:
        present = bool(self._antenna.cards)
        return {"cardReader": {"media": "present" if present else "notPresent", "chipModule": "ok"}}

    def capabilities(self) -> Payload:
        nothing = dict.fromkeys(("track1", "track2", "track3"), False)
        return {
            "cardReader": {
                "type": "intelligentContactless",
                "readTracks": nothing,
                "writeTracks": nothing,
                "chipProtocols": {"chipTypeAPart4": True},
                "fluxSensorProgrammable": False,
                "readWriteAccessFromExit": False,
                "cardTakenSensor": True,
            }
        }


def _whole(digits: str) -> str:
    return digits + "F" * (len(digits) % 2)


def _retap(what: str) -> Payload:
    return _outcome(what, restart=True) | {"cardholderAction": "retap"}


def _outcome(what: str, *, restart: bool = False, **more: Any) -> Payload:
    """An outcome in the standard's words, with what the reader's display is to say."""
    shown = {"messageId": _MESSAGES[what], "status": "readyToRead" if restart else "idle", "holdTime": 0}
    result = {"receipt": False, **more, "uiOutcome": shown}
    if restart:
        result["uiRestart"] = {"messageId": PRESENT, "status": "readyToRead", "holdTime": 0}
    return {"txOutcome": what, "clessOutcome": result}
