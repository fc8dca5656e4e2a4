"""Consent to face use taken back: what stays is what another rule keeps, and nobody looks at that."""

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.authorisation import Decision
from common.wire.cases import EvidenceKind
from common.wire.identity import FaceConsent
from common.wire.liveness import ContinuityResult, LookMoment, Verdict
from tests.fakes.counter import Counter, new_key, picture

FACE = (EvidenceKind.LIVE_FRAME, EvidenceKind.FACE_CHECK)


def take_back(counter: Counter, case_id: str) -> None:
    counter.services.identity.face_consent(new_key(), counter.kiosk, case_id, FaceConsent(granted=False, text="1"))


def faces(counter: Counter, case_id: str) -> list[str]:
    return [piece.digest for piece in counter.seen(case_id).evidence if piece.kind in FACE]


def kept(counter: Counter, digests: list[str]) -> list[str]:
    """Those that a case names in the index, or that the vault still has."""
    with counter.database.read() as unit:
        return [one for one in digests if unit.cases.evidence_of(one) or one in counter.parts.vault]  # type: ignore[operator]


def shown(counter: Counter, case_id: str) -> str:
    """A picture of a look at who is there."""
    counter.services.forms.evidence(new_key(), counter.teller, case_id, EvidenceKind.FACE_CHECK, picture("somebody"))
    return faces(counter, case_id)[-1]


def alarm(counter: Counter, case_id: str, frame: str) -> None:
    look = ContinuityResult(verdict=Verdict.CHANGED, moment=LookMoment.RANDOM, score=8.0, frame=frame)
    counter.services.presence.look(new_key(), counter.teller, case_id, look)


@pytest.mark.parametrize("way", ["return", "reject", "withdraw"])
def test_pictures_that_a_second_person_looked_at_go_when_that_is_over(counter: Counter, way: str) -> None:
    made = counter.visits.identified(score=50.0)
    shown(counter, made)
    counter.desk.submit(made, "人工核对一致")
    counter.review.assign(made)
    digests = faces(counter, made)
    take_back(counter, made)
    assert kept(counter, digests) == digests, "somebody is looking at them"
    if way == "withdraw":
        counter.services.submission.withdraw(new_key(), counter.teller, made)
    else:
        counter.review.decide(made, Decision(way), "不清楚")
    assert (faces(counter, made), kept(counter, digests)) == ([], [])
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(made) if line.kind == "evidence.removed"]
    assert {(line.who, line.data["why"]) for line in lines} == {("SYSTEM", "consent_revoked")}


def test_the_word_is_good_for_the_businesses_of_the_visit_before(counter: Counter) -> None:
    first = counter.visits.payout_begun()
    counter.machine.outcome(first, taken={"100": 50})
    before = faces(counter, first)
    start = wire.StartCase(scenario="cash_withdrawal", after=first)
    second = counter.services.scenarios.start(new_key(), counter.teller, start)
    assert set(faces(counter, second)) <= set(before)
    take_back(counter, second)
    assert (faces(counter, second), kept(counter, before)) == ([], [])


def test_the_picture_of_an_alarm_is_stored_and_nothing_else(counter: Counter) -> None:
    made = counter.visits.identified()
    frame = shown(counter, made)
    alarm(counter, made, frame)
    assert counter.services.lookup.evidence(counter.teller, frame)
    take_back(counter, made)
    assert kept(counter, [frame]) == [frame]
    with pytest.raises(UserError, match=r"evidence\.not_found"):
        counter.services.lookup.evidence(counter.teller, frame)


def test_no_other_picture_becomes_the_record_of_an_alarm(counter: Counter) -> None:
    made = counter.visits.identified()
    (live,) = (one.digest for one in counter.seen(made).evidence if one.kind is EvidenceKind.LIVE_FRAME)
    alarm(counter, made, live)
    take_back(counter, made)
    assert kept(counter, [live]) == []
