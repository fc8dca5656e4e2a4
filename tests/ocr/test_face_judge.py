"""The server's judge of faces: a worker of its own, asked from any thread. Real processes throughout."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from common.errors import ServiceError
from common.settings import Settings
from common.wire.identity import FaceUse
from ocr.face_judge import FaceJudge
from tools.specimens import default_portrait


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def portrait() -> bytes:
    return jpeg(default_portrait().resize((480, 600)))


def test_a_judge_compares_for_many_threads_and_is_closed(portrait: bytes, tmp_path: Path) -> None:
    judge = FaceJudge(Settings(data_dir=tmp_path))
    nobody = jpeg(Image.new("RGB", (480, 600), (90, 120, 90)))
    try:
        with ThreadPoolExecutor(3) as pool:
            same = pool.submit(judge.compare, portrait, portrait, FaceUse.PORTRAIT)
            looks = pool.submit(judge.compare, portrait, portrait, FaceUse.CONTINUITY)
            none = pool.submit(judge.compare, portrait, nobody, FaceUse.PORTRAIT)
        assert (same.result().same, same.result().score, looks.result().same) == (True, 100.0, True)
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
