"""F1: every key of the window and what it does; any key closes it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.kit.base import Label, hbox, vbox
from ui.kit.buttons import KeyCap
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.shortcuts import Shortcut, ShortcutTable
from ui.kit.texts.words import t

_COLUMNS = 2


class HelpOverlay(QFrame):
    """Printed from the window's own shortcut table each time it is opened.

    Signals:
        closed().
    """

    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget, table: ShortcutTable) -> None:
        super().__init__()
        self.kit, self._table = kit, table
        self.setObjectName("help.overlay")
        self.setProperty("role", "dialog")
        self.setFixedWidth(720)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        head = hbox(Label(kit, t("common.help_title"), "heading"), None, Label(kit, t("common.help_close"), "label"))
        column = vbox(head, gap=16, margins=(24, 20, 24, 24))
        column.addLayout(self._grid)
        self.setLayout(column)
        self.scrim = Scrim(kit, window, self)
        self.scrim.closed.connect(self.closed)

    def open(self) -> None:
        """Print the table and show it."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        groups: dict[str, list[tuple[Shortcut, bool]]] = {}
        for row, usable in self._table.rows():
            groups.setdefault(row.group, []).append((row, usable))
        at = 0
        for group, rows in groups.items():
            self._grid.addWidget(Label(self.kit, t(group), "strong"), at, 0, 1, 4)
            at += 1
            for number, (row, usable) in enumerate(rows):
                line, side = at + number // _COLUMNS, number % _COLUMNS * 2
                cap = KeyCap(self.kit, row.cap)
                self._grid.addWidget(cap, line, side, Qt.AlignmentFlag.AlignLeft)
                self._grid.addWidget(Label(self.kit, row.words, "", "" if usable else "faint"), line, side + 1)
            at += (len(rows) + _COLUMNS - 1) // _COLUMNS
        self.scrim.open(self)

    def close_help(self) -> None:
        """Take it away."""
        self.scrim.close_popup()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # any key closes; none of them may do anything else
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close_help()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_help()
