"""Machine-readable zones against the specimens that ICAO publishes in Doc 9303."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import mrz

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TEXT = st.text(sorted(mrz.ALPHABET), min_size=1, max_size=44)


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("520727", "3"), ("AB2134<<<", "5"),  # part 3, appendix A, examples 1 and 2
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),  # example 3: composite of a TD3
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<", "2"),  # example 4: of a TD1
        ("HA672242<658022549601086<<<<<<<", "8"),  # example 5: of a TD2
    ],
)  # fmt: skip
def test_the_examples_of_part_3(text: str, digit: str) -> None:
    assert mrz.check_digit(text) == digit


@pytest.mark.parametrize(("lines", "number"), [(TD3, "L898902C3"), (TD1, "D23145890"), (TD2, "D23145890")])
def test_the_specimens_of_utopia(lines: tuple[str, ...], number: str) -> None:
    zone = mrz.parse(lines)
    assert zone is not None
    assert zone.all_checked
    assert (zone.full_name, zone.surname, zone.given_names) == ("ERIKSSON, ANNA MARIA", "ERIKSSON", "ANNA MARIA")
    texts = {name: part.text for name, part in zone.parts.items()}
    assert (texts["number"], texts["issuer"], texts["nationality"], texts["sex"]) == (number, "UTO", "UTO", "F")
    today = date(2026, 3, 1)
    assert mrz.birth_date(texts["birth"], today) == date(1974, 8, 12)
    assert mrz.expiry_date(texts["expiry"], today) == date(2012, 4, 15)
    assert zone.name_is_whole


def test_a_number_of_more_than_nine_characters() -> None:
    """Part 5, note j, with the long number of part 6's example."""
    body = "D23145890734"
    first = f"I<UTO{body[:9]}<{body[9:]}{mrz.check_digit(body)}".ljust(30, "<")
    middle = "3407127M9507122UTO<<<<<<<<<<<"
    composite = mrz.check_digit(first[5:30] + middle[0:7] + middle[8:15] + middle[18:29])
    zone = mrz.parse((first, middle + composite, "STEVENSON<<PETER<<<<<<<<<<<<<<"))
    assert zone is not None
    assert zone.parts["number"].text == body
    assert zone.all_checked


def test_a_passport_without_a_personal_number_may_leave_its_check_digit_out() -> None:
    line = TD3[1][:28] + "<" * 15
    composite = mrz.check_digit(line[0:10] + line[13:20] + line[21:43])
    zone = mrz.parse((TD3[0], line + composite))
    assert zone is not None
    assert zone.all_checked


def test_a_name_that_fills_its_line_may_be_cut() -> None:
    zone = mrz.parse(("P<UTO" + "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<KR", TD3[1]))
    assert zone is None or not zone.name_is_whole
    whole = mrz.parse(("P<UTO" + "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", TD3[1]))
    assert whole is not None
    assert not whole.name_is_whole


@pytest.mark.parametrize("lines", [(), ("P<",), (TD3[0],), (TD3[0], TD3[1].lower()), (TD3[0] + "<", TD3[1]), TD1[:2]])
def test_other_lines_are_no_zone(lines: tuple[str, ...]) -> None:
    assert mrz.parse(lines) is None


@given(TEXT, st.data())
def test_one_wrong_digit_is_always_found(text: str, data: st.DataObject) -> None:
    """Weights 7, 3 and 1 have no factor in common with 10: no other digit in a digit's place gives the same."""
    digits = [i for i, char in enumerate(text) if char.isdigit()]
    if digits:
        at = data.draw(st.sampled_from(digits))
        other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
        assert mrz.check_digit(text[:at] + other + text[at + 1 :]) != mrz.check_digit(text)


@given(st.sampled_from((TD1, TD2, TD3)), st.data())
def test_a_changed_digit_never_leaves_all_checks_right(lines: tuple[str, ...], data: st.DataObject) -> None:
    zone = mrz.parse(lines)
    assert zone is not None
    part = zone.parts[data.draw(st.sampled_from(("number", "birth", "expiry")))]
    at = data.draw(st.integers(part.start, part.end - 1))
    line = lines[part.line]
    if line[at].isdigit():
        other = data.draw(st.sampled_from([d for d in "0123456789" if d != line[at]]))
        changed = list(lines)
        changed[part.line] = line[:at] + other + line[at + 1 :]
        again = mrz.parse(changed)
        assert again is not None
        assert not again.all_checked


@given(st.dates(date(1960, 1, 1), date(2026, 3, 1)))
def test_dates_come_back(day: date) -> None:
    assert mrz.birth_date(f"{day:%y%m%d}", date(2026, 3, 1)) == day


@given(st.text(max_size=8))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for read in (mrz.birth_date, mrz.expiry_date):
        found = read(text, date(2026, 3, 1))
        assert found is None or f"{found:%y%m%d}" == text


def test_letters_and_digits_are_put_where_only_they_may_stand() -> None:
    assert mrz.in_place("TD3", 1, "L898902C36UT0740812ZF12O4I59ZE184226B<<<<<1O") == (
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )
