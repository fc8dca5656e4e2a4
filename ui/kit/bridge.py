"""The only crossing between Qt and asyncio: one loop in a thread of its own, results back on the GUI thread.

Results travel by a signal of an object that was made on the GUI thread; such a signal is delivered there whatever
the receiver is. Callbacks for an owner that has been deleted are dropped.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from common.aio import cancel_and_wait
from common.errors import AppError, Cancelled, ServiceError

R = TypeVar("R")
log = logging.getLogger(__name__)
Work = Coroutine[Any, Any, R] | Callable[[], Coroutine[Any, Any, R]]

_NICENESS = 3
"""By how much the thread is nicer than the GUI's: a click's answer comes before the next picture of a call.

Linux counts niceness by thread, and what a thread starts has its own (``pthreads(7)``, ``sched(7)``): decoder, encoder,
sources and sinks of the call, and the workers. The GUI thread has little to do at a time; with equal rights it waited
65 ms for a processor to do 16 ms of drawing, on two cores (docs/architecture.md, Threads).
"""


@dataclass(frozen=True)
class _Delivery:
    """A call to be made on the GUI thread, unless its owner is gone."""

    call: Callable[[], object]
    owner: QObject | None


class _Courier(QObject):
    """Lives on the GUI thread; its signal is what crosses."""

    sent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.sent.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _deliver(self, delivery: _Delivery) -> None:
        if self.closed or (delivery.owner is not None and not shiboken6.isValid(delivery.owner)):
            return
        delivery.call()


def _raise_to_hook(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


class AsyncBridge(QObject):
    """Owns the asyncio thread of an app. Make, start and close it on the GUI thread.

    Args:
        on_bug: told on the GUI thread about exceptions that are nobody's business but ours (default:
            ``sys.excepthook``, where :mod:`ui.kit.crash` listens).
        on_unhandled: told about an :class:`AppError` for which ``submit`` got no ``on_error``.
    """

    def __init__(
        self,
        on_bug: Callable[[BaseException], object] = _raise_to_hook,
        on_unhandled: Callable[[AppError], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.on_bug, self.on_unhandled = on_bug, on_unhandled
        self._courier = _Courier()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closers: list[Callable[[], Awaitable[object]]] = []

    def start(self) -> None:
        """Start the thread and wait until its loop runs."""
        if self._thread is not None:
            raise RuntimeError("the bridge has been started already")
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="asyncio", daemon=True)
        self._thread.start()
        ready.wait()

    def _run(self, ready: threading.Event) -> None:
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.call_soon(ready.set)
            self._loop.set_exception_handler(self._loop_failed)
            self._loop.run_forever()

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("asyncio reported a problem", extra={"what": context.get("message")}, exc_info=error)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop."""
        if self._loop is None:
            raise RuntimeError("the bridge is not running")
        return self._loop

    @property
    def running(self) -> bool:
        """Whether work can be submitted."""
        return self._loop is not None and not self._courier.closed

    def submit(
        self,
        work: Work[R],
        on_ok: Callable[[R], object] | None = None,
        on_error: Callable[[AppError], object] | None = None,
        owner: QObject | None = None,
    ) -> "Future[R]":
        """Run a coroutine on the loop; the callbacks run on the GUI thread.

        A bug in the coroutine goes to ``on_bug``, and ``on_error`` hears ``error.internal`` so that nothing stays
        busy. A cancelled coroutine calls nothing. The returned future can be cancelled.

        Raises:
            RuntimeError: the bridge is not running.
        """
        coroutine = work if asyncio.iscoroutine(work) else work()
        if not self.running:
            coroutine.close()
            raise RuntimeError("the bridge is not running")
        return asyncio.run_coroutine_threadsafe(self._guarded(coroutine, on_ok, on_error, owner), self.loop)

    async def _guarded(
        self,
        coroutine: Coroutine[Any, Any, R],
        on_ok: Callable[[R], object] | None,
        on_error: Callable[[AppError], object] | None,
        owner: QObject | None,
    ) -> R:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            result = await coroutine
        except (asyncio.CancelledError, Cancelled):
            raise
        except AppError as error:
            self._tell(on_error or self.on_unhandled, error, owner)
            raise
        except Exception as error:
            self.emit_to_gui(lambda error=error: self.on_bug(error))  # type: ignore[misc]
            self._tell(on_error, ServiceError("error.internal", retryable=True), owner)
            raise
        else:
            if on_ok is not None:
                self.emit_to_gui(lambda: on_ok(result), owner)
            return result
        finally:
            self._tasks.discard(task)

    def _tell(self, whom: Callable[[AppError], object] | None, error: AppError, owner: QObject | None) -> None:
        if whom is not None:
            self.emit_to_gui(lambda: whom(error), owner)
        else:
            log.warning("error without anybody to tell", extra={"code": error.code})

    def call_soon(self, call: Callable[[], object]) -> None:
        """Run a plain function on the loop's thread, from any thread."""
        self.loop.call_soon_threadsafe(call)

    def emit_to_gui(self, call: Callable[[], object], owner: QObject | None = None) -> None:
        """Run a plain function on the GUI thread, from any thread; dropped when the owner is deleted by then."""
        if not self._courier.closed:
            self._courier.sent.emit(_Delivery(call, owner))

    def on_close(self, closer: Callable[[], Awaitable[object]]) -> None:
        """Something to await on the loop before it stops; the last one registered goes first."""
        self._closers.append(closer)

    def close(self, timeout: float = 5.0) -> None:
        """Cancel and await what runs, run the closers, stop the loop, join the thread.

        Call it after ``exec()`` has returned. Nothing is delivered any more. Raises ``TimeoutError`` when something
        refuses to end.
        """
        self._courier.closed = True
        thread, self._thread = self._thread, None
        if thread is None:
            return
        done = asyncio.run_coroutine_threadsafe(self._shut_down(), self.loop)
        try:
            done.result(timeout)
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join(timeout)
            self._loop = None
        if thread.is_alive():
            raise TimeoutError("the asyncio thread did not end")

    async def _shut_down(self) -> None:
        await cancel_and_wait(*self._tasks)
        while self._closers:
            closer = self._closers.pop()
            try:
                await closer()
            except Exception:
                log.exception("closing failed")
        here = asyncio.current_task()
        await cancel_and_wait(*(task for task in asyncio.all_tasks() if task is not here))
