"""What can stand above the window: viewer, voucher, reasons, palette, help. One at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from common.wire.authorisation import TaskView
from ui.authoriser_app.decisions import Question
from ui.authoriser_app.panels.notes import voucher_dialog
from ui.authoriser_app.panels.reason_dialog import ReasonDialog
from ui.kit.evidence_viewer import EvidenceViewer, Exhibit
from ui.kit.help_overlay import HelpOverlay
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.palette import Palette, PaletteEntry
from ui.kit.registers_view import RegistersView
from ui.kit.shortcuts import ShortcutTable
from ui.kit.suspense_view import SuspensePanel
from ui.kit.texts.words import Words, t

ENTRIES = (
    ("accept", "pause", "common.palette_actions", "ztjd"),
    ("refresh", "refresh", "common.palette_actions", "sx"),
    ("help", "help", "common.palette_actions", "bz"),
    ("suspense", "cash", "common.palette_settings", "xjgz"),
    ("registers", "list", "common.palette_settings", "djb"),
    ("language", "globe", "common.palette_settings", "yy"),
    ("theme", "moon", "common.palette_settings", "qsss"),
)


class Popups(QObject):
    """Opens and closes them.

    Signals:
        covered(bool): something is above the window, or nothing any more. chosen(str): an entry of the palette.
    """

    covered = Signal(bool)
    chosen = Signal(str)

    def __init__(
        self, kit: Kit, window: QWidget, table: ShortcutTable, suspense: SuspensePanel, registers: RegistersView
    ) -> None:
        super().__init__(window)
        self.kit, self._window, self._table = kit, window, table
        self.viewer = EvidenceViewer(kit, window)
        self.help = HelpOverlay(kit, window, table)
        self.palette = Palette(kit, window)
        self.suspense, self.registers = suspense, registers
        self.reason: ReasonDialog | None = None
        self.palette.chosen.connect(self.chosen)
        for scrim in (self.viewer.scrim, self.help.scrim, self.palette.scrim, suspense.scrim, registers.scrim):
            scrim.closed.connect(self._uncovered)

    def _scrims(self) -> list[Scrim]:
        return [one for one in self._window.findChildren(Scrim) if one.isVisible()]

    def above(self) -> bool:
        """Whether something stands above the window."""
        return bool(self._scrims())

    def close_all(self) -> None:
        """The task under it has gone."""
        for scrim in self._scrims():
            scrim.close_popup()

    def _uncovered(self) -> None:
        if not self.above():
            self.covered.emit(False)

    def open_viewer(self, pictures: list[tuple[str, Words, QImage]], key: str, *, turned: bool) -> None:
        """A picture closely; ``turned``: by a quarter."""
        if pictures:
            self.covered.emit(True)
            self.viewer.open(tuple(Exhibit(*picture) for picture in pictures), key)
            if turned:
                self.viewer.view.rotate()

    def open_voucher(self, task: TaskView) -> None:
        """The whole draft."""
        self.covered.emit(True)
        dialog = voucher_dialog(self.kit, self._window, task, self.kit.language.current)
        dialog.scrim.closed.connect(self._uncovered)
        dialog.scrim.closed.connect(dialog.scrim.deleteLater)
        dialog.open()

    def ask(self, question: Question, answered: Callable[..., object]) -> None:
        """Why not, or what is missing."""
        self.covered.emit(True)
        self.reason = ReasonDialog(self.kit, self._window, question)
        self.reason.closed.connect(self._reason_closed)
        self.reason.answered.connect(answered)
        self.reason.open()

    def _reason_closed(self) -> None:
        self.reason = None
        self._uncovered()

    def open_help(self) -> None:
        """F1."""
        self.covered.emit(True)
        self.help.open()

    def open_suspense(self) -> None:
        """Cash in suspense: what waits for a second person."""
        self.covered.emit(True)
        self.suspense.open()

    def open_registers(self) -> None:
        """The registers of all branches, to be read."""
        self.covered.emit(True)
        self.registers.open()

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.covered.emit(True)
        caps = {row.id: row.cap for row, _ in self._table.rows()}
        self.palette.set_entries(
            [
                PaletteEntry(id, t(f"authoriser.palette_{id}"), group, icon, initials, cap=caps.get(id, ""))
                for id, icon, group, initials in ENTRIES
            ]
        )
        self.palette.open()
