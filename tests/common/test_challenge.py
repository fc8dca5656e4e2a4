"""What a liveness check asks for, and the film of it on its way: nothing but a whole film is taken."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.challenge import MOST_FRAMES, FilmFrame, drawn, pack, unpack
from common.errors import UserError

FRAME = st.tuples(st.integers(1, 10_000), st.sampled_from(["", "liveness.nod", "liveness.good"]), st.binary(min_size=1))


def film(rows: list[tuple[int, str, bytes]]) -> list[FilmFrame]:
    """Each picture some milliseconds after the one before."""
    at, frames = 0, []
    for step, shown, picture in rows:
        at += step
        frames.append(FilmFrame(at, shown, picture))
    return frames


@given(st.lists(FRAME, max_size=8))
def test_a_film_comes_as_it_was_sent(rows: list[tuple[int, str, bytes]]) -> None:
    frames = film(rows)
    assert unpack(pack(frames)) == tuple(frames)


@given(st.lists(FRAME, min_size=1, max_size=4), st.integers(0, 2**31))
def test_a_film_that_was_cut_is_no_film_or_a_shorter_one(rows: list[tuple[int, str, bytes]], seed: int) -> None:
    frames = film(rows)
    data = pack(frames)
    cut = data[: random.Random(seed).randrange(len(data))]
    try:
        left = unpack(cut)
    except UserError as error:
        assert error.code == "film.unreadable"
    else:
        assert left == tuple(frames[: len(left)])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GTF0", b"GTF1\0", pack([FilmFrame(5, "", b"a"), FilmFrame(5, "", b"b")]), pack([FilmFrame(1, "", b"")]),
        pack([FilmFrame(at, "", b"a") for at in range(MOST_FRAMES + 1)]),
    ],
)  # fmt: skip
def test_what_is_no_film_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match=r"film\.unreadable"):
        unpack(data)


def test_one_gesture_is_too_few() -> None:
    with pytest.raises(ValueError, match="1 gestures"):
        drawn(random.Random(1).randrange, 1)
