"""Signing on: the credentials file and the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from common.credentials import password_from
from common.errors import UserError
from ui.kit.base import Label
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.sign_on import SignOnWindow


def test_the_password_of_a_login_is_found(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text('{"passwords": {"T-03": "secret"}}', encoding="utf-8")
    assert password_from(file, "T-03") == "secret"


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"passwords": {"T-04": "x"}}', '{"passwords": null}'])
def test_a_file_without_it_is_an_error_that_names_only_the_file(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "c.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        password_from(file, "T-03")
    assert (error.value.code, dict(error.value.params)) == ("signon.credentials", {"file": "c.json"})


class Opened:
    """The window, and what it handed over."""

    def __init__(self, kit: Kit, qtbot: QtBot) -> None:
        self.tried: list[tuple[str, str]] = []
        self.window = SignOnWindow(kit, "T-03", lambda *words: self.tried.append(words))
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.edit = self.window.findChildren(QLineEdit)[-1]
        found = self.window.findChild(Button, "signon.button")
        problem = self.window.findChild(Label, "signon.problem")
        assert found is not None
        assert problem is not None
        self.button, self.problem = found, problem


@pytest.fixture
def opened(kit: Kit, qtbot: QtBot) -> Opened:
    return Opened(kit, qtbot)


def test_enter_and_the_button_hand_over_number_and_password(opened: Opened) -> None:
    assert opened.edit.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(opened.edit, "secret")
    QTest.keyClick(opened.window, Qt.Key.Key_Return)
    assert opened.tried == [("T-03", "secret")]


def test_while_one_try_runs_there_is_no_second(opened: Opened) -> None:
    for _ in range(3):
        QTest.keyClick(opened.window, Qt.Key.Key_Return)
    assert len(opened.tried) == 1
    assert opened.button.busy


def test_a_refusal_is_said_and_can_be_mended(opened: Opened) -> None:
    QTest.keyClicks(opened.edit, "wrong")
    QTest.keyClick(opened.window, Qt.Key.Key_Return)
    opened.window.failed(UserError("auth.bad_credentials"))
    assert opened.problem.text() == "工号或密码不对，请再输一次"
    assert not opened.button.busy
    assert opened.edit.selectedText()
    QTest.keyClicks(opened.edit, "right")
    QTest.keyClick(opened.window, Qt.Key.Key_Return)
    assert opened.tried[-1] == ("T-03", "right")
    assert opened.problem.text() == ""


def test_closing_it_is_told(opened: Opened, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.window.closed):
        opened.window.close()
