"""The bar at the top: place and seat, search, queue, delay of the call, language, theme, who is signed on."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from common.wire.cases import CaseView
from common.wire.desk import DeskView
from common.wire.sessions import UserView
from ui.kit.base import IconLabel, Label, Tag, TagTone, frame, hbox, named
from ui.kit.business import business
from ui.kit.buttons import Button, IconButton, KeyCap
from ui.kit.kit import Kit
from ui.kit.panels import TopBar
from ui.kit.texts.words import t
from ui.teller_app.local import CallPhase, Local

_SEAT: dict[str, tuple[TagTone, str]] = {
    "ready": ("ok", "check"),
    "break": ("", "cup"),
    "after_call": ("", "pen"),
    "busy": ("", "x-circle"),
    "serving": ("accent", "phone"),
}


class SearchBox(QFrame):
    """Looks like a field, opens the palette.

    Signals:
        pressed().
    """

    pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        self.setFixedSize(336, 32)
        words = Label(kit, t("teller.search"), "label", "faint", elide=True)
        row = hbox(IconLabel(kit, "search", "text-3"), gap=8, margins=(10, 0, 8, 0))
        row.addWidget(words, 1)
        row.addWidget(KeyCap(kit, "Ctrl K"))
        self.setLayout(row)
        kit.bind(self, self.setAccessibleName, t("teller.search"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class TellerTopBar(TopBar):
    """The teller's bar.

    Signals:
        search(): palette. language(): switch. theme(): switch. drawer(): the left region.
    """

    search = Signal()
    language = Signal()
    theme = Signal()
    drawer = Signal()

    def __init__(self, kit: Kit, user: UserView, parent: QWidget | None = None) -> None:
        seat = user.seat or user.number
        super().__init__(kit, t("teller.place", branch=user.branch, seat=seat), parent)
        self.case_button = named(Button(kit, "", icon="list", cap="Ctrl 1"), "teller.caseDrawer")
        self.case_button.clicked.connect(lambda: self.drawer.emit())
        self.left.addWidget(self.case_button)
        self.box = named(SearchBox(kit), "teller.search")
        self.box.pressed.connect(self.search)
        self.left.addWidget(self.box)
        self.search_button = named(Button(kit, "", icon="search", cap="Ctrl K"), "teller.searchButton")
        self.search_button.setAccessibleName(kit.say(t("teller.search")))
        self.search_button.clicked.connect(lambda: self.search.emit())
        self.right.addWidget(self.search_button)
        self._queue_words = Label(kit, t("teller.queue_word"), "label")
        self._queue = named(Label(kit, "0", "strong"), "teller.queueCount")
        self.right.addWidget(_item(IconLabel(kit, "users", "text-2"), self._queue_words, self._queue))
        self._delay_icon = IconLabel(kit, "signal", "text-3")
        self._delay = named(Label(kit, "", "label"), "teller.delay")
        self._delay_item = _item(self._delay_icon, self._delay)
        self.right.addWidget(self._delay_item)
        self.add_divider()
        self.language_button = named(
            Button(kit, t("teller.language_now"), "quiet", "s", icon="globe"), "teller.language"
        )
        self.language_button.clicked.connect(lambda: self.language.emit())
        self.theme_button = named(IconButton(kit, "moon", t("teller.theme"), fit="s"), "teller.theme")
        self.theme_button.clicked.connect(lambda: self.theme.emit())
        self.right.addLayout(hbox(self.language_button, self.theme_button, gap=4))
        self._tag = named(Tag(kit), "teller.seatState")
        self.right.addLayout(hbox(Label(kit, user.name, "strong"), self._tag, gap=6))

    def set_mode(self, mode: str) -> None:
        """L, M, S or XS."""
        narrow = mode == "XS"
        self.place.setVisible(not narrow)
        self.box.setVisible(not narrow)
        self.search_button.setVisible(narrow)
        self.case_button.setVisible(narrow)
        self._queue_words.setVisible(not narrow)

    def show_state(self, desk: DeskView | None, case: CaseView | None, local: Local) -> None:
        """Paint queue, delay and the seat's state."""
        self._queue.set_words(str(len(desk.queue)) if desk is not None else "–")
        live = local.call is CallPhase.LIVE and local.rtt_ms is not None
        self._delay_item.setVisible(live)
        if live and local.rtt_ms is not None:
            good = local.rtt_ms < 200
            self._delay_icon.set_icon("signal", "ok" if good else "warn")
            self._delay.set_words(f"{local.rtt_ms} ms")
            self._delay.set_tone("ok" if good else "warn")
        if local.ring is not None and case is None:
            self._tag.set_tag(t("teller.seat_ringing"), "warn", "bell")
        else:
            state = (
                "serving" if case is not None and not local.read_only else desk.state if desk is not None else "break"
            )
            known = state if state in _SEAT else "busy"
            self._tag.set_tag(t(f"teller.seat_{known}"), *_SEAT[known])
        words = t("teller.drawer_case", what=business(case.scenario, case.title)) if case else t("teller.my_state")
        self.case_button.set_words(words)


def _item(*parts: QWidget) -> QFrame:
    return frame("plain", hbox(*parts, gap=6))
