"""The engineer's window on a small screen: never wider than 960 px, nothing cut, whatever it has to say."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from common.wire.base import Amount
from common.wire.cash import ReplenishmentView
from tests.ui.engineer.test_window import KINDS, cells, window
from tests.ui.vtm.cases import AT
from ui.engineer_app.window import EngineerWindow
from ui.kit.inspection import cut_words, outside_parent
from ui.kit.texts.book import Lang

__all__ = ["window"]
LEAST = 960
MANY: dict[str, Any] = {
    "command.error": {
        "effect": "says an error",
        "params": {"service": "", "command": "", "code": "hardwareError", "error_code": "", "unit": ""},
        "triggers": ["next", "nth", "chance"],
    }
}
REFERENCES = [f"S-0312-0{number}" for number in range(1, 5)]


def task(state: str, **more: Any) -> ReplenishmentView:
    people = ["E-01", "E-02"]
    return ReplenishmentView.model_validate(
        {"id": "r", "machine": "K-02", "state": state, "raised_at": AT, "changed_at": AT, "raised_by": "system",
         "custodians": people, **more}
    )  # fmt: skip


def fits(window: EngineerWindow) -> None:
    for _ in range(3):  # what scrolls is laid out a turn later
        QApplication.processEvents()
    assert window.minimumSizeHint().width() <= LEAST
    assert window.width() == LEAST
    assert outside_parent(window) == []
    assert cut_words(window) == []


@pytest.fixture(params=["zh", "en"])
def small(window: EngineerWindow, request: pytest.FixtureRequest) -> EngineerWindow:
    lang: Lang = request.param
    window.kit.theme.apply(QApplication.instance())  # type: ignore[arg-type]
    window.kit.language.set_current(lang)
    window.resize(LEAST, 617)
    window.show()
    return window


def test_each_page_fits_the_smallest_window(small: EngineerWindow) -> None:
    for name in ("status", "counts", "faults", "trace", "tests", "cash"):
        small.tabs.segment(name).click()
        fits(small)


@pytest.mark.parametrize("moment", ["next", "nth", "chance"])
def test_a_fault_with_its_moment_and_parameters_fits(small: EngineerWindow, moment: str) -> None:
    small.tabs.segment("faults").click()
    page = small.faults
    page._kinds = KINDS | MANY
    for kind in (*KINDS, *MANY):
        page.kinds.row_chosen.emit(kind)
        page.moment.kind.segment(moment).click()
        fits(small)


def test_a_finished_task_with_references_fits(small: EngineerWindow) -> None:
    small.tabs.segment("cash").click()
    small.task.task = task("done", difference=Amount(minor=-30_000), suspense=REFERENCES)  # type: ignore[attr-defined]
    small.task.changed.emit()  # type: ignore[attr-defined]
    fits(small)


def test_a_lost_machine_widens_nothing(small: EngineerWindow) -> None:
    small.link.looked.emit(None)  # type: ignore[attr-defined]
    fits(small)


def test_the_state_of_a_unit_is_seen_in_a_narrow_window(small: EngineerWindow) -> None:
    small.resize(1097, 617)
    small.tabs.segment("counts").click()
    QApplication.processEvents()
    table = small.counts.table
    state = [small.kit.say(column.title) for column in table.table_model.columns].index(
        small.kit.tr("engineer.col_state")
    )
    assert table.columnViewportPosition(state) + table.columnWidth(state) <= table.viewport().width()
    assert table.columnWidth(0) >= 100, "its name too"
    assert cells(table)[1][state]
    small.resize(LEAST, 617)
    QApplication.processEvents()
    assert table.columnWidth(0) >= 100, "thresholds give way"
