"""The palette (Ctrl+K): business by name, initials or code; cases; customers; actions; settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.kit.base import IconLabel, Label, frame, hbox, vbox
from ui.kit.buttons import KeyCap
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.palette_match import Candidate, Hit, match
from ui.kit.texts.words import Words, t

_HIT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class PaletteEntry:
    """One thing to open or do. ``group``: code of its heading. ``note`` stands at the right, ``cap`` is its key."""

    key: str
    words: Words
    group: str = "common.palette_business"
    icon: str = "arrow-r"
    initials: str = ""
    code: str = ""
    note: Words = ""
    cap: str = ""


class _RowPainter(QStyledItemDelegate):
    def __init__(self, kit: Kit, parent: QObject) -> None:
        super().__init__(parent)
        self.kit = kit

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, 40 if index.data(_HIT) is not None else 28)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box = QRectF(option.rect)
        found = index.data(_HIT)
        painter.save()
        if found is None:
            painter.setFont(self.kit.theme.font_px(12))
            painter.setPen(self.kit.color("text-2"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box.adjusted(16, 4, 0, 0), middle, str(index.data(Qt.ItemDataRole.DisplayRole)))
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._entry(painter, box, found[0], found[1], chosen=chosen)
        painter.restore()

    def _entry(self, painter: QPainter, box: QRectF, entry: PaletteEntry, hit: Hit, *, chosen: bool) -> None:
        if chosen:
            painter.fillRect(box, self.kit.color("accent-tint"))
        ratio = painter.device().devicePixelRatio()
        pixmap = self.kit.theme.pixmap(entry.icon, 16, "accent" if chosen else "text-2", ratio)
        painter.drawPixmap(int(box.left()) + 16, int(box.top()) + 12, pixmap)
        x = box.left() + 44
        for at, character in enumerate(hit.candidate.title):
            marked = at in hit.marks
            painter.setFont(self.kit.theme.font_px(14, bold=marked))
            painter.setPen(self.kit.color("accent-text" if marked else "text"))
            width = painter.fontMetrics().horizontalAdvance(character)
            painter.drawText(QRectF(x, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, character)
            x += width
        side = "  ".join(part for part in (self.kit.say(entry.note), entry.code, entry.cap) if part)
        painter.setFont(self.kit.theme.font_px(12))
        painter.setPen(self.kit.color("text-3"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(0, 0, -16, 0), right, side)


class Palette(QFrame):
    """A search box over a grouped list, 640 wide, 96 from the top. Object names ``palette.query``, ``palette.list``.

    Signals:
        chosen(str): Enter or click. added(str): Tab: add to the present case. closed().
    """

    chosen = Signal(str)
    added = Signal(str)
    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__()
        self.kit = kit
        self._entries: tuple[PaletteEntry, ...] = ()
        self.setProperty("role", "dialog")
        self.setFixedWidth(640)
        self.setMinimumHeight(460)
        self.query = QLineEdit()
        self.query.setObjectName("palette.query")
        self.query.setProperty("bare", "true")
        kit.bind(self, self.query.setPlaceholderText, t("common.search"))
        kit.bind(self, self.query.setAccessibleName, t("common.search"))
        head = frame("head", hbox(IconLabel(kit, "search", "text-3", 20), self.query, gap=12, margins=(16, 0, 16, 0)))
        head.setFixedHeight(56)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setObjectName("palette.list")
        self.list.setModel(self._model)
        self.list.setItemDelegate(_RowPainter(kit, self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.nothing = Label(kit, "", "", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMinimumHeight(120)
        column = vbox(head, self.nothing, gap=0, margins=(1, 1, 1, 1))
        column.addWidget(self.list, 1)
        column.addWidget(self._help())
        self.setLayout(column)
        self.query.textChanged.connect(self._search)
        self.query.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._choose(index))
        self.scrim = Scrim(kit, window, self, "top")
        self.scrim.closed.connect(self.closed)

    def _help(self) -> QFrame:
        """What the keys do."""
        row = hbox(gap=16, margins=(16, 0, 16, 0))
        for cap, code in (("Enter", "open"), ("Tab", "add"), ("↑ ↓", "choose"), ("Esc", "close")):
            words = Label(self.kit, t(f"common.palette_{code}"), "caption")
            row.addLayout(hbox(KeyCap(self.kit, cap), words, gap=6))
        row.addStretch(1)
        foot = frame("dialog-foot", row)
        foot.setFixedHeight(40)
        return foot

    def set_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """What can be found, in the order of the groups."""
        self._entries = tuple(entries)
        self._search(self.query.text())

    def open(self) -> None:
        """Show it, empty."""
        self.query.clear()
        self._search("")
        self.scrim.open(self.query)

    def close_palette(self) -> None:
        """Take it away."""
        self.scrim.close_popup()

    def shown_keys(self) -> tuple[str, ...]:
        """Keys of what is listed now, from the top."""
        found = (self._model.item(row).data(_HIT) for row in range(self._model.rowCount()))
        return tuple(pair[0].key for pair in found if pair is not None)

    def _search(self, query: str) -> None:
        by_key = {entry.key: entry for entry in self._entries}
        candidates = [
            Candidate(entry.key, self.kit.say(entry.words), entry.initials, entry.code) for entry in self._entries
        ]
        hits = match(query, candidates)
        self._model.clear()
        groups: dict[str, list[Hit]] = {}
        for hit in hits:
            groups.setdefault(by_key[hit.candidate.key].group, []).append(hit)
        for group, members in groups.items():
            heading = QStandardItem(self.kit.tr(group))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self._model.appendRow(heading)
            for hit in members:
                item = QStandardItem(hit.candidate.title)
                item.setData((by_key[hit.candidate.key], hit), _HIT)
                self._model.appendRow(item)
        self.list.setVisible(bool(hits))
        self.nothing.setVisible(not hits)
        self.nothing.set_words(t("common.search_nothing", query=query))
        if hits:
            self.list.setCurrentIndex(self._model.index(1, 0))

    def _move(self, step: int) -> None:
        row = self.list.currentIndex().row() + step
        while 0 <= row < self._model.rowCount():
            index = self._model.index(row, 0)
            if index.data(_HIT) is not None:
                self.list.setCurrentIndex(index)
                self.list.scrollTo(index)
                return
            row += step

    def _choose(self, index: QModelIndex, *, add: bool = False) -> None:
        found = index.data(_HIT) if index.isValid() else None
        if found is not None:
            self.close_palette()
            (self.added if add else self.chosen).emit(found[0].key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif key == Qt.Key.Key_Tab:
            self._choose(self.list.currentIndex(), add=True)
        else:
            return False
        return True
