"""Check characters against an independent form of ISO 7064 MOD 11-2 and published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.id_number import check_character, facts, is_well_formed

seventeen = st.text(alphabet="0123456789", min_size=17, max_size=17)


def recursive_check(digits: str) -> str:
    """ISO 7064's pure-system recursive method, written another way than the code under test."""
    product = 0
    for digit in digits:
        product = (product + int(digit)) * 2 % 11
    value = (12 - product) % 11
    return "X" if value == 10 else str(value)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524188001010014", "999999199003070426", "999999196108190359"]
)
def test_published_and_specimen_numbers(number: str) -> None:
    assert is_well_formed(number)


@given(seventeen)
def test_agrees_with_the_recursive_method(digits: str) -> None:
    assert check_character(digits) == recursive_check(digits)


@given(seventeen, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_seen(digits: str, place: int, by: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert check_character(wrong) != check_character(digits)


@given(seventeen, st.integers(0, 15))
def test_every_swap_of_neighbours_is_seen(digits: str, place: int) -> None:
    a, b = digits[place], digits[place + 1]
    swapped = digits[:place] + b + a + digits[place + 2 :]
    assert (check_character(swapped) == check_character(digits)) == (a == b)


@pytest.mark.parametrize("body", ["", "1", "1" * 16, "1" * 18, "١" * 17, "12345678901234567 "])
def test_only_seventeen_ascii_digits(body: str) -> None:
    with pytest.raises(ValueError):
        check_character(body)


@given(st.text(max_size=20))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert is_well_formed(text) in (True, False)
    facts(text)


def numbered(body: str) -> str:
    return body + check_character(body)


def test_facts_of_a_number() -> None:
    known = facts("999999199003070426")
    assert known is not None
    assert (known.birth.isoformat(), known.sex) == ("1990-03-07", "女")


@pytest.mark.parametrize("body", ["99999919900230042", "99999918500101042", "98999919900307042", "00010119900307042"])
def test_no_facts_from_an_impossible_day_or_region(body: str) -> None:
    assert facts(numbered(body)) is None
