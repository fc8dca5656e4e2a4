"""Whole calls between two sessions in one loop, over real UDP sockets, DTLS and codecs."""

import asyncio
import io
from collections.abc import AsyncIterator
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from common.aio import LatestValue
from common.errors import UserError
from tests.video.support import QUICK, Party, eventually, frames
from video.call import CallState, EndReason
from video.clicks import SLOT_NS
from video.frames import TimedPicture, TimedSound
from video.signalling import Candidate
from video.sinks.screen import Picture

Pair = tuple[Party, Party]


def _has_code(slot: LatestValue[Picture]) -> bool:
    return (shown := slot.peek()) is not None and shown.captured_monotonic_ns is not None


def _heard(party: Party, clicks: int) -> bool:
    return (sound := party.session.figures().sound_ms) is not None and sound.count >= clicks


async def test_pictures_arrive_with_their_time_codes(connected: Pair) -> None:
    codes = []
    for party in connected:
        await frames(party, 5)
        slot = party.session.remote_screen.pictures
        await eventually(partial(_has_code, slot))
        shown = slot.peek()
        assert shown is not None
        codes.append((shown.decoded_monotonic_ns - (shown.captured_monotonic_ns or 0)) / 1e6)
        assert (shown.width, shown.height) == (320, 180)
        assert len(shown.data) == shown.stride * shown.height
    assert all(0 < delay < 2000 for delay in codes)


async def test_sound_arrives_as_it_was_spoken(connected: Pair) -> None:
    for party in connected:
        await eventually(partial(_heard, party, 2))
        figures = party.session.figures()
        assert figures.sound_ms is not None
        assert 20 < figures.sound_ms.p50 < SLOT_NS / 1e6
        assert figures.sound_path == "software speaker"
        assert party.session.speaker.level > 0


async def test_the_report_of_a_call_that_is_over_names_what_played_it(connected: Pair) -> None:
    for party in connected:
        await party.session.hang_up()
        assert party.session.figures().sound_path == "software speaker"


async def test_everybody_sees_the_other_not_himself(connected: Pair) -> None:
    teller, customer = connected
    await frames(teller, 3)
    remote = (await teller.session.remote_screen.snapshot()).rgb.astype(int)
    own = (await customer.session.media.self_view.snapshot()).rgb.astype(int)
    wrong = (await teller.session.media.self_view.snapshot()).rgb.astype(int)
    body = slice(0, 150)
    assert np.abs(remote[body] - own[body]).mean() < 8
    assert np.abs(remote[body] - wrong[body]).mean() > 12


async def test_snapshot_is_a_file_of_the_live_picture(connected: Pair) -> None:
    teller, _ = connected
    await frames(teller, 2)
    snapshot = await teller.session.remote_screen.snapshot()
    for data, kind in ((snapshot.encode(), "JPEG"), (snapshot.encode("png"), "PNG")):
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (320, 180)
            assert picture.format == kind


async def test_taps_get_pictures_and_sound(connected: Pair) -> None:
    _, customer = connected
    pictures: list[TimedPicture] = []
    sounds: list[TimedSound] = []
    customer.session.remote_screen.add_tap(pictures.append)
    customer.session.speaker.add_tap(sounds.append)
    await eventually(lambda: len(pictures) > 3 and len(sounds) > 3)
    assert pictures[0].wall.tzinfo is not None
    assert all(a.monotonic_ns < b.monotonic_ns for a, b in pairwise(pictures))


async def test_set_size_scales_to_the_widget(connected: Pair) -> None:
    teller, _ = connected
    teller.session.remote_screen.set_size(160, 160)
    await eventually(lambda: (p := teller.session.remote_screen.pictures.peek()) is not None and p.width == 160)
    shown = teller.session.remote_screen.pictures.peek()
    assert shown is not None
    assert shown.height == 90


async def test_mute_sends_silence_and_says_so(connected: Pair) -> None:
    teller, customer = connected
    sounds: list[TimedSound] = []
    customer.session.speaker.add_tap(sounds.append)
    teller.session.mute(True)
    assert teller.session.snapshot().local_muted
    await eventually(lambda: len(sounds) > 40 and all(np.abs(s.samples).max() < 100 for s in sounds[-25:]))
    teller.session.mute(False)
    await eventually(lambda: int(np.abs(sounds[-1].samples).max()) > 2000)


async def test_hold_shows_the_card_and_keeps_the_call(connected: Pair) -> None:
    teller, customer = connected
    teller.session.hold(True)

    async def dark() -> float:
        return float((await customer.session.remote_screen.snapshot()).rgb[:20].mean())

    async with asyncio.timeout(10):
        while await dark() > 90:
            await frames(customer, 1)
    await frames(customer, round(QUICK.media_s * 15) + 5)
    assert customer.session.snapshot().state is CallState.CONNECTED
    teller.session.hold(False)
    async with asyncio.timeout(10):
        while await dark() < 150:
            await frames(customer, 1)


async def test_figures_of_the_connection(connected: Pair) -> None:
    teller, _ = connected
    snapshot = await teller.until(lambda s: s.fps_in > 10 and s.fps_out > 10 and s.rtt_ms is not None)
    assert snapshot.remote_size == (320, 180)
    assert snapshot.notices == ()


async def test_hang_up_ends_both_sides(connected: Pair) -> None:
    teller, customer = connected
    await teller.session.hang_up()
    await customer.session.on_remote_hang_up()
    assert teller.session.snapshot().ended_by is EndReason.LOCAL
    assert customer.session.snapshot().ended_by is EndReason.REMOTE
    with pytest.raises(UserError, match=r"call\.no_picture"):
        await customer.session.remote_screen.snapshot()
    with pytest.raises(UserError, match=r"call\.wrong_state"):
        await customer.session.on_description("offer", teller.port.sent[0][1])


@pytest.mark.parametrize("restarter", [0, 1])
async def test_either_side_restarts_and_the_other_follows(connected: Pair, restarter: int) -> None:
    await connected[restarter].session.restart()
    for party in connected:
        await party.until(lambda s: s.state is CallState.CONNECTED)
        await frames(party, 3)
        assert CallState.RECONNECTING in {s.state for s in party.snapshots}


async def test_both_restart_at_once(connected: Pair) -> None:
    teller, customer = connected
    await asyncio.gather(teller.session.restart(), customer.session.restart())
    for party in connected:
        await party.state(CallState.CONNECTED)
        await frames(party, 3)
    assert not teller.port.errors
    assert not customer.port.errors


async def test_a_late_answer_to_a_replaced_offer_changes_nothing(connected: Pair) -> None:
    teller, customer = connected
    stale = customer.port.sent[0]
    teller.port.other = None
    await teller.session.restart()
    await teller.session.on_description(*stale)
    assert teller.session.snapshot().state is CallState.RECONNECTING
    await customer.session.on_description(*teller.port.sent[-1])
    await teller.state(CallState.CONNECTED)


@pytest.mark.parametrize("spoil", ["", "hello", "v=0\r\n", "x" * 70_000, "no_ice", "no_fingerprint", "no_codecs"])
async def test_a_bad_description_changes_nothing(connected: Pair, spoil: str) -> None:
    teller, customer = connected
    good = teller.port.sent[0][1]
    lines = {"no_ice": "a=ice-ufrag", "no_fingerprint": "a=fingerprint", "no_codecs": "a=rtpmap"}
    bad = "\r\n".join(x for x in good.split("\r\n") if not x.startswith(lines[spoil])) if spoil in lines else spoil
    before = customer.session.snapshot().state
    with pytest.raises(UserError, match=r"call\.bad_description"):
        await customer.session.on_description("offer", bad)
    assert customer.session.snapshot().state is before
    await frames(customer, 3)


async def test_an_answer_without_an_offer_changes_nothing(connected: Pair) -> None:
    _, customer = connected
    with pytest.raises(UserError, match=r"call\.bad_description"):
        await customer.session.on_description("answer", customer.port.sent[0][1])
    await frames(customer, 3)


async def test_trickled_candidates_are_taken_and_checked(connected: Pair) -> None:
    teller, _ = connected
    good = "candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host"
    await teller.session.on_candidate(Candidate(good, "0", 0))
    await teller.session.on_candidate(Candidate("", "0", 0))
    for bad in ("candidate:nonsense", good.replace("50000", "0"), good.replace("udp", "carrier-pigeon"), "x" * 2000):
        with pytest.raises(UserError, match=r"call\.bad_candidate"):
            await teller.session.on_candidate(Candidate(bad, "0", 0))
    with pytest.raises(UserError, match=r"call\.bad_candidate"):
        await teller.session.on_candidate(Candidate(good, None, None))
    await frames(teller, 3)


@pytest.fixture
async def alone() -> AsyncIterator[Party]:
    party = Party("teller")
    yield party
    await party.close()


async def test_an_offer_may_come_before_the_call_is_answered(alone: Party) -> None:
    caller = Party("customer")
    caller.port.other, alone.port.other = alone.session, caller.session
    alone.session.ring()
    await caller.session.join("offerer")
    await eventually(lambda: not caller.port.tasks._tasks)
    await alone.session.join("answerer")
    await caller.state(CallState.CONNECTED)
    await alone.state(CallState.CONNECTED)
    await caller.close()


async def test_nobody_answers_breaks_the_call_in_time() -> None:
    party = Party("teller", limits=QUICK.__class__(media_s=0.8, setup_s=0.5))
    await party.session.join("offerer")
    snapshot = await party.state(CallState.BROKEN)
    assert snapshot.lost == ("audio", "video")
    await party.close()


async def test_hang_up_before_anything_happened(alone: Party) -> None:
    await alone.session.hang_up()
    await alone.session.hang_up()
    with pytest.raises(UserError, match=r"call\.wrong_state"):
        await alone.session.join("offerer")


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.02, 0.04])
async def test_hang_up_in_the_middle_of_the_set_up(moment: float) -> None:
    """At different moments of ICE and DTLS: nothing may be left running (the suite looks for tasks)."""
    teller, customer = Party("teller"), Party("customer")
    teller.port.other, customer.port.other = customer.session, teller.session
    await customer.session.join("answerer")
    await teller.session.join("offerer")
    await eventually(lambda: bool(customer.port.sent))
    await asyncio.sleep(moment)
    await teller.close()
    await customer.session.on_remote_hang_up()
    await customer.close()
    assert {one.session.snapshot().state for one in (teller, customer)} == {CallState.ENDED}
