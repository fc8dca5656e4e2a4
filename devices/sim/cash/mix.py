"""Which notes make up an amount: the fewest, with what really lies in the cassettes."""

from collections.abc import Mapping, Sequence
from functools import cache

from devices.sim.cash.units import CashUnit


def fewest_notes(amount: int, stock: Mapping[int, int]) -> dict[int, int] | None:
    """Notes by value that sum up to ``amount`` exactly, as few as possible; None: impossible.

    Args:
        amount: in whole units of the currency.
        stock: notes available by value.
    """
    values = tuple(sorted((value for value, count in stock.items() if count > 0), reverse=True))

    @cache
    def best(rest: int, index: int) -> tuple[int, ...] | None:
        if rest == 0:
            return (0,) * (len(values) - index)
        if index == len(values):
            return None
        value = values[index]
        most = min(rest // value, stock[value])
        found: tuple[int, ...] | None = None
        # A note more of the larger value never makes the bundle longer than a few steps back can mend,
        # because each value of the currency divides twice the next larger one.
        for count in range(most, max(-1, most - 5), -1):
            tail = best(rest - count * value, index + 1)
            if tail is not None and (found is None or count + sum(tail) < sum(found)):
                found = (count, *tail)
        return found

    counts = best(amount, 0)
    if counts is None:
        return None
    return {value: count for value, count in zip(values, counts, strict=True) if count}


def split_over_units(
    notes: Mapping[int, int], units: Sequence[CashUnit], wanted: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Take the notes from the fullest cassettes of each value.

    Args:
        wanted: notes by cassette that are taken from there in any case, beside the others.
    """
    plan = dict(wanted or {})
    left = {unit.key: unit.count - plan.get(unit.key, 0) for unit in units}
    for value, count in notes.items():
        for unit in sorted((u for u in units if u.value == value), key=lambda u: -left[u.key]):
            taken = min(count, left[unit.key])
            if taken:
                plan[unit.key] = plan.get(unit.key, 0) + taken
                count -= taken
        assert count == 0, "stock was checked before"
    return dict(sorted(plan.items()))
