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

from ocr import face_scales
from ocr.api import FaceFound, FacePurpose, Picture
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.face_scales import THRESHOLD, FaceScale, marks_of
from ocr.faces import FaceMatcher
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


SCALES = list(face_scales.load("face_recognition").values())


@given(st.sampled_from(SCALES), st.floats(0, 2), st.floats(0, 2))
def test_score_falls_with_distance_and_decides_at_the_threshold(scale: FaceScale, a: float, b: float) -> None:
    near, far = sorted((a, b))
    assert scale.score(near) >= scale.score(far)
    assert (scale.score(a) >= THRESHOLD) == (a <= scale.threshold)
    assert 0 <= scale.score(a) <= 100


def test_every_purpose_was_measured_and_is_no_laxer_than_the_authors_of_the_network() -> None:
    assert set(face_scales.load("face_recognition")) == set(FacePurpose)
    assert all(0.4 < scale.threshold <= 0.6 for scale in SCALES)
    with pytest.raises(KeyError):
        face_scales.load("an encoder nobody measured")


def test_marks_that_cross_are_left_out_and_a_broken_table_is_refused() -> None:
    assert marks_of(0.5, 0.6, 0.4, 0.9).marks == ((0.0, 100.0), (0.5, 80.0), (0.9, 10.0), (1.4, 0.0))
    with pytest.raises(ValueError, match="falls"):
        FaceScale(0.5, ((0.0, 100.0), (0.5, 80.0), (0.4, 50.0), (1.0, 0.0)))
    with pytest.raises(ValueError, match="runs"):
        FaceScale(0.6, ((0.0, 100.0), (0.5, 80.0), (1.0, 0.0)))


def test_a_known_portrait_is_not_looked_at_again(faces: DlibFaceEncoder) -> None:
    class Counting(DlibFaceEncoder):
        def __init__(self) -> None:
            self.looks = 0

        def find(self, picture: Picture, *, encode: bool = True) -> list[FaceFound]:
            self.looks += 1
            return faces.find(picture, encode=encode)

    counting = Counting()
    matcher = FaceMatcher(counting, face_scales.load(faces.name))
    portrait = png(astronaut())
    scores = {matcher.match(portrait, live_frame(astronaut(), level=level)).score for level in (0.8, 0.8, 1.0)}
    assert counting.looks == 3
    assert len(scores) == 2


def test_labelled_pairs(matcher: FaceMatcher, project: Path) -> None:
    folder = project.parent / "shared" / "faces"
    if not (folder / "pairs.csv").is_file():
        pytest.skip("no folder of labelled pairs beside the project")
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    for pair in pairs:
        answer = matcher.match((folder / pair["a"]).read_bytes(), (folder / pair["b"]).read_bytes())
        assert answer.same == (pair["same"] == "yes"), pair
