"""Starts and ends the processes of a counter on this machine: server, simulated machine, three windows."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from common.aio import cancel_and_wait
from common.errors import ServiceError
from devices.hands.client import Hands
from ui.kit.automation_client import AutomationClient

HOME = Path(__file__).resolve().parents[2]
WINDOWS = ("kiosk", "teller", "authoriser")
_WAIT_S = 60.0
_USABLE_S = 2 * _WAIT_S
"""For a window: it waits for the server's start, and then signs on."""
_DYING_S = 2.0
_MACHINE = "K-02"
"""The machine of the demo bank; a bank's own settings may name another."""
_BEHIND_THE_WINDOWS = ("nice", "-n", "5")
"""Server, machine and authorities share two processors with three windows here: whoever clicks is answered first."""
log = logging.getLogger(__name__)


@dataclass
class Child:
    """One process we started; ended by its own id."""

    name: str
    process: asyncio.subprocess.Process
    started: float
    peak_kib: int = 0
    children_kib: dict[str, int] = field(default_factory=dict)

    def measure(self) -> None:
        """Note the peak memory of the process and of its own children (the vision worker)."""
        self.peak_kib = max(self.peak_kib, _peak_kib(self.process.pid))
        for pid in _children(self.process.pid):
            self.children_kib[str(pid)] = max(self.children_kib.get(str(pid), 0), _peak_kib(pid))

    async def end(self, within_s: float = 8.0) -> None:
        """Ask it to end; after the limit it is killed."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(within_s):
                    await self.process.wait()
            except TimeoutError:
                log.warning("process had to be killed", extra={"child": self.name})
                self.process.kill()
                await self.process.wait()


def _peak_kib(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _children(pid: int) -> list[int]:
    """Processes started by any thread of a process."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def asked_for_at() -> float:
    """When somebody asked for the demo (``time.time()``): ``./run`` says when it began, what it had to install not
    counted; without it the start of this process, with Python and its imports."""
    said = os.environ.get("RUN_BEGAN", "")
    return float(said) if said.replace(".", "", 1).isdecimal() else float(psutil.Process().create_time())


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stage:
    """The running counter.

    Args:
        data_dir: of the installation; everything is kept there.
        measure: synthetic sources carry time codes and clicks.
        speed: of the machine's mechanics.
        windows: which windows to open; ``automated`` ones can be played and are drawn offscreen.
        words: options that every process gets beside its own, such as ``--config FILE``.
        machine_port: of the machine, whenever it is started; 0: the first free one of the standard's. Those are few: a
            machine that is off would give its own to another counter's beside this one, and the kiosk would find that.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        automated: bool,
        measure: bool = False,
        speed: float = 1.0,
        windows: Sequence[str] = WINDOWS,
        language: str = "zh",
        words: Sequence[str] = (),
        machine_port: int = 0,
    ) -> None:
        self.machine_port = machine_port
        self.data_dir, self.automated, self.measure, self.speed = data_dir, automated, measure, speed
        self.language, self.words = language, tuple(words)
        self.windows = tuple(windows)
        self.children: dict[str, Child] = {}
        self.players: dict[str, AutomationClient] = {}
        self.server_url = ""
        self.hands: Hands | None = None
        self.usable_after_s: float | None = None
        self._sign_on = data_dir / "sign-on.json"
        # Left by an earlier counter, it would send the windows to a server that is gone.
        self._sign_on.unlink(missing_ok=True)

    # --- start -----------------------------------------------------------------------------------------------

    async def open(self, draw_props: Callable[[], None], write_hands: Callable[[], None]) -> None:
        """Start everything side by side; returns when every window can be used.

        The windows load while the server starts, and sign on once it has said its address.

        Args:
            draw_props: draws what the customers carry; on a thread, from the beginning.
            write_hands: called once the server has drawn its cards, before the windows sign on.

        Raises:
            ServiceError: ``demo.part_failed`` (``part``, ``log``). Everything has been ended then.
        """
        opening = [asyncio.ensure_future(self.start_window(name)) for name in self.windows]
        opening.append(asyncio.ensure_future(self._open_behind(draw_props, write_hands)))
        try:
            # The first that does not start ends the rest: a window would wait a minute for a server that is gone.
            await asyncio.gather(*opening)
        except BaseException:
            await cancel_and_wait(*opening)
            await self.close()
            raise
        self.usable_after_s = round(time.time() - asked_for_at(), 2)

    async def _open_behind(self, draw_props: Callable[[], None], write_hands: Callable[[], None]) -> None:
        """Everything that has no window; then the windows may sign on."""
        parts = [
            asyncio.ensure_future(part)
            for part in (
                self.start_server(), self.start_devices(), self.start_authorities(), asyncio.to_thread(draw_props)
            )
        ]  # fmt: skip
        try:
            await asyncio.gather(*parts)
        finally:
            await cancel_and_wait(*parts)
        write_hands()
        self._let_sign_on()

    def _let_sign_on(self) -> None:
        """Tell the waiting windows the server's address and their passwords."""
        known = json.loads((self.data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
        body = json.dumps({"server": self.server_url, "passwords": known["passwords"]})
        draft = self._sign_on.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(body)
        draft.replace(self._sign_on)

    async def start_server(self, port: int = 0) -> None:
        """The server with the demo bank; a later start takes the same port again."""
        known = self.server_url.rsplit(":", 1)[-1] if self.server_url else str(port)
        sources = self.data_dir / "authorities" / "sources.json"
        # They start beside it: their file is there before anybody is asked for, but not always before the server.
        words = ("--port", known, "--seed-demo", "--authorities", str(sources), "--authorities-later")
        line = await self._start("server", "server", *words)
        self.server_url = line.split()[1]

    async def start_authorities(self) -> None:
        """The simulated authorities; the server finds them through their file."""
        await self._start("authorities", "authorities")

    async def start_devices(self) -> None:
        """The machine, and our hands on it."""
        port = ("--port", str(self.machine_port)) if self.machine_port else ()
        await self._start("devices", "devices", "--speed", str(self.speed), *port)
        ready = json.loads((self.data_dir / "devices" / _MACHINE / "ready.json").read_text(encoding="utf-8"))
        self.hands = await Hands.connect(ready["host"], ready["hands_port"], ready["hands_token"])

    async def start_window(self, name: str, login: str = "") -> None:
        """One window, signed on; ``login``: by another person than usual."""
        words = [name, "--credentials", str(self._sign_on), "--wait", str(_WAIT_S), "--language", self.language]
        words += ["--login", login] if login else []
        if name == "kiosk":
            words += ["--hands", str(self.data_dir / "props" / "hands.json")]
            words += ["--camera", "synthetic:customer"] if self.automated else []
        elif self.automated:
            words += ["--camera", "synthetic"]
        if self.measure:
            words += ["--measure", "--microphone", "synthetic"]
        if not self.automated:
            await self._start(name, *words, within_s=_USABLE_S)
            return
        file = self.data_dir / "automation" / f"{name}.json"
        file.unlink(missing_ok=True)
        await self._spawn(name, [*words, "--automation", str(file)])
        contact = await self._wait_for(name, file)
        player = AutomationClient(contact["port"], contact["token"])
        await player.connect()
        self.players[name] = player

    def _output(self, name: str) -> Path:
        """What a process says on its error stream, the one line of why it ended among it."""
        return self.data_dir / "logs" / f"{name}.out"

    def _failed(self, name: str) -> ServiceError:
        return ServiceError("demo.part_failed", part=name, log=str(self._output(name)))

    async def _spawn(self, name: str, words: Sequence[str]) -> asyncio.subprocess.Process:
        begun = asyncio.ensure_future(self._begin(name, words))
        try:
            return await asyncio.shield(begun)
        except asyncio.CancelledError:
            # A process that is half begun is begun: close() ends it with the others, and none is lost.
            await asyncio.gather(begun, return_exceptions=True)
            raise

    async def _begin(self, name: str, words: Sequence[str]) -> asyncio.subprocess.Process:
        output = self._output(name)
        output.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GUITAI_DEVICES__VTM": _MACHINE}
        if self.automated:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        giving_way = () if name in WINDOWS else _BEHIND_THE_WINDOWS
        with open(output, "ab") as err:
            process = await asyncio.create_subprocess_exec(
                *giving_way, sys.executable, str(HOME / "guitai.py"), *words, *self.words, "--data", str(self.data_dir),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=err, env=environment,
                # Ctrl-C is ours: we end them in order. A group, not a session: Linux weighs sessions against each
                # other (autogroup, sched(7)), and a window's thread with little to do then waits 60 ms for a
                # processor while the one that decodes, in the same window, has it all the time.
                process_group=0,
            )  # fmt: skip
        self.children[name] = Child(name, process, time.monotonic())
        return process

    async def _start(self, name: str, *words: str, within_s: float = 60.0) -> str:
        """Start a process and return the line with which it says that it is ready."""
        process = await self._spawn(name, words)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                line = (await process.stdout.readline()).decode().strip()
        except TimeoutError:
            line = ""
        if not line.startswith("ready "):
            with contextlib.suppress(TimeoutError):
                # Its stream has ended, and so does it: a signal in this moment would reap it behind asyncio's back.
                async with asyncio.timeout(_DYING_S):
                    await process.wait()
            raise self._failed(name)
        return line

    async def _wait_for(self, name: str, file: Path, within_s: float = 60.0) -> dict[str, Any]:
        deadline = time.monotonic() + within_s
        child = self.children[name]
        while not file.exists():
            if time.monotonic() > deadline or child.process.returncode is not None:
                raise self._failed(name)
            await asyncio.sleep(0.03)
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found

    # --- while it runs -----------------------------------------------------------------------------------------

    def measure_memory(self) -> dict[str, float]:
        """Peak memory so far, MiB by process; ``vision`` is the teller's worker."""
        figures = {}
        for name, child in self.children.items():
            child.measure()
            figures[name] = round(child.peak_kib / 1024, 1)
            for worker in child.children_kib.values():
                figures[f"{name}.worker"] = max(figures.get(f"{name}.worker", 0.0), round(worker / 1024, 1))
        return figures

    async def until_a_window_closes(self) -> None:
        """Return when one of the windows has been closed by its person.

        Raises:
            ServiceError: ``demo.part_ended`` (``part``, ``log``): nobody closed it.
        """
        waits = {name: asyncio.ensure_future(self.children[name].process.wait()) for name in self.windows}
        try:
            await asyncio.wait(waits.values(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel_and_wait(*waits.values())
        for name in self.windows:
            if self.children[name].process.returncode:
                raise ServiceError("demo.part_ended", part=name, log=str(self._output(name)))

    async def end(self, name: str) -> None:
        """End one process; its player hangs up first."""
        player = self.players.pop(name, None)
        if player is not None:
            await player.close()
        if name == "devices" and self.hands is not None:
            await self.hands.close()
            self.hands = None
        child = self.children.pop(name, None)
        if child is not None:
            await child.end()

    async def close(self) -> None:
        """End everything: windows first, then machine and server."""
        await asyncio.gather(*(self.end(name) for name in self.windows))
        await self.end("devices")
        await self.end("server")
        await self.end("authorities")
        self._sign_on.unlink(missing_ok=True)
