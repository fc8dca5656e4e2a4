"""Why not, or what is missing: lines chosen by their numbers, words for the teller, one verb."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QLineEdit, QSizePolicy, QWidget

from common.wire.authorisation import Decision
from ui.authoriser_app.decisions import Question
from ui.kit.base import Label, frame, hbox, named, vbox
from ui.kit.buttons import Button, Kind, cap_width, paint_cap
from ui.kit.keys import KeyGuard
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.texts.words import t

WIDTH = 432
ROW = 40
MOST_WORDS = 500
_RIGHT, _BOTTOM = 120, 72


class OptionRow(QAbstractButton):
    """One line with its number; a check when it is chosen."""

    def __init__(self, kit: Kit, number: int, words: str) -> None:
        super().__init__()
        self.kit, self.number = kit, number
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(f"{number} {words}")
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(16 + 28 + 12 + words + 12 + 16 + 16, ROW)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent-tint" if self.isChecked() else "surface-hover" if self.underMouse() else None
        if ground is not None:
            painter.fillRect(self.rect(), self.kit.color(ground))
        cap = str(self.number)
        place = QRect(12, 10, cap_width(self.kit, cap), 20)
        paint_cap(painter, self.kit, place.toRectF(), cap, "text-2", filled=True, edge="line-strong")
        painter.setFont(self.kit.theme.font_px(14))
        painter.setPen(self.kit.color("text"))
        words = QRect(place.right() + 13, 0, self.width() - place.right() - 45, ROW)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.isChecked():
            mark = self.kit.theme.pixmap("check", 16, "accent", self.devicePixelRatioF())
            painter.drawPixmap(self.width() - 28, 12, mark)
        painter.end()


class _CornerScrim(Scrim):
    """Carries its popup at the lower right, so that faces and comparison stay in sight."""

    def _lay_out(self) -> None:
        super()._lay_out()
        area, popup = self.rect(), self.popup
        x = max(16, area.width() - popup.width() - _RIGHT)
        y = max(16, area.height() - popup.height() - _BOTTOM)
        popup.move(x, y)


class ReasonDialog(QFrame):
    """Made for one question and thrown away after it.

    Signals:
        answered(object, object, str): decision, ids of the chosen lines, words. closed(): however it went away.
    """

    answered = Signal(object, object, str)
    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget, question: Question) -> None:
        super().__init__()
        self.kit, self.question = kit, question
        self.setObjectName("authoriser.reason")
        self.setProperty("role", "dialog")
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.guard = KeyGuard()
        self._outcome: tuple[Decision, tuple[str, ...], str] | None = None
        head = hbox(Label(kit, question.title, "title"), None, Label(kit, question.hint, "caption"))
        head.setContentsMargins(15, 0, 15, 0)
        top = frame("head", head)
        top.setFixedHeight(56)
        self.rows: list[OptionRow] = []
        options = vbox(gap=0, margins=(4, 8, 4, 8))
        for number, option in enumerate(question.options, start=1):
            row = named(OptionRow(kit, number, kit.say(option.words)), f"authoriser.reason.{number}")
            row.clicked.connect(lambda _=False, row=row: self._picked(row))
            self.rows.append(row)
            options.addWidget(row)
        self.setLayout(vbox(top, options, self._words(), self._foot(), gap=0, margins=(1, 1, 1, 1)))
        self.scrim = _CornerScrim(kit, window, self)
        self.scrim.closed.connect(self._gone)
        self._changed()

    def _words(self) -> QWidget:
        label = Label(self.kit, self.question.field, "label")
        self.edit = named(QLineEdit(), "authoriser.reason_text")
        self.edit.setMaxLength(MOST_WORDS)
        self.edit.setProperty("plain", "true")
        self.kit.bind(self.edit, self.edit.setAccessibleName, self.question.field)
        label.setBuddy(self.edit)
        self.edit.returnPressed.connect(self.confirm)
        return frame("plain", vbox(label, self.edit, gap=2, margins=(15, 0, 15, 16)))

    def _foot(self) -> QWidget:
        reject = self.question.decision is Decision.REJECT
        self.cancel = named(Button(self.kit, t("authoriser.cancel"), cap="Esc"), "authoriser.reason_cancel")
        self.cancel.clicked.connect(self.scrim_close)
        kind: Kind = "danger" if reject else "primary"
        self.ok = named(Button(self.kit, self.question.verb, kind, cap="Enter"), "authoriser.reason_ok")
        self.ok.clicked.connect(self.confirm)
        note: QLabel = Label(self.kit, self.question.foot, "caption", wrap=True)
        row = hbox(gap=8, margins=(15, 12, 15, 12))
        row.addWidget(note, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.ok)
        return frame("dialog-foot", row)

    def scrim_close(self) -> None:
        """Go away without an answer."""
        self.scrim.close_popup()

    def open(self) -> None:
        """Show it; the numbers work at once."""
        self.guard.close()
        self.scrim.open(self)

    def chosen(self) -> tuple[str, ...]:
        """Ids of the chosen lines, in their order."""
        pairs = zip(self.question.options, self.rows, strict=True)
        return tuple(option.id for option, row in pairs if row.isChecked())

    def _picked(self, row: OptionRow) -> None:
        if not self.question.many:
            for other in self.rows:
                other.setChecked(other is row)
        self._changed()

    def _changed(self) -> None:
        self.ok.setEnabled(bool(self.chosen()))

    def confirm(self) -> None:
        """Enter: only after a reason, and not with the press that opened the dialog."""
        if not self.chosen() or not self.guard.open():
            return
        self._outcome = self.question.decision, self.chosen(), self.edit.text()
        self.scrim.close_popup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(self.rows) and not event.isAutoRepeat():
            self.rows[number - 1].click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.confirm()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int) -> None:
        before = -1 if step > 0 else 0
        at = next((number for number, row in enumerate(self.rows) if row.hasFocus()), before)
        self.rows[(at + step) % len(self.rows)].setFocus()

    def _gone(self) -> None:
        self.closed.emit()
        if self._outcome is not None:
            self.answered.emit(*self._outcome)
        self.scrim.deleteLater()
