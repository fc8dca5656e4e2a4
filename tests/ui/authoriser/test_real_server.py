"""The whole window, as the process composes it, against a real server: a task comes, is looked at and decided."""

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from common.clock import SystemClock
from common.settings import Settings
from tests.server.edge.real import RealServer
from tests.ui.authoriser.real_case import state_of, submitted
from ui.authoriser_app.main import build
from ui.authoriser_app.state import Phase
from ui.authoriser_app.window import AuthoriserWindow
from ui.kit.app import AppSession, Connection
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient
from ui.kit.crash import CrashGuard
from ui.kit.kit import make_kit
from ui.kit.signalling_client import SignallingClient
from ui.kit.stalls import StallMeter

K = Qt.Key
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server process on a new demonstration bank."""
    running = RealServer(tmp_path_factory.mktemp("bank"), "--seed-demo")
    yield running
    running.process.terminate()
    running.process.communicate(timeout=60)


def _credentials(server: RealServer) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((server.data / "demo-credentials.json").read_text(encoding="utf-8"))
    return known


@pytest.fixture
def session(server: RealServer, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppSession]:
    """Everything `run_app` opens for a window, signed on as A-07."""
    bridge = AsyncBridge()
    bridge.start()
    connection = Connection()
    opened: list[AppSession] = []
    kit = make_kit(strict=True)
    kit.theme.apply(qapp)

    async def open_lines() -> AppSession:
        api = ApiClient(
            server.url, on_offline=lambda lost: bridge.emit_to_gui(lambda: connection.note("rest", lost), connection)
        )
        bridge.on_close(api.close)
        user = (await api.sign_on("A-07", _credentials(server)["passwords"]["A-07"])).user
        line = SignallingClient(
            server.ws_url,
            lambda: api.session.token if api.session is not None else "",
            on_state=lambda lost: connection.note("signalling", lost),
            deliver=lambda call: bridge.emit_to_gui(call, connection),
        )
        bridge.on_close(line.close)
        return AppSession(
            Settings(data_dir=tmp_path), Namespace(login="A-07"), kit, bridge, api, line, connection, user,
            SystemClock(), CrashGuard(), StallMeter(),
        )  # fmt: skip

    bridge.submit(open_lines, opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    yield opened[0]
    bridge.close(timeout=10)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


@pytest.fixture
def window(session: AppSession, qtbot: QtBot) -> AuthoriserWindow:
    """The window, shown and on line."""
    made = build(session)
    assert isinstance(made, AuthoriserWindow)
    qtbot.addWidget(made)
    session.bridge.call_soon(session.signalling.start)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.waitUntil(lambda: made.parts.desk.desk is not None and made.parts.desk.desk.accepting, timeout=PATIENCE_MS)
    return made


def _press(window: AuthoriserWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)
    QApplication.processEvents()


def test_a_submitted_case_opens_by_itself_and_is_approved(
    window: AuthoriserWindow, session: AppSession, server: RealServer, qtbot: QtBot
) -> None:
    case_id = submitted(server, next(iter(_credentials(server)["cards"].values()))["track2"])
    tasks, main = window.parts.tasks, window.bar.main
    qtbot.waitUntil(lambda: tasks.review.phase is Phase.REVIEWING and tasks.pictures_here, timeout=PATIENCE_MS)
    while tasks.review.unseen:
        qtbot.waitUntil(main.guard.open)
        _press(window, K.Key_F9)
    qtbot.waitUntil(lambda: main.text() == "同意" and main.guard.open(), timeout=PATIENCE_MS)
    _press(window, K.Key_F9)
    qtbot.waitUntil(lambda: tasks.review.phase is Phase.IDLE, timeout=PATIENCE_MS)
    case = state_of(server, case_id)
    assert (case["state"], case["authorisation"]["state"]) == ("authorised", "approved")
    measured = session.figures["authorisation"]()["measured"]
    assert 0 < measured[0]["submit_to_screen_ms"] < PATIENCE_MS
    qtbot.waitUntil(lambda: window.top.today.text() == "1", timeout=PATIENCE_MS)
