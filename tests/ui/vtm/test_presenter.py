"""Screens to scenes: exhaustive over every step, phase and state; no window."""

from itertools import product

import pytest

from common.errors import ServiceError, UserError
from common.wire.base import Amount, Sentence
from common.wire.cases import (
    CardState,
    CardView,
    CaseState,
    CashState,
    CustomerStep,
    MoneyBoxes,
    Scenario,
    TicketState,
    TicketView,
)
from tests.ui.vtm.cases import AT, case_at, cash
from tests.ui.vtm.screens import SCREENS, at
from ui.kit.texts.book import TextBook
from ui.kit.texts.words import T
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.presenter import scene, teller_words
from ui.vtm_app.problems import problem_words
from ui.vtm_app.scene import CASE_PAGES, REST_PAGES, CallPhase, Local, Scene, TellerPlace
from ui.vtm_app.scenes_cash import bundle_words, counted_rows, money_facts

_S = CustomerStep
PHASES = {
    _S.INSERT_CARD: ("waiting", "reading"),
    _S.LAY_ID_FRONT: ("waiting", "guiding", "choose", "looking", "sending"),
    _S.LAY_ID_BACK: ("waiting", "guiding", "choose", "looking", "sending"),
    _S.PIN: ("typing", "checking"),
    _S.INSERT_CASH: ("opening", "open", "counting", "ask", "refused"),
    _S.TAKE_CARD: ("out",),
    _S.TAKE_CASH: ("preparing", "counting", "present"),
    _S.STORE_CASH: ("moving", "present"),
    _S.RETURN_CASH: ("moving", "present"),
    _S.TAKE_RECEIPT: ("printing", "out"),
    _S.PRINT_VOUCHER: ("printing", "out"),
    _S.GOODBYE: ("card", "papers"),
}
BOOK = TextBook(strict=True)


def words_of(shown: Scene) -> list[T]:
    parts = [shown.step, shown.hint, shown.note, *(key.words for key in shown.keys)]
    parts += [shown.status.words if shown.status else None, shown.notice.words if shown.notice else None]
    return [words for words in parts if words is not None]


def assert_sayable(shown: Scene) -> None:
    for words, lang in product(words_of(shown), ("zh", "en")):
        assert BOOK.words(lang, words).strip()  # type: ignore[arg-type]


@pytest.mark.parametrize("step", list(_S))
@pytest.mark.parametrize("scenario", list(Scenario))
def test_every_step_phase_and_call_has_a_scene_with_words(step: CustomerStep, scenario: Scenario) -> None:
    for phase, call, large in product(("", *PHASES.get(step, ())), CallPhase, (False, True)):
        screen = at(step, phase, scenario, notes={10_000: 3}, refused=1, deadline=1010.0, digits=2)
        shown = scene(screen, Local(call=call, large=large, audible=True, now=1000.0))
        assert shown.name == step.value
        assert_sayable(shown)


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_of_a_case_has_words_at_its_last_steps(state: CaseState) -> None:
    for step in (_S.WAIT_EXECUTION, _S.TAKE_CARD, _S.GOODBYE, _S.TALK):
        assert_sayable(scene(at(step, case={"state": state}), Local()))


def test_names_of_pages_are_the_steps_and_the_pages_at_rest() -> None:
    names = {scene(screen, Local(awake=name == "choose")).name for name, screen in SCREENS.items()}
    assert names == {*CASE_PAGES, *REST_PAGES}


def test_at_rest_the_page_follows_machine_and_server() -> None:
    assert scene(None, Local()).name == "starting"
    assert scene(Screen(machine_ready=True, online=False), Local(awake=True)).name == "offline"
    assert scene(Screen(machine_ready=False), Local(awake=True)).name == "out_of_order"
    assert scene(Screen(machine_ready=True), Local()).name == "attract"
    assert scene(Screen(machine_ready=True), Local(awake=True)).name == "choose"


@pytest.mark.parametrize(
    "step", [_S.TAKE_CARD, _S.TAKE_CASH, _S.STORE_CASH, _S.RETURN_CASH, _S.RETAIN_CARD, _S.TROUBLE, _S.TAKE_RECEIPT,
             _S.PRINT_VOUCHER],
)  # fmt: skip
def test_nobody_ends_a_visit_while_something_moves(step: CustomerStep) -> None:
    assert [key.id for key in scene(at(step), Local()).keys] == []


@pytest.mark.parametrize("step", [_S.INSERT_CARD, _S.QUEUE, _S.TALK, _S.CONFIRM, _S.PIN, _S.SIGN, _S.RATE])
def test_elsewhere_ending_is_always_there(step: CustomerStep) -> None:
    assert "leave" in [key.id for key in scene(at(step), Local()).keys]


def test_ending_is_possible_before_the_execution_and_not_in_it() -> None:
    before = scene(at(_S.WAIT_EXECUTION, case={"state": CaseState.AUTHORISED}), Local())
    after = scene(at(_S.WAIT_EXECUTION, case={"state": CaseState.EXECUTING}), Local())
    assert [key.id for key in before.keys] == ["leave"]
    assert after.keys == ()


def test_say_again_is_hidden_without_a_voice() -> None:
    assert "again" not in [key.id for key in scene(at(_S.TALK), Local()).keys]
    assert "again" in [key.id for key in scene(at(_S.TALK), Local(audible=True)).keys]


@pytest.mark.parametrize(
    "step", [_S.QUEUE, _S.TALK, _S.WAIT_AUTHORISATION, _S.WAIT_EXECUTION, _S.TROUBLE, _S.TAKE_CASH]
)
def test_whoever_waits_for_the_bank_is_not_asked_whether_he_is_there(step: CustomerStep) -> None:
    assert not scene(at(step), Local()).idle


def test_the_way_has_six_parts_in_both_businesses() -> None:
    shown = {step: scene(at(step), Local()).progress for step in (_S.INSERT_CARD, _S.PIN, _S.SIGN)}
    assert shown == {_S.INSERT_CARD: (0, 6), _S.PIN: (4, 6), _S.SIGN: (5, 6)}
    deposit = {s: scene(at(s, scenario=Scenario.DEPOSIT), Local()).progress for s in (_S.INSERT_CASH, _S.SIGN)}
    assert deposit == {_S.INSERT_CASH: (2, 6), _S.SIGN: (5, 6)}
    assert scene(at(_S.TAKE_CASH), Local()).progress is None


def test_the_teller_is_out_of_sight_while_the_pin_is_open() -> None:
    live = Local(call=CallPhase.LIVE)
    assert scene(at(_S.PIN), live).teller is TellerPlace.NONE
    assert scene(at(_S.TALK), live).teller is TellerPlace.FULL
    assert scene(at(_S.SIGN), live).teller is TellerPlace.STRIP
    assert scene(at(_S.SIGN), Local(call=CallPhase.ENDED)).teller is TellerPlace.NONE


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (CallPhase.CONNECTING, "kiosk.status_connecting"),
        (CallPhase.BROKEN, "kiosk.status_broken"),
        (CallPhase.PEER_LOST, "kiosk.status_peer_lost"),
        (CallPhase.ENDED, "kiosk.status_ended"),
        (CallPhase.LIVE, "kiosk.status_talk"),
    ],
)
def test_a_call_that_does_not_stand_is_told(call: CallPhase, code: str) -> None:
    status = scene(at(_S.TALK), Local(call=call)).status
    assert status is not None
    assert status.words.code == code


def test_a_lost_server_is_told_before_anything_else() -> None:
    shown = scene(at(_S.CONFIRM, online=False, problem=UserError("summary.changed")), Local())
    assert shown.notice is not None
    assert shown.notice.words.code == "kiosk.problem.lost"


def test_a_wrong_pin_says_how_many_tries_are_left() -> None:
    shown = scene(at(_S.PIN, problem=UserError("pin.wrong", tries_left=2)), Local())
    assert shown.notice is not None
    assert BOOK.words("zh", shown.notice.words) == "密码不对，还能试 2 次"


def test_an_unknown_error_never_shows_its_code() -> None:
    for error in (ServiceError("machine.exploded"), UserError("pin.wrong")):
        words = problem_words(error)
        assert words.code == "kiosk.problem.general"
        assert error.code not in BOOK.words("zh", words) + BOOK.words("en", words)


def test_what_the_teller_pushes_is_shown_if_there_are_words_for_it() -> None:
    known = scene(at(_S.TALK, case={"customer_say": Sentence(code="kiosk.bring")}), Local())
    unknown = scene(at(_S.TALK, case={"customer_say": Sentence(code="say.never_heard")}), Local())
    assert known.notice is not None
    assert known.notice.words.code == "kiosk.bring"
    assert unknown.notice is None


@pytest.mark.parametrize("state", [CaseState.COMPLETED, CaseState.CANCELLED, CaseState.REJECTED, CaseState.FAILED])
def test_papers_on_the_glass_come_before_any_last_words(state: CaseState) -> None:
    card = CardView(masked_number="9999 **** **** 3307", state=CardState.RETAINED)
    shown = scene(at(_S.GOODBYE, "papers", case={"state": state, "card": card}, deadline=1024.0), Local(now=1000.0))
    assert BOOK.words("zh", shown.step) == "请拿走您的身份证"
    assert shown.left == (24, 30)
    assert not shown.idle
    assert shown.keys == ()


def test_a_kept_card_is_the_last_thing_said() -> None:
    card = CardView(masked_number="9999 **** **** 3307", state=CardState.RETAINED)
    shown = scene(at(_S.GOODBYE, case={"card": card, "state": CaseState.CANCELLED}), Local())
    assert shown.step.code == "kiosk.retain_card"


def test_after_a_pulled_card_the_same_one_is_asked_for() -> None:
    card = CardView(masked_number="9999 **** **** 3307", state=CardState.PULLED)
    assert scene(at(_S.INSERT_CARD, case={"card": card}), Local()).step.code == "kiosk.insert_card_again"


def test_once_the_notes_are_counted_nobody_is_asked_to_tell_of_the_deposit() -> None:
    held = cash("in", CashState.COUNTED)
    counted = scene(at(_S.TALK, scenario=Scenario.DEPOSIT, case={"cash": held}), Local())
    before = scene(at(_S.TALK, scenario=Scenario.DEPOSIT, case={"cash": None}), Local())
    assert (before.step.code, counted.step.code) == ("kiosk.talk_deposit", "kiosk.talk_counted")


def test_a_ringing_ticket_says_that_somebody_comes() -> None:
    ticket = TicketView(state=TicketState.RINGING, position=1, since=AT)
    assert scene(at(_S.QUEUE, case={"ticket": ticket}), Local()).step.code == "kiosk.queue_ringing"


def test_counted_notes_are_listed_highest_first_with_their_sum() -> None:
    rows = counted_rows({5_000: 4, 10_000: 12, 2_000: 0})
    assert [row.left.params.get("face") for row in rows[:-1]] == [100, 50]
    assert rows[-1].left.params["n"] == 16
    assert rows[-1].right == "¥1,400.00"


def test_a_bundle_is_told_note_by_note() -> None:
    assert [w.params for w in bundle_words(cash("in"))] == [{"face": "100", "n": 12}, {"face": "50", "n": 4}]


@pytest.mark.parametrize(
    ("minor", "scenario", "code"),
    [
        (None, Scenario.WITHDRAWAL, "unknown"),
        (0, Scenario.WITHDRAWAL, "none"),
        (0, Scenario.DEPOSIT, "none_deposit"),
        (-5, Scenario.WITHDRAWAL, "out"),
        (5, Scenario.DEPOSIT, "in"),
    ],
)
def test_the_account_fact_follows_the_books(minor: int | None, scenario: Scenario, code: str) -> None:
    amount = None if minor is None else Amount(minor=minor)
    account, machine, hand = money_facts(MoneyBoxes(account=amount), "out" if scenario is Scenario.WITHDRAWAL else "in")
    assert account.words.code == f"kiosk.fact_account_{code}"
    assert account.good is (minor is not None)
    assert (machine.words.code, hand.words.code) == ("kiosk.fact_machine_unknown", "kiosk.fact_hand_unknown")


def test_trouble_with_unknown_money_does_not_promise_that_it_is_safe() -> None:
    assert scene(SCREENS["trouble-unknown"], Local()).step.code == "kiosk.trouble_unknown"
    assert scene(SCREENS["trouble"], Local()).step.code == "kiosk.trouble"


def test_the_teller_has_a_name_or_a_number() -> None:
    case = case_at(_S.TALK)
    assert case.teller is not None
    nameless = case.model_copy(update={"teller": case.teller.model_copy(update={"name": None, "seat": None})})
    assert BOOK.words("zh", teller_words(case, short=False)) == "视频柜员 沈亦舟·坐席 03"
    assert BOOK.words("zh", teller_words(nameless, short=False)) == "视频柜员 T-03"
