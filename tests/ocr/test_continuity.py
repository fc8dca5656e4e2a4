"""When to look whether it is still the same person: a plan with a clock of its own."""

import pytest

from common.wire.liveness import LookMoment, Verdict
from ocr.api import FaceMatch
from ocr.liveness.continuity import AGAIN_S, ContinuityPlan, Now, verdict_of

EVERY_S = 30.0


def plan() -> ContinuityPlan:
    """After the greeting: the first look was at 0, the next random one is due at 30."""
    made = ContinuityPlan(lambda: EVERY_S)
    assert made.due(Now(0.0, 0.0, signing=False)) is LookMoment.GREETING
    assert made.seen(Verdict.SAME, LookMoment.GREETING, 0.0) is Verdict.SAME
    return made


def due(made: ContinuityPlan, at: float, *, signing: bool = False, picture: float | None = None) -> LookMoment | None:
    return made.due(Now(at, at if picture is None else picture, signing=signing))


def test_random_looks_come_when_drawn_and_not_before() -> None:
    made = plan()
    assert [due(made, second) for second in range(1, 30)] == [None] * 29
    assert due(made, 30) is LookMoment.RANDOM


def test_after_a_gap_in_the_picture_somebody_looks() -> None:
    made = plan()
    assert due(made, 5) is None
    assert due(made, 8, picture=5) is None
    assert due(made, 9) is LookMoment.GAP
    made.seen(Verdict.SAME, LookMoment.GAP, 9)
    assert due(made, 10) is None


def test_a_picture_that_stutters_is_no_gap() -> None:
    made = plan()
    assert [due(made, second, picture=second - 1.5) for second in range(2, 20)] == [None] * 18


def test_each_signature_is_looked_at_once() -> None:
    made = plan()
    assert due(made, 5, signing=True) is LookMoment.SIGNATURE
    made.seen(Verdict.SAME, LookMoment.SIGNATURE, 5)
    assert due(made, 6, signing=True) is None
    assert due(made, 7) is None
    assert due(made, 8, signing=True) is LookMoment.SIGNATURE


@pytest.mark.parametrize("verdict", [Verdict.CHANGED, Verdict.TWO_FACES])
def test_an_alarm_needs_a_second_look(verdict: Verdict) -> None:
    made = plan()
    assert made.seen(verdict, LookMoment.RANDOM, 30) is None
    assert due(made, 30 + AGAIN_S / 2) is None
    assert due(made, 30 + AGAIN_S) is LookMoment.RANDOM
    assert made.seen(verdict, LookMoment.RANDOM, 31.5) is verdict
    assert due(made, 33) is None


def test_a_head_that_turned_away_for_a_moment_alarms_nobody() -> None:
    made = plan()
    assert made.seen(Verdict.CHANGED, LookMoment.SIGNATURE, 5) is None
    assert due(made, 6, signing=True) is None
    assert due(made, 6.6, signing=True) is LookMoment.SIGNATURE
    assert made.seen(Verdict.SAME, LookMoment.SIGNATURE, 7) is Verdict.SAME
    assert made.seen(Verdict.CHANGED, LookMoment.RANDOM, 40) is None


def test_nobody_is_waited_for_before_the_first_look_and_told_of_afterwards() -> None:
    fresh = ContinuityPlan(lambda: EVERY_S)
    assert fresh.seen(Verdict.NOBODY, LookMoment.GREETING, 0) is None
    assert due(fresh, 3) is None
    assert due(fresh, 6) is LookMoment.GREETING
    assert plan().seen(Verdict.NOBODY, LookMoment.RANDOM, 30) is Verdict.NOBODY


@pytest.mark.parametrize(
    ("same", "distance", "faces", "verdict"),
    [
        (True, 0.3, (1, 1), Verdict.SAME),
        (True, 0.3, (1, 2), Verdict.SAME),
        (False, 0.8, (1, 1), Verdict.CHANGED),
        (False, None, (1, 2), Verdict.TWO_FACES),
        (False, None, (1, 0), Verdict.NOBODY),
    ],
)
def test_what_a_comparison_says(same: bool, distance: float | None, faces: tuple[int, int], verdict: Verdict) -> None:
    assert verdict_of(FaceMatch(same, 90.0, distance, 80.0, faces)) is verdict
