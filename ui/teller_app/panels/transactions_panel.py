"""What is done in this case: the scenario's transactions by group, with usual combinations; locks where one must be."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from common.wire.cases import CaseView, TransactionView
from ui.kit.base import IconLabel, Label, frame, hbox, named, vbox
from ui.kit.business import business, words
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import t
from ui.teller_app.local import Local
from ui.teller_app.next_step import is_mine
from ui.teller_app.panels.notices import Notices
from ui.teller_app.panels.wording import said

_GATHERING = ("draft", "returned", "authorised")


def choosing(case: CaseView) -> bool:
    """Whether there is anything to choose in this case."""
    return len(case.transactions) > 1


class _Row(QWidget):
    """One transaction: box, title, number; barred ones say why under it."""

    def __init__(self, kit: Kit, one: TransactionView, *, read_only: bool, on_toggle: Callable[[], object]) -> None:
        super().__init__()
        self.code = one.code
        self.box = named(QCheckBox(), f"teller.transaction.{one.code}")
        self.box.setChecked(one.chosen)
        self.box.setEnabled(not one.mandatory and not read_only and (one.barred is None or one.chosen))
        kit.bind(self.box, self.box.setAccessibleName, words(one.title))
        self.box.clicked.connect(lambda _checked: on_toggle())
        title = Label(kit, words(one.title), "body" if one.chosen else "label", elide=True)
        row = hbox(self.box, gap=4)
        row.addWidget(title, 1)
        if one.mandatory:
            row.addWidget(IconLabel(kit, "lock", "text-3", 14))
        row.addWidget(Label(kit, one.number, "caption", "faint"))
        column = vbox(row, gap=0, margins=(0, 0, 0, 0))
        if one.barred is not None:
            why = Label(kit, said(kit, one.barred), "caption", "warn", wrap=True)
            why.setIndent(24)
            column.addWidget(why)
        self.setLayout(column)


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
        self._shown: object = None
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
        state = (case.transactions, case.presets, case.notices, read_only, self.kit.language.current)
        if state != self._shown:
            self._shown = state
            self._fill(case, read_only=read_only)

    def _fill(self, case: CaseView, *, read_only: bool) -> None:
        column = vbox(gap=0, margins=(16, 8, 16, 12))
        self._rows = []
        for preset in case.presets:
            button = named(Button(self.kit, words(preset.title), fit="s"), f"teller.preset.{preset.code}")
            button.setEnabled(not read_only)
            button.clicked.connect(lambda _=False, codes=tuple(preset.transactions): self.chosen.emit(list(codes)))
            column.addWidget(button)
            column.addSpacing(4)
        for group in dict.fromkeys(one.group for one in case.transactions):
            column.addSpacing(6)
            column.addWidget(Label(self.kit, t(f"scenario.group_{group}"), "caption", "faint"))
            for one in case.transactions:
                if one.group == group:
                    row = _Row(self.kit, one, read_only=read_only, on_toggle=self._toggled)
                    self._rows.append(row)
                    column.addWidget(row)
        notices = named(Notices(self.kit), "teller.notices")
        column.addWidget(notices)
        column.addStretch(1)
        self._area.setWidget(frame("scrolled", column))
        notices.show_notices(case.notices)  # only now: shown without a parent it would be a window of its own

    def _toggled(self) -> None:
        self.chosen.emit([row.code for row in self._rows if row.box.isChecked()])
