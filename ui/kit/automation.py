"""The automation port: another process plays the person, with real clicks and keys through Qt's event system.

Off unless the app starts it with an explicit token; it listens on 127.0.0.1 only. One JSON object a line. The first
line must be ``{"cmd": "hello", "token": …}``. Every other line has an ``id`` and a ``cmd`` and is answered by
``{"id", "ok": true, "result"}`` or ``{"id", "ok": false, "error", "what"}``. The commands are the methods of
:class:`ui.kit.automation_client.AutomationClient`; ``timeout_ms`` on any of them waits until the widget can be used.
Widgets are addressed by object name (``area.thing``), unique among what is visible.
"""

import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from PySide6.QtWidgets import QApplication

from ui.kit.automation_acts import COMMANDS
from ui.kit.automation_names import ActError, NotYet

_LINE_LIMIT = 4_000_000
_POLL_MS = 20
_SEARCH_MS = 80
"""What is looked for in vain costs a search through the whole window each time."""


class AutomationServer(QObject):
    """Listens for one or more automation clients; lives on the GUI thread.

    Args:
        token: what a client must show first. metrics: figures of the app for the ``metrics`` command.
        on_quit: what ``quit`` does (default: ``QApplication.quit``).
        on_grabbed: told after each picture was taken: the time it took is the observer's, not the window's.
    """

    def __init__(
        self,
        token: str,
        metrics: Callable[[], dict[str, Any]] | None = None,
        on_quit: Callable[[], object] | None = None,
        parent: QObject | None = None,
        on_grabbed: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        if len(token) < 16:
            raise ValueError("an automation token has at least 16 characters")
        self._token, self._metrics, self._on_quit, self._on_grabbed = token, metrics, on_quit, on_grabbed
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        self._sessions: list[_Session] = []

    def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1 and return the port (0: any free one). Raises ``OSError``."""
        if not self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), port):
            raise OSError(f"automation port {port}: {self._server.errorString()}")
        return int(self._server.serverPort())

    def stop(self) -> None:
        """Stop listening and end the sessions."""
        self._server.close()
        for session in self._sessions[:]:
            session.end()

    def _accept(self) -> None:
        while self._server.hasPendingConnections():
            session = _Session(self, self._server.nextPendingConnection())
            self._sessions.append(session)

    def token_fits(self, token: object) -> bool:
        """Compare in constant time."""
        return isinstance(token, str) and hmac.compare_digest(token.encode(), self._token.encode())

    def forget(self, session: "_Session") -> None:
        """A session has ended."""
        if session in self._sessions:
            self._sessions.remove(session)

    def perform(self, request: dict[str, Any]) -> Any:
        """Do one command. Raises :class:`ActError` or :class:`NotYet`."""
        command = request.get("cmd")
        if command == "metrics":
            return self._metrics() if self._metrics is not None else {}
        if command == "quit":
            QTimer.singleShot(0, self._quit)
            return None
        act = COMMANDS.get(str(command))
        if act is None:
            raise ActError("unknown_command", str(command))
        drawing = command == "grab" and "writing" not in request
        try:
            return act(request)
        finally:
            if drawing:
                self._on_grabbed()

    def _quit(self) -> None:
        if self._on_quit is not None:
            self._on_quit()
        else:
            QApplication.quit()


class _Session(QObject):
    """One client: lines in, answers out, in the order of the requests."""

    def __init__(self, server: AutomationServer, socket: QTcpSocket) -> None:
        super().__init__(server)
        self._server, self._socket = server, socket
        self._known = False
        self._waiting: list[dict[str, Any]] = []
        self._deadline: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._work)
        socket.setParent(self)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.end)
        self._read()

    def end(self) -> None:
        """Close and forget."""
        self._timer.stop()
        self._socket.abort()
        self._server.forget(self)
        self.deleteLater()

    def _read(self) -> None:
        while self._socket.canReadLine():
            raw = bytes(self._socket.readLine(_LINE_LIMIT).data())
            try:
                request = json.loads(raw)
            except ValueError:
                request = None
            if not isinstance(request, dict) or not self._admit(request):
                self._socket.disconnectFromHost()
                return
        self._work()

    def _admit(self, request: dict[str, Any]) -> bool:
        if self._known:
            self._waiting.append(request)
            return True
        self._known = request.get("cmd") == "hello" and self._server.token_fits(request.get("token"))
        if self._known:
            self._answer(request, ok=True, result={"protocol": 1})
        return self._known

    def _work(self) -> None:
        while self._waiting:
            request = self._waiting[0]
            if self._deadline is None:
                self._deadline = time.monotonic() + float(request.get("timeout_ms", 0)) / 1000
            try:
                result = self._server.perform(request)
            except NotYet as not_yet:
                if time.monotonic() < self._deadline or not_yet.patient:
                    self._timer.start(_SEARCH_MS if not_yet.searched else _POLL_MS)
                    return
                self._answer(request, ok=False, error=not_yet.code, what=not_yet.what)
            except ActError as error:
                self._answer(request, ok=False, error=error.code, what=error.what)
            except Exception as error:  # noqa: BLE001 - the client must hear of it, whatever it is
                self._answer(request, ok=False, error="failed", what=f"{type(error).__name__}: {error}")
            else:
                self._answer(request, ok=True, result=result)
            self._waiting.pop(0)
            self._deadline = None
        self._timer.stop()

    def _answer(self, request: dict[str, Any], **answer: Any) -> None:
        line = json.dumps({"id": request.get("id"), **answer}, ensure_ascii=False) + "\n"
        self._socket.write(line.encode())
        self._socket.flush()
