"""One table per window: it installs the shortcuts, and the caps and the F1 overlay are printed from it.

While an input method is composing, Enter and Esc belong to it: their shortcuts are switched off until it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from ui.kit.keys import KeyButton
from ui.kit.kit import Kit
from ui.kit.texts.words import Words

_COMPOSING_KEYS = ("Return", "Enter", "Esc", "Shift+Return", "Space")


@dataclass(frozen=True)
class Shortcut:
    """A row of the table: id, key as Qt writes it (``F9``, ``Ctrl+K``), words for F1, group for F1."""

    id: str
    key: str
    words: Words
    group: str = "common.keys_main"

    @property
    def cap(self) -> str:
        """The key as it is printed on a cap: ``Ctrl K``."""
        return self.key.replace("+", " ").replace("Return", "Enter")


class ShortcutTable(QObject):
    """The shortcuts of one window."""

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(window)
        self.kit, self._window = kit, window
        self._rows: dict[str, Shortcut] = {}
        self._installed: dict[str, QShortcut] = {}
        self._enabled: dict[str, bool] = {}
        self._buttons: dict[str, KeyButton] = {}
        self._composing = False
        self._focus: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        self._focus_moved(None, QApplication.focusWidget())

    def add(
        self,
        id: str,
        key: str,
        words: Words,
        action: Callable[[], object],
        *,
        group: str = "common.keys_main",
        repeat: bool = False,
    ) -> Shortcut:
        """Install a shortcut; ``group`` is the text code of its heading in F1; held keys repeat only on request."""
        if id in self._rows or key in (row.key for row in self._rows.values()):
            raise ValueError(f"shortcut {id} or key {key} stands twice")
        row = Shortcut(id, key, words, group)
        shortcut = QShortcut(QKeySequence(key), self._window)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(repeat)
        shortcut.activated.connect(lambda: action())
        self._rows[id], self._installed[id], self._enabled[id] = row, shortcut, True
        return row

    def add_button(self, id: str, button: KeyButton, *, group: str = "common.keys_main") -> Shortcut:
        """Install the key printed on a command-bar button; it clicks the button, guard and face included."""
        row = self.add(id, button.cap, "", button.press, group=group)
        self._buttons[id] = button
        return row

    def set_enabled(self, id: str, on: bool) -> None:
        """Switch a shortcut (and its button) off where it does not apply; it is greyed, never moved."""
        self._enabled[id] = on
        if id in self._buttons:
            self._buttons[id].setEnabled(on)
        self._apply(id)

    def _apply(self, id: str) -> None:
        blocked = self._composing and self._rows[id].key in _COMPOSING_KEYS
        self._installed[id].setEnabled(self._enabled[id] and not blocked)

    def rows(self) -> tuple[tuple[Shortcut, bool], ...]:
        """Every shortcut with its present words and whether it applies now, in order of installation."""
        shown = []
        for id, row in self._rows.items():
            button = self._buttons.get(id)
            words = row.words if button is None else button.words
            usable = self._enabled[id] and (button is None or button.isEnabled())
            shown.append((Shortcut(row.id, row.key, words, row.group), usable))
        return tuple(shown)

    def cap(self, id: str) -> str:
        """What to print on a cap for a shortcut."""
        return self._rows[id].cap

    @property
    def composing(self) -> bool:
        """Whether an input method is composing."""
        return self._composing

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Listen where the input method writes, and only there: a filter on the whole application would be called
        for every event of every widget, thirty pictures a second among them."""
        if self._focus is not None and shiboken6.isValid(self._focus):
            self._focus.removeEventFilter(self)
        self._focus = new
        if new is not None:
            new.installEventFilter(self)
        self._set_composing(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._set_composing(bool(event.preeditString()))
        return False

    def _set_composing(self, composing: bool) -> None:
        if composing != self._composing:
            self._composing = composing
            for id in self._rows:
                self._apply(id)
