"""One machine over the window: live picture of what is where, cassettes, orders from afar, their trace.

Object names: ``machine``, ``machine.do.<action>``, ``machine.which.<action>``, ``machine.place.<place>``,
``machine.trace``, ``machine.note``.
"""

from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from common.wire.machine import MachineDetail
from ui.kit.base import Label, Tag, Tone, hbox, named, vbox
from ui.kit.buttons import IconButton
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.panels import Skeleton
from ui.kit.texts.formats import time_of_day
from ui.kit.texts.words import T, Words, t
from ui.teller_app.panels.machine_parts import CassettesPanel, OrdersPanel, PlacesPanel, TracePanel


class MachineView(QFrame):
    """The view. Shown in the middle of the window with everything behind it dimmed.

    Signals:
        ordered(str, str): action, target. closed(): taken away.
    """

    ordered = Signal(str, str)
    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__()
        self.kit = kit
        self.setObjectName("machine")
        self.setProperty("role", "dialog")
        self.title = named(Label(kit, "", "heading"), "machine.title")
        self._tags = {name: Tag(kit) for name in ("online", "service", "visit")}
        self.note = named(Label(kit, "", "label", elide=True), "machine.note")
        self.places, self.cassettes = PlacesPanel(kit), CassettesPanel(kit)
        self.orders, self.trace = OrdersPanel(kit), TracePanel(kit)
        self.orders.ordered.connect(self.ordered)
        self._loading = Skeleton(kit)
        self._content = self._lay_out_content()
        close = IconButton(kit, "x", t("common.close"), on_click=self.close_view)
        head = hbox(self.title, *self._tags.values(), gap=8)
        head.addWidget(self.note, 1)
        head.addWidget(close)
        column = vbox(gap=12, margins=(24, 16, 24, 16))
        column.addLayout(head)
        column.addWidget(self._loading)
        column.addWidget(self._content, 1)
        self.setLayout(column)
        self.scrim = Scrim(kit, window, self)
        self.scrim.closed.connect(self.closed)
        self._detail: MachineDetail | None = None

    def _lay_out_content(self) -> QScrollArea:
        row = hbox(gap=16)
        row.addWidget(self.places, 5)
        row.addWidget(self.cassettes, 3)
        self.orders.setMinimumWidth(312)
        row.addWidget(self.orders, 3)
        page = QWidget()
        page.setProperty("role", "scrolled")
        self.trace.setMinimumHeight(176)
        column = vbox(row, gap=16)
        column.addWidget(self.trace, 1)
        page.setLayout(column)
        holder = QScrollArea()
        holder.setWidgetResizable(True)
        holder.setFrameShape(QFrame.Shape.NoFrame)
        holder.setWidget(page)
        return holder

    def sizeHint(self) -> QSize:
        return QSize(1320, 860)

    def open(self) -> None:
        """Show it, empty until the machine was fetched."""
        self.say("")
        self.show_detail(None, sending=False)
        self.scrim.open()

    def close_view(self) -> None:
        """Take it away."""
        self.scrim.close_popup()

    def say(self, words: Words, tone: Tone = "muted") -> None:
        """A word about the last order, or about what failed."""
        self.note.set_words(words)
        self.note.set_tone(tone)

    def show_detail(self, detail: MachineDetail | None, *, sending: bool, now: datetime | None = None) -> None:
        """Paint the machine as it is, or as it was when last heard of."""
        self._detail = detail
        self._loading.setVisible(detail is None)
        self._content.setVisible(detail is not None)
        for tag in self._tags.values():
            tag.setVisible(detail is not None)
        if detail is None:
            self.title.set_words("")
            return
        self.title.set_words(t("machine.title", number=detail.number, place=detail.place or ""))
        self._show_tags(detail, now)
        self.places.show_places(detail.picture.places, now=detail.online and detail.fresh)
        self.cassettes.show_units(detail.cash_units)
        self.cassettes.show_services(detail.picture.services)
        self.orders.show_detail(detail, sending=sending)
        self.trace.show_orders(detail.orders)

    def _show_tags(self, detail: MachineDetail, now: datetime | None) -> None:
        online, service, visit = self._tags.values()
        if not detail.online:
            online.set_tag(_as_of(t("machine.offline"), detail.at, now), "warn", "wifi-off")
        elif detail.fresh:
            online.set_tag(t("machine.online"), "ok", "check")
        else:
            online.set_tag(_as_of(t("machine.stale"), detail.at, now), "warn", "clock")
        service.setVisible(not detail.in_service)
        service.set_tag(t("machine.out"), "warn", "pause")
        busy = detail.case_number is not None
        visit.set_tag(t("machine.visit", number=detail.case_number) if busy else t("machine.idle"), "accent")


def _as_of(how: T, at: datetime | None, now: datetime | None) -> T:
    """With the time of what is shown, and the day when it was another one."""
    if at is None:
        return how
    today = now is None or at.astimezone().date() == now.astimezone().date()
    return t("machine.as_of", how=how, at=time_of_day(at) if today else f"{at.astimezone():%m-%d} {time_of_day(at)}")
