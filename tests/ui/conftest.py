"""For the tests of all windows."""

import functools

import pytest
from pytestqt.qtbot import QtBot

from ui.kit import pictures

PATIENT_MS = 20_000
"""How long a test waits for what must come: a slow machine is no error."""


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """The usual one, with more patience than its five seconds where a test names none."""
    qtbot.waitUntil = functools.partial(qtbot.waitUntil, timeout=PATIENT_MS)  # type: ignore[method-assign]
    return qtbot


@pytest.fixture(autouse=True)
def small_pictures_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of tests are there when they came; the thread beside has tests of its own."""
    monkeypatch.setattr(pictures, "AT_ONCE", 150_000)
    return
