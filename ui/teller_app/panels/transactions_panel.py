"""What is done in this case: the scenario's transactions by group, with usual combinations; locks where one must be."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from common.wire.cases import CaseView, TransactionView
from ui.kit.base import IconLabel, Label, frame, hbox, named, set_prop, vbox
from ui.kit.business import business, words
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import t
from ui.teller_app.case_facts import is_mine
from ui.teller_app.local import Local
from ui.teller_app.panels.notices import Notices
from ui.teller_app.panels.wording import said

_GATHERING = ("draft", "returned", "authorised")


def choosing(case: CaseView) -> bool:
    """Whether there is anything to choose in this case."""
    return len(case.transactions) > 1


class _Row(QWidget):
    """One transaction: box, title, number; barred ones say why under it."""

    def __init__(self, kit: Kit, one: TransactionView, on_toggle: Callable[[], object]) -> None:
        super().__init__()
        self.code = one.code
        self.box = named(QCheckBox(), f"teller.transaction.{one.code}")
        kit.bind(self.box, self.box.setAccessibleName, words(one.title))
        self.box.clicked.connect(lambda _checked: on_toggle())
        self._title = Label(kit, words(one.title), "body" if one.chosen else "label", elide=True)
        row = hbox(self.box, gap=4)
        row.addWidget(self._title, 1)
        if one.mandatory:
            row.addWidget(IconLabel(kit, "lock", "text-3", 14))
        row.addWidget(Label(kit, one.number, "caption", "faint"))
        column = vbox(row, gap=0, margins=(0, 0, 0, 0))
        if one.barred is not None:
            why = Label(kit, said(kit, one.barred), "caption", "warn", wrap=True)
            why.setIndent(24)
            column.addWidget(why)
        self.setLayout(column)

    def show_choice(self, one: TransactionView, *, read_only: bool) -> None:
        """Whether it is chosen, and whether that can be changed now."""
        self.box.setChecked(one.chosen)
        self.box.setEnabled(not one.mandatory and not read_only and (one.barred is None or one.chosen))
        set_prop(self._title, "type", "body" if one.chosen else "label")


class TransactionsPanel(Panel):
    """The left of an opening.

    Signals:
        chosen(object): codes of what shall be done, a list.
    """

    chosen = Signal(object)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "", main=True, padding=0, gap=0, parent=parent)
        self._code = Label(kit, "", "caption")
        self.add_right(self._code)
        self._count = named(Label(kit, "", "caption"), "teller.transactions.count")
        self._rows: list[_Row] = []
        self._presets: list[Button] = []
        self._notices: Notices | None = None
        self._built: object = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(frame("head", hbox(self._count, None, margins=(16, 6, 16, 6))))
        self.body.addWidget(self._area, 1)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the choice; built anew only when it has changed."""
        assert self.title is not None
        self.title.set_words(business(case.scenario, case.title))
        self._code.set_words(case.code)
        done = sum(1 for one in case.transactions if one.chosen)
        self._count.set_words(t("scenario.chosen", n=done, total=len(case.transactions)))
        read_only = not is_mine(case, local) or case.state.value not in _GATHERING or bool(local.command)
        offered = [one.model_copy(update={"chosen": False}) for one in case.transactions]
        built = (offered, case.presets, self.kit.language.current)
        if built != self._built:
            self._built = built
            self._build(case)
        for row, one in zip(self._rows, self._in_order(case), strict=True):
            row.show_choice(one, read_only=read_only)
        for button in self._presets:
            button.setEnabled(not read_only)
        assert self._notices is not None
        self._notices.show_notices(case.notices)

    def _in_order(self, case: CaseView) -> list[TransactionView]:
        groups = list(dict.fromkeys(one.group for one in case.transactions))
        return sorted(case.transactions, key=lambda one: groups.index(one.group))

    def _build(self, case: CaseView) -> None:
        column = vbox(gap=0, margins=(16, 8, 16, 12))
        self._rows, self._presets = [], []
        for preset in case.presets:
            button = named(Button(self.kit, words(preset.title), fit="s"), f"teller.preset.{preset.code}")
            button.clicked.connect(lambda _=False, codes=tuple(preset.transactions): self.chosen.emit(list(codes)))
            self._presets.append(button)
            column.addWidget(button)
            column.addSpacing(4)
        group = ""
        for one in self._in_order(case):
            if one.group != group:
                group = one.group
                column.addSpacing(6)
                column.addWidget(Label(self.kit, t(f"scenario.group_{group}"), "caption", "faint"))
            row = _Row(self.kit, one, self._toggled)
            self._rows.append(row)
            column.addWidget(row)
        self._notices = named(Notices(self.kit), "teller.notices")
        column.addWidget(self._notices)
        column.addStretch(1)
        # Notices are shown only after this: without a parent each would be a window of its own.
        self._area.setWidget(frame("scrolled", column))

    def _toggled(self) -> None:
        self.chosen.emit([row.code for row in self._rows if row.box.isChecked()])
