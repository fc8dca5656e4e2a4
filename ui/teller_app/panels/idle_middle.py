"""The middle between two customers: the queue with the next customer on top, and today's cases."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedWidget, QWidget

from common.wire.cases import CaseRow, CaseState
from common.wire.desk import DeskView, QueueRow
from ui.kit.base import IconLabel, Label, Tag, TagTone, hbox, named, set_prop, vbox
from ui.kit.business import business
from ui.kit.buttons import Segmented
from ui.kit.kit import Kit
from ui.kit.panels import EmptyState, Panel, Skeleton
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.formats import clock, money
from ui.kit.texts.words import T, Words, t
from ui.teller_app.local import Local
from ui.teller_app.panels.wording import at


class NextCard(QFrame):
    """Who comes next, 80 px: what for, from where, what is already prepared; warm while it rings."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "next")
        self.setFixedHeight(80)
        self._icon = IconLabel(kit, "user", "accent", 32)
        self._title = named(Label(kit, "", "title"), "teller.next.title")
        self._tags = [Tag(kit), Tag(kit)]
        self._detail = Label(kit, "", "label", elide=True)
        self._caption = Label(kit, "", "caption")
        self._clock = named(Label(kit, "", "figure"), "teller.next.clock")
        for label in (self._caption, self._clock):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = hbox(self._title, *self._tags, None, gap=8)
        row = hbox(self._icon, gap=16, margins=(16, 0, 16, 0))
        row.addLayout(vbox(None, head, self._detail, None, gap=2), 1)
        row.addLayout(vbox(None, self._caption, self._clock, None, gap=0))
        self.setLayout(row)

    def show_row(self, row: QueueRow, local: Local, now: datetime) -> None:
        """Paint the customer, waiting or ringing."""
        ring = local.ring if local.ring is not None and local.ring.case_id == row.case_id else None
        set_prop(self, "tone", "warn" if ring else "")
        self._icon.set_icon("bell" if ring else "user", "warn" if ring else "accent")
        what = business(row.scenario, row.title)
        self._title.set_words(t("teller.ringing", what=what) if ring else what)
        self._tags[0].set_tag(t(f"teller.lang_{row.language}"))
        self._tags[1].set_tag(f"VTM {row.kiosk}")
        self._detail.set_words(_detail(self.kit, row))
        self._caption.set_words(t("teller.to_next_seat" if ring else "teller.waited"))
        left = (ring.until - now).total_seconds() + 0.5 if ring else (now - row.since).total_seconds()
        self._clock.set_words(clock(left))


def _detail(kit: Kit, row: QueueRow) -> str:
    parts = [row.customer or "", row.kiosk_place or ""]
    parts += [f"✓ {kit.say(t(f'teller.prepared_{one}'))}" for one in row.prepared if one in ("card", "id", "amount")]
    return "·".join(part for part in parts if part)


class QueuePanel(Panel):
    """The queue.

    Signals:
        opened(str): a waiting customer to take out of turn (id of the case).
    """

    opened = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "", padding=0, gap=0, parent=parent)
        self._longest = Label(kit, "", "caption")
        self.add_right(self._longest)
        self.next = NextCard(kit)
        self.table = named(TableView(kit, _QUEUE_COLUMNS), "teller.queue")
        self.table.row_opened.connect(self.opened)
        self._empty = EmptyState(kit, "inbox", t("teller.queue_empty"), t("teller.queue_empty_text"))
        self._empty.setFixedHeight(136)
        self.body.addWidget(self.next)
        self.body.addWidget(self.table)
        self.body.addWidget(self._empty)
        self._compact = False

    def set_compact(self, compact: bool) -> None:
        """Fewer rows in short windows."""
        self._compact = compact

    def show_desk(self, desk: DeskView | None, local: Local, now: datetime) -> None:
        """Paint the queue."""
        assert self.title is not None
        rows = _ringing_first(desk.queue, local) if desk is not None else []
        self.title.set_words(t("teller.queue", n=len(rows)))
        longest = max(((now - row.since).total_seconds() for row in rows), default=0.0)
        self._longest.set_words(t("teller.longest", waited=clock(longest)) if rows else "")
        self._empty.setVisible(not rows)
        self.next.setVisible(bool(rows))
        rest = rows[1:]
        self.table.setVisible(bool(rest))
        if rows:
            self.next.show_row(rows[0], local, now)
        self.table.table_model.set_rows([_queue_row(self.kit, row, now) for row in rest])
        shown = min(len(rest), 1 if self._compact else 3)
        self.table.setFixedHeight(32 + shown * 40 + 1)


def _ringing_first(rows: Sequence[QueueRow], local: Local) -> list[QueueRow]:
    ring = local.ring
    return sorted(rows, key=lambda row: (ring is None or row.case_id != ring.case_id, row.position))


_QUEUE_COLUMNS = (
    Column(t("teller.col_position"), 52),
    Column(t("teller.col_business")),
    Column(t("teller.col_customer"), 88),
    Column(t("teller.col_from"), 80),
    Column(t("teller.col_language"), 96),
    Column(t("teller.col_prepared"), 104),
    Column(t("teller.col_waited"), 80, right=True),
)


def _queue_row(kit: Kit, row: QueueRow, now: datetime) -> Row:
    language: Words | TagCell = t("teller.lang_zh") if row.language == "zh" else TagCell(t("teller.lang_en"), "accent")
    prepared = "·".join(kit.say(t(f"teller.prepared_{one}")) for one in row.prepared if one in ("card", "id", "amount"))
    return Row(
        row.case_id,
        (
            str(row.position),
            business(row.scenario, row.title),
            row.customer or "–",
            row.kiosk,
            language,
            prepared or "–",
            clock((now - row.since).total_seconds()),
        ),
    )


_TAGS: dict[CaseState, tuple[TagTone, str]] = {
    CaseState.DRAFT: ("accent", "pen"),
    CaseState.AWAITING_AUTHORISATION: ("accent", "clock"),
    CaseState.RETURNED: ("warn", "warn"),
    CaseState.AUTHORISED: ("accent", "check"),
    CaseState.EXECUTING: ("accent", "play"),
    CaseState.COMPLETED: ("ok", "check"),
    CaseState.REJECTED: ("bad", "x"),
    CaseState.CANCELLED: ("", "undo"),
    CaseState.FAILED: ("bad", "stop"),
}
_OPEN = (CaseState.DRAFT, CaseState.AWAITING_AUTHORISATION, CaseState.AUTHORISED, CaseState.EXECUTING)
_FILTERS: dict[str, Callable[[CaseRow], bool]] = {
    "all": lambda row: True,
    "open": lambda row: row.state in _OPEN,
    "returned": lambda row: row.state is CaseState.RETURNED,
}


def state_tag(state: CaseState) -> TagCell:
    """A case's state as a tag."""
    tone, icon = _TAGS[state]
    return TagCell(t(f"teller.case_{state.value}"), tone, icon)


class TodayPanel(Panel):
    """Cases of the day, or what a search found; Enter opens one to read.

    Signals:
        opened(str): id of a case. searched(str): what was typed into the search.
    """

    opened = Signal(str)
    searched = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.today"), padding=0, gap=0, parent=parent)
        assert self.title is not None
        named(self.title, "teller.found")
        self._rows: list[CaseRow] = []
        self._found: list[CaseRow] | None = None
        self.search = named(QLineEdit(), "teller.caseSearch")
        self.search.setFixedWidth(200)
        self.search.setProperty("fit", "s")
        self.search.hide()
        kit.bind(self, self.search.setPlaceholderText, t("teller.search_cases"))
        kit.bind(self, self.search.setAccessibleName, t("teller.search_cases"))
        self.search.returnPressed.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.filter = named(Segmented(kit, [(key, "") for key in _FILTERS], fit="s"), "teller.filter")
        self.filter.chosen.connect(lambda _: self._show_rows())
        self.add_right(self.search)
        self.add_right(self.filter)
        self.table = named(TableView(kit, _CASE_COLUMNS), "teller.today")
        self.table.row_opened.connect(self.opened)
        self._stack = QStackedWidget()
        self._empty = EmptyState(kit, "list", t("teller.today_empty"), t("teller.today_empty_text"))
        self._loading = QWidget()
        self._loading.setLayout(vbox(Skeleton(kit), None, margins=(16, 16, 16, 16)))
        for page in (self.table, self._empty, self._loading):
            self._stack.addWidget(page)
        self.body.addWidget(self._stack, 1)
        self._loaded = False
        self._show_rows()

    def set_narrow(self, narrow: bool) -> None:
        """Without the column that is missed least."""
        self.table.setColumnHidden(len(_CASE_COLUMNS) - 1, narrow)

    def show_desk(self, desk: DeskView | None) -> None:
        """Paint today's cases."""
        self._loaded = self._loaded or desk is not None
        if desk is not None:
            self._rows = list(desk.today)
        self._show_rows()

    def start_search(self) -> None:
        """F6: the search box appears and has the cursor."""
        self.search.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def end_search(self) -> bool:
        """Esc: back to today's cases; whether there was a search."""
        if self.search.isHidden():
            return False
        self.search.clear()
        self.search.hide()
        self._found = None
        self._show_rows()
        return True

    def show_found(self, rows: list[CaseRow]) -> None:
        """What the search brought; the first row is chosen, so that Enter opens it."""
        self._found = rows
        self._show_rows()
        if rows:
            self.table.choose(rows[0].id)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_rows(self) -> None:
        assert self.title is not None
        source = self._rows if self._found is None else self._found
        for key, keep in _FILTERS.items():
            count = sum(1 for row in source if keep(row))
            self.filter.segment(key).set_words(t(f"teller.filter_{key}", n=count))
        shown = [row for row in source if _FILTERS[self.filter.current()](row)]
        self.title.set_words(t("teller.today") if self._found is None else t("teller.found", n=len(source)))
        self.table.table_model.set_rows([_case_row(row) for row in shown])
        nothing: T = t("teller.today_empty") if self._found is None else t("teller.found_none")
        self._empty.title.set_words(nothing)
        self._stack.setCurrentIndex(2 if not self._loaded else 0 if shown else 1)


_CASE_COLUMNS = (
    Column(t("teller.col_time"), 76),
    Column(t("teller.col_number"), 112),
    Column(t("teller.col_business")),
    Column(t("teller.col_customer"), 88),
    Column(t("teller.col_amount"), 128, right=True),
    Column(t("teller.col_state"), 124),
    Column(t("teller.col_duration"), 72, right=True),
)


def _case_row(row: CaseRow) -> Row:
    amount = money(row.amount.minor, row.amount.currency) if row.amount is not None else "–"
    took = row.duration_s
    return Row(
        row.id,
        (
            at(row.created_at)[:5],
            row.number,
            business(row.scenario, row.title),
            row.customer or "–",
            amount,
            state_tag(row.state),
            f"{took // 60}:{took % 60:02d}" if took is not None else "–",
        ),
        "warn" if row.state is CaseState.RETURNED else "",
    )
