"""Twelve columns of fields with section headings, and rows of a checklist."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QSizePolicy, QWidget

from ui.kit.base import Label, hbox, line
from ui.kit.kit import Kit
from ui.kit.texts.words import Words


class FormGrid(QWidget):
    """Fields on twelve columns, 12 px apart; rows fill from left to right and break by themselves."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "scrolled")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        for column in range(12):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)
        self._row, self._column = 0, 0

    def add(self, widget: QWidget, span: int = 12) -> QWidget:
        """Put a widget over ``span`` columns."""
        if self._column + span > 12:
            self._row, self._column = self._row + 1, 0
        self._grid.addWidget(widget, self._row, self._column, 1, span, Qt.AlignmentFlag.AlignTop)
        self._column += span
        return widget

    def add_section(self, words: Words) -> QWidget:
        """A heading with a line to the right; begins a new row."""
        if self._column:
            self._row, self._column = self._row + 1, 0
        head = QWidget()
        head.setProperty("role", "plain")
        row = hbox(Label(self.kit, words, "strong"))
        row.addWidget(line(), 1)
        head.setLayout(row)
        head.setFixedHeight(24)
        return self.add(head, 12)

    def finish(self) -> None:
        """Keep the rows together at the top."""
        self._grid.setRowStretch(self._row + 1, 1)


class CheckRow(QFrame):
    """A transaction: box, words, code at the right; mandatory ones are checked and locked.

    Signals:
        toggled(bool).
    """

    toggled = Signal(bool)

    def __init__(
        self,
        kit: Kit,
        words: Words,
        code: str = "",
        *,
        checked: bool = False,
        locked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.setFixedHeight(32)
        self.box = QCheckBox()
        kit.bind(self.box, self.box.setText, words)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.setChecked(checked or locked)
        self.box.setEnabled(not locked)
        self.box.toggled.connect(self.toggled)
        self.setLayout(hbox(self.box, Label(kit, code, "caption", "faint"), gap=4, margins=(12, 0, 12, 0)))
