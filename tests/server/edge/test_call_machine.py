"""The call's state machine, with two and three participants, in every order of events."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from common.wire.signalling import CallEnded, CallStarted, Candidate, Description, Participant, PeerLost
from server.edge import call as machine
from server.edge.call import TRANSITIONS, Call, CallState, Outcome

GRACE, GAP = 10.0, 1.0
NUMBERS = ["T-01", "K-01", "A-01"]
Step = Callable[[Call, float], Outcome]


def people(count: int) -> tuple[Participant, ...]:
    return tuple(Participant(number=number, role="any") for number in NUMBERS[:count])


def steps() -> st.SearchStrategy[Step]:
    who = st.sampled_from([*NUMBERS, "K-99"])
    generation = st.integers(0, 4)
    description = st.builds(
        Description,
        call_id=st.just("c"),
        generation=generation,
        kind=st.sampled_from(["offer", "answer"]),
        sdp=st.just("v=0"),
    )
    candidate = st.builds(Candidate, call_id=st.just("c"), generation=generation, candidate=st.just(""))
    return st.one_of(
        st.builds(lambda number, g: lambda c, t: machine.ask_restart(c, number, g, t, GAP), who, generation),
        st.builds(lambda number, m: lambda c, t: machine.relay(c, number, m), who, description | candidate),
        st.builds(lambda number: lambda c, t: machine.lose(c, number, t + GRACE, GRACE), who),
        st.builds(
            lambda number: lambda c, t: machine.come_back(c, number, t, GRACE), who.filter(lambda n: n != "K-99")
        ),
        st.builds(lambda number: lambda c, t: machine.end(c, "hangup", number), who),
    )


@given(st.integers(2, 3), st.sets(st.sampled_from(NUMBERS)), st.lists(steps(), max_size=30))
def test_whatever_happens_the_call_stays_in_order(count: int, absent: set[str], happens: list[Step]) -> None:
    fresh = Call("c", "case-1", people(count))
    missing = {number: GRACE for number in absent if fresh.has(number)}
    call, posts = machine.begin(fresh, missing, 0.0, GRACE)
    check(fresh, call, posts)
    for time, step in enumerate(happens):
        try:
            after, posts = step(call, float(time))
        except UserError as error:
            assert error.code.startswith("call.")
            continue
        assert after.state in TRANSITIONS[call.state]
        check(call, after, posts)
        call = after


def check(before: Call, after: Call, posts: tuple[machine.Post, ...]) -> None:
    numbers = {one.number for one in after.participants}
    assert {number for number, _ in posts} <= numbers
    assert (after.state is CallState.WAITING) == bool(after.lost) or after.state is CallState.ENDED
    started = [(number, message) for number, message in posts if isinstance(message, CallStarted)]
    if after.generation > before.generation or (started and before.generation):
        assert after.state is CallState.ACTIVE
    if started:
        assert {number for number, _ in started} == numbers
        assert [message.offerer for _, message in started].count(True) == 1
        assert {message.generation for _, message in started} == {after.generation}
        assert all(number not in {peer.number for peer in message.peers} for number, message in started)
    for number, message in posts:
        if isinstance(message, PeerLost):
            assert message.number in after.lost
            assert number not in after.lost
        if isinstance(message, Description | Candidate):
            assert message.sender not in (None, number)
        if isinstance(message, CallEnded):
            assert after.state is CallState.ENDED


@pytest.mark.parametrize("step", ["restart", "lose", "come_back", "end", "relay"])
def test_an_ended_call_does_nothing_more(step: str) -> None:
    ended, _ = machine.end(Call("c", "case-1", people(2)), "case_ended")
    happenings: dict[str, Step] = {
        "restart": lambda c, t: machine.ask_restart(c, "T-01", 1, t, GAP),
        "lose": lambda c, t: machine.lose(c, "T-01", t, GRACE),
        "come_back": lambda c, t: machine.come_back(c, "T-01", t, GRACE),
        "end": lambda c, t: machine.end(c, "hangup"),
        "relay": lambda c, t: machine.relay(c, "T-01", Candidate(call_id="c", generation=1, candidate="")),
    }
    with pytest.raises(UserError) as caught:
        happenings[step](ended, 100.0)
    assert caught.value.code == "call.not_found"


def test_with_three_the_media_begin_anew_only_when_all_are_back() -> None:
    call, _ = machine.begin(Call("c", "case-1", people(3)), {}, 0.0, GRACE)
    call, posts = machine.lose(call, "T-01", 10.0, GRACE)
    assert [number for number, _ in posts] == ["K-01", "A-01"]
    call, posts = machine.lose(call, "K-01", 12.0, GRACE)
    assert [number for number, _ in posts] == ["A-01"]
    call, posts = machine.come_back(call, "T-01", 5.0, GRACE)
    assert posts == (("T-01", PeerLost(call_id="c", number="K-01", grace_s=GRACE)),)
    assert machine.overdue(call, 11.9) is None
    assert machine.overdue(call, 12.0) == "K-01"
    call, posts = machine.come_back(call, "K-01", 6.0, GRACE)
    assert {number for number, _ in posts} == set(NUMBERS)
    assert call.generation == 2
