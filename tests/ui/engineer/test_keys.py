"""The engineer's window without a mouse, and read aloud."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from devices.client.probe import ServiceLook
from tests.ui.engineer.test_window import window
from ui.engineer_app.link import MachineLook
from ui.engineer_app.window import TABS, EngineerWindow
from ui.kit.inspection import double_names, nameless
from ui.kit.texts.book import Lang

__all__ = ["window"]


@pytest.fixture
def shown(window: EngineerWindow, qtbot: QtBot) -> EngineerWindow:
    window.kit.theme.apply(QApplication.instance())  # type: ignore[arg-type]
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def test_each_page_has_its_key(shown: EngineerWindow) -> None:
    for number in (2, 3, 4, 5, 6, 1):
        QTest.keyClick(shown, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert (shown.pages.currentIndex(), shown.tabs.current()) == (number - 1, TABS[number - 1])


def test_f1_prints_the_keys_that_are_installed(shown: EngineerWindow) -> None:
    QTest.keyClick(shown, Qt.Key.Key_F1)
    assert shown.help.isVisible()
    assert [row.cap for row, _ in shown.table.rows()] == ["F1", "F5", *(f"Ctrl {number}" for number in range(1, 7))]
    QTest.keyClick(shown.help, Qt.Key.Key_Escape)
    assert not shown.help.isVisible()


def test_f5_looks_again(shown: EngineerWindow) -> None:
    before = shown.task.fetched  # type: ignore[attr-defined]
    QTest.keyClick(shown, Qt.Key.Key_F5)
    assert shown.task.fetched == before + 1  # type: ignore[attr-defined]


def test_the_focus_has_a_ring(shown: EngineerWindow) -> None:
    shown.tabs.segment("counts").setFocus(Qt.FocusReason.TabFocusReason)
    assert shown.ring.isVisible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_has_a_name_for_a_screen_reader(shown: EngineerWindow, lang: Lang) -> None:
    shown.kit.language.set_current(lang)
    for name in TABS:
        shown.tabs.segment(name).click()
        assert nameless(shown) == []
        assert double_names(shown) == []
        assert [table.accessibleName() for table in shown.findChildren(QTableView) if not table.accessibleName()] == []
    assert shown.tree.accessibleName() == {"zh": "设备", "en": "Devices"}[lang]


def test_the_first_service_is_chosen_and_the_status_page_names_its_service(shown: EngineerWindow) -> None:
    assert (shown.tree.current_key(), shown.status.name.full_text(), shown.status.level.text()) == (
        "CardReader", "CardReader", "正常",
    )  # fmt: skip
    services = tuple(
        ServiceLook(name, (name,), level=level) for name, level in (("CardReader", "ok"), ("Doors", "bad"))
    )
    shown.show_look(MachineLook(services))
    shown.tree.choose("Doors")
    assert (shown.status.name.full_text(), shown.status.level.text()) == ("Doors", "故障")
    shown.show_look(MachineLook(services))
    assert shown.tree.current_key() == "Doors"
