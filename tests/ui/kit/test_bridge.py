"""The bridge: results on the GUI thread, nobody called who is gone, a clean end."""

import asyncio
import os
import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from common.errors import AppError, UserError
from ui.kit.bridge import AsyncBridge


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[AsyncBridge]:
    made = AsyncBridge()
    made.start()
    yield made
    made.close()


def test_results_arrive_on_the_gui_thread(bridge: AsyncBridge, qtbot: QtBot) -> None:
    seen: list[tuple[str, str, int]] = []

    async def work() -> str:
        await asyncio.sleep(0)
        return threading.current_thread().name

    bridge.submit(work, lambda name: seen.append((name, threading.current_thread().name, len(seen))))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("asyncio", "MainThread", 0)]


def test_the_window_comes_before_the_call(bridge: AsyncBridge, qtbot: QtBot) -> None:
    """The GUI thread keeps its priority; the bridge's and what it starts (encoders, decoders) stand behind it."""

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def work() -> tuple[int, int]:
        return niceness(), await asyncio.to_thread(niceness)

    own = niceness()
    seen: list[tuple[int, int]] = []
    bridge.submit(work, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert niceness() == own
    assert seen == [(min(own + 3, 19), min(own + 3, 19))]


def test_errors_arrive_as_errors(bridge: AsyncBridge, qtbot: QtBot) -> None:
    told: list[str] = []

    async def fail() -> None:
        raise UserError("cash.not_payable", left=3)

    bridge.submit(fail(), on_error=lambda error: told.append(f"{error.code} {error.params['left']}"))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["cash.not_payable 3"]


def test_unhandled_errors_go_to_the_app(bridge: AsyncBridge, qtbot: QtBot) -> None:
    told: list[AppError] = []
    bridge.on_unhandled = told.append

    async def fail() -> None:
        raise UserError("x.y")

    bridge.submit(fail)
    qtbot.waitUntil(lambda: bool(told))


def test_a_bug_is_reported_and_frees_the_caller(bridge: AsyncBridge, qtbot: QtBot) -> None:
    bugs: list[BaseException] = []
    told: list[str] = []
    bridge.on_bug = bugs.append

    async def broken() -> None:
        raise ZeroDivisionError

    bridge.submit(broken, on_error=lambda error: told.append(error.code))
    qtbot.waitUntil(lambda: bool(told) and bool(bugs))
    assert told == ["error.internal"]
    assert isinstance(bugs[0], ZeroDivisionError)


def test_results_for_a_deleted_owner_are_dropped(bridge: AsyncBridge, qtbot: QtBot) -> None:
    owner, other = QObject(), QObject()
    gate = threading.Event()
    seen: list[str] = []

    async def work() -> None:
        await asyncio.to_thread(gate.wait, 5)

    bridge.submit(work, lambda _: seen.append("deleted"), owner=owner)
    bridge.submit(work, lambda _: seen.append("alive"), owner=other)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: "alive" in seen)
    bridge.emit_to_gui(lambda: seen.append("later"))
    qtbot.waitUntil(lambda: "later" in seen)
    assert seen == ["alive", "later"]


def test_five_thousand_pushes_keep_their_order(bridge: AsyncBridge, qtbot: QtBot) -> None:
    seen: list[int] = []

    def push() -> None:
        for number in range(5000):
            bridge.emit_to_gui(lambda number=number: seen.append(number))  # type: ignore[misc]

    bridge.call_soon(push)
    qtbot.waitUntil(lambda: len(seen) == 5000, timeout=20000)
    assert seen == list(range(5000))


def test_close_cancels_awaits_and_runs_the_closers_last_first(qtbot: QtBot) -> None:
    bridge, order = AsyncBridge(), []
    bridge.start()
    started = threading.Event()

    async def long() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            order.append("cancelled")

    async def closer(name: str) -> None:
        order.append(name)

    bridge.on_close(lambda: closer("first made"))
    bridge.on_close(lambda: closer("last made"))
    bridge.submit(long, lambda _: order.append("never"))
    assert started.wait(5)
    bridge.close()
    assert order == ["cancelled", "last made", "first made"]
    assert "asyncio" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(RuntimeError):
        bridge.submit(long)


def test_a_cancelled_future_calls_nothing(bridge: AsyncBridge, qtbot: QtBot) -> None:
    seen: list[str] = []
    ended = threading.Event()

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = bridge.submit(long, lambda _: seen.append("ok"), lambda _: seen.append("error"))
    bridge.call_soon(lambda: future.cancel())
    assert ended.wait(5)
    bridge.emit_to_gui(lambda: seen.append("after"))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["after"]
