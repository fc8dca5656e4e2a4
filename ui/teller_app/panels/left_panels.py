"""The left of the serving window: what we are doing (amount, facts) or the execution plan; and its narrow rail."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from common.wire.cases import CaseView, PlanItem
from ui.kit.base import IconLabel, Label, frame, hbox, line, named, vbox
from ui.kit.business import business
from ui.kit.buttons import Button, IconButton
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.rows import Rows
from ui.kit.texts.formats import money
from ui.kit.texts.words import t
from ui.teller_app.form_model import form_model
from ui.teller_app.local import Local
from ui.teller_app.panels.notices import Notices
from ui.teller_app.panels.transactions_panel import TransactionsPanel, choosing
from ui.teller_app.panels.wording import sentence
from ui.teller_app.presenter import Fact, Scene, StepState, amount_of, amount_words, facts, masked_facts, scene, steps


class _FactRow:
    def __init__(self, kit: Kit) -> None:
        self._label = Label(kit, "", "label")
        self._label.setFixedWidth(72)
        self._value = Label(kit, "", wrap=True)
        row = hbox(gap=8, margins=(0, 4, 0, 4))
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._value, 1)
        self.widget = frame("plain", row)
        self.widget.setMinimumHeight(32)

    def show_fact(self, fact: Fact) -> None:
        self._label.set_words(fact.label)
        self._value.set_words(fact.value)


class FactsPanel(Panel):
    """Scenario and number in the head; amount in figures and capitals; customer, document, account, machine."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "", main=True, parent=parent)
        assert self.title is not None
        self._code = Label(kit, "", "caption")
        self._number = named(Label(kit, "", "caption"), "teller.caseNumber")
        self.add_right(self._code)
        self.add_right(self._number)
        self._amount = named(Label(kit, "", "display"), "teller.amount")
        self._words = Label(kit, "", "label", wrap=True)
        self.body.setSpacing(0)
        self.body.addWidget(Label(kit, t("teller.fact_amount"), "caption"))
        self.body.addWidget(self._amount)
        self.body.addWidget(self._words)
        self.body.addSpacing(12)
        self.body.addWidget(line())
        self.body.addSpacing(8)
        self._rows = Rows(lambda: _FactRow(kit), ahead=8)
        self.body.addLayout(self._rows.layout)
        self.hold = named(Button(kit, t("teller.hold_to_show"), "quiet", fit="s", icon="eye"), "teller.holdToShow")
        self.hold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.body.addLayout(hbox(None, self.hold))
        self._notices = named(Notices(kit, ahead=3), "teller.notices")
        self.body.addWidget(self._notices)
        self.body.addStretch(1)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the facts."""
        assert self.title is not None
        self.title.set_words(business(case.scenario, case.title))
        self._code.set_words(case.code)
        self._code.setVisible(self.kit.language.current == "zh")  # English names of business need the room
        self._number.set_words(case.number)
        amount = amount_of(case, local)
        self._amount.set_words(money(amount.minor, amount.currency) if amount else "–")
        self._words.set_words(amount_words(amount) if amount else t("teller.amount_not_yet"))
        self.hold.setVisible(bool(masked_facts(case, local)))
        lines = facts(case, local)
        for row, fact in zip(self._rows.show(len(lines)), lines, strict=True):
            row.show_fact(fact)
        self._notices.show_notices(case.notices)


_PLAN_ICONS = {
    "todo": ("clock", "text-3"),
    "doing": ("play", "accent"),
    "done": ("check-circle", "ok"),
    "failed": ("stop", "bad"),
    "compensated": ("undo", "warn"),
}


class PlanPanel(Panel):
    """The execution plan: what will be done in which order, and how each part is undone."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.plan"), main=True, padding=0, gap=0, parent=parent)
        self._number = Label(kit, "", "caption")
        self.add_right(self._number)
        self._rows = Rows(lambda: _PlanRow(kit), ahead=6)
        column = vbox(gap=0)
        column.addLayout(self._rows.layout)
        column.addStretch(1)
        # A case of sixteen transactions has more parts than a window of 900 px has room for.
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(frame("scrolled", column))
        self.body.addWidget(self._area, 1)
        self._shown: list[PlanItem] | None = None

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the plan."""
        self._number.set_words(case.number)
        if case.plan == self._shown:
            return
        self._shown = list(case.plan)
        rows = self._rows.show(len(case.plan))
        for at, (row, part) in enumerate(zip(rows, case.plan, strict=True), 1):
            row.show_part(at, part)
        now = next((row for row, part in zip(rows, case.plan, strict=True) if part.state in ("doing", "failed")), None)
        if now is not None:
            self._area.ensureWidgetVisible(now.widget)


class _PlanRow:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._number = Label(kit, "", "caption", "faint")
        self._number.setFixedWidth(16)
        self._words = Label(kit, "", wrap=True)
        self._icon = IconLabel(kit, *_PLAN_ICONS["todo"])
        row = hbox(gap=8)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._note = Label(kit, "", "caption", wrap=True)
        self._note.setIndent(24)
        self.widget = frame("head", vbox(row, self._note, gap=2, margins=(16, 8, 16, 8)))

    def show_part(self, at: int, part: PlanItem) -> None:
        self._number.set_words(str(at))
        self._words.set_words(sentence(self._kit, part.code, part.params))
        self._icon.set_icon(*_PLAN_ICONS.get(part.state, _PLAN_ICONS["todo"]))
        self._note.setVisible(part.compensation is not None)
        self._note.set_words(sentence(self._kit, part.compensation) if part.compensation is not None else "")


class CaseLeft(QStackedWidget):
    """Facts while we gather, the plan while it is confirmed and carried out."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self.plan, self.transactions = FactsPanel(kit), PlanPanel(kit), TransactionsPanel(kit)
        self.addWidget(self.transactions)
        self.addWidget(self.facts)
        self.addWidget(self.plan)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint what fits the scene."""
        planned = scene(case, local) is Scene.SUMMARY and bool(case.plan)
        self.facts.show_case(case, local)
        self.plan.show_case(case, local)
        open_choice = choosing(case) and scene(case, local) is Scene.FORM
        if open_choice:
            self.transactions.show_case(case, local)
        self.setCurrentWidget(self.plan if planned else self.transactions if open_choice else self.facts)


class Rail(Panel):
    """56 px: an arrow that opens the drawer, a counter for each section, the step we are at."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=0, gap=0, parent=parent)
        self.setFixedWidth(56)
        self.arrow = named(IconButton(kit, "chev-r", t("teller.open_drawer")), "teller.drawer")
        head = frame("head", hbox(None, self.arrow, None, gap=0))
        head.setFixedHeight(48)
        self.body.addWidget(head)
        self._rows = vbox(gap=12, margins=(0, 12, 0, 12))
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self.body.addWidget(line())
        self._foot = Label(kit, "", "caption")
        self._foot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._foot.setFixedHeight(32)
        self.body.addWidget(self._foot)
        self._counts: list[tuple[Label, Label]] = []

    def show_case(self, case: CaseView | None, local: Local) -> None:
        """Counters of the open case; nothing between two customers. Where it is not seen, nothing is counted."""
        if self.isHidden():
            return
        counted = [] if case is None else [
            (t(f"teller.section_short_{one.name}"), f"{one.done}/{one.total}") for one in form_model(case, local)
        ]  # fmt: skip
        while len(self._counts) < len(counted):
            name, count = Label(self.kit, "", "label"), Label(self.kit, "", "strong")
            for label in (name, count):
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
                self._rows.addWidget(label)
            self._counts.append((name, count))
        for at, (name, count) in enumerate(self._counts):
            shown = at < len(counted)
            name.setVisible(shown)
            count.setVisible(shown)
            if shown:
                name.set_words(counted[at][0])
                count.set_words(counted[at][1])
        all_steps = steps(case, local) if case is not None else []
        done = sum(1 for one in all_steps if one.state is StepState.DONE)
        self._foot.set_words(f"{done} / {len(all_steps)}" if all_steps else "")
