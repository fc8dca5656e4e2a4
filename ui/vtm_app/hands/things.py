"""Everything else that hands can do at a machine: things that come out, books and papers, doors, cassettes, supplies.

A list of acts, each with what it needs to be told. What can be done now stands first, and when what was chosen cannot
be done (any more) the list goes to what waits to be taken.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit

from devices.hands.client import HandsView
from ui.kit.base import named
from ui.kit.texts.words import t
from ui.vtm_app.hands import model
from ui.vtm_app.hands.acts import ACTS, Act, InHand
from ui.vtm_app.hands.parts import Parts
from ui.vtm_app.hands.props import CardProp, DocumentProp
from ui.vtm_app.hands.sections import Do


class ThingsSection:
    """One list, one box for what has to be said with it, one button.

    Args:
        card, document: what is chosen above: it is tapped, fed, held before a camera.
    """

    def __init__(
        self, parts: Parts, do: Do, card: Callable[[], CardProp | None], document: Callable[[], DocumentProp | None]
    ) -> None:
        self._parts, self._do, self._card, self._document = parts, do, card, document
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
        act, hand = self._current, InHand(self._detail.text().strip(), self._card(), self._document())
        self._do(lambda hands: hands.act(act.name, **act.params(hand)))

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
