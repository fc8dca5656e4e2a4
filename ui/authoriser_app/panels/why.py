"""The right region of a task: why it came, and the account in brief."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.wire.authorisation import TaskView
from ui.authoriser_app import presenter
from ui.authoriser_app.panels.notes import scrolled
from ui.kit.base import Label, frame, hbox, line, named, vbox
from ui.kit.kit import Kit
from ui.kit.meters import SparkBars
from ui.kit.panels import Panel
from ui.kit.texts.words import t


class WhyPanel(Panel):
    """The rules that fired, with their figures."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.why"), padding=0, gap=0)
        self._rows = vbox(gap=0)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self._shown: tuple[presenter.Why, ...] | None = None

    def show_task(self, task: TaskView) -> None:
        """Paint them."""
        asked = presenter.asked(task)
        whys = presenter.why(asked.reasons if asked is not None else [])
        if whys == self._shown:
            return
        self._shown = whys
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, why in enumerate(whys):
            self._rows.addWidget(self._row(why, last=number == len(whys) - 1))

    def _row(self, why: presenter.Why, *, last: bool) -> QWidget:
        title = hbox(gap=8)
        if why.rule:
            title.addWidget(Label(self.kit, why.rule, "caption", "faint"), 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(Label(self.kit, why.title, "strong", wrap=True), 1)
        column = vbox(title, gap=0, margins=(15, 10, 15, 10))
        if why.detail is not None:
            column.addWidget(Label(self.kit, why.detail, "label", wrap=True))
        made = frame("plain" if last else "head", column)
        return named(made, f"authoriser.rule.{why.rule or 'other'}")


class AccountPanel(Panel):
    """Twelve months of cash, and the last movements."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.account"), padding=0, gap=0)
        self._opened = Label(kit, "", "caption")
        self.add_right(self._opened)
        self._now = Label(kit, "", "caption", "warn")
        self.bars = named(SparkBars(kit), "authoriser.months")
        self._rows = vbox(gap=0)
        self._none = Label(kit, t("authoriser.no_movements"), "label")
        inner = QWidget()
        column = vbox(gap=8, margins=(16, 12, 16, 12))
        column.addLayout(hbox(Label(kit, t("authoriser.months"), "caption"), None, self._now))
        column.addWidget(self.bars)
        column.addWidget(line())
        column.addLayout(self._rows)
        column.addWidget(self._none)
        column.addStretch(1)
        inner.setLayout(column)
        self.area = scrolled(inner)
        self.body.addWidget(self.area, 1)
        self._inner = inner
        self._shown: tuple[presenter.MovementLine, ...] | None = None

    def set_whole(self, whole: bool) -> None:
        """Everything is shown and something around this panel scrolls."""
        self.area.setMinimumHeight(self._inner.sizeHint().height() if whole else 0)

    def show_task(self, task: TaskView, lang: str) -> None:
        """Paint it."""
        account = presenter.account(task, lang)
        self._opened.set_words(t("authoriser.opened", month=account.opened) if account.opened else "")
        self._now.set_words(t("authoriser.this_time", amount=account.now) if account.now else "")
        self.bars.set_values(account.months, "warn" if account.now else "accent-line")
        self._none.setVisible(not account.movements)
        if account.movements != self._shown:
            self._shown = account.movements
            self._fill(account.movements)

    def _fill(self, movements: tuple[presenter.MovementLine, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, move in enumerate(movements, start=1):
            day = Label(self.kit, move.on, "label", "faint")
            day.setFixedWidth(44)
            text = named(Label(self.kit, move.text, "label", elide=True), f"authoriser.movement.{at}")
            text.set_tone("")
            row = hbox(day, gap=8)
            row.addWidget(text, 1)
            row.addWidget(Label(self.kit, move.amount, "label"))
            made = frame("plain", row)
            made.setFixedHeight(28)
            self._rows.addWidget(made)


class RightColumn(QWidget):
    """Why and account; both go under the comparison where there is no room beside it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.why, self.account = WhyPanel(kit), AccountPanel(kit)
        self.column = vbox(gap=16)
        self.column.addWidget(self.why)
        self.column.addWidget(self.account, 1)
        self.setLayout(self.column)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def set_beside(self, beside: bool) -> None:
        """Beside the middle, or a part of it that scrolls with it."""
        policy = QSizePolicy.Policy.Ignored if beside else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.account.set_whole(not beside)

    def show_task(self, task: TaskView, lang: str) -> None:
        """Paint both."""
        self.why.show_task(task)
        self.account.show_task(task, lang)
