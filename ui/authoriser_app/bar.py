"""The command bar and the shortcuts of the window: one table makes both, greys both, prints F1."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.authoriser_app.keys import Face, MainKey
from ui.kit.keys import KeyBar
from ui.kit.kit import Kit
from ui.kit.shortcuts import ShortcutTable
from ui.kit.texts.words import t

_LEFT = (("F1", "help", "help"), ("Space", "zoom", "zoom"), ("F5", "refresh", "refresh"), ("F6", "accept", "pause"))
_RIGHT = (("F7", "return", "undo"), ("F8", "reject", "x"))


class CommandBar(KeyBar):
    """Function keys at the left; return, reject and the main key at the right."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("authoriser.key_waiting_task"), parent=parent)
        self.main.setObjectName("authoriser.main_key")
        self.after.setObjectName("authoriser.note_line")
        for cap, id, icon in _LEFT:
            self.add_key(id, cap, t(f"authoriser.key_{id}"), icon).setObjectName(f"authoriser.key.{id}")
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        for cap, id, icon in _RIGHT:
            button = self.add_key(id, cap, t(f"authoriser.{id}"), icon, danger=id == "reject")
            button.setObjectName(f"authoriser.{id}")
            row.insertWidget(row.count() - 1, button)

    def set_mode(self, mode: str) -> None:
        """Narrow windows: keys without icons, no line beside the main key."""
        self.set_compact(mode == "XS")
        self.after.setVisible(mode != "XS")
        row = self.layout()
        assert row is not None
        row.setSpacing(8 if mode in ("S", "XS") else 16)

    def show_main(self, key: MainKey, since: Callable[[MainKey], float | None]) -> None:
        """Paint the main key."""
        self.main.setEnabled(key.face is not Face.OFF)
        if key.face in (Face.DO, Face.OFF):
            self.main.set_do(key.words, key.icon)
        elif key.face is Face.WAITING:
            self.main.set_waiting(key.words, since(key))
        else:
            self.main.set_busy(key.words)
        self.set_note(key.note)

    def show_accept(self, *, accepting: bool) -> None:
        """F6 pauses or goes on."""
        words, icon = ("authoriser.key_pause", "pause") if accepting else ("authoriser.key_resume", "play")
        self.key("accept").set_do(t(words), icon)


SHORTCUTS: tuple[tuple[str, str, str], ...] = (
    ("main", "F9", "common.keys_main"),
    ("return", "F7", "common.keys_main"),
    ("reject", "F8", "common.keys_main"),
    ("accept", "F6", "common.keys_main"),
    ("look", "Ctrl+J", "common.keys_move"),
    ("zoom", "Space", "common.keys_move"),
    ("rotate", "R", "common.keys_move"),
    ("voucher", "V", "common.keys_move"),
    ("left", "Ctrl+1", "common.keys_move"),
    ("middle", "Ctrl+2", "common.keys_move"),
    ("right", "Ctrl+3", "common.keys_move"),
    ("help", "F1", "common.keys_window"),
    ("refresh", "F5", "common.keys_window"),
    ("palette", "Ctrl+K", "common.keys_window"),
    ("close", "Esc", "common.keys_window"),
)
PLAIN = ("zoom", "rotate", "voucher", "close")
"""Keys that belong to whatever is open above the window."""


def install(kit: Kit, window: QWidget, pressed: Callable[[str], object]) -> ShortcutTable:
    """All shortcuts of the window; each says its id."""
    table = ShortcutTable(kit, window)
    for id, key, group in SHORTCUTS:
        table.add(id, key, t(f"authoriser.keys_{id}"), _press(pressed, id), group=group)
    return table


def _press(pressed: Callable[[str], object], id: str) -> Callable[[], object]:
    return lambda: pressed(id)
