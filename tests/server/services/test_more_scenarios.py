"""The further scenarios through the services: money out with screening, deposits, papers, loss, cards, keys."""

from datetime import timedelta
from pathlib import Path

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseView, CustomerStep, FieldSource
from server.screening import Rules
from server.sending import Sending
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import set_pin

GU = "9999004182394821"
SEND = {
    "payee_name": "何以安", "payee_account": "6222000000001", "payee_bank": "示范银行", "tr_amount": "5000.00",
    "tr_timing": "实时到账", "tr_purpose": "房租",
}  # fmt: skip


def opened(counter: Counter, scenario: str, **typed: str) -> str:
    """With the card where it is needed; identified; what the teller types."""
    definition = counter.parts.shelf.get(scenario)
    if definition.kiosk and definition.card == "required":
        body = wire.OpenCase(scenario=scenario)
        case_id = counter.services.opening.open(new_key(), counter.kiosk, body)
        counter.customer.insert_card(case_id)
        counter.desk.answer(case_id)
    else:
        counter.machine.report()
        start = wire.StartCase(scenario=scenario)
        case_id = counter.services.scenarios.start(new_key(), counter.teller, start)
        if definition.card == "required":
            counter.customer.insert_card(case_id)
    counter.desk.identify(case_id)
    if typed:
        counter.desk.fill(case_id, FieldSource.TYPED, **typed)
    return case_id


def carried_out(counter: Counter, case_id: str, note: str = "") -> CaseView:
    """Submitted, confirmed, PIN, signed, executed, card and receipt taken."""
    counter.desk.submit(case_id, note)
    counter.customer.confirm(case_id)
    seen = counter.seen(case_id)
    if seen.pin_mode == "set":
        set_pin(counter, case_id, "270415", "270415")
    elif seen.customer_step is CustomerStep.PIN:
        counter.customer.enter_pin(case_id)
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)
    done = counter.desk.execute(case_id)
    assert done.voucher is not None
    if done.customer_step is CustomerStep.TAKE_CARD:
        counter.customer.card(case_id, wire.CardState.TAKEN)
    counter.visits.end(case_id)
    counter.books.are_right()
    return done


def ended(counter: Counter, case_id: str) -> None:
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    if counter.seen(case_id).customer_step is CustomerStep.TAKE_CARD:
        counter.customer.card(case_id, wire.CardState.TAKEN)


def record(counter: Counter, kind: str, key: str) -> dict[str, object]:
    with counter.database.read() as unit:
        found = unit.products.get(kind, key)
    assert found is not None
    return found


def test_a_transfer_goes_at_once_or_waits_and_can_be_taken_back(counter: Counter) -> None:
    before = counter.books.balance(f"2011:{GU}")
    carried_out(counter, opened(counter, "transfer", **SEND))
    assert counter.books.balance(f"2011:{GU}") == before - 5_000_00
    waits = carried_out(counter, opened(counter, "transfer", **{**SEND, "tr_timing": "次日到账"}))
    assert waits.summary is not None
    order = counter.press.issued[-1].blocks[0].lines[0].value
    assert counter.books.balance("2243") == 5_000_00
    carried_out(counter, opened(counter, "transfer_revoke", tr_order=order))
    assert (counter.books.balance("2243"), counter.books.balance(f"2011:{GU}")) == (0, before - 5_000_00)


def test_a_waiting_transfer_is_sent_when_its_time_has_come_and_then_no_longer_taken_back(counter: Counter) -> None:
    carried_out(counter, opened(counter, "transfer", **SEND | {"tr_timing": "普通到账"}))
    order = counter.press.issued[-1].blocks[0].lines[0].value
    sending = Sending(counter.parts)
    assert sending.send_due() == 0
    counter.clock.pass_(7_200)
    assert (sending.send_due(), sending.send_due()) == (1, 0)
    assert counter.books.balance("2243") == 0
    counter.books.are_right()
    with pytest.raises(UserError, match=r"transfer.sent"):
        counter.desk.submit(opened(counter, "transfer_revoke", tr_order=order))


@pytest.mark.expects_log("screening rules refused")
def test_screening_stops_warns_and_steps_up_and_a_changed_rule_counts_at_once(counter: Counter, tmp_path: Path) -> None:
    case_id = opened(counter, "transfer", **{**SEND, "payee_account": "6299990000000017"})
    with pytest.raises(UserError, match=r"screening.stopped"):
        counter.desk.submit(case_id)
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(case_id) if line.kind == "transfer.screened"]
    assert [line.data["outcome"] for line in lines] == ["stop"]
    counter.desk.fill(case_id, FieldSource.TYPED, payee_account="6222000000001", tr_purpose="缴保证金")
    with pytest.raises(UserError, match=r"note.missing"):
        counter.desk.submit(case_id)
    file = tmp_path / "screening.toml"
    rule = '[[rule]]\ncode = "S-901"\ntitle = { zh = "都要授权", en = "All" }\nbasis = "试"\naction = "step_up"\n'
    file.write_text(rule, encoding="utf-8")
    object.__setattr__(counter.parts, "screening", Rules(file))
    up = counter.desk.submit(case_id, note="客户说明了用途")
    assert up.authorisation is not None
    assert [reason.params["rule"] for reason in up.authorisation.reasons] == ["S-901"]
    file.write_text("[[rule]]\ncode = 1\n", encoding="utf-8")
    assert counter.parts.screening.current().rules[0].code == "S-901", "a broken file changes nothing"


def test_a_time_deposit_is_opened_and_drawn_early_at_the_demand_rate_or_due_at_its_own(counter: Counter) -> None:
    carried_out(counter, opened(counter, "time_deposit", td_amount="10000.00", td_term="3个月"))
    number = counter.press.issued[-1].blocks[0].lines[0].value
    counter.clock.pass_(timedelta(days=36).total_seconds())
    early = opened(counter, "time_draw", td_number=number, td_part="4000.00")
    counter.desk.submit(early)
    summary = counter.seen(early).summary
    assert summary is not None
    assert any("活期 0.05%（原 0.65%）" in line.value for line in summary.lines)
    ended(counter, early)
    before = counter.books.balance(f"2011:{GU}")
    carried_out(counter, opened(counter, "time_draw", td_number=number, td_part="4000.00"))
    assert counter.books.balance(f"2011:{GU}") == before + 4_000_00 + 20
    counter.clock.pass_(timedelta(days=60).total_seconds())
    carried_out(counter, opened(counter, "time_draw", td_number=number))
    assert counter.books.balance(f"2011:{GU}") == before + 10_000_00 + 20 + 975 + 3
    assert record(counter, "time_deposit", number)["status"] == "paid"


def test_an_account_is_closed_with_the_interest_of_each_day_since_the_last_settlement(counter: Counter) -> None:
    case_id = opened(
        counter, "account_closing", close_account="6222000000001", close_bank="示范银行", close_reason="不再使用"
    )
    done = carried_out(counter, case_id)
    assert done.summary is not None
    assert counter.books.balance(f"2011:{GU}") == 0
    assert 0 < -counter.books.balance("6411") < 100_00
    with counter.database.read() as unit:
        assert unit.customers.account(GU).status == "closed"


def test_loss_stops_the_account_release_and_replacement_bring_it_back(counter: Counter) -> None:
    carried_out(counter, opened(counter, "loss_report"))
    with pytest.raises(UserError, match=r"account.not_active"):
        counter.customer.arrive()
    with counter.database.read() as unit:
        visit = unit.cases.at_kiosk("K-02")
    assert visit is not None
    counter.services.closing.leave(new_key(), counter.kiosk, visit.id)
    carried_out(counter, opened(counter, "loss_release"))
    with pytest.raises(UserError, match=r"account.other_state"):
        counter.desk.submit(opened(counter, "loss_release"))


def test_a_new_card_with_a_new_pin_ends_the_old_one(counter: Counter) -> None:
    carried_out(counter, opened(counter, "card_replacement", card_number="9999004182300018"))
    with counter.database.read() as unit:
        old, new = unit.customers.card(GU), unit.customers.card("9999004182300018")
    assert old is not None
    assert new is not None
    assert (old.status, new.status, new.account) == ("replaced", "active", GU)
    assert new.pin_hash == "9999004182300018:270415"


@pytest.mark.parametrize(
    ("scenario", "typed"),
    [
        ("password_reset", {}),
        ("customer_change", {"phone": "13900001234", "occupation": "退休", "region": "330106", "home": "文昌街道9号"}),
        ("limit_change", {"atm_day": "10000.00"}),
        ("channels", {"mb_day": "20000.00"}),
        ("papers", {"st_from": "2026-01-01", "st_to": "2026-11-20"}),
        ("key_handover", {"key_number": "10086"}),
    ],
)
def test_a_service_is_carried_out_and_undone(counter: Counter, scenario: str, typed: dict[str, str]) -> None:
    case_id = opened(counter, scenario, **typed)
    carried_out(counter, case_id)
    counter.review.reverse(case_id)
    counter.books.are_right()


def test_what_is_booked_is_not_cancelled_by_teller_or_customer(counter: Counter) -> None:
    before = counter.books.balance(f"2011:{GU}")
    case_id = opened(counter, "transfer", **SEND)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    counter.desk.execute(case_id)
    for end in (
        lambda: ended(counter, case_id),
        lambda: counter.services.closing.leave(new_key(), counter.kiosk, case_id),
    ):
        with pytest.raises(UserError, match=r"case\.settled"):
            end()
    assert counter.seen(case_id).state is wire.CaseState.EXECUTING
    assert counter.books.balance(f"2011:{GU}") == before - 5_000_00
    counter.review.reverse(case_id)
    assert counter.books.balance(f"2011:{GU}") == before
    counter.books.are_right()
