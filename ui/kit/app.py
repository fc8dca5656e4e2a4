"""How every window of Guitai starts and ends: application, theme, bridge, sign-on, signalling, window, and back.

Order of the end: window, automation, then on the loop call, signalling and REST (last opened first), then Qt.
"""

import contextlib
import gc
import json
import logging
import os
import secrets
import signal
import socket
import ssl
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication, QWidget

from common.clock import Clock, SystemClock
from common.credentials import password_from, server_from
from common.errors import AppError, UserError
from common.settings import Settings
from common.tls import trusting
from common.wire.sessions import Role, SessionView, UserView
from ui.kit.automation import AutomationServer
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient
from ui.kit.crash import CrashGuard
from ui.kit.kit import Kit, make_kit
from ui.kit.out_of_use import OutOfUse
from ui.kit.sign_on import SignOnWindow, until_there
from ui.kit.signalling_client import SignallingClient
from ui.kit.stalls import StallMeter
from ui.kit.theme import Sheet
from ui.kit.watchdog import Watchdog

SWITCH_S = 0.0002
log = logging.getLogger(__name__)
Figures = Callable[[], dict[str, Any]]


class Connection(QObject):
    """Whether REST and signalling reach the server, told on the GUI thread.

    Signals:
        changed(object): ``time.monotonic`` since when the server is lost, or None.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lost: dict[str, float | None] = {"rest": None, "signalling": None}

    @property
    def lost_since(self) -> float | None:
        """The earlier of the two losses, None when both stand."""
        lost = [moment for moment in self._lost.values() if moment is not None]
        return min(lost) if lost else None

    def lost_at(self, clock: Clock) -> datetime | None:
        """When that was by the clock on the wall."""
        since = self.lost_since
        return None if since is None else clock.now() - timedelta(seconds=clock.monotonic() - since)

    def note(self, line: str, lost: float | None) -> None:
        """One of the two lines changed."""
        before = self.lost_since
        self._lost[line] = lost
        if self.lost_since != before:
            self.changed.emit(self.lost_since)


@dataclass(frozen=True)
class AppSession:
    """What the composition root hands to a window: everything that was opened for it, signed on."""

    settings: Settings
    args: Namespace
    kit: Kit
    bridge: AsyncBridge
    api: ApiClient
    signalling: SignallingClient
    connection: Connection
    user: UserView
    clock: Clock
    crash: CrashGuard
    stalls: StallMeter
    figures: dict[str, Figures] = field(default_factory=dict)
    """Named figures for the automation port's ``metrics``; a window adds its own."""


BuildWindow = Callable[[AppSession], QWidget]


class _App(QObject):
    """Carries one window from start to end."""

    def __init__(self, settings: Settings, args: Namespace, role: Role, build: BuildWindow, sheet: Sheet) -> None:
        super().__init__()
        self.settings, self.args, self.role, self.build = settings, args, role, build
        self.clock = SystemClock()
        self.kit = make_kit(theme=settings.ui.theme, sheet=sheet, lang=settings.ui.language)
        self.kit.theme.reduce_motion = settings.ui.reduce_motion
        self.crash = CrashGuard(settings.data_dir / "logs" / f"{role.value}-{args.login}.fault")
        self.bridge = AsyncBridge(on_bug=self.crash.report)
        self.connection = Connection()
        self.watchdog = Watchdog(self.bridge, self.crash, parent=self)
        self.stalls = StallMeter(parent=self)
        self.api: ApiClient | None = None
        self.signalling: SignallingClient | None = None
        self.sign_on: SignOnWindow | None = None
        self.window: QWidget | None = None
        self.automation: AutomationServer | None = None
        self.out_of_use: OutOfUse | None = None
        self.user: UserView | None = None
        self.failure: AppError | None = None
        self.server_url = ""
        self.tls: ssl.SSLContext | None = None

    def start(self, application: QApplication) -> None:
        self.crash.install()
        self.kit.theme.apply(application)
        self.bridge.start()
        self.watchdog.start()
        self.stalls.start()
        self.bridge.submit(self._open_api, self._api_open, self._refused, self)

    async def _open_api(self) -> ApiClient:
        url = await self._server()
        self.tls = trusting(self.settings.server.trust) if url.startswith("https") else None
        api = ApiClient(
            url,
            on_offline=lambda lost: self.bridge.emit_to_gui(lambda: self.connection.note("rest", lost), self),
            clock=self.clock,
            tls=self.tls,
        )
        self.bridge.on_close(api.close)
        return api

    async def _server(self) -> str:
        """The server's address: of the settings, or of the credentials file once it has been written."""
        if self.args.wait is not None:
            await until_there(self.args.credentials, self.args.wait)
        named = server_from(self.args.credentials) if self.args.credentials is not None else None
        self.server_url = named or self.settings.server_url
        return self.server_url

    def _api_open(self, api: ApiClient) -> None:
        self.api = api
        self._ask_sign_on()

    def _ask_sign_on(self) -> None:
        """From the credentials file, or in the sign-on window."""
        if self.args.credentials is None:
            self.sign_on = SignOnWindow(self.kit, self.args.login, self._try)
            self.sign_on.closed.connect(self._sign_on_closed)
            self.sign_on.show()
            return
        try:
            self._try(self.args.login, password_from(self.args.credentials, self.args.login))
        except UserError as error:
            self._refused(error)

    def _try(self, login: str, password: str) -> None:
        assert self.api is not None
        api = self.api
        if self.user is not None and login != self.user.number:
            # The window holds the work of one person; another one opens a window of his own.
            self._refused(UserError("signon.other_number", number=self.user.number))
            return
        self.bridge.submit(lambda: api.sign_on(login, password), self._signed_on, self._refused, self)

    def _refused(self, error: AppError) -> None:
        if self.sign_on is not None:
            self.sign_on.failed(error)
        elif self.out_of_use is not None:
            self.out_of_use.ready(error)
        else:
            self.failure = error
            QApplication.exit(2)

    def _signed_on(self, session: SessionView) -> None:
        if session.user.role is not self.role:
            self._refused(UserError("signon.wrong_role", number=session.user.number))
        elif self.signalling is not None:
            self._in_use_again(self.signalling)
        else:
            self.user = session.user
            self.bridge.submit(self._open_signalling, lambda opened: self._ready(session.user, opened), owner=self)

    # --- out of use: replaced by a newer window of the same user, or the session is over

    def _stopped(self, code: str) -> None:
        if self.window is not None and self.out_of_use is None:
            self.out_of_use = OutOfUse(self.kit, self.window, code, self._ask_sign_on)

    def _in_use_again(self, signalling: SignallingClient) -> None:
        self._close_sign_on()
        if self.out_of_use is not None:
            self.out_of_use.close()
            self.out_of_use = None
        self.bridge.call_soon(signalling.start)

    def _sign_on_closed(self) -> None:
        """By its person, without signing on."""
        if self.sign_on is not None:
            self.sign_on.deleteLater()
            self.sign_on = None
        if self.out_of_use is not None:
            self.out_of_use.ready()

    def _close_sign_on(self) -> None:
        sign_on, self.sign_on = self.sign_on, None
        if sign_on is not None:
            sign_on.closed.disconnect(self._sign_on_closed)
            sign_on.close()
            sign_on.deleteLater()

    async def _open_signalling(self) -> SignallingClient:
        api = self.api
        assert api is not None

        def token() -> str:
            return api.session.token if api.session is not None else ""

        client = SignallingClient(
            self.server_url.replace("http", "ws", 1) + "/ws/v1",
            token,
            client=f"guitai-{self.role.value}",
            on_state=lambda lost: self.connection.note("signalling", lost),
            on_stopped=self._stopped,
            renew=api.renew,
            deliver=lambda call: self.bridge.emit_to_gui(call, self),
            tls=self.tls,
        )
        self.bridge.on_close(client.close)
        return client

    def _ready(self, user: UserView, signalling: SignallingClient) -> None:
        assert self.api is not None
        self.signalling = signalling
        session = AppSession(
            self.settings, self.args, self.kit, self.bridge, self.api, signalling, self.connection, user, self.clock,
            self.crash, self.stalls,
        )  # fmt: skip
        self.window = self.build(session)
        # Handlers stand before the first message can arrive.
        self.bridge.call_soon(signalling.start)
        for part in self.window.findChildren(QWidget):
            part.ensurePolished()  # what is shown later is styled now, not in the middle of a call
        self.window.show()
        self._close_sign_on()
        # What stands now stays: a collection that went through it all would hold up a call for an eighth of a second.
        gc.collect()
        gc.freeze()
        self.bridge.submit(signalling.wait_standing, lambda _: self._standing(session), owner=self)

    def _standing(self, session: AppSession) -> None:
        """Its person can work: said to whoever started the process, as the server and the machine say it."""
        if self.args.automation is not None:
            self._automate(session)
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more
            sys.stdout.write(f"ready {session.user.number}\n")
            sys.stdout.flush()

    def _automate(self, session: AppSession) -> None:
        token = secrets.token_urlsafe(24)
        figures = {"stalls": self.stalls.figures, **session.figures}
        self.automation = AutomationServer(
            token,
            lambda: {name: call() for name, call in figures.items()},
            parent=self,
            on_grabbed=self.stalls.excuse,
        )
        _write_private(self.args.automation, {"port": self.automation.start(), "token": token, "pid": os.getpid()})
        log.warning("automation port open")

    def end(self) -> None:
        self.watchdog.stop()
        self.stalls.stop()
        if self.automation is not None:
            self.automation.stop()
        if self.window is not None:
            self.window.close()
            # The C++ side goes with the window, before the application does.
            self.window.deleteLater()
            self.window = None
            QApplication.sendPostedEvents()
        self.bridge.close(timeout=10)
        self.crash.uninstall()


def _write_private(file: Path, body: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(body, stream)
    draft.replace(file)


class _Signals(QObject):
    """SIGTERM and SIGINT end the application in an orderly way: Qt's loop must be woken to let Python hear them."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: application.quit())
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda: self._ours.recv(64))

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()


def run_app(settings: Settings, args: Namespace, role: Role, build: BuildWindow, *, sheet: Sheet = "staff") -> int:
    """Run one window until its person closes it; returns the process's exit status.

    Args:
        args: of the command line: login, credentials (file or None), wait (seconds for that file to be written,
            or None), automation (file or None).
        build: makes the window once everything it needs is open; the composition of the app.

    Raises:
        AppError: sign-on with a credentials file was refused.
    """
    # Painting a window calls Python hundreds of times, and each call may wait this long for the media threads' turn
    # to end; the default of 5 ms makes a window that repaints stand still for a quarter of a second in a call.
    sys.setswitchinterval(SWITCH_S)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Guitai")
    application.setQuitOnLastWindowClosed(True)
    signals = _Signals(application)
    app = _App(settings, args, role, build, sheet)
    app.start(application)
    try:
        status = application.exec()
    finally:
        app.end()
        signals.close()
    if app.failure is not None:
        raise app.failure
    return status
