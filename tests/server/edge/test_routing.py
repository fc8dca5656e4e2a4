"""Rules of dispatch that hold for every queue and every team."""

import random

from hypothesis import given
from hypothesis import strategies as st

from server.edge.routing import OpenTask, ReadySeat, deal, estimated_wait_s, match_seats

NUMBERS = [f"A-{index:02}" for index in range(8)]
authorisers = st.sets(st.sampled_from(NUMBERS))


@st.composite
def tasks(draw: st.DrawFn) -> list[OpenTask]:
    count = draw(st.integers(0, 8))
    return [
        OpenTask(f"task-{index}", frozenset(draw(authorisers)), frozenset(draw(authorisers))) for index in range(count)
    ]


dealt_before = st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 5))


@given(tasks(), authorisers, dealt_before, st.randoms(use_true_random=False))
def test_no_task_to_its_maker_none_twice_nobody_two(
    queue: list[OpenTask], free: set[str], dealt: dict[str, int], rng: random.Random
) -> None:
    deals = deal(queue, free, dealt, rng)
    excluded = {task.task_id: task.excluded for task in queue}
    assert all(number in free and number not in excluded[task] for task, number in deals)
    assert len({task for task, _ in deals}) == len({number for _, number in deals}) == len(deals)


@given(tasks(), authorisers, dealt_before, st.randoms(use_true_random=False))
def test_the_oldest_task_that_anybody_may_have_is_dealt_and_none_is_left_that_could_go(
    queue: list[OpenTask], free: set[str], dealt: dict[str, int], rng: random.Random
) -> None:
    deals = dict(deal(queue, free, dealt, rng))
    possible = [task for task in queue if free - task.excluded]
    assert not possible or possible[0].task_id in deals
    idle = free - set(deals.values())
    assert not [task for task in queue if task.task_id not in deals and idle - task.excluded]


@given(tasks(), authorisers, st.randoms(use_true_random=False))
def test_who_let_it_lie_gets_it_only_when_nobody_else_can(
    queue: list[OpenTask], free: set[str], rng: random.Random
) -> None:
    for task in queue:
        for _, number in deal([task], free, {}, rng):
            assert number not in task.passed_over or not free - task.excluded - task.passed_over


@given(st.integers(2, 8), st.integers(1, 200), st.randoms(use_true_random=False))
def test_equal_authorisers_get_equal_shares(team: int, rounds: int, rng: random.Random) -> None:
    dealt: dict[str, int] = {}
    for index in range(rounds):
        ((_, number),) = deal([OpenTask(str(index), frozenset())], NUMBERS[:team], dealt, rng)
        dealt[number] = dealt.get(number, 0) + 1
    counts = [dealt.get(number, 0) for number in NUMBERS[:team]]
    assert max(counts) - min(counts) <= 1


def test_chance_decides_among_equals() -> None:
    rng = random.Random(1)
    first = [deal([OpenTask("t", frozenset())], NUMBERS[:4], {}, rng)[0][1] for _ in range(200)]
    assert all(25 <= first.count(number) <= 75 for number in NUMBERS[:4])


seats = st.lists(
    st.builds(ReadySeat, st.sampled_from(NUMBERS), st.floats(0, 100)), unique_by=lambda seat: seat.number, max_size=8
)


@given(st.lists(st.text(min_size=1), unique=True, max_size=8), seats)
def test_the_head_of_the_queue_meets_the_seat_that_waited_longest(queue: list[str], ready: list[ReadySeat]) -> None:
    pairs = match_seats(queue, ready)
    assert [case for case, _ in pairs] == queue[: len(pairs)]
    assert len(pairs) == min(len(queue), len(ready))
    since = {seat.number: seat.ready_since for seat in ready}
    rung = [since[number] for _, number in pairs]
    assert rung == sorted(rung)
    assert len({number for _, number in pairs}) == len(pairs)
    left = since.keys() - {number for _, number in pairs}
    assert not rung or all(since[number] >= rung[-1] for number in left)


@given(st.integers(1, 100), st.integers(0, 20), st.none() | st.integers(1, 3600))
def test_the_estimate_grows_with_the_place_and_shrinks_with_seats(
    place: int, at_work: int, average: int | None
) -> None:
    wait = estimated_wait_s(place, at_work, average)
    assert (wait is None) is (average is None or at_work == 0)
    if wait is not None:
        assert wait <= (estimated_wait_s(place + 1, at_work, average) or 0)
        assert wait >= (estimated_wait_s(place, at_work + 1, average) or 0)
