"""Notes that the machine did not trust, beside the count."""

from typing import Any

from PySide6.QtGui import QImage

from benchmarks.seat import cases
from benchmarks.seat.suspense import AT
from common.wire.cash import SuspectNoteView, SuspectSeriesView
from ui.kit.kit import make_kit
from ui.teller_app.panels.form_scene import CashPanel

DIGEST = "d" * 64


def note(serial: str, fate: str, picture: str = "") -> SuspectNoteView:
    return SuspectNoteView(serial=serial, face=100, level="counterfeit", fate=fate, picture=picture, at=AT)


def test_number_value_and_whereabouts_stand_beside_the_count(qtbot: Any) -> None:
    wanted: list[str] = []

    def picture(digest: str) -> QImage:
        wanted.append(digest)
        return QImage(8, 8, QImage.Format.Format_RGB32)

    panel = CashPanel(make_kit(strict=True, lang="en"), picture)
    qtbot.addWidget(panel)
    panel.show_case(cases.deposit())
    assert panel.suspects.isHidden()
    panel.show_case(cases.deposit(suspects=[note("AB1", "returned", DIGEST), note("CD2", "held")]))
    assert not panel.suspects.isHidden()
    said = [label.text() for label in panel.suspects.findChildren(type(panel.suspects._head))]
    assert "AB1, face 100, looks counterfeit, given back" in said
    assert "CD2, face 100, looks counterfeit, held apart" in said
    assert wanted == [DIGEST]


def series(kind: str, *serials: str, before: int = 0, at_once: bool = False) -> SuspectSeriesView:
    return SuspectSeriesView(kind=kind, serials=list(serials), before=before, report_at_once=at_once)


def test_what_they_have_in_common_is_said_first_with_the_duty_it_brings(qtbot: Any) -> None:
    panel = CashPanel(make_kit(strict=True, lang="en"), lambda _: None)
    qtbot.addWidget(panel)
    found = [
        series("same_number", "AB1", "AB1"), series("same_number", "CD2", before=1), series("run", "EF0007", "EF0008"),
        series("many", "1", "2", "3", "4", "5", at_once=True),
    ]  # fmt: skip
    panel.show_case(cases.deposit(suspects=[note("AB1", "returned")], suspect_series=found))
    said = [
        label.text() for label in panel.suspects.findChildren(type(panel.suspects._head)) if label.isVisibleTo(panel)
    ]
    assert said[2:6] == [
        "5 pieces at once: report to central bank and police without delay",
        "One number, 2 notes: AB1",
        "Number seen at this bank 1 time before: CD2",
        "Run of numbers, likely one source: EF0007, EF0008",
    ]
    panel.show_case(cases.deposit(suspects=[note("AB1", "returned")]))
    said = [
        label.text() for label in panel.suspects.findChildren(type(panel.suspects._head)) if label.isVisibleTo(panel)
    ]
    assert len(said) == 3


def test_in_a_low_window_they_scroll_and_no_line_is_pressed_flat(qtbot: Any) -> None:
    panel = CashPanel(make_kit(strict=True, lang="en"), lambda _: None)
    qtbot.addWidget(panel)
    found = [series("same_number", "AB1", "AB1"), series("many", "1", "2", "3", "4", "5", at_once=True)]
    panel.show_case(cases.deposit(suspects=[note(f"AB{n}", "held") for n in range(5)], suspect_series=found))
    panel.resize(500, 200)
    panel.show()
    qtbot.waitExposed(panel)
    labels = panel.suspects.findChildren(type(panel.suspects._head))
    assert all(one.height() >= one.fontMetrics().height() for one in labels if one.isVisibleTo(panel))
    assert panel.suspects.verticalScrollBar().maximum() > 0
