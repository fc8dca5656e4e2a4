"""Parts that several pages share."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedLayout, QWidget

from ui.kit.base import IconLabel, Label, Painted, frame, hbox, line, vbox
from ui.kit.kiosk import Illustration, StatusLine
from ui.kit.kit import Kit
from ui.kit.meters import CountdownBar, StepBar
from ui.kit.texts.words import Words, t
from ui.vtm_app.scene import Notice, Scene

NOTICE_ICONS = {"accent": "chat", "ok": "check-circle", "warn": "warn", "bad": "stop"}


def kiosk_line() -> QFrame:
    """A divider that is seen however much smaller the process is drawn: never less than one pixel of the screen."""
    made = line()
    made.setFixedHeight(line_px(made.devicePixelRatioF()))
    return made


def line_px(ratio: float) -> int:
    """Height of a divider where one unit is ``ratio`` pixels of the screen; two on a kiosk's own screen."""
    return max(2, math.ceil(1 / ratio))


class StepHead(QWidget):
    """Progress, what has gone wrong if anything, the one sentence, and its hint."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "plain")
        self._bar = StepBar(kit)
        self._count = Label(kit, "", "note")
        self._way = QWidget()
        self._way.setProperty("role", "plain")
        row = hbox(gap=16)
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        self._way.setLayout(row)
        self.notice = StatusLine(kit)
        self.notice.setObjectName("kiosk.notice")
        self.notice.label.setObjectName("kiosk.notice.words")
        self.step = Label(kit, "", "step", wrap=True)
        self.step.setObjectName("kiosk.step")
        self.hint = Label(kit, "", "hint", wrap=True)
        self.hint.setObjectName("kiosk.hint")
        column = vbox(self._way, gap=0)
        column.addSpacing(20)
        column.addWidget(self.step)
        column.addSpacing(4)
        column.addWidget(self.hint)
        column.addSpacing(20)
        column.addWidget(self.notice)
        self.setLayout(column)

    def show_scene(self, scene: Scene) -> None:
        """Fill in."""
        self._way.setVisible(scene.progress is not None)
        if scene.progress is not None:
            at, total = scene.progress
            self._bar.set_step(at, total)
            self._count.set_words(t("common.step_of", step=at + 1, total=total))
        self.step.set_words(scene.step)
        self.hint.setVisible(scene.hint is not None)
        self.hint.set_words(scene.hint or "")
        self.show_notice(scene.notice)

    def show_notice(self, notice: Notice | None) -> None:
        """What has gone wrong, or what the teller says."""
        self.notice.setVisible(notice is not None)
        if notice is not None:
            self.notice.set_status(notice.words, NOTICE_ICONS[notice.tone], notice.tone, waiting=False)


class IconPicture(Painted):
    """One large icon on the tinted ground of an illustration."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._name = "card"

    def set_icon(self, name: str) -> None:
        """Show another one."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        area = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(area, 24, 24)
        painter.fillPath(clip, self.kit.color("accent-tint"))
        side = round(min(area.width(), area.height()) * 0.62)
        circle = QRectF(0, 0, side, side)
        circle.moveCenter(area.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("surface"))
        painter.drawEllipse(circle)
        px = round(side * 0.5)
        at = QRectF(0, 0, px, px)
        at.moveCenter(area.center())
        painter.drawPixmap(at.topLeft(), self.icon(self._name, px, "accent"))
        painter.end()


class PictureBox(QWidget):
    """An illustration, or a large icon; at most as high as it may be, at least 200."""

    def __init__(self, kit: Kit, most: int = 640, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = Illustration(kit, "id-on-glass")
        self._icon = IconPicture(kit)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._drawing)
        self._stack.addWidget(self._icon)
        self.setMinimumHeight(160)
        self.setMaximumHeight(most)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        # Asks for little, takes what is left: words come first.
        return QSize(400, self.minimumHeight())

    def set_picture(self, picture: str) -> None:
        """``icon:<name>`` or an illustration; empty: nothing."""
        self.setVisible(bool(picture))
        if picture.startswith("icon:"):
            self._icon.set_icon(picture.removeprefix("icon:"))
            self._stack.setCurrentWidget(self._icon)
        elif picture:
            self._drawing.set_picture(picture)
            self._stack.setCurrentWidget(self._drawing)


class Countdown(QWidget):
    """Time that is left: figures, a word about the light, and a bar."""

    def __init__(self, kit: Kit, note: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._left = Label(kit, "", "label")
        self._left.setObjectName("kiosk.left")
        self._bar = CountdownBar(kit, 20, warn_below_s=10)
        head = hbox()
        head.addWidget(self._left, 1)  # the whole row, so that the first figure fits before the layout knows it
        head.addWidget(Label(kit, note, "body", "muted"))
        card = frame("kcard", vbox(head, self._bar, gap=20, margins=(40, 32, 40, 32)))
        self.setLayout(vbox(card))

    def set_left(self, left: tuple[int, int] | None) -> None:
        """Seconds left, of how many; None hides it."""
        self.setVisible(left is not None)
        if left is not None:
            self._left.set_words(t("kiosk.left_seconds", left=left[0]))
            self._bar.set_left(*left)


class Note(QWidget):
    """An icon and a quiet sentence."""

    def __init__(self, kit: Kit, words: Words = "", icon: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._label = Label(kit, words, "body", "muted", wrap=True)
        row = hbox(gap=24)
        row.addWidget(IconLabel(kit, icon, "accent", 44), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._label, 1)
        self.setLayout(row)

    def set_note(self, words: Words | None) -> None:
        """Another sentence; None hides it."""
        self.setVisible(words is not None)
        self._label.set_words(words or "")


class KindRow(QWidget):
    """Icon on a tinted square, a title, one line, and something at the right."""

    def __init__(
        self,
        kit: Kit,
        icon: str,
        title: Words,
        note: Words = "",
        *,
        tone: str = "accent",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.title = Label(kit, title, "label", wrap=True)
        self.note = Label(kit, note, "body", "muted", wrap=True)
        self._icon = _Square(kit, icon, tone)
        self.row = hbox(gap=32, margins=(32, 20, 32, 20))
        self.row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        text = vbox(None, self.title, self.note, None, gap=0)
        self.row.addLayout(text, 1)
        self.setLayout(self.row)

    def set_row(self, icon: str, title: Words, note: Words, tone: str = "accent") -> None:
        """Show something else."""
        self._icon.set_icon(icon, tone)
        self.title.set_words(title)
        self.note.set_words(note)


class _Square(Painted):
    def __init__(self, kit: Kit, icon: str, tone: str) -> None:
        super().__init__(kit)
        self._icon, self._tone = icon, tone
        self.setFixedSize(96, 96)

    def set_icon(self, icon: str, tone: str) -> None:
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color(f"{self._tone}-tint"))
        painter.drawRoundedRect(QRectF(self.rect()), 24, 24)
        painter.drawPixmap(20, 20, self.icon(self._icon, 56, self._tone))
        painter.end()
