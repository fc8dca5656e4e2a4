"""The form's checks and the comparison of sources."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.wire.cases import FieldSource
from teller.denominations import NoteBundle
from teller.forms import id_number
from teller.forms.catalogue import LONG_TERM
from teller.forms.comparison import Sources, chip_standing, rows
from teller.forms.fields import FieldValue
from teller.forms.validators import check, read_notes, write_notes
from teller.scenarios import composition
from teller.scenarios.builtin import builtin

TODAY = date(2026, 11, 22)
GOOD = {
    "name": "顾南枝", "sex": "女", "nation": "汉", "birth": "1990-03-07", "address": "云溪市",
    "id_number": "999999199003070426", "authority": "云溪市公安局", "valid_from": "2016-05-20",
    "valid_to": "2036-05-20", "account": "9999", "amount": "20000",
}  # fmt: skip


SPECS = composition.form(builtin()["cash_withdrawal"], (), {}, TODAY)


def values(**changed: str) -> dict[str, FieldValue]:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    merged = {**GOOD, **changed}
    return {name: FieldValue(text, FieldSource.OCR, "T-03", 2, at) for name, text in merged.items() if text}


def codes(**changed: str) -> dict[str, str]:
    return {p.field: p.code for p in check(SPECS, values(**changed), TODAY)}


def test_a_good_form_has_no_problem() -> None:
    assert codes() == {}
    assert codes(valid_to=LONG_TERM) == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id_number", "9999991990030704", "id_number.too_short"),
        ("id_number", "9999991990030704261", "id_number.too_long"),
        ("id_number", "99999919900307042A", "id_number.characters"),
        ("id_number", "999999199013070426", "id_number.birth"),
        ("id_number", "999999199003070427", "id_number.check_digit"),
        ("birth", "1990-03-08", "birth.differs_from_number"),
        ("birth", "1990-13-01", "date.invalid"),
        ("sex", "男", "sex.differs_from_number"),
        ("sex", "x", "choice.unknown"),
        ("valid_to", "2024-08-01", "id.expired"),
        ("valid_from", "2027-01-01", "id.not_yet_valid"),
        ("valid_from", LONG_TERM, "date.invalid"),
        ("amount", "0", "amount.not_positive"),
        ("amount", "1.005", "amount.decimals"),
        ("name", "", "field.required"),
        ("name", "a\x00b", "text.control_characters"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: str, code: str) -> None:
    assert codes(**{field: value})[field] == code


def test_the_last_day_of_a_card_is_a_good_day() -> None:
    assert codes(valid_to=TODAY.isoformat()) == {}


def test_unsure_stays_until_confirmed() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    unsure = FieldValue("云溪市", FieldSource.OCR, "T-03", 2, at, 0.6, unsure=True)
    found = check(SPECS, {**values(), "address": unsure}, TODAY)
    assert [(p.field, p.code) for p in found] == [("address", "field.unsure")]


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth: date, sequence: int, place: int, shift: int) -> None:
    body = f"999999{birth:%Y%m%d}{sequence:03d}"
    number = body + id_number.check_character(body)
    assert id_number.problem(number) is None
    read = id_number.IdNumber(number)
    assert (read.birth, read.sex) == (birth, "男" if sequence % 2 else "女")
    old = "0123456789X".index(number[place])
    characters = "0123456789X" if place == 17 else "0123456789"
    wrong = number[:place] + characters[(old + shift) % len(characters)] + number[place + 1 :]
    assert wrong == number or id_number.problem(wrong) is not None


@pytest.mark.parametrize(("day", "age"), [(date(2026, 8, 18), 64), (date(2026, 8, 19), 65)])
def test_age_counts_birthdays(day: date, age: int) -> None:
    assert id_number.age_on(date(1961, 8, 19), day) == age


def test_sources_side_by_side() -> None:
    sources = Sources(
        chip={"name": "顾南枝"},
        read={"name": "顾 南枝", "address": "云溪市青禾区"},
        record={"sex": "女"},
        authority={"name": "match", "id_number": "mismatch"},
    )
    compared = {row.field: row for row in rows(SPECS, values(), sources)}
    assert not compared["name"].differs
    assert compared["address"].differs
    assert compared["id_number"].differs
    assert compared["sex"].record == "女"
    assert compared["nation"].ocr is None
    assert compared["nation"].chip is None


@pytest.mark.parametrize(
    ("said", "signature", "standing"),
    [
        ({"name": "顾南枝"}, "simulated", "ok"),
        ({"name": "顾北枝"}, "good", "differs"),
        ({"name": "顾南枝"}, "bad", "bad"),
        ({"unknown": "x"}, "good", "ok"),
    ],
)
def test_what_a_chip_is_worth_beside_the_form(said: dict[str, str], signature: str, standing: str) -> None:
    assert chip_standing(SPECS, values(), said, signature) == standing


def test_notes_in_a_field() -> None:
    notes = NoteBundle({100: 3, 50: 2})
    assert read_notes(write_notes(notes)) == notes
