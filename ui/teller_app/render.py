"""Paints the window from case and local state: once after each change, and once a second for the clocks."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.kit.texts.words import t
from ui.teller_app.bar import BARS
from ui.teller_app.commands import case_keys, idle_keys
from ui.teller_app.main_key import MainKey
from ui.teller_app.presenter import Scene, scene

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow


class Painter(QObject):
    """Knows the order of painting."""

    def __init__(self, window: "TellerWindow") -> None:
        super().__init__(window)
        self._window = window
        self._page = -1
        self._rest: list[Callable[[], None]] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._paint_next)

    def paint(self) -> None:
        """Everything that depends on case, desk and local state, at once."""
        self._next.stop()
        self.bring_middle()
        self._paint_frame()
        self._paint_beside()

    def paint_in_turns(self) -> None:
        """The same, each part in a turn of its own of the event loop: a change of scene must not hold up the call's
        picture."""
        self._rest = self._parts()
        self._paint_next()

    def bring_middle(self) -> None:
        """The scene at once, whole and in front; what stands around it has time."""
        self._paint_middle()
        self._window.body.middle.complete()
        self._turn_page()

    def _parts(self) -> list[Callable[[], None]]:
        return [self._paint_middle, self._turn_page, self._paint_frame, self._paint_beside]

    def _paint_next(self) -> None:
        part, *self._rest = self._rest
        part()
        if self._rest:
            self._next.start()

    def _paint_beside(self) -> None:
        window, parts = self._window, self._window.parts
        case, local, now = parts.cases.case, parts.cases.local, parts.clock.now()
        if case is None:
            window.body.show_idle_beside(parts.desk.desk, parts.desk.missed_calls, local, now)
        else:
            window.body.show_beside(case, parts.desk.machine(case.kiosk), local, now)

    def _paint_middle(self) -> None:
        window, parts = self._window, self._window.parts
        case, local = parts.cases.case, parts.cases.local
        now = parts.clock.now()
        for piece in case.evidence if case is not None else []:
            if piece.media_type.startswith("image/"):
                parts.pictures.want(piece.digest)
        parts.voucher.follow(case)
        parts.books.pages.follow(case)
        window.body.middle.record.voucher.thumb.set_image(parts.books.pages.first)
        if case is None:
            window.body.show_idle(parts.desk.desk, local, now)
        else:
            window.body.show_case(case, local, now, parts.voucher.checked)

    def _turn_page(self) -> None:
        self._window.body.middle.turn()
        self._keep_focus()

    def _paint_frame(self) -> None:
        """Bars, keys, title: what stands around the middle."""
        window, parts = self._window, self._window.parts
        case, local, desk = parts.cases.case, parts.cases.local, parts.desk.desk
        if case is None:
            models, key = idle_keys(desk, local), parts.desk.key()
        else:
            models, main = case_keys(case, local), parts.cases.key()
            assert main is not None
            key = main
        window.top.show_state(desk, case, local)
        window.bar.show_keys(BARS[case is None], models)
        window.bar.show_main(key, self._since)
        troubled = case is not None and scene(case, local) is Scene.TROUBLE
        choices = len(case.trouble.choices) if troubled and case is not None and case.trouble is not None else 0
        window.keys.update(idle=case is None, choices=choices, sections=len(window.body.middle.form.form.sections()))
        self._offline(local.offline_since, parts.clock.now())
        if local.ring is None:
            window.setWindowTitle(window.kit.say(t("teller.window")))

    def _keep_focus(self) -> None:
        """Another scene: the cursor waits at the window instead of jumping to whatever is left."""
        window = self._window
        page = window.body.middle.currentIndex()
        if page != self._page:
            self._page = page
            if not window.popups.open_above():
                window.setFocus()

    def _offline(self, since: datetime | None, now: datetime) -> None:
        self._window.offline.set_waited((now - since).total_seconds() if since is not None else None)

    def _since(self, key: MainKey) -> float | None:
        # The key counts on by itself with the machine's own monotonic clock.
        if key.since is None:
            return time.monotonic()
        return time.monotonic() - max(0.0, (self._window.parts.clock.now() - key.since).total_seconds())

    def tick(self) -> None:
        """Once a second: clocks, and what waits for a picture of one's own."""
        self.paint_in_turns()
