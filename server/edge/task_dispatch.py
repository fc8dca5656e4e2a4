"""Deals authorisation tasks and takes them back, so that none is lost, decided twice or seen by two."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from common.clock import Clock
from common.wire.signalling import Message, TaskAssigned, TaskClosed
from server.edge.metrics import Metrics
from server.edge.presence import PresenceBook
from server.edge.routing import OpenTask, Random, deal
from server.edge.timings import Timings
from server.services.ports import QueuedTask, TaskService

LONGEST_WAIT_S = 5.0


class TaskDispatch:
    """One round at a time, on the loop; the database decides every race (`TaskService.assign` says no)."""

    def __init__(
        self,
        tasks: TaskService,
        presence: PresenceBook,
        send: Callable[[str, Message], None],
        clock: Clock,
        random: Random,
        timings: Timings,
        metrics: Metrics,
    ) -> None:
        self._tasks = tasks
        self._presence = presence
        self._send = send
        self._clock = clock
        self._random = random
        self._timings = timings
        self._metrics = metrics
        self._begun: float | None = None
        self._returned: set[str] = set()
        self._dealt: dict[str, int] = {}
        self.on_desk_changed: Callable[[], None] = lambda: None

    def authoriser_arrived(self, number: str) -> None:
        """An authoriser that (re)connects is told of the task it still has."""
        self._returned.add(number)

    async def round(self) -> float:
        """One round; the answer is the seconds until the next is due."""
        first = self._begun is None
        if self._begun is None:
            self._begun = self._clock.monotonic()
        await self._expire()
        kept = [task for task in await asyncio.to_thread(self._tasks.assigned) if await self._keep(task, first)]
        self._remind(kept)
        await self._deal({task.authoriser for task in kept if task.authoriser})
        return self._next(kept)

    async def _expire(self) -> None:
        for task in await asyncio.to_thread(self._tasks.expire_due, self._clock.now()):
            if task.authoriser is not None:
                self._taken_back(task.authoriser, TaskClosed(task_id=task.task_id, reason="expired"))

    async def _keep(self, task: QueuedTask, first: bool) -> bool:
        """Whether an assigned task stays where it is; else it goes back into the queue."""
        assert task.authoriser is not None
        assert self._begun is not None
        gone = self._presence.gone_s(task.authoriser, self._begun)
        if gone < self._timings.task_grace_s and (task.opened or not first):
            return True
        if await asyncio.to_thread(self._tasks.unassign, task.task_id, task.authoriser):
            self._taken_back(task.authoriser, TaskClosed(task_id=task.task_id, reason="reassigned"))
        return False

    def _taken_back(self, authoriser: str, closed: TaskClosed) -> None:
        self._metrics.count(f"tasks {closed.reason}")
        self._send(authoriser, closed)
        self.on_desk_changed()

    def _remind(self, kept: Sequence[QueuedTask]) -> None:
        for task in kept:
            if task.authoriser in self._returned:
                self._send(task.authoriser, TaskAssigned(task_id=task.task_id))
        self._returned.clear()

    async def _deal(self, busy: set[str]) -> None:
        queued = await asyncio.to_thread(self._tasks.queued)
        open_tasks = [OpenTask(task.task_id, task.excluded, task.passed) for task in queued]
        free = self._presence.accepting_numbers() - busy
        for task_id, number in deal(open_tasks, free, self._dealt, self._random):
            if await asyncio.to_thread(self._tasks.assign, task_id, number):
                self._dealt[number] = self._dealt.get(number, 0) + 1
                self._metrics.count("tasks dealt")
                self._send(number, TaskAssigned(task_id=task_id))
                self.on_desk_changed()

    def _next(self, kept: Sequence[QueuedTask]) -> float:
        waits = [LONGEST_WAIT_S]
        now = self._clock.now()
        for task in kept:
            assert task.authoriser is not None
            assert self._begun is not None
            if task.deadline is not None:
                waits.append(_seconds(task.deadline, now))
            if gone := self._presence.gone_s(task.authoriser, self._begun):
                waits.append(self._timings.task_grace_s - gone)
        return max(0.02, min(waits))


def _seconds(until: datetime, now: datetime) -> float:
    return (until - now).total_seconds()
