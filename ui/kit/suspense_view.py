"""Cash in suspense over a window: the items, what is known of one, a proposal and its decision. Name ``suspense``.

What counts left short or over stands in the same list (:mod:`ui.kit.difference_form`).
A proposal can be sent when it says who has what (:mod:`ui.kit.notes_form`) and how that was found out; the sentence
that the second person will read stands there before it is sent.
Object names: suspense.table, .facts, .what (what is known), .in_hand, .reason, .note, .proposal, .missing, .propose,
.approve, .refuse, .said.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from common.errors import AppError
from common.wire.base import Notes
from common.wire.cash import ClosingView, DifferenceView, SuspenseView
from ui.kit.base import Label, Tone, hbox, named, vbox
from ui.kit.buttons import Button, IconButton, Segmented
from ui.kit.difference_form import (
    DifferenceForm,
    difference_row,
    difference_sentence,
    known_difference,
    proposed_difference,
)
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.notes_form import NotesForm
from ui.kit.overlays import Scrim
from ui.kit.panels import EmptyState
from ui.kit.special_fields import parse_amount
from ui.kit.suspense_desk import Item, SuspenseDesk, notes_text
from ui.kit.tables import Cell, Column, Row, TableView, TagCell
from ui.kit.texts.formats import money
from ui.kit.texts.words import T, Words, t

REASONS = ("counted_at_machine", "seen_on_video", "customer_confirmed", "journal_explains", "handed_over")
_SAID = {
    "cash.outcome_unknown": t("suspense.never_said"),
    "cash.retracted": t("cash.retracted"),
    "cash.contradiction": t("cash.contradiction"),
    "cash.counters_anew": t("suspense.counters_anew"),
    "cash.pulled_in_uncounted": t("cash.pulled_in_uncounted"),
    "cash.journal_lost": t("cash.journal_lost"),
    "cash.by_hand": t("cash.by_hand"),
    "cash.handed_over": t("cash.handed_over"),
}
_PLACES = ("stored", "returned", "taken", "retracted")
_LEAST_ROWS = 112
"""Least height of the list, in the lowest window: its head and two rows; words below it would take it otherwise."""
_FACTS = (44, 160)
"""What is known: least and most height; there are as many lines as cassettes that moved."""
_COLUMNS = (
    Column(t("suspense.col_reference"), 116),
    Column(t("suspense.col_since"), 148),
    Column(t("suspense.col_machine"), 84),
    Column(t("suspense.col_case"), 110),
    Column(t("suspense.col_what"), 84),
    Column(t("suspense.col_amount"), 130, right=True),
    Column(t("suspense.col_state")),
)


class _Facts(QScrollArea):
    """As high as its words, within bounds; more scrolls."""

    def __init__(self, label: Label) -> None:
        super().__init__()
        self._label, self._tall = label, 0
        page = QWidget()
        page.setProperty("role", "scrolled")
        page.setLayout(vbox(label, None, gap=0))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def fit(self) -> None:
        """The words are others, or have another width."""
        tall = self._label.heightForWidth(self.viewport().width())
        least, self._tall = (min(tall, bound) for bound in _FACTS)
        self.setMinimumHeight(least)
        self.setMaximumHeight(self._tall)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class SuspensePanel(QFrame):
    """The list and one item of it."""

    def __init__(self, kit: Kit, window: QWidget, desk: SuspenseDesk) -> None:
        super().__init__()
        self.kit, self._desk, self._chosen = kit, desk, ""
        self.setObjectName("suspense")
        self.setProperty("role", "dialog")
        self.table = named(TableView(kit, _COLUMNS), "suspense.table")
        self.table.row_chosen.connect(self._choose)
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(_LEAST_ROWS)
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState(kit, "cash", t("suspense.none"), t("suspense.none_text")))
        self.what = named(Label(kit, t("suspense.choose"), wrap=True), "suspense.what")
        self._facts = named(_Facts(self.what), "suspense.facts")
        kit.bind(self._facts, self._facts.setAccessibleName, t("suspense.facts"))
        self.proposal = named(Label(kit, "", "strong", wrap=True), "suspense.proposal")
        self.proposal.setMinimumHeight(20)
        self.said = named(Label(kit, "", "label", wrap=True), "suspense.said")
        self.missing = named(Label(kit, "", "label", "muted"), "suspense.missing")
        self.notes = NotesForm(kit)
        self.in_hand = self.notes.box
        self.note = named(TextField(kit, t("suspense.note")), "suspense.note")
        reasons = [(one, t(f"suspense.reason_{one}")) for one in REASONS]
        self.reason = named(Segmented(kit, reasons, current=""), "suspense.reason")
        self.difference = DifferenceForm(kit)
        self.reason.chosen.connect(lambda _: self._preview())
        for form in (self.notes, self.difference):
            form.changed.connect(self._preview)
        self.note.edited.connect(lambda _: self._preview())
        self._make_buttons()
        self._lay_out()
        self.scrim = Scrim(kit, window, self)
        desk.changed.connect(self._paint)
        desk.done.connect(lambda state: self.say(t(f"suspense.{state}")))
        desk.failed.connect(self._failed)
        kit.language.changed.connect(self._paint)
        self._paint()

    def _make_buttons(self) -> None:
        kit = self.kit
        self.propose = named(Button(kit, t("suspense.propose"), "primary", on_click=self._propose), "suspense.propose")
        self.approve = named(
            Button(kit, t("suspense.approve"), "primary", on_click=lambda: self._decide(approved=True)),
            "suspense.approve",
        )
        self.refuse = named(
            Button(kit, t("suspense.refuse"), on_click=lambda: self._decide(approved=False)), "suspense.refuse"
        )

    def _lay_out(self) -> None:
        close = IconButton(self.kit, "x", t("common.close"), on_click=lambda: self.scrim.close_popup())
        column = vbox(gap=12, margins=(24, 16, 24, 16))
        column.addLayout(hbox(Label(self.kit, t("suspense.title"), "heading"), None, close))
        column.addWidget(self._stack, 1)
        column.addWidget(self._facts)
        column.addWidget(self.notes)
        column.addWidget(self.difference)
        why = hbox(gap=12)
        why.addWidget(self.reason, 0, Qt.AlignmentFlag.AlignBottom)
        why.addWidget(self.note, 1)
        column.addLayout(why)
        column.addWidget(self.proposal)
        foot = hbox(gap=12)
        foot.addWidget(self.said, 1)
        for widget in (self.missing, self.refuse, self.approve, self.propose):
            foot.addWidget(widget)
        column.addLayout(foot)
        self.setLayout(column)

    def sizeHint(self) -> QSize:
        return QSize(1080, 680)

    def open(self) -> None:
        """Show the items as they are now."""
        self.say("")
        self.scrim.open(self.table)
        self._desk.refresh()

    def say(self, words: Words, tone: Tone = "ok") -> None:
        """What became of it."""
        self.said.set_words(words)
        self.said.set_tone(tone)

    def _failed(self, error: AppError) -> None:
        self.say(self.kit.language.error(error), "bad")

    # --- one item ------------------------------------------------------------------------------------------------

    def _item(self) -> Item | None:
        return self._desk.item(self._chosen)

    def _choose(self, id: str) -> None:
        if id != self._chosen:
            self._chosen = id
            item = self._item()
            if isinstance(item, DifferenceView):
                self.difference.show_item(item)
            elif item is not None:
                self.notes.show_item(item)
            self.reason.set_current("")
            self.note.set_value("")
            self.say("")
        self._paint()

    def _propose(self) -> None:
        reason, note = self.reason.current(), self.note.value()
        if isinstance(self._item(), DifferenceView):
            form = self.difference
            way = form.way.current()
            self._desk.propose_difference(self._chosen, form.amount.value(), way, form.account(), reason, note)
            return
        self._desk.propose(self._chosen, self.notes.notes(), reason, note)

    def _missing(self, item: Item) -> T | None:
        form = self.difference if isinstance(item, DifferenceView) else self.notes
        return form.missing() or (t("suspense.reason") if not self.reason.current() else None)

    def _preview(self) -> None:
        """What would be proposed, in the second person's words, or what is not said yet."""
        item = self._item()
        if item is None or not self._desk.may_propose(item):
            return
        missing = self._missing(item)
        self.missing.set_words(missing or "")
        self.propose.setEnabled(missing is None)
        self.proposal.set_words(self._sentence(item) if missing is None else "")

    def _sentence(self, item: Item) -> T:
        maker, reason, note = self._desk.me, self.reason.current(), self.note.value()
        if isinstance(item, DifferenceView):
            form = self.difference
            amount = parse_amount(form.amount.value()) or 0
            return difference_sentence(maker, amount, form.way.current(), form.account(), reason, note)
        return _sentence(item, maker, self.notes.notes(), reason, note)

    def _decide(self, *, approved: bool) -> None:
        item = self._item()
        if item is not None and item.closing is not None:
            self._desk.decide(item.closing.id, self.note.value(), approved=approved)

    # --- painting ------------------------------------------------------------------------------------------------

    def _paint(self) -> None:
        desk, item = self._desk, self._item()
        self.table.set_rows([_row(one) for one in desk.items])
        self._stack.setCurrentIndex(0 if desk.items or not desk.loaded else 1)
        lines = [t("suspense.choose")] if item is None else _known(item)
        self.what.set_words("\n".join(map(self.kit.say, lines)))
        self.what.setVisible(bool(desk.items))
        self._facts.setVisible(bool(desk.items))
        self._facts.fit()
        closing = item.closing if item is not None else None
        proposing, deciding = desk.may_propose(item), desk.may_decide(item)
        self.proposal.setVisible(closing is not None or proposing)
        if item is not None and closing is not None:
            self.proposal.set_words(_proposed(item, closing))
        of_count = isinstance(item, DifferenceView)
        self.difference.setVisible(proposing and of_count)
        self.notes.setVisible(proposing and not of_count)
        for widget in (self.reason, self.missing, self.propose):
            widget.setVisible(proposing)
        for button in (self.approve, self.refuse):
            button.setVisible(deciding)
        self.note.setVisible(proposing or deciding)
        self._preview()


def _proposed(item: Item, closing: ClosingView) -> T:
    if isinstance(item, DifferenceView):
        return proposed_difference(closing)
    return _sentence(item, closing.maker, closing.in_hand, closing.reason, closing.note)


def _sentence(item: SuspenseView, maker: str, in_hand: Notes, reason: str, note: str) -> T:
    stays = item.amount.minor - sum(int(face) * 100 * count for face, count in in_hand.items())
    return t(
        "suspense.proposal", maker=maker, notes=notes_text(in_hand) or t("suspense.nothing"),
        amount=money(stays, item.amount.currency), reason=t(f"suspense.reason_{reason}"), note=note,
    )  # fmt: skip


def _known(item: Item) -> list[T]:
    return known_difference(item) if isinstance(item, DifferenceView) else known(item)


def known(item: SuspenseView) -> list[T]:
    """What helps to explain it."""
    before, after = item.counts_before, item.counts_after
    moved = {unit: after.get(unit, 0) - before.get(unit, 0) for unit in sorted({*before, *after})} if after else {}
    changed = [(unit.removeprefix("unit"), f"{by:+d}") for unit, by in moved.items() if by]
    found = [t("suspense.in_question", notes=notes_text(item.in_question))]
    if item.in_question != item.notes:
        found.append(t(f"suspense.agreed_{item.direction}", notes=notes_text(item.notes)))
    found += [t(f"suspense.{place}", notes=notes_text(lie)) for place in _PLACES if (lie := getattr(item, place))]
    found += [t("suspense.counts", unit=unit, by=by) for unit, by in changed] or [t("suspense.counts_same")]
    if item.error:
        found.append(_SAID.get(item.error) or t("suspense.error", said=item.error))
    return found


def _row(item: Item) -> Row:
    closing = item.closing
    state = (
        TagCell(t("suspense.state_open"), "warn")
        if closing is None
        else TagCell(t("suspense.state_proposed", number=closing.maker), "accent")
    )
    if isinstance(item, DifferenceView):
        return difference_row(item, state)
    cells: tuple[Words | Cell | TagCell, ...] = (
        item.reference,
        f"{item.since.astimezone():%Y-%m-%d %H:%M}",
        item.machine,
        item.case_number,
        t(f"suspense.way_{item.direction}"),
        Cell(money(item.amount.minor, item.amount.currency), bold=True),
        state,
    )
    return Row(item.movement_id, cells)
