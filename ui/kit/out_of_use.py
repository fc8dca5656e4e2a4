"""A window whose signalling has ended for good: shut to its person, who may sign on again."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from common.errors import AppError, UserError
from ui.kit.base import Label, named
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.overlays import Dialog
from ui.kit.texts.words import t


class OutOfUse:
    """The sentence over the whole window, which takes no key and no click until somebody has signed on again.

    Only the person is shut out. What the window had already sent to the server or to the machine goes its way to its
    end and is told to the server: nothing that moves money is cut off.

    Args:
        why: code of the sentence. on_again: the person wants to sign on.
    """

    def __init__(self, kit: Kit, window: QWidget, why: str, on_again: Callable[[], object]) -> None:
        self._kit = kit
        words = kit.language.error(UserError(why))
        self.dialog = Dialog(kit, window, words, t("signon.again_note"), dismissable=False)
        self._problem = named(Label(kit, "", tone="bad", wrap=True), "out_of_use.problem")
        self._button = named(Button(kit, t("signon.again"), kind="primary"), "out_of_use.again")
        # Not a verb of the dialog: those close it at once, and the window stays shut until the server has agreed.
        self._button.clicked.connect(self._again)
        self._on_again = on_again
        self.dialog.body.addWidget(self._problem)
        self.dialog.body.addWidget(self._button)
        self.dialog.open(self._button)

    def _again(self) -> None:
        if not self._button.busy:
            self._problem.set_words("")
            self._button.set_busy(True)
            self._on_again()

    def ready(self, error: AppError | None = None) -> None:
        """Signing on did not come about; say why, and let the person try again."""
        self._button.set_busy(False)
        self._problem.set_words(self._kit.language.error(error) if error is not None else "")
        self.dialog.scrim.relayout()

    def close(self) -> None:
        """Signed on: the window is its person's again."""
        self.dialog.close_dialog()
        self.dialog.scrim.deleteLater()
