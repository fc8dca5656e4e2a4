"""Under the comparison: what the teller says, and the draft of the voucher."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from common.wire.authorisation import TaskView
from ui.authoriser_app import presenter
from ui.kit.base import Label, Painted, named, vbox
from ui.kit.business import business, of_house
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.overlays import Dialog
from ui.kit.panels import Panel
from ui.kit.texts.formats import time_of_day
from ui.kit.texts.words import T, Words, t


def scrolled(inner: QWidget) -> QScrollArea:
    """Something that may be higher than its room."""
    area = QScrollArea()
    inner.setProperty("role", "scrolled")
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    return area


class NotePanel(Panel):
    """The teller's own words."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.from_teller"), padding=0, gap=0)
        self._from = Label(kit, "", "caption")
        self.add_right(self._from)
        self.note = named(Label(kit, "", wrap=True), "authoriser.note")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inner = QWidget()
        column = vbox(gap=0, margins=(16, 12, 16, 12))
        column.addWidget(self.note)
        column.addStretch(1)
        inner.setLayout(column)
        self.body.addWidget(scrolled(inner), 1)

    def show_task(self, task: TaskView) -> None:
        """Paint it."""
        teller = task.case.teller
        seat = (teller.seat or teller.number) if teller is not None else "–"
        self._from.set_words(t("authoriser.from_seat", seat=seat, at=time_of_day(task.submitted_at)))
        self.note.set_words(task.note or t("authoriser.no_note"))
        self.note.set_tone("" if task.note else "muted")


class _Paper(Painted):
    """The upper part of the voucher as it will be printed: white in every theme, as paper is."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._title: Words = ""
        self._lines: tuple[tuple[Words, str], ...] = ()
        self.setMinimumHeight(24)

    def show_lines(self, title: Words, lines: tuple[tuple[Words, str], ...]) -> None:
        """Paint another voucher."""
        if (title, lines) != (self._title, self._lines):
            self._title, self._lines = title, lines
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.fillRect(self.rect(), self.kit.color("surface-sunken"))
        sheet = QRectF(self.rect()).adjusted(24, 12, -24, 1)
        painter.setPen(self.kit.color("line"))
        painter.setBrush(self.kit.color("surface"))
        painter.drawRect(sheet)
        painter.setClipRect(sheet)
        y = sheet.top() + 12
        painter.setFont(self.kit.theme.font_px(12, bold=True))
        painter.setPen(self.kit.color("text"))
        painter.drawText(QRectF(sheet.left(), y, sheet.width(), 18), Qt.AlignmentFlag.AlignCenter,
                         self.kit.say(self._title))  # fmt: skip
        painter.fillRect(QRectF(sheet.left() + 16, y + 24, sheet.width() - 32, 1), self.kit.color("line"))
        y += 32
        painter.setFont(self.kit.theme.font_px(12))
        for label, value in self._lines:
            if y + 18 > sheet.bottom():
                break  # whole lines only; V shows the whole draft
            self._line(painter, QRectF(sheet.left() + 16, y, sheet.width() - 32, 18), self.kit.say(label), value)
            y += 20
        painter.end()

    def _line(self, painter: QPainter, place: QRectF, label: str, value: str) -> None:
        painter.setPen(self.kit.color("text-2"))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)
        painter.setPen(self.kit.color("text"))
        metrics = painter.fontMetrics()
        room = int(place.width()) - metrics.horizontalAdvance(label) - 8
        shown = metrics.elidedText(value, Qt.TextElideMode.ElideRight, room)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)


def _voucher_title(task: TaskView) -> T:
    case = task.case
    return of_house(case.scenario, "authoriser.voucher", business(case.scenario, case.title))


class VoucherPanel(Panel):
    """The draft in small; V shows it whole.

    Signals:
        wanted(): it was asked for.
    """

    wanted = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.voucher_draft"), padding=0, gap=0)
        self.setFixedWidth(208)
        self.open = named(Button(kit, "", "quiet", "s", cap="V"), "authoriser.voucher")
        kit.bind(self.open, self.open.setAccessibleName, t("authoriser.key_voucher"))
        self.open.clicked.connect(self.wanted)
        self.add_right(self.open)
        self.paper = _Paper(kit)
        self.body.addWidget(self.paper, 1)

    def show_task(self, task: TaskView, lang: str) -> None:
        """Paint it."""
        title = _voucher_title(task)
        wanted = {"summary.amount", "summary.account", "summary.notes", "summary.holder"}
        all_lines = presenter.voucher_lines(task.case, lang)
        codes = [line.code for line in task.case.summary.lines] if task.case.summary is not None else []
        short = [
            (label, value[-4:] if code == "summary.account" else value)
            for code, (label, value) in zip(codes, all_lines, strict=True)
            if code in wanted
        ]
        self.paper.show_lines(title, tuple(short))


def voucher_dialog(kit: Kit, window: QWidget, task: TaskView, lang: str) -> Dialog:
    """The whole draft: what the customer is going to confirm and sign."""
    dialog = Dialog(kit, window, _voucher_title(task), t("authoriser.voucher_text"))
    rows = QGridLayout()
    rows.setHorizontalSpacing(16)
    rows.setVerticalSpacing(8)
    rows.setColumnStretch(1, 1)
    for at, (label, value) in enumerate(presenter.voucher_lines(task.case, lang)):
        rows.addWidget(Label(kit, label, "label"), at, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(Label(kit, value, wrap=True), at, 1)
    dialog.body.addLayout(rows)
    if task.case.summary is None:
        dialog.body.addWidget(Label(kit, t("authoriser.voucher_none"), tone="muted", wrap=True))
    dialog.add_button("close", t("common.close"), cap="Esc")
    return dialog
