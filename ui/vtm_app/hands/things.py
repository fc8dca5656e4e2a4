"""Everything else that hands can do at a machine: things that come out, books and papers, doors, cassettes, supplies.

A list of acts, each with what it needs to be told. What can be done now stands first, and when what was chosen cannot
be done (any more) the list goes to what waits to be taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit

from devices.hands.client import HandsView
from ui.kit.base import named
from ui.kit.texts.words import t
from ui.vtm_app.hands import model
from ui.vtm_app.hands.parts import Parts
from ui.vtm_app.hands.sections import Do

Params = dict[str, Any]


def _nothing(_: str) -> Params:
    return {}


def _unit(typed: str) -> Params:
    return {"unit": typed or "unit1"}


def _count(typed: str) -> Params:
    return {"count": int(typed)} if typed.isdigit() else {}


@dataclass(frozen=True)
class Act:
    """One act. ``detail``: what is to be typed with it (a text code's ending); empty: nothing."""

    name: str
    detail: str = ""
    params: Callable[[str], Params] = _nothing


ACTS = (
    Act("take_new_card"),
    Act("take_token"),
    Act("take_certificate"),
    Act("take_pages"),
    Act("take_passbook"),
    Act("take_coins"),
    Act("take_scanned"),
    Act("take_papers"),
    Act("insert_passbook", "stripe", lambda typed: {"stripe": typed}),
    Act("show_code", "code", lambda typed: {"data": typed}),
    Act("hide_code"),
    Act("approach"),
    Act("step_back"),
    Act("lift_handset"),
    Act("hang_up_handset"),
    Act("press_call_button"),
    Act("release_call_button"),
    Act("unbolt_doors"),
    Act("open_cabinet"),
    Act("close_cabinet"),
    Act("open_safe"),
    Act("close_safe"),
    Act("remove_cassette", "unit", _unit),
    Act("insert_cassette", "unit", _unit),
    Act("load_cards", "count", _count),
    Act("load_tokens", "count", _count),
    Act("load_paper"),
    Act("load_pages"),
    Act("load_certificates"),
    Act("load_ribbon"),
    Act("empty_card_bin"),
    Act("empty_receipt_bin"),
    Act("empty_certificate_bin"),
    Act("shake"),
    Act("calm"),
    Act("tamper"),
    Act("clear_tamper"),
    Act("cut_mains"),
    Act("restore_mains"),
)


class ThingsSection:
    """One list, one box for what has to be said with it, one button."""

    def __init__(self, parts: Parts, do: Do) -> None:
        self._parts, self._do = parts, do
        self._acts = {one.name: one for one in ACTS}
        self._view: HandsView | None = None
        self._possible: list[bool] = []
        self._choice = parts.choice("thing", t("hands.things"), [(one.name, "") for one in ACTS])
        self._choice.setMaxVisibleItems(24)
        self._choice.currentIndexChanged.connect(lambda _: self._chosen())
        self._detail = named(QLineEdit(), "hands.detail")
        self._detail.setFixedWidth(parts.px(104))
        self._button = parts.button("do", t("hands.do"), self._act, "hand", "primary", "s")
        self._button.setFixedWidth(parts.px(72))
        self._count = parts.tag()
        row = parts.row(self._choice, self._detail, self._button, gap=6)
        self.frame: QFrame = parts.section(t("hands.things"), row, right=self._count)
        parts.kit.language.changed.connect(self._relabel)
        self._relabel()

    def _relabel(self) -> None:
        for at in range(self._choice.count()):
            self._choice.setItemText(at, self._parts.kit.say(t(f"hands.do_{self._choice.itemData(at)}")))
        self._chosen()

    @property
    def _current(self) -> Act:
        return self._acts[str(self._choice.currentData())]

    def _chosen(self) -> None:
        detail = self._current.detail
        self._detail.setVisible(bool(detail))
        words = self._parts.kit.say(t(f"hands.detail_{detail}")) if detail else ""
        self._detail.setPlaceholderText(words)
        self._detail.setAccessibleName(words)
        self._button.allow(model.reason(self._view, self._current.name))

    def _act(self) -> None:
        act, typed = self._current, self._detail.text().strip()
        self._do(lambda hands: hands.act(act.name, **act.params(typed)))

    def show(self, view: HandsView | None) -> None:
        """What can be done now; what waits to be taken comes to hand by itself."""
        self._view = view
        possible = [view is not None and view.actions.get(one.name, "") is None for one in ACTS]
        if possible == self._possible:
            return
        was, self._possible = self._possible, possible
        for at in range(self._choice.count()):
            colour = None if possible[at] else self._parts.kit.color("text-3")
            self._choice.setItemData(at, colour, Qt.ItemDataRole.ForegroundRole)
        waiting = [at for at, one in enumerate(ACTS) if possible[at] and one.name.startswith("take_")]
        self._count.setVisible(bool(waiting))
        self._count.set_words(t("hands.waiting_things", n=len(waiting)))
        new = [at for at in waiting if not was or not was[at]]
        if new:
            self._choice.setCurrentIndex(new[0])
        self._chosen()
