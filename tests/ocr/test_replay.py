"""The server's judgement of the kiosk's film: the drawn sequence, on the screen and in the face, and nothing else."""

from collections.abc import Callable, Sequence

import pytest

from common.challenge import FilmFrame
from common.wire.liveness import Gesture
from ocr.api import FaceLook, FaceMatch, FaceTraces
from ocr.liveness.replay import Replayed, Seeing, replayed
from tests.ocr.test_liveness import CLEAN, MADE, REST

DRAWN = (Gesture.NOD, Gesture.BLINK, Gesture.TURN_LEFT)
SCREEN = ("look", *["look"] * 3, *["nod"] * 5, "good", *["blink"] * 5, "good", *["turn_left"] * 5, "good")
Show = Callable[[str, int], Gesture | None]


def alone(number: int) -> tuple[str, int]:
    """Who a picture shows, and how many faces."""
    return "customer", 1


def obeys(shown: str, count: int) -> Gesture | None:
    """Two pictures of what the screen asks for, after two at rest."""
    return Gesture(shown) if shown in set(Gesture) and count in (3, 4) else None


def judged(
    show: Show, gestures: Sequence[Gesture] = DRAWN, screen: Sequence[str] = SCREEN, traces: FaceTraces = CLEAN,
    faces: int = 1, people: Callable[[int], tuple[str, int]] = alone,
) -> Replayed:  # fmt: skip
    film, made, count = [], [], 0
    for number, shown in enumerate(screen):
        count = count + 1 if number and screen[number - 1] == shown else 1
        film.append(FilmFrame(number * 200, f"liveness.{shown}", bytes([number + 1])))
        made.append(show(shown, count))

    def look(picture: bytes) -> FaceLook:
        number = picture[0] - 1
        gesture = made[number]
        thumbnail = bytes((number * 5 + k) % 251 for k in range(256))
        near = max(faces, people(number)[1])
        return FaceLook(near, MADE[gesture] if gesture is not None else REST, traces, thumbnail)

    def compare(first: bytes, other: bytes) -> FaceMatch:
        (known, _), (seen, count) = people(first[0] - 1), people(other[0] - 1)
        score = 91.0 if known == seen else 40.0 if "stranger" in (known, seen) else 70.0
        distance = 0.4 if count == 1 else None
        return FaceMatch(score >= 80 and count == 1, score, distance, 80.0, (1, count), (), 1.0)

    return replayed(film, gestures, Seeing(look, compare))


def test_who_did_as_the_screen_said_was_alive() -> None:
    said = judged(obeys)
    assert (said.passed, said.findings) == (True, ())
    assert said.rest == bytes([3]), "the first picture of the face at rest stays"


def test_a_screen_that_never_pauses_leaves_a_picture_of_who_moved_all_the_same() -> None:
    """A changed window shows the next gesture before this one is over: somebody has to be in the film even so."""
    hurried = ("nod", *["nod"] * 5, *["blink"] * 5, *["turn_left"] * 5)

    def quick(shown: str, count: int) -> Gesture | None:
        return Gesture(shown) if count in ((5,) if shown == "nod" else (3, 4)) else None

    said = judged(quick, screen=hurried)
    assert (said.passed, said.rest) == (True, bytes([3]))


def test_another_sequence_than_the_drawn_one_is_none() -> None:
    assert judged(obeys, gestures=DRAWN[::-1]).findings == ("liveness.other_sequence",)
    assert judged(obeys, gestures=DRAWN[:2]).findings == ("liveness.other_sequence",)
    assert judged(obeys, screen=()).findings == ("liveness.other_sequence",)


@pytest.mark.parametrize(
    ("show", "finding"),
    [
        (lambda shown, count: None, "liveness.film_short"),
        (lambda shown, count: Gesture.MOUTH if shown == "nod" and count > 2 else None, "liveness.wrong_gesture"),
        (lambda shown, count: Gesture.NOD if shown == "look" and count == 4 else None, "liveness.film_short"),
    ],
)
def test_a_film_of_somebody_who_did_not_is_none(show: Show, finding: str) -> None:
    said = judged(show)
    assert (said.passed, said.findings[0]) == (False, finding)


def test_two_faces_and_traces_of_a_screen_count_as_in_the_window() -> None:
    assert judged(obeys, faces=2).findings == ("liveness.two_faces",)
    assert judged(obeys, traces=FaceTraces(4.4, 0.25, 4.8, 0.12)).findings == ("liveness.raster",)


@pytest.mark.parametrize(
    ("at", "who", "finding"),
    [
        (range(15, 99), "stranger", "liveness.face_changed"),  # another sits down at second 3 and does the rest
        (range(6, 8), "stranger", "liveness.face_changed"),  # only while a gesture is made
        (range(6, 8), "a turned head", None),  # less like itself, but nobody else
        (range(15, 99), "a turned head", "liveness.face_changed"),  # at rest it has to be the very same
        (range(21, 22), "stranger", "liveness.face_changed"),  # the last picture
    ],
)
def test_the_same_person_from_first_to_last(at: range, who: str, finding: str | None) -> None:
    said = judged(obeys, people=lambda number: (who if number in at else "customer", 1))
    assert (said.passed, said.findings[:1]) == (finding is None, () if finding is None else (finding,))
    assert (said.other is None) is (finding is None)


@pytest.mark.parametrize("number", [4, 9, 15, 21])
def test_a_second_face_is_seen_whenever_it_comes(number: int) -> None:
    said = judged(obeys, people=lambda seen: ("customer", 2 if seen == number else 1))
    assert (said.passed, said.findings, said.other) == (False, ("liveness.two_faces",), bytes([number + 1]))
