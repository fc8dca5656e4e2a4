"""Small parts of the panel."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QIntValidator, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.base import Label, Part, frame, hbox, named, vbox
from ui.kit.kit import Kit
from ui.kit.texts.formats import money
from ui.kit.texts.words import T, Words, t

MOST_NOTES = 1000
_CENTER = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Parts:
    """Makes them at the panel's size.

    Args:
        enlarge: one over the scale of the process, so that the panel has its own size on every screen.
    """

    def __init__(self, kit: Kit, enlarge: float) -> None:
        self.kit, self.enlarge = kit, enlarge

    def px(self, design: int) -> int:
        """Design pixels in this process's logical pixels."""
        return round(design * self.enlarge)

    def row(self, *parts: Part, gap: int = 8) -> QWidget:
        """Side by side."""
        made = QWidget()
        made.setProperty("role", "plain")
        made.setLayout(hbox(*parts, gap=self.px(gap)))
        return made

    def section(self, title: Words, *parts: Part, right: QWidget | None = None, gap: int = 8) -> QFrame:
        """A titled part of the panel with a line under it."""
        head = self.row(Label(self.kit, title, "title"), None, right)
        head.setFixedHeight(self.px(28))
        column: QVBoxLayout = vbox(head, vbox(*parts, gap=self.px(gap)), gap=0)
        column.setContentsMargins(self.px(16), self.px(4), self.px(16), self.px(8))
        return frame("section", column)

    def button(
        self, name: str, words: Words, on_click: Callable[[], object], icon: str = "", kind: str = "", fit: str = ""
    ) -> "ActionButton":
        """A button that knows why it cannot be pressed."""
        made = named(ActionButton(self.kit, words), f"hands.{name}")
        made.setProperty("kind", kind)
        made.setProperty("fit", fit)
        if icon:
            made.setIcon(self._icon(icon, "text-on-fill" if kind == "primary" else "text"))
            made.setIconSize(QSize(self.px(22), self.px(16)))
        made.clicked.connect(lambda: on_click())
        return made

    def _icon(self, icon: str, role: str) -> QIcon:
        """An icon with its gap in the picture: the sheet has no icon spacing."""
        theme, made = self.kit.theme, QIcon(self.kit.theme.pixmap(icon, self.px(16), role, gap=self.px(6)))
        off = theme.pixmap(icon, self.px(16), "text-3", gap=self.px(6))
        made.addPixmap(off, QIcon.Mode.Disabled)
        return made

    def tag(self, words: Words = "") -> Label:
        """A state in a word."""
        made = Label(self.kit, words, "tag")
        made.setFixedHeight(self.px(20))
        return made

    def choice(self, name: str, words: Words, entries: list[tuple[str, str]]) -> QComboBox:
        """A list box; entries are key and text."""
        made = named(Choice(), f"hands.{name}")
        self.kit.bind(made, made.setAccessibleName, words)
        for key, text in entries:
            made.addItem(text, key)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return made


class Choice(QComboBox):
    """A list box that the wheel passes by: it stands on a page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ActionButton(QPushButton):
    """Enabled only when the hand can do it; the reason stands in its tool tip."""

    def __init__(self, kit: Kit, words: Words) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = kit.bind(self, self._say, words)
        self._why = kit.bind(self, self._tell, "")
        self.setMinimumWidth(0)

    def _say(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)

    def _tell(self, why: str) -> None:
        self.setToolTip(why)
        self.setAccessibleDescription(why)

    def allow(self, why_not: T | None) -> None:
        """None: it can be pressed."""
        self.setEnabled(why_not is None)
        self._why.set_words(why_not or "")


class NoteRow(QWidget):
    """A face value: fewer, how many, more, and what that is worth."""

    def __init__(self, parts: Parts, face: int, changed: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        kit, self.face = parts.kit, face
        note = Label(kit, str(face), "note")
        note.setProperty("note", str(face))
        note.setFixedSize(parts.px(56), parts.px(24))
        note.setAlignment(_CENTER)
        self.box = named(QLineEdit("0"), f"hands.notes.{face}")
        kit.bind(self.box, self.box.setAccessibleName, t("hands.count_of", face=face))
        self.box.setValidator(QIntValidator(0, MOST_NOTES, self.box))
        self.box.setAlignment(_CENTER)
        self.box.setFixedWidth(parts.px(64))
        self._sum = Label(kit, "", "caption")
        self._sum.setFixedWidth(parts.px(80))
        self._sum.setAlignment(_RIGHT)
        less = self._step(parts, "less", "−", t("hands.fewer", face=face), -1)
        more = self._step(parts, "more", "+", t("hands.more", face=face), 1)
        self.setFixedHeight(parts.px(28))
        row = hbox(note, None, less, self.box, more, self._sum, gap=parts.px(8))
        self.setLayout(row)
        self.box.textChanged.connect(lambda _: self._show())
        self.box.textChanged.connect(lambda _: changed())
        self._show()

    def _step(self, parts: Parts, name: str, sign: str, words: T, by: int) -> ActionButton:
        made = parts.button(f"{name}.{self.face}", sign, lambda: self.set_count(self.count + by), fit="s")
        parts.kit.bind(made, made.setAccessibleName, words)
        made.setFixedWidth(parts.px(28))
        return made

    @property
    def count(self) -> int:
        """How many notes."""
        return int(self.box.text() or 0)

    def set_count(self, count: int) -> None:
        """Another number."""
        self.box.setText(str(min(MOST_NOTES, max(0, count))))

    def _show(self) -> None:
        self._sum.set_words(money(self.face * 100 * self.count).lstrip("¥"))
