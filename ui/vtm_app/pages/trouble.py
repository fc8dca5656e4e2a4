"""Cash trouble: where the money is, first of all."""

from PySide6.QtCore import Qt

from common.wire.cases import MoneyBoxes
from ui.kit.base import IconLabel, Label, frame, hbox, named, vbox
from ui.kit.kiosk import StatusLine
from ui.kit.kit import Kit
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.pages.step import show_status
from ui.vtm_app.parts import Note, kiosk_line
from ui.vtm_app.scene import Local, Scene
from ui.vtm_app.scenes_cash import Fact, money_facts

_ICONS = {"account": "bank", "machine": "kiosk", "hand": "user"}


class _FactRow:
    """One of the three facts."""

    def __init__(self, kit: Kit, key: str) -> None:
        self.icon = IconLabel(kit, _ICONS[key], "text-3", 56)
        self.words = named(Label(kit, "", "label", wrap=True), f"kiosk.fact.{key}")
        self.hint = Label(kit, "", "body", "muted", wrap=True)
        row = hbox(gap=32, margins=(40, 24, 40, 24))
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(vbox(self.words, self.hint, gap=0), 1)
        self.frame = frame("plain", row)

    def show(self, fact: Fact) -> None:
        self.icon.set_icon("check-circle" if fact.good else _ICONS[fact.key], "ok" if fact.good else "text-3")
        self.words.set_words(fact.words)
        self.hint.set_words(fact.hint)


class TroublePage(HeadedPage):
    """Your money is safe; account, machine, hand; what happens now."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._rows = [_FactRow(kit, key) for key in ("account", "machine", "hand")]
        column = vbox(gap=0)
        for at, row in enumerate(self._rows):
            if at:
                column.addWidget(kiosk_line())
            column.addWidget(row.frame)
        self._card = frame("kcard", column)
        self._status = StatusLine(kit)
        self._note = Note(kit)
        self.body.addSpacing(24)
        self.body.addWidget(self._card)
        self.body.addSpacing(48)
        self.body.addWidget(self._status)
        self.body.addStretch(1)
        self.body.addWidget(self._note)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        trouble = screen.case.trouble if screen is not None and screen.case is not None else None
        boxes: MoneyBoxes | None = trouble.money if trouble is not None else None
        self._card.setVisible(boxes is not None)
        if boxes is not None and screen is not None and screen.case is not None:
            for row, fact in zip(self._rows, money_facts(boxes, screen.case.cash_way), strict=True):
                row.show(fact)
        show_status(self._status, scene)
        self._note.set_note(scene.note)
