"""The keys of the PIN pad: PIN entry, entry of figures, entry of key parts."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.epp.keys import StoredKey, good_size
from devices.sim.epp.module import SecureModule
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.world.base import World
from devices.sim.world.fascia import PinKeys
from devices.xfs.codes import CommandFailed, refused
from devices.xfs.envelope import Payload

DIGITS = {
    name: str(value)
    for value, name in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
HEX = DIGITS | {letter: letter for letter in "abcdef"}
FUNCTIONS = frozenset({"enter", "cancel", "clear", "backspace"})
MAX_PIN = 12
MAX_DATA = 32
KEY_LENGTHS = {32: 16, 48: 24, 64: 32}
LAYOUT = (
    ("one", "two", "three", "cancel"),
    ("four", "five", "six", "clear"),
    ("seven", "eight", "nine", "backspace"),
    ("zero", "enter"),
)


class Keyboard(Interface):
    """Digits of a PIN or of a key never appear in any message: a digit's KeyEvent is empty."""

    name: ClassVar[str] = "Keyboard"
    events: ClassVar[tuple[str, ...]] = ("EnterDataEvent", "KeyEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetLayout"})

    def __init__(self, world: World, keys: PinKeys, module: SecureModule) -> None:
        super().__init__()
        self._world = world
        self._keys = keys
        self._module = module
        self._beeps = True

    def commands(self) -> Mapping[str, Handler]:
        return {
            "PinEntry": self._pin_entry,
            "DataEntry": self._data_entry,
            "SecureKeyEntry": self._key_entry,
            "KeypressBeep": self._beep,
            "GetLayout": self._layout,
            "Reset": self._reset,
        }

    # -- the keys live while a command asks for them -------------------------------------------------

    async def _entering(self, running: Running, collect: Any) -> Any:
        presses: asyncio.Queue[str] = asyncio.Queue()
        self._keys.connect(presses.put_nowait)
        self._world.changed()
        running.event("Keyboard.EnterDataEvent")
        try:
            return await collect(presses)
        finally:
            self._keys.connect(None)
            self._world.changed()

    @staticmethod
    def _check_active(active: Mapping[str, Any], allowed: Mapping[str, str], missing: str) -> None:
        if not active:
            raise refused(missing)
        if not active.keys() <= allowed.keys() | FUNCTIONS:
            raise refused("keyNotSupported")

    @staticmethod
    def _ends(active: Mapping[str, Any]) -> bool:
        return any(key.get("terminate") for key in active.values())

    # -- PIN -----------------------------------------------------------------------------------------

    async def _pin_entry(self, running: Running) -> Payload:
        shortest = integer(running.payload, "minLen")
        longest = integer(running.payload, "maxLen") or MAX_PIN
        active: Mapping[str, Any] = running.payload.get("activeKeys", {})
        self._check_active(active, DIGITS, "noActivekeys")
        if not running.payload.get("autoEnd") and not self._ends(active):
            raise refused("noTerminatekeys")
        if longest > MAX_PIN or shortest > longest:
            raise refused("minimumLength")
        self._module.drop_pin()

        async def collect(presses: asyncio.Queue[str]) -> str:
            return await self._collect_pin(running, presses, shortest, longest, active)

        try:
            completion = await self._entering(running, collect)
        except CommandFailed:
            self._module.drop_pin()
            raise
        return {"digits": self._module.digits, "completion": completion}

    async def _collect_pin(
        self,
        running: Running,
        presses: asyncio.Queue[str],
        shortest: int,
        longest: int,
        active: Mapping[str, Any],
    ) -> str:
        module = self._module
        automatic = bool(running.payload.get("autoEnd", False))
        while True:
            key = await running.wait(presses.get())
            if key not in active or (key == "enter" and module.digits < shortest):
                continue
            if key in DIGITS:
                if module.digits >= longest:
                    continue
                module.add_digit(DIGITS[key])
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

    # -- figures -------------------------------------------------------------------------------------

    async def _data_entry(self, running: Running) -> Payload:
        """Figures that are no secret, such as an amount: their keys are told."""
        longest = min(integer(running.payload, "maxLen") or MAX_DATA, MAX_DATA)
        active: Mapping[str, Any] = running.payload["activeKeys"]
        self._check_active(active, DIGITS, "noActivekeys")
        if not running.payload.get("autoEnd") and not self._ends(active):
            raise refused("keyInvalid", "no key would ever end this")
        pressed: list[Payload] = []

        async def collect(presses: asyncio.Queue[str]) -> str:
            count = 0
            while True:
                key = await running.wait(presses.get())
                if key not in active or (key in DIGITS and count >= longest):
                    continue
                told = {"completion": "continue" if key in DIGITS else key, "digit": key}
                pressed.append(told)
                running.event("Keyboard.KeyEvent", told)
                count += key in DIGITS
                if running.payload.get("autoEnd") and count == longest:
                    return "auto"
                if active[key].get("terminate"):
                    return "enter" if key in DIGITS else key

        completion = await self._entering(running, collect)
        return {"keys": len(pressed), "pinKeys": pressed, "completion": completion}

    # -- key parts -----------------------------------------------------------------------------------

    async def _key_entry(self, running: Running) -> Payload:
        """A part of a key, typed digit by digit; it stays inside until ImportKey takes it."""
        payload = running.payload
        length, algorithm = payload["keyLen"], "T" if payload.get("cryptoMethod") == "tripleDes" else "A"
        active: Mapping[str, Any] = payload["activeKeys"]
        self._check_active(active, HEX, "noActiveKeys")
        if length not in KEY_LENGTHS or not good_size(algorithm, KEY_LENGTHS[length]):
            raise refused("invalidKeyLength")
        if not HEX.keys() <= active.keys():
            raise refused("missingKeys")
        if not payload.get("autoEnd") and not self._ends(active):
            raise refused("noTerminatekeys")
        digits: list[str] = []

        async def collect(presses: asyncio.Queue[str]) -> str:
            while True:
                key = await running.wait(presses.get())
                if key not in active or (key == "enter" and len(digits) < length):
                    continue
                if key in HEX:
                    digits.extend([HEX[key]] if len(digits) < length else [])
                    running.event("Keyboard.KeyEvent", {})
                    if payload.get("autoEnd") and len(digits) == length:
                        return "auto"
                    continue
                running.event("Keyboard.KeyEvent", {"completion": key, "digit": key})
                if key == "backspace":
                    del digits[-1:]
                elif key != "enter":
                    digits.clear()
                if active[key].get("terminate"):
                    return key

        completion = await self._entering(running, collect)
        if len(digits) < length:
            return {"digits": len(digits), "completion": completion}
        self._module.keys.typed = bytes.fromhex("".join(digits))
        part = StoredKey(self._module.keys.typed, "K0", algorithm, "N", "00", "N")
        check = part.check_value(payload["verificationType"] == "self")
        return {"digits": len(digits), "completion": completion, "kcv": _base64(check)}

    # -- the rest ------------------------------------------------------------------------------------

    async def _beep(self, running: Running) -> None:
        self._beeps = bool(running.payload.get("mode", {}).get("active", False))

    async def _layout(self, running: Running) -> Payload:
        mode = running.payload.get("entryMode")
        keys = [
            {"xPos": 60 * column, "yPos": 60 * row, "xSize": 56, "ySize": 56, "key": name}
            for row, names in enumerate(LAYOUT)
            for column, name in enumerate(names)
        ]
        frame = [{"xPos": 0, "yPos": 0, "xSize": 0, "ySize": 0, "keys": keys}]
        if mode == "secure":
            raise refused("modeNotSupported", "a to f are on the figures, with shift")
        return {"layout": dict.fromkeys((mode,) if mode else ("data", "pin"), frame)}

    async def _reset(self, _: Running) -> None:
        self._module.drop_pin()
        self._module.keys.typed = b""

    def status(self) -> Payload:
        return {"keyboard": {"autoBeepMode": {"activeAvailable": self._beeps, "inactiveAvailable": False}}}

    def capabilities(self) -> Payload:
        return {
            "keyboard": {
                "autoBeep": {
                    "activeAvailable": True,
                    "activeSelectable": True,
                    "inactiveAvailable": False,
                    "inactiveSelectable": False,
                }
            }
        }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
