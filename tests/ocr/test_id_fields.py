"""The pure rules that make fields of lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.api import Letter, Strip
from ocr.kinds.base import Parsed, Seen
from ocr.kinds.resident_id import FRONT, is_usual_validity, side_of
from ocr.kinds.resident_id import parse as parse_seen
from ocr.rows import Line
from tests.ocr.conftest import TODAY


def parse(lines: list[Line], side: str) -> Parsed:
    return parse_seen(Seen(lines, TODAY), side)


def line(text: str, x: float, y: float, confidence: float = 0.99, height: float = 40) -> Line:
    """A line of letters as wide as they are high (digits half as wide)."""
    width = sum(height * (0.5 if char.isascii() else 1) for char in text)
    quad = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    step = 1 / max(1, len(text))
    return Line(quad, Strip(tuple(Letter(c, confidence, i * step, (i + 1) * step) for i, c in enumerate(text))))


def front(**changes: str) -> list[Line]:
    """A card's lines; a change replaces one, an empty one takes it away."""
    rows = {
        "name": "姓名顾南枝", "sex": "性别女", "nation": "民族汉", "birth": "出生1990年3月7日",
        "address": "住址云溪市青禾区梧桐路17号", "address2": "3幢602室", "number": "公民身份号码999999199003070426",
    } | changes  # fmt: skip
    places = {"name": (60, 70), "sex": (60, 150), "nation": (320, 150), "birth": (60, 230), "address": (60, 310),
              "address2": (140, 362), "number": (60, 530)}  # fmt: skip
    return [line(text, *places[key]) for key, text in rows.items() if text]


def values(parsed: Parsed) -> dict[str, tuple[str, bool]]:
    return {name: (value.text, value.unsure) for name, value in parsed.values.items()}


def test_a_clear_front() -> None:
    assert side_of(front()) == "front"
    parsed = parse(front(), "front")
    assert parsed.codes == ()
    assert values(parsed) == {
        "name": ("顾南枝", False),
        "sex": ("女", False),
        "nation": ("汉", False),
        "birth": ("1990-03-07", False),
        "address": ("云溪市青禾区梧桐路17号3幢602室", False),
        "id_number": ("999999199003070426", False),
    }


def test_labels_apart_from_values() -> None:
    lines = [one for one in front() if "姓名" not in one.strip.text]
    lines += [line("姓名", 60, 72, height=30), line("欧阳·古丽", 176, 66)]
    assert values(parse(lines, "front"))["name"] == ("欧阳·古丽", False)


@pytest.mark.parametrize(
    ("changes", "unsure", "code"),
    [
        ({"number": "公民身份号码999999199003070425"}, {"id_number"}, "doc.number_check"),
        ({"birth": "出生1990年3月1日"}, {"id_number", "birth", "sex"}, "doc.contradiction"),
        ({"sex": "性别男"}, {"id_number", "birth", "sex"}, "doc.contradiction"),
        ({"nation": "民族汗"}, {"nation"}, None),
        ({"birth": "出生1990年13月7日"}, {"birth"}, None),
        ({"name": ""}, {"name"}, "doc.incomplete"),
        ({"address": "", "address2": ""}, {"address"}, "doc.incomplete"),
        ({"name": "姓名顾南A"}, {"name"}, None),
        ({"address2": "3幢602♪"}, {"address"}, None),
        ({"address": "住址路17号"}, {"address"}, None),
    ],
)
def test_what_does_not_fit_is_unsure(changes: dict[str, str], unsure: set[str], code: str | None) -> None:
    parsed = parse(front(**changes), "front")
    assert {name for name, value in parsed.values.items() if value.unsure} >= unsure
    assert code is None or code in parsed.codes


@pytest.mark.parametrize("key", FRONT)
def test_a_weak_letter_makes_its_field_unsure(key: str) -> None:
    names = {"id_number": "公民", "birth": "出生", "name": "姓名", "sex": "性别", "nation": "民族", "address": "3幢"}
    lines = [
        line(one.strip.text, *one.quad[0], confidence=0.4) if names[key] in one.strip.text else one for one in front()
    ]
    assert parse(lines, "front").values[key].unsure


def test_the_watermark_is_not_part_of_the_address() -> None:
    lines = [*front(), line("样本 SPECIMEN", 240, 440)]
    assert values(parse(lines, "front"))["address"] == ("云溪市青禾区梧桐路17号3幢602室", False)


def test_a_line_missing_in_the_middle_of_an_address() -> None:
    lines = [*front(address2=""), line("5室", 140, 414)]
    assert parse(lines, "front").values["address"].unsure


@pytest.mark.parametrize(
    "text", ["有效期限2016.05.20-2036.05.20", "有效期限2016.05.202036.05.20", "2016.05.20—2036.05.20"]
)
def test_a_back(text: str) -> None:
    lines = [line("居民身份证", 400, 200), line("签发机关云溪市公安局", 200, 480), line(text, 200, 560)]
    assert side_of(lines) == "back"
    assert values(parse(lines, "back")) == {
        "authority": ("云溪市公安局", False),
        "valid_from": ("2016-05-20", False),
        "valid_to": ("2036-05-20", False),
    }


def test_long_term() -> None:
    lines = [line("签发机关云溪市公安局", 200, 480), line("有效期限2011.09.01-长期", 200, 560)]
    assert values(parse(lines, "back"))["valid_to"] == ("长期", False)


def test_an_unusual_validity_is_unsure() -> None:
    lines = [line("签发机关云溪市公安局", 200, 480), line("有效期限2016.05.20-2038.05.20", 200, 560)]
    read = values(parse(lines, "back"))
    assert (read["valid_from"][1], read["valid_to"][1]) == (True, True)


@pytest.mark.parametrize(
    ("start", "end", "usual"),
    [
        ("2016-05-20", "2026-05-20", True),
        ("2016-02-29", "2026-03-01", True),
        ("2016-05-20", "2026-05-21", False),
        ("2016-05-20", "2017-05-20", False),
        ("2016-05-20", "长期", True),
    ],
)
def test_validity_sense(start: str, end: str, usual: bool) -> None:
    assert is_usual_validity(start, end) is usual


def test_other_papers_are_not_identity_cards() -> None:
    assert side_of([line("增值税发票", 0, 0), line("合计金额 1,280.00", 0, 100)]) is None


@given(st.lists(st.tuples(st.text(max_size=24), st.integers(0, 900), st.integers(0, 600)), max_size=14))
def test_any_text_parses_and_wrong_shapes_are_never_sure(found: list[tuple[str, int, int]]) -> None:
    lines = [line(text, x, y) for text, x, y in found]
    for side in ("front", "back"):
        for name, value in parse(lines, side).values.items():
            assert value.unsure or value.text, name
