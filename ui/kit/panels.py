"""Panels and the plain frames inside them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.base import (
    TONE_ICONS,
    IconLabel,
    Label,
    Painted,
    Tone,
    frame,
    hbox,
    line,
    set_prop,
    vbox,
)
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.texts.words import Words, t

__all__ = [
    "AlertBox",
    "EmptyState",
    "KeyValueList",
    "MoneyBoxes",
    "OfflineLine",
    "Panel",
    "SayLine",
    "Skeleton",
    "TopBar",
]


class Panel(QFrame):
    """A white panel with a one-pixel edge: an optional head (40 px, main one 48) over ``body``.

    Args:
        title: words of the head; None: no head.
        padding: inner margin of the body.
    """

    def __init__(
        self,
        kit: Kit,
        title: Words | None = None,
        *,
        main: bool = False,
        padding: int = 16,
        gap: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "panel")
        outer = vbox(gap=0, margins=(1, 1, 1, 1))
        self.title: Label | None = None
        self._right: QHBoxLayout | None = None
        if title is not None:
            self.title = Label(kit, title, "title" if main else "strong")
            self._right = hbox()
            head = frame("head", hbox(self.title, None, self._right, margins=(15, 0, 15, 0)))
            head.setFixedHeight(48 if main else 40)
            outer.addWidget(head)
        self.body: QVBoxLayout = vbox(gap=gap, margins=(padding - 1, padding - 1, padding - 1, padding - 1))
        if padding == 0:
            self.body.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.body, 1)
        self.setLayout(outer)

    def add_right(self, widget: QWidget) -> QWidget:
        """Put something at the right of the head."""
        if self._right is None:
            raise ValueError("this panel has no head")
        self._right.addWidget(widget)
        return widget

    def set_tone(self, tone: Tone) -> None:
        """Tint the whole panel: ``warn``, ``bad`` or plain."""
        set_prop(self, "tone", tone)


class Brand(Painted):
    """The mark of the product: head, shoulders, counter."""

    def __init__(self, kit: Kit, px: int = 24, role: str = "accent", parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._role = role
        self.setFixedSize(px, px)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.drawPixmap(0, 0, self.icon("brand", self.width(), self._role))
        painter.end()


class TopBar(QFrame):
    """Brand and place at the left, then what the app adds; 48 px. ``left`` and ``right`` are rows."""

    def __init__(self, kit: Kit, place: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "topbar")
        self.setFixedHeight(48)
        self.place = Label(kit, place, "label")
        self.left = hbox(gap=16)
        self.right = hbox(gap=16)
        brand = hbox(Brand(kit), Label(kit, t("common.app"), "title"), gap=8)
        parts = hbox(brand, line(vertical=True, length=20), self.place, self.left, None, self.right, gap=16)
        parts.setContentsMargins(16, 0, 16, 0)
        self.setLayout(parts)

    def add_item(self, icon: str, words: Words, value: Words = "", role: str = "text-2") -> Label:
        """Icon, word and a bold value at the right; returns the label of the value."""
        shown = Label(self.kit, value, "strong")
        row = hbox(IconLabel(self.kit, icon, role), Label(self.kit, words, "label"), shown, gap=6)
        self.right.addLayout(row)
        return shown

    def add_divider(self) -> None:
        """A thin line at the right."""
        self.right.addWidget(line(vertical=True, length=20))


class SayLine(QFrame):
    """A sentence the teller can say, with an optional button at the right."""

    def __init__(
        self,
        kit: Kit,
        words: Words,
        button: Button | None = None,
        caption: Words | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "say")
        self.sentence = Label(kit, words, "value", wrap=True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = vbox(Label(kit, caption or t("teller.say_caption"), "caption"), self.sentence, gap=0)
        row = hbox(gap=16, margins=(16, 12, 16, 12))
        row.addLayout(column, 1)
        if button is not None:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(row)

    def set_words(self, words: Words) -> None:
        """Another sentence."""
        self.sentence.set_words(words)


class AlertBox(QFrame):
    """What happened, what it means, and at most one button."""

    def __init__(
        self,
        kit: Kit,
        tone: Tone,
        title: Words,
        text: Words | None = None,
        button: Button | None = None,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "alert")
        self.setProperty("tone", tone)
        self._icon = IconLabel(kit, icon or TONE_ICONS[tone], tone or "accent", 20)
        self.title = Label(kit, title, "strong", wrap=True)
        self.text = Label(kit, text or "", wrap=True)
        if text is None:  # shown without a parent it would be a window of its own for a moment
            self.text.hide()
        row = hbox(gap=12, margins=(16, 12, 16, 12))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(vbox(self.title, self.text, gap=0), 1)
        if button is not None:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def set_alert(self, tone: Tone, title: Words, text: Words | None = None) -> None:
        """Show something else."""
        set_prop(self, "tone", tone)
        self._icon.set_icon(TONE_ICONS[tone], tone or "accent")
        self.title.set_words(title)
        self.text.set_words(text or "")
        self.text.setVisible(text is not None)


class OfflineLine(QFrame):
    """The amber line under the top bar while the server is lost. Hidden until it is needed.

    Object name for automation: ``offline.words``, or ``name``.

    Args:
        code: the text, with ``{waited}``; another one where something else than the server can be lost too.
    """

    def __init__(
        self, kit: Kit, parent: QWidget | None = None, *, code: str = "common.offline", name: str = "offline.words"
    ) -> None:
        super().__init__(parent)
        self._code = code
        self.setProperty("role", "offline")
        self.setFixedHeight(32)
        self._label = Label(kit, "", tone="warn")
        self._label.setObjectName(name)
        self.setLayout(hbox(IconLabel(kit, "wifi-off", "warn"), self._label, None, margins=(16, 0, 16, 0)))
        self.hide()

    def set_waited(self, seconds: float | None, **more: object) -> None:
        """Seconds since the server was lost; None: it is there. ``more``: what else the text names."""
        if seconds is not None:
            self._label.set_words(t(self._code, waited=int(seconds), **more))
        self.setVisible(seconds is not None)


class KeyValueList(QWidget):
    """Rows of a label and a value; rows are addressed by key."""

    def __init__(self, kit: Kit, label_width: int = 60, row_height: int = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "plain")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self._row_height = row_height
        self._values: dict[str, Label] = {}
        self._labels: dict[str, Label] = {}

    def set_value(self, key: str, label: Words, value: Words, tone: Tone = "") -> Label:
        """Add or change a row; returns the label of the value."""
        if key not in self._values:
            at = len(self._values)
            self._labels[key] = Label(self.kit, label, "label")
            self._values[key] = Label(self.kit, value, "", elide=True)
            self._grid.setRowMinimumHeight(at, self._row_height)
            self._grid.addWidget(self._labels[key], at, 0)
            self._grid.addWidget(self._values[key], at, 1)
        self._labels[key].set_words(label)
        self._values[key].set_words(value)
        self._values[key].set_tone(tone)
        return self._values[key]

    def value(self, key: str) -> Label:
        """The label that shows a value."""
        return self._values[key]

    def clear(self) -> None:
        """Take all rows out."""
        for label in (*self._labels.values(), *self._values.values()):
            self._grid.removeWidget(label)
            label.deleteLater()
        self._labels.clear()
        self._values.clear()


class EmptyState(QWidget):
    """Icon, what is missing, what will fill it, and an action if there is one."""

    def __init__(
        self,
        kit: Kit,
        icon: str,
        title: Words,
        text: Words = "",
        button: QWidget | None = None,
        role: str = "text-3",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.title = Label(kit, title, "strong", wrap=True)
        self.text = Label(kit, text, "label", wrap=True)
        column = vbox(None, gap=8, margins=(16, 16, 16, 16))
        column.addWidget(IconLabel(kit, icon, role, 40), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        if button is not None:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setLayout(column)


class Skeleton(Painted):
    """Grey bars of the real layout while something loads: widths in percent, one bar each."""

    def __init__(self, kit: Kit, widths: Sequence[int] = (36, 82, 64, 78, 54), parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._widths = tuple(widths)
        self.setMinimumHeight(len(self._widths) * 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("line"))
        for at, width in enumerate(self._widths):
            painter.drawRoundedRect(0, at * 24 + 6, self.width() * width // 100, 12, 4, 4)
        painter.end()


class MoneyBoxes(QWidget):
    """Where the money is: account, machine, hand. Any cash trouble shows these three."""

    KEYS = ("account", "machine", "hand")

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._parts: dict[str, tuple[QFrame, Label, Label]] = {}
        row = hbox(gap=8)
        for key, icon in zip(self.KEYS, ("bank", "kiosk", "user"), strict=True):
            if self._parts:
                row.addWidget(IconLabel(kit, "arrow-r", "text-2", 20))
            amount, note = Label(kit, "", "figure"), Label(kit, "", "label")
            head = hbox(IconLabel(kit, icon, "text-2"), Label(kit, t(f"common.money_{key}"), "label"), None)
            box = frame("well", vbox(head, amount, note, gap=2, margins=(16, 12, 16, 12)))
            self._parts[key] = (box, amount, note)
            row.addWidget(box, 1)
        self.setLayout(row)

    def set_box(self, key: str, amount: Words, note: Words, tone: Tone = "") -> None:
        """Fill one box; ``ok`` only when its count is settled."""
        box, amount_label, note_label = self._parts[key]
        set_prop(box, "tone", tone)
        amount_label.set_words(amount)
        note_label.set_words(note)
