"""Between top bar and command bar: idle, loading, the task in three regions, or that it has gone."""

from datetime import datetime

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from common.wire.authorisation import TaskView
from ui.authoriser_app import presenter
from ui.authoriser_app.panels.comparison import LOW_ROW, ROW, ComparisonPanel
from ui.authoriser_app.panels.faces import PeopleColumn
from ui.authoriser_app.panels.head import HeadPanel
from ui.authoriser_app.panels.idle import IdlePage
from ui.authoriser_app.panels.notes import NotePanel, VoucherPanel, scrolled
from ui.authoriser_app.panels.why import RightColumn
from ui.authoriser_app.state import Review
from ui.kit.base import Label, named, vbox
from ui.kit.kit import Kit
from ui.kit.panels import AlertBox, EmptyState, Panel, Skeleton
from ui.kit.pictures import Pictures
from ui.kit.texts.words import T, t
from ui.kit.tokens import LayoutMode

LEFT = {"L": 480, "M": 384, "S": 304, "XS": 256}
RIGHT = {"L": 400, "M": 336, "S": 288, "XS": 0}
NOTE_HIGH, NOTE_LOW = 120, 88


class Middle(QWidget):
    """Comparison, the teller's words, the voucher; on narrow windows also why and account, all scrolling."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.comparison = ComparisonPanel(kit)
        self.note, self.voucher = NotePanel(kit), VoucherPanel(kit)
        self._low = QHBoxLayout()
        self._low.setSpacing(16)
        self._low.addWidget(self.note, 1)
        self._low.addWidget(self.voucher)
        self.column = vbox(gap=16)
        self.column.addWidget(self.comparison, 1)
        self.column.addLayout(self._low)
        self.setLayout(self.column)

    def set_mode(self, mode: str, *, short: bool) -> None:
        """Where there is little height the voucher leaves; V still shows it."""
        low = short or mode in ("S", "XS")
        self.comparison.set_rows(ROW if mode == "L" else LOW_ROW)
        self.comparison.set_whole(mode == "XS")
        self.voucher.setVisible(not low)
        self.column.setSpacing(8 if short else 16)
        self.note.setMinimumHeight(NOTE_LOW if low else NOTE_HIGH)
        self.note.setMaximumHeight(16777215 if not low else 132)
        self.column.setStretch(0, 20)
        self.column.setStretch(1, 0 if low else 1)


class AlteredPanel(Panel):
    """In the place of the comparison: no decision is possible."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, None, padding=0)
        self.set_tone("bad")
        self.state = EmptyState(kit, "stop", "", t("authoriser.altered_text"), role="bad")
        self.body.addWidget(self.state, 1)
        named(self.state.title, "authoriser.altered")
        self.state.title.setProperty("type", "heading")

    def show_altered(self, number: int) -> None:
        """Which piece; 0: the server did not say which."""
        self.state.title.set_words(t("authoriser.altered", number=number) if number else t("authoriser.altered_server"))


class TaskPage(QWidget):
    """The task."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.setObjectName("authoriser.task")
        self.head, self.people = HeadPanel(kit), PeopleColumn(kit)
        self.middle, self.right, self.altered = Middle(kit), RightColumn(kit), AlteredPanel(kit)
        self.area: QScrollArea = scrolled(self.middle)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.altered)
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.head, 0, 0, 1, 3)
        self._grid.addWidget(self.people, 1, 0)
        self._grid.addWidget(self._stack, 1, 1)
        self._grid.addWidget(self.right, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(1, 1)
        self.setLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_mode(self, mode: LayoutMode, *, short: bool) -> None:
        """Lay the regions out."""
        narrow = mode.id == "XS"
        self._grid.setSpacing(16)
        self._grid.setVerticalSpacing(8 if short else 16)
        self.head.set_short(short)
        self.people.setFixedWidth(LEFT[mode.id])
        self.people.set_short(short)
        if narrow != (self.right.parentWidget() is self.middle):
            if narrow:
                self.middle.column.addWidget(self.right)
            else:
                self.middle.column.removeWidget(self.right)
                self._grid.addWidget(self.right, 1, 2)
        self._grid.addWidget(self._stack, 1, 1, 1, 2 if narrow else 1)
        self.right.set_beside(not narrow)
        self.right.column.setSpacing(8 if short else 16)
        if narrow:
            self.right.setMinimumWidth(0)
            self.right.setMaximumWidth(16777215)
        else:
            self.right.setFixedWidth(RIGHT[mode.id])
        self.middle.set_mode(mode.id, short=short)

    def show_task(
        self, review: Review, head: presenter.Head, pictures: Pictures, altered: int | None, now: datetime
    ) -> None:
        """Paint a task."""
        task = review.task
        assert task is not None
        lang = self.kit.language.current
        self.head.show_head(head)
        self.people.show_task(task, pictures, altered)
        self._show_middle(task, review, lang)
        self.middle.comparison.show_trust(presenter.trust_words(task.case, now))
        self.right.show_task(task, lang)
        self.right.account.set_whole(self.right.parentWidget() is self.middle)
        if altered is not None:
            self.altered.show_altered(altered)
        self._stack.setCurrentWidget(self.area if altered is None else self.altered)

    def _show_middle(self, task: TaskView, review: Review, lang: str) -> None:
        count, done = presenter.count_words(review)
        lines = presenter.lines(review, lang)
        self.middle.comparison.show_lines(lines, count, done=done, any_=bool(review.differing))
        self.middle.note.show_task(task)
        self.middle.voucher.show_task(task, lang)

    def reveal(self, field: str) -> None:
        """Bring a difference into view, whatever scrolls."""
        self.middle.comparison.reveal(field)
        view = self.middle.comparison.view(field)
        if view is not None:
            self.area.ensureWidgetVisible(view, 0, 56)


class LoadingPage(QWidget):
    """Bars of the layout while a task is fetched, or why it could not be."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        panel = Panel(kit, t("authoriser.loading_title"), main=True)
        panel.body.addWidget(Skeleton(kit, (36, 82, 64, 78, 54, 70)))
        self.words = named(Label(kit, "", "label"), "authoriser.loading")
        panel.body.addWidget(self.words)
        self.error = AlertBox(kit, "bad", t("authoriser.loading_failed"))
        panel.body.addWidget(self.error)
        self.setLayout(vbox(panel, None))

    def show_loading(self, seconds: int, trouble: T | None) -> None:
        """After two seconds it says how long it has been."""
        self.words.set_words(t("common.loading", seconds=seconds) if seconds >= 2 and trouble is None else "")
        self.error.setVisible(trouble is not None)
        if trouble is not None:
            self.error.set_alert("bad", t("authoriser.loading_failed"), trouble)


class GonePage(QWidget):
    """What became of the task, for three seconds."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        panel = Panel(kit, None)
        self.state = EmptyState(kit, "info", "", "", role="accent")
        self.state.title.setObjectName("authoriser.gone")
        self.state.title.setProperty("type", "heading")
        panel.body.addWidget(self.state, 1)
        self.setLayout(vbox(panel))

    def show_gone(self, title: T, text: T) -> None:
        """Paint it."""
        self.state.title.set_words(title)
        self.state.text.set_words(text)


class Body(QWidget):
    """One of the four pages."""

    def __init__(self, kit: Kit, number: str) -> None:
        super().__init__()
        self.idle, self.task = IdlePage(kit, number), TaskPage(kit)
        self.loading, self.gone = LoadingPage(kit), GonePage(kit)
        self.pages = QStackedWidget()
        for page in (self.idle, self.task, self.loading, self.gone):
            self.pages.addWidget(page)
        self.pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._row = QHBoxLayout()
        self._row.addWidget(self.pages, 1)
        self.setLayout(self._row)
        self.is_painted = False
        """Whether it was painted since this was last set to False."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing of its own, below the page that Qt paints with it."""
        self.is_painted = True
        super().paintEvent(event)

    def set_mode(self, mode: LayoutMode, *, short: bool) -> None:
        """Lay the pages out for a window of that width."""
        outer = 8 if short else 16
        self._row.setContentsMargins(16, outer, 16, outer)
        self.idle.set_mode(mode.id, short=short)
        self.task.set_mode(mode, short=short)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self.pages.setCurrentWidget(page)
