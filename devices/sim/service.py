"""One service: a queue of commands, run one at a time in order of arrival over all connections."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from common.aio import TaskSet
from devices.sim.common_interface import MAX_WAITING, Common
from devices.sim.faults import ERROR, FaultBoard
from devices.sim.interface import Handler, Interface, Outlet, Running
from devices.xfs.catalogue import Catalogue
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Message, MessageType, Payload

log = logging.getLogger(__name__)
DROP, LOSE, SWALLOW = "wire.drop_connection", "wire.lose_completion", "wire.swallow_completion"
NOT_READY, RESTART = "service.not_ready", "service.restart"


class Peer(Outlet, Protocol):
    """A connection, as its service sees it."""

    def send(self, message: Message) -> None: ...

    def abort(self) -> None:
        """Drop the connection without a goodbye."""


class Service:
    """Interfaces behind one URI, e.g. the card reader.

    Args:
        name: last part of the URI.
        tolerant: unknown payload members are let through (KAL's dialect).
        forbids: tells of a command whether somebody else has the machine for himself now.
        powered: whether there is current for what moves here.
    """

    def __init__(
        self,
        name: str,
        interfaces: Sequence[Interface],
        catalogue: Catalogue,
        faults: FaultBoard,
        *,
        tolerant: bool = False,
        forbids: Callable[[str], bool] = lambda command: False,
        powered: Callable[[], bool] = lambda: True,
    ) -> None:
        self._forbids = forbids
        self.name = name
        self.catalogue = catalogue
        self._faults = faults
        self._tolerant = tolerant
        self._common = Common(name, interfaces, catalogue, self._cancel, powered)
        self._interfaces = (self._common, *interfaces)
        self._handlers: dict[str, Handler] = {}
        self._immediate: set[str] = set()
        for interface in self._interfaces:
            interface.attach(self)
            for command, handler in interface.commands().items():
                self._handlers[f"{interface.name}.{command}"] = handler
            self._immediate |= {f"{interface.name}.{command}" for command in interface.immediate}
        self._queue: deque[Running] = deque()
        self._wake = asyncio.Event()
        self._open: dict[Peer, dict[int, Running]] = {}
        self._tasks = TaskSet(name)
        self._last_status: Payload = {}
        faults.place(name, (DROP, LOSE, SWALLOW, NOT_READY, RESTART, ERROR))
        for fault in (DROP, LOSE, SWALLOW, NOT_READY, ERROR):
            faults.known.tell(fault, "command", self.supported, name)
        for interface in interfaces:
            faults.place(name, interface.faults())
        for fault in (DROP, RESTART):
            faults.at_once(fault, self._drop_now)

    def start(self) -> None:
        """Begin to work off the queue."""
        self._last_status = self._common.full_status()
        self._tasks.spawn(self._work(), name=f"{self.name} queue")

    async def close(self) -> None:
        """Stop where it stands, as in a power cut."""
        await self._tasks.close()

    # -- connections ---------------------------------------------------------------------------------

    def join(self, peer: Peer) -> None:
        """A connection was made."""
        self._open[peer] = {}

    def leave(self, peer: Peer) -> None:
        """A connection ended: what it has queued or running is cancelled."""
        for running in list(self._open.pop(peer, {}).values()):
            self._stop(peer, running, CompletionCode.CANCELED)
        for interface in self._interfaces:
            interface.left(peer)

    def in_use(self, peer: Peer, request_id: int) -> bool:
        """Whether a command with this id is open on that connection."""
        return request_id in self._open.get(peer, {})

    @property
    def supported(self) -> Sequence[str]:
        """The commands that this service carries out."""
        return tuple(self._handlers)

    def has_room(self, peer: Peer, name: str) -> bool:
        """Whether this command of that connection is taken now.

        What does not queue always is: a full queue must not keep anybody from cancelling or asking how things stand.
        The others are counted for each connection by itself, so that a flood shuts out nobody but its sender.
        """
        if name in self._immediate or name not in self._handlers:
            return True
        return sum(running.outlet is peer for running in self._queue) < MAX_WAITING

    def broadcast(self, name: str, payload: Payload | None = None) -> None:
        """Send an unsolicited message to every connection."""
        version = self.catalogue.version(name, MessageType.UNSOLICITED)
        message = Message(MessageType.UNSOLICITED, name, version, payload=payload)
        for peer in tuple(self._open):
            peer.send(message)

    def refresh(self) -> None:
        """Tell everybody what has changed in the status since the last time."""
        status = self._common.full_status()
        if status == self._last_status:
            return
        changed: Payload = {}
        for interface, members in status.items():
            before = self._last_status.get(interface, {})
            part = {key: value for key, value in members.items() if before.get(key) != value}
            if part:
                changed[interface] = part
        self._last_status = status
        self.broadcast("Common.StatusChangedEvent", changed)

    def restart(self) -> None:
        """What clients see when the service's process is started anew: every connection drops."""
        for peer in tuple(self._open):
            peer.abort()

    def _drop_now(self, params: Mapping[str, Any]) -> bool:
        """Drop every connection, or those on which a certain command is open; False: not meant, or nobody is there."""
        if params["service"] not in ("", self.name):
            return False
        command = params.get("command", "")
        meant = [
            peer
            for peer, given in self._open.items()
            if not command or any(running.message.name == command for running in given.values())
        ]
        for peer in meant:
            peer.abort()
        return bool(meant)

    # -- commands ------------------------------------------------------------------------------------

    def accept(self, peer: Peer, message: Message) -> None:
        """Take an acknowledged command; its completion follows in any case, unless the peer goes."""
        assert message.request_id is not None
        if peer not in self._open:  # dropped, with this message still unread in its pipe
            return
        if self._faults.strikes(DROP, command=message.name, service=self.name):
            peer.abort()
            return
        if self._faults.strikes(RESTART, service=self.name):
            self.restart()
            return
        running = Running(message, peer)
        self._open[peer][message.request_id] = running
        refusal = self._refusal(message)
        if refusal is not None:
            self._finish(peer, running, failure=refusal)
        elif message.name in self._immediate:
            self._tasks.spawn(self._execute(running), name=message.name)
        else:
            if message.timeout_ms:
                running.timer = asyncio.get_running_loop().call_later(
                    message.timeout_ms / 1000, self._stop, peer, running, CompletionCode.TIME_OUT
                )
            self._queue.append(running)
            self._wake.set()

    def _refusal(self, message: Message) -> CommandFailed | None:
        name = message.name
        if not self.catalogue.has_command(name):
            return CommandFailed(CompletionCode.INVALID_COMMAND, "no such command")
        if name not in self._handlers:
            return CommandFailed(CompletionCode.UNSUPPORTED_COMMAND, "not supported by this service")
        major = message.version.partition(".")[0]
        if major != self.catalogue.version(name, MessageType.COMMAND).partition(".")[0]:
            return CommandFailed(CompletionCode.UNSUPPORTED_COMMAND, f"version {message.version} is not supported")
        problems = self.catalogue.payload_problems(message, tolerant=self._tolerant)
        if problems:
            return CommandFailed(CompletionCode.INVALID_DATA, f"{problems[0].path} {problems[0].text}")
        if self._forbids(name) and name not in self._immediate:
            return CommandFailed(CompletionCode.DEVICE_NOT_READY, "the machine is in vendor mode")
        if self._faults.strikes(NOT_READY, command=name, service=self.name):
            return CommandFailed(CompletionCode.DEVICE_NOT_READY, "the device is not ready")
        return None

    def _stop(self, peer: Peer, running: Running, code: CompletionCode) -> None:
        if running.done:
            return
        running.stop(code)
        if running in self._queue:
            self._queue.remove(running)
            self._finish(peer, running, failure=CommandFailed(code))

    def stop_forbidden(self) -> None:
        """Somebody has the machine for himself from now on: what waits, in the queue or for a person, waits no longer.

        What moves comes to its end, as when it is cancelled.
        """
        for peer, given in tuple(self._open.items()):
            for running in tuple(given.values()):
                name = running.message.name
                if self._forbids(name) and name not in self._immediate:
                    self._stop(peer, running, CompletionCode.DEVICE_NOT_READY)

    def _cancel(self, running: Running, wanted: Sequence[int] | None) -> bool:
        """``Common.Cancel``: stop open commands of the same connection; False when none matches."""
        peer = self._owner(running)
        mine = self._open.get(peer, {}) if peer is not None else {}
        victims = [
            other for number, other in mine.items() if other is not running and (wanted is None or number in wanted)
        ]
        if peer is not None:
            for victim in victims:
                asyncio.get_running_loop().call_soon(self._stop, peer, victim, CompletionCode.CANCELED)
        return bool(victims)

    def _owner(self, running: Running) -> Peer | None:
        return next((peer for peer in self._open if peer is running.outlet), None)

    async def _work(self) -> None:
        while True:
            for running in self._drain():
                await self._execute(running)
            await self._wake.wait()
            self._wake.clear()

    def _drain(self) -> Iterator[Running]:
        while self._queue:
            yield self._queue.popleft()

    async def _execute(self, running: Running) -> None:
        peer = self._owner(running)
        payload: Payload | None = None
        failure: CommandFailed | None = None
        try:
            running.check()
            self._break_down(running)
            if not running.message.name.startswith("Common.") and self._common.wake():
                self.refresh()  # now: what the command itself changes may be long in coming, or never come
            payload = await self._handlers[running.message.name](running)
        except CommandFailed as known:
            failure = self._spoken(running, known)
        except Exception:
            log.exception("handler failed", extra={"command": running.message.name})
            failure = CommandFailed(CompletionCode.INTERNAL_ERROR, "internal error")
        if running.message.name not in self._immediate:
            self.refresh()  # whatever it changed without moving anything is told before its completion
        self._finish(peer, running, payload=payload, failure=failure)

    def _spoken(self, running: Running, failure: CommandFailed) -> CommandFailed:
        """A failure in the standard's words: an error code that this command does not have is never written."""
        name = running.message.name
        if failure.better is not None and failure.better in self.catalogue.error_codes(name):
            return refused(failure.better, failure.description)
        if failure.error_code is None or failure.error_code in self.catalogue.error_codes(name):
            return failure
        log.error("not an error of this command", extra={"command": name, "error_code": failure.error_code})
        return CommandFailed(CompletionCode.HARDWARE_ERROR, failure.error_code)

    def _break_down(self, running: Running) -> None:
        name = running.message.name
        fault = self._faults.strikes(ERROR, command=name, service=self.name)
        if fault is None:
            return
        error_code = str(fault.params["error_code"])
        if not error_code:
            raise CommandFailed(CompletionCode(fault.params["code"]), "from the fault board")
        for interface in self._interfaces:
            if name.startswith(f"{interface.name}."):
                interface.broken(error_code, running)
        raise refused(error_code, "from the fault board")

    def _finish(
        self,
        peer: Peer | None,
        running: Running,
        *,
        payload: Payload | None = None,
        failure: CommandFailed | None = None,
    ) -> None:
        running.done = True
        if running.timer is not None:
            running.timer.cancel()
        message = running.message
        number = message.request_id
        assert number is not None
        if peer is None or peer not in self._open:
            return
        self._open[peer].pop(number, None)
        if self._faults.strikes(LOSE, command=message.name, service=self.name):
            peer.abort()
            return
        if self._faults.strikes(SWALLOW, command=message.name, service=self.name):
            return
        if failure is not None:
            payload = dict(failure.payload or {})
            if failure.error_code is not None:
                payload["errorCode"] = failure.error_code
        known = self.catalogue.has_command(message.name)
        peer.send(
            Message(
                MessageType.COMPLETION,
                message.name,
                self.catalogue.version(message.name, MessageType.COMPLETION) if known else message.version,
                number,
                payload=payload or None,
                completion_code=failure.code.value if failure else None,
                error_description=(failure.description or None) if failure else None,
            )
        )
