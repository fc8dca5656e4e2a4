"""What every kit widget needs from its app: the theme and the language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ui.kit.language import Bound, Language
from ui.kit.texts.book import Lang, TextBook
from ui.kit.texts.words import Words
from ui.kit.theme import Sheet, Theme, ThemeName


@dataclass(frozen=True)
class Kit:
    """Theme and language of one app, handed to every widget as its first argument."""

    theme: Theme
    language: Language

    def say(self, words: Words) -> str:
        """The words in the present language."""
        return self.language.words(words)

    def tr(self, code: str, **params: Any) -> str:
        """The sentence for a code in the present language."""
        return self.language.text(code, **params)

    def color(self, role: str) -> QColor:
        """The colour of a token role in the present theme."""
        return self.theme.color(role)

    def bind(self, owner: QObject, setter: Callable[[str], object], words: Words) -> Bound:
        """Keep a text of a widget in the present language: ``kit.bind(w, w.setToolTip, t("teller.mute"))``."""
        return Bound(owner, self.language, setter, words)


def make_kit(*, theme: ThemeName = "light", sheet: Sheet = "staff", lang: Lang = "zh", strict: bool = False) -> Kit:
    """A kit with its own theme and language; the app still calls ``kit.theme.apply(app)``."""
    return Kit(Theme(theme, sheet), Language(TextBook(strict=strict), lang))
