"""The two commands' inside: shapes, files, exit status."""

import pickle
from pathlib import Path

import pytest

from common.errors import UserError
from common.settings import OcrSettings, Settings
from ocr import cli
from ocr.api import DocumentReading, FaceMatch, Field
from ocr.findings import codes, finding
from tools.demo_people import CUSTOMER
from tools.specimens import default_portrait, render_front


def test_reading_and_matching_files(tmp_path: Path) -> None:
    card, empty, portrait = tmp_path / "card.png", tmp_path / "empty.jpg", tmp_path / "portrait.png"
    render_front(CUSTOMER).save(card)
    empty.write_bytes(b"")
    default_portrait().save(portrait)
    settings = Settings(data_dir=tmp_path, ocr=OcrSettings(threads=1))
    good, bad = cli.read_images([card, empty], settings)
    assert list(good) == ["file", "kind", "side", "fields", "findings"]
    assert (good["file"], good["kind"], good["side"]) == (str(card), "resident_id", "front")
    assert {name: field["value"] for name, field in good["fields"].items()} == CUSTOMER.front()
    assert all(list(field) == ["value", "confidence", "unsure", "box"] for field in good["fields"].values())
    assert (bad["kind"], bad["fields"], bad["findings"][0]["code"]) == (None, {}, "image.empty")
    assert (cli.reading_status([good, bad]), cli.reading_status([bad])) == (0, cli.NOTHING_READ)
    answer = cli.match(card, portrait, settings)
    assert list(answer) == ["same", "score", "distance", "threshold", "faces", "findings"]
    assert answer["same"] is True
    assert cli.match_status(answer) == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        cli.read_images([tmp_path / "none.jpg"], Settings(data_dir=tmp_path))
    assert (raised.value.code, raised.value.params["file"]) == ("file.missing", str(tmp_path / "none.jpg"))


def test_results_can_be_sent_between_processes() -> None:
    field = Field("顾南枝", 0.99, False, ((0, 0), (1, 0), (1, 1), (0, 1)), (0, 0, 9, 9), b"png", (1,))
    reading = DocumentReading("resident_id", "front", {"name": field}, tuple(map(finding, sorted(codes()))))
    match = FaceMatch(True, 91.2, 0.39, 80.0, (1, 1))
    assert pickle.loads(pickle.dumps((reading, match))) == (reading, match)
