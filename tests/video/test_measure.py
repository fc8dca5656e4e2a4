"""What is counted, and what is not counted twice."""

import json
from datetime import UTC, datetime

import av
import numpy as np

from video import clicks
from video.frames import SAMPLE_RATE, TimedPicture
from video.measure import CallMeasure, quantiles
from video.sinks.screen import Picture

NOW = datetime(2026, 1, 5, tzinfo=UTC)
MS = 1_000_000


def picture(serial: int, captured: int | None) -> Picture:
    return Picture(4, 4, 16, bytes(64), captured, 0, NOW, serial)


def test_quantiles_are_nearest_ranks() -> None:
    found = quantiles(float(n) for n in range(100, 0, -1))
    assert found is not None
    assert (found.count, found.p50, found.p95, found.max) == (100, 50.0, 95.0, 100.0)
    assert quantiles([]) is None


def test_a_picture_painted_twice_counts_once() -> None:
    measure = CallMeasure()
    measure.note_painted(picture(1, 100 * MS), 130 * MS)
    measure.note_painted(picture(1, 100 * MS), 146 * MS)
    measure.note_painted(picture(2, None), 160 * MS)
    figures = measure.figures()
    assert figures.frames_painted == 2
    assert figures.display_ms is not None
    assert (figures.display_ms.count, figures.display_ms.max) == (1, 30.0)


def test_rate_gap_and_set_up() -> None:
    ticks = iter([1000 * MS, 1450 * MS, 9000 * MS])
    measure = CallMeasure(lambda: next(ticks))
    measure.note_joined()
    measure.note_connected()
    measure.note_connected()
    frame = av.VideoFrame(16, 16, "yuv420p")
    for at in (0, 33, 66, 166):
        measure.note_frame(TimedPicture(frame, at * MS, NOW))
    figures = measure.figures("software speaker")
    assert figures.setup_ms == 450.0
    assert figures.longest_gap_ms == 100.0
    assert figures.fps_decoded == round(3 / 0.166, 2)
    assert json.loads(json.dumps(figures.as_dict()))["frames_decoded"] == 4


def test_reset_forgets_all_but_the_set_up() -> None:
    measure = CallMeasure()
    measure.note_joined()
    measure.note_connected()
    start = 7 * clicks.SLOT_NS - 10 * MS
    measure.note_heard(clicks.render(start, SAMPLE_RATE // 5), start + 90 * MS)
    sound = measure.figures().sound_ms
    assert sound is not None
    assert abs(sound.p50 - 90) < 1
    measure.reset()
    after = measure.figures()
    assert after.sound_ms is None
    assert after.setup_ms is not None


def test_silence_measures_nothing() -> None:
    measure = CallMeasure()
    measure.note_heard(np.zeros(4800, np.int16), 0)
    figures = measure.figures()
    assert (figures.sound_ms, figures.decode_ms, figures.fps_decoded) == (None, None, None)
