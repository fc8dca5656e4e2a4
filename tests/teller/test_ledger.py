"""Entries balance or do not exist."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from teller.ledger.chart import CHART, Role, account_code, role_of
from teller.ledger.entries import Entry, Posting, credit, debit, reversal
from teller.ledger.holds import Hold, HoldState, available
from teller.money import Money

AT = datetime(2026, 11, 22, tzinfo=UTC)
DAY = date(2026, 11, 22)


def entry(*postings: Posting, number: int = 1) -> Entry:
    return Entry(UUID(int=number), "test", AT, DAY, postings)


@given(st.lists(st.integers(-1000, 1000).filter(bool), min_size=1, max_size=8))
def test_only_what_balances_can_be_built(amounts: list[int]) -> None:
    postings = [Posting(f"a{index}", Money(amount)) for index, amount in enumerate(amounts)]
    if sum(amounts) or len(amounts) < 2:
        with pytest.raises(UserError):
            entry(*postings)
    else:
        built = entry(*postings)
        undone = reversal(built, id=UUID(int=2), at=AT, business_date=DAY)
        assert undone.reverses == built.id
        assert all(built.effect(p.account) + undone.effect(p.account) == 0 for p in postings)
        with pytest.raises(UserError, match=r"ledger.reverses_reversal"):
            reversal(undone, id=UUID(int=3), at=AT, business_date=DAY)


def test_every_currency_balances_for_itself() -> None:
    with pytest.raises(UserError, match=r"ledger.unbalanced"):
        entry(debit("a", Money(5)), credit("b", Money(5, "USD")))


def test_an_entry_needs_a_time_zone_and_postings_an_amount() -> None:
    with pytest.raises(UserError, match=r"ledger.naive_time"):
        Entry(UUID(int=1), "t", datetime(2026, 1, 1), DAY, (debit("a", Money(1)), credit("b", Money(1))))  # noqa: DTZ001
    for wrong in (debit, credit):
        with pytest.raises(UserError, match=r"ledger.not_positive"):
            wrong("a", Money(0))
    with pytest.raises(UserError, match=r"ledger.empty_posting"):
        Posting("a", Money(0))


def test_the_chart_names_accounts_both_ways() -> None:
    for line in CHART:
        code = account_code(line.role, "" if line.per == "bank" else "K-02")
        assert role_of(code) is line.role
    with pytest.raises(ValueError, match="kept per machine"):
        account_code(Role.MACHINE_CASH)


def test_a_hold_reserves_until_it_ends() -> None:
    hold = Hold("h", "a", Money(300), "case", AT)
    assert available(Money(1000), [hold]) == Money(700)
    ended = hold.end(HoldState.RELEASED, AT)
    assert available(Money(1000), [ended]) == Money(1000)
    with pytest.raises(UserError, match=r"ledger.hold_ended"):
        ended.end(HoldState.USED, AT)
