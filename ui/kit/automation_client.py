"""Plays a person in a Guitai window from another process: the client of :mod:`ui.kit.automation`. No Qt here."""

import asyncio
import contextlib
import io
import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

from PIL import Image

_LINE_LIMIT = 64_000_000
_PICTURE_NICENESS = 15


class AutomationError(Exception):
    """The window could not do what was asked: ``code`` and what it was about."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code, self.what = code, what


class AutomationLine:
    """One connection to one window: commands go out, results come back, one at a time.

    Args:
        timeout_s: how long a command may wait until its widget is there and usable.
    """

    def __init__(self, port: int, token: str, host: str = "127.0.0.1", timeout_s: float = 10.0) -> None:
        self._port, self._token, self._host, self.timeout_s = port, token, host, timeout_s
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._lock = asyncio.Lock()
        self._next = 0

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self, within_s: float = 10.0) -> None:
        """Connect, trying again while nobody listens yet."""
        deadline = asyncio.get_running_loop().time() + within_s
        while True:
            try:
                streams = await asyncio.open_connection(self._host, self._port, limit=_LINE_LIMIT)
                break
            except OSError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.05)
        self._reader, self._writer = streams
        try:
            await self.command("hello", token=self._token)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
            self._writer = self._reader = None

    async def command(self, cmd: str, timeout_s: float | None = None, **params: Any) -> Any:
        """Send one command and return its result. Raises AutomationError or ``ConnectionError``."""
        if self._reader is None or self._writer is None:
            raise ConnectionError("not connected")
        limit = self.timeout_s if timeout_s is None else timeout_s
        async with self._lock:
            self._next += 1
            request = {"id": self._next, "cmd": cmd, "timeout_ms": round(limit * 1000), **params}
            self._writer.write(json.dumps(request).encode() + b"\n")
            await self._writer.drain()
            async with asyncio.timeout(limit + 30):
                line = await self._reader.readline()
        if not line:
            raise ConnectionError("the window hung up")
        answer = json.loads(line)
        if not answer.get("ok"):
            raise AutomationError(str(answer.get("error")), str(answer.get("what")))
        return answer.get("result")


class AutomationClient(AutomationLine):
    """What a person does and sees in the window. ``async with AutomationClient(port, token) as window: …``"""

    async def click(self, name: str, *, at: tuple[int, int] | None = None, timeout_s: float | None = None) -> None:
        """Press and release the left button on a widget."""
        await self.command("click", timeout_s, name=name, at=list(at) if at else None)

    async def hold(self, name: str, down: bool) -> None:
        """Press, or release, and leave it so."""
        await self.command("hold", name=name, down=down)

    async def click_row(self, name: str, key: str | None = None, *, row: int = 0, double: bool = False) -> None:
        """Click a row of a table by its key, or by number."""
        await self.command("click_row", name=name, key=key, row=row, double=double)

    async def type(self, name: str, text: str, *, clear: bool = True) -> None:
        """Type into a box."""
        await self.command("type", name=name, text=text, clear=clear)

    async def key(self, key: str, timeout_s: float | None = None) -> None:
        """Press a key in the active window: ``F9``, ``Ctrl+K``, ``Return``."""
        await self.command("key", timeout_s, key=key)

    async def drag(self, name: str, points: list[tuple[float, float]]) -> None:
        """Draw with the left button down."""
        await self.command("drag", name=name, points=[list(point) for point in points])

    async def choose(self, name: str, key: str) -> None:
        """Choose an entry of a list box."""
        await self.command("choose", name=name, key=key)

    async def text(self, name: str) -> str:
        """What a visible widget says."""
        return str(await self.command("text", name=name))

    async def exists(self, name: str) -> bool:
        """Whether it is visible now."""
        return bool(await self.command("exists", name=name))

    async def wait(self, name: str, timeout_s: float | None = None, **conditions: Any) -> dict[str, Any]:
        """Until ``visible=``, ``enabled=``, ``text=`` or ``contains=`` holds; returns its description."""
        result = await self.command("wait", timeout_s, name=name, **conditions)
        return dict(result or {})

    async def tree(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """Every named visible widget."""
        return list(await self.command("tree", all=everything))

    async def grab(self, file: Path | None = None, *, name: str | None = None) -> bytes:
        """A picture of the window as PNG bytes; also written to ``file`` when given."""
        handle, raw = tempfile.mkstemp(suffix=".raw")
        os.close(handle)
        try:
            drawn = await self.command("grab", name=name, file=raw)
            return await asyncio.to_thread(_encode, Path(raw), drawn, file)
        finally:
            os.unlink(raw)

    async def metrics(self) -> dict[str, Any]:
        """Figures of the app."""
        return dict(await self.command("metrics"))

    async def quit(self) -> None:
        """Ask the app to end."""
        await self.command("quit")


def _encode(raw: Path, drawn: dict[str, int], file: Path | None) -> bytes:
    """Raw pixels to PNG, on a thread of ours instead of the window's, and after whoever has something to show."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _PICTURE_NICENESS)
    size = (drawn["width"], drawn["height"])
    picture = Image.frombuffer("RGB", size, raw.read_bytes(), "raw", "BGRX", drawn["stride"], 1)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=4)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(buffer.getvalue())
    return buffer.getvalue()
