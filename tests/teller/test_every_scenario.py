"""Every scenario of the house, in any choice and with any amounts: books balance, and undoing restores all."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teller.forms.catalogue import CARD_FACE
from teller.forms.credit_code import check_character
from teller.ledger.bookings import Stamp, customer_account, transferred_in
from teller.ledger.chart import Role
from teller.money import Money
from teller.scenarios import composition
from teller.scenarios.builtin import builtin
from teller.scenarios.definition import Definition
from teller.scenarios.execution import carry_out, undo
from teller.transactions.base import Cell, Facts, Presence, Work
from teller.transactions.registry import REGISTRY
from tests.fakes.books import MemoryBooks
from tests.teller.test_scenario_property import VALUES as OPENING

DAY = date(2026, 11, 22)
SCENARIOS = builtin()
ACCOUNT, OTHER, CUSTOMER = "9999004182394821", "9999004182343307", "c-9"
BODY = "91999999MA00GT001"
CODE = BODY + check_character(BODY)
VALUES = {
    **OPENING, "own_account": ACCOUNT, "card_number": "9999004182300018", "passbook_number": "8800000000000025",
    "passbook_reason": "损坏换册", "payee_name": "何以安", "payee_account": OTHER, "payee_bank": "示范银行",
    "tr_timing": "普通到账", "tr_purpose": "房租", "tr_order": "TR20261122000001", "td_number": "TD20260101000001",
    "loss_way": "书面挂失", "close_account": "6222000000001", "close_bank": "示范银行", "close_reason": "不再使用",
    "cert_use": "签证", "cert_to": "使馆", "st_from": "2026-01-01", "st_to": "2026-11-20", "key_number": "10086",
    "key_way": "客户交存", "co_code": CODE, "co_licence": "使用存档执照", "co_name": "梧桐贸易",
    "co_type": "有限责任公司", "co_rep": "顾南枝", "co_since": "2019-03-12", "co_until": "2039-03-11",
    "co_address": "东湖区9号", "co_role": "法定代表人", "co_phone": "19900004821", "co_kind": "一般存款账户",
    "co_use": "货款", "co_day": "200000.00", "co_maker": "900100200301", "co_checker": "900100200302",
    "co_st_cycle": "按月", "co_st_mail": "a@b.example", "appt_rep_id": OPENING["id_number"],
    "co_agent_act": "登记授权", "co_agent_name": "齐望舒", "co_agent_id": "110101199003071233",
    "co_agent_until": "2027-03-01",
    "appt_day": "2026-11-25", "appt_time": "10:30", "will_own": "是", "will_use": "货款", "will_trade": "批发",
    "will_place": "是", "will_duty": "是", "will_outcome": "通过", "review_result": "通过",
}  # fmt: skip
STATES = {"loss_release": "lost", "dormant_activation": "dormant"}


def bank(scenario: str) -> MemoryBooks:
    """A customer with an account, a deposit, a transfer under way, a passbook; a company with an account."""
    books = MemoryBooks(DAY)
    holder: dict[str, Cell] = {"customer_id": CUSTOMER, "account": ACCOUNT}
    for number in (ACCOUNT, OTHER):
        books.open_ledger(Role.DEMAND_DEPOSIT, number)
        owner = CUSTOMER if number == ACCOUNT else "c-8"
        books.put("account", number, {"customer_id": owner, "status": STATES.get(scenario, "active")})
    for role in (Role.CENTRAL_BANK, Role.TRANSFER_CLEARING, Role.INTEREST):
        books.open_ledger(role)
    books.post(transferred_in(_stamp(books), ACCOUNT, Money(10_000_000), "工资", "Salary"))
    books.put("card", ACCOUNT, {"account": ACCOUNT, "status": "active"})
    books.put("customer", CUSTOMER, {"name": OPENING["name"]})
    books.put("loss", ACCOUNT, {**holder, "status": "active", "way": "书面挂失"})
    if scenario != "passbook_issue":
        cells: dict[str, Cell] = {"page": 0, "line": 1, "printed_to": 0, "carry": 0}
        books.put("passbook", "8800000000000017", {**holder, "status": "active", **cells})
        books.put("current_passbook", ACCOUNT, {**holder, "status": "active", "passbook": "8800000000000017"})
    if scenario == "time_draw":
        _deposit(books)
    if scenario == "transfer_revoke":
        _transfer(books)
    wish: dict[str, Cell] = {"status": "passed", "representative": VALUES["co_rep"], "asked_on": "2026-11-20"}
    books.put("willingness", CODE, wish)
    if scenario != "company_opening":
        firm: dict[str, Cell] = {"customer_id": "c-7", "status": "active", "name": "梧桐贸易", "account": ACCOUNT}
        firm["representative"] = OPENING["name"]
        dates: dict[str, Cell] = {"licence_seen_on": "2026-10-01", "until": "2039-03-11", "review_on": "2026-12-01"}
        books.put("company", CODE, {**firm, **dates})
    return books


def _stamp(books: MemoryBooks) -> Stamp:
    return books.stamp()


def _deposit(books: MemoryBooks) -> None:
    number = VALUES["td_number"]
    books.open_ledger(Role.TIME_DEPOSIT, number)
    work = worker(books, frozenset(), 1)
    work.move("time.open", customer_account(ACCOUNT), books.open_ledger(Role.TIME_DEPOSIT, number), Money(1_000_000))
    cells: dict[str, Cell] = {"term": "3个月", "millionths": 6500, "opened_on": "2026-01-01", "minor": 1_000_000}
    books.put("time_deposit", number, {"customer_id": CUSTOMER, "account": ACCOUNT, "status": "active", **cells})


def _transfer(books: MemoryBooks) -> None:
    work = worker(books, frozenset(), 1)
    work.move("transfer.out", customer_account(ACCOUNT), books.open_ledger(Role.TRANSFER_CLEARING), Money(5_000))
    cells: dict[str, Cell] = {
        "status": "waiting",
        "minor": 5_000,
        "due": "2026-11-23T00:00:00+00:00",
        "payee_account": OTHER,
    }
    books.put("transfer", VALUES["tr_order"], {"customer_id": CUSTOMER, "account": ACCOUNT, **cells})


def worker(books: MemoryBooks, chosen: frozenset[str], cents: int) -> Work:
    amount = f"{cents // 100}.{cents % 100:02d}"
    values = {**VALUES, **dict.fromkeys(("out_amount", "tr_amount", "td_part"), amount)}
    work = Work(books, facts(chosen), values, case_id="c-1", number="1122-0001", machine="K-02", pin_hash="h")
    work.customer, work.account, work.card = CUSTOMER, ACCOUNT, ACCOUNT
    return work


def facts(chosen: frozenset[str]) -> Facts:
    return Facts(DAY, Presence.ON_SITE, chosen, age=36, known_customer=True, has_account=True, accounts={"1": 1})


def allowed(one: Definition, wanted: set[str]) -> frozenset[str]:
    chosen = one.mandatory | (wanted & one.offered)
    if "cash_deposit" not in chosen:
        chosen -= {"time_certificate"} - one.mandatory
    while True:
        barred = composition.bars(one, facts(chosen)).keys() & (chosen - one.mandatory)
        if not barred:
            return chosen
        chosen -= barred


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"personal_opening"}))  # that one has a file of its own
@settings(max_examples=12, deadline=None)
@given(wanted=st.sets(st.sampled_from(sorted(REGISTRY))), cents=st.integers(1, 900_000))
def test_it_balances_and_is_undone_to_the_last_cent(name: str, wanted: set[str], cents: int) -> None:
    one = SCENARIOS[name]
    books, chosen = bank(name), allowed(one, wanted)
    before = books.balances_kept(), books.kept()
    work = worker(books, chosen, cents)
    for atomic in composition.transactions(one, chosen):
        if atomic.quote is not None:
            assert atomic.quote(work).value
    effects = carry_out(one, chosen, worker(books, chosen, cents))
    assert sum(books.balances.values()) == 0
    assert sorted(done.code for done in effects.done) == sorted(chosen)
    undo(effects, books)
    assert (books.balances_kept(), books.kept()) == before


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@settings(max_examples=12, deadline=None)
@given(wanted=st.sets(st.sampled_from(sorted(REGISTRY))))
def test_its_form_asks_each_needed_thing_once_and_nothing_else(name: str, wanted: set[str]) -> None:
    one = SCENARIOS[name]
    chosen = one.mandatory | (wanted & one.offered)
    names = [spec.name for spec in composition.form(one, chosen, VALUES, DAY)]
    needed = set(CARD_FACE) | {field for held in composition.active(one, VALUES, DAY) for field in held.fields}
    for code in chosen:
        atomic = REGISTRY[code]
        needed |= {spec.name for spec in atomic.fields if atomic.omitted.get(spec.name) not in chosen}
    assert set(names) == needed
    assert len(names) == len(set(names))
