"""Reading documents, comparing faces, verifying vouchers: real parts, real files."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.sample_voucher import make_voucher
from ocr.words import match_in_words, reading_in_words
from server.vouchers.authority import trust_anchor
from server.vouchers.press import VoucherPress
from tests.cli.conftest import CommandLine, Said
from tests.server.vouchers.conftest import SEAL
from tools.demo_people import CUSTOMER
from tools.specimens import default_portrait, render_back, render_front


class _Today:
    """A seal must be in force when it is looked at: these are made now."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture(scope="module")
def read(workshop: CommandLine) -> Said:
    """One warm run over four pictures."""
    render_front(CUSTOMER).save(workshop.home / "front.png")
    render_back(CUSTOMER).save(workshop.home / "back.jpg", quality=92)
    (workshop.home / "noise.png").write_bytes(b"\x89PNG not really")
    default_portrait().save(workshop.home / "portrait.png")
    return workshop("ocr", "read", "front.png", "back.jpg", "noise.png", "portrait.png", "--json")


@pytest.fixture(scope="module")
def readings(read: Said) -> list[dict[str, Any]]:
    assert (read.status, read.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(read.out)
    return found


def test_several_pictures_give_one_array_in_their_order(readings: list[dict[str, Any]]) -> None:
    assert [one["file"] for one in readings] == ["front.png", "back.jpg", "noise.png", "portrait.png"]
    assert all(list(one) == ["file", "kind", "side", "fields", "findings"] for one in readings)


@pytest.mark.parametrize(("place", "side"), [(0, "front"), (1, "back")])
def test_a_specimen_is_read_right(readings: list[dict[str, Any]], place: int, side: str) -> None:
    reading = readings[place]
    assert (reading["kind"], reading["side"]) == ("resident_id", side)
    wanted = CUSTOMER.front() if side == "front" else CUSTOMER.back()
    assert {name: field["value"] for name, field in reading["fields"].items()} == wanted
    for field in reading["fields"].values():
        assert list(field) == ["value", "confidence", "unsure", "box"]
        assert 0 <= field["confidence"] <= 1
        assert isinstance(field["unsure"], bool)
        assert len(field["box"]) == 4
        assert all(len(corner) == 2 for corner in field["box"])


@pytest.mark.parametrize("place", [2, 3])
def test_what_is_no_document_has_findings_and_no_fields(readings: list[dict[str, Any]], place: int) -> None:
    reading = readings[place]
    assert (reading["kind"], reading["fields"]) == (None, {})
    assert all(set(one) == {"code", "text"} for one in reading["findings"])
    assert reading["findings"]


def test_two_pictures_of_one_person(workshop: CommandLine, read: Said) -> None:
    said = workshop("face", "match", "front.png", "portrait.png", "--json")
    assert (said.status, said.err) == (0, "")
    answer = json.loads(said.out)
    assert list(answer) == ["same", "score", "distance", "threshold", "faces"]
    assert (answer["same"], answer["faces"]) == (True, [1, 1])
    assert answer["score"] >= answer["threshold"]


def test_a_match_in_words() -> None:
    compared = {"same": True, "score": 91.26, "distance": 0.3912, "threshold": 80.0, "faces": [1, 1], "findings": []}
    assert match_in_words(compared) == "the same person: score 91.3 of 100, needed 80.0, distance 0.391"
    none = {**compared, "distance": None, "faces": [1, 0], "findings": [{"code": "face.none", "text": "x"}]}
    said = match_in_words(none).splitlines()
    assert said == ["not compared: 1 faces in the first picture, 0 in the second", "  ! x [face.none]"]


def test_nothing_read_in_words() -> None:
    why = [{"code": "doc.none", "text": "x"}]
    none: dict[str, Any] = {"file": "a.png", "kind": None, "side": None, "fields": {}, "findings": why}
    assert reading_in_words(none).startswith("a.png: no document read\n  ! x")


def test_a_reading_in_words() -> None:
    sure = {"value": "顾南枝", "confidence": 0.987, "unsure": False, "box": None}
    fields = {"name": sure, "sex": {**sure, "value": "女", "confidence": 0.5, "unsure": True}}
    reading = {"file": "a.png", "kind": "resident_id", "side": "front", "fields": fields, "findings": []}
    assert reading_in_words(reading).splitlines() == [
        "a.png: resident_id front",
        "  name  顾南枝  99%",
        "  sex   女  50%  unsure: compare with the picture",
    ]


@pytest.fixture(scope="module")
def voucher(workshop: CommandLine) -> Path:
    press = VoucherPress(workshop.home / "data", _Today(), "http://127.0.0.1:8600")
    file = workshop.home / "voucher.pdf"
    file.write_bytes(press.issue(make_voucher(), SEAL))
    press.close()
    return file


def test_a_genuine_voucher(workshop: CommandLine, voucher: Path) -> None:
    said = workshop("verify", voucher)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("voucher.pdf: VALID\n")


def test_a_strangers_machine_needs_only_the_certificate(workshop: CommandLine, voucher: Path) -> None:
    words = ("verify", voucher, "--data", workshop.home / "elsewhere")
    without = workshop(*words)
    assert (without.status, without.out) == (2, "")
    assert without.is_one_clear_line(), without.err
    assert "--ca FILE" in without.err
    assert workshop(*words, "--ca", trust_anchor(workshop.home / "data")).status == 0


def test_an_altered_voucher(workshop: CommandLine, voucher: Path) -> None:
    bytes_ = bytearray(voucher.read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    other = workshop.home / "other.pdf"
    other.write_bytes(bytes_)
    said = workshop("verify", other)
    assert (said.status, said.err) == (1, "")
    assert said.out.startswith("other.pdf: INVALID\n")
    assert "altered" in said.out
