"""One warm reader for all tests of the room, and pictures to give it."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from ocr import face_scales
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.engines.paddle import PaddleTextEngine
from ocr.faces import FaceMatcher
from ocr.reader import DocumentReader

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="session")
def faces() -> DlibFaceEncoder:
    """The real encoder."""
    return DlibFaceEncoder()


@pytest.fixture(scope="session")
def matcher(faces: DlibFaceEncoder) -> FaceMatcher:
    """The real matcher."""
    return FaceMatcher(faces, face_scales.load(faces.name))


@pytest.fixture(scope="session")
def text_engine(tmp_path_factory: pytest.TempPathFactory) -> PaddleTextEngine:
    """The real text engine on the installed models; a second thread would only wait for the suite's other process."""
    cache: Path = tmp_path_factory.mktemp("vision")
    return PaddleTextEngine(model_dir=None, cache=cache, threads=1)


@pytest.fixture(scope="session")
def reader(text_engine: PaddleTextEngine, faces: DlibFaceEncoder) -> DocumentReader:
    """The real reader."""
    return DocumentReader(text_engine, faces)


def png(image: Image.Image) -> bytes:
    """An image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
