"""Customers, withdrawals, deposits, outcomes in any order: a simple oracle and the books agree after every step."""

import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from common.wire import cases as wire
from common.wire.base import Notes
from common.wire.cases import CardState, CaseView, CustomerStep
from teller.ledger.bookings import clearing, customer_account, machine_cash, suspense
from tests.fakes.counter import Counter, copied, new_key

ACCOUNT = customer_account("9999004182394821")


def value(notes: Notes) -> int:
    return sum(int(face) * 100 * count for face, count in notes.items())


class Books(RuleBasedStateMachine):
    """The oracle counts what lies where: on the account, in the machine, in the hand, unexplained."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="guitai-books-", dir=memory if memory.is_dir() else None))
        self.counter = Counter(copied(self.template, self.folder / "bank"))
        self.counter.machine.report()
        self.account = self.counter.books.balance(ACCOUNT)
        self.inside = self.counter.books.balance(machine_cash("K-02"))
        self.total = self.account
        self.posted = self.unknown = 0
        self.case_id: str | None = None
        self.suspended: list[tuple[str, str, str, Notes]] = []

    def teardown(self) -> None:
        self.counter.close()
        shutil.rmtree(self.folder)

    @property
    def view(self) -> CaseView:
        assert self.case_id is not None
        return self.counter.seen(self.case_id)

    @precondition(lambda self: self.case_id is None)
    @rule(hundreds=st.integers(1, 30))
    def withdraw(self, hundreds: int) -> None:
        self.case_id = self.counter.visits.ready_withdrawal(f"{hundreds * 100}")
        self.counter.desk.execute(self.case_id)
        self.counter.customer.card(self.case_id, CardState.TAKEN)
        self.counter.machine.moving(self.case_id)
        self.account -= hundreds * 10_000
        self.posted = hundreds * 10_000

    @precondition(lambda self: self.case_id is None)
    @rule(hundreds=st.integers(1, 5), twenties=st.integers(0, 4))
    def deposit(self, hundreds: int, twenties: int) -> None:
        notes = {"100": hundreds, **({"20": twenties} if twenties else {})}
        self.case_id = self.counter.visits.ready_deposit(notes)
        self.counter.desk.execute(self.case_id)
        self.counter.machine.moving(self.case_id)

    @precondition(lambda self: self._moving())
    @rule(part=st.integers(0, 4), known=st.booleans())
    def outcome(self, part: int, known: bool) -> None:
        assert self.case_id is not None
        cash = self.view.cash
        assert cash is not None
        notes = cash.notes
        moved = {face: count * part // 4 for face, count in notes.items()}
        rest = {face: count - moved[face] for face, count in notes.items()}
        if not known:
            self.counter.machine.outcome(self.case_id, known=False)
            self.suspended.append((self.case_id, cash.movement_id, cash.direction, notes))
            self.unknown += value(notes)
            self.inside += value(notes) if cash.direction == "in" else 0
            self.posted = 0
        elif cash.direction == "out":
            self.counter.machine.outcome(self.case_id, taken=moved)
            self.inside -= value(moved)
            self.account += value(rest)
            self.posted = 0
        else:
            self.counter.machine.outcome(self.case_id, stored=moved, returned=rest)
            self.inside += value(moved)
            self.account += value(moved)

    @precondition(lambda self: bool(self.suspended))
    @rule(part=st.integers(0, 4))
    def explain(self, part: int) -> None:
        """The machine was opened and counted: a suspense item ends."""
        case_id, movement, direction, notes = self.suspended.pop(0)
        moved = {face: count * part // 4 for face, count in notes.items()}
        rest = {face: count - moved[face] for face, count in notes.items()}
        self.unknown -= value(notes)
        if direction == "out":
            self.counter.machine.outcome(case_id, movement, taken=moved)
            self.inside -= value(moved)
            self.account += value(rest)
        else:
            self.counter.machine.outcome(case_id, movement, stored=moved, returned=rest)
            self.inside -= value(rest)
            self.account += value(moved)

    @precondition(lambda self: self.case_id is not None and self.view.trouble is not None)
    @rule(pick=st.integers(0, 2))
    def choose(self, pick: int) -> None:
        assert self.case_id is not None
        trouble, cash = self.view.trouble, self.view.cash
        assert trouble is not None
        assert cash is not None
        choice = trouble.choices[pick % len(trouble.choices)]
        view = self.counter.desk.resolve(self.case_id, choice)
        if choice == "retry_payout":
            assert view.cash is not None
            self.posted = view.cash.amount.minor
            self.account -= self.posted
            self.counter.machine.moving(self.case_id)

    @precondition(lambda self: self.case_id is not None and self._may_close())
    @rule()
    def close(self) -> None:
        assert self.case_id is not None
        if self.view.customer_step in (CustomerStep.TAKE_RECEIPT, CustomerStep.RATE):
            self.counter.visits.end(self.case_id)
        elif self.view.state.value == "draft":
            self.counter.services.closing.cancel(
                new_key(), self.counter.teller, self.case_id, wire.Cancel(reason="teller")
            )
        if self.view.customer_step is CustomerStep.TAKE_CARD:
            self.counter.customer.card(self.case_id, CardState.TAKEN)
        if self.view.customer_step in (CustomerStep.TAKE_RECEIPT, CustomerStep.RATE):
            self.counter.visits.end(self.case_id)
        assert self.view.customer_step is CustomerStep.GOODBYE
        self.case_id = None

    def _moving(self) -> bool:
        return self.case_id is not None and self.view.cash is not None and self.view.cash.state.value == "moving"

    def _may_close(self) -> bool:
        return not self._moving() and self.view.trouble is None

    @invariant()
    def books_and_oracle_agree(self) -> None:
        self.counter.books.are_right()
        booked = [self.counter.books.balance(code) for code in (ACCOUNT, machine_cash("K-02"), clearing("K-02"))]
        assert booked == [self.account, self.inside, self.posted]
        assert self.counter.books.balance(suspense("K-02")) == self.unknown

    @invariant()
    def nothing_is_held_that_nobody_wants(self) -> None:
        with self.counter.database.read() as unit:
            assert unit.ledger.available(ACCOUNT) == unit.ledger.balance(ACCOUNT)


def test_books_and_oracle_agree_after_every_step(bank: Path) -> None:
    Books.template = bank
    run_state_machine_as_test(Books, settings=settings(max_examples=7, stateful_step_count=12))
