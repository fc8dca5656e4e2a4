"""What the benchmarks of faces say of how sure they are: bounds against published values, halves that share nobody."""

import pytest

from benchmarks.bounds import at_most, bounds
from benchmarks.face_halves import Compared, crossed, halved, people

PAIRS = [
    Compared(f"{person}{a}", f"{person}{b}", 0.30 + 0.01 * number, True)
    for number, person in enumerate("ABCDEFGH")
    for a, b in (("1", "2"), ("2", "3"))
] + [
    Compared(f"{one}1", f"{other}1", 0.80, False) for at, one in enumerate("ABCDEFGH") for other in "ABCDEFGH"[at + 1 :]
]


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 20, 0.0, 0.1684), (1, 20, 0.0013, 0.2487), (10, 20, 0.272, 0.728), (3, 3, 0.2924, 1.0)],
)
def test_bounds_are_those_of_clopper_and_pearson(k: int, n: int, low: float, high: float) -> None:
    assert bounds(k, n) == pytest.approx((low, high), abs=2e-4)


def test_fifty_nine_without_an_error_are_what_five_percent_takes() -> None:
    assert at_most(0, 58) > 0.05 > at_most(0, 59)


def test_people_not_pairs_are_halved() -> None:
    assert len(set(people(PAIRS).values())) == 8
    one, other = halved(PAIRS, 3)
    names = [{name[0] for pair in side for name in (pair.a, pair.b)} for side in (one, other)]
    assert names[0].isdisjoint(names[1])
    assert names[0] | names[1] == set("ABCDEFGH")


def test_a_threshold_is_tried_on_people_it_was_not_chosen_on() -> None:
    def nearest(measured: list[tuple[float, bool]]) -> float:
        return max(distance for distance, same in measured if same)

    found = crossed(PAIRS, nearest)
    assert found["false_accept_rate"] == 0
    assert 0 < found["false_reject_rate"] < 1, "the half that was not asked has somebody farther from himself"
    assert crossed([pair for pair in PAIRS if not pair.same], nearest) == {"rounds": 0}
