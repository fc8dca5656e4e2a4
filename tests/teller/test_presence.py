"""Liveness and continuity in a case: what they change, what they leave, what the rules make of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.errors import UserError
from common.wire.cases import CaseState, CustomerStep, EvidenceKind
from common.wire.identity import ConsentState
from common.wire.liveness import Gesture, LookMoment, Verdict
from teller.authorisation.policy import CHECKS
from teller.authorisation.rules import RULES
from teller.cases import presence
from teller.cases.gathering import asked
from teller.cases.identity import face_consent_answered
from teller.cases.model import Case, EvidenceRef, sentence
from teller.identity.consent import FaceConsent
from teller.identity.presence import LONGEST, Continuity, Look, Step
from teller.scenarios.builtin import builtin

AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
FRAME = EvidenceRef("a" * 64, EvidenceKind.FACE_CHECK, "image/jpeg", 9, AT, "T-03")
STEPS = (Step(Gesture.NOD, "done", 900),)


@pytest.fixture
def case() -> Case:
    """A withdrawal just begun."""
    return Case(
        id="c", number="1122-0001", scenario="cash_withdrawal", definition=builtin()["cash_withdrawal"], language="zh",
        created_at=AT, kiosk="K-02", kiosk_place="", branch="001",
    )  # fmt: skip


@pytest.fixture
def agreed(case: Case) -> Case:
    """A case whose customer has agreed to face use, with a frame kept."""
    return presence.frame_kept(case.evolve(face_consent=FaceConsent(ConsentState.GIVEN, "v1", AT)), FRAME)


def look(verdict: Verdict, frame: str | None = None) -> Look:
    return Look(verdict, LookMoment.RANDOM, AT, 40.0, frame)


def test_nothing_is_looked_at_without_consent(case: Case) -> None:
    acts: tuple[Callable[[], Case], ...] = (
        lambda: presence.frame_kept(case, FRAME),
        lambda: presence.checked(case, True, STEPS, (), (), AT),
        lambda: presence.looked(case, look(Verdict.SAME)),
        lambda: asked(case, CustomerStep.LIVENESS, None, AT),
    )
    for act in acts:
        with pytest.raises(UserError) as raised:
            act()
        assert raised.value.code == "face.no_consent"


def test_a_check_ends_the_asking_and_counts_tries(agreed: Case) -> None:
    asking = asked(agreed, CustomerStep.LIVENESS, sentence("liveness.look"), AT)
    again = asked(asking, CustomerStep.LIVENESS, sentence("liveness.nod"), AT)
    assert [mark.step for mark in again.timeline].count("asked_liveness") == 1
    failed = presence.checked(again, False, STEPS, ("liveness.late",), (FRAME.digest,), AT)
    assert (failed.prompt, failed.say) == (None, None)
    passed = presence.checked(failed, True, STEPS, (), (), AT)
    assert passed.liveness is not None
    assert (passed.liveness.passed, passed.liveness.attempts) == (True, 2)


def test_a_result_names_only_pictures_of_the_case(agreed: Case) -> None:
    with pytest.raises(UserError, match=r"evidence\.unknown"):
        presence.checked(agreed, True, STEPS, (), ("b" * 64,), AT)
    with pytest.raises(UserError, match=r"evidence\.unknown"):
        presence.looked(agreed, look(Verdict.CHANGED, "b" * 64))


def test_alarms_are_kept_and_others_counted(agreed: Case) -> None:
    seen = agreed
    for verdict in (Verdict.SAME, Verdict.NOBODY, Verdict.TWO_FACES, Verdict.SAME):
        seen = presence.looked(seen, look(verdict))
    assert seen.continuity.looks == 4
    assert [one.verdict for one in seen.continuity.alarms] == [Verdict.TWO_FACES]
    assert seen.timeline[-1].step == "face_two_faces"
    assert seen.form_version == agreed.form_version


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.CHANGED, CaseState.DRAFT), (Verdict.TWO_FACES, CaseState.AUTHORISED)]
)
def test_another_person_voids_what_was_agreed(agreed: Case, verdict: Verdict, state: CaseState) -> None:
    authorised = replace(agreed, state=CaseState.AUTHORISED, confirmed_at=AT)
    seen = presence.looked(authorised, look(verdict, FRAME.digest))
    assert seen.state is state
    assert (seen.confirmed_at is None) == (state is CaseState.DRAFT)


def test_taking_consent_back_takes_pictures_and_result(agreed: Case) -> None:
    passed = presence.checked(agreed, True, STEPS, (), (FRAME.digest,), AT)
    fallen = face_consent_answered(passed, False, "v1", AT)
    assert fallen.liveness is None
    assert all(piece.kind is not EvidenceKind.FACE_CHECK for piece in fallen.evidence)


def test_the_picture_of_an_alarm_is_not_the_comparisons_and_stays(agreed: Case) -> None:
    seen = presence.looked(agreed, look(Verdict.CHANGED, FRAME.digest))
    fallen = face_consent_answered(seen, False, "v1", AT)
    assert [(piece.digest, piece.kind) for piece in fallen.evidence] == [(FRAME.digest, EvidenceKind.FACE_ALARM)]
    assert [alarm.frame for alarm in fallen.continuity.alarms] == [FRAME.digest]


def test_continuity_starts_empty() -> None:
    assert Continuity().after(look(Verdict.SAME), AT).alarms == ()


def test_a_stretch_without_a_look_stays_missed_until_a_person_looks() -> None:
    late = AT + LONGEST + timedelta(seconds=1)
    seen = Continuity().after(look(Verdict.NOBODY), AT)
    assert (seen.missing(AT, AT), seen.missing(AT, late)) == (False, True), "who found nobody has not looked"
    again = seen.after(replace(look(Verdict.SAME), at=late), AT)
    assert (again.missed, again.missing(AT, late)) == (1, True)
    vouched = again.after(replace(look(Verdict.SAME), at=late, by="T-03"), AT)
    assert not vouched.missing(AT, late)
    assert vouched.missing(AT, late + LONGEST + timedelta(seconds=1))


def test_the_rules_name_their_checks() -> None:
    assert {"liveness_not_passed", "face_alarm"} <= {rule.check for rule in RULES} <= set(CHECKS)
