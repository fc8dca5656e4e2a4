"""The bit rate follows the path, not every estimate."""

from fractions import Fraction

from aiortc.codecs import get_encoder, vpx
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from video import codecs
from video.codecs import MAX_BITRATE, MIN_BITRATE, START_BITRATE, RatePolicy, SteadyVp8Encoder


def sending(policy: RatePolicy, bitrate: int, start: float, seconds: float) -> float:
    """Pictures at 30 fps that make this rate; the moment after the last."""
    for index in range(round(seconds * 30)):
        policy.sent(bitrate // 240, start + index / 30)
    return start + seconds


def test_a_scene_that_needs_little_does_not_lower_the_rate() -> None:
    policy = RatePolicy()
    now = sending(policy, 500_000, 100.0, 2.0)
    for step in range(20):
        policy.estimate(520_000, now + step / 2)
        sending(policy, 500_000, now + step / 2, 0.5)
    assert policy.target == START_BITRATE


def test_one_hiccup_does_not_but_a_narrow_path_does() -> None:
    policy = RatePolicy()
    now = sending(policy, 1_400_000, 100.0, 2.0)
    policy.estimate(1_000_000, now)
    sending(policy, 1_400_000, now, 0.5)
    policy.estimate(1_500_000, now + 0.5)
    assert policy.target == START_BITRATE
    for step in range(1, 5):
        policy.estimate(1_000_000, now + step / 2)
        sending(policy, 1_400_000, now + step / 2, 0.5)
    assert policy.target == 1_000_000


def test_a_collapse_is_believed_at_once() -> None:
    policy = RatePolicy()
    now = sending(policy, 1_400_000, 100.0, 1.0)
    policy.estimate(400_000, now)
    assert policy.target == 400_000


def test_it_rises_in_steps_and_not_too_often() -> None:
    policy = RatePolicy(600_000)
    policy.estimate(700_000, 100.0)
    assert policy.target == 600_000
    policy.estimate(900_000, 100.5)
    assert policy.target == 900_000
    policy.estimate(1_300_000, 104.0)
    assert policy.target == 900_000
    policy.estimate(1_300_000, 105.6)
    assert policy.target == 1_300_000


@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**6), st.floats(0, 3)), max_size=60))
def test_the_rate_stays_within_its_bounds(steps: list[tuple[int, int, float]]) -> None:
    policy = RatePolicy()
    now = 100.0
    for estimate, size, pause in steps:
        now += pause
        policy.sent(size, now)
        policy.estimate(estimate, now)
        assert MIN_BITRATE <= policy.target <= MAX_BITRATE


def test_this_aiortc_takes_our_encoder() -> None:
    codecs.install()
    codecs.install()
    encoder = get_encoder(RTCRtpCodecParameters("video/VP8", 90_000, payloadType=97))
    assert isinstance(encoder, SteadyVp8Encoder)
    assert encoder.target_bitrate == START_BITRATE
    assert isinstance(encoder, vpx.Vp8Encoder)
    assert codecs.preferred_video()[0].mimeType == "video/VP8"


def test_our_encoder_is_the_one_that_encodes_and_opens_anew_for_another_size() -> None:
    encoder = SteadyVp8Encoder()
    for width in (320, 320, 640):
        frame = VideoFrame(width, 180, "yuv420p")
        frame.pts, frame.time_base = 0, Fraction(1, 90000)
        assert encoder.encode(frame)[0]
        assert encoder.codec is not None
        assert (encoder.codec.width, encoder.codec.thread_count) == (width, 1)
