"""The fault board of a simulated machine: which fault, at which moment, with which parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from common.errors import AppError
from devices.hands.client import HandsView
from ui.engineer_app.link import MachineLink, MachineLook
from ui.engineer_app.pages import MACHINE_LOST, Press
from ui.kit.base import Label, hbox, named, vbox
from ui.kit.buttons import Button, Segmented
from ui.kit.fields import FieldState, FormField, Select, TextField
from ui.kit.kit import Kit
from ui.kit.tables import Column, Row, TableView
from ui.kit.texts import kiosk_hands
from ui.kit.texts.words import Words, t

Failed = Callable[[AppError], object]
WHEN = ("next", "nth", "chance", "now")
MOST = 1_000_000
FIELD_WIDTH = 180
LABEL_HEIGHT = 20
LEAST_ROWS = 128
"""Height that the kinds keep in a low window: three of them under their head."""
IN_A_ROW = 3
"""Parameters side by side: more of them would make the window wider than its least width."""


class Moment(QWidget):
    """At which moment a fault strikes: the next, the n-th, by chance with a seed, or at once."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.kind = named(Segmented(kit, [(name, t(f"engineer.when_{name}")) for name in WHEN]), "engineer.when")
        for name in WHEN:
            named(self.kind.segment(name), f"engineer.when.{name}")
        self.nth = named(TextField(kit, t("engineer.nth"), "2"), "engineer.nth")
        self.chance = named(TextField(kit, t("engineer.chance"), "10"), "engineer.chance")
        self.seed = named(TextField(kit, t("engineer.seed"), "1"), "engineer.seed")
        for typed in (self.nth, self.chance, self.seed):
            typed.setFixedWidth(100)
        self.kind.chosen.connect(lambda _: self._show())
        self.not_now = named(Label(kit, t("engineer.not_now"), "label", wrap=True), "engineer.not_now")
        row = hbox(gap=8)
        row.addLayout(vbox(self.kind, None, gap=0, margins=(0, LABEL_HEIGHT, 0, 0)))  # level with the boxes beside it
        for part in (self.nth, self.chance, self.seed):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.setLayout(vbox(row, self.not_now, gap=4))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.offer(WHEN)

    def offer(self, triggers: Sequence[str]) -> None:
        """Let only those moments be chosen that the fault knows; the first one instead of one that it does not."""
        for name in WHEN:
            self.kind.segment(name).setEnabled(name in triggers)
        if self.kind.current() not in triggers:
            self.kind.set_current(WHEN[0])
        self.not_now.setVisible("now" not in triggers)
        self._show()

    def _show(self) -> None:
        chosen = self.kind.current()
        self.nth.setVisible(chosen == "nth")
        self.chance.setVisible(chosen == "chance")
        self.seed.setVisible(chosen == "chance")

    def value(self) -> object | None:
        """As the fault board takes it; None: what was typed is no moment, and its field says so."""
        chosen = self.kind.current()
        if chosen == "nth":
            return _number(self.nth, 1, MOST)
        if chosen == "chance":
            percent, seed = _number(self.chance, 1, 100), _number(self.seed, 0, MOST)
            return None if percent is None or seed is None else {"probability": percent / 100, "seed": seed}
        return chosen


def _number(field: TextField, least: int, most: int) -> int | None:
    typed = field.value()
    good = typed.isascii() and typed.isdecimal() and least <= int(typed) <= most
    hint = None if good else t("engineer.number_between", least=least, most=most)
    field.set_state(FieldState.PLAIN if good else FieldState.ERROR, hint)
    return int(typed) if good else None


@dataclass(frozen=True)
class Offer:
    """What may be said of a fault, as the machine tells it.

    Attributes:
        choices: of each parameter, what it may be, by service (``""``: none is named); ``""`` among them: any.
        bounds: the least and the most of a number.
    """

    defaults: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    bounds: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def words(self, name: str, service: str) -> Sequence[str]:
        """What a parameter may be where that service is meant."""
        by_service = self.choices.get(name, {})
        return by_service.get(service, by_service.get("", ()))


class Parameters(QWidget):
    """A field for each parameter of the fault that was chosen; what the machine knows by name is chosen from a list."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._kit = kit
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(IN_A_ROW, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.fields: dict[str, FormField] = {}
        self._offer = Offer()

    def ask_for(self, offer: Offer) -> None:
        """Other parameters, with their defaults."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._offer = offer
        self.fields = {name: self._field(name, value) for name, value in offer.defaults.items()}
        for at, made in enumerate(self.fields.values()):
            self._grid.addWidget(made, at // IN_A_ROW, at % IN_A_ROW, Qt.AlignmentFlag.AlignTop)
        self.setVisible(bool(offer.defaults))
        service = self.fields.get("service")
        if isinstance(service, Select):
            service.chosen.connect(self._offer_again)

    def _field(self, name: str, value: object) -> FormField:
        title = t(f"engineer.param_{name}")
        known = self._offer.words(name, str(self._offer.defaults.get("service", "")))
        made: FormField
        if known:
            made = Select(self._kit, title, _entries(known), str(value))
        else:
            made = TextField(self._kit, title, str(value), placeholder=t("engineer.any"))
        made.setFixedWidth(FIELD_WIDTH)
        return named(made, f"engineer.param.{name}")

    def _offer_again(self, service: str) -> None:
        """Another service was chosen: it has other trays."""
        for name, one in self.fields.items():
            if name != "service" and isinstance(one, Select):
                one.offer(_entries(self._offer.words(name, service)))

    def value(self) -> dict[str, object] | None:
        """What differs from nothing typed; None: a number is none, and its field says so."""
        found: dict[str, object] = {}
        for name, one in self.fields.items():
            if isinstance(self._offer.defaults[name], int):
                assert isinstance(one, TextField), "numbers are typed"
                least, most = self._offer.bounds.get(name, (0, MOST))
                number = _number(one, least, most)
                if number is None:
                    return None
                found[name] = number
            else:
                found[name] = one.value()
        return found


def _entries(known: Sequence[str]) -> list[tuple[str, Words]]:
    return [(one, one if one else t("engineer.any")) for one in known]


class FaultPage(QWidget):
    """The kinds of fault, the moment, the parameters, and what waits on the board."""

    def __init__(self, kit: Kit, link: MachineLink, failed: Failed) -> None:
        super().__init__()
        self._link, self._failed, self._chosen, self._lost = link, failed, "", False
        self._kinds: Mapping[str, Mapping[str, Any]] = {}
        self._services: Sequence[str] = ()
        self.kinds = TableView(
            kit, [Column(t("engineer.col_fault"), 240), Column(t("engineer.col_effect"))], row_height=32
        )
        self.board = TableView(
            kit,
            [Column(t("engineer.col_fault"), 240), Column(t("engineer.when"), 240), Column(t("engineer.parameters"))],
            row_height=32,
        )
        self.moment, self.parameters = Moment(kit), Parameters(kit)
        self.inject = named(Button(kit, t("engineer.inject"), "primary", on_click=self._inject), "engineer.inject")
        self.clear = named(
            Button(kit, t("engineer.clear"), on_click=lambda: link.clear_faults(failed)), "engineer.clear"
        )
        self._injects, self._clears = Press(kit, self.inject), Press(kit, self.clear)
        self._show_buttons()
        self.count = Label(kit, "", "label")
        self.kinds.row_chosen.connect(self._choose)
        self.kinds.setMinimumHeight(LEAST_ROWS)
        self.kinds.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.board.setFixedHeight(150)
        acts = hbox(self.inject, self.clear, None, self.count)
        column = vbox(self.kinds, self.moment, self.parameters, acts, self.board, gap=12)
        column.setStretchFactor(self.kinds, 1)
        self.setLayout(column)
        named(self, "engineer.page.faults")
        self.parameters.ask_for(Offer())

    def _choose(self, name: str) -> None:
        if name == self._chosen:
            return
        self._chosen = name
        self._show_buttons()
        kind = self._kinds.get(name, {})
        self.moment.offer(kind.get("triggers", WHEN))
        services = {"service": {"": ["", *(kind.get("services") or self._services)]}}
        self.parameters.ask_for(
            Offer(kind.get("params", {}), {**kind.get("choices", {}), **services}, kind.get("bounds", {}))
        )

    def _inject(self) -> None:
        when, params = self.moment.value(), self.parameters.value()
        if when is not None and params is not None:
            self._link.inject(self._chosen, when, params, self._failed)

    def set_lost(self, lost: bool) -> None:
        """The machine is lost, or there again."""
        self._lost = lost
        self._show_buttons()

    def _show_buttons(self) -> None:
        lost = MACHINE_LOST if self._lost else ""
        self._injects.show(lost, may=bool(self._chosen))
        self._clears.show(lost)

    def show_look(self, look: MachineLook) -> None:
        """What can be put on the board and what is on it."""
        view = look.view
        self._kinds = view.fault_kinds if view is not None else {}
        self._services = tuple(one.name for one in look.services)
        self.kinds.set_rows([Row(name, (name, _effect(name, kind))) for name, kind in sorted(self._kinds.items())])
        self.board.set_rows(_waiting(view))
        self.count.set_words(t("engineer.on_board", count=len(view.faults) if view is not None else 0))


def _effect(name: str, kind: Mapping[str, Any]) -> Words:
    """In the words of the hands' panel; one that has none there says its own."""
    code = f"hands.fault.{name}"
    return t(code) if code in kiosk_hands.TEXTS else str(kind["effect"])


def _waiting(view: HandsView | None) -> list[Row]:
    faults = view.faults if view is not None else ()
    return [
        Row(f"{number}", (str(fault["fault"]), _moment(fault), _parameters(fault.get("params", {}))))
        for number, fault in enumerate(faults)
    ]


def _moment(fault: Mapping[str, Any]) -> Words:
    if "probability" in fault:
        return t("engineer.by_chance", percent=round(100 * fault["probability"]))
    return t("engineer.in_moments", n=fault.get("in", 1))


def _parameters(params: Mapping[str, Any]) -> str:
    return "  ".join(f"{name}={value}" for name, value in params.items() if value not in ("", None))
