"""Clicks, the playout queue and the jitter buffers: pure rules of the way from mouth to ear."""

import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from video import clicks, jitter
from video.frames import SAMPLE_RATE, level
from video.playout import Playout

MS = SAMPLE_RATE // 1000


@given(st.integers(10**10, 10**15), st.integers(0, 1500), st.sampled_from([96, 480, 960, 1111]))
def test_clicks_tell_their_delay(start: int, delay_ms: int, block: int) -> None:
    detector = clicks.ClickDetector()
    found: list[clicks.Heard] = []
    for index in range(2 * SAMPLE_RATE // block):
        spoken = start + index * block * 1_000_000_000 // SAMPLE_RATE
        found += detector.feed(clicks.render(spoken, block), spoken + delay_ms * 1_000_000)
    # A burst that was cut in two by the beginning starts late by up to its own length.
    whole = [heard for heard in found if heard.spoken_ns > start]
    assert len(whole) >= 4
    assert all(heard.spoken_ns % clicks.SLOT_NS == 0 for heard in whole)
    assert all(abs(heard.delay_ns / 1e6 - delay_ms) < 1.0 for heard in whole)


def test_silence_and_hum_are_no_clicks() -> None:
    detector = clicks.ClickDetector()
    assert detector.feed(np.zeros(SAMPLE_RATE, np.int16), 10**12) == []
    assert detector.feed(np.full(SAMPLE_RATE, 900, np.int16), 10**12) == []


def test_level_meter_ends() -> None:
    assert level(np.zeros(480, np.int16)) == 0.0
    assert level(np.full(480, 32767, np.int16)) == pytest.approx(1.0, abs=0.01)
    assert level(np.zeros(0, np.int16)) == 0.0


def run(queue: Playout, arrivals: list[int]) -> list[np.ndarray]:
    """Each entry: how many 20 ms packets came before the next two 10 ms blocks were played."""
    out = []
    for packets in arrivals:
        for _ in range(packets):
            queue.push(np.full(20 * MS, 1000, np.int16))
        out += [queue.pull(10 * MS), queue.pull(10 * MS)]
    return out


def test_steady_sound_plays_without_a_hole() -> None:
    played = np.concatenate(run(Playout(), [1] * 100))
    first = int(np.flatnonzero(played)[0])
    assert first <= 40 * MS
    assert (played[first:] == 1000).all()


def test_a_backlog_is_never_kept() -> None:
    queue = Playout()
    run(queue, [1] * 5 + [25] + [1] * 5)
    assert queue.stats().queued_ms <= 120
    assert queue.stats().dropped_ms > 300
    run(queue, [1] * 1000)
    assert queue.stats().queued_ms <= 60


def test_a_small_backlog_is_cut_out_unheard() -> None:
    queue = Playout()
    played = run(queue, [1] * 5 + [4] + [1] * 1500)
    stats = queue.stats()
    assert stats.dropped_ms == 0
    assert stats.cut_ms >= 20
    assert stats.dry == 0
    assert (np.concatenate(played[20:]) > 900).all()


def test_running_dry_raises_the_target_and_calm_lowers_it() -> None:
    queue = Playout()
    run(queue, [1] * 10 + [0, 0, 0] + [1] * 10 + [0, 0, 0, 0])
    assert queue.stats().dry == 2
    assert queue.stats().target_ms == 50
    run(queue, [3] + [1] * 3000)
    assert queue.stats().target_ms == 30


@given(st.lists(st.integers(0, 6), max_size=200))
def test_the_queue_is_bounded_whatever_comes(arrivals: list[int]) -> None:
    queue = Playout()
    for packets in arrivals:
        run(queue, [packets])
        stats = queue.stats()
        assert stats.queued_ms <= stats.target_ms + 80
        assert 30 <= stats.target_ms <= 80


def packet(number: int, timestamp: int | None = None, marker: int = 0) -> RtpPacket:
    one = RtpPacket(payload_type=96, sequence_number=number % 65536, timestamp=timestamp or number * 960, marker=marker)
    one._data = number.to_bytes(4, "big")  # type: ignore[attr-defined]
    return one


def feed(buffer: JitterBuffer, numbers: list[int]) -> list[tuple[int, int]]:
    """(arrived, handed over) for each packet handed over."""
    out = []
    for number in numbers:
        _, frame = buffer.add(packet(number))
        if frame is not None:
            out.append((number, int.from_bytes(frame.data, "big")))
    return out


def test_sound_in_order_waits_for_nothing() -> None:
    numbers = list(range(65_500, 65_600))
    assert feed(jitter.SoundJitterBuffer(), numbers) == [(n, n) for n in numbers]


def test_swapped_packets_are_put_in_order() -> None:
    assert [out for _, out in feed(jitter.SoundJitterBuffer(), [1, 2, 4, 3, 5, 6, 7])] == [1, 2, 3, 4, 5, 6][:6]


def test_a_lost_packet_costs_forty_milliseconds_and_they_are_given_back() -> None:
    numbers = [n for n in range(1, 600) if n != 50]
    handed = feed(jitter.SoundJitterBuffer(), numbers)
    delays = {arrived: arrived - out for arrived, out in handed}
    assert max(delays.values()) == 2
    assert delays[60] == 2
    assert delays[599] == 0


def test_the_library_keeps_a_lost_packets_delay_for_ever() -> None:
    """Why there is a buffer of ours; if this fails, a new aiortc may no longer need it."""
    numbers = [n for n in range(1, 600) if n != 50]
    handed = feed(JitterBuffer(capacity=16, prefetch=4), numbers)
    delays = {arrived: arrived - out for arrived, out in handed}
    assert delays[40] == 4
    assert delays[599] >= 14


@given(st.lists(st.integers(0, 3), min_size=5, max_size=60), st.data())
def test_sound_buffer_never_reorders_or_repeats(losses: list[int], data: st.DataObject) -> None:
    numbers = [index for index, loss in enumerate(losses) if loss]
    swapped = data.draw(st.permutations(numbers[:4])) + numbers[4:] if len(numbers) > 4 else numbers
    handed = [out for _, out in feed(jitter.SoundJitterBuffer(), swapped)]
    assert handed == sorted(set(handed))


def test_a_picture_is_complete_with_its_last_packet() -> None:
    buffer = jitter.PictureJitterBuffer()
    assert buffer.add(packet(1, 3000))[1] is None
    assert buffer.add(packet(2, 3000))[1] is None
    done = buffer.add(packet(3, 3000, marker=1))[1]
    assert done is not None
    assert len(done.data) == 12
    assert buffer.add(packet(4, 6000))[1] is None
    assert buffer.add(packet(6, 6000, marker=1))[1] is None
    late = buffer.add(packet(5, 6000))[1]
    assert late is not None
    assert late.timestamp == 6000


def test_a_sender_without_markers_is_still_understood() -> None:
    buffer = jitter.PictureJitterBuffer()
    assert buffer.add(packet(1, 3000))[1] is None
    done = buffer.add(packet(2, 6000))[1]
    assert done is not None
    assert done.timestamp == 3000


async def test_this_aiortc_has_the_place_for_our_buffers() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in ("audio", "video"):
        receiver = connection.addTransceiver(kind).receiver
        assert jitter.shorten(receiver, kind)
    await connection.close()
