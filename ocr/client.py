"""The desktop applications' way to the vision workers. Imports no vision library.

:class:`VisionClient` has the worker with the models, :class:`GuideClient` the light one. One worker process each, one
job at a time, a bounded queue in front. A job that finds the worker dead is done once more by a new one; a job that
takes too long ends with its worker. Make, start and close a client in one event loop.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from common.aio import TaskSet
from common.clock import Clock
from common.errors import AppError, ServiceError
from common.settings import Settings
from ocr import wire
from ocr.api import DocumentReading, FaceLook, FaceMatch, FacePurpose, Guidance
from ocr.process import WorkerDied, WorkerProcess, command, guide_command
from ocr.wire import Message

QUEUE = 8
"""Jobs that may wait; the next one is refused with ``ocr.busy``, for a picture read late is of no use."""
WARM_LIMIT_S = 120.0
LOOK_LIMIT_S = 10.0
"""For one look at a document: guidance that comes later is of no use to anybody."""
log = logging.getLogger(__name__)


class VisionState(Enum):
    """Of the worker, as a status line shows it."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    RESTARTING = "restarting"
    DEAD = "dead"


_S = VisionState
_NEXT: dict[VisionState, frozenset[VisionState]] = {
    _S.STOPPED: frozenset({_S.STARTING}),
    _S.STARTING: frozenset({_S.READY, _S.DEAD, _S.STOPPED}),
    _S.READY: frozenset({_S.BUSY, _S.RESTARTING, _S.STOPPED}),
    _S.BUSY: frozenset({_S.READY, _S.RESTARTING, _S.STOPPED}),
    _S.RESTARTING: frozenset({_S.READY, _S.DEAD, _S.STOPPED}),
    _S.DEAD: frozenset({_S.RESTARTING, _S.STOPPED}),
}


@dataclass(frozen=True)
class _Job:
    message: Message
    done: "asyncio.Future[Any]"


@dataclass
class VisionFigures:
    """Counts and sizes for reports."""

    jobs: int = 0
    restarts: int = 0
    timeouts: int = 0
    memory_bytes: dict[str, int] = field(default_factory=dict)
    """``now`` and ``peak`` of the worker after its last answer."""


class WorkerClient:
    """Keeps one worker process: starts it, hands it jobs, replaces it when it dies.

    Args:
        words: the command that starts it.
        limit_s: seconds for one job. threads: that its numeric libraries may use.
    """

    def __init__(self, words: Sequence[str], *, limit_s: float, threads: int) -> None:
        self._command, self._limit_s, self._threads = list(words), limit_s, threads
        self._queue: asyncio.Queue[_Job] = asyncio.Queue(QUEUE)
        self._tasks = TaskSet("vision")
        self._worker: WorkerProcess | None = None
        self._ids = itertools.count(1)
        self._state = VisionState.STOPPED
        self._changed = asyncio.Condition()
        self._closing = False
        self._start_error: AppError = ServiceError("ocr.worker_died")
        self.on_state: Callable[[VisionState], None] | None = None
        """Called in the client's loop at every change."""
        self.figures = VisionFigures()

    @property
    def state(self) -> VisionState:
        return self._state

    @property
    def worker_pid(self) -> int | None:
        """Of the present worker process."""
        return self._worker.pid if self._worker else None

    async def start(self) -> None:
        """Start the worker and return; it warms up meanwhile, and jobs handed in before that wait for it."""
        await self._enter(VisionState.STARTING)
        self._tasks.spawn(self._serve(), name="vision-queue")

    async def wait_for(self, *states: VisionState) -> VisionState:
        """Wait until the state is one of these; the one it is."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._state in states)
            return self._state

    async def close(self) -> None:
        """End the worker; whoever still waits gets ``ocr.closed``."""
        self._closing = True
        await self._tasks.close()
        while not self._queue.empty():
            _fail(self._queue.get_nowait(), ServiceError("ocr.closed", retryable=False))
        await self._drop()
        if self._state is not VisionState.STOPPED:
            await self._enter(VisionState.STOPPED)

    async def _submit(self, head: dict[str, Any], blobs: tuple[bytes, ...]) -> Any:
        if self._closing or self._state is VisionState.STOPPED:
            raise ServiceError("ocr.closed", retryable=False)
        job = _Job(Message({"id": next(self._ids), **head}, blobs), asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(job)
        except asyncio.QueueFull as error:
            raise ServiceError("ocr.busy") from error
        return await job.done

    async def _serve(self) -> None:
        await self._bring_up()
        while True:
            job = await self._queue.get()
            if job.done.done():  # whoever asked has gone
                continue
            try:
                result = await self._do(job.message)
            except AppError as error:
                _fail(job, error)
            except asyncio.CancelledError:
                _fail(job, ServiceError("ocr.closed", retryable=False))
                raise
            else:
                self.figures.jobs += 1
                if not job.done.done():
                    job.done.set_result(result)

    async def _do(self, message: Message) -> Any:
        """One job: a second try if the worker dies under the first, none if it is too slow."""
        for _ in range(2):
            worker = self._worker
            if worker is None:
                await self._enter(VisionState.RESTARTING)
                if (worker := await self._bring_up()) is None:
                    raise self._start_error
            await self._enter(VisionState.BUSY)
            try:
                async with asyncio.timeout(self._limit_s):
                    return await worker.do(message)
            except TimeoutError as error:
                self.figures.timeouts += 1
                await self._replace()
                raise ServiceError("ocr.timeout", seconds=self._limit_s) from error
            except WorkerDied:
                log.warning("vision worker died in a job", extra={"job": message.head["job"]})
                await self._replace()
            finally:
                if self._state is VisionState.BUSY and not self._closing:
                    self.figures.memory_bytes = dict(worker.memory)
                    await self._enter(VisionState.READY)
        raise ServiceError("ocr.worker_died")

    async def _replace(self) -> None:
        await self._enter(VisionState.RESTARTING)
        await self._drop()
        self.figures.restarts += 1
        await self._bring_up()

    async def _bring_up(self) -> WorkerProcess | None:
        """Start and warm a worker; None, and the state dead, when it does not come up."""
        self._start_error = ServiceError("ocr.worker_died")
        try:
            worker = self._worker = await WorkerProcess.spawn(self._command, self._threads)
            async with asyncio.timeout(WARM_LIMIT_S):
                await worker.warmed()
        except (OSError, WorkerDied, TimeoutError, ServiceError) as error:
            log.error("vision worker does not start", extra={"what": type(error).__name__})
            if isinstance(error, ServiceError):
                self._start_error = error
            await self._drop()
            await self._enter(VisionState.DEAD)
            return None
        self.figures.memory_bytes = dict(worker.memory)
        await self._enter(VisionState.READY)
        return worker

    async def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.kill()

    async def _enter(self, state: VisionState) -> None:
        assert state in _NEXT[self._state], f"{self._state} -> {state}"
        async with self._changed:
            self._state = state
            self._changed.notify_all()
        if self.on_state is not None:
            self.on_state(state)


class VisionClient(WorkerClient):
    """Reads documents and matches faces in a process of its own."""

    def __init__(self, settings: Settings, clock: Clock, *, worker_command: Sequence[str] | None = None) -> None:
        limit_s, threads = settings.ocr.time_limit_s, settings.ocr.threads
        super().__init__(worker_command or command(settings), limit_s=limit_s, threads=threads)
        self._clock = clock

    async def read_document(self, image: bytes, *, birth: date | None = None) -> DocumentReading:
        """Read one document from one picture (any common format). A bad picture is a finding, not an error.

        Args:
            birth: the holder's, when another page told it; the validity is judged against it.

        Raises:
            ServiceError: ``ocr.busy`` (too many waiting), ``ocr.timeout``, ``ocr.worker_died`` (twice),
                ``ocr.models_missing``, ``ocr.failed``, ``ocr.closed``.
        """
        today = self._clock.now().astimezone().date().isoformat()
        head = {"job": "read_document", "today": today, "birth": birth.isoformat() if birth else None}
        return wire.load_reading(await self._submit(head, (image,)))

    async def match_faces(self, a: bytes, b: bytes, purpose: FacePurpose = FacePurpose.PORTRAIT) -> FaceMatch:
        """Compare the persons in two pictures, by the threshold of a purpose.

        Raises:
            ServiceError: as :meth:`read_document`.
        """
        return wire.load_match(await self._submit({"job": "match_faces", "purpose": purpose.value}, (a, b)))

    async def look(self, frame: bytes) -> FaceLook:
        """What a frame of the live picture shows for a liveness check.

        Raises:
            ServiceError: as :meth:`read_document`.
        """
        return wire.load_look(await self._submit({"job": "look"}, (frame,)))


class GuideClient(WorkerClient):
    """Says what to put right while the document still lies before the camera."""

    def __init__(self, settings: Settings, *, worker_command: Sequence[str] | None = None) -> None:
        limit_s = min(LOOK_LIMIT_S, settings.ocr.time_limit_s)
        super().__init__(worker_command or guide_command(settings), limit_s=limit_s, threads=1)

    async def wake(self) -> None:
        """Start the worker unless it runs: soon there will be something to look at."""
        if self.state is VisionState.STOPPED and not self._closing:
            await self.start()

    async def look_at_document(self, picture: bytes, expected: str | None = None) -> Guidance:
        """What stands against taking this picture.

        Args:
            expected: ``id_front`` or ``id_back``: the side that was asked for; None: any document.

        Raises:
            ServiceError: as :meth:`VisionClient.read_document`.
        """
        return wire.load_guidance(await self._submit({"job": "look_at_document", "expected": expected}, (picture,)))


def _fail(job: _Job, error: AppError) -> None:
    if not job.done.done():
        job.done.set_exception(error)
