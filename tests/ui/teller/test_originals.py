"""A picture that may show a screen or a copy, at the teller's window: it stops the flow until somebody decides."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from benchmarks.seat import cases
from common.errors import ServiceError
from common.wire.cases import CaseState, CaseView, CustomerStep, EvidenceKind, EvidenceView, FormEntry, Prompt
from common.wire.doubts import Doubt, Doubted
from ocr.api import Finding
from tests.ui.teller.conftest import Seat, said, serve
from tests.ui.teller.test_window import reading
from ui.kit.evidence import EvidenceThumb

FRONT, BACK = cases.evidence(EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK)
DOUBTED = FRONT.model_copy(update={"doubts": [Doubt.SCREEN]})
AGAIN = cases.evidence(EvidenceKind.LIVE_FRAME, at=cases.START + timedelta(seconds=60))[0].model_copy(
    update={"kind": EvidenceKind.ID_FRONT}
)
"""Another picture of the front, taken later."""
F9 = Qt.Key.Key_F9


def gathering(version: int, *pieces: EvidenceView, **changes: object) -> CaseView:
    return cases.draft(evidence=list(pieces), version=version, **changes)


def read(seat: Seat, side: str = "front", *codes: str) -> None:
    """The newest picture was read; what was found on it."""
    seat.out.vision.readings[-1][1](reading(side, findings=tuple(Finding(code, "") for code in codes)))
    seat.paint()


def forms(seat: Seat) -> list[FormEntry]:
    return [one.body for one in seat.out.store.sent if isinstance(one.body, FormEntry)]


@pytest.fixture
def screen(seat: Seat) -> Seat:
    """The front turned out to be a photographed screen; the server was told."""
    serve(seat)
    seat.show(gathering(3, FRONT))
    read(seat, "front", "doc.screen")
    seat.out.store.answer(gathering(4, DOUBTED))
    seat.paint()
    return seat


@pytest.mark.parametrize("doubt", list(Doubt))
def test_nothing_is_taken_from_it_and_the_main_key_asks_for_the_original(seat: Seat, doubt: Doubt) -> None:
    serve(seat)
    seat.show(gathering(3, FRONT))
    read(seat, "front", doubt.value)
    assert [(one.suffix, one.body) for one in seat.out.store.sent] == [
        ("doubts", Doubted(evidence=FRONT.digest, doubts=[doubt]))
    ], "the server knows at once; no field and no portrait was stored"
    seat.out.store.answer(gathering(4, FRONT.model_copy(update={"doubts": [doubt]})))
    assert seat.main() == "请客户放证件正面原件"
    what = {"doc.screen": "翻拍的屏幕", "doc.copy": "复印件"}[doubt.value]
    assert said(seat, "teller.evidenceTrouble") == f"证件正面像是{what}，请客户把原件放上去重拍"
    seat.window.kit.language.set_current("en")
    seat.paint()
    what = {"doc.screen": "photographed screen", "doc.copy": "photocopy"}[doubt.value]
    assert said(seat, "teller.evidenceTrouble").startswith(f"ID front looks like a {what}: ask for the original")
    assert seat.main() == "Ask for the original: ID front"
    seat.key(F9)
    assert seat.out.store.sent[-1].body == Prompt(step=CustomerStep.LAY_ID_FRONT)


def test_the_other_side_says_nothing_about_it(screen: Seat) -> None:
    screen.show(gathering(5, DOUBTED, BACK))
    read(screen, "back")
    (entry,) = forms(screen)
    assert {field.evidence for field in entry.fields.values()} == {BACK.digest}
    screen.out.store.answer(gathering(6, DOUBTED, BACK))
    assert screen.main() == "请客户放证件正面原件"
    assert said(screen, "teller.evidenceTrouble").startswith("证件正面像是翻拍的屏幕")


def test_a_clean_picture_of_that_side_clears_it(screen: Seat) -> None:
    screen.show(gathering(5, DOUBTED, AGAIN))
    read(screen)
    (entry,) = forms(screen)
    assert {field.evidence for field in entry.fields.values()} == {AGAIN.digest}
    while screen.out.store.waiting:
        screen.out.store.answer(gathering(6, DOUBTED, AGAIN))
    assert screen.main() == "请客户翻到国徽面"
    assert not screen.window.body.middle.form.evidence._alert.isVisible()


def test_the_teller_may_go_on_and_says_why(screen: Seat) -> None:
    go_on = screen.part("teller.trouble.goOn")
    QTest.mouseClick(go_on, Qt.MouseButton.LeftButton)
    (entry,) = forms(screen)
    assert entry.fields["name"].evidence == FRONT.digest
    assert "evidence?kind=portrait" in screen.out.store.suffixes()
    whole = cases.filled(evidence=[DOUBTED, *cases.evidence(*cases.ALL)[1:]])
    while screen.out.store.waiting:
        screen.out.store.answer(whole)
    assert screen.main() == "写原件核实说明"
    assert said(screen, "teller.evidenceTrouble") == "证件正面像是翻拍的屏幕，照此办理须由授权员核对"
    assert not go_on.isVisible()
    screen.window.parts.form.note("原件已看过")
    assert screen.main() == "提交"


def test_nobody_goes_on_before_the_server_knows(seat: Seat) -> None:
    serve(seat)
    seat.show(gathering(3, FRONT))
    read(seat, "front", "doc.screen")
    seat.out.store.refuse(ServiceError("server.unreachable"))
    seat.paint()
    assert seat.main() == "请客户放证件正面原件"
    seat.window.parts.capture.go_on_as_is("id_front")
    assert seat.out.store.suffixes() == ["doubts", "doubts"]
    assert not forms(seat)
    seat.out.store.answer(gathering(4, DOUBTED))
    assert len(forms(seat)) == 1


def test_a_screen_that_could_not_be_read_stops_too(seat: Seat) -> None:
    """Typing the card by hand instead of laying down the original is no way round."""
    serve(seat)
    front, *rest = cases.evidence(*cases.ALL)
    seat.show(cases.filled(evidence=[front, *rest], form=cases.form(values={})))
    assert seat.out.vision.readings[0][0] == cases.pictures()[EvidenceKind.ID_FRONT]
    found = (Finding("doc.screen", ""),)
    seat.out.vision.readings[0][1](reading(kind=None, fields={}, portrait=None, findings=found))
    read_back = {name: one for name, one in cases.read_values().items() if one.evidence != FRONT.digest}
    typed = {name: one.model_copy(update={"evidence": None}) for name, one in cases.read_values().items()}
    whole = cases.form(values={**typed, **read_back})
    seat.out.store.answer(cases.filled(version=10, evidence=[DOUBTED, *rest], form=whole))
    assert seat.main() == "请客户放证件正面原件"
    assert seat.part("teller.trouble.goOn").isVisible()


def test_another_window_stops_as_well(seat: Seat) -> None:
    """Whoever takes the case over, or starts the window again, is where the first one was."""
    serve(seat, gathering(4, DOUBTED))
    read(seat)
    assert not forms(seat), "even where this reading finds nothing"
    assert seat.main() == "请客户放证件正面原件"


def test_a_case_looked_up_later_says_it(seat: Seat) -> None:
    ended = cases.paid(state=CaseState.COMPLETED, version=40, evidence=[DOUBTED, *cases.evidence(*cases.ALL)[1:]])
    seat.out.store.known[ended.id] = ended
    seat.window.parts.cases.open(ended.id, read_only=True)
    seat.paint()
    thumb = seat.part("teller.record.id_front")
    assert isinstance(thumb, EvidenceThumb)
    assert thumb.accessibleName().startswith("疑似翻拍：证件正面")
    assert thumb.badge == "warn"
    assert said(seat, "teller.evidenceTrouble").startswith("证件正面像是翻拍的屏幕")
    buttons = seat.window.findChildren(QWidget, "teller.trouble.again")
    assert not any(button.isVisible() for button in buttons), "nothing is left to do about it"
