"""The real window over played ports."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from benchmarks.seat import cases
from benchmarks.seat.outside import Outside, outside
from common.wire.cases import CaseView
from ui.kit.base import Label
from ui.kit.kit import Kit, make_kit
from ui.teller_app.local import CallPhase
from ui.teller_app.parts import Ports, make_parts
from ui.teller_app.window import TellerWindow


@dataclass
class Seat:
    """A teller at the window."""

    window: TellerWindow
    out: Outside
    qtbot: QtBot

    def show(self, case: CaseView) -> None:
        """The server says the case is so; the window has painted it."""
        self.out.store.known[case.id] = case
        self.out.store.show(case)
        self.paint()

    def paint(self) -> None:
        self.window.painter_.paint()
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A person presses a key, a moment after its meaning changed."""
        self.paint()
        bar, caps = self.window.bar, self.window.bar.keys()
        for button in (bar.main, *(bar.key(one) for one in caps)):
            button.guard._until = 0.0
        if self.window.alerts.dialog is not None:
            self.window.alerts.dialog.guard._until = 0.0
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.paint()

    def part(self, name: str) -> QWidget:
        """A part by its object name, visible."""
        found = [one for one in self.window.findChildren(QWidget, name) if one.isVisible()]
        assert len(found) == 1, f"{name}: {len(found)}"
        return found[0]

    def main(self) -> str:
        """What the main key says."""
        self.paint()
        return self.window.bar.main.text()


def build(qtbot: QtBot, kit: Kit, out: Outside, width: int = 1440, height: int = 900) -> TellerWindow:
    """The window, shown."""
    ports = Ports(
        out.desk, out.presence, out.store, out.link, out.vision, out.ring, out.books, out.machines, out.suspense
    )  # fmt: skip
    window = TellerWindow(kit, make_parts(ports, cases.USER, out.clock))
    window.resize(width, height)
    window.parts.desk.start()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def kit(qapp: QApplication) -> Iterator[Kit]:
    """A strict kit in light and Chinese, taken off the application again."""
    made = make_kit(strict=True)
    made.theme.apply(qapp)
    yield made
    qapp.setStyleSheet("")


def destroy(window: TellerWindow) -> None:
    """Gone for good, before the sheet it is dressed in goes."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def seat(qtbot: QtBot, kit: Kit) -> Iterator[Seat]:
    """A ready seat with people waiting."""
    out = outside()
    made = Seat(build(qtbot, kit, out), out, qtbot)
    made.paint()
    yield made
    destroy(made.window)


def said(seat: Seat, name: str) -> str:
    label = seat.part(name)
    assert isinstance(label, QLabel)
    return label.full_text() if isinstance(label, Label) else label.text()


def toasts(seat: Seat) -> str:
    return " ".join(toast.label.text() for toast in seat.window.alerts.toasts.toasts())


def phase(seat: Seat) -> CallPhase:
    return seat.window.parts.cases.local.call


def serve(seat: Seat, case: object = None) -> None:
    """The seat serves a case in a standing call."""
    seat.show(case or cases.draft())  # type: ignore[arg-type]
    seat.out.link.stand()
    seat.paint()
