"""What can stand above the window, and in which order Esc takes it away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from common.wire.cases import EvidenceKind
from ui.kit.evidence_viewer import EvidenceViewer, Exhibit
from ui.kit.evidence_words import evidence_words
from ui.kit.help_overlay import HelpOverlay
from ui.kit.overlays import Scrim
from ui.kit.palette import Palette, PaletteEntry
from ui.kit.registers_view import RegistersView
from ui.kit.suspense_view import SuspensePanel
from ui.teller_app.case_facts import evidence_of
from ui.teller_app.commands import palette_entries
from ui.teller_app.panels.evidence_panel import KINDS
from ui.teller_app.panels.machine_view import MachineView

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
"""Every scrim is a child of the window itself; a search through all its thousand parts takes a millisecond or two."""


class Popups(QObject):
    """Palette, help, evidence viewer, drawer and questions."""

    def __init__(self, window: "TellerWindow", palette: Palette, help: HelpOverlay, viewer: EvidenceViewer) -> None:
        super().__init__(window)
        self._window = window
        self.palette, self.help, self.viewer = palette, help, viewer
        self.registers = RegistersView(window.kit, window)
        self.machine = MachineView(window.kit, window)
        self.suspense = SuspensePanel(window.kit, window, window.parts.suspense)

    def _scrims(self) -> list[Scrim]:
        return [one for one in self._window.findChildren(Scrim, options=_DIRECT) if one.isVisible()]

    def open_above(self) -> bool:
        """Whether something stands above the window."""
        return bool(self._scrims())

    def close_topmost(self) -> bool:
        """Esc: take the topmost thing away; whether there was one."""
        scrims = self._scrims()
        if scrims:
            scrims[-1].close_popup()
        return bool(scrims)

    def open_palette(self) -> None:
        """Ctrl+K: what can be done now, cases, settings."""
        parts = self._window.parts
        found = palette_entries(parts.cases.case, parts.cases.local, parts.desk.desk)
        self.palette.set_entries(
            [
                PaletteEntry(one.key, one.words, one.group, one.icon, one.initials, one.code, note=one.note)
                for one in found
            ]
        )
        self.palette.open()

    def open_viewer(self, key: str = "") -> None:
        """Ctrl+E: the evidence, large."""
        case = self._window.parts.cases.case
        if case is None:
            return
        exhibits = []
        for kind in (*KINDS, EvidenceKind.CHIP_PORTRAIT, EvidenceKind.AUTHORITY_PORTRAIT):
            found = evidence_of(case, kind)
            image = self._window.parts.pictures.image(found.digest) if found is not None else None
            if image is not None:
                exhibits.append(Exhibit(kind.value, evidence_words("teller.evidence", kind, found), image))
        if exhibits:
            keys = [one.key for one in exhibits]
            self.viewer.open(tuple(exhibits), key if key in keys else "")
