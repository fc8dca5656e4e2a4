"""A company's task: its licence beside the card, who signs in the comparison; a reversal; the registers."""

import hashlib
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from common.wire.authorisation import DecideTask
from common.wire.base import Sentence
from common.wire.cases import AuthorisationView, EvidenceKind, EvidenceView
from common.wire.identity import ComparisonRow
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import NOW, TASK, World, picture, task

LICENCE = picture("id_front") + b" licence"
DIGEST = hashlib.sha256(LICENCE).hexdigest()
SIGNER = ComparisonRow(
    field="signer", label_zh="单位签约人", label_en="Signs for the company", form="许知远 999999198805120419",
    record="许知远 999999198805120419", differs=False,
)  # fmt: skip


def company(world: World) -> World:
    """The task of `world`, with a licence and who signs."""
    plain = task()
    licence = EvidenceView(
        digest=DIGEST, kind=EvidenceKind.LICENCE, media_type="image/png", size=len(LICENCE),
        captured_at=NOW - timedelta(seconds=40), by="K-02",
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


def test_a_person_has_no_licence(stage: Stage) -> None:
    stage.assign()
    assert not stage.shows("authoriser.evidence.licence")


def test_a_reversal_is_called_one(make_stage: MakeStage) -> None:
    world = World()
    plain = world.port.tasks[TASK]
    asked = AuthorisationView(
        task_id=TASK, level="remote", state="assigned", submitted_at=NOW, assigned_at=NOW,
        reasons=[Sentence(code="rule.reversal_wrong_data", params={"rule": "R-150", "reason": "wrong_data"})],
    )  # fmt: skip
    case = plain.case.model_copy(update={"reversal": asked})
    world.port.tasks[TASK] = plain.model_copy(update={"kind": "reversal", "case": case})
    stage = make_stage(world)
    stage.assign()
    assert stage.text("authoriser.what").startswith("冲正・")
    assert stage.shows("authoriser.rule.R-150")
    assert stage.window.findChild(QWidget, "authoriser.rule.R-104") is None


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
