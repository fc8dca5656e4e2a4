"""Telling a person something, or asking, without ever stopping the event loop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtWidgets import QWidget

from common.errors import AppError
from ui.kit.buttons import Kind
from ui.kit.kit import Kit
from ui.kit.overlays import Dialog, ToastArea
from ui.kit.texts.words import T, Words, t


@dataclass(frozen=True)
class Choice:
    """A verb of a question."""

    key: str
    words: Words
    kind: Kind = ""
    cap: str = ""


class Alerts(Protocol):
    """What presenters see. None of these waits."""

    def info(self, words: Words, *, undo: Callable[[], object] | None = None) -> None:
        """Something is done; ``undo`` adds the verb for 8 s."""

    def warn(self, words: Words) -> None:
        """Something needs a look."""

    def error(self, error: AppError | Words, *, retry: Callable[[], object] | None = None) -> None:
        """Something failed; stays until pressed."""

    def ask(
        self, title: Words, text: Words | None, choices: Sequence[Choice], on_choice: Callable[[str], object]
    ) -> None:
        """A question; ``on_choice`` gets the key, or an empty string when it was closed."""


class WindowAlerts:
    """Toasts over a region and dialogs over a window."""

    def __init__(self, kit: Kit, window: QWidget, region: QWidget | None = None) -> None:
        self.kit, self._window = kit, window
        self.toasts = ToastArea(kit, region or window)
        self.dialog: Dialog | None = None

    def info(self, words: Words, *, undo: Callable[[], object] | None = None) -> None:
        action = t("common.undo") if undo is not None else None
        self.toasts.show_toast(words, "ok", action, undo, "Ctrl Z" if undo is not None else "")

    def warn(self, words: Words) -> None:
        self.toasts.show_toast(words, "warn")

    def error(self, error: AppError | Words, *, retry: Callable[[], object] | None = None) -> None:
        words = self.kit.language.error(error) if isinstance(error, AppError) else error
        self.toasts.show_toast(words, "bad", t("common.retry") if retry is not None else None, retry)

    def ask(
        self, title: Words, text: Words | None, choices: Sequence[Choice], on_choice: Callable[[str], object]
    ) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
        dialog = Dialog(self.kit, self._window, title, text)
        for choice in choices:
            dialog.add_button(choice.key, choice.words, choice.kind, choice.cap)
        dialog.chosen.connect(lambda key: self._answered(dialog, key, on_choice))
        dialog.dismissed.connect(lambda: self._answered(dialog, "", on_choice))
        self.dialog = dialog
        dialog.open()

    def _answered(self, dialog: Dialog, key: str, on_choice: Callable[[str], object]) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.scrim.deleteLater()
        on_choice(key)


@dataclass
class RecordingAlerts:
    """For tests: keeps what was said; ``answers`` are given to the questions in turn."""

    said: list[tuple[str, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    questions: list[tuple[Words, tuple[Choice, ...]]] = field(default_factory=list)

    def info(self, words: Words, *, undo: Callable[[], object] | None = None) -> None:
        self.said.append(("info", _code(words)))

    def warn(self, words: Words) -> None:
        self.said.append(("warn", _code(words)))

    def error(self, error: AppError | Words, *, retry: Callable[[], object] | None = None) -> None:
        self.said.append(("error", error.code if isinstance(error, AppError) else _code(error)))

    def ask(
        self, title: Words, text: Words | None, choices: Sequence[Choice], on_choice: Callable[[str], object]
    ) -> None:
        self.questions.append((title, tuple(choices)))
        on_choice(self.answers.pop(0) if self.answers else "")


def _code(words: Words) -> str:
    return words.code if isinstance(words, T) else words
