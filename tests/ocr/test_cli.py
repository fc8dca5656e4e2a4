"""The two commands' inside: files, exit status. What they print of real pictures: `tests/cli`."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from common.settings import Settings
from ocr import cli
from ocr.api import DocumentReading, FaceMatch, Field
from ocr.findings import codes, finding


def test_a_status_says_whether_anything_was_read_and_whether_two_were_compared() -> None:
    read: dict[str, Any] = {"kind": "resident_id", "fields": {"name": {}}}
    nothing: dict[str, Any] = {"kind": None, "fields": {}}
    assert (cli.reading_status([read, nothing]), cli.reading_status([nothing])) == (0, cli.NOTHING_READ)
    assert (cli.match_status({"faces": (1, 1)}), cli.match_status({"faces": (1, 0)})) == (0, cli.NOTHING_READ)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        cli.read_images([tmp_path / "none.jpg"], Settings(data_dir=tmp_path))
    assert (raised.value.code, raised.value.params["file"]) == ("file.missing", str(tmp_path / "none.jpg"))


def test_results_can_be_sent_between_processes() -> None:
    field = Field("顾南枝", 0.99, False, ((0, 0), (1, 0), (1, 1), (0, 1)), (0, 0, 9, 9), b"png", (1,))
    reading = DocumentReading("resident_id", "front", {"name": field}, tuple(map(finding, sorted(codes()))))
    match = FaceMatch(True, 91.2, 0.39, 80.0, (1, 1))
    assert pickle.loads(pickle.dumps((reading, match))) == (reading, match)
