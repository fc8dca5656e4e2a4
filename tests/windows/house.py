"""Both windows of a visit in this process, over the real server and the real machine.

Real: the teller's window with its gateways, the kiosk's window with its agent and journal, REST and signalling over
sockets, the server with its database, PIN unit and press, the machine with its services. Played: the call, what the
vision worker sees, the server's judge of faces; the machine's motors take no time.
"""

import json
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.seat import cases
from benchmarks.seat.outside import FakeLink, FakeRing
from common.clock import SystemClock, SystemIds
from common.settings import FaceSettings, Settings
from common.wire import authorisation as auth
from common.wire.cases import EvidenceKind
from common.wire.sessions import UserView
from common.wire.signalling import TaskAssigned
from devices.client.journal import CashJournal
from devices.client.machine import Machine
from devices.hands.client import Hands
from devices.sim.main import Endpoints, Folders, Vtm
from devices.sim.motor import VirtualMotor
from ocr.api import DocumentReading
from server.edge.serving import ReadyServer, listen, url_of
from server.main import build
from tests.fakes.counter import PlainJudge
from tests.ui.vtm.conftest import FakeCall, FakeVoice
from tests.windows.eyes import KnowingEyes
from ui.kit.app import AppSession, Connection
from ui.kit.bridge import AsyncBridge
from ui.kit.case_store import CaseStore
from ui.kit.client import ApiClient
from ui.kit.crash import CrashGuard
from ui.kit.kit import Kit
from ui.kit.signalling_client import SignallingClient
from ui.kit.stalls import StallMeter
from ui.kit.suspense_desk import SuspenseGateway
from ui.teller_app.book_gateway import BookGateway
from ui.teller_app.gateways import DeskGateway, SeatPresence
from ui.teller_app.machine_gateway import MachineGateway
from ui.teller_app.parts import Ports, make_parts
from ui.teller_app.window import TellerWindow
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.controller import Controller
from ui.vtm_app.window import KioskWindow

R = TypeVar("R")
PATIENCE_S = 120.0
CHINA = timezone(timedelta(hours=8))
QUICK = Limits(
    card_s=20, take_card_s=20, take_cash_s=20, take_paper_s=20, pin_s=20, insert_s=20, look_s=0.05,
    machine_back_s=15, goodbye_s=0.01, again_s=0.01,
)  # fmt: skip


def until(condition: Callable[[], Any], what: Callable[[], str] | str, within_s: float = PATIENCE_S) -> Any:
    """Qt goes on until it holds."""
    clock = SystemClock()
    deadline = clock.monotonic() + within_s
    while not (found := condition()):
        if clock.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what if isinstance(what, str) else what()}")
        _turn()
    return found


def _turn() -> None:
    """A few milliseconds of Qt's loop. Not ``QTest.qWait``, which keeps Python for itself while it sleeps: the server,
    the machine and the windows' own threads stood still for them."""
    loop = QEventLoop()
    QTimer.singleShot(4, loop.quit)
    loop.exec()


class MovedClock(SystemClock):
    """The bank's time: a few minutes past ten of the next weekday, whenever the tests run; it goes on from there."""

    def __init__(self) -> None:
        here = super().now().astimezone(CHINA)
        opened = here.replace(hour=10, minute=5) + timedelta(days=1)
        while opened.weekday() > 4:
            opened += timedelta(days=1)
        self._ahead = opened - here

    def now(self) -> datetime:
        return super().now() + self._ahead


class _Server:
    """The server on a thread of its own."""

    def __init__(self, data: Path, clock: MovedClock) -> None:
        bound = listen("127.0.0.1", 0)
        self.url = url_of(bound)
        kept = Settings(data_dir=data, face=FaceSettings(film=False))  # nobody stands before a camera
        # As in the product the press is made ready before the first voucher is due: while windows are opened.
        app = build(kept, public_url=self.url, seed_demo=True, clock=clock, judge=PlainJudge(), warm_after_s=0.0)
        ready = threading.Event()
        self._uvicorn = ReadyServer(app, bound, lambda _: ready.set())
        self._thread = threading.Thread(target=self._uvicorn.serve_until_told, name="server", daemon=True)
        self._thread.start()
        assert ready.wait(PATIENCE_S), "the server listens"

    def close(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the server has ended"


class _Signed:
    """Somebody signed on, with everything that is opened for a window."""

    def __init__(self, house: "House", kit: Kit, login: str) -> None:
        self.bridge, self.connection = AsyncBridge(), Connection()
        self.bridge.start()
        self.session: AppSession = house.wait(self.bridge, self._open(house, kit, login))

    async def _open(self, house: "House", kit: Kit, login: str) -> AppSession:
        bridge, connection = self.bridge, self.connection
        api = ApiClient(
            house.url, on_offline=lambda lost: bridge.emit_to_gui(lambda: connection.note("rest", lost), connection)
        )
        bridge.on_close(api.close)
        user: UserView = (await api.sign_on(login, house.known["passwords"][login])).user
        line = SignallingClient(
            house.url.replace("http", "ws", 1) + "/ws/v1",
            lambda: api.session.token if api.session is not None else "",
            on_state=lambda lost: connection.note("signalling", lost),
            deliver=lambda call: bridge.emit_to_gui(call, connection),
            longest_pause_s=0.1,
        )
        bridge.on_close(line.close)
        return AppSession(
            Settings(data_dir=house.data), Namespace(login=login), kit, bridge, api, line, connection, user,
            SystemClock(), CrashGuard(), StallMeter(),
        )  # fmt: skip

    def vanish(self) -> None:
        """As after ``kill -9``: nothing is said to anybody, the sockets are gone."""
        self.bridge._closers.clear()
        self.bridge.close(timeout=10)

    def close(self) -> None:
        self.bridge.close(timeout=10)


class TellerSeat:
    """The teller's window."""

    def __init__(self, house: "House", kit: Kit, login: str) -> None:
        self.signed = _Signed(house, kit, login)
        session, bridge = self.signed.session, self.signed.bridge
        self.link, self.eyes = FakeLink(), KnowingEyes(house.seen)
        ports = Ports(
            desk=DeskGateway(bridge, session.api),
            presence=SeatPresence(bridge, session.signalling, session.connection, session.clock),
            store=CaseStore(bridge, session.api, session.signalling),
            link=self.link,
            vision=self.eyes,
            ring=FakeRing(),
            books=BookGateway(bridge, session.api),
            machines=MachineGateway(bridge, session.api),
            suspense=SuspenseGateway(bridge, session.api),
        )
        self.window = TellerWindow(kit, make_parts(ports, session.user, session.clock))
        bridge.on_unhandled = self.window.failed
        self.window.resize(1440, 900)
        self.window.parts.desk.start()
        bridge.call_soon(session.signalling.start)
        self.window.show()
        until(lambda: self.window.parts.desk.desk is not None, "the desk is shown")

    def gone(self, *, vanish: bool = False) -> None:
        """Closed by its person; ``vanish``: or ended from outside."""
        if not vanish:
            self.window.close()
        self.signed.vanish() if vanish else self.signed.close()  # first: from here on nobody is told anything
        for part in vars(self.window.parts).values():
            if isinstance(part, QObject):
                part.deleteLater()  # with the process its timers would be gone
        _delete(self.window)


class Kiosk:
    """The customer's window and its agent."""

    def __init__(self, house: "House", kit: Kit) -> None:
        self.signed = _Signed(house, kit, "K-02")
        session, bridge, ids = self.signed.session, self.signed.bridge, SystemIds()
        self.controller: Controller
        journal = CashJournal(house.data / "kiosk" / "journal.sqlite3", session.clock, ids)
        self.agent = KioskAgent(
            session.api, session.signalling,
            lambda told: Machine.connect(house.machine.host, (house.machine.port,), told),
            journal, session.clock, ids,
            on_screen=lambda screen: bridge.emit_to_gui(lambda: self.controller.set_screen(screen), self.controller),
            limits=QUICK, eye=house.eye,
        )  # fmt: skip
        self.controller = Controller(self.agent.taps, bridge.submit, session.clock)
        self.window = KioskWindow(kit, self.controller, FakeCall(), FakeVoice(audible=False), place="K-02")
        self._hear(session)
        bridge.on_close(self.agent.close)
        bridge.call_soon(session.signalling.start)
        self.window.show()
        bridge.submit(self.agent.start, owner=self.window)
        until(lambda: self.controller.screen is not None and self.controller.screen.machine_ready, "machine ready")

    def _hear(self, session: AppSession) -> None:
        """As the process composes it."""
        session.connection.changed.connect(
            lambda lost: session.bridge.call_soon(lambda: self.agent.note_online(lost is None))
        )

    def gone(self, *, vanish: bool = False) -> None:
        """Switched off; ``vanish``: as when the power goes."""
        if not vanish:
            self.window.close()
        self.signed.vanish() if vanish else self.signed.close()
        _delete(self.window)


class Authoriser:
    """A-07 without a window: approves whatever he is dealt, after a look at all of it."""

    def __init__(self, house: "House", kit: Kit) -> None:
        self._house = house
        self.signed = _Signed(house, kit, "A-07")
        session = self.signed.session
        self.tasks: list[str] = []
        session.signalling.on(TaskAssigned, lambda message: self.tasks.append(message.task_id))
        self.signed.bridge.call_soon(session.signalling.start)
        house.wait(self.signed.bridge, session.signalling.wait_standing())
        house.wait(self.signed.bridge, session.api.command("PUT", "/tasks/accepting", auth.Accepting(accepting=True)))

    def approve(self) -> bool:
        """The task that was dealt, if there is one."""
        if not self.tasks:
            return False
        self._house.wait(self.signed.bridge, self._approve(self.tasks.pop(0)))
        return True

    async def _approve(self, task_id: str) -> None:
        api = self.signed.session.api
        task = await api.post(f"/tasks/{task_id}/open", None, auth.TaskView)
        body = auth.DecideTask(
            decision=auth.Decision.APPROVE,
            evidence=[item.digest for item in task.case.evidence],
            seen_differences=[row.field for row in task.comparison if row.differs],
        )
        await api.command("POST", f"/tasks/{task_id}/decision", body)


def _delete(window: QWidget) -> None:
    window.hide()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


class House:
    """Server, machine and hands; windows are opened on it."""

    def __init__(self, data: Path) -> None:
        self.data, self.clock = data, MovedClock()
        self.seen: dict[bytes, DocumentReading] = {}
        self._server = _Server(data, self.clock)
        self.url = self._server.url
        self.known: dict[str, Any] = json.loads((data / "demo-credentials.json").read_text(encoding="utf-8"))
        self._bridge = AsyncBridge()
        self._bridge.start()
        self._vtm: Vtm
        self.machine: Endpoints = self.do(self._switch_on())
        self.hands: Hands = self.do(Hands.connect("127.0.0.1", self.machine.hands_port, self.machine.hands_token))
        self.face = cases.pictures()[EvidenceKind.LIVE_FRAME]

    def today(self) -> str:
        """The bank's business day."""
        return self.clock.now().astimezone(CHINA).date().isoformat()

    async def _switch_on(self) -> Endpoints:
        """On the loop's thread: the machine's memory belongs to it."""
        self._vtm = Vtm(Folders(self.data, "K-02"), motor=VirtualMotor())
        return await self._vtm.start("127.0.0.1")

    async def eye(self) -> bytes:
        """What the kiosk's own camera sees."""
        return self.face

    def do(self, work: Coroutine[Any, Any, R]) -> R:
        """Something of the machine's side, while Qt goes on."""
        return self.wait(self._bridge, work)

    @staticmethod
    def wait(bridge: AsyncBridge, work: Coroutine[Any, Any, R]) -> R:
        """The result of a coroutine on that loop."""
        future = bridge.submit(work, on_error=lambda _: None)
        until(future.done, "the answer")
        return future.result()

    def close(self) -> None:
        self.do(self.hands.close())
        self.do(self._vtm.close())
        self._bridge.close()
        self._server.close()
