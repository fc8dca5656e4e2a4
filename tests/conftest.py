"""Strictness for the whole suite: nothing that goes wrong quietly may pass.

Warnings are errors and Qt warnings fail (pyproject.toml). Here: an unexpected log record of WARNING or above
fails the test that caused it, and so does an asyncio task that outlives it.
"""

import asyncio
import gc
import inspect
import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydantic.types  # noqa: F401 - whole, before the import hook of PySide6 can meet half of it
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:  # most tests need no Qt
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
gc.disable()  # while everything is imported and collected; see pytest_collection_finish

pytest_plugins = ["tests.conformance", "tests.fuzzing"]

# The machines are shared and slow at times: an example's speed says nothing.
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(*events): log records of WARNING or above with these texts are meant"
    )


_BEHIND = 5
_LONGEST = (
    "tests/e2e/test_story.py", "tests/e2e/", "tests/windows/", "tests/video/", "tests/ocr/", "tests/cli/",
    "tests/ui/authoriser/",
)  # fmt: skip
"""Begun first, so that no processor idles at the end beside one that plays the story."""


@pytest.hookimpl(trylast=True)  # after pytest-randomly: within a module its order stays
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, path in enumerate(_LONGEST) if item.nodeid.startswith(path)), 99))
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and inspect.iscoroutinefunction(item.function)
            and not _shares_a_loop(item)
        ):
            item.fixturenames.insert(0, "no_leaked_tasks")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays: no search for garbage goes through it, at each a third of a second.

    And there are fewer: Python's own steps are made for small programs.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def _shares_a_loop(item: pytest.Function) -> bool:
    """Tests on one module's loop have its long-lived connections beside them; the module's fixture closes those."""
    mark = item.get_closest_marker("asyncio")
    return mark is not None and mark.kwargs.get("loop_scope", "function") != "function"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    marks = request.node.iter_markers("expects_log")
    expected = {event for mark in marks for event in mark.args}
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    surprises = [r for r in collector.records if r.getMessage() not in expected]
    assert not surprises, "unexpected log records: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in surprises)


@pytest.fixture
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Every task a test starts has ended when the test has."""
    yield
    left = {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
    assert not left, f"tasks left running: {sorted(task.get_name() for task in left)}"


@pytest.fixture(autouse=True, scope="module")
def _behind_the_story(request: pytest.FixtureRequest) -> None:
    """The story has windows, a call and a server that judges films: beside it every other module takes what is left."""
    story = request.node.nodeid.startswith("tests/e2e/test_story.py")
    if not story and "PYTEST_XDIST_WORKER" in os.environ and os.getpriority(os.PRIO_PROCESS, 0) < _BEHIND:
        os.setpriority(os.PRIO_PROCESS, 0, _BEHIND)


@pytest.fixture
def qtbot(qtbot: "QtBot", monkeypatch: pytest.MonkeyPatch) -> "Iterator[QtBot]":
    """pytest-qt's, holding the windows it is to close: it knows them weakly only, and a window that the test's own end
    let go of was still painted, with Python free to collect it in the middle of that.

    What it has closed goes at once: Qt would keep it for a loop that never runs, and dress it with every sheet to come.
    """
    held: list[QWidget] = []
    add = qtbot.addWidget

    def hold(widget: "QWidget", **how: Any) -> None:
        held.append(widget)
        add(widget, **how)

    monkeypatch.setattr(qtbot, "addWidget", hold)
    yield qtbot
    from PySide6.QtCore import QCoreApplication, QEvent  # only where windows are tested

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parent.parent
