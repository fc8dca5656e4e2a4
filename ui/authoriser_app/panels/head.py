"""The head of a task: what, how much, who waits or why it is to be undone, time left."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.authoriser_app.presenter import Head
from ui.kit.base import Label, Tag, hbox, named, vbox
from ui.kit.kit import Kit
from ui.kit.meters import CountdownBar
from ui.kit.panels import Panel
from ui.kit.texts.formats import clock
from ui.kit.texts.words import t

ANNOUNCED = (60, 30, 10)
"""Seconds left that are told to a screen reader."""


class HeadPanel(Panel):
    """Over the whole width; one row lower in low windows."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, None, padding=0, gap=0)
        self.waiting = Tag(kit, t("authoriser.customer_waits"), "warn", "clock")
        self.remote = Tag(kit, t("authoriser.remote"), "accent")
        self.reason = named(Tag(kit, "", "warn", "undo"), "authoriser.reason")
        self.number = named(Label(kit, "", "caption", "faint"), "authoriser.case_number")
        self.what = named(Label(kit, "", "figure"), "authoriser.what")
        self.who = named(Label(kit, "", tone="muted", elide=True), "authoriser.who")
        self._soon = named(Label(kit, t("authoriser.left"), "caption"), "authoriser.left_word")
        self._whole = Label(kit, "", "caption", "faint")
        self.left = named(Label(kit, "", "display"), "authoriser.left")
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = CountdownBar(kit)
        self._tags, self._title = hbox(gap=8), hbox(gap=16)
        self._time_row = hbox(self._soon, None, self._whole)
        time = QWidget()
        time.setFixedWidth(200)
        time.setLayout(vbox(self._time_row, self.left, self.bar, gap=0))
        self._left_column = vbox(None, self._tags, self._title, None, gap=4)
        self._row = hbox(gap=16)
        self._row.addLayout(self._left_column, 1)
        self._row.addWidget(time)
        self.body.addLayout(self._row)
        self._short = True
        self.set_short(False)

    def set_short(self, short: bool) -> None:
        """Two thin rows instead of two high ones."""
        if short == self._short:
            return
        self._short = short
        for layout in (self._tags, self._title):
            while layout.takeAt(0) is not None:
                pass
        if short:
            for widget in (self.what, self.waiting, self.number):
                self._tags.addWidget(widget)
            self._tags.addStretch(1)
            self._title.addWidget(self.reason)
        else:
            for tag in (self.reason, self.waiting, self.remote, self.number):
                self._tags.addWidget(tag)
            self._tags.addStretch(1)
            self._title.addWidget(self.what)
        self._title.addWidget(self.who, 1)
        self.remote.setVisible(not short)
        self._left_column.setSpacing(0 if short else 4)
        self.left.setProperty("type", "figure" if short else "display")
        self.left.style().unpolish(self.left)
        self.left.style().polish(self.left)
        self._row.setContentsMargins(*((15, 5, 15, 7) if short else (23, 7, 23, 11)))
        self.setFixedHeight(80 if short else 96)

    def show_head(self, head: Head) -> None:
        """Paint it."""
        self.what.set_words(head.title)
        self.who.set_words(head.who)
        if head.reason is not None:
            self.reason.set_tag(head.reason, "warn", "undo")
        self.reason.setVisible(head.reason is not None)  # a reversal: nobody has to look for why
        self.waiting.setVisible(head.reason is None)
        self.number.set_words(head.number)
        self._soon.set_words(t("authoriser.left_soon" if head.soon else "authoriser.left"))
        self._soon.set_tone("warn" if head.soon else "")
        self._whole.set_words(clock(head.whole_s))
        self.left.set_words(clock(head.left_s))
        self.left.set_tone("warn" if head.soon else "")
        self.bar.set_left(head.left_s, head.whole_s)
        near = max((mark for mark in ANNOUNCED if head.left_s <= mark), default=0)
        if near or not self.left.accessibleName():
            self.left.setAccessibleName(self.kit.say(t("common.countdown", left=min(head.left_s, near or head.left_s))))
