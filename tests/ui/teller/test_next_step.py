"""The main key has words for every state a case can be in, and the story goes by it step by step."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.seat import cases
from common.wire.cases import (
    CaseState,
    CaseView,
    CustomerStep,
    EvidenceKind,
    PersonRef,
    Scenario,
    TicketState,
    TicketView,
)
from common.wire.handing import ThingToHand
from ui.kit.texts.book import TextBook
from ui.teller_app.local import CallPhase, Job, Local, Phase, Ring
from ui.teller_app.main_key import Act, Action, Face, MainKey
from ui.teller_app.next_step import idle_step, next_step

BOOK = TextBook(strict=True)
LOCAL = Local(me=cases.ME, now=cases.START, call=CallPhase.LIVE, vision="ready")
VARIANTS = {
    "plain": LOCAL,
    "call ended": replace(LOCAL, call=CallPhase.ENDED),
    "offline": replace(LOCAL, offline_since=cases.START),
    "sending": replace(LOCAL, command="submit"),
    "reading": replace(LOCAL, reading=Job(Phase.RUNNING, "id_front")),
    "unread": replace(LOCAL, reading=Job(Phase.FAILED, "id_front", code="ocr.timeout")),
    "glare": replace(LOCAL, reading=Job(Phase.FAILED, "id_front", code="doc.glare")),
    "face failed": replace(LOCAL, face=Job(Phase.FAILED, "live_frame", code="face.none")),
    "archive": replace(LOCAL, read_only=True),
    "somebody else": replace(LOCAL, me="T-09"),
}
SHAPES = {
    "empty": cases.draft(),
    "filled": cases.filled(),
    "authorising": cases.awaiting(),
    "consented": cases.consented(),
    "jammed": cases.jammed(),
    "paid": cases.paid(),
    "deposit": cases.deposit(),
    "counted": cases.counted(),
}


def check(key: MainKey) -> None:
    """A main key that a person can use: words in both languages, an action exactly where it can be pressed."""
    for words in (key.text, key.after, key.note):
        if words is not None:
            assert BOOK.text("zh", words.code, words.params).strip()
            assert BOOK.text("en", words.code, words.params).strip()
    assert (key.action is not None) == (key.face is Face.DO)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_state_of_a_case_leaves_the_main_key_empty(shape: str, variant: str) -> None:
    tickets = [TicketView(state=state, since=cases.START) for state in TicketState]
    for state, step, ticket in itertools.product(CaseState, CustomerStep, tickets):
        case = SHAPES[shape].model_copy(update={"state": state, "customer_step": step, "ticket": ticket})
        check(next_step(case, VARIANTS[variant]))


WITHDRAWAL: list[tuple[CaseView, Face, str, Act | None]] = [
    (cases.draft(), Face.DO, "teller.key_ask_front", Act.PROMPT),
    (cases.draft(customer_step=CustomerStep.LAY_ID_FRONT), Face.WAITING, "teller.wait_id_front", None),
    (cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT)), Face.DO, "teller.key_ask_back", Act.PROMPT),
    (cases.filled(face_match=None), Face.DO, "teller.key_snapshot", Act.SNAPSHOT),
    (cases.filled(face_match=cases.face(41.7, same=False)), Face.DO, "teller.key_note_face", Act.NOTE),
    (
        cases.filled(form=cases.form(values=cases.read_values(unsure=("address",)))),
        Face.DO,
        "teller.key_check",
        Act.FOCUS,
    ),
    (cases.filled(form=cases.form(values=cases.read_values(amount=""))), Face.DO, "teller.key_fill", Act.FOCUS),
    (cases.filled(), Face.DO, "teller.key_submit", Act.SUBMIT),
    (cases.awaiting(), Face.WAITING, "teller.wait_authorisation", None),
    (cases.authorised(), Face.WAITING, "teller.wait_confirm", None),
    (cases.authorised(customer_step=CustomerStep.TALK), Face.DO, "teller.key_ask_confirm", Act.PROMPT),
    (cases.authorised(disputed_line="summary.amount"), Face.DO, "teller.key_reopen", Act.REOPEN),
    (cases.authorised(customer_step=CustomerStep.INSERT_CARD), Face.WAITING, "teller.wait_card_back", None),
    (cases.signing(), Face.WAITING, "teller.wait_look", None),
    (cases.signing(signing_doubts=2), Face.DO, "teller.key_look", Act.LOOK),
    (cases.consented(identity=cases.LOOK_MISSING), Face.DO, "teller.key_look", Act.LOOK),
    (cases.consented(), Face.DO, "teller.key_execute_out", Act.EXECUTE),
    (cases.executing(), Face.WAITING, "teller.wait_take_card", None),
    (cases.executing(customer_step=CustomerStep.WAIT_EXECUTION), Face.BUSY, "teller.busy_executing", None),
    (cases.jammed(), Face.DO, "teller.choice_retry_payout", Act.RESOLVE),
    (cases.paid(), Face.DO, "teller.key_finish", Act.FINISH),
    (cases.completed(), Face.DO, "teller.key_next_customer", Act.CLOSE),
]


NAMES = [f"{at}-{row[2]}" for at, row in enumerate(WITHDRAWAL)]


@pytest.mark.parametrize(("case", "face", "code", "act"), WITHDRAWAL, ids=NAMES)
def test_a_withdrawal_goes_by_the_main_key(case: CaseView, face: Face, code: str, act: Act | None) -> None:
    key = next_step(case, LOCAL)
    assert (key.face, key.text.code) == (face, code)
    assert (key.action.act if key.action is not None else None) is act


def test_a_deposit_asks_for_the_cash_and_needs_no_pin() -> None:
    assert next_step(cases.deposit(), LOCAL).text.code == "teller.key_ask_cash"
    waiting = cases.deposit(customer_step=CustomerStep.INSERT_CASH)
    assert next_step(waiting, LOCAL).text.code == "teller.wait_cash_in"
    assert next_step(cases.counted(), LOCAL).text.code == "teller.key_submit"
    signed = cases.consented(scenario=Scenario.DEPOSIT, pin_state="none")
    assert next_step(signed, LOCAL).text.code == "teller.key_execute_in"


def test_a_returned_case_is_mended_before_it_is_submitted_again() -> None:
    back = cases.authorisation(
        "returned", decided_at=cases.START + timedelta(seconds=180), returned_items=["live_frame"]
    )
    case = cases.filled(state=CaseState.RETURNED, authorisation=back)
    key = next_step(case, LOCAL)
    assert key.action is not None
    assert key.action.act is Act.SNAPSHOT
    newer = cases.evidence(*cases.ALL, at=cases.START + timedelta(seconds=200))
    again = next_step(case.model_copy(update={"evidence": newer}), LOCAL)
    assert again.text.code == "teller.key_submit_again"


def test_a_note_lets_a_low_score_go_on() -> None:
    low = cases.filled(face_match=cases.face(41.7, same=False))
    assert next_step(low, replace(LOCAL, note="看了驾驶证")).action is not None
    assert next_step(low, replace(LOCAL, note="看了驾驶证")).text.code == "teller.key_submit"


def test_an_unreadable_picture_is_taken_again_and_a_slow_worker_is_asked_again() -> None:
    case = cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT))
    glare = next_step(case, VARIANTS["glare"])
    assert glare.action is not None
    assert (glare.action.act, glare.action.arg) == (Act.PROMPT, "lay_id_front")
    assert next_step(case, VARIANTS["unread"]).text.code == "teller.key_read_again"


def test_typed_fields_take_the_place_of_a_reading_that_failed() -> None:
    local = VARIANTS["unread"]
    for name, value in {"name": "顾南枝", **{k: v.value for k, v in cases.read_values().items()}}.items():
        local = local.with_edit(name, value)
    case = cases.filled(form=cases.form(values={}))
    assert next_step(case, local).text.code == "teller.key_submit"


@pytest.mark.parametrize(
    ("changes", "ring", "code"),
    [
        ({}, False, "teller.key_take_next"),
        ({}, True, "teller.key_answer"),
        ({"queue": []}, False, "teller.wait_customer"),
        ({"state": "break"}, False, "teller.key_ready"),
        ({"current_case": "x"}, False, "teller.key_open_current"),
    ],
)
def test_between_two_customers(changes: dict[str, object], ring: bool, code: str) -> None:
    local = replace(LOCAL, ring=Ring("waiting-1", cases.START)) if ring else LOCAL
    key = idle_step(cases.desk(**changes), local)
    check(key)
    assert key.text.code == code
    check(idle_step(None, LOCAL))


def test_a_passport_is_asked_for_where_it_is_shown_instead_of_a_card() -> None:
    papers = [EvidenceKind.ID_FRONT]
    assert next_step(cases.draft(papers=papers), LOCAL).text.code == "teller.key_ask_passport"
    laid = cases.draft(papers=papers, customer_step=CustomerStep.LAY_ID_FRONT)
    assert next_step(laid, LOCAL).text.code == "teller.wait_passport"


def test_a_case_left_by_another_teller_is_taken_over_from_where_it_is_looked_at() -> None:
    thing = ThingToHand(kind="card", number="1", by="staff")
    other = PersonRef(number="T-77", name="别人", seat="77")
    left = cases.paid(ticket=TicketView(state=TicketState.LEFT, since=cases.START), to_hand_over=[thing], teller=other)
    looking = replace(LOCAL, read_only=True)
    key = next_step(left, looking)
    assert (key.text.code, key.action) == ("teller.key_take_over", Action(Act.TAKE, left.id))
    assert next_step(left.model_copy(update={"to_hand_over": []}), looking).text.code == "teller.key_back"
    assert next_step(left.model_copy(update={"state": CaseState.COMPLETED}), looking).text.code == "teller.key_back"
