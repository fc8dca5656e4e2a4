"""The server's judgement of the kiosk's film: the drawn sequence, on the screen and in the face, and nothing else."""

from collections.abc import Callable, Sequence

import pytest

from common.challenge import FilmFrame
from common.wire.liveness import Gesture
from ocr.api import FaceLook, FaceTraces
from ocr.liveness.replay import Replayed, replayed
from tests.ocr.test_liveness import CLEAN, MADE, REST

DRAWN = (Gesture.NOD, Gesture.BLINK, Gesture.TURN_LEFT)
SCREEN = ("look", *["look"] * 3, *["nod"] * 5, "good", *["blink"] * 5, "good", *["turn_left"] * 5, "good")
Show = Callable[[str, int], Gesture | None]


def obeys(shown: str, count: int) -> Gesture | None:
    """Two pictures of what the screen asks for, after two at rest."""
    return Gesture(shown) if shown in set(Gesture) and count in (3, 4) else None


def judged(
    show: Show, gestures: Sequence[Gesture] = DRAWN, screen: Sequence[str] = SCREEN, traces: FaceTraces = CLEAN,
    faces: int = 1,
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
        return FaceLook(faces, MADE[gesture] if gesture is not None else REST, traces, thumbnail)

    return replayed(film, gestures, look)


def test_who_did_as_the_screen_said_was_alive() -> None:
    said = judged(obeys)
    assert (said.passed, said.findings) == (True, ())
    assert said.rest == bytes([3]), "the first picture of the face at rest stays"


def test_a_screen_that_never_pauses_leaves_a_picture_of_who_moved_all_the_same() -> None:
    """A changed window shows the next gesture before this one is over: somebody has to be in the film even so."""
    hurried = ("nod", *["nod"] * 5, *["blink"] * 5, *["turn_left"] * 5)

    def quick(shown: str, count: int) -> Gesture | None:
        return Gesture(shown) if count == (5 if shown == "nod" else 4) else None

    said = judged(quick, screen=hurried)
    assert (said.passed, said.rest) == (True, bytes([3]))


def test_another_sequence_than_the_drawn_one_is_none() -> None:
    assert judged(obeys, gestures=DRAWN[::-1]).findings == ("liveness.other_sequence",)
    assert judged(obeys, gestures=DRAWN[:2]).findings == ("liveness.other_sequence",)
    assert replayed((), DRAWN, lambda _: FaceLook(0)).findings == ("liveness.other_sequence",)


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
