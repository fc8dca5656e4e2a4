"""The link's state machine and the watch over decoded media: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from video.call import TRANSITIONS, CallEvent, CallLink, CallState, EndReason, advance, allowed
from video.watch import Health, MediaWatch

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
IDLE = CallLink("call-1", "customer", CallState.IDLE, START)


@given(st.lists(st.sampled_from(CallEvent)))
def test_every_history_stays_within_the_table(events: list[CallEvent]) -> None:
    link = IDLE
    for index, event in enumerate(events):
        now = START + timedelta(seconds=index + 1)
        if not allowed(link, event):
            with pytest.raises(UserError, match=r"call\.wrong_state"):
                advance(link, event, now)
            continue
        after = advance(link, event, now)
        assert after.state is TRANSITIONS[link.state, event]
        assert after.since == (now if after.state is not link.state else link.since)
        link = after
    assert (link.state is CallState.ENDED) == (link.ended_by is not None)


def test_an_ended_call_stays_ended() -> None:
    assert not [event for event in CallEvent if (CallState.ENDED, event) in TRANSITIONS]


def test_every_living_state_can_be_ended_by_either_side() -> None:
    for state in set(CallState) - {CallState.ENDED}:
        link = CallLink("c", "p", state, START)
        assert advance(link, CallEvent.HANG_UP, START).ended_by is EndReason.LOCAL
        assert advance(link, CallEvent.REMOTE_HANG_UP, START).ended_by is EndReason.REMOTE


def test_connected_needs_media_and_nothing_else() -> None:
    into = {event for (_, event), target in TRANSITIONS.items() if target is CallState.CONNECTED}
    assert into == {CallEvent.MEDIA}


def watch() -> MediaWatch:
    one = MediaWatch(limit_s=3.0, setup_s=10.0, now=100.0)
    one.expect("video")
    one.expect("audio")
    return one


def test_one_frozen_kind_is_enough_to_be_lost() -> None:
    one = watch()
    one.saw("video", 101.0)
    assert one.health(101.0) is Health.WAITING
    one.saw("audio", 102.0)
    assert one.health(102.0) is Health.ALIVE
    one.saw("audio", 104.5)
    assert one.health(104.0) is Health.ALIVE
    assert one.health(104.1) is Health.LOST
    assert one.lost(104.1) == ("video",)
    one.saw("video", 104.2)
    assert one.health(104.3) is Health.ALIVE


def test_set_up_has_a_limit_of_its_own() -> None:
    one = watch()
    one.saw("audio", 109.0)
    assert one.health(110.0) is Health.WAITING
    assert one.lost(110.1) == ("video",)
    silent = MediaWatch(limit_s=3.0, setup_s=10.0, now=100.0)
    assert silent.health(110.0) is Health.WAITING
    assert silent.health(110.1) is Health.LOST
