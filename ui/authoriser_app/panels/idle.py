"""Between two tasks: whether tasks are taken, the team, the day in figures, own decisions."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from common.errors import AppError
from common.wire.authorisation import AuthoriserDesk
from ui.authoriser_app import idle_presenter as idle
from ui.kit.base import IconLabel, Label, TagTone, frame, hbox, named, set_prop, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.meters import Bar, HourBars, ProgressBar
from ui.kit.panels import AlertBox, EmptyState, KeyValueList, Panel
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.words import t

_DECISIONS: dict[str, tuple[TagTone, str]] = {
    "approved": ("ok", "check"),
    "rejected": ("bad", "x"),
    "returned": ("warn", "undo"),
}


class AcceptPanel(Panel):
    """Whether tasks are taken.

    Signals:
        chosen(bool): accept, or pause.
    """

    chosen = Signal(bool)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, None, padding=24, gap=16)
        self._icon = IconLabel(kit, "check-circle", "ok", 36)
        self._large = hbox(gap=8)
        self.heading = named(Label(kit, "", "heading", wrap=True), "authoriser.idle_title")
        self._text = Label(kit, "", tone="muted", wrap=True)
        head = hbox(gap=12)
        head.addWidget(self._icon)
        head.addLayout(vbox(self.heading, self._text, gap=0), 1)
        self.accepting = named(Button(kit, t("authoriser.accepting"), fit="l", icon="check"), "authoriser.accepting")
        self.paused = named(Button(kit, t("authoriser.pause"), fit="l", icon="cup", cap="F6"), "authoriser.paused")
        for button, value in ((self.accepting, True), (self.paused, False)):
            button.setCheckable(True)
            button.setProperty("look", "state")
            button.setFixedHeight(48)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self._large.addWidget(button, 1)
        self.body.addLayout(head)
        self.body.addLayout(self._large)

    def set_narrow(self, narrow: bool, *, short: bool) -> None:
        """The two choices stand below each other, without icon; a low window leaves the explanation out."""
        self._text.setVisible(not short)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._large.setDirection(direction)
        self._icon.setVisible(not narrow)
        margin = 15 if narrow else 23
        self.body.setContentsMargins(margin, margin, margin, margin)

    def show_state(self, accepting: bool, waiting: int) -> None:
        """Paint it."""
        self.accepting.setChecked(accepting)
        self.paused.setChecked(not accepting)
        self.paused.set_cap("F6" if accepting else "")
        self.accepting.set_cap("" if accepting else "F6")
        self.accepting.set_words(t("authoriser.accepting" if accepting else "authoriser.accept"))
        self.paused.set_words(t("authoriser.pause" if accepting else "authoriser.paused"))
        self._icon.set_icon("check-circle" if accepting else "cup", "ok" if accepting else "text-3")
        self.heading.set_words(t("authoriser.idle_title" if accepting else "authoriser.paused_title"))
        text = t("authoriser.idle_text") if accepting else t("authoriser.paused_text", n=waiting)
        self._text.set_words(text)


class TeamPanel(Panel):
    """How the work is spread."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.team"), padding=16, gap=4)
        self.add_right(Label(kit, t("authoriser.random"), "caption"))
        self.facts = KeyValueList(kit, label_width=120)
        self.body.addWidget(self.facts)

    def show_desk(self, desk: AuthoriserDesk | None, number: str) -> None:
        """Paint it."""
        waiting = t("authoriser.n_tasks", n=desk.waiting) if desk is not None else idle.NONE
        decided = sum(desk.team.values()) if desk is not None else None
        together = t("authoriser.n_tasks", n=decided) if decided is not None else idle.NONE
        for key, value in (("queue", waiting), ("together", together), ("balance", idle.balance(desk))):
            label = self.facts.set_value(key, t(f"authoriser.team_{key}"), value)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class _ColleagueRow(QWidget):
    """One authoriser: number, how many, a thin bar."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._who, self._count = Label(kit, "", "label"), Label(kit, "")
        self._bar = ProgressBar(kit, 4)
        column = vbox(hbox(self._who, None, self._count), self._bar, gap=4, margins=(0, 6, 0, 6))
        self.setLayout(column)

    def show_colleague(self, one: idle.Colleague) -> None:
        self._who.set_words(t("authoriser.me", number=one.number) if one.me else one.number)
        set_prop(self._who, "type", "strong" if one.me else "label")
        self._count.set_words(str(one.count))
        self._bar.set_share(one.share)


_COLLEAGUE = 42


class ColleaguesPanel(Panel):
    """Decisions of each authoriser today: as many lines as there is height for."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.each"), padding=16, gap=0)
        self._rows: list[_ColleagueRow] = []
        self._everybody: tuple[idle.Colleague, ...] = ()
        self._column = vbox(gap=0)
        self.body.addLayout(self._column)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(72 + _COLLEAGUE)

    def show_desk(self, desk: AuthoriserDesk | None, number: str) -> None:
        """Paint the busiest, and one's own line always."""
        self._everybody = idle.team(desk, number)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        room = max(1, (self.height() - 72) // _COLLEAGUE)
        shown = list(self._everybody[:room])
        if shown and not any(one.me for one in shown):
            shown[-1:] = [one for one in self._everybody if one.me]
        while len(self._rows) < len(shown):
            row = _ColleagueRow(self.kit)
            row.setFixedHeight(_COLLEAGUE)
            self._rows.append(row)
            self._column.addWidget(row)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(shown))
            if at < len(shown):
                row.show_colleague(shown[at])


class _FigureCard(Panel):
    """A figure with its unit and a line under it."""

    def __init__(self, kit: Kit, key: str) -> None:
        super().__init__(kit, None, padding=16, gap=0)
        self._title = Label(kit, "", "label")
        self.value = named(Label(kit, "", "display"), f"authoriser.figure.{key}")
        self._unit = Label(kit, "", "label")
        self._note = Label(kit, "", "caption")
        self.body.addWidget(self._title)
        row = hbox(self.value, gap=4)
        row.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self._unit.setContentsMargins(0, 0, 0, 8)
        self.body.addLayout(row)
        self.body.addWidget(self._note)

    def show_figure(self, figure: idle.Figure) -> None:
        self._title.set_words(figure.title)
        self.value.set_words(figure.value)
        self._unit.set_words(figure.unit)
        self._note.set_words(figure.note)


class HoursPanel(Panel):
    """Decisions per hour."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.per_hour"), padding=16)
        self._now = Label(kit, "", "caption")
        self.add_right(self._now)
        self.bars = named(HourBars(kit), "authoriser.hours")
        self.bars.setFixedHeight(144)
        self.body.addWidget(self.bars)

    def show_hours(self, hours: tuple[idle.Hour, ...], now: str) -> None:
        """Paint them."""
        self._now.set_words(t("authoriser.now", at=now))
        say = self.kit.say
        bars = [Bar(one.count, say(t("authoriser.hour", hour=one.hour)), one.now) for one in hours]
        self.bars.set_bars(bars)


class RecentPanel(Panel):
    """One's own newest decisions."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.recent"), padding=0, gap=0)
        self.add_right(Label(kit, t("authoriser.recent_own"), "caption"))
        self.table = named(
            TableView(
                kit,
                (
                    Column(t("authoriser.col_time"), 120),
                    Column(t("authoriser.col_case"), 140),
                    Column(t("authoriser.col_what")),
                    Column(t("authoriser.col_decision"), 132),
                    Column(t("authoriser.col_took"), 96, right=True),
                ),
            ),
            "authoriser.recent",
        )
        self._empty = EmptyState(kit, "inbox", t("authoriser.recent_none"), t("authoriser.recent_none_text"))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._empty, 1)

    def show_rows(self, rows: tuple[idle.RecentRow, ...]) -> None:
        """Paint them."""
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.table.set_rows([Row(row.id, (row.at, row.number, row.what, _decision(row), row.took)) for row in rows])


def _decision(row: idle.RecentRow) -> TagCell:
    tone, icon = _DECISIONS.get(row.decision, ("", "clock"))
    known = row.decision if row.decision in _DECISIONS else "open"
    return TagCell(t(f"authoriser.decision_{known}"), tone, icon)


class IdlePage(QWidget):
    """All of it."""

    def __init__(self, kit: Kit, number: str) -> None:
        super().__init__()
        self._number = number
        self.accept, self.team, self.colleagues = AcceptPanel(kit), TeamPanel(kit), ColleaguesPanel(kit)
        self.error = AlertBox(kit, "warn", t("authoriser.desk_failed"))
        self.error.hide()
        self.cards = {key: _FigureCard(kit, key) for key in ("decided", "median", "returned", "rejected")}
        self.hours, self.recent = HoursPanel(kit), RecentPanel(kit)
        left = vbox(self.accept, self.team, gap=16)
        left.addWidget(self.colleagues, 1)
        self.left = frame("plain", left)
        cards = hbox(*self.cards.values(), gap=16)
        self._right = vbox(self.error, cards, self.hours, gap=16)
        self._right.addWidget(self.recent, 1)
        self._row = hbox(self.left, gap=16)
        self._row.addLayout(self._right, 1)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_mode(self, mode: str, *, short: bool) -> None:
        """Widths, and what is left out in low windows."""
        self.left.setFixedWidth({"L": 384, "M": 384, "S": 336, "XS": 288}[mode])
        self.team.setVisible(not short)
        self.hours.setVisible(not short)
        self.hours.bars.setFixedHeight(144 if mode in ("L", "M") else 104)
        self.accept.set_narrow(mode in ("S", "XS"), short=short)

    def show_desk(
        self,
        desk: AuthoriserDesk | None,
        error: AppError | None,
        accepting: bool,
        hours: tuple[idle.Hour, ...],
        now: str,
    ) -> None:
        """Paint the figures of the day."""
        self.accept.show_state(accepting, desk.waiting if desk is not None else 0)
        self.team.show_desk(desk, self._number)
        self.colleagues.show_desk(desk, self._number)
        for figure in idle.figures(desk):
            self.cards[figure.key].show_figure(figure)
        self.hours.show_hours(hours, now)
        self.recent.show_rows(idle.recent(desk))
        self.error.setVisible(error is not None)
