"""The live half of the edge, put together: hub, presence, calls, notifier, dispatch.

Made in two steps because services need it (to notify) and it needs services (to dispatch): build the `Edge`,
build services with its ports, then `attach` them.
"""

import asyncio
import secrets
from dataclasses import dataclass, field

from common.aio import TaskSet
from common.clock import Clock, IdSource
from common.wire.sessions import Role
from server.edge.calls import CallDesk, Calls
from server.edge.hub import Hub
from server.edge.loopcall import LoopCaller
from server.edge.metrics import Metrics
from server.edge.notifier import DeskTicker, EdgeNotifier
from server.edge.presence import PresenceBook
from server.edge.pump import Pump
from server.edge.queue_dispatch import QueueDispatch
from server.edge.routing import Random
from server.edge.sessions import Sessions
from server.edge.task_dispatch import TaskDispatch
from server.edge.timings import Timings
from server.services.ports import Principal, QueueService, TaskService


@dataclass
class _Pumps:
    queue: Pump
    tasks: Pump


@dataclass
class Edge:
    """Opens nothing until `start`. ``notifier``, ``call_desk`` and ``presence`` are the ports services get."""

    clock: Clock
    ids: IdSource
    timings: Timings = field(default_factory=Timings)
    random: Random = field(default_factory=secrets.SystemRandom)

    def __post_init__(self) -> None:
        self.loop = LoopCaller()
        self.metrics = Metrics()
        self.presence = PresenceBook(self.clock)
        self.hub = Hub(self.metrics)
        self.calls = Calls(self.hub.send, self.presence, self.clock, self.ids, self.timings, self.metrics)
        self.call_desk = CallDesk(self.calls, self.presence, self.loop)
        self.desk = DeskTicker(self.hub, self.clock, self.timings.desk_gap_s)
        self.notifier = EdgeNotifier(self.loop, self.hub, self.desk)
        self._pumps: _Pumps | None = None
        self._queue_dispatch: QueueDispatch | None = None
        self._task_dispatch: TaskDispatch | None = None
        self._tasks = TaskSet("edge")

    def attach(self, queue: QueueService, tasks: TaskService, sessions: Sessions) -> None:
        """Tie the services in; once, before `start`."""
        clock, timings, metrics = self.clock, self.timings, self.metrics
        rings = QueueDispatch(queue, self.presence, self.calls, self.hub.send, clock, timings, metrics)
        deals = TaskDispatch(tasks, self.presence, self.hub.send, clock, self.random, timings, metrics)
        pumps = _Pumps(Pump("queue", rings.round), Pump("tasks", deals.round))
        rings.on_desk_changed = deals.on_desk_changed = self.desk.changed
        self._queue_dispatch, self._task_dispatch, self._pumps = rings, deals, pumps
        self.notifier.on_queue = pumps.queue.wake
        self.notifier.on_tasks = pumps.tasks.wake
        self.presence.on_changed = lambda: self.loop.post(self._presence_changed)
        sessions.on_refreshed = lambda old, new: self.loop.post(self.hub.refreshed, old, new)
        sessions.on_revoked = lambda old: self.loop.post(self.hub.revoked, old)
        self.hub.listen(self._arrived, self._departed)

    async def start(self) -> None:
        """Begin dispatching, on the running loop."""
        assert self._pumps is not None, "attach services first"
        self.loop.bind(asyncio.get_running_loop())
        self._tasks.spawn(self._pumps.queue.run(), name="queue dispatch")
        self._tasks.spawn(self._pumps.tasks.run(), name="task dispatch")
        self._tasks.spawn(self._sweep(), name="session sweep")

    async def stop(self) -> None:
        """Close connections and stop dispatching. Nothing is left running."""
        self.loop.bind(None)
        self.hub.close_all()
        self.desk.close()
        self.calls.close()
        await self._tasks.close()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.timings.sweep_s)
            self.hub.sweep(self.clock.now())

    def _arrived(self, who: Principal) -> None:
        assert self._queue_dispatch is not None
        assert self._task_dispatch is not None
        self.presence.connected(who)
        if who.role is Role.KIOSK:
            self._queue_dispatch.kiosk_arrived(who.number)
        elif who.role is Role.AUTHORISER:
            self._task_dispatch.authoriser_arrived(who.number)
        self.calls.connected(who.number)

    def _departed(self, who: Principal) -> None:
        self.presence.disconnected(who.number)
        self.calls.disconnected(who.number)

    def _presence_changed(self) -> None:
        assert self._pumps is not None
        self._pumps.queue.wake()
        self._pumps.tasks.wake()
        self.desk.changed()
