"""Accounts of class II and III: what goes through in a day and a year, what stays, what the bound account is spared."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from teller.scenarios import composition
from teller.scenarios.builtin import builtin
from teller.transactions import limits
from teller.transactions.base import Facts, Presence, Values
from teller.transactions.registry import REGISTRY
from teller.transactions.rules import ROWS, in_force
from teller.transactions.standing import Standing, Used

DAY = date(2026, 11, 22)
OWN = "6222020000000001"
NEARLY = Used(9_000_00, 9_000_00)
SECOND, THIRD = Standing("2", OWN), Standing("3", OWN)


def facts(standing: Standing | None, *chosen: str) -> Facts:
    return Facts(DAY, Presence.ON_SITE, frozenset(chosen), known_customer=True, has_account=True, standing=standing)


def said(standing: Standing, values: Values, *chosen: str) -> list[tuple[str, str, int]]:
    atomics = [REGISTRY[code] for code in chosen]
    found = limits.problems(atomics, values, facts(standing, *chosen))
    return [(one.field, one.code, int(dict(one.params)["left"])) for one in found]


@pytest.mark.parametrize(
    ("standing", "values", "code"),
    [
        (SECOND, {"amount": "10000"}, None),
        (SECOND, {"amount": "10000.01"}, ("amount", "class_limit.day_in", 10_000_00)),
        (replace(SECOND, came=NEARLY), {"amount": "1000.01"}, ("amount", "class_limit.day_in", 1_000_00)),
        (replace(SECOND, came=Used(0, 199_000_00)), {"amount": "1001"}, ("amount", "class_limit.year_in", 1_000_00)),
        (replace(THIRD, balance=1_500_00), {"amount": "501"}, ("amount", "class_limit.balance", 500_00)),
        (replace(THIRD, came=Used(1_900_00, 1_900_00)), {"amount": "101"}, ("amount", "class_limit.day_in", 100_00)),
        (replace(THIRD, came=Used(0, 49_950_00)), {"amount": "51"}, ("amount", "class_limit.year_in", 50_00)),
    ],
)  # fmt: skip
def test_cash_coming_in(standing: Standing, values: Values, code: tuple[str, str, int] | None) -> None:
    assert said(standing, values, "cash_deposit") == ([code] if code else [])


def test_cash_and_transfer_of_one_case_count_together_and_the_bound_account_is_free() -> None:
    both = ("cash_deposit", "transfer_in")
    values = {"amount": "6000", "ti_amount": "5000", "ti_account": "6222999"}
    assert said(SECOND, values, *both) == [("ti_amount", "class_limit.day_in", 4_000_00)]
    assert said(SECOND, {**values, "ti_account": OWN}, *both) == []
    small = {"amount": "1500", "ti_amount": "600", "ti_account": OWN}
    assert said(THIRD, small, *both) == [("ti_amount", "class_limit.balance", 500_00)], "free, but the balance stands"


def test_money_going_out() -> None:
    values = {"tr_amount": "10001", "payee_account": "6222999"}
    assert said(SECOND, values, "transfer_out") == [("tr_amount", "class_limit.day_out", 10_000_00)]
    assert said(SECOND, {**values, "payee_account": OWN}, "transfer_out") == []
    used = replace(THIRD, went=Used(0, 50_000_00))
    assert said(used, {"amount": "1"}, "cash_withdrawal") == [("amount", "class_limit.year_out", 0)]


def test_nothing_left_is_told_before_the_first_step() -> None:
    used = facts(replace(SECOND, came=Used(10_000_00, 10_000_00)), "cash_deposit")
    bar = limits.bar(REGISTRY["cash_deposit"], used)
    assert bar is not None
    assert (bar.code, bar.rule) == ("bar.class_limit_day", "A-212")
    assert limits.bar(REGISTRY["cash_deposit"], facts(None)) is None, "class I has no such limit"
    assert limits.bar(REGISTRY["transfer_in"], used) is None, "it may come from the bound account"


def test_the_rows_of_the_day_decide() -> None:
    before = replace(facts(SECOND, "cash_deposit"), day=date(2016, 11, 30))
    assert not list(limits.problems([REGISTRY["cash_deposit"]], {"amount": "50000"}, before))


def test_the_first_account_of_an_opening_takes_what_its_class_may() -> None:
    opening = builtin()["personal_opening"]
    chosen = frozenset({"customer_record", "open_class_3", "cash_deposit"})
    new = Facts(DAY, Presence.ON_SITE, chosen)
    found = composition.problems(opening, chosen, {"amount": "2100"}, new)
    assert ("amount", "class_limit.day_in") in {(one.field, one.code) for one in found}
    with_first = chosen | {"open_class_1"}
    assert not composition.problems(opening, with_first, {"amount": "2100"}, replace(new, chosen=with_first))


@pytest.mark.parametrize(("opened", "barred"), [(0, set()), (1, {"open_class_3"}), (3, {1, 2, 3})])
def test_an_agent_opens_three(opened: int, barred: set[object]) -> None:
    opening = builtin()["personal_opening"]
    three = frozenset({"customer_record", "open_class_1", "open_class_2", "open_class_3"})
    bars = composition.bars(opening, Facts(DAY, Presence.ON_SITE, three, agent=opened))
    found = {code for code, bar in bars.items() if bar.code == "bar.agent_count"}
    assert found == {one if isinstance(one, str) else f"open_class_{one}" for one in barred}
    assert all(bar.rule == "A-241" for code, bar in bars.items() if code in found)


def test_no_agent_by_video_and_no_fourth_account() -> None:
    check = REGISTRY["customer_record"].check
    chosen = frozenset({"open_class_2"})
    remote = Facts(DAY, Presence.REMOTE, chosen, agent=0)
    assert [one.code for one in check({"acting": "代办"}, remote)] == ["agent.on_site_only"]
    full = Facts(DAY, Presence.ON_SITE, chosen, agent=3)
    assert [one.code for one in check({"acting": "代办"}, full)] == ["agent.count"]


def test_what_comes_out_after_a_deposit_counts_like_any_withdrawal() -> None:
    both = ("cash_deposit", "cash_payout")
    values = {"amount": "1000", "out_amount": "10001"}
    assert said(SECOND, values, *both) == [("out_amount", "class_limit.day_out", 10_000_00)]
    used = facts(replace(SECOND, went=Used(10_000_00, 10_000_00)), *both)
    bar = limits.bar(REGISTRY["cash_payout"], used)
    assert bar is not None
    assert (bar.code, bar.rule) == ("bar.class_limit_day", "A-212")


def test_every_transaction_that_moves_notes_says_how_they_count() -> None:
    assert [code for code, one in REGISTRY.items() if one.cash and one.flow is None] == []


def test_a_day_has_its_own_basis_and_what_was_not_read_itself_says_so() -> None:
    then, now = in_force("company_suspension", date(2025, 6, 1)), in_force("company_suspension", date(2026, 6, 1))
    assert then is not None
    assert now is not None
    assert ("令〔2007〕第2号" in then.cited, "令〔2025〕第11号" in now.cited) == (True, True)
    assert (then.cited == then.basis, now.cited.endswith("（条文未核）")) == (True, True)
    for topic in {row.topic for row in ROWS}:
        days = sorted((row.valid_from, row.valid_to or date.max) for row in ROWS if row.topic == topic)
        assert all(ends < begins for (_, ends), (begins, _) in pairwise(days)), f"one row a day: {topic}"
