"""The fault board of a simulated machine: which fault, at which moment, with which parameters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from common.errors import AppError
from devices.hands.client import HandsView
from ui.engineer_app.link import MachineLink, MachineLook
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
        for field in (self.nth, self.chance, self.seed):
            field.setFixedWidth(120)
        self.kind.chosen.connect(lambda _: self._show())
        self.not_now = named(Label(kit, t("engineer.not_now"), "label"), "engineer.not_now")
        row = hbox(gap=12)
        for part in (self.kind, self.nth, self.chance, self.seed, self.not_now):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.setLayout(row)
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


class Parameters(QWidget):
    """A field for each parameter of the fault that was chosen; services and cassettes are chosen from a list."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._kit = kit
        self._row: QHBoxLayout = hbox(gap=12)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.fields: dict[str, FormField] = {}
        self._defaults: Mapping[str, Any] = {}

    def ask_for(self, defaults: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> None:
        """Other parameters, with their defaults; ``lists``: what there is to choose from, by parameter."""
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._defaults = defaults
        self.fields = {name: self._field(name, value, lists.get(name, ())) for name, value in defaults.items()}
        for field in self.fields.values():
            self._row.addWidget(field)
        self._row.addStretch(1)
        self.setVisible(bool(defaults))

    def _field(self, name: str, value: object, known: Sequence[str]) -> FormField:
        title = t(f"engineer.param_{name}")
        made: FormField
        if known:
            entries: list[tuple[str, Words]] = [("", t("engineer.any")), *((one, one) for one in known)]
            made = Select(self._kit, title, entries, str(value))
        else:
            made = TextField(self._kit, title, str(value), placeholder=t("engineer.any"))
        made.setFixedWidth(FIELD_WIDTH)
        return named(made, f"engineer.param.{name}")

    def value(self) -> dict[str, object] | None:
        """What differs from nothing typed; None: a number is none, and its field says so."""
        found: dict[str, object] = {}
        for name, field in self.fields.items():
            if isinstance(self._defaults[name], int):
                assert isinstance(field, TextField), "numbers are typed"
                number = _number(field, 0, MOST)
                if number is None:
                    return None
                found[name] = number
            else:
                found[name] = field.value()
        return found


class FaultPage(QWidget):
    """The kinds of fault, the moment, the parameters, and what waits on the board."""

    def __init__(self, kit: Kit, link: MachineLink, failed: Failed) -> None:
        super().__init__()
        self._link, self._failed, self._chosen = link, failed, ""
        self._kinds: Mapping[str, Mapping[str, Any]] = {}
        self._lists: dict[str, Sequence[str]] = {}
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
        self.inject.setEnabled(False)
        self.count = Label(kit, "", "label")
        self.kinds.row_chosen.connect(self._choose)
        self.board.setFixedHeight(150)
        acts = hbox(self.inject, self.clear, None, self.count)
        self.setLayout(vbox(self.kinds, self.moment, self.parameters, acts, self.board, gap=12))
        named(self, "engineer.page.faults")
        self.parameters.ask_for({}, {})

    def _choose(self, name: str) -> None:
        if name == self._chosen:
            return
        self._chosen = name
        self.inject.setEnabled(True)
        kind = self._kinds.get(name, {})
        self.moment.offer(kind.get("triggers", WHEN))
        services = kind.get("services", ())
        self.parameters.ask_for(kind.get("params", {}), self._lists | ({"service": services} if services else {}))

    def _inject(self) -> None:
        when, params = self.moment.value(), self.parameters.value()
        if when is not None and params is not None:
            self._link.inject(self._chosen, when, params, self._failed)

    def show_look(self, look: MachineLook) -> None:
        """What can be put on the board and what is on it."""
        view = look.view
        self._kinds = view.fault_kinds if view is not None else {}
        self._lists = {"service": tuple(one.name for one in look.services)}
        if look.counts is not None:
            self._lists["unit"] = tuple(unit.key for unit in look.counts.units)
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
