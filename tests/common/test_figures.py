"""How a row of measurements is summed up."""

import pytest

from common.figures import nearest_rank


@pytest.mark.parametrize(
    ("values", "share", "rank"),
    [
        ([7.0], 0.5, 7.0),
        ([1.0, 9.0], 0.5, 1.0),
        ([1.0, 9.0], 0.95, 9.0),
        ([1.0, 2.0, 3.0], 0.5, 2.0),
        ([1.0, 9.0], 0, 1.0),
    ],
)
def test_the_nearest_rank_of_few(values: list[float], share: float, rank: float) -> None:
    assert nearest_rank(values, share) == rank


def test_a_whole_rank_is_not_rounded_up_by_the_last_bit() -> None:
    hundred = [float(n) for n in range(1, 101)]
    for share in range(1, 101):
        assert nearest_rank(hundred, share / 100) == share
