"""One life of the worker process: start, warm up, one job at a time, end."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ocr
from common.errors import ServiceError
from common.settings import Settings
from ocr import wire
from ocr.wire import BrokenFrame, Message

log = logging.getLogger(__name__)


class WorkerDied(Exception):
    """The process ended, or its pipe broke, while an answer was awaited."""


def command(settings: Settings) -> list[str]:
    """How the worker is started."""
    words = [sys.executable, "-m", "ocr.worker", "--cache", str((settings.data_dir / "vision").resolve())]
    words += ["--threads", str(settings.ocr.threads), "--log-level", settings.log_level]
    if settings.ocr.model_dir is not None:
        words += ["--models", str(settings.ocr.model_dir.resolve())]
    return words


def guide_command(settings: Settings) -> list[str]:
    """How the light worker is started."""
    return [sys.executable, "-m", "ocr.guide_worker", "--log-level", settings.log_level]


def environment(threads: int) -> dict[str, str]:
    """The parent's, with our packages on the path, and every numeric library told how many threads are ours."""
    home = str(Path(ocr.__file__).resolve().parents[1])
    found = dict(os.environ)
    found["PYTHONPATH"] = os.pathsep.join(part for part in (home, found.get("PYTHONPATH")) if part)
    found |= {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return found


class WorkerProcess:
    """A running child. Whoever made it calls :meth:`kill`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self.memory: dict[str, int] = {}

    @classmethod
    async def spawn(cls, words: Sequence[str], threads: int) -> "WorkerProcess":
        """Start the child; it is not ready yet."""
        process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment(threads)
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def warmed(self) -> None:
        """Wait until the models are loaded.

        Raises:
            ServiceError: the code the worker gave (``ocr.models_missing``).
            WorkerDied: it ended before it was ready.
        """
        head = await self._answer()
        if "failed" in head:
            raise ServiceError(str(head["failed"]), retryable=False)

    async def do(self, message: Message) -> Any:
        """Send a job and wait for its result.

        Raises:
            ServiceError: the code the worker gave.
            WorkerDied: it ended first.
        """
        try:
            self._stdin.writelines(wire.pack(message))
            await self._stdin.drain()
        except (ConnectionError, OSError) as error:
            raise WorkerDied from error
        head = await self._answer()
        while head.get("id") != message.head["id"]:
            head = await self._answer()
        if "error" in head:
            raise ServiceError(str(head["error"]["code"]), retryable=False)
        return head["result"]

    async def _answer(self) -> dict[str, Any]:
        try:
            message = await wire.read_async(self._stdout)
        except (BrokenFrame, ConnectionError) as error:
            raise WorkerDied from error
        if message is None:
            raise WorkerDied
        self.memory = message.head.get("memory", self.memory)
        return message.head

    async def kill(self) -> None:
        """End the child now and collect it."""
        if self._process.returncode is None:
            try:
                # Not Process.kill(): it may collect the child itself, and asyncio's watcher then finds none.
                os.kill(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                log.debug("worker had ended already")
        await self._process.wait()
        self._stdin.close()
        try:
            await self._stdin.wait_closed()
        except (ConnectionError, OSError):
            log.debug("worker's pipe was broken already")
