"""Paints the window from review and desk: once after each change, and once a second for the clocks."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.authoriser_app import idle_presenter, presenter
from ui.authoriser_app.bar import PLAIN
from ui.authoriser_app.keys import Facts, MainKey, main_key, usable
from ui.authoriser_app.state import Phase, shown_evidence
from ui.kit.pictures import PictureState
from ui.kit.texts.formats import time_of_day

if TYPE_CHECKING:
    from ui.authoriser_app.window import AuthoriserWindow


class Painter(QObject):
    """Knows the order of painting; holds no state but whether something covers the window."""

    def __init__(self, window: "AuthoriserWindow") -> None:
        super().__init__(window)
        self._window = window
        self.covered = False

    def facts(self) -> Facts:
        """What the keys depend on."""
        tasks, desk = self._window.parts.tasks, self._window.parts.desk
        review = tasks.review
        states = [tasks.pictures.state(one.digest) for one in shown_evidence(review.task)] if review.task else []
        return Facts(
            review=review,
            accepting=desk.accepting,
            idle_since=max(desk.since, review.since) if review.since is not None else desk.since,
            offline_since=tasks.offline_since,
            pictures=frozenset(states),
            pictures_here=states.count(PictureState.HERE),
            altered=tasks.altered is not None,
        )

    def main(self) -> MainKey:
        """What F9 does now."""
        return main_key(self.facts())

    def paint(self) -> None:
        """Everything."""
        window, now = self._window, self._window.parts.clock.now()
        tasks, desk = window.parts.tasks, window.parts.desk
        review, facts = tasks.review, self.facts()
        if review.phase is Phase.IDLE:
            hours = idle_presenter.hours(desk.desk, now)
            window.body.idle.show_desk(desk.desk, desk.error, desk.accepting, hours, time_of_day(now)[:5])
            window.body.show_page(window.body.idle)
        elif review.phase is Phase.LOADING:
            seconds = int((now - review.since).total_seconds()) if review.since is not None else 0
            trouble = window.words_of(review.trouble) if review.trouble is not None else None
            window.body.loading.show_loading(seconds, trouble)
            window.body.show_page(window.body.loading)
        elif review.phase is Phase.GONE:
            window.body.gone.show_gone(*presenter.gone_words(review))
            window.body.show_page(window.body.gone)
        elif review.task is not None:
            head = presenter.head(review.task, now)
            window.body.task.show_task(review, head, tasks.pictures, tasks.altered, now)
            window.body.show_page(window.body.task)
        self._bars(facts, now)

    def _bars(self, facts: Facts, now: datetime) -> None:
        window, desk = self._window, self._window.parts.desk
        offline = facts.offline_since
        window.top.show_state(desk.desk, facts.review.phase, accepting=desk.accepting, offline=offline is not None)
        window.offline.set_waited((now - offline).total_seconds() if offline is not None else None)
        window.bar.show_main(main_key(facts), self._since)
        window.bar.show_accept(accepting=desk.accepting)
        self.keys(facts)

    def keys(self, facts: Facts) -> None:
        """Grey what does not apply; plain letters belong to what is open above."""
        usable_now, buttons = usable(facts), self._window.bar.keys()
        for row, _ in self._window.table.rows():
            id = row.id
            on = id == "main" or id in usable_now
            self._window.table.set_enabled(id, on and not (self.covered and id in PLAIN))
            if id in buttons:
                self._window.bar.key(id).setEnabled(on)

    def cover(self, covered: bool) -> None:
        """Something opened above the window, or nothing is there any more."""
        self.covered = covered
        self.keys(self.facts())

    def _since(self, key: MainKey) -> float | None:
        clock = self._window.parts.clock
        if key.since is None:
            return clock.monotonic()
        return clock.monotonic() - max(0.0, (clock.now() - key.since).total_seconds())
