"""Waiting for a teller: position, minutes, what to have ready."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy

from common.wire.cases import CaseView, TicketState
from ui.kit.base import IconLabel, Label, frame, hbox, named, vbox
from ui.kit.kiosk import StatusLine
from ui.kit.kit import Kit
from ui.kit.texts.formats import time_of_day
from ui.kit.texts.words import Words, t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import Page
from ui.vtm_app.pages.step import show_status
from ui.vtm_app.parts import KindRow, StepHead
from ui.vtm_app.scene import Local, Scene


class QueuePage(Page):
    """Position and estimated wait above, preparation below."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._position = named(Label(kit, "", "hero", "accent"), "kiosk.position")
        self._minutes = named(Label(kit, "", "amount"), "kiosk.estimated")
        self._since = Label(kit, "", "note")
        self._unit = Label(kit, t("kiosk.queue_people"), "step")
        self.body.addWidget(self._band())
        self.head = StepHead(kit)
        self._done = Label(kit, t("kiosk.queue_done"), "label", "ok")
        self._card = KindRow(kit, "card", t("kiosk.queue_card"), "", tone="ok")
        self._card.row.addWidget(IconLabel(kit, "check-circle", "ok", 44))
        self._card.row.addWidget(self._done)
        self._id = KindRow(kit, "id", t("kiosk.queue_id"), t("kiosk.queue_id_note"))
        self._third = KindRow(kit, "cash", "", "")
        self._status = StatusLine(kit)
        inner = vbox(self.head, gap=32, margins=(64, 40, 64, 32))
        for row, tone in ((self._card, "ok"), (self._id, ""), (self._third, "")):
            card = frame("kcard", vbox(row, gap=0))
            card.setProperty("tone", tone)
            inner.addWidget(card)
        inner.addStretch(1)
        inner.addWidget(self._status)
        self._inner = inner
        self.body.addLayout(inner, 1)
        self.fit()

    def _band(self) -> QFrame:
        kit = self.kit
        figure = hbox(self._position, self._unit, None, gap=16)
        figure.setAlignment(self._unit, Qt.AlignmentFlag.AlignBottom)
        left = vbox(Label(kit, t("kiosk.queue_ahead"), "label"), figure, None, gap=0)
        right = vbox(Label(kit, t("kiosk.queue_wait"), "label"), self._minutes, self._since, None, gap=0)
        divider = frame("line")
        divider.setFixedWidth(2)
        row = hbox(gap=56, margins=(64, 40, 64, 40))
        row.addLayout(left, 1)
        row.addWidget(divider)
        row.addLayout(right, 1)
        band = frame("kband", row)
        band.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        return band

    def fit(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        assert screen is not None
        assert screen.case is not None
        self.head.show_scene(scene)
        show_status(self._status, scene)
        self._show_place(screen.case)
        number = screen.case.card.masked_number if screen.case.card is not None else ""
        self._card.note.set_words(t("kiosk.queue_card_note", number=number))
        out = screen.case.cash_way == "out"
        name = "amount" if out else "notes"
        self._third.set_row("cash", t(f"kiosk.queue_{name}"), t(f"kiosk.queue_{name}_note"))

    def _show_place(self, case: CaseView) -> None:
        ticket = case.ticket
        position = ticket.position
        self._position.set_words(str(max(0, position - 1)) if position is not None else "0")
        self._minutes.set_words(minutes(case))
        since = t("kiosk.queue_since", at=time_of_day(ticket.since), number=case.number)
        self._since.set_words(since)


def minutes(case: CaseView) -> Words:
    """The estimated wait, rounded up; never a figure nobody knows."""
    ticket = case.ticket
    if ticket.state is TicketState.RINGING:
        return t("kiosk.queue_soon")
    if ticket.estimated_wait_s is None:
        return t("kiosk.queue_unknown")
    return t("kiosk.queue_minutes", n=max(1, -(-ticket.estimated_wait_s // 60)))
