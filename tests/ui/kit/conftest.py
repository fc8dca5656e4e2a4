"""One application for the kit's tests, dressed in the kit's own theme."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.kit import Kit, make_kit


@pytest.fixture
def kit(qapp: QApplication) -> Iterator[Kit]:
    """A strict kit in light and Chinese, taken off the application again."""
    made = make_kit(strict=True)
    made.theme.apply(qapp)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def window(qtbot: QtBot, kit: Kit) -> QWidget:
    """An empty staff window of 1000x700, shown."""
    made = QWidget()
    made.setProperty("role", "window")
    made.resize(1000, 700)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made
