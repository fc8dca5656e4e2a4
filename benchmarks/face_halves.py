"""A threshold chosen on one half of the people and tried on the other: how it does on faces it was not chosen on.

People, not pairs, are halved: somebody whose pictures are on both sides would help to choose the threshold he is then
judged by. Pairs across the halves are left out. Many halvings, each used both ways, are added up; as they share people,
the bounds say less than they seem to and are given for one halving of average size.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.bounds import bounds

HALVINGS = 25


@dataclass(frozen=True)
class Compared:
    """A measured pair: its pictures, the distance of the faces, the truth."""

    a: str
    b: str
    distance: float
    same: bool


def people(pairs: Iterable[Compared]) -> dict[str, str]:
    """Picture to person: whoever is one in any pair is one."""
    of: dict[str, str] = {}

    def root(name: str) -> str:
        while of.setdefault(name, name) != name:
            name = of[name]
        return name

    for pair in pairs:
        a, b = root(pair.a), root(pair.b)
        if pair.same:
            of[b] = a
    return {name: root(name) for name in of}


def halved(pairs: Sequence[Compared], seed: int) -> tuple[list[Compared], list[Compared]]:
    """Pairs within each half of the people."""
    person = people(pairs)
    names = sorted(set(person.values()))
    random.Random(seed).shuffle(names)  # noqa: S311 - the same halves in every run
    first = set(names[: len(names) // 2])
    sides: tuple[list[Compared], list[Compared]] = ([], [])
    for pair in pairs:
        a, b = person[pair.a] in first, person[pair.b] in first
        if a == b:
            sides[0 if a else 1].append(pair)
    return sides


def crossed(
    pairs: Sequence[Compared], choose: Callable[[list[tuple[float, bool]]], float], halvings: int = HALVINGS
) -> dict[str, Any]:
    """Chosen on one half, tried on the other, both ways."""
    tried = wrong_accepts = wrong_rejects = same = rounds = 0
    thresholds = []
    for seed in range(halvings):
        one, other = halved(pairs, seed)
        for chosen_on, tried_on in ((one, other), (other, one)):
            if not all(any(p.same is kind for p in side) for kind in (True, False) for side in (chosen_on, tried_on)):
                continue  # nobody with two pictures in this half: nothing to choose by, or to try on
            threshold = choose([(pair.distance, pair.same) for pair in chosen_on])
            thresholds.append(threshold)
            rounds += 1
            tried += len(tried_on)
            same += sum(pair.same for pair in tried_on)
            wrong_accepts += sum(not pair.same and pair.distance <= threshold for pair in tried_on)
            wrong_rejects += sum(pair.same and pair.distance > threshold for pair in tried_on)
    if not rounds:
        return {"rounds": 0}
    size, others = round(tried / rounds), tried - same
    wrong = wrong_accepts + wrong_rejects
    return {
        "rounds": rounds, "pairs_a_round": size, "accuracy": round(1 - wrong / tried, 4),
        "accuracy_bounds_95": tuple(round(1 - one, 4) for one in reversed(bounds(round(wrong / rounds), size))),
        "false_accept_rate": round(wrong_accepts / max(1, others), 4),
        "false_reject_rate": round(wrong_rejects / max(1, same), 4),
        "thresholds": (min(thresholds), max(thresholds)),
    }  # fmt: skip
