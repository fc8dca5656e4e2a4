"""The page of replenishment."""

from PySide6.QtWidgets import QWidget

from common.wire.cash import HopperProposalView, ReplenishmentView
from ui.engineer_app.pages import page
from ui.engineer_app.replenishing import Replenishing
from ui.kit.base import Label, hbox, named
from ui.kit.buttons import Button
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.tables import Column, Row, TableView
from ui.kit.texts.words import Words, t

_STATES = {"raised": "raised", "accepted": "accepted", "open": "opened", "done": "done", "cancelled": "cancelled"}


class CashPage(QWidget):
    """The task, its amounts, and the one thing to do next."""

    def __init__(self, kit: Kit, cash: Replenishing) -> None:
        super().__init__()
        self._cash = cash
        columns = [
            Column(t("engineer.col_unit")), Column(t("engineer.col_face"), 100, right=True),
            Column(t("engineer.col_count"), 110, right=True), Column(t("engineer.col_target"), 110, right=True),
            Column(t("engineer.col_level"), 120),
        ]  # fmt: skip
        self.state = named(Label(kit, t("replenishment.none"), "title", wrap=True), "engineer.task_state")
        self.code = named(Label(kit, "", "strong"), "engineer.code")
        self.table = TableView(kit, columns)
        self.first = named(TextField(kit, t("replenishment.first_code")), "engineer.first_code")
        self.second = named(TextField(kit, t("replenishment.second_code")), "engineer.second_code")
        self.new = named(Button(kit, t("replenishment.raise"), on_click=cash.raise_task), "engineer.raise")
        self.join = named(Button(kit, t("replenishment.join"), "primary", on_click=cash.join), "engineer.join")
        self.open = named(Button(kit, t("replenishment.open"), "primary", on_click=self._open), "engineer.open")
        self.done = named(
            Button(kit, t("replenishment.complete"), "primary", on_click=cash.close_safe), "engineer.done"
        )
        self.over = named(Button(kit, t("replenishment.take_over"), on_click=cash.take_over), "engineer.take_over")
        cash.changed.connect(self._show)
        cash.coded.connect(lambda code: self.code.set_words(t("replenishment.code", number=code)))
        codes = hbox(self.first, self.second, self.open, self.done, None)
        head = hbox(self.new, self.over, self.join)
        head.insertWidget(0, self.state, 1)
        page(self, "cash", head, self.code, self.table, codes)
        self._show()

    def _open(self) -> None:
        self._cash.open_safe(self.first.value(), self.second.value())
        self.first.set_value("")
        self.second.set_value("")

    def _show(self) -> None:
        task = self._cash.task
        state = task.state if task is not None else ""
        self.state.set_words(t("replenishment.counting") if self._cash.counting else _state(task))
        self.new.setVisible(state in ("", "done", "cancelled"))
        self.join.setVisible(state in ("raised", "accepted"))
        for widget in (self.first, self.second, self.open):
            widget.setVisible(state == "accepted")
        self.done.setVisible(state == "open" and self._cash.mine and not self._cash.counting)
        self.over.setVisible(state == "open" and not self._cash.mine)
        proposals = task.proposals if task is not None else []
        rows = [Row(p.unit, (p.unit, str(p.face or ""), str(p.now), str(p.target), p.reason)) for p in proposals]
        self.table.set_rows(rows + [_coins(one) for one in (task.hoppers if task is not None else [])])


def _coins(one: HopperProposalView) -> Row:
    """A hopper has its own name and the worth of a coin: cassettes may have the same numbers."""
    name = t("replenishment.hopper", unit=one.unit)
    return Row(f"coins {one.unit}", (name, f"{one.value / 100:.2f}", str(one.now), str(one.target), one.reason))


def _state(task: ReplenishmentView | None) -> Words:
    if task is None:
        return t("replenishment.none")
    difference = f"{(task.difference.minor if task.difference else 0) / 100:.2f}"
    state = t(f"replenishment.{_STATES[task.state]}", difference=difference)
    people = ", ".join(task.custodians) or "0"
    if task.suspense:
        return t("replenishment.state_suspense", state=state, people=people, references=" ".join(task.suspense))
    return t("replenishment.state", state=state, people=people)
