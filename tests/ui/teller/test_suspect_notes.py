"""Notes that the machine did not trust, beside the count."""

from typing import Any

from PySide6.QtGui import QImage

from benchmarks.seat import cases
from benchmarks.seat.suspense import AT
from common.wire.cash import SuspectNoteView
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
