"""The parts without widgets: marked characters, the state machine, the words for every code."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from common.errors import UserError
from common.wire.authorisation import AuthoriserDesk, Decision
from common.wire.base import Sentence
from teller.authorisation.policy import CHECKS
from teller.cases.reversing import REASONS
from tests.ui.authoriser.world import NOW, desk, task
from ui.authoriser_app import decisions, idle_presenter, keys, presenter
from ui.authoriser_app.differences import marks, merged
from ui.authoriser_app.state import TRANSITIONS, Phase, Review
from ui.kit.kit import make_kit
from ui.kit.pictures import PictureState
from ui.kit.texts.authoriser import TEXTS
from ui.kit.texts.book import Lang, TextBook
from ui.kit.texts.formats import placeholders
from ui.kit.texts.words import T

BOOK = TextBook(strict=True)
LANGS: tuple[Lang, Lang] = ("zh", "en")
WORDS = st.text(alphabet="石榴巷号单元室0123456789AB", max_size=24)


@given(WORDS, WORDS)
def test_what_is_not_marked_is_the_same_on_both_sides(one: str, other: str) -> None:
    left, right = marks(one, other)

    def rest(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
        gone = {at for start, end in ranges for at in range(start, end)}
        return "".join(letter for at, letter in enumerate(text) if at not in gone)

    for text, ranges, against in ((one, left, other), (other, right, one)):
        assert all(0 <= start < end <= len(text) for start, end in ranges)
        letters = iter(against)
        assert all(letter in letters for letter in rest(text, ranges)), "what is left stands there in the same order"
    assert (left or right) if one != other else not (left or right)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=8))
def test_merged_ranges_never_touch(spans: list[tuple[int, int]]) -> None:
    ranges = merged(*(((start, start + length),) for start, length in spans))
    assert all(a[1] + 1 < b[0] for a, b in pairwise(ranges))


@pytest.mark.parametrize(("before", "after"), list(product(Phase, Phase)))
def test_a_review_moves_only_as_the_table_says(before: Phase, after: Phase) -> None:
    review = Review(phase=before)
    if after in TRANSITIONS[before]:
        assert review.to(after, NOW).phase is after
    else:
        with pytest.raises(ValueError, match="to"):
            review.to(after, NOW)


@pytest.mark.parametrize("lang", LANGS)
def test_every_state_of_the_main_key_has_words(lang: Lang) -> None:
    open_task = task()
    for phase, accepting, offline, altered in product(Phase, (True, False), (None, NOW), (True, False)):
        review = Review(phase=phase, since=NOW, task=open_task)
        if phase is Phase.DECIDING:
            continue
        for states in ({PictureState.HERE}, {PictureState.COMING}, {PictureState.FAILED, PictureState.HERE}):
            seen = frozenset(review.differing)
            for looked in (frozenset[str](), seen):
                now = Review(phase=phase, since=NOW, task=open_task, seen=looked)
                facts = keys.Facts(now, accepting, NOW, offline, frozenset(states), 1, altered)
                assert BOOK.words(lang, keys.main_key(facts).words)


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_and_what_is_missing_has_words(lang: Lang) -> None:
    review = Review(phase=Phase.REVIEWING, task=task())
    assert review.task is not None
    for question in (decisions.reject_question(review.task), decisions.return_question(review.task, lang)):
        for option in question.options:
            assert BOOK.words(lang, option.words)
            sent = decisions.body_of(review, question.decision, (option.id,))
            assert sent.reason_code is not None
            assert BOOK.text(lang, sent.reason_code)
    assert decisions.body_of(review, Decision.APPROVE).reason_code is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("rule", ["amount_above_teller_limit", "face_below_threshold", "something_new"])
def test_every_rule_is_said_even_one_that_is_not_known(lang: Lang, rule: str) -> None:
    params = {"rule": "R-1", "amount": 2_000_000, "limit": 100, "score": 71.2, "threshold": 80.0, "currency": "CNY"}
    (why,) = presenter.why([Sentence(code=f"rule.{rule}", params=params)])
    assert BOOK.words(lang, why.title)
    assert why.detail is None or BOOK.words(lang, why.detail)


FIRED = (*CHECKS, "screening", "reversal", *(f"reversal_{one}" for one in REASONS))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("rule", FIRED)
def test_every_rule_of_the_house_is_said_in_words(lang: Lang, rule: str) -> None:
    params = {
        "rule": "R-1", "amount": 2_000_000, "limit": 100, "largest_before": 1, "from_amount": 1, "currency": "CNY",
        "score": 71.2, "threshold": 80.0, "age": 64, "from_age": 60, "months": 12, "before": "甲", "reason": "x",
        "reason_zh": "名单命中", "reason_en": "on a list", "count": 2, "reported": 91.0,
    }  # fmt: skip
    (why,) = presenter.why([Sentence(code=f"rule.{rule}", params=params)])
    assert isinstance(why.title, T)
    assert why.title.code != "authoriser.why_unknown"
    assert BOOK.words(lang, why.title)
    assert why.detail is None or BOOK.words(lang, why.detail)


@pytest.mark.parametrize(
    ("score", "verdict"), [(91.7, "same"), (85.0, "same"), (84.9, "close"), (80.0, "close"), (79.9, "different")]
)
def test_the_verdict_follows_the_threshold(score: float, verdict: str) -> None:
    assert presenter.face(task(score=score).case).verdict == verdict


def test_a_first_day_has_dashes_and_ones_own_line() -> None:
    empty = AuthoriserDesk(accepting=True)
    assert {figure.value for figure in idle_presenter.figures(empty)} == {"–"}
    assert idle_presenter.balance(empty) == "–"
    assert [one.number for one in idle_presenter.team(empty, "A-07")] == ["A-07"]
    assert idle_presenter.balance(desk()) == "4 %"


def test_a_decision_names_who_made_it_and_when() -> None:
    error = UserError("task.decided", number="A-11", at="2036-03-12T11:07:11+00:00")
    title, _ = presenter.gone_words(Review(gone_code=error.code, gone_params=error.params))
    assert BOOK.words("en", title).startswith("Decided by A-11 at ")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("lang", LANGS)
def test_every_message_fits_one_line_of_720(lang: Lang) -> None:
    metrics = QFontMetrics(make_kit().theme.font_px(14))
    sample = {"number": 3, "n": 12, "total": 12, "seen": 3, "here": 2, "approved": 114, "returned": 9, "rejected": 3,
              "count": 3, "months": 12, "from_age": 60, "hour": 11, "age": 64}  # fmt: skip
    for code, pair in TEXTS.items():
        params = {name: sample.get(name, "¥200,000.00") for name in placeholders(pair[0])}
        said = BOOK.words(lang, T(code, params))
        assert metrics.horizontalAdvance(said) <= 720, said
