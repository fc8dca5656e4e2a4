"""The real encoder on a card's portrait, a frame, and people who are others."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from ocr.faces import THRESHOLD, FaceMatcher, score
from ocr.reader import DocumentReader
from tests.ocr.conftest import TODAY, png
from tools.camera import photograph
from tools.demo_people import CUSTOMER
from tools.specimens import render_front


def astronaut() -> Image.Image:
    load: Callable[[], NDArray[np.uint8]] = data.astronaut
    return Image.fromarray(load())


def live_frame(*people: Image.Image, level: float = 1.0) -> bytes:
    """A 1280 x 720 frame with people in a room, lit differently from their portraits."""
    frame = Image.new("RGB", (1280, 720), (120, 128, 132))
    for place, person in enumerate(people):
        frame.paste(person.resize((600, 600)), (20 + 620 * place, 120))
    lit = np.asarray(frame, dtype=np.float32) * level
    buffer = io.BytesIO()
    Image.fromarray(lit.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def other_person() -> bytes:
    """A face that is not the astronaut's: one of the small grey ones in scikit-image's wheel, enlarged."""
    load: Callable[[], NDArray[np.float64]] = data.lfw_subset
    return png(Image.fromarray((load()[3] * 255).astype(np.uint8)).resize((250, 250), Image.Resampling.BICUBIC))


def test_portrait_from_a_photographed_card_and_a_live_frame(reader: DocumentReader, matcher: FaceMatcher) -> None:
    reading = reader.read(photograph(render_front(CUSTOMER), 3, 1), today=TODAY)
    assert reading.portrait is not None
    answer = matcher.match(reading.portrait.png, live_frame(astronaut(), level=0.8))
    assert answer.same
    assert answer.faces == (1, 1)
    assert answer.score >= THRESHOLD
    assert answer.findings == ()


def test_another_person(matcher: FaceMatcher) -> None:
    answer = matcher.match(other_person(), live_frame(astronaut()))
    assert answer.faces == (1, 1)
    assert not answer.same
    assert answer.score < THRESHOLD


def test_two_persons_in_the_frame_are_not_compared(matcher: FaceMatcher) -> None:
    answer = matcher.match(png(astronaut()), live_frame(astronaut(), astronaut()))
    assert answer.faces == (1, 2)
    assert [finding.code for finding in answer.findings] == ["face.many"]
    assert (answer.same, answer.distance) == (False, None)


@pytest.mark.parametrize("junk", [png(Image.new("RGB", (640, 480), (80, 90, 100))), b"", b"GIF89a"])
def test_no_face(matcher: FaceMatcher, junk: bytes) -> None:
    answer = matcher.match(junk, png(astronaut()))
    assert answer.faces == (0, 1)
    assert not answer.same
    assert answer.findings


@given(st.floats(0, 2), st.floats(0, 2))
def test_score_falls_with_distance_and_decides_at_the_threshold(a: float, b: float) -> None:
    near, far = sorted((a, b))
    assert score(near, 0.6) >= score(far, 0.6)
    assert (score(a, 0.6) >= THRESHOLD) == (a <= 0.6)
    assert 0 <= score(a, 0.6) <= 100


def test_labelled_pairs(matcher: FaceMatcher, project: Path) -> None:
    folder = project.parent / "shared" / "faces"
    if not (folder / "pairs.csv").is_file():
        pytest.skip("no folder of labelled pairs beside the project")
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    for pair in pairs:
        answer = matcher.match((folder / pair["a"]).read_bytes(), (folder / pair["b"]).read_bytes())
        assert answer.same == (pair["same"] == "yes"), pair
