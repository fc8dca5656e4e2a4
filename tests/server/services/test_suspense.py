"""Cash nobody can explain: one person proposes, another decides, the books follow. Notes a machine did not trust."""

import base64
from typing import Any

import pytest

from common.errors import UserError
from common.wire.base import Notes
from common.wire.cases import CardState
from common.wire.cash import DecideClosing, ProposeClosing, SuspectNoteEntry, SuspectNotes, SuspenseView
from server.services.registers import Asked
from teller.ledger.bookings import clearing, customer_account, machine_cash, suspense
from teller.registers import KINDS, Register
from tests.fakes.counter import Counter, new_key

ACCOUNT = customer_account("9999004182394821")
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"number").decode()


def payout_unknown(counter: Counter) -> SuspenseView:
    """5,000 yuan, fifty notes of 100, and nobody knows."""
    counter.machine.outcome(counter.visits.payout_begun(), known=False, error="cash.outcome_unknown")
    (item,) = counter.services.suspense.items(counter.teller)
    return item


def deposit_kept(counter: Counter) -> SuspenseView:
    """Of five notes two came back to the customer and three lie in the retract cassette."""
    case_id = counter.visits.ready_deposit({"100": 5})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, known=False, retracted={"100": 3}, error="cash.retracted")
    (item,) = counter.services.suspense.items(counter.authoriser)
    return item


def close(counter: Counter, item: SuspenseView, in_hand: Notes, **decision: Any) -> str:
    work = counter.services.suspense
    body = ProposeClosing(in_hand=in_hand, reason="counted_at_machine", note="slot camera")
    closing = work.propose(new_key(), counter.teller, item.movement_id, body)
    (seen,) = work.items(counter.authoriser)
    assert seen.closing is not None
    assert seen.closing.maker == counter.teller.number
    return work.decide(new_key(), counter.authoriser, closing, DecideClosing(**{"approved": True, **decision}))


@pytest.mark.parametrize(("in_hand", "back"), [({"100": 50}, 0), ({}, 500_000), ({"100": 20}, 300_000)])
def test_a_payout_is_closed_by_the_notes_that_the_customer_has(counter: Counter, in_hand: Notes, back: int) -> None:
    inside, before = counter.books.balance(machine_cash("K-02")), counter.books.balance(ACCOUNT)
    item = payout_unknown(counter)
    assert (item.amount.minor, counter.books.balance(suspense("K-02"))) == (500_000, 500_000)
    close(counter, item, in_hand)
    counter.books.are_right()
    assert counter.books.balance(suspense("K-02")) == counter.books.balance(clearing("K-02")) == 0
    assert counter.books.balance(ACCOUNT) - before == back - 500_000
    assert inside - counter.books.balance(machine_cash("K-02")) == 500_000 - back
    assert counter.services.suspense.items(counter.teller) == []


@pytest.mark.parametrize(("in_hand", "credited"), [({}, 30_000), ({"100": 3}, 0), ({"100": 1}, 20_000)])
def test_kept_notes_of_a_deposit_go_to_the_account_or_back(counter: Counter, in_hand: Notes, credited: int) -> None:
    before, inside = counter.books.balance(ACCOUNT), counter.books.balance(machine_cash("K-02"))
    item = deposit_kept(counter)
    assert item.in_question == {"100": 3}
    close(counter, item, in_hand)
    counter.books.are_right()
    assert counter.books.balance(ACCOUNT) - before == credited == counter.books.balance(machine_cash("K-02")) - inside
    assert counter.books.balance(suspense("K-02")) == 0


def test_one_person_alone_closes_nothing_and_refused_stays_open(counter: Counter) -> None:
    item, work = payout_unknown(counter), counter.services.suspense
    body = ProposeClosing(in_hand={}, reason="seen_on_video")
    closing = work.propose(new_key(), counter.authoriser, item.movement_id, body)
    with pytest.raises(UserError, match=r"suspense\.four_eyes"):
        work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    with pytest.raises(UserError, match=r"suspense\.waits"):
        work.propose(new_key(), counter.teller, item.movement_id, body)
    work.decide(new_key(), counter.second, closing, DecideClosing(approved=False, note="no video of it"))
    (open_still,) = work.items(counter.teller)
    assert (open_still.closing, counter.books.balance(suspense("K-02"))) == (None, 500_000)


@pytest.mark.parametrize(
    ("words", "code"),
    [({"in_hand": {"100": 51}}, "suspense.too_many"), ({"reason": "felt_like_it"}, "suspense.reason")],
)
def test_what_cannot_be_is_refused(counter: Counter, words: dict[str, Any], code: str) -> None:
    item = payout_unknown(counter)
    body = ProposeClosing(**{"in_hand": {}, "reason": "handed_over", **words})
    with pytest.raises(UserError) as refused:
        counter.services.suspense.propose(new_key(), counter.teller, item.movement_id, body)
    assert refused.value.code == code


def test_the_machine_that_speaks_after_two_persons_changes_nothing_and_is_written_down(counter: Counter) -> None:
    item = payout_unknown(counter)
    close(counter, item, {"100": 50})
    account = counter.books.balance(ACCOUNT)
    counter.machine.outcome(item.case_id, item.movement_id, taken={"100": 49})
    assert counter.books.balance(ACCOUNT) == account
    with counter.database.read() as unit:
        kinds = [line.kind for line in unit.registers.about(item.reference, KINDS[Register.SUSPENSE])]
    assert kinds == ["suspense.proposed", "suspense.closed", "suspense.later"]


def test_notes_pulled_in_do_not_leave_suspense_by_a_word_of_the_machine(counter: Counter) -> None:
    item = deposit_kept(counter)
    counter.machine.outcome(item.case_id, item.movement_id, returned={"100": 5})
    assert counter.books.balance(suspense("K-02")) == 30_000
    (still,) = counter.services.suspense.items(counter.teller)
    assert still.reference == item.reference


def test_an_outcome_said_again_after_the_amount_was_changed_changes_nothing(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    cash = counter.machine.outcome(case_id, error="device.jam").cash
    assert cash is not None
    counter.desk.resolve(case_id, "change_amount")
    before = counter.books.balance(ACCOUNT)
    assert counter.machine.outcome(case_id, cash.movement_id, error="device.jam").state.value == "draft"
    assert counter.books.balance(ACCOUNT) == before
    counter.machine.outcome(case_id, cash.movement_id, taken={"100": 50})
    assert counter.books.balance(ACCOUNT) == before
    with counter.database.read() as unit:
        (line,) = unit.registers.about(cash.movement_id, KINDS[Register.SUSPENSE])
    assert (line.kind, line.data["taken"]) == ("suspense.later", "100×50")


def test_suspect_notes_are_registered_once_and_shown_to_staff(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    notes = [
        SuspectNoteEntry(serial="AB12345678", face=100, level="counterfeit", location="customer", picture=PNG),
        SuspectNoteEntry(serial="CD87654321", face=50, level="suspect", location="unit7"),
    ]
    for _ in range(2):
        counter.services.suspects.report(new_key(), counter.kiosk, case_id, SuspectNotes(notes=notes))
    view = counter.seen(case_id)
    assert [(one.serial, one.fate) for one in view.suspects] == [("AB12345678", "returned"), ("CD87654321", "held")]
    assert [piece.digest for piece in view.evidence if piece.kind.value == "suspect_note"] == [view.suspects[0].picture]
    assert counter.seen(case_id, counter.kiosk).suspects == []
    with counter.database.read() as unit:
        lines = [line for one in notes for line in unit.registers.about(one.serial, KINDS[Register.NOTES])]
    assert [line.kind for line in lines] == ["note.returned", "note.held"]


def test_a_note_given_back_and_not_taken_is_registered_as_kept_after_all(counter: Counter) -> None:
    case_id = counter.customer.arrive()

    def told(*locations: str) -> None:
        notes = [
            SuspectNoteEntry(serial="AB12345678", face=100, level="counterfeit", location=where) for where in locations
        ]
        counter.services.suspects.report(new_key(), counter.kiosk, case_id, SuspectNotes(notes=notes))

    for locations in (("output", "output"), ("customer", "output"), ("customer", "unit8"), ("customer", "unit8")):
        told(*locations)
    assert sorted(one.fate for one in counter.seen(case_id).suspects) == ["held", "returned"]
    with counter.database.read() as unit:
        lines = unit.registers.about("AB12345678", KINDS[Register.NOTES])
    assert [line.kind for line in lines if line.kind != "note.series"] == ["note.held", "note.held", "note.returned"]
    marks = [mark.step for mark in counter.seen(case_id).timeline]
    assert marks.count("suspect_notes") == 1
    assert marks.count("suspect_returned") == 1


def odd(*serials: str) -> SuspectNotes:
    return SuspectNotes(
        notes=[
            SuspectNoteEntry(serial=serial, face=100, level="counterfeit", location="customer") for serial in serials
        ]
    )


def test_a_series_is_recognised_registered_and_told_to_the_teller_as_it_grows(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    told: list[list[tuple[str, int]]] = []
    for serials in (
        ("AB12345678",), ("AB12345678", "AB12345678"), ("AB12345678", "AB12345678", "AB12345679"),
        ("AB12345678", "AB12345678", "AB12345679", "QX00000001", "QX90000001"),
    ):  # fmt: skip
        counter.services.suspects.report(new_key(), counter.kiosk, case_id, odd(*serials))
        told.append([(one.kind, len(one.serials)) for one in counter.seen(case_id).suspect_series])
    same, run = ("same_number", 2), ("run", 2)
    assert told == [[], [same], [same, run], [same, run, ("many", 5)]]
    assert [one.report_at_once for one in counter.seen(case_id).suspect_series] == [False, False, True]
    assert counter.seen(case_id, counter.kiosk).suspect_series == []
    page = counter.services.registers.page(counter.teller, Register.NOTES, Asked(), None, 50)
    lines = [row.details for row in page.rows if row.kind == "note.series"][::-1]
    assert [(line["series"], line["pieces"], line["report"]) for line in lines] == [
        ("same_number", 2, None), ("run", 2, None), ("many", 5, "pboc_police"),
    ]  # fmt: skip
    assert len([row for row in page.rows if row.kind == "note.returned"]) == 5


def test_a_number_that_comes_again_in_another_visit_is_told(counter: Counter) -> None:
    first = counter.customer.arrive()
    counter.services.suspects.report(new_key(), counter.kiosk, first, odd("AB12345678"))
    counter.services.closing.leave(new_key(), counter.kiosk, first)
    counter.customer.card(first, CardState.TAKEN)
    second = counter.customer.arrive()
    counter.services.suspects.report(new_key(), counter.kiosk, second, odd("AB12345678"))
    [series] = counter.seen(second).suspect_series
    assert (series.kind, series.serials, series.before) == ("same_number", ["AB12345678"], 1)


def test_nothing_goes_back_to_an_account_that_is_closed_meanwhile(counter: Counter) -> None:
    item = payout_unknown(counter)
    with counter.database.write() as unit:
        unit.customers.put("account", "9999004182394821", {"status": "closed"})
    with pytest.raises(UserError, match=r"suspense\.no_account"):
        close(counter, item, {})
    close(counter, item, {"100": 50})
    assert counter.services.suspense.items(counter.teller) == []
