"""The bar at the top: where, figures of the day, language, theme, who is signed on and what he does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from common.wire.authorisation import AuthoriserDesk
from common.wire.sessions import UserView
from ui.authoriser_app.state import Phase
from ui.kit.base import Label, Tag, TagTone, frame, hbox, named
from ui.kit.buttons import Button, IconButton
from ui.kit.kit import Kit
from ui.kit.panels import TopBar
from ui.kit.texts.words import Words, t

_STATES: dict[str, tuple[TagTone, str]] = {
    "accepting": ("ok", "check"),
    "paused": ("", "cup"),
    "reviewing": ("accent", "shield"),
    "offline": ("warn", "wifi-off"),
}


class AuthoriserTopBar(TopBar):
    """The authoriser's bar.

    Signals:
        language(): switch. theme(): switch.
    """

    language = Signal()
    theme = Signal()

    def __init__(self, kit: Kit, user: UserView, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("authoriser.place", number=user.number), parent)
        self._words: list[Label] = []
        self.waiting = self._figure("waiting")
        self.today = self._figure("today")
        self.median = self._figure("median")
        self.add_divider()
        self.language_button = named(
            Button(kit, t("common.language"), "quiet", "s", icon="globe"), "authoriser.language"
        )
        self.language_button.clicked.connect(lambda: self.language.emit())
        self.theme_button = named(IconButton(kit, "moon", t("authoriser.key_theme"), fit="s"), "authoriser.theme")
        self.theme_button.clicked.connect(lambda: self.theme.emit())
        self.right.addLayout(hbox(self.language_button, self.theme_button, gap=4))
        self._tag = named(Tag(kit), "authoriser.state")
        self._name = Label(kit, user.name, "strong")
        self.right.addLayout(hbox(self._name, self._tag, gap=6))

    def _figure(self, key: str) -> Label:
        words = Label(self.kit, t(f"authoriser.top_{key}"), "label")
        value = named(Label(self.kit, "–", "strong"), f"authoriser.top.{key}")
        self.right.addWidget(frame("plain", hbox(words, value, gap=6)))
        return value

    def set_mode(self, mode: str) -> None:
        """L, M, S or XS."""
        self.place.setVisible(mode != "XS")

    def show_state(self, desk: AuthoriserDesk | None, phase: Phase, *, accepting: bool, offline: bool) -> None:
        """Paint figures and state."""
        known = desk is not None
        self.waiting.set_words(str(desk.waiting) if desk is not None else "–")
        self.today.set_words(str(desk.decided) if desk is not None and known else "–")
        median: Words = "–"
        if desk is not None and desk.median_s is not None:
            median = t("authoriser.seconds", n=desk.median_s)
        self.median.set_words(median)
        busy = phase in (Phase.REVIEWING, Phase.DECIDING)
        state = "offline" if offline else "reviewing" if busy else "accepting" if accepting else "paused"
        self._tag.set_tag(t(f"authoriser.state_{state}"), *_STATES[state])
