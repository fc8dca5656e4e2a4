"""What a key, a button of the bar or an entry of the palette does. One place, so that all three do the same."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from common.wire.authorisation import Decision
from ui.authoriser_app.decisions import reject_question, return_question
from ui.authoriser_app.keys import Act
from ui.authoriser_app.state import Phase

if TYPE_CHECKING:
    from ui.authoriser_app.window import AuthoriserWindow

_BUTTONS = ("main", "return", "reject", "accept", "refresh", "help")


class Actions(QObject):
    """Dispatches by id."""

    def __init__(self, window: "AuthoriserWindow") -> None:
        super().__init__(window)
        self._window = window
        self._table: dict[str, Callable[[], object]] = {
            "main": self.main,
            "return": lambda: self.ask(Decision.RETURN),
            "reject": lambda: self.ask(Decision.REJECT),
            "accept": window.parts.desk.toggle,
            "refresh": self.refresh,
            "look": window.parts.tasks.next_difference,
            "zoom": self.space,
            "rotate": lambda: self.zoom(self._focused(), turned=True),
            "voucher": self.voucher,
            "left": lambda: self._region(0),
            "middle": lambda: self._region(1),
            "right": lambda: self._region(2),
            "help": lambda: window.popups.open_help(),
            "palette": lambda: window.popups.open_palette(),
            "suspense": lambda: window.popups.open_suspense(),
            "registers": lambda: window.popups.open_registers(),
            "close": lambda: window.popups.close_all(),
            "language": self.language,
            "theme": self.theme,
        }

    def do(self, id: str) -> None:
        """A shortcut or the palette; keys that stand in the bar go through their button, guard and face included."""
        if self._window.popups.above():
            return
        if id in _BUTTONS:
            self._window.bar.key(id).press()
        else:
            self._table[id]()

    def do_from_bar(self, id: str) -> None:
        """A button of the bar was pressed, by hand or by its key."""
        self._table[id]()

    def main(self) -> None:
        """F9."""
        tasks, desk = self._window.parts.tasks, self._window.parts.desk
        act = self._window.painter_.main().act
        acts: dict[Act, Callable[[], object]] = {
            Act.NEXT_DIFFERENCE: tasks.next_difference,
            Act.APPROVE: lambda: tasks.decide(Decision.APPROVE),
            Act.LOAD_AGAIN: tasks.load_again,
            Act.RESUME: lambda: desk.set_accepting(True),
            Act.GO_ON: tasks.go_on,
        }
        if act in acts:
            acts[act]()

    def ask(self, decision: Decision) -> None:
        """F7, F8."""
        review = self._window.parts.tasks.review
        if review.task is None or review.phase is not Phase.REVIEWING:
            return
        lang = self._window.kit.language.current
        reject = decision is Decision.REJECT
        question = reject_question(review.task) if reject else return_question(review.task, lang)
        self._window.popups.ask(question, self._window.parts.tasks.decide)

    def refresh(self) -> None:
        """F5: the figures, and what could not be fetched of the task."""
        self._window.parts.desk.refresh()
        self._window.parts.tasks.load_again()

    # --- looking closely ------------------------------------------------------------------------------------

    def space(self) -> None:
        """Space presses the focused button; on a picture it looks at it closely."""
        button = self._window.focused_button()
        if button is not None:
            button.click()
        else:
            self.zoom(self._focused())

    def _focused(self) -> str:
        focused = QApplication.focusWidget()
        exhibits = self._window.body.task.people.exhibits()
        return next((one.kind.value for one in exhibits if one.box is focused), "portrait")

    def zoom(self, kind: str, *, turned: bool = False) -> None:
        """Open the viewer at a picture."""
        if not self._window.popups.above():
            self._window.popups.open_viewer(self._window.body.task.people.picture_list(), kind, turned=turned)

    def voucher(self) -> None:
        """V: the whole draft."""
        task = self._window.parts.tasks.review.task
        if task is not None and not self._window.popups.above():
            self._window.popups.open_voucher(task)

    # --- window ---------------------------------------------------------------------------------------------

    def _region(self, number: int) -> None:
        body = self._window.body
        if self._window.phase is Phase.IDLE:
            regions: tuple[QWidget, ...] = (body.idle.left, body.idle.recent, body.idle.recent)
        else:
            regions = (body.task.people, body.task.middle, body.task.right)
        for widget in (regions[number], *regions[number].findChildren(QWidget)):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def language(self) -> None:
        """The other language."""
        language = self._window.kit.language
        language.set_current("en" if language.current == "zh" else "zh")

    def theme(self) -> None:
        """Light or dark."""
        theme = self._window.kit.theme
        theme.set_name("dark" if theme.name == "light" else "light")
        self._window.top.theme_button.set_icon("sun" if theme.name == "dark" else "moon")
