"""What stands behind the interfaces, and what does not reach a window's process."""

import subprocess
import sys
from pathlib import Path

import pytest

from common.errors import ServiceError
from ocr.engines.models import DETECTOR, RECOGNISER, text_models


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=False)


def test_the_client_brings_no_vision_library_into_its_process() -> None:
    heavy = "{'cv2', 'onnxruntime', 'paddleocr', 'paddlex', 'face_recognition', 'dlib', 'rapidocr', 'PIL'}"
    done = python(f"import sys, ocr.client, ocr.cli; print(sorted({heavy} & set(sys.modules)))")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("library", "make"),
    [
        (
            "paddleocr",
            "from ocr.engines.paddle import *; PaddleTextEngine(model_dir=None, cache=Path({!r}), threads=1)",
        ),
        ("face_recognition", "from ocr.engines.dlib_faces import *; DlibFaceEncoder()"),
    ],
)
def test_without_its_library_an_engine_does_not_come_up(library: str, make: str, tmp_path: Path) -> None:
    done = python(f"import sys; sys.modules[{library!r}] = None\n" + make.format(str(tmp_path)))
    assert done.returncode != 0
    assert f"import of {library} halted" in done.stderr


def test_model_directories_are_built_once_from_the_installed_weights(tmp_path: Path) -> None:
    first = text_models(None, tmp_path)
    second = text_models(None, tmp_path)
    assert first == second
    for folder, name in ((first.detector, DETECTOR), (first.recogniser, RECOGNISER)):
        assert name in (folder / "inference.yml").read_text(encoding="utf-8")
        assert (folder / "inference.onnx").stat().st_size > 1_000_000


def test_a_directory_from_the_settings_comes_first(tmp_path: Path) -> None:
    for name in (DETECTOR, RECOGNISER):
        (tmp_path / name).mkdir()
        (tmp_path / name / "inference.yml").write_text("", encoding="utf-8")
        (tmp_path / name / "inference.onnx").write_bytes(b"")
    assert text_models(tmp_path, tmp_path / "cache").detector == tmp_path / DETECTOR


def test_missing_models_are_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as raised:
        text_models(tmp_path / "nowhere", tmp_path)
    assert raised.value.code == "ocr.models_missing"
