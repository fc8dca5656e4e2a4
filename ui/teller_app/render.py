"""Paints the window from case and local state: once after each change, and once a second for the clocks."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.kit.texts.words import t
from ui.teller_app.bar import BARS
from ui.teller_app.commands import case_keys, idle_keys
from ui.teller_app.next_step import MainKey
from ui.teller_app.presenter import Scene, scene

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow


class Painter(QObject):
    """Knows the order of painting."""

    def __init__(self, window: "TellerWindow") -> None:
        super().__init__(window)
        self._window = window
        self._page = -1
        self._beside_soon = QTimer(self)
        self._beside_soon.setSingleShot(True)
        self._beside_soon.setInterval(0)
        self._beside_soon.timeout.connect(self._paint_beside)

    def paint(self) -> None:
        """Everything that depends on case, desk and local state."""
        self._paint_front()
        self._paint_beside()

    def paint_in_turns(self) -> None:
        """The same in two turns of the event loop: a change of scene must not hold up the call's picture."""
        self._paint_front()
        self._beside_soon.start()

    def _paint_beside(self) -> None:
        self._beside_soon.stop()
        window, parts = self._window, self._window.parts
        case, local, now = parts.cases.case, parts.cases.local, parts.clock.now()
        if case is None:
            window.body.show_idle_beside(parts.desk.desk, parts.desk.missed_calls, local, now)
        else:
            window.body.show_beside(case, parts.desk.machine(case.kiosk), local, now)

    def _paint_front(self) -> None:
        window, parts = self._window, self._window.parts
        case, local, desk = parts.cases.case, parts.cases.local, parts.desk.desk
        now = parts.clock.now()
        for piece in case.evidence if case is not None else []:
            if piece.media_type.startswith("image/"):
                parts.pictures.want(piece.digest)
        parts.voucher.follow(case)
        parts.books.pages.follow(case)
        window.body.middle.record.voucher.thumb.set_image(parts.books.pages.first)
        if case is None:
            window.body.show_idle(desk, local, now)
            models, key = idle_keys(desk, local), parts.desk.key()
        else:
            window.body.show_case(case, local, now, parts.voucher.checked)
            models, main = case_keys(case, local), parts.cases.key()
            assert main is not None
            key = main
        window.top.show_state(desk, case, local)
        window.bar.show_keys(BARS[case is None], models)
        window.bar.show_main(key, self._since)
        self._keep_focus()
        troubled = case is not None and scene(case, local) is Scene.TROUBLE
        choices = len(case.trouble.choices) if troubled and case is not None and case.trouble is not None else 0
        window.keys.update(idle=case is None, choices=choices, sections=len(window.body.middle.form.form.sections()))
        self._offline(local.offline_since, now)
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
        self.paint()
