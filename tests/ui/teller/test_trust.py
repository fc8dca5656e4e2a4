"""Consent, comparison by eye, authorities and sources in the teller's window."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel

from benchmarks.seat import cases
from common.wire.cases import CustomerStep
from common.wire.identity import (
    ChipView,
    ComparisonRow,
    ConsentState,
    Elements,
    Outcome,
    PersonCheckView,
    VerificationView,
    VerifyIdentity,
)
from tests.ui.teller.conftest import Seat
from ui.kit.presence_words import other_portraits, portraits_bad
from ui.teller_app.local import Job, Local, Phase
from ui.teller_app.main_key import Act, Face
from ui.teller_app.next_step import next_step
from ui.teller_app.presenter import facts
from ui.teller_app.trust import age, chip_said, contradicts, differing, sources_said, verification_said

LOCAL = Local(me=cases.ME, now=cases.START)
CHECKED = PersonCheckView(same=True, by=cases.ME, at=cases.START)


def gathered(state: ConsentState, **identity: object) -> object:
    return cases.filled(face_match=None, identity=cases.identity(state, **identity))


@pytest.mark.parametrize(
    ("state", "identity", "act", "arg"),
    [
        (ConsentState.NONE, {}, Act.PROMPT, "face_consent"),
        (ConsentState.GIVEN, {}, Act.SNAPSHOT, ""),
        (ConsentState.DECLINED, {}, Act.PERSON_CHECK, ""),
        (ConsentState.REVOKED, {}, Act.PERSON_CHECK, ""),
        (ConsentState.DECLINED, {"person_check": CHECKED}, Act.NOTE, ""),
    ],
)
def test_the_way_to_a_face_rests_on_consent(state: ConsentState, identity: dict, act: Act, arg: str) -> None:  # type: ignore[type-arg]
    key = next_step(gathered(state, **identity), LOCAL)  # type: ignore[arg-type]
    assert key.action is not None
    assert (key.action.act, key.action.arg) == (act, arg)


def test_while_the_customer_decides_the_key_waits() -> None:
    case = cases.draft(customer_step=CustomerStep.FACE_CONSENT)
    key = next_step(case, Local(me=cases.ME, call=LOCAL.call))
    assert (key.face, key.text.code) == (Face.WAITING, "teller.wait_face_consent")


def verification(outcome: Outcome = Outcome.MATCH, **changes: object) -> VerificationView:
    base = {"elements": Elements.TWO, "outcome": outcome, "source": "pbc", "at": cases.START}
    return VerificationView.model_validate({**base, **changes})


@pytest.mark.parametrize("outcome", [Outcome.MISMATCH, Outcome.UNAVAILABLE, Outcome.CONTRADICTION])
def test_what_is_not_confirmed_wants_a_word(outcome: Outcome) -> None:
    case = cases.filled(identity=cases.identity(verification=verification(outcome), liveness=cases.ALIVE))
    assert next_step(case, LOCAL).text.code == "teller.key_note_identity"
    assert next_step(case, Local(me=cases.ME, note="证件原件已核对")).text.code == "teller.key_submit"


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (None, "teller.verify_none"),
        (verification(), "teller.verify_match"),
        (verification(current=False), "teller.verify_stale"),
        (verification(Outcome.UNAVAILABLE, source=None), "teller.verify_unavailable"),
    ],
)
def test_what_the_authorities_said(known: VerificationView | None, code: str) -> None:
    case = cases.filled(identity=cases.identity(verification=known))
    assert verification_said(case, LOCAL).words.code == code
    running = Local(me=cases.ME, verify=Job(Phase.RUNNING, "verification"))
    assert verification_said(case, running).words.code == "teller.verify_running"


def test_the_age_of_an_answer() -> None:
    spans = (timedelta(0), timedelta(minutes=3), timedelta(hours=5), timedelta(days=2, hours=1))
    said = [age(cases.START, cases.START + span) for span in spans]
    assert [one.code for one in said] == [f"teller.age_{unit}" for unit in ("now", "minutes", "hours", "days")]
    assert [one.params.get("n") for one in said] == [None, 3, 5, 2]


def row(**said: object) -> ComparisonRow:
    base = {"field": "name", "label_zh": "姓名", "label_en": "Name", "form": "顾南枝", "differs": True}
    return ComparisonRow.model_validate({**base, **said})


def test_sources_that_contradict_stand_side_by_side(seat: Seat) -> None:
    rows = [row(chip="顾南枝", ocr="顾南技", authority="mismatch")]
    chip = ChipView(at=cases.START, signature="simulated", reader="GT-SIM", portrait="0" * 64)
    case = cases.filled(identity=cases.identity(sources=rows, chip=chip, verification=verification()))
    assert [contradicts(rows[0], one) for one in ("chip", "ocr", "record", "authority")] == [False, True, False, True]
    assert differing(case) == rows
    assert chip_said(case).words.code == "teller.chip_simulated"
    seat.show(case)
    assert seat.part("teller.trust.grid").isVisible()
    seat.show(cases.filled(version=10))
    assert not [one for one in seat.window.findChildren(type(seat.window), "teller.trust.grid") if one.isVisible()]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "teller.sources_none"),
        ([row(form="", differs=False), row(record="顾南枝", form="", differs=False)], "teller.sources_none"),
        ([row(ocr="顾南枝", differs=False)], "teller.sources_agree"),
        ([row(ocr="顾南技")], "teller.sources_differ"),
    ],
)
def test_one_source_alone_agrees_with_nothing(rows: list[ComparisonRow], code: str) -> None:
    assert sources_said(cases.filled(identity=cases.identity(sources=rows))).words.code == code


def test_authorities_are_asked_once_for_each_name_and_number(seat: Seat) -> None:
    seat.show(cases.filled())
    seat.show(cases.filled(version=10))
    asked = [sent for sent in seat.out.store.beside if sent.suffix == "verification"]
    assert [sent.body for sent in asked] == [VerifyIdentity(elements=None, fresh=False)]
    seat.window.actions_.do("verify")
    seat.paint()
    assert len(seat.out.store.beside) == 1, "one question at a time"


def test_masked_facts_are_shown_only_while_the_key_is_held(seat: Seat) -> None:
    case = cases.filled(customer_record={"phone": "13900000426"})
    seat.show(case)
    local = seat.window.parts.cases.local
    covered = {fact.key: fact.value for fact in facts(case, local)}
    assert (covered["id"], covered["phone"]) == ("999999********0426", "139****0426")
    seat.window.parts.reveal.show()
    shown = {fact.key: fact.value for fact in facts(case, seat.window.parts.cases.local)}
    assert shown["id"] == shown["phone"] == shown["account"] == "999999199003070426", "as the server says"
    seat.window.parts.reveal.hide()
    assert seat.window.parts.cases.local.revealed == {}
    assert [asked for asked in seat.out.desk.asked if asked.startswith("reveal")] == [
        "reveal id_number", "reveal phone", "reveal account",
    ]  # fmt: skip


def test_the_comparison_by_eye_is_a_question_with_two_answers(seat: Seat) -> None:
    seat.show(cases.filled(face_match=None, identity=cases.identity(ConsentState.DECLINED)))
    seat.window.actions_._person_checked("same")
    assert seat.out.store.sent[-1].suffix == "person-check"


def check(use: str, score: float, outcome: str = "compared") -> dict[str, object]:
    known = cases.face().portrait if use == "portrait" else "a" * 64
    return {
        "use": use, "known": known, "live": "b" * 64, "outcome": outcome, "score": score, "threshold": 80.0,
        "same": score >= 80, "at": cases.START, "known_at": cases.START,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("faces", "said", "bad"),
    [
        ([check("portrait", 91.0)], [], False),
        ([check("portrait", 91.0), check("authority", 92.5)], ["face.use_authority"], False),
        ([check("portrait", 91.0), check("document", 88.0)], ["face.use_document"], False),
        ([check("portrait", 91.0), check("portrait", 20.0) | {"known": "c" * 64}], ["face.use_portrait"], True),
        ([check("portrait", 91.0), check("earlier", 33.0)], ["face.use_earlier"], True),
        ([check("portrait", 0.0, "unavailable")], ["face.use_unavailable"], True),
        ([check("portrait", 91.0), check("authority", 0.0, "unfit")], ["face.unfit_authority"], True),
    ],
)
def test_other_portraits_stand_beside_the_score_each_with_its_threshold(
    faces: list[dict[str, object]], said: list[str], bad: bool
) -> None:
    case = cases.filled(identity=cases.identity(faces=faces, liveness=cases.ALIVE))
    assert [one.code for one in other_portraits(case)] == said
    assert portraits_bad(case) is bad
    assert (next_step(case, LOCAL).text.code == "teller.key_note_face") is bad


def test_kept_portraits_are_seen_only_while_the_key_is_held(seat: Seat) -> None:
    png = next(iter(cases.pictures().values()))
    faces = [check("portrait", 91.0), check("earlier", 92.0) | {"known": "e" * 64}]
    seat.out.desk.stored["e" * 64] = png
    seat.show(cases.filled(identity=cases.identity(faces=faces, liveness=cases.ALIVE)))
    button = seat.window.body.middle.form.evidence.kept
    assert not button.isHidden()
    button.pressed.emit()
    shown = seat.window.findChild(QFrame, "keptFaces")
    assert shown is not None
    assert "kept eeee" in seat.out.desk.asked
    assert any(label.pixmap() and not label.pixmap().isNull() for label in shown.findChildren(QLabel))
    button.released.emit()
    assert shown.isHidden()
    before = seat.out.desk.asked.count("kept eeee")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.hasFocus(), "Tab goes there"
    QTest.keyPress(button, Qt.Key.Key_Space)
    assert seat.out.desk.asked.count("kept eeee") == before + 1, "each look is the server's to write down"
    held = [one for one in seat.window.findChildren(QFrame, "keptFaces") if one.isVisible()]
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert [one.isVisible() for one in held] == [False]
    seat.show(cases.filled(identity=cases.identity(faces=faces[:1], liveness=cases.ALIVE)))
    assert button.isHidden()
