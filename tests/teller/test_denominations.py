"""Which notes make up an amount: compared with trying everything."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from teller.denominations import NoteBundle, nearest_payable, plan
from teller.money import Money

inventories = st.fixed_dictionaries(
    {100: st.integers(0, 3), 50: st.integers(0, 3), 20: st.integers(0, 4), 10: st.integers(0, 3)}
)


def _everything(inside: dict[int, int]) -> dict[int, int]:
    """Every payable amount and the fewest notes for it."""
    best: dict[int, int] = {}
    for counts in product(*(range(count + 1) for count in inside.values())):
        amount = sum(face * count for face, count in zip(inside, counts, strict=True))
        best[amount] = min(best.get(amount, 99), sum(counts))
    return best


@given(inventories, st.integers(1, 70))
def test_the_plan_is_exact_possible_and_shortest(inside: dict[int, int], tens: int) -> None:
    amount, bundle = tens * 10, NoteBundle(inside)
    best = _everything(inside)
    found = plan(Money.major(amount), bundle)
    if found is None:
        assert amount not in best
        return
    assert found.value == Money.major(amount)
    assert bundle.covers(found)
    assert found.number == best[amount]


@given(inventories, st.integers(1, 80))
def test_the_nearest_are_nearest(inside: dict[int, int], tens: int) -> None:
    amount = tens * 10
    payable = sorted(set(_everything(inside)) - {0})
    near = nearest_payable(Money.major(amount), NoteBundle(inside))
    below = [one for one in payable if one <= amount]
    above = [one for one in payable if one > amount]
    assert near.below == (Money.major(below[-1]) if below else None)
    assert near.above == (Money.major(above[0]) if above else None)


def test_a_real_machine_and_odd_amounts() -> None:
    inside = NoteBundle({100: 180, 50: 1})
    assert plan(Money.major(20_000), inside) is None
    assert nearest_payable(Money.major(20_000), inside).below == Money.major(18_050)
    assert plan(Money(12_345), inside) is None
    assert plan(Money(0), inside) is None
    assert plan(Money.major(100), NoteBundle()) is None


@pytest.mark.parametrize("counts", [{30: 1}, {100: -1}, {100: 10**9}])
def test_impossible_bundles_are_refused(counts: dict[int, int]) -> None:
    with pytest.raises(UserError, match=r"notes.invalid"):
        NoteBundle(counts)
    with pytest.raises(UserError, match=r"notes.invalid"):
        NoteBundle.read({"ten": 1})


def test_bundles_add_and_take_away() -> None:
    one, other = NoteBundle({100: 3, 20: 1}), NoteBundle({100: 1})
    assert one.minus(other) == NoteBundle({20: 1, 100: 2})
    assert one.minus(other).plus(other) == one
    assert NoteBundle.read(one.wire()) == one
    with pytest.raises(UserError, match=r"notes.invalid"):
        other.minus(one)
