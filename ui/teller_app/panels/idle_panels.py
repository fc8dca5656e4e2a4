"""Between two customers: the seat's state, to-dos and machines."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from common.wire.desk import DeskView, MachineView, Todo
from ui.kit.base import IconLabel, Label, Tag, frame, hbox, named, vbox
from ui.kit.buttons import Button, IconButton
from ui.kit.kit import Kit
from ui.kit.panels import EmptyState, Panel
from ui.kit.texts.formats import clock
from ui.kit.texts.words import T, Words, t
from ui.teller_app.panels.wording import at, sentence

STATES = (("ready", "check"), ("break", "cup"), ("after_call", "pen"), ("busy", "x-circle"))


class StatePanel(Panel):
    """Four states of the seat, and the day's figures.

    Signals:
        chosen(str): ready, break, after_call, busy.
    """

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.my_state"), gap=16, parent=parent)
        self._since = Label(kit, "", "caption")
        self.add_right(self._since)
        grid = QGridLayout()
        grid.setSpacing(8)
        self._buttons: dict[str, Button] = {}
        for place, (state, icon) in enumerate(STATES):
            button = Button(kit, t(f"teller.state_{state}"), icon=icon)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setFixedHeight(48)
            button.setProperty("look", "state")
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            button.clicked.connect(lambda _=False, state=state: self.chosen.emit(state))
            self._buttons[state] = named(button, f"teller.state.{state}")
            grid.addWidget(button, place // 2, place % 2)
        self.body.addLayout(grid)
        self._figures = {key: Label(kit, "–", "figure") for key in ("served", "average", "rating")}
        row = hbox(gap=8)
        for key, figure in self._figures.items():
            row.addLayout(vbox(Label(kit, t(f"teller.today_{key}"), "caption"), figure, gap=0), 1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def show_desk(self, desk: DeskView | None, now: datetime) -> None:
        """Paint the seat's state."""
        for state, button in self._buttons.items():
            button.setChecked(desk is not None and desk.state == state)
            button.setEnabled(desk is not None)
        if desk is None:
            self._since.set_words("")
            return
        known = desk.state if desk.state in self._buttons else "busy"
        waited = clock((now - desk.since).total_seconds())
        self._since.set_words(t("teller.state_since", state=t(f"teller.state_{known}"), waited=waited))
        self._figures["served"].set_words(str(desk.served))
        average = desk.average_s
        self._figures["average"].set_words(f"{average // 60}:{average % 60:02d}" if average is not None else "–")
        self._figures["rating"].set_words(f"{desk.rating:.1f}" if desk.rating is not None else "–")


class TodoPanel(Panel):
    """What is left to do, each with its way there.

    Signals:
        opened(str): id of a case.
    """

    opened = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.todos"), padding=0, gap=0, parent=parent)
        self._tag = Tag(kit)
        self.add_right(self._tag)
        self._rows = vbox(gap=0)
        self.body.addLayout(self._rows)
        self._empty = EmptyState(kit, "check-circle", t("teller.todo_none"), t("teller.todo_none_text"))
        self.body.addWidget(self._empty, 1)
        self.body.addStretch(1)
        self._shown: tuple[object, ...] | None = None

    def show_desk(self, desk: DeskView | None, missed: int) -> None:
        """Paint the to-dos; calls missed at this seat stand first."""
        todos = list(desk.todos) if desk is not None else []
        shown = (tuple(todos), missed)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if missed:
            self._rows.addWidget(self._row(t("teller.missed", n=missed), "", None))
        for todo in todos[:6]:
            self._rows.addWidget(self._row(sentence(self.kit, todo.code, todo.params), at(todo.at)[:5], todo))
        count = len(todos) + (1 if missed else 0)
        self._tag.setVisible(count > 0)
        self._tag.set_tag(str(count), "warn" if count else "")
        self._empty.setVisible(count == 0)

    def _row(self, words: T, when: Words, todo: Todo | None) -> QWidget:
        row = hbox(gap=8)
        row.addWidget(IconLabel(self.kit, "inbox", "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self.kit, words, wrap=True), 1)
        column = vbox(row, gap=4, margins=(16, 12, 16, 12))
        foot = hbox(gap=8, margins=(24, 0, 0, 0))
        if todo is not None and todo.case_id is not None:
            case_id = todo.case_id
            foot.addWidget(Button(self.kit, t("teller.open_case"), fit="s", on_click=lambda: self.opened.emit(case_id)))
        foot.addStretch(1)
        foot.addWidget(Label(self.kit, when, "caption"))
        column.addLayout(foot)
        return frame("head", column)


class MachinesPanel(Panel):
    """The machines this seat serves: where, and whether anything is the matter.

    Signals:
        opened(str): somebody wants to look into this one.
    """

    opened = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.machines"), padding=0, parent=parent)
        self._rows = vbox(gap=0, margins=(15, 3, 15, 7))
        self.body.addLayout(self._rows)
        self._shown: list[MachineView] | None = None

    def show_desk(self, desk: DeskView | None) -> None:
        """Paint the machines."""
        machines = list(desk.machines) if desk is not None else []
        if machines == self._shown:
            return
        self._shown = machines
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not machines:
            self._rows.addWidget(Label(self.kit, t("teller.machines_none"), "label"))
        for machine in machines[:8]:
            self._rows.addWidget(self._row(machine))

    def _row(self, machine: MachineView) -> QWidget:
        worst = next((one for one in machine.devices if one.state == "bad"), None)
        worst = worst or next((one for one in machine.devices if one.state == "warn"), None)
        if not machine.in_service:
            words, icon, role = t("machine.out"), "pause", "warn"
        elif not machine.online:
            words, icon, role = t("teller.machine_offline"), "wifi-off", "warn"
        elif worst is not None and worst.note is not None:
            icon = "stop" if worst.state == "bad" else "warn"
            words, role = sentence(self.kit, worst.note.code, worst.note.params), worst.state
        elif machine.busy:
            words, icon, role = t("teller.machine_busy"), "user", "accent"
        else:
            words, icon, role = t("teller.machine_free"), "check", "ok"
        name = Label(self.kit, machine.number)
        place = Label(self.kit, machine.place or "", "label", elide=True)
        state = Label(self.kit, words, "label", "warn" if role == "warn" else "bad" if role == "bad" else "muted")
        row = hbox(IconLabel(self.kit, "kiosk", "text-2"), name, gap=8)
        row.addWidget(place, 1)
        row.addLayout(hbox(state, IconLabel(self.kit, icon, role), gap=4))
        number = machine.number
        look = IconButton(
            self.kit, "zoom", t("machine.open", number=number), fit="s", on_click=lambda: self.opened.emit(number)
        )
        row.addWidget(named(look, f"teller.machine.{number}"))
        holder = frame("plain", row)
        holder.setFixedHeight(32)
        return holder
