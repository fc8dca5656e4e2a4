"""A question over the page, in kiosk size. Nothing is lost by not answering."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.base import Label, hbox, vbox
from ui.kit.kiosk import KioskButton
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.texts.words import Words


class Ask(QFrame):
    """A sentence, a line, one or two buttons.

    Args:
        choices: key, words, icon, kind; a button's object name is ``<name>.<key>``.

    Signals:
        answered(str): key of the button.
    """

    answered = Signal(str)

    def __init__(
        self, kit: Kit, window: QWidget, name: str, title: Words, choices: Sequence[tuple[str, Words, str, str]]
    ) -> None:
        super().__init__()
        self.setProperty("role", "dialog")
        self.setObjectName(name)
        self.setFixedWidth(888)
        self.title = Label(kit, title, "step", wrap=True)
        self.text = Label(kit, "", "hint", wrap=True)
        buttons = hbox(gap=32)
        for key, words, icon, kind in choices:
            button = KioskButton(kit, words, icon, kind)
            button.setObjectName(f"{name}.{key}")
            button.clicked.connect(lambda _=False, key=key: self._answer(key))
            buttons.addWidget(button)
        self.setLayout(vbox(self.title, self.text, hbox(), buttons, gap=24, margins=(56, 48, 56, 56)))
        self._scrim = Scrim(kit, window, self, dismissable=False)

    @property
    def is_open(self) -> bool:
        """Whether it is being asked."""
        return self._scrim.isVisible()

    def open(self, text: Words) -> None:
        """Ask, or change the line under the question."""
        self.text.set_words(text)
        if not self.is_open:
            self._scrim.open(self)

    def close_ask(self) -> None:
        """Do not ask any more."""
        self._scrim.close_popup()

    def _answer(self, key: str) -> None:
        self.close_ask()
        self.answered.emit(key)
