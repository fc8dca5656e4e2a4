"""The text table: complete, equal in both languages, filled in right."""

import re
from datetime import date

import pytest

from common.errors import ServiceError, UserError
from ui.kit.texts.book import MissingText, TextBook, all_texts
from ui.kit.texts.formats import clock, money, placeholders
from ui.kit.texts.words import t


def neutral(text: str, lang: str) -> set[str]:
    """Parameters without their language: words from outside come once for each, as ``title_zh`` and ``title_en``."""
    return {"_" if name == lang else name.removesuffix(f"_{lang}") for name in placeholders(text)}


def test_both_languages_have_words_and_the_same_parameters() -> None:
    for code, (zh, en) in all_texts().items():
        if code == "teller.none":
            continue  # keeps the height of a line that has nothing to say
        assert zh.strip(), code
        assert en.strip(), code
        assert placeholders(zh) == placeholders(en) or neutral(zh, "zh") == neutral(en, "en"), code


def test_codes_are_dotted_and_lower_case() -> None:
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", code) for code in all_texts())


def test_words_follow_the_house_style() -> None:
    for code, (zh, en) in all_texts().items():
        assert "!" not in zh + en, code
        assert "！" not in zh, code
        assert not re.search("[“”‘’]", en), f"{code}: curly quotes are drawn full width"


@pytest.mark.parametrize(("n", "word"), [(1, "1 character is unclear"), (3, "3 characters are unclear")])
def test_the_word_fits_the_number(n: int, word: str) -> None:
    assert TextBook(strict=True).text("en", "common.field_characters_unclear", {"n": n}).startswith(word)


def test_formats_in_templates() -> None:
    book = TextBook(strict=True, table={"x.y": ("{a:money} {s:clock} {d:day}", "{a:money} {s:clock} {d:day}")})
    said = book.text("zh", "x.y", {"a": 2_000_000, "s": 98.7, "d": date(2036, 5, 20)})
    assert said == "¥20,000.00 01:38 2036-05-20"


def test_a_text_may_stand_inside_a_text() -> None:
    book = TextBook(strict=True)
    assert book.words("en", t("common.after", what=t("common.retry"))) == "Next: Retry"


def test_missing_code_or_parameter_raises_in_tests() -> None:
    book = TextBook(strict=True)
    with pytest.raises(MissingText):
        book.text("zh", "no.such_code")
    with pytest.raises(MissingText):
        book.text("zh", "common.after")


@pytest.mark.expects_log("text missing")
def test_missing_code_shows_a_calm_sentence_to_people() -> None:
    assert TextBook().text("en", "no.such_code") == "This sentence cannot be shown"


def test_unknown_error_code_has_a_sentence_with_the_code() -> None:
    book = TextBook(strict=True)
    assert "x.y" in book.words("en", book.error(UserError("x.y")))
    assert "again" in book.words("en", book.error(ServiceError("x.y")))
    assert book.error(ServiceError("network.timeout")).code == "network.timeout"


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [(0, "CNY", "¥0.00"), (2_000_000, "CNY", "¥20,000.00"), (-5, "CNY", "−¥0.05"), (1234, "JPY", "¥1,234")],
)
def test_money(minor: int, currency: str, said: str) -> None:
    assert money(minor, currency) == said


@pytest.mark.parametrize(("seconds", "said"), [(38, "00:38"), (0, "00:00"), (-3, "00:00"), (3725, "1:02:05")])
def test_clock(seconds: float, said: str) -> None:
    assert clock(seconds) == said


def test_what_is_not_known_is_left_out_of_the_sentence() -> None:
    table = {"x.y": ("{a} 或 {b}", "{a} or {b}"), "x.y.without_b": ("{a}", "only {a}")}
    book = TextBook(strict=True, table=table)
    assert book.text("en", "x.y", {"a": 1, "b": 2}) == "1 or 2"
    assert book.text("en", "x.y", {"a": 1, "b": None}) == "only 1"
    assert book.text("en", "x.y", {"a": 1}) == "only 1"
    assert book.fits("x.y", {"a": 1})
    assert not book.fits("x.y", {"b": 2})


def test_an_error_without_the_figures_of_its_sentence_gets_the_general_one() -> None:
    book = TextBook(strict=True)
    assert book.error(UserError("account.insufficient")).code == "common.unknown_error"
    known = book.error(UserError("account.insufficient", available=100, amount=200))
    assert "¥2.00 wanted" in book.words("en", known)


def test_a_moment_is_told_as_a_time_of_day() -> None:
    book = TextBook(strict=True, table={"x.y": ("{at:time}", "{at:time}")})
    assert book.text("zh", "x.y", {"at": "2036-05-20T11:07:11"}) == "11:07:11"
