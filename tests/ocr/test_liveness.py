"""The active check and the passive cues: pure, with faces made of numbers; then one real look at a drawn person."""

import io
import math
import random
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.challenge import SOFT, SOLID, drawn
from common.wire.liveness import Gesture
from ocr import wire
from ocr.api import FaceLook, FaceSigns, FaceTraces, Point
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.faces import FaceMatcher
from ocr.liveness import lids
from ocr.liveness.check import LivenessCheck, Phase
from ocr.liveness.look import FaceLooker
from ocr.liveness.signs import signs_of
from ocr.reader import DocumentReader
from ocr.serving import serve
from ocr.wire import Message
from ocr.worker import Worker
from video.sources import people
from video.sources.actor import STEPS, Pose, posed

REST = FaceSigns(eyes=0.32, mouth=0.15, yaw=0.02, pitch=0.64, span=170)
MADE = {
    Gesture.BLINK: FaceSigns(0.18, 0.15, 0.02, 0.64, 170),
    Gesture.MOUTH: FaceSigns(0.32, 0.42, 0.02, 0.55, 170),
    Gesture.TURN_LEFT: FaceSigns(0.33, 0.16, 0.12, 0.63, 155),
    Gesture.TURN_RIGHT: FaceSigns(0.33, 0.16, -0.09, 0.65, 155),
    Gesture.NOD: FaceSigns(0.26, 0.13, 0.02, 0.80, 170),
}
CLEAN = FaceTraces(moire=2.3, frame=0.25, colours=4.8, detail=0.12)
STEP_S = 0.2


class Face:
    """Feeds a check: at rest, or showing what ``show`` says for what is asked."""

    def __init__(self, check: LivenessCheck, traces: FaceTraces = CLEAN) -> None:
        self.check, self.traces, self.at, self._count = check, traces, 0.0, 0

    def look(self, signs: FaceSigns = REST, *, faces: int = 1, same: bool = False) -> None:
        self._count += not same
        self.at += STEP_S
        thumbnail = bytes((self._count * 5 + k) % 251 for k in range(256))
        self.check.feed(FaceLook(faces, signs, self.traces, thumbnail), self.at)

    def play(self, show: Callable[[Gesture], Gesture | None], *, same: bool = False) -> LivenessCheck:
        """Until it is over: each gesture takes two looks, after one at rest."""
        waited = 0
        while not self.check.over:
            asked = self.check.asked
            waited = 0 if asked is None else waited + 1
            shown = show(asked) if asked is not None and waited in (2, 3) else None
            self.look(MADE[shown] if shown is not None else REST, same=same)
        return self.check


def begun(seed: int = 3, count: int = 3) -> LivenessCheck:
    chance = random.Random(seed)
    return LivenessCheck(drawn(chance.randrange, count), chance, 0.0)


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_whoever_does_as_asked_passes(seed: int, count: int) -> None:
    check = Face(begun(seed, count)).play(lambda asked: asked)
    assert (check.phase, check.findings, check.number) == (Phase.PASSED, (), count)
    assert [step.outcome for step in check.steps] == ["done"] * count


@given(st.integers(0, 10_000))
def test_a_draw_has_a_solid_and_a_soft_gesture_and_none_twice(seed: int) -> None:
    gestures = drawn(random.Random(seed).randrange, 3)
    assert len(set(gestures)) == 3
    assert set(gestures) & set(SOLID)
    assert set(gestures) & set(SOFT)


@given(st.integers(0, 3_000))
def test_the_recording_of_another_sequence_fails(seed: int) -> None:
    check, earlier = begun(seed), drawn(random.Random(seed + 77_777).randrange, 3)
    if check.steps[0].gesture is earlier[0] or earlier[0] is Gesture.BLINK:
        return
    played = Face(check).play(lambda asked: earlier[check.number])
    assert played.phase is Phase.FAILED
    assert played.findings[0] in ("liveness.wrong_gesture", "liveness.late")


def test_who_does_nothing_is_late_and_who_is_flat_cannot_turn() -> None:
    check = Face(begun()).play(lambda _: None)
    assert (check.phase, check.findings) == (Phase.FAILED, ("liveness.late",))
    assert check.steps[0].outcome == "late"
    assert check.steps[-1].outcome == "not_reached"
    flat = Face(begun(5, 5)).play(lambda asked: asked if asked in SOFT else None)
    assert flat.findings == ("liveness.late",)


def test_a_gesture_under_way_before_it_was_asked_does_not_count() -> None:
    face = Face(begun())
    while face.check.phase in (Phase.STEADY, Phase.PAUSE):
        face.look()
    asked = face.check.asked
    assert asked is not None
    for _ in range(3):
        face.look(MADE[asked])
    assert face.check.number == 0
    face.look()
    face.look(MADE[asked])
    face.look()
    assert face.check.number == 1


def paused() -> Face:
    """The first gesture, a nod, is done; nothing is asked."""
    face = Face(LivenessCheck((Gesture.NOD, Gesture.MOUTH, Gesture.BLINK), random.Random(5), 0.0))
    while face.check.number == 0:
        face.look(MADE[Gesture.NOD] if face.check.asked is not None and not face.check.making else REST)
        face.look()
    return face


def test_a_gesture_in_a_pause_is_a_recordings_but_a_nod_may_swing_and_anybody_blinks() -> None:
    face = paused()
    for made in (Gesture.NOD, Gesture.BLINK):
        face.look(MADE[made])
    assert face.check.phase is Phase.PAUSE
    other = paused()
    other.look(MADE[Gesture.TURN_LEFT])
    other.look(MADE[Gesture.TURN_LEFT])
    assert (other.check.findings, other.check.steps[1].outcome) == (("liveness.wrong_gesture",), "not_reached")


@pytest.mark.parametrize(("looks", "step_s", "done"), [(1, 0.2, False), (2, 0.2, True), (1, 0.32, True)])
def test_a_blink_made_on_purpose_lasts_longer_than_one_of_itself(looks: int, step_s: float, done: bool) -> None:
    face = Face(LivenessCheck((Gesture.BLINK, Gesture.NOD), random.Random(5), 0.0))
    while face.check.asked is None:
        face.look()
    face.look()
    for _ in range(looks):
        face.at += step_s - STEP_S
        face.look(MADE[Gesture.BLINK])
    assert face.check.making is done


def test_who_opens_the_mouth_while_he_nods_does_as_asked() -> None:
    face = Face(LivenessCheck((Gesture.NOD, Gesture.BLINK), random.Random(5), 0.0))
    while face.check.asked is None:
        face.look()
    face.look()
    for pitch in (0.70, 0.70, 0.80):
        face.look(FaceSigns(0.3, 0.32, 0.02, pitch, 170))
    assert face.check.making


def test_two_faces_and_no_face_end_it() -> None:
    two = Face(begun())
    two.look(faces=2)
    assert two.check.findings == ("liveness.two_faces",)
    gone = Face(begun())
    gone.look()
    gone.check.tick(gone.at + 1.9)
    assert not gone.check.over
    gone.check.tick(gone.at + 2.1)
    assert gone.check.findings == ("liveness.face_lost",)


@pytest.mark.parametrize(
    ("traces", "same", "code"),
    [
        (FaceTraces(3.6, 0.25, 4.8, 0.12), False, "liveness.raster"),
        (FaceTraces(2.3, 1.0, 4.8, 0.12), False, "liveness.frame"),
        (FaceTraces(2.3, 0.25, 2.5, 0.12), False, "liveness.pale"),
        (CLEAN, True, "liveness.same_frame"),
    ],
)
def test_right_gestures_with_traces_of_an_attack_fail(traces: FaceTraces, same: bool, code: str) -> None:
    check = Face(begun(), traces).play(lambda asked: asked, same=same)
    assert check.phase is Phase.FAILED
    assert code in check.findings


def test_a_picture_on_a_stand_holds_too_still() -> None:
    class Noisy(Face):
        def look(self, signs: FaceSigns = REST, *, faces: int = 1, same: bool = False) -> None:
            self._count += 1
            self.at += STEP_S
            thumbnail = bytes([100 + self._count % 2, *([100] * 255)])
            self.check.feed(FaceLook(faces, signs, self.traces, thumbnail), self.at)

    assert Noisy(begun()).play(lambda asked: asked).findings == ("liveness.no_motion",)


# --- from pixels -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def landmarks(faces: DlibFaceEncoder) -> dict[Gesture | None, FaceSigns]:
    """The drawn customer's signs at rest and at the height of each gesture, through the real worker's looker."""
    looker = FaceLooker(faces)
    found = {}
    for gesture in (None, *Gesture):
        portrait = posed(people.customer(), people.CUSTOMER_FEATURES, Pose(gesture, STEPS if gesture else 0))
        done, data = cv2.imencode(".jpg", cv2.resize(portrait[:, :, ::-1], (600, 600)))
        assert done
        look = wire.load_look(wire.dump_look(looker.look(data.tobytes())))
        assert look.faces == 1
        assert look.signs is not None
        found[gesture] = look.signs
    return found


def test_each_gesture_of_the_drawn_customer_is_seen_as_what_it_is(
    landmarks: dict[Gesture | None, FaceSigns],
) -> None:
    rest = landmarks[None]
    assert landmarks[Gesture.BLINK].eyes < 0.7 * rest.eyes
    assert landmarks[Gesture.MOUTH].mouth > rest.mouth + 0.2
    assert landmarks[Gesture.TURN_LEFT].yaw > rest.yaw + 0.07
    assert landmarks[Gesture.TURN_RIGHT].yaw < rest.yaw - 0.07
    assert landmarks[Gesture.NOD].pitch > rest.pitch + 0.12


def test_the_worker_looks_at_frames_and_compares_for_a_purpose(faces: DlibFaceEncoder, matcher: FaceMatcher) -> None:
    done, data = cv2.imencode(".jpg", cv2.resize(people.customer()[:, :, ::-1], (600, 600)))
    assert done
    frame = data.tobytes()
    asked, said = io.BytesIO(), io.BytesIO()
    wire.write(asked, Message({"id": 1, "job": "look"}, (frame,)))
    wire.write(asked, Message({"id": 2, "job": "match_faces", "purpose": "continuity"}, (frame, frame)))
    asked.seek(0)
    serve(Worker(cast(DocumentReader, None), matcher, FaceLooker(faces)).jobs, asked, said)
    said.seek(0)
    first, second = wire.read(said), wire.read(said)
    assert first is not None
    assert second is not None
    look, match = wire.load_look(first.head["result"]), wire.load_match(second.head["result"])
    assert (look.faces, len(look.thumbnail)) == (1, 256)
    assert (match.same, match.score) == (True, 100.0)


def test_a_picture_without_a_face_shows_none(faces: DlibFaceEncoder) -> None:
    assert FaceLooker(faces).look(b"junk") == FaceLook(0)


@given(st.floats(0.3, 3), st.floats(-0.6, 0.6), st.floats(-0.5, 0.5), st.floats(0.5, 1.0))
def test_a_flat_picture_keeps_its_nose_however_it_is_held(
    size: float, roll: float, shear: float, squeeze: float
) -> None:
    points: list[Point] = [(100 + 7.0 * (k % 11) + k, 80 + 5.0 * (k % 7) + 2 * k) for k in range(68)]
    points[36], points[39], points[42], points[45] = (60, 100), (100, 102), (140, 102), (180, 100)
    points[48], points[54], points[30] = (90, 200), (150, 200), (125, 165)

    def held(point: Point) -> Point:
        x, y = point[0] * squeeze + shear * point[1], point[1]
        return (
            size * (x * math.cos(roll) - y * math.sin(roll)),
            size * (x * math.sin(roll) + y * math.cos(roll)),
        )

    flat, tilted = signs_of(points), signs_of([held(point) for point in points])
    assert tilted.yaw == pytest.approx(flat.yaw, abs=1e-6)
    assert tilted.pitch == pytest.approx(flat.pitch, abs=1e-6)


def test_points_that_are_no_face_are_refused() -> None:
    with pytest.raises(ValueError, match="landmarks"):
        signs_of([(0.0, 0.0)] * 5)
    with pytest.raises(ValueError, match="flat"):
        signs_of([(0.0, 0.0)] * 68)


def _eyes(down: bool) -> bytes:
    """Two patches: an iris in a light eye, or skin with a line of lashes below."""
    patch = np.full((lids.HEIGHT, lids.WIDTH), 170, np.uint8)
    if down:
        cv2.line(patch, (3, 11), (21, 11), (60,), 1)
    else:
        cv2.circle(patch, (12, 7), 4, (40,), -1)
    return bytes(2 * patch.tobytes())


@pytest.mark.parametrize("turned", [False, True])
def test_lids_that_landmarks_do_not_see_are_seen_by_the_eyes_themselves_in_a_head_at_rest(turned: bool) -> None:
    assert lids.likeness(_eyes(False), _eyes(True)) < 0.5 < 0.99 < lids.likeness(_eyes(False), _eyes(False))
    check = LivenessCheck([Gesture.BLINK], random.Random(3), 0.0)
    for number in range(40):
        down = check.asked is not None and number % 5 in (3, 4)
        signs = MADE[Gesture.TURN_LEFT] if down and turned else REST
        thumbnail = bytes((number * 5 + k) % 251 for k in range(256))
        check.feed(FaceLook(1, signs, CLEAN, thumbnail, _eyes(down)), number * STEP_S)
    assert (check.phase is Phase.PASSED) is not turned
