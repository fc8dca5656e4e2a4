"""The command bar: function keys with cap, icon and words, and the main key with its three faces.

A key whose meaning has just changed ignores presses for 400 ms, so that nobody approves by accident what replaced
the thing he meant to press.
"""

import time
from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from ui.kit.base import Label, hbox, line, text_width
from ui.kit.buttons import cap_width, paint_cap
from ui.kit.kit import Kit
from ui.kit.spinner import Turning, paint_arc
from ui.kit.texts.formats import clock
from ui.kit.texts.words import Words, t
from ui.kit.tokens import duration


class KeyGuard:
    """Closed for a moment after the meaning of a key has changed."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until = 0.0

    def close(self) -> None:
        """Begin the moment."""
        self._until = self._now() + duration("key_guard") / 1000

    def open(self) -> bool:
        """Whether presses count."""
        return self._now() >= self._until


class Face(Enum):
    """The three faces of the main key."""

    DO = "do"
    WAITING = "waiting"
    BUSY = "busy"


class KeyButton(QAbstractButton):
    """A key of the command bar. ``clicked`` is emitted for a press, a key and an automation click alike.

    Args:
        main: the filled key at the right that does the next step.
        danger: red words.
    """

    def __init__(
        self,
        kit: Kit,
        cap: str,
        words: Words,
        icon: str = "",
        *,
        main: bool = False,
        danger: bool = False,
        now: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self.cap, self._icon, self._main, self._danger = kit, cap, icon, main, danger
        self._face = Face.DO
        self._on = self._bare = False
        self._now = now
        self._since: float | None = None
        self.guard = KeyGuard(now)
        self._turning = Turning(kit, self)
        self._turning.stepped.connect(self.update)
        self._seconds = QTimer(self)
        self._seconds.setInterval(1000)
        self._seconds.timeout.connect(self._relabel)
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._bound = kit.bind(self, self._show, words)
        kit.theme.changed.connect(self.update)

    @property
    def face(self) -> Face:
        """Which of the three faces it shows."""
        return self._face

    @property
    def words(self) -> Words:
        """What it says."""
        return self._bound.words

    def set_do(self, words: Words, icon: str | None = None) -> None:
        """The next step, in words: verb and object. A change of words closes the guard for 400 ms."""
        self._set(Face.DO, words, self._icon if icon is None else icon, None)

    def set_waiting(self, words: Words, since: float | None = None) -> None:
        """Waiting for somebody: who, and since when (``time.monotonic``; now if not given)."""
        self._set(Face.WAITING, words, self._icon, self._now() if since is None else since)

    def set_busy(self, words: Words) -> None:
        """At work: which step of how many."""
        self._set(Face.BUSY, words, self._icon, None)

    def set_on(self, on: bool) -> None:
        """A tool key that is switched on (pointing, mute)."""
        self._on = on
        self.update()

    def set_bare(self, bare: bool) -> None:
        """Leave the icon out (narrow windows)."""
        self._bare = bare
        self._relabel()

    def _set(self, face: Face, words: Words, icon: str, since: float | None) -> None:
        if (face, words, icon) == (self._face, self._bound.words, self._icon) and (since is None or self._since):
            return
        changed = (face, words) != (self._face, self._bound.words)
        self._face, self._icon, self._since = face, icon, since
        if changed:
            self.guard.close()
        self._bound.set_words(words)
        self._turning.run(face is not Face.DO)
        if since is None:
            self._seconds.stop()
        else:
            self._seconds.start()
        self._relabel()

    def press(self) -> bool:
        """What the key on the keyboard does: a click, if the guard is open and the face is *do*."""
        if not self.isEnabled() or self._face is not Face.DO or not self.guard.open():
            return False
        self.click()
        return True

    def mouseReleaseEvent(self, event: object) -> None:
        if self._face is Face.DO and self.guard.open():
            super().mouseReleaseEvent(event)  # type: ignore[arg-type]
        else:
            self.setDown(False)

    def keyPressEvent(self, event: object) -> None:
        if self._face is Face.DO and self.guard.open():
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(f"{text} {self.cap}".strip() if self._face is Face.DO else text)
        self._relabel()

    def _relabel(self) -> None:
        self.updateGeometry()
        self.update()

    def _waited(self) -> str:
        return "" if self._since is None else clock(self._now() - self._since)

    def _widths(self) -> tuple[int, int, int, int]:
        """Cap, icon or spinner, words, clock."""
        filled = self._main
        cap = cap_width(self.kit, self.cap) if self._face is Face.DO and self.cap else 0
        icon = 16 if self._face is not Face.DO or (self._icon and not self._bare) else 0
        waited = self._waited()
        clock_width = max(text_width(self.kit, waited, 14), text_width(self.kit, "00:00", 14)) if waited else 0
        return cap, icon, text_width(self.kit, self.text(), 14, bold=filled), clock_width

    def sizeHint(self) -> QSize:
        parts = [part for part in self._widths() if part]
        gap, ends = (12, 28) if self._main else (8, 16)
        return QSize(sum(parts) + gap * (len(parts) - 1) + ends + 2, 40)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ink(self) -> str:
        if not self.isEnabled():
            return "text-3"
        if self._main:
            return "accent-text" if self._face is Face.WAITING else "text-on-fill"
        return "bad-text" if self._danger else "accent-text" if self._on else "text"

    def _ground(self) -> tuple[str, str] | None:
        """Fill and edge."""
        if self._main and self.isEnabled() and self._face is not Face.WAITING:
            pressed = "accent-press" if self.isDown() else "accent-hover" if self.underMouse() else "accent"
            fill = pressed if self._face is Face.DO else "accent"
            return fill, fill
        if self._main:
            return ("accent-tint", "accent-line") if self.isEnabled() else ("surface-sunken", "line")
        if self._on:
            return "accent-tint", "accent-line"
        hovered = self.isEnabled() and self.underMouse()
        return ("line", "line") if self.isDown() else ("surface-hover", "surface-hover") if hovered else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._ground()
        if ground is not None:
            painter.setBrush(self.kit.color(ground[0]))
            painter.setPen(self.kit.color(ground[1]))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._paint_parts(painter, self._ink())
        painter.end()

    def _paint_parts(self, painter: QPainter, ink: str) -> None:
        cap, icon, words, waited = self._widths()
        gap, x = (12, 13.0) if self._main else (8, 8.0)
        if cap:
            filled = not self._main
            edge = ("line-strong" if self.isEnabled() else "line") if filled else ink
            cap_ink = ("text-2" if self.isEnabled() else "text-3") if filled else ink
            paint_cap(painter, self.kit, QRectF(x, 10, cap, 20), self.cap, cap_ink, filled=filled, edge=edge)
            x += cap + gap
        if icon:
            box = QRectF(x, 12, 16, 16)
            if self._face is Face.DO:
                pixmap = self.kit.theme.pixmap(self._icon, 16, ink, self.devicePixelRatioF())
                painter.drawPixmap(box.topLeft(), pixmap)
            else:
                track = "accent-line" if self._face is Face.WAITING or self._main else "line"
                paint_arc(painter, box, self._turning.phase, self.kit.color(track), self.kit.color(ink))
            x += icon + gap
        painter.setPen(self.kit.color(ink))
        painter.setFont(self.kit.theme.font_px(14, bold=self._main and self.isEnabled()))
        painter.drawText(QRectF(x, 0, words + 4, 40), Qt.AlignmentFlag.AlignVCenter, self.text())
        if waited:
            painter.setFont(self.kit.theme.font_px(14))
            clock_box = QRectF(x + words + gap, 0, waited + 4, 40)
            painter.drawText(clock_box, Qt.AlignmentFlag.AlignVCenter, self._waited())


class KeyBar(QFrame):
    """The bar at the foot of a staff window: function keys, what comes after, the main key.

    Signals:
        pressed(str): the id of a key that was pressed by mouse, keyboard or automation.
    """

    pressed = Signal(str)

    def __init__(self, kit: Kit, main_words: Words, main_icon: str = "arrow-r", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "keybar")
        self.setFixedHeight(56)
        self.kit = kit
        self._keys: dict[str, KeyButton] = {}
        self._left = hbox(gap=0)
        self.after = Label(kit, "", "label")
        self.main = KeyButton(kit, "F9", main_words, main_icon, main=True)
        self.main.setObjectName("keys.main")
        self.main.clicked.connect(lambda: self.pressed.emit("main"))
        self.setLayout(hbox(self._left, None, self.after, self.main, gap=16, margins=(8, 0, 16, 0)))

    def add_key(self, key: str, cap: str, words: Words, icon: str, *, danger: bool = False) -> KeyButton:
        """A function key at the left; its object name becomes ``keys.<id>``."""
        button = KeyButton(self.kit, cap, words, icon, danger=danger, parent=self)
        button.setObjectName(f"keys.{key}")
        button.clicked.connect(lambda: self.pressed.emit(key))
        self._keys[key] = button
        self._left.addWidget(button)
        return button

    def add_divider(self) -> None:
        """A thin line between groups of keys."""
        self._left.addSpacing(8)
        self._left.addWidget(line(vertical=True, length=20))
        self._left.addSpacing(8)

    def key(self, key: str) -> KeyButton:
        """A key by id (``main`` is the main key)."""
        return self.main if key == "main" else self._keys[key]

    def keys(self) -> Sequence[str]:
        """Ids of the function keys, in order."""
        return tuple(self._keys)

    def set_after(self, words: Words | None) -> None:
        """What comes after the main key, or why it waits."""
        self.after.set_words("" if words is None else t("common.after", what=words))

    def set_note(self, words: Words) -> None:
        """A line left of the main key, as it is."""
        self.after.set_words(words)

    def set_compact(self, compact: bool) -> None:
        """Narrow windows: keys without icons."""
        for button in self._keys.values():
            button.set_bare(compact)
