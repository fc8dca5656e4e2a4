"""Liveness is judged by the server: on gestures it drew, by the kiosk's film. A window's word is not enough."""

from dataclasses import replace

import pytest

from benchmarks.people.ports import Likeness, Replayed
from common.challenge import FilmFrame, pack
from common.errors import ServiceError, UserError
from common.wire.cases import CaseState, EvidenceKind, FieldSource
from common.wire.identity import FaceConsent, FaceUse
from common.wire.liveness import DrawChallenge, FilmOutcome, Gesture, GestureOutcome, LivenessResult
from server.services.ports import Principal
from teller.cases.presence import LONGEST_CHECK
from tests.fakes.counter import Counter, new_key, picture

FILM = pack([FilmFrame(0, "liveness.nod", picture("first")), FilmFrame(4_000, "", picture("last"))])
DONE = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]


def identified(counter: Counter) -> str:
    made = counter.customer.arrive()
    counter.desk.answer(made)
    counter.desk.identify(made)
    counter.desk.fill(made, FieldSource.TYPED, amount="5000")
    return made


def checked(counter: Counter, case_id: str, film: bytes | None = FILM, who: Principal | None = None) -> None:
    """The window draws, leads, and says that all was well; the kiosk sends its film."""
    counter.services.films.draw(new_key(), counter.teller, case_id, DrawChallenge(gestures=3))
    counter.clock.pass_(5)
    counter.services.presence.liveness(new_key(), counter.teller, case_id, LivenessResult(passed=True, steps=DONE))
    if film is not None:
        counter.services.films.take(new_key(), who or counter.kiosk, case_id, film)


def reasons(counter: Counter, case_id: str) -> list[str]:
    authorisation = counter.desk.submit(case_id, "人工核对一致").authorisation
    return [] if authorisation is None else [reason.code for reason in authorisation.reasons]


def outcome(counter: Counter, case_id: str) -> FilmOutcome | None:
    challenge = counter.seen(case_id).identity.challenge
    assert challenge is not None
    return challenge.film


def test_a_film_that_shows_a_living_person_needs_nobody_and_its_face_is_compared(counter: Counter) -> None:
    made = identified(counter)
    counter.judge.film = Replayed(rest=picture("at rest"))
    checked(counter, made)
    assert reasons(counter, made) == []
    seen = counter.seen(made)
    assert outcome(counter, made) is FilmOutcome.PASSED
    (kiosk,) = [check for check in seen.identity.faces if check.use is FaceUse.CONTINUITY]
    assert (kiosk.score, kiosk.same) == (91.0, True)
    assert any(one.digest == kiosk.known and one.kind is EvidenceKind.FACE_CHECK for one in seen.evidence)


def test_a_film_whose_face_nobody_could_compare_with_the_live_picture_needs_a_second_person(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, compare = identified(counter), counter.judge.compare

    def unfit(known: bytes, live: bytes, use: FaceUse) -> Likeness:
        said = compare(known, live, use)
        return replace(said, distance=None) if use is FaceUse.CONTINUITY else said

    monkeypatch.setattr(counter.judge, "compare", unfit)
    counter.judge.film = Replayed(rest=picture("at rest"))
    checked(counter, made)
    assert reasons(counter, made) == ["rule.face_not_compared"]
    assert outcome(counter, made) is FilmOutcome.PASSED


def test_a_window_that_says_alive_of_a_film_that_shows_none_is_not_believed(counter: Counter) -> None:
    made = identified(counter)
    counter.judge.film = Replayed(False, ("liveness.wrong_gesture",))
    checked(counter, made)
    assert reasons(counter, made) == ["rule.liveness_not_passed"]
    challenge = counter.seen(made).identity.challenge
    assert challenge is not None
    assert (challenge.film, challenge.findings) == (FilmOutcome.FAILED, ["liveness.wrong_gesture"])
    with counter.database.read() as unit:
        lines = [line.data for line in unit.registers.of_case(made) if line.kind == "face.film"]
    assert lines[-1] == {"passed": 0, "findings": "liveness.wrong_gesture"}


def test_without_a_film_or_a_challenge_there_was_no_check(counter: Counter) -> None:
    made = identified(counter)
    checked(counter, made, film=None)
    assert outcome(counter, made) is None
    assert reasons(counter, made) == ["rule.liveness_not_passed"]


@pytest.mark.expects_log("film not judged", "faces not compared")
def test_a_film_that_nobody_could_judge_is_none_until_somebody_can(counter: Counter) -> None:
    made = identified(counter)
    checked(counter, made)
    counter.judge.fails = ServiceError("ocr.worker_died")
    assert "rule.liveness_not_passed" in reasons(counter, made)
    assert outcome(counter, made) is FilmOutcome.UNAVAILABLE
    counter.judge.fails = None
    counter.services.submission.withdraw(new_key(), counter.teller, made)
    assert reasons(counter, made) == []
    assert outcome(counter, made) is FilmOutcome.PASSED


def test_only_the_kiosk_films_once_in_time_and_not_longer_than_the_check_took(counter: Counter) -> None:
    made = identified(counter)
    with pytest.raises(UserError, match=r"case\.forbidden"):
        checked(counter, made, who=counter.teller)
    counter.services.films.take(new_key(), counter.kiosk, made, FILM)
    with pytest.raises(UserError, match=r"film\.not_asked"):
        counter.services.films.take(new_key(), counter.kiosk, made, FILM)
    long = pack([FilmFrame(0, "", picture("first")), FilmFrame(7_000, "", picture("last"))])
    with pytest.raises(UserError, match=r"film\.not_asked"):
        checked(counter, made, long)
    counter.clock.pass_(LONGEST_CHECK.total_seconds())
    with pytest.raises(UserError, match=r"film\.not_asked"):
        counter.services.films.take(new_key(), counter.kiosk, made, FILM)
    with pytest.raises(UserError, match=r"film\.unreadable"):
        counter.services.films.take(new_key(), counter.kiosk, made, b"GTF1 nothing")


def test_consent_taken_back_takes_check_and_film_with_it(counter: Counter) -> None:
    made = identified(counter)
    checked(counter, made)
    counter.services.films.now(made)
    counter.services.identity.face_consent(new_key(), counter.kiosk, made, FaceConsent(granted=False, text="1"))
    assert counter.seen(made).identity.challenge is None
    assert counter.seen(made).state is CaseState.DRAFT
