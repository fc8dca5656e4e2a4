"""The parent's end of ``benchmarks.call_party``: start a party, relay what it says, end it."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class PartyProcess:
    """A running party. Messages come out of :attr:`messages`, which holds a few dozen in a party's whole life."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=256)
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, *arguments: str) -> "PartyProcess":
        """Spawn ``python -m benchmarks.call_party`` with these arguments."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.call_party",
            *arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        return cls(process)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            await self.messages.put(json.loads(line))
        await self.messages.put({"type": "end"})

    def tell(self, message: dict[str, Any]) -> None:
        """Send one message to the party."""
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(message) + "\n").encode())

    async def until(
        self, kind: str, on_other: Callable[[dict[str, Any]], Awaitable[None]], **fields: Any
    ) -> dict[str, Any]:
        """The next message of this type with these fields; the ones before go to ``on_other``.

        Raises:
            RuntimeError: the party ended first.
        """
        while True:
            message = await self.messages.get()
            if message["type"] == kind and all(message.get(key) == value for key, value in fields.items()):
                return message
            if message["type"] == "end":
                raise RuntimeError("the party ended early")
            await on_other(message)

    async def close(self) -> None:
        """Kill what still runs, and wait."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reading
        if self.process.stdin is not None:
            self.process.stdin.close()
