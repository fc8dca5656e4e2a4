"""The page of messages: a table that stands still while it is read, and the chosen message in full."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from common.clock import Clock
from ui.engineer_app.pages import page
from ui.engineer_app.trace import TraceBook, TraceLine
from ui.kit.base import hbox, named, vbox
from ui.kit.buttons import Button
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.panels import EmptyState
from ui.kit.tables import Column, Row, TableView
from ui.kit.texts.words import Words, t

OWN_LOOKS = "-common.status -storage.getstorage"
"""The filter at the start: what this window itself asks every second."""
SOURCES = {True: t("engineer.source_window"), False: t("engineer.source_machine")}
"""Whose record a message is of: this window's own, or the machine's of everybody."""
FILTER_WIDTH = 420
SHOWN = 400
"""Rows of messages in the table at once."""
PAINTED = 1000
"""Characters of a message in its row, more than any screen is wide; what is saved is whole."""
LEAST_TABLE, LEAST_DETAIL = 128, 96
ROW_HEIGHT = 28


class TracePage(QWidget):
    """The messages on the machine's wire; where they are only this window's own, that is said."""

    def __init__(self, kit: Kit, clock: Clock, folder: Path, told: Callable[[Words], object]) -> None:
        super().__init__()
        self.book, self._clock, self._folder, self._told = TraceBook(), clock, folder, told
        self._read = ""
        columns = [
            Column(t("engineer.col_time"), 112), Column(t("engineer.col_service"), 132),
            Column(t("engineer.col_source"), 92), Column("", 36), Column(t("engineer.col_message"), 232),
            Column(t("engineer.col_value")),
        ]  # fmt: skip
        self.table = TableView(kit, columns, row_height=ROW_HEIGHT)
        self.table.row_chosen.connect(self._choose)
        self.wanted = named(
            TextField(kit, t("engineer.filter"), OWN_LOOKS, placeholder=t("engineer.filter_hint")), "engineer.filter"
        )
        self.wanted.set_side(t("engineer.filter_side"))
        self.wanted.edited.connect(lambda _: self.paint_rows())
        self.save = named(Button(kit, t("engineer.save"), on_click=self._save), "engineer.save")
        self.wanted.setFixedWidth(FILTER_WIDTH)
        self.detail = named(QPlainTextEdit(), "engineer.message")
        self.detail.setReadOnly(True)
        self.detail.setTabChangesFocus(True)
        kit.bind(self, self.detail.setPlaceholderText, t("engineer.choose_message"))
        kit.bind(self, self.detail.setAccessibleName, t("engineer.whole_message"))
        self.table.setMinimumHeight(LEAST_TABLE)
        self.detail.setMinimumHeight(LEAST_DETAIL)
        shown = QWidget()
        shown.setProperty("role", "plain")
        column = vbox(gap=12)
        column.addWidget(self.table, 3)
        column.addWidget(self.detail, 2)
        shown.setLayout(column)
        self.stack = QStackedWidget()
        self.stack.addWidget(shown)
        self.stack.addWidget(EmptyState(kit, "search", t("engineer.trace_none"), t("engineer.trace_none_text")))
        row = hbox(self.wanted, None, gap=12)
        row.insertWidget(1, self.save, 0, Qt.AlignmentFlag.AlignBottom)
        page(self, "trace", row, self.stack)

    def add(self, messages: Sequence[dict[str, object]]) -> None:
        """New messages."""
        if messages:
            self.book.add(messages, self._clock.now())
            self.paint_rows()

    def paint_rows(self) -> None:
        """Show what fits the filter, newest first; who reads further down keeps the rows where they are."""
        lines = self.book.lines(self.wanted.value())[:SHOWN]
        top = self._top()
        self.table.set_rows([_row(line) for line in lines])
        if self.table.current_key() != self._read:  # it is not among them any more; what stands below is still it
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._keep_place(top)
        self.stack.setCurrentIndex(0 if lines else 1)

    def _top(self) -> tuple[str, int] | None:
        """The row at the upper edge and how far it is above it; None: at the newest one."""
        at = self.table.verticalScrollBar().value()
        rows = self.table.table_model.rows
        number = at // ROW_HEIGHT
        return (rows[number].key, at % ROW_HEIGHT) if at > 0 and number < len(rows) else None

    def _keep_place(self, top: tuple[str, int] | None) -> None:
        bar = self.table.verticalScrollBar()
        if top is None:
            bar.setValue(0)
            return
        number = next((at for at, row in enumerate(self.table.table_model.rows) if row.key == top[0]), None)
        if number is not None:
            self.table.updateGeometries()  # the bar has to know of the new rows before it can go further
            bar.setValue(number * ROW_HEIGHT + top[1])

    def _choose(self, key: str) -> None:
        if key == self._read:
            return
        line = next((one for one in self.book.lines(self.wanted.value()) if _key(one) == key), None)
        if line is not None:
            self._read = key
            self.detail.setPlainText(line.indented)

    def _save(self) -> None:
        newest = self.book.lines()
        stamp = newest[0].at.replace(":", "").replace(".", "-")[:17] if newest else "empty"
        file = (self._folder / f"trace-{stamp}.jsonl").resolve()
        self._told(t("engineer.saved", count=self.book.save(file, self.wanted.value()), file=str(file)))


def _key(line: TraceLine) -> str:
    return f"{line.serial}/{line.own}/{line.at}"


def _row(line: TraceLine) -> Row:
    return Row(_key(line), (
        line.local_time, line.connection, SOURCES[line.own], line.way, f"{line.kind} {line.name}", line.text[:PAINTED],
    ))  # fmt: skip
