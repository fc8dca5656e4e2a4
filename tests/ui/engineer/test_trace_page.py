"""The page of messages: when a message was, the whole of it, and rows that stand still while they are read."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from devices.sim.trace import Trace
from tests.ui.engineer.test_window import cells, message, window
from tests.ui.vtm.cases import AT
from ui.engineer_app.link import MachineLook
from ui.engineer_app.trace import OwnMessages, read_line
from ui.engineer_app.trace_page import ROW_HEIGHT
from ui.engineer_app.window import EngineerWindow
from ui.kit.texts.book import Lang

__all__ = ["window"]
THEN = datetime(2036, 5, 20, 2, 42, 17, 123_000, tzinfo=UTC)


class Turning:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.at = THEN

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def monotonic(self) -> float:
        return 0.0


def add(window: EngineerWindow, *numbers: int) -> None:
    window.show_look(MachineLook(messages=tuple(message(number, "CardReader.Move") for number in numbers)))
    QApplication.processEvents()


@pytest.fixture
def page(window: EngineerWindow) -> Any:
    window.tabs.segment("trace").click()
    window.show()
    return window.trace


def test_a_message_has_the_time_it_was_sent_in_this_place(window: EngineerWindow, tmp_path: Path, page: Any) -> None:
    said = message(3, "CardReader.Move") | {"at": THEN.isoformat()}
    window.show_look(MachineLook(messages=(said,)))
    assert cells(page.table)[0][0] == THEN.astimezone().strftime("%H:%M:%S.123")
    page.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines[-1]["at"] == THEN.isoformat(timespec="milliseconds")


@pytest.mark.parametrize("at", [None, "soon", 7, "2036-05-20T10:42:17"])
def test_a_record_that_tells_no_time_has_that_of_the_look(at: object) -> None:
    assert read_line(message(1) | ({} if at is None else {"at": at}), AT).at == AT.isoformat(timespec="milliseconds")


def test_both_records_tell_when_a_message_was(tmp_path: Path) -> None:
    own, trace = OwnMessages(Turning()), Trace(tmp_path / "trace.jsonl", Turning())
    for _ in range(2):
        own.heard(False, "Printer", ">", "{}")
        trace.record("Printer-1", ">", "{}")
    trace.close()
    file = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = ["2036-05-20T02:42:18.123+00:00", "2036-05-20T02:42:19.123+00:00"]
    for lines in (own.take(), trace.since(0), file):
        assert [line["at"] for line in lines] == wanted


def test_the_chosen_message_is_shown_whole(window: EngineerWindow, page: Any) -> None:
    add(window, 10, 11)
    page.table.choose(page.table.table_model.rows[1].key)
    assert json.loads(page.detail.toPlainText()) == message(10, "CardReader.Move")["msg"]
    assert page.detail.toPlainText().startswith('{\n  "header"')
    assert page.detail.isReadOnly()
    add(window, 12)
    assert json.loads(page.detail.toPlainText())["header"]["requestId"] == 10
    assert cells(page.table)[page.table.currentIndex().row()][5] == json.dumps(message(10, "CardReader.Move")["msg"])
    window.trace.wanted.set_value("nothing-like-it")
    page.paint_rows()
    assert page.table.current_key() == ""


def test_rows_stand_still_while_they_are_read(window: EngineerWindow, page: Any) -> None:
    add(window, *range(10, 110))
    bar = page.table.verticalScrollBar()
    bar.setValue(20 * ROW_HEIGHT + 5)
    at_the_edge = page.table.table_model.rows[20].key
    add(window, 110, 111, 112)
    assert page.table.table_model.rows[23].key == at_the_edge
    assert bar.value() == 23 * ROW_HEIGHT + 5
    page.table.choose(page.table.table_model.rows[30].key)
    add(window, 113)
    assert bar.value() == 24 * ROW_HEIGHT + 5
    bar.setValue(0)
    add(window, 114)
    assert bar.value() == 0, "at the newest one the newest come"


def test_rows_stand_still_when_the_table_is_full(window: EngineerWindow, page: Any) -> None:
    add(window, *range(10, 600))
    bar = page.table.verticalScrollBar()
    bar.setValue(50 * ROW_HEIGHT)
    add(window, 600, 601)
    assert bar.value() == 52 * ROW_HEIGHT


@pytest.mark.parametrize(
    ("lang", "none", "hint"),
    [("zh", "没有符合筛选的报文", "-词"), ("en", "No message fits the filter", "-word")],
)
def test_an_empty_result_and_the_filter_explain_themselves(
    window: EngineerWindow, page: Any, lang: Lang, none: str, hint: str
) -> None:
    window.kit.language.set_current(lang)
    assert hint in page.wanted.side.text()
    assert hint in page.wanted.edit.placeholderText()
    page.wanted.set_value("zzz")
    page.paint_rows()
    assert page.stack.currentIndex() == 1
    assert page.stack.currentWidget().title.text() == none
    page.wanted.set_value("")
    page.paint_rows()
    assert page.stack.currentIndex() == 0


def test_what_was_saved_is_told_with_its_folder(window: EngineerWindow, tmp_path: Path, page: Any) -> None:
    page.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    assert str(file.resolve()) in window.alerts.toasts._toasts[-1].label.text()
