"""The language of a window, switched at run time: widgets bound to a text follow at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.errors import AppError
from ui.kit.texts.book import Lang, TextBook
from ui.kit.texts.words import T, Words


class Language(QObject):
    """The present language of one app. Owned by the app and passed in; there is no global one."""

    changed = Signal()

    def __init__(self, book: TextBook, current: Lang = "zh", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book = book
        self.current: Lang = current

    def set_current(self, current: Lang) -> None:
        """Switch; everything bound is rewritten before this returns."""
        if current != self.current:
            self.current = current
            self.changed.emit()

    def text(self, code: str, **params: Any) -> str:
        """The sentence for a code in the present language."""
        return self.book.text(self.current, code, params)

    def words(self, words: Words) -> str:
        """Data as it is, a code as its sentence."""
        return self.book.words(self.current, words)

    def error(self, error: AppError) -> T:
        """The words for an error."""
        return self.book.error(error)


class Bound(QObject):
    """One text of one widget. A child of the widget, so it ends with it."""

    def __init__(self, owner: QObject, language: Language, setter: Callable[[str], object], words: Words) -> None:
        super().__init__(owner)
        self._language = language
        self._setter = setter
        self._words = words
        language.changed.connect(self.refresh)
        self.refresh()

    def set_words(self, words: Words) -> None:
        """Show something else."""
        if words != self._words:
            self._words = words
            self.refresh()

    @property
    def words(self) -> Words:
        """What is shown."""
        return self._words

    def refresh(self) -> None:
        """Write the text again."""
        self._setter(self._language.words(self._words))
