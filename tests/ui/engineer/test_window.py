"""The engineer's window over a machine that only signals."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal

from common.clock import SystemClock
from common.wire.cash import ProposalView, ReplenishmentView
from devices.client.counts import Counts, UnitCount
from devices.client.probe import ServiceLook, flat
from devices.hands.client import HandsView
from tests.ui.vtm.cases import AT
from ui.engineer_app.cash_page import CashPage
from ui.engineer_app.link import MachineLook
from ui.engineer_app.trace import TraceBook
from ui.engineer_app.window import EngineerWindow
from ui.kit.kit import make_kit

UNIT = UnitCount("unit1", "100A", "recycle", "CNY", 10_000, 2500, "ok", "low", {10_000: 90}, {}, {}, {}, {}, {})
VIEW = HandsView({}, {}, False, ({"fault": "card.jam", "in": 1},), {"card.jam": {"effect": "stops", "params": {}}})


def message(number: int, name: str = "Common.Status", kind: str = "command") -> dict[str, Any]:
    body = {"header": {"type": kind, "name": name, "requestId": number}}
    return {"number": number, "conn": "CardReader-1", "dir": ">", "msg": body}


class QuietLink(QObject):
    """Signals what a test says; notes what is asked for."""

    looked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []

    def inject(self, *words: Any) -> None:
        self.asked.append(words[:2])

    def clear_faults(self, *words: Any) -> None:
        self.asked.append(("clear",))

    def test(self, *words: Any) -> None:
        self.asked.append(words[:1])


class QuietCash(QObject):
    """A task as a test sets it."""

    changed, coded, failed = Signal(), Signal(str), Signal(object)
    task: ReplenishmentView | None = None
    mine, counting = True, False

    def fetch(self) -> None:
        """Nobody to ask."""

    raise_task = join = close_safe = take_over = fetch

    def open_safe(self, first: str, second: str) -> None:
        self.codes = (first, second)


@pytest.fixture
def window(qtbot: Any, tmp_path: Path) -> EngineerWindow:
    link, cash = QuietLink(), QuietCash()
    made = EngineerWindow(make_kit(strict=True), cast(Any, link), cast(Any, cash), "K-02", tmp_path, SystemClock())
    made.link, made.cash = link, cash  # type: ignore[attr-defined]
    qtbot.addWidget(made)
    services = (ServiceLook("CardReader", ("CardReader",), {"common.device": "online"}),)
    messages = (message(1), message(2, "CardReader.Move"))
    link.looked.emit(MachineLook(services, Counts((UNIT,)), VIEW, messages, ("CardReader: Common.Status",)))
    return made


def cells(table: Any) -> list[list[str]]:
    model = table.table_model
    return [
        [model.data(model.index(row, column)) for column in range(len(model.columns))] for row in range(len(model.rows))
    ]


def test_one_look_fills_every_page(window: EngineerWindow) -> None:
    assert [row[0].strip() for row in cells(window.tree)] == ["CardReader", "CardReader"]
    assert cells(window.status.table) == [["common.device", "online"]]
    assert cells(window.counts.table)[0][:5] == ["100A", "recycle", "100", "90", "2500"]
    assert cells(window.faults.board) == [["card.jam", "1"]]
    assert cells(window.tests.table)[0][0] == "CardReader: Common.Status"
    assert [row[3] for row in cells(window.trace.table)] == ["command CardReader.Move"]


def test_a_machine_that_is_gone_leaves_the_last_look(window: EngineerWindow) -> None:
    window.link.looked.emit(None)  # type: ignore[attr-defined]
    assert not window.lost.isHidden()
    assert len(cells(window.counts.table)) == 1


def test_a_fault_is_put_on_the_board_and_a_test_is_run(window: EngineerWindow) -> None:
    window.faults.kinds.row_chosen.emit("card.jam")
    window.faults.when.set_value("3")
    window.faults.inject.click()
    window.tests.table.row_chosen.emit("CardReader: Common.Status")
    window.tests.run.click()
    assert window.link.asked == [("card.jam", 3), ("CardReader: Common.Status",)]  # type: ignore[attr-defined]


def test_messages_are_filtered_and_saved_as_json_lines(window: EngineerWindow, tmp_path: Path) -> None:
    window.trace.wanted.set_value("status")
    window.trace.paint_rows()
    assert [row[3] for row in cells(window.trace.table)] == ["command Common.Status"]
    window.trace.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["msg"]["header"]["name"] == "Common.Status"


def test_the_task_shows_the_one_thing_to_do(window: EngineerWindow) -> None:
    cash = window.cash  # type: ignore[attr-defined]
    proposal = ProposalView(unit="unit1", face=100, now=90, target=1250, reason="low")
    page = window.pages.widget(5)
    assert isinstance(page, CashPage)
    for state, shown in (("raised", page.join), ("accepted", page.open), ("open", page.done), ("done", page.new)):
        cash.task = ReplenishmentView(
            id="r", machine="K-02", state=state, raised_at=AT, changed_at=AT, raised_by="system", proposals=[proposal]
        )
        cash.changed.emit()
        assert not shown.isHidden(), state
    assert cells(page.table)[0][:4] == ["unit1", "100", "90", "1250"]


def test_a_machine_started_anew_begins_a_new_record() -> None:
    book = TraceBook()
    book.add([message(7), message(8)], AT)
    book.add([message(1, "Common.Cancel")], AT)
    assert [line.serial for line in book.lines()] == [1]
    assert flat({"a": {"b": [1, {"c": "d"}]}}) == {"a.b.0": "1", "a.b.1.c": "d"}
