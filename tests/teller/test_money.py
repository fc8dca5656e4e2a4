"""Money, figures and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from teller.capitals import capitals
from teller.money import MAX_MINOR, Money, figures, parse, plain, shown

_DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def _read_yuan(text: str) -> int:
    """An independent reader of capitals: sections of four places, 万 and 亿 multiply what stands before them."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _PLACES:
            section += digit * _PLACES[character]
            digit = 0
        elif character == "万":
            section = (section + digit) * 10_000
            total, section, digit = total + section, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    return total + section + digit


def _read(text: str) -> int:
    yuan, mark, rest = text.partition("元")
    if not mark:
        yuan, rest = "", text
    minor, digit = 100 * _read_yuan(yuan), 0
    for character in rest.rstrip("整"):
        digit = _DIGITS.get(character, digit)
        minor += digit * {"角": 10, "分": 1}.get(character, 0)
    return minor


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (2_000_000, "贰万元整"),
        (100_530, "壹仟零伍元叁角整"),
        (105, "壹元零伍分"),
        (5, "伍分"),
        (0, "零元整"),
        (1_000_000_100, "壹仟万零壹元整"),
        (10_100_000_000, "壹亿零壹佰万元整"),
        (1_680_32, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
    ],
)
def test_capitals_of_the_rule_book(minor: int, words: str) -> None:
    assert capitals(Money(minor)) == words


@given(st.integers(0, MAX_MINOR))
def test_capitals_say_the_very_amount(minor: int) -> None:
    words = capitals(Money(minor))
    assert _read(words) == minor
    assert "零零" not in words
    assert not words.startswith("零") or minor == 0


@given(st.integers(0, MAX_MINOR), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_what_is_shown_can_be_read_again(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert parse(plain(money), currency) == parse(figures(money), currency) == money
    if currency == "CNY":
        assert parse(shown(money)) == money


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.234", "amount.decimals"), ("-5", "amount.invalid"), ("1e5", "amount.invalid"), ("", "amount.invalid"),
     ("1,00", "amount.invalid"), ("١٢", "amount.invalid"), ("9" * 16, "amount.too_large"), ("0x10", "amount.invalid")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as refused:
        parse(text)
    assert refused.value.code == code


def test_money_does_not_mix_or_guess() -> None:
    assert shown(Money(2_000_000)) == "¥20,000.00"
    assert shown(Money(-5)) == "-¥0.05"
    with pytest.raises(UserError, match=r"money.currencies_differ"):
        Money(1) + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"money.unknown_currency"):
        Money(1, "ZZZ")
