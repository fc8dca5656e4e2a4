"""The real window over an agent and a call that do what a test says."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from common.clock import SystemClock
from common.errors import AppError
from ui.kit.kit import Kit, make_kit
from ui.vtm_app.controller import Controller
from ui.vtm_app.idle import IdleWatch
from ui.vtm_app.scene import Local
from ui.vtm_app.speech import Prompter
from ui.vtm_app.window import KioskWindow


class ScriptedAgent:
    """Writes down what it is asked for; ``refusal`` is raised instead of carrying it out."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.refusal: AppError | None = None

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, None]]:
        async def asked(*args: Any) -> None:
            self.asked.append((name, *args))
            if self.refusal is not None:
                raise self.refusal

        return asked


class ManualClock(SystemClock):
    """Monotonic time that a test turns on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


class FakeCall(QObject):
    """A call without a network."""

    started = Signal(str)
    changed = Signal(object)
    ended = Signal(str)
    peer_lost = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.sizes: list[tuple[int, int]] = []
        self.remote: Any = None
        self.own: Any = None
        self.painted_pictures = 0

    def remote_picture(self) -> Any:
        return self.remote

    def own_picture(self) -> Any:
        return self.own

    def remote_size_wanted(self, width: int, height: int) -> None:
        self.sizes.append((width, height))

    def own_size_wanted(self, width: int, height: int) -> None:
        self.sizes.append((width, height))

    def painted(self, picture: Any) -> None:
        self.painted_pictures += 1

    def send_data(self, data: bytes) -> None:
        self.sent.append(data)


@dataclass
class FakeVoice:
    """Remembers what was said."""

    audible: bool = True
    said: list[tuple[str, str]] = field(default_factory=list)

    def say(self, text: str, language: str) -> None:
        self.said.append((text, language))

    def stop(self) -> None:
        pass


class Deferred:
    """Carries work out when told to, as a loop in another thread would: never inside the click."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Any, Any]] = []

    def __call__(self, work: Any, on_ok: Any = None, on_error: Any = None, owner: QObject | None = None) -> None:
        self.waiting.append((work, on_ok, on_error))

    def run(self) -> None:
        while self.waiting:
            work, on_ok, on_error = self.waiting.pop(0)
            try:
                result = asyncio.run(work())
            except AppError as error:
                on_error(error)
            else:
                on_ok(result)


@dataclass
class Stand:
    """A kiosk on its stand."""

    window: KioskWindow
    controller: Controller
    agent: ScriptedAgent
    call: FakeCall
    clock: ManualClock
    voice: FakeVoice
    work: Deferred


@pytest.fixture(scope="module")
def kit(qapp: QApplication) -> Iterator[Kit]:
    """A strict kiosk kit, taken off the application again."""
    made = make_kit(sheet="kiosk", strict=True)
    made.theme.apply(qapp)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture(scope="module")
def kiosk(kit: Kit) -> Iterator[Stand]:
    """One window for a whole module: dressing it takes longer than most tests."""
    agent, call, clock, voice, work = ScriptedAgent(), FakeCall(), ManualClock(), FakeVoice(), Deferred()
    controller = Controller(agent, work, clock, audible=True)
    window = KioskWindow(kit, controller, call, voice, place="K-02·青禾支行 大堂")
    window.show()
    yield Stand(window, controller, agent, call, clock, voice, work)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stand(kiosk: Stand) -> Stand:
    """The window as it is before the agent has said anything, and nothing written down yet."""
    for record in (kiosk.agent.asked, kiosk.call.sent, kiosk.call.sizes, kiosk.voice.said, kiosk.work.waiting):
        record.clear()
    kiosk.agent.refusal = None
    kiosk.clock.seconds = 1000.0
    window, controller = kiosk.window, kiosk.controller
    window.kit.language.set_current("zh")
    window.prompter = Prompter(kiosk.voice, lambda _: None)
    window.ask_leave.close_ask()
    controller.idle = IdleWatch()
    controller.screen, controller.local = None, Local(audible=True, since=1000.0, now=1000.0)
    controller.changed.emit()
    QApplication.processEvents()
    return kiosk
