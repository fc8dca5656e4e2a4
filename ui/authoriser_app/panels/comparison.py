"""The comparison, line by line: whole values, never cut, with the characters marked that differ."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QWidget

from ui.authoriser_app.presenter import PLAIN, Cell, Line
from ui.kit.base import Painted, Tag, named, vbox
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import T, t

ROW, LOW_ROW = 40, 36
"""Height of a line; the lower one lets every line of a form be seen at once in a window of 900."""

HEADER = 32
_PAD = 12
_LINE = 20


_WEIGHTS = {"form": 1.5, "chip": 1.0, "ocr": 1.0, "record": 1.2, "authority": 0.7}
"""Shares of the columns when chip or authority stand among them."""
_FORM_ROOM = 152.0
"""What a masked ID number needs to stand on one line."""


def columns(width: int, names: tuple[str, ...] = PLAIN) -> tuple[tuple[float, float], ...]:
    """Left edge and width of each column: the item, the sources named, whether it was looked at."""
    label = 112.0 if width >= 600 else 92.0
    seen = (88.0 if width >= 600 else 76.0) if names == PLAIN else 72.0
    rest = width - label - seen
    shares = {"form": 0.38, "ocr": 0.24, "record": 0.38} if names == PLAIN else {n: _WEIGHTS[n] for n in names}
    whole = sum(shares.values())
    form = max(rest * shares["form"] / whole, min(_FORM_ROOM, rest / 2))
    others = (rest - form) / (whole - shares["form"])
    widths = (label, *(form if name == "form" else others * shares[name] for name in names), seen)
    edges = [0.0]
    for one in widths[:-1]:
        edges.append(edges[-1] + one)
    return tuple(zip(edges, widths, strict=True))


class CellPainter:
    """Lays out one cell: wraps anywhere, differing characters bold with a line under them."""

    def __init__(self, kit: Kit, cell: Cell) -> None:
        self.kit, self.cell = kit, cell
        self._layout = QTextLayout(kit.say(cell.words), kit.theme.font_px(14))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        formats = []
        for start, end in cell.marks:
            look = QTextCharFormat()
            look.setFontWeight(QFont.Weight.Bold)
            look.setForeground(kit.color("warn-text"))
            shown = QTextLayout.FormatRange()
            shown.start, shown.length, shown.format = start, end - start, look
            formats.append(shown)
        self._layout.setFormats(formats)

    def lay_out(self, width: float) -> float:
        """Height at that width."""
        self._layout.beginLayout()
        y = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(16.0, width))
            line.setPosition(QPointF(0, y))
            y += _LINE
        self._layout.endLayout()
        return y

    def natural_width(self) -> float:
        """Width of the widest line, after :meth:`lay_out`."""
        lines = (self._layout.lineAt(number) for number in range(self._layout.lineCount()))
        return max((line.naturalTextWidth() for line in lines), default=0.0)

    def paint(self, painter: QPainter, at: QPointF, role: str = "") -> None:
        """Paint it, in a colour of its own if told so."""
        painter.setPen(self.kit.color(role or ("text-3" if self.cell.faint else "text")))
        self._layout.draw(painter, at)
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            first, last = line.textStart(), line.textStart() + line.textLength()
            for start, end in self.cell.marks:
                if start < last and end > first:
                    left = line.cursorToX(max(start, first))[0]  # type: ignore[index]
                    right = line.cursorToX(min(end, last))[0]  # type: ignore[index]
                    under = QRectF(at.x() + left, at.y() + line.y() + _LINE - 1, right - left, 2)
                    painter.fillRect(under, self.kit.color("warn"))


class LineView(QAbstractButton):
    """One line. A press on one that differs says that it was looked at."""

    def __init__(self, kit: Kit, line: Line) -> None:
        super().__init__()
        self.kit = kit
        self._line = line
        self._fitted: tuple[int, int] | None = None
        self._height = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.theme.changed.connect(self._again)
        kit.language.changed.connect(self._again)
        self.show_line(line)

    def _again(self) -> None:
        self.show_line(self._line)

    def show_line(self, line: Line) -> None:
        """Paint another line in this place."""
        self._line, self._fitted = line, None
        kind = "difference" if line.differs else "line"
        self.setObjectName(f"authoriser.{kind}.{line.field}")
        self.setEnabled(line.differs)
        self._cells = [CellPainter(self.kit, cell) for cell in line.cells]
        say = self.kit.say
        parts = [line.label, *(say(cell.words) for cell in line.cells)]
        if line.differs:
            parts.append(say(t("authoriser.seen" if line.seen else "authoriser.not_seen")))
        self.setText(say(t("common.one_after_another", parts=tuple(parts))))
        self.setAccessibleName(self.text())
        self.update()

    @property
    def line(self) -> Line:
        """What it shows."""
        return self._line

    def fit(self, width: int, row: int) -> int:
        """Take the height that the words need, at least ``row``; returns it."""
        if self._fitted != (width, row):
            self._fitted = (width, row)
            self._height = self._needed(width, row)
            self.setFixedHeight(self._height)
        return self._height

    def _needed(self, width: int, row: int) -> int:
        places = columns(width, self._line.columns)
        label = CellPainter(self.kit, Cell(self._line.label))
        room = places[0][1] - 16 - 4 - (24 if self._line.differs else 0)
        heights = [label.lay_out(room)]
        for cell, (_, column) in zip(self._cells, places[1:-1], strict=True):
            heights.append(cell.lay_out(column - _PAD))
        return max(row, round(max(heights)) + row - _LINE)

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, box = self._line, QRectF(self.rect())
        if line.differs:
            painter.fillRect(box, self.kit.color("warn-tint"))
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), self.kit.color("line"))
        if line.next:
            painter.fillRect(QRectF(0, 0, 4, box.height()), self.kit.color("warn"))
        places = columns(self.width(), line.columns)
        self._paint_label(painter, places[0][1])
        for cell, (left, width) in zip(self._cells, places[1:-1], strict=True):
            height = cell.lay_out(width - _PAD)
            cell.paint(painter, QPointF(left, (box.height() - height) / 2))
        self._paint_seen(painter, places[-1])
        painter.end()

    def _paint_label(self, painter: QPainter, width: float) -> None:
        label = CellPainter(self.kit, Cell(self._line.label))
        room = width - 16 - 4 - (24 if self._line.differs else 0)
        height = label.lay_out(room)
        top = (self.height() - height) / 2
        label.paint(painter, QPointF(16, top), "text-2")
        if self._line.differs:
            x = 16 + label.natural_width() + 8
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(QPointF(x, top + 2), self.kit.theme.pixmap("neq", 16, "warn", ratio))

    def _paint_seen(self, painter: QPainter, place: tuple[float, float]) -> None:
        left, width = place
        middle = self.height() / 2
        ratio = self.devicePixelRatioF()
        if not self._line.differs:
            painter.drawPixmap(QPointF(left, middle - 8), self.kit.theme.pixmap("check", 16, "ok", ratio))
            return
        x = left
        if self._line.seen:
            painter.drawPixmap(QPointF(left, middle - 8), self.kit.theme.pixmap("eye", 16, "ok", ratio))
            x += 20
        painter.setFont(self.kit.theme.font_px(13, bold=not self._line.seen))
        painter.setPen(self.kit.color("ok-text" if self._line.seen else "warn-text"))
        words = self.kit.say(t("authoriser.seen" if self._line.seen else "authoriser.not_seen"))
        painter.drawText(QRectF(x, 0, left + width - x, self.height()), Qt.AlignmentFlag.AlignVCenter, words)


class _Header(Painted):
    """Names of the columns."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.setFixedHeight(HEADER)
        self._room = 0
        self._names: tuple[str, ...] = PLAIN

    def set_room(self, width: int) -> None:
        """As wide as the lines under it, which may have a scroll bar beside them."""
        if width != self._room:
            self._room = width
            self.update()

    def set_columns(self, names: tuple[str, ...]) -> None:
        """The sources that are shown."""
        if names != self._names:
            self._names = names
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.fillRect(self.rect(), self.kit.color("surface-sunken"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), self.kit.color("line"))
        painter.setFont(self.kit.theme.font_px(13))
        painter.setPen(self.kit.color("text-2"))
        names = ("item", *self._names, "seen")
        for at, (left, width) in enumerate(columns(self._room or self.width(), self._names)):
            x = left + 16 if at == 0 else left
            words = self.kit.say(t(f"authoriser.column_{names[at]}"))
            painter.drawText(QRectF(x, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class ComparisonPanel(Panel):
    """All lines, with how many differ and how many of them were looked at.

    Signals:
        looked(str): a line that differs was pressed.
    """

    looked = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.compare"), padding=0, gap=0)
        self.count = named(Tag(kit), "authoriser.differences")
        self.trust = named(Tag(kit), "authoriser.trust")
        self.add_right(self.trust)
        self.add_right(self.count)
        self._views: list[LineView] = []
        self._column = vbox(gap=0)
        self._inner = QWidget()
        self._inner.setProperty("role", "scrolled")
        self._inner.setLayout(self._column)
        self.area = named(QScrollArea(), "authoriser.comparison")
        self.area.setWidget(self._inner)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header = _Header(kit)
        self.body.addWidget(self._header)
        self.body.addWidget(self.area, 1)
        self._whole, self._row = False, ROW
        self._column.addStretch(1)

    def set_rows(self, row: int) -> None:
        """Height of a line of one row of words."""
        self._row = row
        self._fit()

    def set_whole(self, whole: bool) -> None:
        """All lines are shown and something around this panel scrolls, instead of the lines."""
        self._whole = whole
        self._fit()

    def show_trust(self, said: tuple[T, bool] | None) -> None:
        """What the authorities said."""
        self.trust.setVisible(said is not None)
        if said is not None:
            self.trust.set_tag(said[0], "ok" if said[1] else "warn", "shield")

    def show_lines(self, lines: tuple[Line, ...], count: T, *, done: bool, any_: bool) -> None:
        """Paint the lines."""
        self.count.set_tag(count, "ok" if done else "warn", "neq" if any_ else "check")
        if lines:
            self._header.set_columns(lines[0].columns)
        while len(self._views) > len(lines):
            gone = self._views.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, line in enumerate(lines):
            if at == len(self._views):
                self._add(line)
            elif self._views[at].line != line:
                self._views[at].show_line(line)
        self._fit()

    def _add(self, line: Line) -> None:
        view = LineView(self.kit, line)
        view.clicked.connect(lambda: self.looked.emit(view.line.field))
        self._views.append(view)
        self._column.insertWidget(len(self._views) - 1, view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.area.viewport().width()
        self._header.set_room(width)
        content = sum(view.fit(width, self._row) for view in self._views)
        self.area.setMinimumHeight(content if self._whole else min(content, 2 * ROW))
        self.area.setMaximumHeight(max(content, ROW))
        self.setMaximumHeight(content + HEADER + ROW + 2)

    def reveal(self, field: str) -> None:
        """Scroll a line into view."""
        view = next((one for one in self._views if one.line.field == field), None)
        if view is not None:
            self.area.ensureWidgetVisible(view, 0, ROW)

    def view(self, field: str) -> LineView | None:
        """The line of a field."""
        return next((one for one in self._views if one.line.field == field), None)
