"""The server's judge of faces: a worker of its own, asked from any thread. Real processes throughout."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from common.challenge import FilmFrame
from common.errors import ServiceError
from common.settings import Settings
from common.wire.identity import FaceUse
from common.wire.liveness import Gesture
from ocr.face_judge import FaceJudge
from tools.specimens import default_portrait
from tools.specimens.catalogue import draw


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def portrait() -> bytes:
    return jpeg(default_portrait().resize((480, 600)))


def test_a_judge_compares_for_many_threads_and_is_closed(portrait: bytes, tmp_path: Path) -> None:
    judge = FaceJudge(Settings(data_dir=tmp_path))
    card = draw("resident_id", "front", 3).image.rotate(180, expand=True)
    nobody = jpeg(Image.new("RGB", (480, 600), (90, 120, 90)))
    try:
        with ThreadPoolExecutor(3) as pool:
            same = pool.submit(judge.compare, portrait, portrait, FaceUse.PORTRAIT)
            looks = pool.submit(judge.compare, portrait, portrait, FaceUse.CONTINUITY)
            laid = pool.submit(judge.compare, jpeg(card), portrait, FaceUse.DOCUMENT)
            none = pool.submit(judge.compare, portrait, nobody, FaceUse.PORTRAIT)
        assert (same.result().same, same.result().score, looks.result().same) == (True, 100.0, True)
        assert (laid.result().same, laid.result().faces) == (True, (1, 1)), "cut out of the card, whichever way it lies"
        film = [FilmFrame(at, f"liveness.{said}", portrait) for at, said in ((0, "look"), (200, "nod"), (400, "nod"))]
        judged = judge.replay(film, [Gesture.NOD])
        assert (judged.passed, judged.findings, judged.rest) == (False, ("liveness.film_short",), portrait)
        assert (none.result().same, none.result().distance, none.result().faces) == (False, None, (1, 0))
    finally:
        judge.close()
    with pytest.raises(ServiceError, match=r"ocr\.closed"):
        judge.compare(portrait, portrait, FaceUse.PORTRAIT)


@pytest.mark.expects_log("vision worker does not start")
def test_a_worker_that_does_not_come_up_is_said_and_keeps_nobody_waiting(portrait: bytes, tmp_path: Path) -> None:
    judge = FaceJudge(Settings(data_dir=tmp_path), worker_command=[sys.executable, "-c", "raise SystemExit(1)"])
    try:
        with pytest.raises(ServiceError, match=r"ocr\.worker_died"):
            judge.compare(portrait, portrait, FaceUse.PORTRAIT)
    finally:
        judge.close()


def test_a_judge_that_was_never_asked_opens_nothing(tmp_path: Path) -> None:
    FaceJudge(Settings(data_dir=tmp_path)).close()
