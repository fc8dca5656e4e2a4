"""What is on the list and was only partly played: unlocking, dormant accounts, channels, papers, keys, words."""

import pytest

from common.errors import UserError
from common.wire import cases as wire
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import choose
from tests.server.services.test_more_scenarios import GU, SEND, carried_out, ended, opened, record


def state(counter: Counter, kind: str, key: str, **cells: object) -> None:
    with counter.database.write() as unit:
        unit.customers.put(kind, key, cells)


def status(counter: Counter, kind: str, key: str) -> object:
    with counter.database.read() as unit:
        found = unit.customers.find(kind, key)
    assert found is not None
    return found["status"]


def test_a_blocked_card_is_unlocked_with_a_new_pin_and_refused_for_anything_else(counter: Counter) -> None:
    state(counter, "card", GU, status="blocked", tries_left=0)
    with pytest.raises(UserError, match=r"card.blocked"):
        counter.customer.arrive()
    with counter.database.read() as unit:
        visit = unit.cases.at_kiosk("K-02")
    assert visit is not None
    counter.services.closing.leave(new_key(), counter.kiosk, visit.id)
    carried_out(counter, opened(counter, "password_reset"))
    with counter.database.read() as unit:
        card = unit.customers.card(GU)
    assert card is not None
    assert (card.status, card.tries_left, card.pin_hash) == ("active", 3, f"{GU}:270415")


def test_a_dormant_account_is_activated_and_going_back_makes_it_dormant_again(counter: Counter) -> None:
    state(counter, "account", GU, status="dormant")
    case_id = opened(counter, "dormant_activation")
    carried_out(counter, case_id)
    assert status(counter, "account", GU) == "active"
    counter.review.reverse(case_id)
    assert status(counter, "account", GU) == "dormant"
    state(counter, "account", GU, status="active")
    with pytest.raises(UserError, match=r"account.other_state"):
        counter.desk.submit(opened(counter, "dormant_activation"))


def test_a_mobile_limit_is_changed_and_going_back_restores_the_one_before(counter: Counter) -> None:
    carried_out(counter, opened(counter, "channels", mb_day="20000.00"))
    case_id = opened(counter, "channels", mb_day="8000.00", phone="13900001234")
    carried_out(counter, case_id)
    key = f"{GU}:mobile_banking"
    assert (record(counter, "signup", key)["mb_day"], record(counter, "signup", key)["phone"]) == (
        800_000,
        "13900001234",
    )
    counter.review.reverse(case_id)
    assert record(counter, "signup", key)["mb_day"] == 2_000_000


def test_a_certificate_of_balance_says_the_balance_in_capitals_and_is_numbered(counter: Counter) -> None:
    case_id = opened(counter, "papers")
    choose(counter, case_id, "balance_certificate")
    counter.desk.fill(case_id, wire.FieldSource.TYPED, cert_to="使馆签证处", cert_use="签证")
    carried_out(counter, case_id)
    [block] = counter.press.issued[-1].blocks
    said = {line.label_zh: line.value for line in block.lines}
    assert said["时点余额"] == "¥68,312.55"
    assert said["大写"] == "陆万捌仟叁佰壹拾贰元伍角伍分"
    kept = record(counter, "certificate", said["证明编号"])
    assert (kept["minor"], kept["addressed_to"]) == (6_831_255, "使馆签证处")
    assert counter.press.seals[-1].ring, "sealed as a certificate"


def test_a_key_goes_into_custody_once_and_back_to_its_owner_only(counter: Counter) -> None:
    carried_out(counter, opened(counter, "key_handover", key_number="10086"))
    again = opened(counter, "key_handover", key_number="10086")
    with pytest.raises(UserError, match=r"key.same_holder"):
        counter.desk.submit(again)
    ended(counter, again)
    back = opened(counter, "key_handover", key_number="10086", key_way="客户领回")
    carried_out(counter, back)
    assert record(counter, "key", "10086")["holder"] == "customer"
    with counter.database.read() as unit:
        kinds = [line.kind for line in unit.registers.about("10086", ("item.received", "item.returned"))]
    assert sorted(kinds) == ["item.received", "item.returned"]


def test_real_time_is_said_in_chinese_in_every_language(counter: Counter) -> None:
    case_id = opened(counter, "transfer", **SEND)
    summary = counter.desk.submit(case_id).summary
    assert summary is not None
    line = next(one for one in summary.lines if one.code == "summary.transfer_out")
    assert "实时到账" in line.value
    assert line.value_en is not None
    assert "实时到账" in line.value_en
    assert "何*" not in line.value_en or "¥5,000.00" in line.value_en


@pytest.mark.parametrize(
    ("kind", "status_now", "code"), [("account", "lost", "account.not_active"), ("card", "replaced", "card.blocked")]
)
@pytest.mark.parametrize("scenario", ["cash_withdrawal", "transfer"])
def test_what_was_stopped_elsewhere_while_the_visit_went_on_pays_nothing(
    counter: Counter, scenario: str, kind: str, status_now: str, code: str
) -> None:
    before = counter.books.balance(f"2011:{GU}")
    typed = SEND if scenario == "transfer" else {"amount": "500.00"}
    case_id = opened(counter, scenario, **typed)
    counter.machine.report()
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    state(counter, kind, GU, status=status_now)
    with pytest.raises(UserError) as refused:
        counter.desk.execute(case_id)
    assert refused.value.code == code
    assert counter.books.balance(f"2011:{GU}") == before
    counter.books.are_right()
