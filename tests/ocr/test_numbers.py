"""Check characters and rules of numbers against examples that others have published."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import bank_number, capitals, credit_code
from ocr.home_number import is_checked
from ocr.id_number import facts
from ocr.kinds.deposit_certificate import is_code
from ocr.kinds.permanent_resident import birth_in
from ocr.nations import NATIONS, is_nation
from ocr.regions import is_known_region
from ocr.validity import fits_age, years_issued
from teller.capitals import capitals as written
from teller.money import Money
from teller.vouchers import check_digit as voucher_digit

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Codes that well-known companies print on their own pages.
COMPANIES = (
    "914403001922038216", "9144030071526726XG", "91110000802100433B", "91100000100003962T", "91330100799655058B",
)  # fmt: skip


@pytest.mark.parametrize("code", COMPANIES)
def test_published_credit_codes(code: str) -> None:
    assert credit_code.is_well_formed(code)
    assert not credit_code.is_well_formed(code[:-1] + ("0" if code[-1] != "0" else "1"))


@given(st.sampled_from(COMPANIES), st.integers(0, 17), st.sampled_from(LETTERS))
def test_one_wrong_character_of_a_credit_code_is_always_found(code: str, at: int, other: str) -> None:
    changed = code[:at] + other + code[at + 1 :]
    assert credit_code.is_well_formed(changed) == (changed == code)


@given(st.text(max_size=20))
def test_any_text_is_a_credit_code_or_not(text: str) -> None:
    assert credit_code.is_well_formed(text) is (len(text) == 18 and credit_code.is_well_formed(text))


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("4111111111111111", True), ("5555555555554444", True), ("378282246310005", True),  # networks' test numbers
        ("6011111111111117", True), ("79927398713", False),  # ISO's example is right, but too short for a card
        ("4111111111111112", False), ("", False), ("４１１１１１１１１１１１１１１１", False),
    ],
)  # fmt: skip
def test_published_card_numbers(number: str, good: bool) -> None:
    assert bank_number.is_well_formed(number) is good


@pytest.mark.parametrize("number", ["A123456(3)", "AB987654(3)", "A123456789"])
def test_published_numbers_of_hong_kong_and_taiwan(number: str) -> None:
    assert is_checked(number)
    wrong = number.replace("6", "7", 1)
    assert not is_checked(wrong)
    assert not is_checked(number + "0")


def test_luhn_s_own_example() -> None:
    assert bank_number.luhn_digit("7992739871") == "3"


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_card_is_always_found(body: str, at: int, other: str) -> None:
    number = body + bank_number.luhn_digit(body)
    at %= len(number)
    changed = number[:at] + other + number[at + 1 :]
    assert bank_number.is_well_formed(changed) == (changed == number)


@pytest.mark.parametrize(
    ("number", "name", "card"),
    [
        ("6222021234567890123", "中国工商银行", "借记卡"), ("6228481234567890123", "中国农业银行", "借记卡"),
        ("6225881234567890", "招商银行", "借记卡"), ("9999123412343307", "示范银行", "借记卡"),
    ],
)  # fmt: skip
def test_banks_by_their_first_digits(number: str, name: str, card: str) -> None:
    issuer = bank_number.issuer_of(number)
    assert issuer is not None
    assert (issuer.name, issuer.card) == (name, card)


def test_an_unknown_bank_or_length() -> None:
    assert bank_number.issuer_of("1234567890123456") is None
    assert bank_number.issuer_of("622202123456789") is None


@given(st.integers(1, 10**15))
def test_capitals_read_back_what_the_bank_writes(minor: int) -> None:
    assert capitals.minor_units(written(Money(minor, "CNY"))) == minor


@pytest.mark.parametrize("text", ["", "元", "壹", "壹元壹元", "壹拾贰拾元整", "零万元整", "伍陆元整", "100元"])
def test_what_is_no_amount_in_capitals(text: str) -> None:
    assert capitals.minor_units(text) is None


@given(st.text("0123456789", min_size=11, max_size=11))
def test_codes_of_the_bank_s_own_papers(body: str) -> None:
    assert is_code(body + voucher_digit(body))
    assert sum(is_code(body + digit) for digit in "0123456789") == 1


def test_regions_of_the_standard() -> None:
    for known in ("110101", "440305", "310115", "513436", "810000", "820000", "830000", "999999"):
        assert is_known_region(known)
    for unknown in ("110199", "000000", "880101", "1101", ""):
        assert not is_known_region(unknown)
    # The example of GB 11643, of Beijing's Chaoyang.
    number = facts("11010519491231002X")
    assert number is not None
    assert (number.birth, number.sex) == (date(1949, 12, 31), "女")


def test_a_permanent_resident_s_number() -> None:
    assert birth_in("911840199101240006") is None or birth_in("911840199101240006") == date(1991, 1, 24)
    assert birth_in("11010519491231002X") is None


def test_ethnic_groups() -> None:
    assert len(NATIONS) == 56
    assert is_nation("维吾尔")
    assert not is_nation("维吾")


def test_a_card_asked_for_before_a_birthday_keeps_the_shorter_validity() -> None:
    birth = date(1970, 5, 20)
    assert fits_age(birth, "2016-06-10", "2036-06-10")
    assert fits_age(birth, "2016-06-10", "长期")
    assert not fits_age(birth, "2016-12-10", "2036-12-10")
    assert not fits_age(birth, "1969-06-10", "1974-06-10")


@pytest.mark.parametrize(("age", "years"), [(0, 5), (15, 5), (16, 10), (25, 10), (26, 20), (45, 20), (46, None)])
def test_how_long_cards_are_issued_for(age: int, years: int | None) -> None:
    birth, start = date(1970, 5, 20), date(1970 + age, 5, 20)
    end = "长期" if years is None else start.replace(year=start.year + years).isoformat()
    assert years_issued(age) == years
    assert fits_age(birth, start.isoformat(), end)
    assert not fits_age(birth, start.isoformat(), start.replace(year=start.year + (years or 0) + 5).isoformat())
