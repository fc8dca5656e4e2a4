"""Notes go in: what was counted so far, and whether that is right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.kit.base import Label, frame, hbox, named, vbox
from ui.kit.kiosk import KioskButton, StatusLine
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.pages.step import show_status
from ui.vtm_app.parts import PictureBox, kiosk_line
from ui.vtm_app.scene import Local, Scene
from ui.vtm_app.scenes_cash import Row, counted_rows


class NotesTable(QWidget):
    """One row a face value, the sum below."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.setProperty("role", "plain")
        self._shown: tuple[Row, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(16)
        self._grid.setHorizontalSpacing(48)
        self._grid.setColumnStretch(1, 1)

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these; the last one is the sum."""
        if rows == self._shown:
            return
        self._shown = rows
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, row in enumerate(rows[:-1]):
            self._add(at, row, "body")
        self._grid.addWidget(kiosk_line(), len(rows), 0, 1, 3)
        last = rows[-1]
        self._grid.addWidget(Label(self.kit, last.left, "label"), len(rows) + 1, 0, 1, 2)
        total = named(Label(self.kit, last.right, "label"), "kiosk.total")
        self._grid.addWidget(total, len(rows) + 1, 2, Qt.AlignmentFlag.AlignRight)

    def _add(self, at: int, row: Row, kind: str) -> None:
        for column, words in enumerate((row.left, row.middle)):
            self._grid.addWidget(Label(self.kit, words, kind), at, column)
        self._grid.addWidget(Label(self.kit, row.right, kind), at, 2, Qt.AlignmentFlag.AlignRight)


class CashInPage(HeadedPage):
    """Put notes in, add more, have them back, or say that the count is right."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._table = NotesTable(kit)
        self._card = frame("kcard", vbox(self._table, margins=(40, 32, 40, 32)))
        self._picture = PictureBox(kit, 440)
        self._status = StatusLine(kit)
        self._right = self._button("right", "check", "primary")
        self._more = self._button("more", "plus", "")
        self._back = self._button("back", "undo", "")
        self.body.addSpacing(12)
        self.body.addWidget(self._card)
        self.body.addSpacing(24)
        self.body.addWidget(self._picture, 4)
        self.body.addStretch(1)
        self.body.addWidget(self._status)
        self.body.addSpacing(24)
        self.body.addWidget(self._right)
        self.body.addSpacing(24)
        self.body.addLayout(hbox(self._more, self._back, gap=32))

    def _button(self, name: str, icon: str, kind: str) -> KioskButton:
        words = t(f"kiosk.count_{name}")
        return named(KioskButton(self.kit, words, icon, kind, lambda: self.acts.count(name)), f"kiosk.count_{name}")

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        assert screen is not None
        super().show_scene(scene, screen, local)
        self._card.setVisible(bool(screen.notes))
        self._table.set_rows(counted_rows(screen.notes))
        self._picture.set_picture("" if screen.phase == "ask" else "icon:cash-in")
        show_status(self._status, scene)
        if local.large and screen.phase == "ask":
            self._status.hide()
        for button in (self._right, self._more, self._back):
            button.setVisible(screen.phase == "ask")
            button.setEnabled(not local.busy)
