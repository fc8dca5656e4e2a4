"""Keyboard, PinPad and KeyManagement over one secure module."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.epp.module import KEK_NAME, SecureModule, StoredKey
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.world.base import World
from devices.sim.world.fascia import PinKeys
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

_DIGITS = {
    name: str(value)
    for value, name in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_FUNCTIONS = frozenset({"enter", "cancel", "clear", "backspace"})
MAX_PIN = 12
FORMATS = ("iso0", "iso3", "iso4")


class Keyboard(Interface):
    """The keys. Digits of a PIN never appear in any message: a digit's KeyEvent is empty."""

    name: ClassVar[str] = "Keyboard"
    events: ClassVar[tuple[str, ...]] = ("EnterDataEvent", "KeyEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetLayout"})

    def __init__(self, world: World, keys: PinKeys, module: SecureModule) -> None:
        super().__init__()
        self._world = world
        self._keys = keys
        self._module = module

    def commands(self) -> Mapping[str, Handler]:
        return {"PinEntry": self._pin_entry, "GetLayout": self._layout, "Reset": self._reset}

    async def _pin_entry(self, running: Running) -> Payload:
        shortest = integer(running.payload, "minLen")
        longest = integer(running.payload, "maxLen") or MAX_PIN
        active: Mapping[str, Any] = running.payload.get("activeKeys", {})
        automatic = bool(running.payload.get("autoEnd", False))
        if not active:
            raise refused("noActivekeys")
        if not active.keys() <= _DIGITS.keys() | _FUNCTIONS:
            raise refused("keyNotSupported")
        if not automatic and not any(key.get("terminate") for key in active.values()):
            raise refused("noTerminatekeys")
        if longest > MAX_PIN or shortest > longest:
            raise refused("minimumLength")
        presses: asyncio.Queue[str] = asyncio.Queue()
        self._module.drop_pin()
        self._keys.connect(presses.put_nowait)
        self._world.changed()
        running.event("Keyboard.EnterDataEvent")
        try:
            completion = await self._collect(running, presses, shortest, longest, active, automatic)
        except CommandFailed:
            self._module.drop_pin()
            raise
        finally:
            self._keys.connect(None)
            self._world.changed()
        return {"digits": self._module.digits, "completion": completion}

    async def _collect(
        self,
        running: Running,
        presses: asyncio.Queue[str],
        shortest: int,
        longest: int,
        active: Mapping[str, Any],
        automatic: bool,
    ) -> str:
        module = self._module
        while True:
            key = await running.wait(presses.get())
            if key not in active or (key == "enter" and module.digits < shortest):
                continue
            if key in _DIGITS:
                if module.digits >= longest:
                    continue
                module.add_digit(_DIGITS[key])
                running.event("Keyboard.KeyEvent", {})
                if automatic and module.digits == longest:
                    return "auto"
                continue
            running.event("Keyboard.KeyEvent", {"completion": key, "digit": key})
            if key == "backspace":
                module.drop_last()
            elif key != "enter":
                module.drop_pin()
            if active[key].get("terminate"):
                return key

    async def _layout(self, running: Running) -> Payload:
        mode = running.payload.get("entryMode", "pin")
        if mode != "pin":
            raise refused("modeNotSupported")
        names = (
            "one",
            "two",
            "three",
            "cancel",
            "four",
            "five",
            "six",
            "clear",
            "seven",
            "eight",
            "nine",
            "backspace",
            "zero",
            "enter",
        )
        keys = [
            {"xPos": 60 * (i % 4), "yPos": 60 * (i // 4), "xSize": 56, "ySize": 56, "key": name}
            for i, name in enumerate(names)
        ]
        return {"layout": {"pin": [{"xPos": 0, "yPos": 0, "xSize": 0, "ySize": 0, "keys": keys}]}}

    async def _reset(self, _: Running) -> None:
        self._module.drop_pin()

    def status(self) -> Payload:
        return {"keyboard": {"autoBeepMode": {"activeAvailable": True, "inactiveAvailable": False}}}

    def capabilities(self) -> Payload:
        return {
            "keyboard": {
                "autoBeep": {
                    "activeAvailable": True,
                    "activeSelectable": False,
                    "inactiveAvailable": False,
                    "inactiveSelectable": False,
                }
            }
        }


class PinPad(Interface):
    """Turns the PIN just entered into an encrypted block."""

    name: ClassVar[str] = "PinPad"

    def __init__(self, module: SecureModule) -> None:
        super().__init__()
        self._module = module

    def commands(self) -> Mapping[str, Handler]:
        return {"GetPinBlock": self._pin_block, "Reset": self._reset}

    async def _pin_block(self, running: Running) -> Payload:
        payload = running.payload
        if payload["format"] not in FORMATS:
            raise refused("formatNotSupported")
        if payload.get("cryptoMethod", "ecb") != "ecb":
            raise refused("cryptoMethodNotSupported")
        data = payload.get("customerData", "")
        if not data.isdecimal() or not 12 <= len(data) <= 19 or "key" not in payload:
            raise CommandFailed(CompletionCode.INVALID_DATA, "customerData must be 12 to 19 digits, with a key")
        block = self._module.pin_block(payload["format"], payload["key"], data)
        return {"pinBlock": base64.b64encode(block).decode()}

    async def _reset(self, _: Running) -> None:
        self._module.drop_pin()

    def capabilities(self) -> Payload:
        ecb = {"E": {"cryptoMethod": {"ecb": True}}}
        return {
            "pinPad": {
                "pinFormats": dict.fromkeys(FORMATS, True),
                "display": {"none": True},
                "idcConnect": False,
                "pinCanPersistAfterUse": False,
                "typeCombined": False,
                "setPinblockDataRequired": False,
                "pinBlockAttributes": {"P0": {"A": ecb, "T": ecb}},
            }
        }


class KeyManagement(Interface):
    """Loads and lists keys."""

    name: ClassVar[str] = "KeyManagement"
    events: ClassVar[tuple[str, ...]] = ("InitializedEvent",)
    immediate: ClassVar[frozenset[str]] = frozenset({"GetKeyDetail"})

    def __init__(self, world: World, module: SecureModule) -> None:
        super().__init__()
        self._world = world
        self._module = module

    def commands(self) -> Mapping[str, Handler]:
        return {
            "ImportKey": self._import,
            "GetKeyDetail": self._detail,
            "Initialization": self._initialise,
            "DeleteKey": self._delete,
        }

    async def _import(self, running: Running) -> Payload:
        payload = running.payload
        if payload.get("decryptKey", KEK_NAME) != KEK_NAME:
            raise refused("keyNotFound")
        try:
            block = base64.b64decode(payload.get("value", ""), validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise refused("formatInvalid") from error
        key = self._module.import_block(payload["key"], block)
        self._world.changed()
        return {"keyLength": len(key.secret) * 8}

    @staticmethod
    def _shown(key: StoredKey) -> Payload:
        return {
            "loaded": "yes",
            "keyBlockInfo": {
                "keyUsage": key.usage,
                "algorithm": key.algorithm,
                "modeOfUse": key.mode,
                "keyVersionNumber": key.version,
                "exportability": key.exportability,
                "keyLength": len(key.secret) * 8,
            },
        }

    async def _detail(self, running: Running) -> Payload:
        kek: Payload = {
            "loaded": "yes",
            "keyBlockInfo": {
                "keyUsage": "K1",
                "algorithm": "A",
                "modeOfUse": "D",
                "keyVersionNumber": "00",
                "exportability": "N",
                "keyLength": 256,
            },
        }
        details = {KEK_NAME: kek} | {name: self._shown(key) for name, key in self._module.keys.items()}
        wanted = running.payload.get("keyName")
        if wanted is None:
            return {"keyDetails": details}
        if wanted not in details:
            raise refused("keyNotFound")
        return {"keyDetails": {wanted: details[wanted]}}

    async def _initialise(self, _: Running) -> None:
        self._module.erase()
        self._world.changed()
        self.broadcast("InitializedEvent")

    async def _delete(self, running: Running) -> None:
        self._module.delete(running.payload.get("key", ""))
        self._world.changed()

    def status(self) -> Payload:
        return {"keyManagement": {"encryptionState": "ready" if self._module.keys else "initialized"}}

    def capabilities(self) -> Payload:
        return {
            "keyManagement": {
                "keyNum": 32,
                "keyCheckModes": {"self": False, "zero": False},
                "rsaSignatureAlgorithm": {"pkcs1V15": False, "pss": False},
                "keyBlockImportFormats": {"A": False, "B": False, "C": False, "D": True},
                "keyImportThroughParts": False,
                "symmetricKeyManagementMethods": {"fixedKey": False, "masterKey": True, "tdesDukpt": False},
                "keyAttributes": {"P0": {"A": {"E": {}}, "T": {"E": {}}}},
                "decryptAttributes": {"A": {"decryptMethod": {"cbc": True}}},
                "verifyAttributes": {},
            }
        }
