"""Liveness is judged by the server: on gestures it drew, by the kiosk's film. A window's word is not enough."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.people.ports import Likeness, Replayed
from common.challenge import FilmFrame, pack
from common.errors import ServiceError, UserError
from common.wire.cases import CaseState, EvidenceKind
from common.wire.identity import FaceConsent, FaceUse
from common.wire.liveness import (
    DrawChallenge,
    FilmOutcome,
    Gesture,
    GestureOutcome,
    LivenessResult,
    LookMoment,
    Verdict,
)
from server.errands import Errand
from server.services.casework import CaseWork
from server.services.commands import Commands
from server.services.films import FilmService
from server.services.ports import Principal
from teller.cases.presence import LONGEST_CHECK, MOST_DRAWS
from tests.fakes.counter import Counter, new_key, picture

FILM = pack([FilmFrame(0, "liveness.nod", picture("first")), FilmFrame(4_000, "", picture("last"))])
DONE = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]


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
    made = counter.visits.identified()
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
    made, compare = counter.visits.identified(), counter.judge.compare

    def unfit(known: bytes, live: bytes, use: FaceUse) -> Likeness:
        said = compare(known, live, use)
        return replace(said, distance=None) if use is FaceUse.CONTINUITY else said

    monkeypatch.setattr(counter.judge, "compare", unfit)
    counter.judge.film = Replayed(rest=picture("at rest"))
    checked(counter, made)
    assert reasons(counter, made) == ["rule.face_not_compared"]
    assert outcome(counter, made) is FilmOutcome.PASSED


def test_a_window_that_says_alive_of_a_film_that_shows_none_is_not_believed(counter: Counter) -> None:
    made = counter.visits.identified()
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
    made = counter.visits.identified()
    checked(counter, made, film=None)
    assert outcome(counter, made) is None
    assert reasons(counter, made) == ["rule.liveness_not_passed"]


@pytest.mark.expects_log("film not judged", "faces not compared")
def test_a_film_that_nobody_could_judge_is_none_until_somebody_can(counter: Counter) -> None:
    made = counter.visits.identified()
    checked(counter, made)
    counter.judge.fails = ServiceError("ocr.worker_died")
    assert "rule.liveness_not_passed" in reasons(counter, made)
    assert outcome(counter, made) is FilmOutcome.UNAVAILABLE
    counter.judge.fails = None
    counter.services.submission.withdraw(new_key(), counter.teller, made)
    assert reasons(counter, made) == []
    assert outcome(counter, made) is FilmOutcome.PASSED


def test_only_the_kiosk_films_once_in_time_and_not_longer_than_the_check_took(counter: Counter) -> None:
    made = counter.visits.identified()
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
    made = counter.visits.identified()
    checked(counter, made)
    counter.services.films.now(made)
    counter.services.films.draw(new_key(), counter.teller, made, DrawChallenge(gestures=3))
    counter.services.films.part(counter.kiosk, made, FILM, 0)
    assert counter.services.films.held == {made}
    counter.services.identity.face_consent(new_key(), counter.kiosk, made, FaceConsent(granted=False, text="1"))
    assert counter.seen(made).identity.challenge is None
    assert not counter.services.films.held, "nothing of it stays in memory"
    assert counter.seen(made).state is CaseState.DRAFT


def test_parts_that_came_ahead_are_looked_at_and_belong_to_the_film(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, films, judged = counter.visits.identified(), counter.services.films, list[FilmFrame]()
    errands: list[Errand] = []
    parts = replace(counter.parts, errand=lambda errand, _=None: errands.append(errand))
    monkeypatch.setattr(films, "_parts", parts)
    frames = [FilmFrame(at, "liveness.nod", picture(f"at {at}")) for at in range(0, 1_200, 200)]
    films.draw(new_key(), counter.teller, made, DrawChallenge(gestures=3))
    counter.clock.pass_(5)
    with pytest.raises(UserError, match=r"case\.forbidden"):
        films.part(counter.teller, made, pack(frames[:2]), 0)
    films.part(counter.kiosk, made, pack(frames[:2]), 0)
    films.part(counter.kiosk, made, pack(frames[2:4]), 2)
    films.part(counter.kiosk, made, pack(frames[2:4]), 2)  # its answer was lost
    assert counter.judge.ahead == [], "nobody waits for it"
    for errand in errands:
        errand()
    assert set(counter.judge.ahead) == {frame.picture for frame in frames[:4]}
    for after, bad in ((5, frames[5:]), (4, frames[:1])):  # one is missing; time goes back
        with pytest.raises(UserError, match=r"film\.(part_missing|unreadable)"):
            films.part(counter.kiosk, made, pack(bad), after)

    def replay(film: Sequence[FilmFrame], gestures: Sequence[Gesture]) -> Replayed:
        judged.extend(film)
        return Replayed()

    monkeypatch.setattr(counter.judge, "replay", replay)
    films.take(new_key(), counter.kiosk, made, pack(frames[4:]), 4)
    films.now(made)
    assert judged == frames


def test_parts_of_an_earlier_challenge_are_no_part_of_this_film(counter: Counter) -> None:
    made, films = counter.visits.identified(), counter.services.films
    films.draw(new_key(), counter.teller, made, DrawChallenge(gestures=3))
    films.part(counter.kiosk, made, FILM, 0)
    counter.clock.pass_(5)
    films.draw(new_key(), counter.teller, made, DrawChallenge(gestures=3))
    with pytest.raises(UserError, match=r"film\.part_missing"):
        films.take(new_key(), counter.kiosk, made, pack([]), 2)
    counter.clock.pass_(5)
    films.take(new_key(), counter.kiosk, made, FILM)


@pytest.mark.parametrize(
    ("finding", "verdict"), [("liveness.face_changed", Verdict.CHANGED), ("liveness.two_faces", Verdict.TWO_FACES)]
)
def test_somebody_else_in_the_film_is_an_alarm_that_the_case_keeps(
    counter: Counter, finding: str, verdict: Verdict
) -> None:
    made = counter.visits.identified()
    counter.judge.film = Replayed(False, (finding, "liveness.late"), picture("at rest"), picture("somebody else"))
    checked(counter, made)
    assert reasons(counter, made) == ["rule.liveness_not_passed", "rule.face_alarm"]
    seen = counter.seen(made)
    (alarm,) = seen.identity.continuity.alarms
    assert (alarm.verdict, alarm.moment) == (verdict, LookMoment.CHECK)
    assert any(one.digest == alarm.frame for one in seen.evidence)
    with counter.database.read() as unit:
        kinds = [line.kind for line in unit.registers.of_case(made)]
    assert "face.alarm" in kinds


def test_gestures_are_drawn_three_times_then_it_is_for_a_person(counter: Counter) -> None:
    made, draw = counter.visits.identified(), DrawChallenge(gestures=3)
    with counter.database.read() as unit:
        challenge = unit.cases.get(made).challenge
    for _ in range(MOST_DRAWS - (challenge.draws if challenge is not None else 0)):
        counter.services.films.draw(new_key(), counter.teller, made, draw)
    with pytest.raises(UserError, match=r"liveness\.no_more_tries"):
        counter.services.films.draw(new_key(), counter.teller, made, draw)
    assert reasons(counter, made) == ["rule.liveness_not_passed"], "never a dead end"


def test_no_word_of_the_customer_takes_a_draw_back(counter: Counter) -> None:
    """A teller who says no for him, and an accomplice who says yes, would else wait for the gestures they have."""
    made, draw = counter.visits.identified(), DrawChallenge(gestures=3)
    with counter.database.read() as unit:
        drawn = unit.cases.get(made).draws
    for _ in range(MOST_DRAWS - drawn):
        counter.services.films.draw(new_key(), counter.teller, made, draw)
    counter.services.identity.face_consent(new_key(), counter.teller, made, FaceConsent(granted=False, text="1"))
    counter.customer.agree(made)
    with pytest.raises(UserError, match=r"liveness\.no_more_tries"):
        counter.services.films.draw(new_key(), counter.teller, made, draw)


def test_the_bank_says_how_many_gestures_are_the_least(counter: Counter) -> None:
    made = counter.visits.identified()
    films = FilmService(
        replace(counter.parts, gestures=4), CaseWork(counter.parts, Commands(counter.database, counter.clock))
    )
    for asked, drawn in ((2, 4), (5, 5)):
        films.draw(new_key(), counter.teller, made, DrawChallenge(gestures=asked))
        challenge = counter.seen(made).identity.challenge
        assert challenge is not None
        assert len(challenge.gestures) == drawn
