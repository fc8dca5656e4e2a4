"""The time code survives real VP8 at a miserable bit rate, and is never read where none is."""

import av
import numpy as np
import pytest
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from video import timecode
from video.frames import Pixels, luma, planes
from video.sources import people
from video.sources.stills import TIME_BASE, packed
from video.sources.synthetic import SyntheticCamera

SIZES = st.sampled_from([(320, 180), (640, 360), (1280, 720), (1366, 768), (192, 144)])
MOMENTS = st.integers(0, 10**17)


@given(SIZES, MOMENTS, st.integers(-(10**14), 10**14))
def test_what_is_drawn_is_read(size: tuple[int, int], drawn: int, offset: int) -> None:
    y = np.full((size[1], size[0]), 90, np.uint8)
    timecode.draw(y, drawn)
    now = max(0, drawn + offset)
    assert timecode.read(y, now) == drawn // 100_000 * 100_000
    assert (y[: size[1] - timecode.strip_height(size[1])] == 90).all()


@given(st.integers(0, 2**32 - 1))
def test_pictures_without_a_code_read_as_nothing(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (180, 320), np.uint8)
    assert timecode.read(noise, 10**12) is None
    assert timecode.read(np.full((180, 320), 255, np.uint8), 10**12) is None
    assert timecode.read(np.zeros((20, 100), np.uint8), 10**12) is None


@given(MOMENTS, st.integers(0, 23), st.integers(0, 1))
def test_a_flipped_cell_is_not_believed(drawn: int, column: int, row: int) -> None:
    y = np.zeros((180, 320), np.uint8)
    timecode.draw(y, drawn)
    cells = np.arange(320) * 24 // 320 == column
    rows = slice(180 - 16 + 8 * row, 180 - 8 + 8 * row)
    y[rows, cells] = 256 - y[rows, cells].astype(int)
    assert timecode.read(y, drawn) is None


def through_vp8(pictures: list[Pixels], bitrate: int) -> list[av.VideoFrame]:
    encoder, decoder = Vp8Encoder(), Vp8Decoder()
    encoder.target_bitrate = bitrate
    out: list[av.VideoFrame] = []
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = index * 3000, TIME_BASE
        payloads, timestamp = encoder.encode(frame)
        decoded = decoder.decode(JitterFrame(b"".join(vp8_depayload(part) for part in payloads), timestamp))
        out += [one for one in decoded if isinstance(one, av.VideoFrame)]
    return out


@settings(max_examples=8)
@given(st.sampled_from([(320, 180), (640, 360)]), MOMENTS, st.integers(0, 2**32 - 1))
def test_survives_vp8_under_noise(size: tuple[int, int], start: int, seed: int) -> None:
    noise = np.random.default_rng(seed)
    drawn = [start + index * 33_333_333 for index in range(6)]
    pictures = []
    for moment in drawn:
        picture = noise.integers(0, 256, (size[1] * 3 // 2, size[0]), np.uint8)
        timecode.draw(planes(picture)[0], moment)
        pictures.append(picture)
    decoded = through_vp8(pictures, 250_000)
    read = [timecode.read(luma(frame), start) for frame in decoded]
    # Under pure noise the first, starved frames may be unreadable; none may be read wrongly.
    right = [moment // 100_000 * 100_000 for moment in drawn]
    assert all(value in (None, right[index]) for index, value in enumerate(read))
    assert sum(value is not None for value in read) >= len(read) - 2


@pytest.mark.parametrize("portrait", [people.teller, people.customer])
def test_survives_vp8_at_full_size(portrait: object) -> None:
    assert callable(portrait)
    camera = SyntheticCamera(portrait(), measure=True)
    drawn = [7_000_000_000 + index * 33_300_000 for index in range(5)]
    pictures = [packed(camera.render(index, moment)) for index, moment in enumerate(drawn)]
    read = [timecode.read(luma(frame), drawn[0]) for frame in through_vp8(pictures, 600_000)]
    assert read == drawn
