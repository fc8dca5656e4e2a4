"""A company's task: its licence beside the card, who signs in the comparison; a reversal; the registers."""

import hashlib
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from common.wire.authorisation import DecideTask
from common.wire.base import Sentence
from common.wire.cases import AuthorisationView, EvidenceKind, EvidenceOrigin, EvidenceView
from common.wire.identity import CheckOutcome, ComparisonRow, FaceCheckView, FaceUse
from common.wire.registers import RegisterRow
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import NOW, TASK, World, picture, task
from ui.authoriser_app.panels.faces import Exhibit
from ui.kit.registers_view import _row as table_row
from ui.kit.texts.book import Lang

LICENCE = picture("id_front") + b" licence"
DIGEST = hashlib.sha256(LICENCE).hexdigest()
SIGNER = ComparisonRow(
    field="signer", label_zh="单位签约人", label_en="Signs for the company", form="许知远 999999198805120419",
    record="许知远 999999198805120419", differs=False,
)  # fmt: skip


def company(world: World, origin: EvidenceOrigin = EvidenceOrigin.COUNTER) -> World:
    """The task of `world`, with a licence and who signs."""
    plain = task()
    licence = EvidenceView(
        digest=DIGEST, kind=EvidenceKind.LICENCE, media_type="image/png", size=len(LICENCE),
        captured_at=NOW - timedelta(seconds=40), by="K-02", origin=origin,
    )  # fmt: skip
    case = plain.case.model_copy(update={"evidence": [*plain.case.evidence, licence]})
    world.port.tasks[TASK] = plain.model_copy(update={"case": case, "comparison": [SIGNER, *plain.comparison]})
    world.port.pictures[DIGEST] = LICENCE
    return world


def test_the_licence_is_seen_beside_the_card_and_goes_with_the_decision(make_stage: MakeStage) -> None:
    stage = make_stage(company(World()))
    stage.assign()
    assert stage.shows("authoriser.evidence.licence")
    assert stage.shows("authoriser.line.signer")
    stage.approve()
    ((_, sent, _),) = stage.port.of("decide")
    assert isinstance(sent, DecideTask)
    assert DIGEST in sent.evidence


def test_a_picture_from_the_customers_phone_says_so(make_stage: MakeStage) -> None:
    stage = make_stage(company(World(), EvidenceOrigin.CUSTOMER_PHONE))
    stage.assign()
    (exhibit,) = (one for one in stage.window.findChildren(Exhibit) if one.kind is EvidenceKind.LICENCE)
    assert exhibit.name.text().startswith("手机拍：营业执照")
    assert exhibit.box.badge == "mobile", "also in a low window, where there are no words under it"


def test_a_person_has_no_licence(stage: Stage) -> None:
    stage.assign()
    assert not stage.shows("authoriser.evidence.licence")


def reversal() -> World:
    world = World()
    plain = world.port.tasks[TASK]
    asked = AuthorisationView(
        task_id=TASK, level="remote", state="assigned", submitted_at=NOW, assigned_at=NOW,
        reasons=[Sentence(code="rule.reversal_wrong_data", params={"rule": "R-150", "reason": "wrong_data"})],
    )  # fmt: skip
    case = plain.case.model_copy(update={"reversal": asked})
    world.port.tasks[TASK] = plain.model_copy(update={"kind": "reversal", "case": case})
    return world


SIZES = [(1440, 900), (823, 514)]
"""A window at 100 and at 175 %."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "what", "why"), [
    ("zh", "冲正・", "整单冲正：录入有误"), ("en", "Reversal · ", "Reversal of the whole case: wrong entry"),
])  # fmt: skip
def test_a_reversal_is_called_one_and_says_why_where_nothing_scrolls(
    make_stage: MakeStage, size: tuple[int, int], lang: Lang, what: str, why: str
) -> None:
    stage = make_stage(reversal(), size=size, lang=lang)
    stage.assign()
    assert stage.text("authoriser.what").startswith(what)
    assert stage.text("authoriser.reason") == why
    reason, head = stage.child("authoriser.reason"), stage.window.body.task.head
    assert stage.shows("authoriser.reason")
    place = QRect(reason.mapTo(head, QPoint(0, 0)), reason.size())
    assert head.rect().contains(place), "in the head, which never scrolls"
    assert reason.width() >= reason.sizeHint().width(), "whole"
    assert stage.window.findChild(QWidget, "authoriser.rule.R-104") is None


def test_any_other_task_has_no_reason_in_its_head(stage: Stage) -> None:
    stage.assign()
    assert not stage.shows("authoriser.reason")


def test_the_registers_are_read_and_nothing_is_written(stage: Stage) -> None:
    stage.window.actions_.do("registers")
    view = stage.window.popups.registers
    assert view.isVisible()
    assert stage.world.books.asked[-1][:2] == ("lines", "seals")
    for name in ("items", "handovers"):
        view.register.segment(name).click()
        assert not view.entry.isVisible()
    view.register.segment("agenda").click()
    assert view.table.isVisible()
    stage.window.actions_.do("close")


def test_what_is_due_on_a_day_is_said_without_a_time() -> None:
    def when(kind: str) -> str:
        at = datetime(2026, 11, 25).astimezone()
        row = RegisterRow(sequence=1, at=at, kind=kind, who="", branch="", subject="", details={})
        return str(table_row(row, "").cells[0])

    assert [when(f"agenda.{state}") for state in ("due", "overdue", "suspended")] == ["2026-11-25"] * 3
    assert when("agenda.booked") == "2026-11-25 00:00:00", "a call is at a time"


def test_kept_portraits_are_held_by_the_space_bar_which_zooms_everywhere_else(make_stage: MakeStage) -> None:
    world = World()
    known = "e" * 64
    world.port.pictures[known] = picture("portrait")
    plain = world.port.tasks[TASK]
    earlier = FaceCheckView(
        use=FaceUse.EARLIER, live="d" * 64, known=known, outcome=CheckOutcome.COMPARED, same=True, score=92.0,
        threshold=80.0, at=NOW, known_at=NOW - timedelta(days=90),
    )  # fmt: skip
    identity = plain.case.identity.model_copy(update={"faces": [earlier]})
    world.port.tasks[TASK] = plain.model_copy(update={"case": plain.case.model_copy(update={"identity": identity})})
    stage = make_stage(world)
    stage.assign()
    button = stage.child("authoriser.kept")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyPress(button, Qt.Key.Key_Space)
    assert [asked[1] for asked in world.port.of("kept_face")] == [known]
    assert stage.shows("keptFaces")
    assert not stage.window.popups.above()
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert stage.window.findChild(QWidget, "keptFaces") is None or not stage.child("keptFaces").isVisible()
