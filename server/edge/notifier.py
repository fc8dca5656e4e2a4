"""What services say after a commit, carried to the loop and out to the clients."""

import asyncio
from collections.abc import Callable
from typing import Literal, cast

from common.clock import Clock
from common.wire.sessions import Role
from common.wire.signalling import CaseChanged, DeskChanged, MachineOrdered, TaskClosed
from server.edge.hub import Hub
from server.edge.loopcall import LoopCaller

STAFF = frozenset({Role.TELLER, Role.AUTHORISER})
_Reason = Literal["decided", "expired", "withdrawn", "reassigned"]


class DeskTicker:
    """`DeskChanged` to all staff, at most once in ``gap_s``: at once if it was quiet, else when the gap is over."""

    def __init__(self, hub: Hub, clock: Clock, gap_s: float) -> None:
        self._hub = hub
        self._clock = clock
        self._gap = gap_s
        self._last = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Something on the desk changed (on the loop)."""
        if self._timer is not None:
            return
        wait = self._last + self._gap - self._clock.monotonic()
        if wait <= 0:
            self._tick()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._last = self._clock.monotonic()
        self._hub.broadcast(STAFF, DeskChanged())

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class EdgeNotifier:
    """Implements :class:`server.services.ports.Notifier`; callable from any thread, never blocks."""

    def __init__(self, loop: LoopCaller, hub: Hub, desk: DeskTicker) -> None:
        self._loop = loop
        self._hub = hub
        self._desk = desk
        self.on_queue: Callable[[], None] = lambda: None
        self.on_tasks: Callable[[], None] = lambda: None

    def case_changed(self, case_id: str, version: int, members: frozenset[str]) -> None:
        message = CaseChanged(case_id=case_id, version=version)
        for number in sorted(members):
            self._loop.post(self._hub.send, number, message)

    def desk_changed(self) -> None:
        self._loop.post(self._desk.changed)

    def machine_ordered(self, number: str) -> None:
        self._loop.post(self._hub.send, number, MachineOrdered())
        self.desk_changed()

    def queue_changed(self) -> None:
        self._loop.post(self.on_queue)
        self.desk_changed()

    def task_queued(self) -> None:
        self._loop.post(self.on_tasks)
        self.desk_changed()

    def task_closed(self, task_id: str, authoriser: str | None, reason: str) -> None:
        if authoriser is not None:
            message = TaskClosed(task_id=task_id, reason=cast(_Reason, reason))
            self._loop.post(self._hub.send, authoriser, message)
        self._loop.post(self.on_tasks)
        self.desk_changed()

    def case_ended(self, case_id: str) -> None:
        # The customer is still there: gets the card back, and is told why. The call ends with the visit
        # (`QueueService.serving`), not with the case.
        self.queue_changed()
