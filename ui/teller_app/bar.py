"""The command bar and the shortcuts of the window: one table makes both, greys both, prints F1."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.kit.base import line
from ui.kit.keys import KeyBar
from ui.kit.kit import Kit
from ui.kit.shortcuts import ShortcutTable
from ui.kit.texts.words import t
from ui.teller_app.commands import CASE_BAR, IDLE_BAR, BarKey
from ui.teller_app.main_key import Action, Face, MainKey
from ui.teller_app.presenter import KeyModel

# Order of all keys in the bar; idle and serving show different ones of them.
_ORDER = ("F1", "F2", "F12", "F3", "F4", "F5", "F6", "F7", "F8", "F10")


MARGINS = 80
"""Edges, gaps and the divider of the bar."""


class CommandBar(KeyBar):
    """Function keys and the main key; addresses ``teller.key.F3`` … and ``teller.mainKey``."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.busy_loading"), parent=parent)
        self.main.setObjectName("teller.mainKey")
        self.shown: Action | None = None
        """What the main key does as it is painted."""
        self._ids: dict[str, str] = {}
        for cap in _ORDER:
            if cap == "F3":
                self._divider = line(vertical=True, length=20)
                self._left.addSpacing(4)
                self._left.addWidget(self._divider)
                self._left.addSpacing(4)
            button = self.add_key(cap, cap, t("teller.none"), "help", danger=cap == "F12")
            button.setObjectName("teller.snapshot" if cap == "F3" else f"teller.key.{cap}")
        self.key("F10").set_do(t("teller.key_more"), "list")
        self._compact = False

    def set_mode(self, mode: str) -> None:
        """Narrow windows: no icons, some keys under F10."""
        self._compact = mode == "XS"
        self.set_compact(self._compact)

    def show_keys(self, bar: tuple[BarKey, ...], models: dict[str, KeyModel]) -> None:
        """Paint the function keys."""
        self._ids = {key.cap: key.id for key in bar}
        shown = {key.cap: key for key in bar}
        self._divider.setVisible(any(key.divider for key in bar))
        for cap in _ORDER:
            button = self.key(cap)
            if cap == "F10":
                button.setVisible(self._compact)
                continue
            key = shown.get(cap)
            there = key is not None and models[key.id].there
            button.setVisible(there and not (self._compact and key is not None and key.under_more))
            if key is None:
                button.setEnabled(False)
                continue
            model = models[key.id]
            button.set_do(model.words, model.icon)
            button.set_on(model.on)
            button.setEnabled(model.enabled)

    def id_of(self, cap: str) -> str:
        """What a key stands for now."""
        return self._ids.get(cap, "")

    def show_main(self, key: MainKey, since: Callable[[MainKey], float | None]) -> None:
        """Paint the main key."""
        self.shown = key.action
        if self.main.cap != key.cap:
            self.main.cap = key.cap
            self.main.updateGeometry()
        if key.face is Face.DO:
            self.main.set_do(key.text, key.icon)
        elif key.face is Face.WAITING:
            self.main.set_waiting(key.text, since(key))
        else:
            self.main.set_busy(key.text)
        if key.note is not None:
            self.set_note(key.note)
        else:
            self.set_after(key.after)
        self._fit_after()

    def _fit_after(self) -> None:
        """What comes after is said where there is room; the keys never give way to it."""
        keys = sum(self.key(cap).sizeHint().width() for cap in _ORDER if not self.key(cap).isHidden())
        room = self.width() - keys - self.main.sizeHint().width() - MARGINS
        self.after.setVisible(not self._compact and self.after.sizeHint().width() <= room)


KEYS: tuple[tuple[str, str], ...] = (
    ("F1", "keys_f1"), ("F2", "keys_f2"), ("F3", "keys_f3"), ("F4", "keys_f4"), ("F5", "keys_f5"), ("F6", "keys_f6"),
    ("F7", "keys_f7"), ("F8", "keys_f8"), ("F9", "keys_f9"), ("F10", "keys_f10"), ("F12", "keys_f12"),
    ("Ctrl+J", "keys_look"), ("Ctrl+K", "keys_palette"), ("Ctrl+E", "keys_evidence"), ("Ctrl+M", "keys_mute"),
    ("Ctrl+1", "keys_left"), ("Ctrl+2", "keys_middle"), ("Ctrl+3", "keys_right"), ("Esc", "keys_close"),
    ("Alt+1", "keys_section1"), ("Alt+2", "keys_section2"),
    ("1", "keys_choice"), ("2", "keys_choice"), ("3", "keys_choice"), ("4", "keys_choice"),
)  # fmt: skip
_MOVING = ("Ctrl+J", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Alt+1", "Alt+2", "1", "2", "3", "4")
_WINDOW = ("F1", "F10", "Ctrl+K", "Ctrl+E", "Ctrl+M", "Esc")


def install(kit: Kit, window: QWidget, pressed: Callable[[str], object]) -> ShortcutTable:
    """All shortcuts of the window; each says its key."""
    table = ShortcutTable(kit, window)
    for key, code in KEYS:
        group = "common.keys_move" if key in _MOVING else "common.keys_window" if key in _WINDOW else "common.keys_main"
        table.add(key, key, t(f"teller.{code}"), _press(pressed, key), group=group)
    return table


def _press(pressed: Callable[[str], object], key: str) -> Callable[[], object]:
    return lambda: pressed(key)


class KeyState(QObject):
    """Greys shortcuts together with their buttons."""

    def __init__(self, table: ShortcutTable, bar: CommandBar) -> None:
        super().__init__(bar)
        self._table, self._bar = table, bar

    def update(self, *, idle: bool, choices: int, sections: int) -> None:
        """What applies now."""
        for cap in ("F1", "F3", "F4", "F5", "F6", "F7", "F8", "F12"):
            always = cap == "F1"
            self._table.set_enabled(cap, always or self._bar.key(cap).isEnabled())
        for number in (1, 2, 3, 4):
            self._table.set_enabled(str(number), number <= choices)
        for number in (1, 2):
            self._table.set_enabled(f"Alt+{number}", number <= sections)
        for key in ("Ctrl+J", "Ctrl+E"):
            self._table.set_enabled(key, not idle)


BARS = {True: IDLE_BAR, False: CASE_BAR}
