"""Rows are made once and written into again."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.rows import Rows


class _Line:
    def __init__(self) -> None:
        self.widget = QLabel()


def test_rows_are_kept_and_the_surplus_hides(window: QWidget, qtbot: QtBot) -> None:
    rows = Rows(_Line)
    window.setLayout(rows.layout)
    three = rows.show(3)
    assert [row.widget.isVisible() for row in three] == [True, True, True]
    one = rows.show(1)
    assert one == three[:1]
    assert [row.widget.isVisible() for row in three] == [True, False, False]
    assert rows.show(2) == three[:2]
    assert three[1].widget.isVisible()
