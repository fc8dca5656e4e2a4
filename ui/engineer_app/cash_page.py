"""The page of replenishment."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from common.wire.cash import HopperProposalView, ProposalView, ReplenishmentView
from ui.engineer_app.link import MachineLook
from ui.engineer_app.pages import MACHINE_LOST, Press, page
from ui.engineer_app.replenishing import Replenishing
from ui.kit.alerts import Alerts, Choice
from ui.kit.base import Label, TagTone, hbox, named
from ui.kit.buttons import Button
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.formats import money
from ui.kit.texts.words import Words, t

_STATES = {"raised": "raised", "accepted": "accepted", "open": "opened", "done": "done", "cancelled": "cancelled"}
REASONS: dict[str, TagTone] = {
    "low": "warn", "empty": "bad", "high": "warn", "full": "bad", "top_up": "", "empty_out": "",
}  # fmt: skip
"""Why a unit is in the task, as the server says it."""
PERSONS = 2
CODE_MS = 60_000
"""A code stands no longer: the second person at the same screen is not to learn the first one's."""
COINS = "CoinDispenser"
SERVER_LOST = t("engineer.server_away")


class OwnCode(QWidget):
    """One's own handover code, until it is noted, the task moves on, or a minute is over."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.code = named(Label(kit, "", "strong", wrap=True), "engineer.code")
        self.noted = named(Button(kit, t("replenishment.noted"), fit="s", on_click=self.clear), "engineer.noted")
        row = hbox(gap=12)
        row.addWidget(self.code, 1)
        row.addWidget(self.noted)
        self.setLayout(row)
        self._timer = QTimer(self, interval=CODE_MS, singleShot=True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def tell(self, code: str) -> None:
        """This is it."""
        self.code.set_words(t("replenishment.code", number=code))
        self.show()
        self._timer.start()

    def clear(self) -> None:
        """Off the screen, and out of the widget."""
        self._timer.stop()
        self.code.set_words("")
        self.hide()


class CashPage(QWidget):
    """The task, its amounts, and the one thing to do next."""

    def __init__(self, kit: Kit, cash: Replenishing, alerts: Alerts) -> None:
        super().__init__()
        self._cash, self._alerts = cash, alerts
        self._seen: tuple[str, str] = ("", "")
        self._names: Mapping[str, str] = {}
        self._hoppers: Mapping[str, str] = {}
        columns = [
            Column(t("engineer.col_unit")), Column(t("engineer.col_face"), 100, right=True),
            Column(t("engineer.col_count"), 110, right=True), Column(t("engineer.col_target"), 110, right=True),
            Column(t("engineer.col_level"), 120),
        ]  # fmt: skip
        self.state = named(Label(kit, t("replenishment.none"), "title", wrap=True), "engineer.task_state")
        self.own = OwnCode(kit)
        self.table = TableView(kit, columns)
        self.first = named(TextField(kit, t("replenishment.first_code")), "engineer.first_code")
        self.second = named(TextField(kit, t("replenishment.second_code")), "engineer.second_code")
        self.new = named(Button(kit, t("replenishment.raise"), on_click=cash.raise_task), "engineer.raise")
        self.join = named(Button(kit, t("replenishment.join"), "primary", on_click=cash.join), "engineer.join")
        self.again = named(Button(kit, t("replenishment.new_code"), on_click=self._ask_again), "engineer.new_code")
        self.open = named(Button(kit, t("replenishment.open"), "primary", on_click=self._open), "engineer.open")
        self.done = named(
            Button(kit, t("replenishment.complete"), "primary", on_click=cash.close_safe), "engineer.done"
        )
        self.over = named(Button(kit, t("replenishment.take_over"), on_click=cash.take_over), "engineer.take_over")
        self._of_server = [Press(kit, one) for one in (self.new, self.join, self.again, self.open, self.over)]
        self._counts = Press(kit, self.done)
        cash.changed.connect(self._show)
        cash.coded.connect(self.own.tell)
        codes = hbox(self.first, self.second, self.open, self.done, None)
        head = hbox(self.new, self.over, self.again, self.join)
        head.insertWidget(0, self.state, 1)
        page(self, "cash", head, self.own, self.table, codes)
        self._show()

    def show_look(self, look: MachineLook) -> None:
        """What the machine itself calls its cassettes and hoppers; both may have the same keys."""
        names = {unit.key: unit.label for unit in look.counts.units} if look.counts is not None else {}
        hoppers = {unit.key: unit.name for one in look.services if one.name.startswith(COINS) for unit in one.units}
        if (names, hoppers) != (self._names, self._hoppers):
            self._names, self._hoppers = names, hoppers
            self._show_rows()

    def set_lost(self, *, machine: bool, server: bool) -> None:
        """Which of the two is lost: without the server there is no task, without the machine no count."""
        for press in self._of_server:
            press.show(SERVER_LOST if server else "")
        self._counts.show(MACHINE_LOST if machine else SERVER_LOST if server else "")

    def _open(self) -> None:
        self._cash.open_safe(self.first.value(), self.second.value())
        self.first.set_value("")
        self.second.set_value("")

    def _ask_again(self) -> None:
        """A new code makes the old one void, which the other person may have been told: nothing to be pressed by
        mistake."""
        choices = (
            Choice("stay", t("replenishment.keep_code"), cap="Esc"),
            Choice("new", t("replenishment.new_code"), "danger2"),
        )
        self._alerts.ask(t("replenishment.new_code_title"), t("replenishment.new_code_text"), choices, self._answered)

    def _answered(self, key: str) -> None:
        if key == "new":
            self.own.clear()
            self._cash.join()

    def _show(self) -> None:
        task = self._cash.task
        state = task.state if task is not None else ""
        if (task.id if task is not None else "", state) != self._seen:
            self._seen = (task.id if task is not None else "", state)
            self.own.clear()
        self.state.set_words(t("replenishment.counting") if self._cash.counting else _state(task))
        joinable = state in ("raised", "accepted")
        room = task is not None and len(task.custodians) < PERSONS
        self.new.setVisible(state in ("", "done", "cancelled"))
        self.join.setVisible(joinable and not self._cash.mine and room)
        self.again.setVisible(joinable and self._cash.mine)
        for widget in (self.first, self.second, self.open):
            widget.setVisible(state == "accepted")
        self.done.setVisible(state == "open" and self._cash.mine and not self._cash.counting)
        self.over.setVisible(state == "open" and not self._cash.mine)
        self._show_rows()

    def _show_rows(self) -> None:
        task = self._cash.task
        rows = [self._cassette(one) for one in task.proposals] if task is not None else []
        self.table.set_rows(rows + ([self._coins(one) for one in task.hoppers] if task is not None else []))

    def _cassette(self, one: ProposalView) -> Row:
        name = self._names.get(one.unit) or one.unit
        face = money(one.face * 100) if one.face else ""
        return Row(one.unit, (name, face, str(one.now), str(one.target), _reason(one.reason)))

    def _coins(self, one: HopperProposalView) -> Row:
        name = t("replenishment.hopper", unit=self._hoppers.get(one.unit) or one.unit)
        return Row(
            f"coins {one.unit}", (name, money(one.value), str(one.now), str(one.target), _reason(one.reason))
        )  # fmt: skip


def _reason(reason: str) -> Words | TagCell:
    """One that is none of ours is shown as it came."""
    return TagCell(t(f"replenishment.reason_{reason}"), REASONS[reason]) if reason in REASONS else TagCell(reason)


def _state(task: ReplenishmentView | None) -> Words:
    if task is None:
        return t("replenishment.none")
    difference = money(task.difference.minor, task.difference.currency) if task.difference else money(0)
    state = t(f"replenishment.{_STATES[task.state]}", difference=difference)
    people = ", ".join(task.custodians) or "0"
    if task.suspense:
        return t("replenishment.state_suspense", state=state, people=people, references=" ".join(task.suspense))
    return t("replenishment.state", state=state, people=people)
