"""The registers over the window: choose one, search, look, take out as CSV or XLSX. Object name ``registers``."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedWidget, QWidget

from common.wire.registers import RegisterRow
from ui.kit.base import Label, Tone, hbox, named, vbox
from ui.kit.buttons import Button, IconButton, Segmented
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.panels import EmptyState, Skeleton
from ui.kit.register_entry import RegisterEntry, open_offers
from ui.kit.registers import Registers
from ui.kit.tables import Cell, Column, Row, TableView
from ui.kit.texts.words import Words, t

REGISTERS = (
    "seals", "items", "handovers", "papers", "suspense", "notes", "companies", "agenda", "machines", "queries",
    "looks", "permissions",
)  # fmt: skip
LISTS = ("permissions", "agenda")
"""No registers: nothing to take out as a file."""
PERIODS = ("today", "month", "all")
_COLUMNS = (
    Column(t("registers.at"), 184),
    Column(t("registers.what"), 124),
    Column(t("registers.who"), 76),
    Column(t("registers.subject"), 184),
    Column(t("registers.case"), 104),
    Column(t("registers.details")),
)
_UNSAID = frozenset({"order", "digest"})
_SEVERAL = frozenset({"numbers", "findings"})
"""Details that name several things, with commas between them."""
_BY_DAY = frozenset({"agenda.due", "agenda.overdue", "agenda.suspended"})
"""What is due on a day, at no time of it."""


class RegistersView(QFrame):
    """One register at a time; ``writes``: lines may be written by hand here.

    Signals:
        asked(str, str, str): register, text, period. earlier(): the next page. export(str): csv or xlsx.
    """

    asked = Signal(str, str, str)
    earlier = Signal()
    export = Signal(str)

    def __init__(self, kit: Kit, window: QWidget, *, writes: bool = True) -> None:
        super().__init__()
        self.kit = kit
        self.setObjectName("registers")
        self.setProperty("role", "dialog")
        self.register = named(Segmented(kit, _segments(REGISTERS), fit="s"), "registers.register")
        self.period = named(Segmented(kit, _segments(PERIODS), "month"), "registers.period")
        self.search = named(QLineEdit(), "registers.search")
        kit.bind(self, self.search.setPlaceholderText, t("registers.search"))
        kit.bind(self, self.search.setAccessibleName, t("registers.search"))
        self.search.setMinimumWidth(200)
        for segmented in (self.register, self.period):
            segmented.chosen.connect(lambda _: self.ask())
        self.search.returnPressed.connect(self.ask)
        self.table = named(TableView(kit, _COLUMNS), "registers.table")
        self._empty = EmptyState(kit, "list", t("registers.none"), t("registers.none_text"))
        self._loading = QWidget()
        self._loading.setLayout(vbox(Skeleton(kit), None, margins=(16, 16, 16, 16)))
        self._stack = QStackedWidget()
        for page in (self.table, self._empty, self._loading):
            self._stack.addWidget(page)
        self.count = named(Label(kit, "", "label"), "registers.count")
        self.note = named(Label(kit, "", "label", elide=True), "registers.note")
        self.more = named(Button(kit, t("registers.more"), icon="chev-d"), "registers.more")
        self.more.clicked.connect(lambda: self.earlier.emit())
        self.entry = RegisterEntry(kit)
        self.entry.setParent(self)
        self.entry.setVisible(False)
        self._writes = writes
        self.register.chosen.connect(self._show_entry)
        for chosen in (self.table.row_chosen, self.table.clicked):
            chosen.connect(lambda _: self._offer_chosen())
        self._me = ""
        self._lay_out()
        self.scrim = Scrim(kit, window, self)
        self._rows: Sequence[RegisterRow] = ()
        kit.language.changed.connect(self._paint)

    def _lay_out(self) -> None:
        close = IconButton(self.kit, "x", t("common.close"), on_click=self.close_view)
        head = hbox(Label(self.kit, t("registers.title"), "heading"), None, close)
        tools = hbox(self.period, gap=12)
        tools.addWidget(self.search, 1)
        foot = hbox(self.count, self.more, gap=12)
        foot.addWidget(self.note, 1)
        for form in ("csv", "xlsx"):
            button = named(Button(self.kit, t(f"registers.{form}"), icon="doc"), f"registers.{form}")
            button.clicked.connect(lambda _=False, form=form: self.export.emit(form))
            self.register.chosen.connect(lambda key, button=button: button.setEnabled(key not in LISTS))
            foot.addWidget(button)
        column = vbox(gap=12, margins=(24, 16, 24, 16))
        column.addLayout(head)
        column.addLayout(hbox(self.register, None))
        column.addLayout(tools)
        column.addWidget(self.entry)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        self.setLayout(column)

    def sizeHint(self) -> QSize:
        return QSize(1240, 720)

    def open(self, me: str = "") -> None:
        """Show the register that was looked at last, as it is now; ``me``: number of who looks."""
        self._me = me
        self._show_entry(self.register.current())
        self.scrim.open(self.search)
        self.search.selectAll()
        self.ask()

    def close_view(self) -> None:
        """Take it away."""
        self.scrim.close_popup()

    def ask(self) -> None:
        """Search with what is chosen and typed."""
        self.note.set_words("")
        self.asked.emit(self.register.current(), self.search.text().strip(), self.period.current())

    def written(self) -> None:
        """A line was added: it stands first in the list."""
        self.entry.clear()
        self.ask()
        self.say(t("registers.written"))

    def _show_entry(self, register: str) -> None:
        if self._writes:
            self.entry.show_register(register)

    def _offer_chosen(self) -> None:
        """A line that waits for my word: the word can be given here."""
        if not self._writes:
            return
        chosen = next((row for row in self._rows if str(row.sequence) == self.table.current_key()), None)
        mine = chosen is not None and chosen.subject in open_offers(list(self._rows), self._me)
        self.entry.show_offer(chosen.subject if chosen is not None and mine else "")

    def say(self, words: Words, tone: Tone = "ok") -> None:
        """A word about the export, or about what failed."""
        self.note.set_words(words)
        self.note.set_tone(tone)

    def show_rows(self, rows: Sequence[RegisterRow], *, loaded: bool, more: bool) -> None:
        """Paint what was found."""
        self._rows = rows
        self._paint()
        self._stack.setCurrentIndex(2 if not loaded else 0 if rows else 1)
        self.count.set_words(t("registers.count_more" if more else "registers.count", count=len(rows)))
        self.more.setEnabled(more)
        self._offer_chosen()

    def _paint(self) -> None:
        self.table.set_rows([_row(row, self._said(row)) for row in self._rows])

    def _said(self, row: RegisterRow) -> str:
        """The details in words, where there are words for them."""
        return " · ".join(
            self._word(name, str(value))
            for name, value in row.details.items()
            if name not in _UNSAID and value not in (None, "")
        )

    def _word(self, name: str, value: str) -> str:
        if name in _SEVERAL and "," in value:
            parts = tuple(self._word(name, one.strip()) for one in value.split(","))
            return self.kit.say(t("common.listed", parts=parts))
        plain = f"registers.word_{'all' if value == '*' else value}"  # a permission for every text
        codes = (
            f"registers.word_{name}_{value}", plain, f"machine.{name}_{value.lower()}", f"teller.evidence_{value}",
        )  # fmt: skip
        return next((self.kit.say(t(code)) for code in codes if self.kit.language.book.has(code)), value)


def wire_registers(registers: Registers, view: RegistersView) -> None:
    """What is asked, taken out and written in the view goes to the registers, and what comes back into the view."""
    view.asked.connect(registers.search)
    view.earlier.connect(registers.earlier)
    view.export.connect(registers.export)
    view.entry.item.connect(registers.write_item)
    view.entry.offered.connect(registers.offer)
    view.entry.answered.connect(registers.answer)
    registers.written.connect(view.written)
    registers.changed.connect(lambda: view.show_rows(registers.rows, loaded=registers.loaded, more=registers.more))
    registers.saved.connect(lambda file: view.say(t("registers.saved", file=file)))
    registers.failed.connect(lambda error: view.say(view.kit.language.error(error), "bad"))


def _segments(keys: Sequence[str]) -> list[tuple[str, Words]]:
    return [(key, t(f"registers.{key}")) for key in keys]


def _row(row: RegisterRow, details: str) -> Row:
    cells: tuple[Words | Cell, ...] = (
        f"{row.at.astimezone():%Y-%m-%d}" if row.kind in _BY_DAY else f"{row.at.astimezone():%Y-%m-%d %H:%M:%S}",
        t(f"registers.kind_{row.kind}"),
        row.who,
        row.subject[:12] if len(row.subject) == 64 else row.subject,  # of a digest the beginning
        row.case_number or "–",
        Cell(details, tone="muted"),
    )
    return Row(str(row.sequence), cells)
