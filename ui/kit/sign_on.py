"""Signing on: from a credentials file, or in a small window of its own."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from common.errors import AppError, UserError
from ui.kit.base import Label, named, vbox
from ui.kit.buttons import Button
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import t

_LOOK_S = 0.05


async def until_there(file: Path, within_s: float) -> None:
    """Wait for a file that another process is about to write.

    Raises:
        UserError: ``signon.credentials`` (``file``): it has not come.
    """
    deadline = time.monotonic() + within_s
    while not await asyncio.to_thread(file.exists):
        if time.monotonic() > deadline:
            raise UserError("signon.credentials", file=file.name)
        await asyncio.sleep(_LOOK_S)


class SignOnWindow(QWidget):
    """Number and password; says what is wrong and stays until it is right.

    Args:
        on_submit: gets login and password; answer with :meth:`failed` or close the window.

    Signals:
        closed(): it has been closed.
    """

    closed = Signal()

    def __init__(self, kit: Kit, login: str, on_submit: Callable[[str, str], object]) -> None:
        super().__init__()
        self.kit, self._on_submit = kit, on_submit
        self.setObjectName("window")
        kit.bind(self, self.setWindowTitle, t("signon.title"))
        self._login = named(TextField(kit, t("signon.login")), "signon.login")
        self._login.set_value(login)
        self._password = named(TextField(kit, t("signon.password")), "signon.password")
        self._password.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = named(Label(kit, "", tone="bad", wrap=True), "signon.problem")
        self._button = named(Button(kit, t("signon.button"), kind="primary"), "signon.button")
        self._button.clicked.connect(self._submit)
        panel = Panel(kit, t("signon.title"))
        panel.body.addLayout(vbox(self._login, self._password, self._problem, self._button, gap=12))
        self.setLayout(vbox(panel, margins=(24, 24, 24, 24)))
        self.setFixedWidth(420)
        self._password.edit.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        if not self._button.busy:
            self._problem.set_words("")
            self._button.set_busy(True)
            self._on_submit(self._login.value(), self._password.value())

    def failed(self, error: AppError) -> None:
        """Say why, and let the person try again."""
        self._button.set_busy(False)
        self._problem.set_words(self.kit.language.error(error))
        self._password.edit.selectAll()
        self._password.edit.setFocus()
