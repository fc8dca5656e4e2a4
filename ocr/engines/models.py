"""Where the text models lie: a directory from the settings, or the weights inside an installed package.

PaddleOCR wants each model as a directory with ``inference.onnx`` and ``inference.yml``. The PP-OCRv6 weights that
come in the ``rapidocr`` wheel are bare files, so the directories are built once beside the data, with links to
the files. Nothing is downloaded.
"""

import hashlib
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from common.errors import ServiceError

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "PP-OCRv6_small_rec"
_WEIGHTS = {DETECTOR: "PP-OCRv6_det_small.onnx", RECOGNISER: "PP-OCRv6_rec_small.onnx"}

# The character list stands in the recogniser's own metadata; parsing 18,708 letters of YAML would take a second.
_RECIPES = {
    DETECTOR: """\
Global: {model_name: PP-OCRv6_small_det}
PreProcess:
  transform_ops:
  - DetResizeForTest: {limit_side_len: 736, limit_type: max}
  - NormalizeImage: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], scale: 1./255., order: hwc}
  - ToCHWImage: null
  - KeepKeys: {keep_keys: [image, shape]}
PostProcess: {name: DBPostProcess, thresh: 0.3, box_thresh: 0.5, max_candidates: 1000, unclip_ratio: 1.6}
""",
    RECOGNISER: """\
Global: {model_name: PP-OCRv6_small_rec}
PreProcess:
  transform_ops:
  - DecodeImage: {channel_first: false, img_mode: BGR}
  - RecResizeImg: {image_shape: [3, 48, 96]}
  - KeepKeys: {keep_keys: [image]}
PostProcess: {name: CTCLabelDecode, character_dict: ['0']}
""",
}


@dataclass(frozen=True)
class TextModels:
    """Two directories PaddleOCR can load."""

    detector: Path
    recogniser: Path


def text_models(model_dir: Path | None, cache: Path) -> TextModels:
    """The models to use.

    Args:
        model_dir: a directory with one sub-directory for each model, or with the bare ``.onnx`` files; None takes
            the installed weights.
        cache: where directories built for bare files may be kept.

    Raises:
        ServiceError: ``ocr.models_missing`` (``file``).
    """
    root = model_dir if model_dir is not None else _installed()
    return TextModels(_directory(root, cache, DETECTOR), _directory(root, cache, RECOGNISER))


def _installed() -> Path:
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise ServiceError("ocr.models_missing", retryable=False, file="rapidocr")
    return Path(found.origin).parent / "models"


def _directory(root: Path, cache: Path, name: str) -> Path:
    ready = root / name
    if (ready / "inference.onnx").is_file() and (ready / "inference.yml").is_file():
        return ready
    weights = root / _WEIGHTS[name]
    if not weights.is_file():
        raise ServiceError("ocr.models_missing", retryable=False, file=str(weights))
    return _build(weights.resolve(), cache, name)


def _build(weights: Path, cache: Path, name: str) -> Path:
    """A directory named after what went into it, put in place in one step so that two processes may race."""
    facts = weights.stat()
    digest = hashlib.sha256(f"{weights}|{facts.st_size}|{facts.st_mtime_ns}|{_RECIPES[name]}".encode()).hexdigest()
    target = cache / f"{name}-{digest[:12]}"
    if (target / "inference.yml").is_file() and (target / "inference.onnx").is_file():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    work = cache / f".{target.name}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    (work / "inference.yml").write_text(_RECIPES[name], encoding="utf-8")
    try:
        (work / "inference.onnx").symlink_to(weights)
    except OSError:  # a file system without links
        shutil.copyfile(weights, work / "inference.onnx")
    shutil.rmtree(target, ignore_errors=True)
    try:
        work.rename(target)
    except OSError:
        shutil.rmtree(work, ignore_errors=True)
        if not (target / "inference.onnx").is_file():
            raise
    return target
