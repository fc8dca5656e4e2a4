"""The hands' side in the simulator's process."""

import asyncio
import hmac
import logging
from typing import Any

from common.aio import TaskSet
from common.errors import AppError, UserError
from devices.hands.protocol import LINE_LIMIT, from_line, open_key, to_line
from devices.sim.faults import FaultBoard
from devices.sim.trace import Trace
from devices.sim.world.base import World

log = logging.getLogger(__name__)
_MOST_MESSAGES = 500  # in one answer
_MOST_CHARACTERS = 2 * 1024 * 1024  # of them: far below LINE_LIMIT, whatever becomes of a character on the wire
_PUSH_EVERY_S = 0.03  # changes closer together are told in one view


class Customer:
    """Whether somebody stands in front of the machine. Doing anything by hand brings somebody back."""

    def __init__(self) -> None:
        self.away = False


class HandsServer:
    """Serves the hands of one machine on one loopback port."""

    def __init__(self, world: World, faults: FaultBoard, trace: Trace, token: str) -> None:
        self._trace = trace
        self._world = world
        self._faults = faults
        self._token = token
        self._customer = Customer()
        self._server: asyncio.Server | None = None
        self._tasks = TaskSet("hands")
        self._writers: set[asyncio.StreamWriter] = set()
        self._closed = False

    async def start(self, host: str, port: int = 0) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=LINE_LIMIT)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Close every connection."""
        self._closed = True
        if self._server is not None:
            self._server.close()
        await self._tasks.close()
        for writer in tuple(self._writers):
            writer.close()
        if self._server is not None:
            await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Known at once: one that comes while all are closed is closed with them."""
        if self._closed:
            writer.close()
            return
        self._writers.add(writer)
        self._tasks.spawn(self._serve(reader, writer), name="hands connection")

    def view(self) -> dict[str, Any]:
        """The whole truth, what can be done by hand now, and what is on the fault board."""
        return {
            "world": self._world.view(),
            "actions": self._world.possible(),
            "customer": {"away": self._customer.away},
            "faults": self._faults.view(),
            "fault_kinds": self._faults.kinds(),
        }

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        watching: asyncio.Task[None] | None = None
        greeted = False
        try:
            while line := await reader.readline():
                answer, greeted, watch = self._answer(line, greeted)
                writer.write(to_line(answer))
                if not greeted:
                    break
                if watch and watching is None:
                    watching = self._tasks.spawn(self._push(writer), name="hands watch")
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line above the limit
            log.debug("hands connection ended")
        finally:
            if watching is not None:
                watching.cancel()
            self._writers.discard(writer)
            writer.close()

    def _answer(self, line: bytes, greeted: bool) -> tuple[dict[str, Any], bool, bool]:
        number: object = None
        try:
            body = from_line(line)
            number = body.get("id")
            verb = body.get("do")
            if not greeted:
                if verb != "hello" or not hmac.compare_digest(str(body.get("token")), self._token):
                    raise UserError("hands.not_allowed")
                greeted = True
            result = self._do(str(verb), body)
        except AppError as error:
            return {"id": number, "ok": False, "error": error.code, "params": dict(error.params)}, greeted, False
        return {"id": number, "ok": True, "result": result}, greeted, verb == "watch"

    def _do(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        params = body.get("params", {})
        if not isinstance(params, dict):
            raise UserError("hands.bad_parameter", parameter="params")
        if verb in ("hello", "watch", "view"):
            return self.view() if verb == "view" else {}
        if verb == "trace":
            return {"messages": self._messages(body.get("since", 0))}
        if verb == "inject":
            self._faults.put(str(body.get("fault")), body.get("when", "next"), params)
        elif verb == "clear_faults":
            self._faults.clear()
        elif verb == "walk_away":
            self._customer.away = True
        elif verb == "act":
            action = str(body.get("action"))
            if action == "press_key":
                params = {"key": open_key(self._token, params.get("sealed"))}
            result = self._world.act(action, params)
            self._customer.away = False
            return result
        else:
            raise UserError("hands.action_unknown", action=verb)
        self._world.changed()
        return {}

    def _messages(self, since: object) -> list[dict[str, Any]]:
        if not isinstance(since, int) or isinstance(since, bool):
            raise UserError("hands.bad_parameter", parameter="since")
        return list(self._trace.since(since, _MOST_MESSAGES, _MOST_CHARACTERS))

    async def _push(self, writer: asyncio.StreamWriter) -> None:
        changed = asyncio.Event()
        changed.set()
        stop = self._world.listen(changed.set)
        try:
            while True:
                await changed.wait()
                changed.clear()
                writer.write(to_line({"push": "view", "view": self.view()}))
                await writer.drain()
                await asyncio.sleep(_PUSH_EVERY_S)
        except ConnectionError:
            return
        finally:
            stop()
