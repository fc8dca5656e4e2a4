"""The authoriser's real window over ports that the test plays."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from common.wire.sessions import Role, UserView
from common.wire.signalling import TaskAssigned
from tests.ui.authoriser.world import TASK, World
from ui.authoriser_app.controller import TaskController
from ui.authoriser_app.desk import DeskController
from ui.authoriser_app.state import Phase
from ui.authoriser_app.window import AuthoriserWindow, Parts
from ui.kit.kit import make_kit
from ui.kit.registers import Registers
from ui.kit.suspense_desk import SuspenseDesk
from ui.kit.texts.book import Lang
from ui.kit.theme import ThemeName

USER = UserView(id="u7", number="A-07", name="闻人澈", role=Role.AUTHORISER, branch="远程授权中心")


class Stage:
    """A window, its world, and hands on its keys."""

    def __init__(self, qtbot: QtBot, world: World, window: AuthoriserWindow) -> None:
        self.qtbot, self.world, self.window = qtbot, world, window
        self.port, self.clock = world.port, world.clock

    def assign(self, task_id: str = TASK) -> None:
        """The server deals a task."""
        self.port.message.emit(TaskAssigned(task_id=task_id))
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        QApplication.processEvents()

    def main(self) -> None:
        """F9, as soon as it counts."""
        self.qtbot.waitUntil(self.window.bar.main.guard.open)
        self.key(Qt.Key.Key_F9)

    def approve(self) -> None:
        """Look at every difference, then approve."""
        while self.window.parts.tasks.review.unseen:
            self.key(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        self.main()

    def click(self, name: str) -> None:
        """Press with the mouse."""
        QTest.mouseClick(self.child(name), Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def phase(self) -> Phase:
        """What is on the screen."""
        return self.window.phase

    def close(self) -> None:
        """Esc, until it counts: a dialog that has just opened does not hear it yet."""

        def closed() -> bool:
            self.key(Qt.Key.Key_Escape)
            return not self.window.popups.above()

        self.qtbot.waitUntil(closed)

    def pass_(self, seconds: float) -> None:
        """Let time go by and have the window notice."""
        self.clock.passed += seconds
        self.window._ticked()

    def child(self, name: str) -> QWidget:
        """A widget by its address."""
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        """What a widget says."""
        return str(self.child(name).text())  # type: ignore[attr-defined]

    def shows(self, name: str) -> bool:
        """Whether a widget can be seen."""
        return self.child(name).isVisible()


MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeStage]:
    """``make_stage(world, size=…, lang=…, theme=…)``: the window, shown, signed on and accepting."""

    def make(
        world: World | None = None,
        *,
        size: tuple[int, int] = (1440, 900),
        lang: Lang = "zh",
        theme: ThemeName = "light",
    ) -> Stage:
        world = world or World()
        kit = make_kit(theme=theme, lang=lang, strict=True)
        kit.theme.apply(qapp)
        tasks = TaskController(world.port, world.clock)
        desk = DeskController(world.port, tasks, world.clock)
        suspense = SuspenseDesk(world.suspense, USER.number, decides=True)
        registers = Registers(world.books, world.clock)
        window = AuthoriserWindow(kit, Parts(USER, world.clock, tasks, desk, suspense, registers))
        window.resize(*size)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        desk.start()
        QApplication.processEvents()
        return Stage(qtbot, world, window)

    yield make
    # Widgets that outlive the sheet they were dressed by are forgotten by the next one, and Qt then trips over them.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
