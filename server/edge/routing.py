"""Who gets the next customer, who gets the next task. Pure functions; randomness is a port."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Random(Protocol):
    """The randomness of dispatch; `random.SystemRandom` in the product, so that nobody can foresee a deal."""

    def choice(self, seq: Sequence[str], /) -> str: ...


@dataclass(frozen=True)
class ReadySeat:
    """A seat that may be rung, and since when (monotonic seconds) it waits."""

    number: str
    ready_since: float


@dataclass(frozen=True)
class OpenTask:
    """A task to deal: ``excluded`` may never see it, ``passed_over`` let it lie before and come last."""

    task_id: str
    excluded: frozenset[str]
    passed_over: frozenset[str] = frozenset()


def match_seats(waiting: Sequence[str], seats: Iterable[ReadySeat]) -> list[tuple[str, str]]:
    """Head of the queue to the seat that has waited longest, and so on down: ``(case, seat)``."""
    by_wait = sorted(seats, key=lambda seat: (seat.ready_since, seat.number))
    return [(case, seat.number) for case, seat in zip(waiting, by_wait, strict=False)]


def deal(
    tasks: Sequence[OpenTask], free: Iterable[str], dealt: Mapping[str, int], random: Random
) -> list[tuple[str, str]]:
    """Deal tasks, oldest first, to free authorisers, one each: ``(task, authoriser)``.

    Among those who may have a task, who let none of it lie before, and who had the fewest so far (``dealt``),
    chance decides. A task that nobody free may have stays, and holds up none behind it.
    """
    left = set(free)
    deals = []
    for task in tasks:
        eligible = left - task.excluded
        eligible = eligible - task.passed_over or eligible
        if not eligible:
            continue
        fewest = min(dealt.get(number, 0) for number in eligible)
        chosen = random.choice(sorted(number for number in eligible if dealt.get(number, 0) == fewest))
        left.discard(chosen)
        deals.append((task.task_id, chosen))
    return deals


def estimated_wait_s(position: int, seats: int, average_s: int | None) -> int | None:
    """Seconds until position ``position`` (1 is next) is served, with ``seats`` at work; None: cannot be said."""
    if average_s is None or seats <= 0:
        return None
    return -(-position * average_s // seats)
