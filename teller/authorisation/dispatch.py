"""Dealing a task at random among those who may have it."""

from collections.abc import Iterable, Sequence

from teller.ports import Randomness


def eligible(online: Iterable[str], excluded: frozenset[str], busy: frozenset[str]) -> tuple[str, ...]:
    """Those who may get a task: not excluded (the maker first of all), and without one already."""
    return tuple(sorted(number for number in set(online) if number not in excluded and number not in busy))


def deal(candidates: Sequence[str], had_it: Sequence[str], random: Randomness) -> str | None:
    """One of the candidates; one who let it pass gets it again only when nobody else is there."""
    fresh = [number for number in candidates if number not in had_it]
    pool = fresh or list(candidates)
    return pool[random.randbelow(len(pool))] if pool else None
