"""Pictures of evidence: fetched once, checked, bounded, and forgotten when they belong to nobody here any more."""

import hashlib
import io
from collections.abc import Callable

import pytest
from PIL import Image

from common.errors import AppError, ServiceError
from ui.kit.pictures import KEPT, Pictures, PictureState
from ui.kit.ports import OnError


def png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Server:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Callable[[bytes], object], OnError]] = []

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        self.asked.append((digest, on_ok, on_error))

    def answer(self, data: bytes | AppError) -> None:
        _, on_ok, on_error = self.asked.pop(0)
        if isinstance(data, AppError):
            on_error(data)
        else:
            on_ok(data)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def pictures(server: Server) -> Pictures:
    return Pictures(server)


RED = png(200)


def test_a_picture_is_fetched_once_and_is_here_when_it_came(pictures: Pictures, server: Server) -> None:
    arrived: list[str] = []
    pictures.arrived.connect(arrived.append)
    for _ in range(2):
        pictures.want(digest(RED))
    assert pictures.state(digest(RED)) is PictureState.COMING
    server.answer(RED)
    pictures.want(digest(RED))
    assert (server.asked, arrived) == ([], [digest(RED)])
    assert pictures.state(digest(RED)) is PictureState.HERE
    image = pictures.image(digest(RED))
    assert image is not None
    assert image.pixelColor(1, 1).red() == 200


@pytest.mark.expects_log("evidence altered")
@pytest.mark.parametrize("answer", [png(1), ServiceError("evidence.altered")], ids=["here", "server"])
def test_what_is_not_what_was_stored_is_broken_and_not_shown(
    pictures: Pictures, server: Server, answer: bytes | AppError
) -> None:
    told: list[tuple[str, str]] = []
    pictures.broken.connect(lambda one: told.append(("broken", one)))
    pictures.failed.connect(lambda one, error: told.append((error.code, one)))
    pictures.want(digest(RED))
    server.answer(answer)
    assert told == [("broken", digest(RED)), ("evidence.altered", digest(RED))]
    assert pictures.state(digest(RED)) is PictureState.BROKEN
    assert pictures.image(digest(RED)) is None
    pictures.want(digest(RED))
    assert not server.asked, "asked again only on purpose"
    pictures.again(digest(RED))
    server.answer(RED)
    assert pictures.state(digest(RED)) is PictureState.HERE


def test_what_could_not_be_fetched_is_asked_for_again(pictures: Pictures, server: Server) -> None:
    pictures.want(digest(RED))
    server.answer(ServiceError("network.unreachable"))
    assert pictures.state(digest(RED)) is PictureState.FAILED
    pictures.want(digest(RED))
    assert pictures.state(digest(RED)) is PictureState.COMING
    server.answer(RED)
    assert pictures.state(digest(RED)) is PictureState.HERE


def test_an_intact_file_that_is_no_picture_has_failed(pictures: Pictures) -> None:
    pictures.put(digest(b"no picture"), b"no picture")
    assert pictures.state(digest(b"no picture")) is PictureState.FAILED
    assert pictures.image(digest(b"no picture")) is None
    assert pictures.data(digest(b"no picture")) == b"no picture"


def test_the_oldest_leaves_when_there_are_too_many(pictures: Pictures) -> None:
    files = [png(shade) for shade in range(KEPT + 1)]
    for file in files:
        pictures.put(digest(file), file)
    assert pictures.state(digest(files[0])) is PictureState.COMING
    assert pictures.data(digest(files[0])) is None
    assert pictures.state(digest(files[1])) is PictureState.HERE


def test_what_belongs_to_another_customer_is_not_kept_even_when_it_comes_late(
    pictures: Pictures, server: Server
) -> None:
    blue = png(9)
    pictures.put(digest(blue), blue)
    pictures.want(digest(RED))
    pictures.keep_only([digest(blue)])
    server.answer(RED)
    assert pictures.data(digest(RED)) is None
    assert pictures.state(digest(blue)) is PictureState.HERE
    pictures.keep_only(())
    assert pictures.data(digest(blue)) is None
