"""Things above the window: scrim, dialog, drawer, toast. Children of the window; nothing opens an event loop."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QSizePolicy, QWidget

from ui.kit.base import IconLabel, Label, Painted, Tone, frame, hbox, named, vbox
from ui.kit.buttons import Button, Kind
from ui.kit.keys import KeyGuard
from ui.kit.kit import Kit
from ui.kit.texts.words import Words
from ui.kit.tokens import duration, tokens

Place = Literal["center", "top", "left", "right"]
_SIDE, _FOOT_GAP = 24, 12


def add_shadow(kit: Kit, widget: QWidget) -> None:
    """The soft shadow of popups; not on scaled-down screens, where the effect draws garbage."""
    if widget.devicePixelRatioF() < 1:
        return
    shape = tokens()["shadow"]["popup"]
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(shape["blur"])
    shadow.setOffset(shape["dx"], shape["dy"])
    ink = kit.color("video-strip")
    ink.setAlpha(64)
    shadow.setColor(ink)
    widget.setGraphicsEffect(shadow)


class Scrim(Painted):
    """A flat shade over the window that carries one popup; traps the focus and gives it back.

    Args:
        popup: becomes a child of the scrim. place: where it stands; ``top`` is 96 px from above.
        dismissable: a click beside it or Esc closes it.

    Signals:
        closed(): it is gone, however that came about.
    """

    closed = Signal()

    def __init__(
        self, kit: Kit, window: QWidget, popup: QWidget, place: Place = "center", *, dismissable: bool = True
    ) -> None:
        super().__init__(kit, window)
        self._window = window
        self._place, self._dismissable = place, dismissable
        self._before: QWidget | None = None
        self.popup = popup
        popup.setParent(self)
        if place in ("center", "top"):
            add_shadow(kit, popup)
        window.installEventFilter(self)
        self.hide()

    def open(self, focus: QWidget | None = None) -> None:
        """Show it and move the focus in."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.popup.show()
        self._lay_out()
        target = focus or _first_focus(self.popup)
        (target or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popup(self) -> None:
        """Take it away and give the focus back."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def _lay_out(self) -> None:
        area = self.rect()
        hint = self.popup.sizeHint().expandedTo(self.popup.minimumSize()).boundedTo(self.popup.maximumSize())
        width = min(hint.width(), area.width() - 32)
        tall = self.popup.heightForWidth(width) if self.popup.hasHeightForWidth() else hint.height()
        height = min(max(tall, self.popup.minimumHeight()), area.height() - 32)
        if self._place in ("left", "right"):
            x = 0 if self._place == "left" else area.width() - width
            self.popup.setGeometry(QRect(x, 0, width, area.height()))
            return
        y = 96 if self._place == "top" else (area.height() - height) // 2
        y = max(16, min(y, area.height() - height - 16))
        self.popup.setGeometry(QRect((area.width() - width) // 2, y, width, height))

    def relayout(self) -> None:
        """The popup's content changed its size."""
        if self.isVisible():
            self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window and self.isVisible():
            self.setGeometry(self._window.rect())
            self._lay_out()
        return False

    def focusNextPrevChild(self, next: bool) -> bool:
        ring = [w for w in self.popup.findChildren(QWidget) if _takes_tab(w)]
        if not ring:
            return True
        here = QApplication.focusWidget()
        at = ring.index(here) if here in ring else -1
        ring[(at + (1 if next else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _acts_below(event):
            event.accept()  # the key comes here as a key press instead of working in the window underneath
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._dismissable and not self.popup.geometry().contains(event.position().toPoint()):
            self.close_popup()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dismissable:
            self.close_popup()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.fillRect(self.rect(), self.kit.color("scrim"))
        painter.end()


def _acts_below(event: QKeyEvent) -> bool:
    """Function keys and combinations: what a window's own shortcuts are made of."""
    combined = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    return bool(combined) or Qt.Key.Key_F1 <= Qt.Key(event.key()) <= Qt.Key.Key_F35


def _takes_tab(widget: QWidget) -> bool:
    return widget.isEnabled() and widget.isVisible() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _first_focus(popup: QWidget) -> QWidget | None:
    return next((w for w in popup.findChildren(QWidget) if _takes_tab(w)), None)


class Dialog(QFrame):
    """A question and its verbs; ``body`` is a column for more. Only for what cannot be undone.

    Choices by number, and verbs that do not fit beside each other, stand under each other above the foot; no button is
    ever narrower than its words. The keys on the caps of its buttons work, but not in the first 400 ms (the key that
    opened it may still be held); function keys and combinations of the window underneath do not. Open it with
    :meth:`open`.

    Signals:
        chosen(str): id of the button. dismissed(): closed without a choice.
    """

    chosen = Signal(str)
    dismissed = Signal()

    def __init__(
        self,
        kit: Kit,
        window: QWidget,
        title: Words,
        text: Words | None = None,
        width: int = 510,
        *,
        dismissable: bool = True,
    ) -> None:
        super().__init__()
        self.kit = kit
        self.setProperty("role", "dialog")
        self._width = width
        self.setFixedWidth(width)
        self.title = named(Label(kit, title, "heading", wrap=True), "dialog.title")
        self.text = Label(kit, text or "", wrap=True, tone="muted")
        if text is None:  # shown without a parent it would be a window of its own for a moment
            self.text.hide()
        self.body = vbox(gap=12)
        self._listed = vbox(gap=8)
        self._list = frame("plain", self._listed)
        self._list.hide()
        self._foot = hbox(None, gap=_FOOT_GAP, margins=(_SIDE, 12, _SIDE, 12))
        top = vbox(self.title, self.text, self.body, gap=8, margins=(_SIDE, 20, _SIDE, 20))
        top.addWidget(self._list)
        outer = vbox(gap=0, margins=(1, 1, 1, 1))
        outer.addLayout(top, 1)
        outer.addWidget(frame("dialog-foot", self._foot))
        self.setLayout(outer)
        self.buttons: dict[str, Button] = {}
        self._in_list: list[Button] = []
        self._choice = ""
        self.guard = KeyGuard()
        self.scrim = Scrim(kit, window, self, dismissable=dismissable)
        self.scrim.closed.connect(self._closed)

    def add_button(self, key: str, words: Words, kind: Kind = "", cap: str = "") -> Button:
        """A verb at the foot, left to right; its object name becomes ``dialog.<key>``."""
        button = Button(self.kit, words, kind, cap=cap)
        button.setObjectName(f"dialog.{key}")
        button.clicked.connect(lambda: self.choose(key))
        self.buttons[key] = button
        self._arrange()
        return button

    def _arrange(self) -> None:
        """Put each button where it is as wide as its words: in the row at the foot, or in the list."""
        buttons = list(self.buttons.values())
        around = 2 * (_SIDE + 2)  # and the edge, and what keeps off it
        row = sum(one.sizeHint().width() for one in buttons) + _FOOT_GAP * (len(buttons) - 1)
        listed = [one for one in buttons if one.cap.isdecimal() or (row > self._width - around and one.cap != "Esc")]
        if listed != self._in_list or self._foot.count() + len(listed) != len(buttons) + 1:
            self._in_list = listed
            for button in buttons:
                self._foot.removeWidget(button)
                self._listed.removeWidget(button)
                button.set_listed(button in listed)
                (self._listed if button in listed else self._foot).addWidget(button)
        self._list.setVisible(bool(listed))
        widest = max((one.sizeHint().width() for one in buttons), default=0)
        self.setFixedWidth(max(self._width, widest + around))
        self.scrim.relayout()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the language changed, or the words of a button
            self._arrange()
        return super().event(event)

    def choose(self, key: str) -> None:
        """Close with a choice."""
        self._choice = key
        self.scrim.close_popup()

    def open(self, focus: QWidget | None = None) -> None:
        """Show it; the first button has the focus unless told otherwise."""
        self._choice = ""
        self.guard.close()
        self.scrim.open(focus or next(iter(self.buttons.values()), None))

    def close_dialog(self) -> None:
        """Close without a choice."""
        self.scrim.close_popup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier  # a 1 is a 1, wherever it is
        pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key()))).toString().replace("+", " ")
        found = next((key for key, b in self.buttons.items() if b.cap == pressed and b.isEnabled()), None)
        if found is None:
            super().keyPressEvent(event)
        elif self.guard.open() and not event.isAutoRepeat():
            self.choose(found)

    def _closed(self) -> None:
        if self._choice:
            self.chosen.emit(self._choice)
        else:
            self.dismissed.emit()


class Drawer(QFrame):
    """A side region that slides in over the middle on narrow windows; ``body`` holds it."""

    def __init__(self, kit: Kit, window: QWidget, side: Literal["left", "right"] = "left", width: int = 288) -> None:
        super().__init__()
        self.setProperty("role", "drawer")
        self.setFixedWidth(width)
        self.body = vbox(gap=16, margins=(16, 16, 16, 16))
        self.setLayout(self.body)
        self.scrim = Scrim(kit, window, self, side)

    def open(self) -> None:
        """Show it."""
        self.scrim.open()


class Toast(QFrame):
    """A short word about something done, with at most one button."""

    gone = Signal()

    def __init__(
        self, kit: Kit, tone: Tone, words: Words, action: Words | None, on_action: Callable[[], object] | None, cap: str
    ) -> None:
        super().__init__()
        self.tone = tone
        self.setProperty("role", "toast")
        icons = {"ok": "check-circle", "warn": "warn", "bad": "stop"}
        self.label = Label(kit, words)
        row = hbox(
            IconLabel(kit, icons.get(tone, "info"), tone or "accent", 20), self.label, gap=12, margins=(16, 12, 16, 12)
        )
        if action is not None:
            button = Button(kit, action, "" if tone == "bad" else "quiet", "s", cap=cap)
            button.setObjectName("toast.action")
            button.clicked.connect(lambda: self._act(on_action))
            row.addWidget(button)
        self.setLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _act(self, on_action: Callable[[], object] | None) -> None:
        self.gone.emit()
        if on_action is not None:
            on_action()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.gone.emit()


class ToastArea(QObject):
    """Keeps at most two toasts at the bottom centre of a region. They leave after 5 s, errors stay until pressed."""

    def __init__(self, kit: Kit, region: QWidget) -> None:
        super().__init__(region)
        self.kit, self._region = kit, region
        self._toasts: list[Toast] = []
        region.installEventFilter(self)

    def show_toast(
        self,
        words: Words,
        tone: Tone = "ok",
        action: Words | None = None,
        on_action: Callable[[], object] | None = None,
        cap: str = "",
    ) -> Toast:
        """Show a toast; with two on screen the older one leaves."""
        while len(self._toasts) >= 2:
            self._drop(self._toasts[0])
        toast = Toast(self.kit, tone, words, action, on_action, cap)
        toast.setParent(self._region)
        add_shadow(self.kit, toast)
        toast.gone.connect(lambda: self._drop(toast))
        self._toasts.append(toast)
        stay = duration("toast_error" if tone == "bad" else "undo" if action is not None else "toast")
        if stay:
            timer = QTimer(toast)
            timer.setSingleShot(True)
            timer.timeout.connect(lambda: self._drop(toast))
            timer.start(stay)
        toast.show()
        self._lay_out()
        if tone in ("warn", "bad"):
            QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))
        return toast

    def toasts(self) -> tuple[Toast, ...]:
        """What is on screen, oldest first."""
        return tuple(self._toasts)

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._lay_out()

    def _lay_out(self) -> None:
        bottom = self._region.height() - 16
        for toast in reversed(self._toasts):
            toast.adjustSize()
            bottom -= toast.height()
            toast.move((self._region.width() - toast.width()) // 2, bottom)
            toast.raise_()
            bottom -= 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lay_out()
        return False
