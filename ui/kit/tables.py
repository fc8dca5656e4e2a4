"""Tables: a model of frozen rows, tags painted by a delegate, row marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.kit.base import TagTone, paint_tag, tag_width, text_width
from ui.kit.kit import Kit
from ui.kit.texts.words import Words

Index = QModelIndex | QPersistentModelIndex
RowTone = Literal["", "warn", "bad", "off", "current"]
_ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_CELL_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Column:
    """A column: title, width in logical pixels (0: takes what is left), right-aligned for numbers."""

    title: Words
    width: int = 0
    right: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. ``marks``: character ranges (from, to) that differ, painted amber."""

    words: Words
    bold: bool = False
    tone: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class TagCell:
    """A tag in a cell."""

    words: Words
    tone: TagTone = ""
    icon: str | None = None


@dataclass(frozen=True)
class Row:
    """A row: its key (what is chosen), its cells, its mark."""

    key: str
    cells: tuple[Words | Cell | TagCell, ...] = field(default=())
    tone: RowTone = ""


class TableModel(QAbstractTableModel):
    """Rows of a table; replaced as a whole, unchanged rows stay as they are."""

    def __init__(self, kit: Kit, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.columns = tuple(columns)
        self.rows: list[Row] = []
        kit.language.changed.connect(self._retell)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows; only what changed is repainted when the number stays the same."""
        new = list(rows)
        if len(new) == len(self.rows):
            for at, (old, row) in enumerate(zip(self.rows, new, strict=True)):
                if old != row:
                    self.rows[at] = row
                    self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def _retell(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.kit.say(column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        cell = row.cells[index.column()] if index.column() < len(row.cells) else ""
        if role == _ROW_ROLE:
            return row
        if role == _CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.kit.say(cell.words if isinstance(cell, Cell | TagCell) else cell)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints cells: ground by state, bar at the left of the chosen row, tags, marked characters."""

    def __init__(self, kit: Kit, view: "TableView") -> None:
        super().__init__(view)
        self.kit, self._view = kit, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, self._view.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        state = option.state
        row: Row = index.data(_ROW_ROLE)
        cell = index.data(_CELL_ROLE)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = index.row() == self._view.hovered_row
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = (
            "accent-tint" if selected or row.tone == "current" else
            f"{row.tone}-tint" if row.tone in ("warn", "bad") else
            "surface-hover" if hovered else None
        )  # fmt: skip
        if ground is not None:
            painter.fillRect(box, self.kit.color(ground))
        if index.row() < index.model().rowCount() - 1 or not self._view.framed:
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), self.kit.color("line"))
        if selected and index.column() == 0:
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), self.kit.color("accent"))
        lead = 16 if index.column() == 0 else 12
        inner = box.adjusted(lead, 0, -12, 0)
        if isinstance(cell, TagCell):
            self._tag(painter, inner, cell)
        else:
            column = self._view.table_model.columns[index.column()]
            self._text(painter, inner, cell if isinstance(cell, Cell) else Cell(cell), row, right=column.right)
        painter.restore()

    def _tag(self, painter: QPainter, box: QRectF, cell: TagCell) -> None:
        text = self.kit.say(cell.words)
        if not text:
            return
        text, width = fitted_tag(self.kit, text, cell.icon is not None, int(box.width()))
        place = QRectF(box.left(), box.center().y() - 10, width, 20)
        paint_tag(painter, self.kit, place, text, cell.tone, cell.icon, self._view.devicePixelRatioF())

    def _text(self, painter: QPainter, box: QRectF, cell: Cell, row: Row, *, right: bool) -> None:
        text = self.kit.say(cell.words)
        painter.setFont(self.kit.theme.font_px(14, bold=cell.bold))
        roles = {"muted": "text-2", "faint": "text-3", "ok": "ok-text", "warn": "warn-text", "bad": "bad-text"}
        role = "text-3" if row.tone == "off" else roles.get(cell.tone, "text")
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        left = box.right() - metrics.horizontalAdvance(shown) if right else box.left()
        for start, end in cell.marks:
            x = left + metrics.horizontalAdvance(text[:start])
            width = metrics.horizontalAdvance(text[start:end])
            mark = QRectF(x - 2, box.center().y() - 12, width + 4, 24)
            painter.setPen(QPen(self.kit.color("warn"), 1.5))
            painter.setBrush(self.kit.color("warn-tint"))
            painter.drawRoundedRect(mark, 4, 4)
        painter.setPen(self.kit.color(role))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


def fitted_tag(kit: Kit, text: str, with_icon: bool, room: int) -> tuple[str, int]:
    """Text and width of a tag in so much room; cut with an ellipsis where it is too long."""
    width = tag_width(kit, text, with_icon)
    if width <= room:
        return text, width
    around = width - text_width(kit, text, 12)
    metrics = QFontMetrics(kit.theme.font_px(12))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room - around)), room


class TableView(QTableView):
    """A table with rows of 40 px.

    Signals:
        row_chosen(str): key of the row under the cursor. row_opened(str): Enter or double click on it.
    """

    row_chosen = Signal(str)
    row_opened = Signal(str)

    def __init__(
        self,
        kit: Kit,
        columns: Sequence[Column],
        *,
        framed: bool = False,
        row_height: int = 40,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self.framed, self.row_height = kit, framed, row_height
        self.hovered_row = -1
        self.table_model = TableModel(kit, columns, self)
        self.setModel(self.table_model)
        self.setItemDelegate(_Delegate(kit, self))
        self.setProperty("framed", "true" if framed else "false")
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setMinimumSectionSize(row_height)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(32)
        for at, column in enumerate(columns):
            fixed = column.width > 0
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(at, mode)
            if fixed:
                self.setColumnWidth(at, column.width)
        self.entered.connect(self._hover)
        self.activated.connect(lambda index: self.row_opened.emit(self.table_model.rows[index.row()].key))
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        kit.theme.changed.connect(self.viewport().update)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows; the chosen one stays chosen if it is still there."""
        key = self.current_key()
        self.table_model.set_rows(rows)
        if key and key != self.current_key():
            self.choose(key)

    def current_key(self) -> str:
        """Key of the chosen row, or an empty string."""
        index = self.currentIndex()
        rows = self.table_model.rows
        return rows[index.row()].key if index.isValid() and index.row() < len(rows) else ""

    def choose(self, key: str) -> bool:
        """Choose a row by key; whether there is one."""
        for at, row in enumerate(self.table_model.rows):
            if row.key == key:
                self.selectRow(at)
                return True
        return False

    def _hover(self, index: QModelIndex) -> None:
        self.hovered_row = index.row()
        self.viewport().update()

    def leaveEvent(self, event: Any) -> None:
        self.hovered_row = -1
        self.viewport().update()
        super().leaveEvent(event)

    def _row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.row() < len(self.table_model.rows):
            self.row_chosen.emit(self.table_model.rows[current.row()].key)
