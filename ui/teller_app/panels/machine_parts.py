"""Parts of the view of a machine: what is where, cassettes, orders with the reason why not, the trace."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from common.wire.cash import CashUnitReport
from common.wire.machine import MachineDetail, OfferedOrder, OrderAction, OrderView, PlaceReport, ServiceLine
from ui.kit.base import IconLabel, Label, TagTone, Tone, hbox, named, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.meters import ProgressBar
from ui.kit.panels import Panel
from ui.kit.presence_words import joined
from ui.kit.tables import Cell, Column, Row, TableView, TagCell
from ui.kit.texts.words import T, Words, t
from ui.teller_app.machine_watch import order_words, service_name
from ui.teller_app.panels.wording import said

_QUIET = frozenset({"empty", "ok", "full", "bolted", "off", "hung", "inactive"})
_LOUD = frozenset({"jammed", "out", "on", "open", "no_power"})
_EMPTY_IS_BAD = frozenset({"new_card.hopper", "token.hopper"})
_FULL_IS_BAD = frozenset({"card.bin", "new_card.bin", "token.bin"})
_ROLES = {"cashOut": "cash_out"}
_STATE: Mapping[str, TagTone] = {
    "given": "accent", "begun": "accent", "done": "ok", "refused": "warn", "failed": "bad", "unknown": "bad",
    "expired": "warn",
}  # fmt: skip
_ICONS = {"ok": ("check", "ok"), "warn": ("warn", "warn"), "bad": ("stop", "bad"), "": ("info", "accent")}
_PLAIN = (
    OrderAction.RETURN_CARD, OrderAction.RETAIN_CARD, OrderAction.RETRACT_NOTES, OrderAction.OUT_OF_SERVICE,
    OrderAction.INTO_SERVICE,
)  # fmt: skip
_AIMED = (OrderAction.RESET_DEVICE, OrderAction.RESTART_SERVICE, OrderAction.LIGHT)


def tone_of(place: PlaceReport) -> Tone:
    """How a place looks: quiet, worth a look, wrong; empty: something of a customer's lies there."""
    state = place.state
    if place.place in _EMPTY_IS_BAD:
        return "bad" if state == "empty" else "warn" if state == "low" else "ok"
    if state in _LOUD or (place.place in _FULL_IS_BAD and state == "full"):
        return "bad"
    if state in ("low", "high", "unknown", "closed", "battery", "lifted", "asked", "active", "leaving"):
        return "warn"
    return "ok" if state in _QUIET else ""


class _PlaceRow(QWidget):
    def __init__(self, kit: Kit, place: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFixedHeight(26)
        self._mark = IconLabel(kit, "minus", "text-3")
        self._state = named(Label(kit, "", "label"), f"machine.place.{place}")
        row = hbox(self._mark, gap=8)
        row.addWidget(Label(kit, t(f"place.{place}"), "label", elide=True), 1)
        row.addWidget(self._state)
        self.setLayout(row)

    def show_place(self, place: PlaceReport, *, now: bool) -> None:
        tone = tone_of(place)
        icon, colour = _ICONS.get(tone, _ICONS[""])
        self._mark.set_icon(icon, colour if now else "text-3")
        code = f"place.is_{place.state}"
        words: Words = t(code) if self._mark.kit.language.book.has(code) else place.state
        if place.count is not None:
            words = t("machine.count", state=words, count=place.count)
        self._state.set_words(words)
        self._state.set_tone("muted" if tone == "ok" or not now else "accent" if tone == "" else tone)


class PlacesPanel(Panel):
    """Every place of the machine, two beside each other."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("machine.places"), padding=0)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(15, 7, 15, 7)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(0)
        self.body.addLayout(self._grid)
        self._none = Label(kit, t("machine.no_picture"), "label", wrap=True)
        self._none.setContentsMargins(15, 0, 15, 7)
        self.body.addWidget(self._none)
        self.body.addStretch(1)
        self._rows: dict[str, _PlaceRow] = {}

    def show_places(self, places: Sequence[PlaceReport], *, now: bool) -> None:
        """Paint, without colour what was so once; a machine keeps its places, so rows are made once."""
        self._none.setVisible(not places)
        if [one.place for one in places] != list(self._rows):
            for old in self._rows.values():
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._rows = {one.place: _PlaceRow(self.kit, one.place) for one in places}
            for at, row in enumerate(self._rows.values()):
                half = (len(places) + 1) // 2
                self._grid.addWidget(row, at % half, at // half)
        for one in places:
            self._rows[one.place].show_place(one, now=now)


class CassettesPanel(Panel):
    """Cash units with level and room, and the services that are not well."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("machine.cassettes"), padding=0)
        self._rows = vbox(gap=6, margins=(15, 9, 15, 9))
        self.body.addLayout(self._rows)
        self._services = named(Label(kit, "", "label", wrap=True), "machine.services")
        self._services.setContentsMargins(15, 0, 15, 11)
        self.body.addWidget(self._services)
        self.body.addStretch(1)
        self._shown: list[CashUnitReport] = []

    def show_units(self, units: Sequence[CashUnitReport]) -> None:
        """Paint the cassettes."""
        if list(units) == self._shown:
            return
        self._shown = list(units)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for unit in units:
            self._rows.addWidget(self._row(unit))

    def _row(self, unit: CashUnitReport) -> QWidget:
        face: Words = f"¥{unit.face}" if unit.face else t("unit.mixed")
        role = t(f"unit.{_ROLES.get(unit.role, unit.role)}")
        notes = Label(self.kit, t("machine.notes", count=unit.count, capacity=unit.capacity), "label")
        level = "ok" if unit.level == "ok" else "bad" if unit.level in ("empty", "full") else "warn"
        quiet = level == "ok" or (unit.level == "empty" and unit.role in ("reject", "retract", "deposit"))
        notes.set_tone("muted" if quiet else "bad" if level == "bad" else "warn")
        bar = ProgressBar(self.kit, 6)
        bar.set_share(unit.count / unit.capacity if unit.capacity else 0.0)
        head = hbox(Label(self.kit, t("machine.unit", role=role, face=face), "label"), None, notes, gap=8)
        holder = QWidget()
        holder.setProperty("role", "plain")
        holder.setLayout(vbox(head, bar, gap=2))
        return holder

    def show_services(self, services: Sequence[ServiceLine]) -> None:
        """How many are well, and which are not."""
        wrong = [one for one in services if one.level != "ok"]
        self._services.set_tone("muted" if not wrong else "bad")
        if wrong:
            self._services.set_words(t("machine.services_wrong", which=joined(tuple(map(self._service_words, wrong)))))
        else:
            self._services.set_words(t("machine.services_well", n=len(services)) if services else "")

    def _service_words(self, service: ServiceLine) -> T:
        code = f"machine.word_{service.word.lower()}"
        word: Words = t(code) if self.kit.language.book.has(code) else service.word
        return t("machine.service_is", name=service_name(service.name), word=word)


class _Order(QWidget):
    """One order: its button, and under it why it would be refused."""

    def __init__(self, kit: Kit, action: OrderAction) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.kit, self.action = kit, action
        danger = action in (OrderAction.RETAIN_CARD, OrderAction.OUT_OF_SERVICE)
        words = t(f"machine.do_{action.value}")
        self.button = named(Button(kit, words, "danger2" if danger else "", fit="s"), f"machine.do.{action.value}")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.which = named(QComboBox(), f"machine.which.{action.value}")
        self.which.setVisible(action in _AIMED)
        self.which.currentIndexChanged.connect(lambda _: self._show())
        kit.bind(self.which, self.which.setAccessibleName, t("machine.which"))
        self.why = Label(kit, "", "caption", "warn", wrap=True)
        row = hbox(gap=8)
        if action in _AIMED:
            row.addWidget(self.which, 3)
        row.addWidget(self.button, 2)
        self.setLayout(vbox(row, self.why, gap=2))
        self._offers: dict[str, OfferedOrder] = {}
        self._sending = False

    @property
    def target(self) -> str:
        """What it is aimed at; empty: nothing in particular."""
        return str(self.which.currentData() or "") if self.action in _AIMED else ""

    def show_offers(self, offers: Sequence[OfferedOrder], *, sending: bool) -> None:
        """What is possible now; hidden where there is nothing to order."""
        self._offers, self._sending = {one.target: one for one in offers}, sending
        self.setVisible(bool(offers))
        known = [str(self.which.itemData(at)) for at in range(self.which.count())]
        if self.action in _AIMED and known != [one.target for one in offers]:
            self.name_targets()
        self._show()

    def name_targets(self) -> None:
        """The targets in the window's language; the one that was chosen stays."""
        chosen = self.target
        self.which.blockSignals(True)
        self.which.clear()
        for one in self._offers.values():
            service = self.action is OrderAction.RESTART_SERVICE
            words: Words = service_name(one.target) if service else t(f"machine.target_{one.target.lower()}")
            self.which.addItem(self.kit.say(words), one.target)
        self.which.setCurrentIndex(max(0, self.which.findData(chosen)))
        self.which.blockSignals(False)

    def _show(self) -> None:
        offer = self._offers.get(self.target)
        refused = offer.refused if offer is not None else None
        self.button.setEnabled(offer is not None and refused is None and not self._sending)
        self.why.setVisible(refused is not None)
        if refused is not None:
            self.why.set_words(t(refused.code, **refused.params))


class OrdersPanel(Panel):
    """What can be ordered, each with the reason why not.

    Signals:
        ordered(str, str): action, target.
    """

    ordered = Signal(str, str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("machine.orders"), gap=8)
        self.rows = {action: _Order(kit, action) for action in (*_PLAIN, *_AIMED)}
        for action, row in self.rows.items():
            row.button.clicked.connect(lambda _=False, row=row: self.ordered.emit(row.action.value, row.target))
            self.body.addWidget(row)
            row.setObjectName(f"machine.order.{action.value}")
        self.body.addStretch(1)
        kit.language.changed.connect(self._rename)

    def _rename(self) -> None:
        for action in _AIMED:
            self.rows[action].name_targets()

    def show_detail(self, detail: MachineDetail, *, sending: bool) -> None:
        """What is possible now; of out of service and into it only the one that would change something."""
        by: dict[OrderAction, list[OfferedOrder]] = {}
        for offer in detail.offered:
            by.setdefault(offer.action, []).append(offer)
        by.pop(OrderAction.INTO_SERVICE if detail.in_service else OrderAction.OUT_OF_SERVICE, None)
        for action, row in self.rows.items():
            row.show_offers(by.get(action, ()), sending=sending)


COLUMNS = (
    Column(t("machine.col_at"), 96),
    Column(t("machine.col_who"), 72),
    Column(t("machine.col_action"), 296),
    Column(t("machine.col_outcome"), 136),
    Column(""),
)


class TracePanel(Panel):
    """What was ordered here, newest first: who, when, what came of it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("machine.trace"), padding=0)
        self.table = named(TableView(kit, COLUMNS), "machine.trace")
        self._none = Label(kit, t("machine.no_orders"), "label")
        self._none.setContentsMargins(15, 8, 15, 8)
        self.body.addWidget(self._none)
        self.body.addWidget(self.table, 1)

    def show_orders(self, orders: Sequence[OrderView]) -> None:
        """Paint."""
        self._none.setVisible(not orders)
        self.table.setVisible(bool(orders))
        self.table.set_rows([self._row(order) for order in orders])

    def _row(self, order: OrderView) -> Row:
        note: Words = said(self.kit, order.note) if order.note is not None else ""
        cells = (
            f"{order.at.astimezone():%H:%M:%S}",
            order.by,
            order_words(order.action, order.target),
            TagCell(t(f"machine.state_{order.state}"), _STATE.get(order.state, "")),
            Cell(note, tone="muted"),
        )
        return Row(order.id, cells)
