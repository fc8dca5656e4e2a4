"""Is anybody there, and what is said aloud."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.vtm.conftest import FakeVoice
from ui.vtm_app.idle import IdleWatch
from ui.vtm_app.speech import NoVoice, Prompter, find_voice


def test_after_45_seconds_it_asks_for_30() -> None:
    watch = IdleWatch()
    assert watch.left(100.0, idle=True, large=False) is None
    assert watch.left(144.9, idle=True, large=False) is None
    assert watch.left(145.0, idle=True, large=False) == 30
    assert watch.left(174.5, idle=True, large=False) == 1
    assert watch.left(175.0, idle=True, large=False) == 0


def test_a_touch_begins_again() -> None:
    watch = IdleWatch()
    watch.left(0.0, idle=True, large=False)
    watch.touch(50.0)
    assert watch.left(94.0, idle=True, large=False) is None


def test_large_print_doubles_the_wait() -> None:
    watch = IdleWatch()
    watch.left(0.0, idle=True, large=True)
    assert watch.left(89.0, idle=True, large=True) is None
    assert watch.left(90.0, idle=True, large=True) == 60


@given(st.lists(st.tuples(st.floats(0, 300), st.booleans()), max_size=30))
def test_waiting_for_the_bank_never_counts(steps: list[tuple[float, bool]]) -> None:
    watch, now = IdleWatch(), 0.0
    for passed, idle in steps:
        now += passed
        left = watch.left(now, idle=idle, large=False)
        assert idle or left is None
    assert watch.left(now + 1000, idle=False, large=False) is None
    assert watch.left(now + 1001, idle=True, large=False) is None


def test_a_sentence_is_said_on_entry_and_at_most_twice_more() -> None:
    voice, alerts = FakeVoice(), list[str]()
    prompter = Prompter(voice, alerts.append)
    for now in range(60):
        prompter.follow("confirm", "请核对", "zh", float(now))
        prompter.tick(float(now), waiting_for_person=True)
    assert voice.said == [("请核对", "zh")] * 3
    assert alerts == ["请核对"] * 3


def test_nothing_is_repeated_while_the_bank_works() -> None:
    voice = FakeVoice()
    prompter = Prompter(voice, lambda _: None)
    prompter.follow("talk", "请说", "zh", 0.0)
    prompter.tick(100.0, waiting_for_person=False)
    assert len(voice.said) == 1


def test_another_language_is_said_at_once() -> None:
    voice = FakeVoice()
    prompter = Prompter(voice, lambda _: None)
    prompter.follow("sign", "请签名", "zh", 0.0)
    prompter.follow("sign", "Please sign", "en", 1.0)
    assert voice.said[-1] == ("Please sign", "en")


def test_speech_is_off_unless_wanted() -> None:
    assert isinstance(find_voice(False), NoVoice)
