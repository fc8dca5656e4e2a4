"""The second display with its keys (interface TextTerminal); no forms."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.subjects import TerminalKeys
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

SIZES = ((32, 8), (20, 4))
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COMMANDS = ("enter", "cancel", "clear", "backspace")


class TextTerminal(Interface):
    """Characters on a grid; rows from the top, columns from the left, both from zero."""

    name: ClassVar[str] = "TextTerminal"
    events: ClassVar[tuple[str, ...]] = ("KeyEvent",)
    immediate: ClassVar[frozenset[str]] = frozenset({"GetKeyDetail"})

    def __init__(self, bench: Bench, keys: TerminalKeys) -> None:
        super().__init__()
        self._world = bench.world
        self._keys = keys
        self._size = SIZES[0]
        self._cursor = (0, 0)
        self._terminators: frozenset[str] = frozenset()
        self._blank()

    def commands(self) -> Mapping[str, Handler]:
        return {
            "Write": self._write,
            "Read": self._read,
            "ClearScreen": self._clear,
            "SetResolution": self._set_resolution,
            "GetKeyDetail": self._key_detail,
            "DefineKeys": self._define_keys,
            "Beep": self._beep,
            "Reset": self._reset,
        }

    def _blank(self) -> None:
        columns, rows = self._size
        self._keys.screen = [" " * columns] * rows
        self._cursor = (0, 0)

    # -- writing -------------------------------------------------------------------------------------

    def _place(self, payload: Mapping[str, Any]) -> tuple[int, int]:
        x, y = payload["posX"], payload["posY"]
        if payload.get("mode", "absolute") == "relative":
            x, y = self._cursor[0] + x, self._cursor[1] + y
        columns, rows = self._size
        if x >= columns or y >= rows:
            raise CommandFailed(CompletionCode.INVALID_DATA, "beyond the edge of the display")
        return x, y

    def _put(self, x: int, y: int, text: str) -> None:
        columns, rows = self._size
        for character in text:
            if character == "\n" or x >= columns:
                x, y = 0, y + 1
            if y >= rows:
                self._keys.screen = [*self._keys.screen[1:], " " * columns]
                y = rows - 1
            if character != "\n":
                line = self._keys.screen[y]
                self._keys.screen[y] = line[:x] + character + line[x + 1 :]
                x += 1
        self._cursor = (x, y)
        self._world.changed()

    async def _write(self, running: Running) -> None:
        text = running.payload["text"]
        x, y = self._place(running.payload)
        if not all(character.isprintable() or character == "\n" for character in text):
            raise refused("characterSetsData")
        self._put(x, y, text)

    async def _clear(self, running: Running) -> None:
        area = running.payload.get("screen")
        if area is None:
            self._blank()
        else:
            right = area["positionX"] + area["width"]
            for y in range(area["positionY"], min(area["positionY"] + area["height"], self._size[1])):
                line = self._keys.screen[y]
                blank = " " * max(0, min(right, self._size[0]) - area["positionX"])
                self._keys.screen[y] = (line[: area["positionX"]] + blank + line[right:])[: self._size[0]]
        self._world.changed()

    async def _set_resolution(self, running: Running) -> None:
        wanted = (running.payload["resolution"]["sizeX"], running.payload["resolution"]["sizeY"])
        if wanted not in SIZES:
            raise refused("resolutionNotSupported")
        self._size = wanted
        self._blank()
        self._world.changed()

    # -- keys ----------------------------------------------------------------------------------------

    @staticmethod
    def _check_keys(plain: list[str], commands: Mapping[str, Any]) -> None:
        if not plain and not commands:
            raise refused("noActiveKeys")
        if not set(plain) <= set(DIGITS) or not commands.keys() <= set(COMMANDS):
            raise refused("keyNotSupported")

    async def _define_keys(self, running: Running) -> None:
        commands = running.payload.get("activeCommandKeys", {})
        self._check_keys(running.payload["activeKeys"], commands)
        self._terminators = frozenset(name for name, key in commands.items() if key.get("terminate"))

    async def _key_detail(self, _: Running) -> Payload:
        return {"keys": list(DIGITS), "commandKeys": {name: {"terminate": True} for name in COMMANDS}}

    async def _read(self, running: Running) -> Payload:
        payload = running.payload
        plain = payload.get("activeKeys", [])
        commands: Mapping[str, Any] = payload.get("activeCommandKeys", {})
        self._check_keys(plain, commands)
        ends = {name for name, key in commands.items() if key.get("terminate")} | self._terminators
        if not payload.get("autoEnd") and not ends:
            raise CommandFailed(CompletionCode.INVALID_DATA, "no key would ever end this")
        x, y = self._place(payload)
        presses: asyncio.Queue[str] = asyncio.Queue()
        self._keys.listener = presses.put_nowait
        self._world.changed()
        try:
            typed = await self._collect(running, presses, {*plain, *commands}, ends)
        finally:
            self._keys.listener = None
            self._world.changed()
        if payload.get("echoMode", "text") == "text":
            self._put(x, y, typed)
        return {"input": typed}

    async def _collect(self, running: Running, presses: asyncio.Queue[str], active: set[str], ends: set[str]) -> str:
        most = running.payload["numOfChars"]
        typed = ""
        while True:
            key = await running.wait(presses.get())
            if key not in active:
                continue
            if key in DIGITS:
                if len(typed) < most or not most:
                    typed += str(DIGITS.index(key))
                    running.event("TextTerminal.KeyEvent", {"key": key})
                if running.payload.get("autoEnd") and len(typed) == most:
                    return typed
                continue
            running.event("TextTerminal.KeyEvent", {"commandKey": key})
            if key == "backspace":
                typed = typed[:-1]
            elif key in ("clear", "cancel"):
                typed = ""
            if key in ends:
                return typed

    async def _beep(self, _: Running) -> None:
        """It is heard, not seen."""

    async def _reset(self, _: Running) -> None:
        self._terminators = frozenset()
        self._blank()
        self._world.changed()

    def status(self) -> Payload:
        columns, rows = self._size
        lit = "on" if self._keys.listener is not None else "off"
        return {"textTerminal": {"keyboard": lit, "keyLock": "off", "displaySizeX": columns, "displaySizeY": rows}}

    def capabilities(self) -> Payload:
        return {
            "textTerminal": {
                "type": "fixed",
                "resolutions": [{"sizeX": columns, "sizeY": rows} for columns, rows in SIZES],
                "keyLock": False,
                "cursor": False,
                "forms": False,
            }
        }
