"""Short and over by count: one person says where it is, another one decides, the books follow."""

from dataclasses import replace
from typing import Any

import pytest

from common.errors import UserError
from common.wire.cash import DecideClosing, DifferenceView, ProposeDifference
from teller.ledger import bookings
from teller.ledger.bookings import customer_account
from teller.ledger.chart import Role, account_code
from teller.money import Money
from teller.registers import KINDS, Register
from tests.fakes.counter import Counter, new_key

SHORT, OVER = (account_code(role, "K-02") for role in (Role.CASH_SHORT, Role.CASH_OVER))
VAULT, NUMBER = account_code(Role.VAULT_CASH), "9999004182394821"


def counted(counter: Counter, *, short: int = 0, over: int = 0) -> None:
    """Counts have left so much unexplained, in minor units."""
    with counter.database.write() as unit:
        for role, amount, book in (
            (Role.CASH_SHORT, short, bookings.count_short), (Role.CASH_OVER, over, bookings.count_over),
        ):  # fmt: skip
            unit.ledger.open_account(role, "K-02")
            if amount:
                unit.ledger.post(book(counter.parts.stamp(), "K-02", Money(amount)))


def item_of(counter: Counter, kind: str) -> DifferenceView:
    return next(one for one in counter.services.suspense.differences(counter.authoriser) if one.kind == kind)


def proposed(counter: Counter, account: str, amount: int, way: str, **words: Any) -> str:
    body = ProposeDifference(**{"amount": amount, "way": way, "reason": "counted_at_machine", **words})
    return counter.services.suspense.propose_difference(new_key(), counter.teller, account, body)


def balances(counter: Counter) -> dict[str, int]:
    codes = (SHORT, OVER, VAULT, customer_account(NUMBER))
    return {code: counter.books.balance(code) for code in codes}


@pytest.mark.parametrize(
    ("account", "way", "to", "moved"),
    [
        (SHORT, "vault", "", {SHORT: -20_000, VAULT: 20_000}),
        (OVER, "vault", "", {OVER: -20_000, VAULT: -20_000}),
        (SHORT, "offset", "", {SHORT: -20_000, OVER: -20_000}),
        (OVER, "offset", "", {SHORT: -20_000, OVER: -20_000}),
        (OVER, "customer", NUMBER, {OVER: -20_000, customer_account(NUMBER): 20_000}),
    ],
)
def test_two_persons_close_what_is_explained(
    counter: Counter, account: str, way: str, to: str, moved: dict[str, int]
) -> None:
    counted(counter, short=30_000, over=20_000)
    before, work = balances(counter), counter.services.suspense
    closing = proposed(counter, account, 20_000, way, to=to)
    assert balances(counter) == before, "nothing is booked by one person"
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    counter.books.are_right()
    assert {code: now - before[code] for code, now in balances(counter).items() if now != before[code]} == moved
    with counter.database.read() as unit:
        lines = unit.registers.about(account, KINDS[Register.SUSPENSE])
    assert [(line.kind, line.who, line.data["way"]) for line in lines] == [
        ("suspense.proposed", "T-03", way), ("suspense.closed", "A-07", way),
    ]  # fmt: skip


def test_one_person_alone_closes_nothing_and_only_one_proposal_waits(counter: Counter) -> None:
    counted(counter, short=30_000)
    work = counter.services.suspense
    body = ProposeDifference(amount=10_000, way="vault", reason="seen_on_video")
    closing = work.propose_difference(new_key(), counter.authoriser, SHORT, body)
    with pytest.raises(UserError, match=r"suspense\.four_eyes"):
        work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    with pytest.raises(UserError, match=r"suspense\.waits"):
        proposed(counter, SHORT, 10_000, "vault")
    work.decide(new_key(), counter.second, closing, DecideClosing(approved=False, note="not in the vault"))
    assert counter.books.balance(SHORT) == 30_000
    proposed(counter, SHORT, 30_000, "vault")
    seen = item_of(counter, "short")
    assert (seen.amount.minor, seen.other.minor, [line.amount.minor for line in seen.lines]) == (30_000, 0, [30_000])
    assert seen.closing is not None
    assert (seen.closing.maker, seen.closing.way) == ("T-03", "vault")


@pytest.mark.parametrize(
    ("account", "words", "code"),
    [
        (SHORT, {"amount": 30_001}, "too_much"),
        (SHORT, {"way": "offset", "amount": 10_001}, "too_much"),
        (SHORT, {"way": "customer", "to": NUMBER}, "way"),
        (OVER, {"way": "customer"}, "way"),
        (OVER, {"way": "customer", "to": "9999004100000000"}, "no_such_account"),
        (SHORT, {"reason": "felt_like_it"}, "reason"),
        ("1221:K-99", {}, "not_found"),
        (VAULT, {}, "not_found"),
    ],
)
def test_what_cannot_be_is_refused(counter: Counter, account: str, words: dict[str, Any], code: str) -> None:
    counted(counter, short=30_000, over=10_000)
    with pytest.raises(UserError) as refused:
        proposed(counter, account, **{"amount": 10_000, "way": "vault", **words})
    assert refused.value.code == f"suspense.{code}"


def test_what_another_closing_has_explained_meanwhile_is_not_booked_twice(counter: Counter) -> None:
    counted(counter, short=30_000, over=30_000)
    work = counter.services.suspense
    first, second = proposed(counter, SHORT, 30_000, "vault"), proposed(counter, OVER, 30_000, "offset")
    work.decide(new_key(), counter.authoriser, first, DecideClosing(approved=True))
    with pytest.raises(UserError, match=r"suspense\.too_much"):
        work.decide(new_key(), counter.authoriser, second, DecideClosing(approved=True))
    assert counter.books.balance(OVER) == 30_000


def test_a_teller_of_another_branch_neither_sees_nor_proposes(counter: Counter) -> None:
    counted(counter, short=30_000)
    stranger = replace(counter.other, branch="elsewhere")
    assert counter.services.suspense.differences(stranger) == []
    body = ProposeDifference(amount=1_000, way="vault", reason="seen_on_video")
    with pytest.raises(UserError, match=r"suspense\.not_found"):
        counter.services.suspense.propose_difference(new_key(), stranger, SHORT, body)


@pytest.mark.parametrize("status", ["closed", "reversed"])
def test_nothing_goes_to_an_account_that_is_closed_by_the_time_it_is_agreed(counter: Counter, status: str) -> None:
    counted(counter, over=20_000)
    closing = proposed(counter, OVER, 20_000, "customer", to=NUMBER)
    with counter.database.write() as unit:
        unit.customers.put("account", NUMBER, {"status": status})
    work = counter.services.suspense
    with pytest.raises(UserError, match=r"suspense\.no_such_account"):
        work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=False))
    with pytest.raises(UserError, match=r"suspense\.no_such_account"):
        proposed(counter, OVER, 20_000, "customer", to=NUMBER)
