"""The second display with its keys (interface TextTerminal)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running
from devices.sim.small.terminal_forms import TerminalForms
from devices.sim.world.subjects import TerminalKeys
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

SIZES = ((32, 8), (20, 4))
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COMMANDS = ("enter", "cancel", "clear", "backspace")


class TextTerminal(Interface):
    """Characters on a grid; rows from the top, columns from the left, both from zero."""

    name: ClassVar[str] = "TextTerminal"
    events: ClassVar[tuple[str, ...]] = ("KeyEvent", "FieldErrorEvent", "FieldWarningEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetKeyDetail", "GetFormList"})

    def __init__(self, bench: Bench, keys: TerminalKeys) -> None:
        super().__init__()
        self._world = bench.world
        self._keys = keys
        self._size = SIZES[0]
        self._cursor = (0, 0)
        self._terminators: frozenset[str] = frozenset()
        self._forms = TerminalForms(bench.world, self)
        self.blank()

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
            **self._forms.commands(),
        }

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._size

    def blank(self) -> None:
        """Clear everything."""
        columns, rows = self._size
        self._keys.screen = [" " * columns] * rows
        self._cursor = (0, 0)

    # -- writing -------------------------------------------------------------------------------------

    def _place(self, payload: Mapping[str, Any]) -> tuple[int, int]:
        x, y = payload["posX"], payload["posY"]
        columns, rows = self._size
        if payload.get("mode", "absolute") == "relative":
            left, top = self._cursor
            if x == y == 0:
                return left, top  # behind a full row as well: what is written next begins a new one
            if left == columns:
                left, top = 0, top + 1
            x, y, rows = left + x, top + y, max(rows, top + 1)
        if x >= columns or y >= rows:
            raise CommandFailed(CompletionCode.INVALID_DATA, "beyond the edge of the display")
        return x, y

    def put(self, x: int, y: int, text: str) -> None:
        """Write from a place on; beyond the last line the others move up."""
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
        self.put(x, y, text)

    async def _clear(self, running: Running) -> None:
        area = running.payload.get("screen")
        if area is None:
            self.blank()
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
        self.blank()
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
        auto_end = bool(payload.get("autoEnd"))
        typed, _ = await self._listen(running, {*plain, *commands}, ends, payload["numOfChars"], auto_end)
        if payload.get("echoMode", "text") == "text":
            self.put(x, y, typed)
        return {"input": typed}

    async def ask(self, running: Running, most: int, shown: Callable[[str], None]) -> tuple[str, str]:
        """What is typed into a field of a form, and the key that ended it: enter or cancel."""
        return await self._listen(running, {*DIGITS, *COMMANDS}, {"enter", "cancel"}, most, False, shown)

    async def _listen(
        self,
        running: Running,
        active: set[str],
        ends: set[str],
        most: int,
        auto_end: bool,
        shown: Callable[[str], None] = lambda text: None,
    ) -> tuple[str, str]:
        """Up to so many characters (0: any number) from the live keys, and the key that ended it."""
        presses: asyncio.Queue[str] = asyncio.Queue()
        self._keys.listener = presses.put_nowait
        self._world.changed()
        typed = ""
        try:
            while True:
                key = await running.wait(presses.get())
                if key not in active:
                    continue
                typed = self._after(running, typed, key, most)
                shown(typed)
                if key in ends or (auto_end and len(typed) == most and key in DIGITS):
                    return typed, key
        finally:
            self._keys.listener = None
            self._world.changed()

    @staticmethod
    def _after(running: Running, typed: str, key: str, most: int) -> str:
        """What stands there after a key."""
        if key in DIGITS:
            if most and len(typed) >= most:
                return typed
            running.event("TextTerminal.KeyEvent", {"key": key})
            return typed + str(DIGITS.index(key))
        running.event("TextTerminal.KeyEvent", {"commandKey": key})
        if key == "backspace":
            return typed[:-1]
        return "" if key in ("clear", "cancel") else typed

    async def _beep(self, _: Running) -> None:
        """It is heard, not seen."""

    async def _reset(self, _: Running) -> None:
        self._terminators = frozenset()
        self.blank()
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
                "forms": True,
            }
        }
