"""Account opening through the services: by video and on site, all sixteen at once, wrong turns, reversal."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CustomerStep, EvidenceKind, FieldSource
from tests.fakes.counter import Counter, new_key

PERSON = {
    "name": "许知远", "sex": "男", "nation": "汉", "birth": "1988-05-12", "address": "云溪市东湖区文昌街道9号",
    "id_number": "999999198805120419", "authority": "云溪市公安局", "valid_from": "2016-05-20",
    "valid_to": "2036-05-20",
}  # fmt: skip
TYPED = {
    "phone": "19900001234", "occupation": "单位职员", "income": "8,000–15,000", "region": "330106",
    "home": "云溪市东湖区文昌街道9号", "purpose": "储蓄",
}  # fmt: skip
MORE = {
    "card_number": "9999004182300018", "td_amount": "1000.00", "ti_amount": "10000.00", "ti_account": "6222000000001",
    "ti_bank": "示范银行", "ukey": "900100200300",
}  # fmt: skip


def gathered(counter: Counter, case_id: str, pictures: Mapping[EvidenceKind, bytes] = MappingProxyType({})) -> None:
    """Papers, what they say, the face; ``pictures``: real ones, for who looks at them."""
    counter.desk.show(case_id, EvidenceKind.ID_FRONT, pictures.get(EvidenceKind.ID_FRONT))
    counter.desk.show(case_id, EvidenceKind.ID_BACK, pictures.get(EvidenceKind.ID_BACK))
    counter.desk.fill(case_id, FieldSource.OCR, **PERSON)
    counter.customer.agree(case_id)
    counter.customer.nod(case_id)
    portrait, live = (
        counter.desk.show(case_id, kind, pictures.get(kind))
        for kind in (EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME)
    )
    counter.desk.match(case_id, portrait, live, 93.0)


def by_video(counter: Counter) -> str:
    """A new customer without a card, at the machine."""
    body = wire.OpenCase(scenario="personal_opening")
    case_id = counter.services.opening.open(new_key(), counter.kiosk, body)
    counter.desk.answer(case_id)
    gathered(counter, case_id)
    return case_id


def on_site(counter: Counter, scenario: str = "personal_opening") -> str:
    counter.machine.report()
    return counter.services.scenarios.start(new_key(), counter.teller, wire.StartCase(scenario=scenario))


def choose(counter: Counter, case_id: str, *codes: str) -> None:
    body = wire.ChooseTransactions(version=counter.seen(case_id).version, transactions=list(codes))
    counter.services.scenarios.choose(new_key(), counter.teller, case_id, body)


def set_pin(counter: Counter, case_id: str, *entries: str) -> None:
    for pin in entries:
        body = wire.PinEntry.model_construct(pin_block=pin.encode(), format="iso4")
        counter.services.confirmation.pin(new_key(), counter.kiosk, case_id, body)


def test_by_video_a_class_two_account_with_one_photo_one_confirmation_one_signature(counter: Counter) -> None:
    case_id = by_video(counter)
    seen = counter.seen(case_id)
    assert seen.customer_step is CustomerStep.TALK
    barred = {one.code: one.barred.code for one in seen.transactions if one.barred is not None}
    assert barred["open_class_1"] == "bar.on_site_only"
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, bound_card="9999004182394821")
    with pytest.raises(UserError, match=r"bound.not_own"):
        counter.desk.submit(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, bound_card="6222021234567894")
    submitted = counter.desk.submit(case_id)
    assert submitted.summary is not None
    assert {"summary.open_class_2", "summary.mobile_banking"} <= {line.code for line in submitted.summary.lines}
    counter.customer.confirm(case_id)
    set_pin(counter, case_id, "270415", "111222")
    assert counter.seen(case_id).pin_state == "differs"
    set_pin(counter, case_id, "270415", "270415")
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)
    done = counter.desk.execute(case_id)
    assert done.voucher is not None
    assert [item.state for item in done.plan if item.code == "plan.transaction"] == ["done"] * 6
    assert counter.press.issued[-1].blocks[0].title.zh.startswith("0102")
    assert counter.visits.end(case_id).state is CaseState.COMPLETED
    counter.books.are_right()


def all_sixteen(counter: Counter) -> str:
    case_id = on_site(counter)
    gathered(counter, case_id)
    choose(counter, case_id, *(one.code for one in counter.seen(case_id).transactions))
    counter.customer.put_in(case_id, {"100": 30})
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, **MORE)
    return case_id


def agreed(counter: Counter, case_id: str) -> None:
    """Submitted, confirmed, with a PIN, signed: the teller can execute it."""
    counter.desk.submit(case_id)
    counter.customer.confirm(case_id)
    set_pin(counter, case_id, "270415", "270415")
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)


def test_all_sixteen_on_site_take_effect_together_once_the_notes_are_stored(counter: Counter) -> None:
    case_id = all_sixteen(counter)
    agreed(counter, case_id)
    begun = counter.desk.execute(case_id)
    assert begun.customer_step is CustomerStep.STORE_CASH
    counter.machine.moving(case_id)
    done = counter.machine.outcome(case_id, stored={"100": 30})
    assert done.voucher is not None
    assert len(counter.press.issued[-1].blocks) == 16
    assert counter.books.balance("2011:9999004182300018") == 3_000_00 + 10_000_00 - 1_000_00
    counter.books.are_right()


def test_notes_that_come_back_leave_nothing_behind(counter: Counter) -> None:
    case_id = all_sixteen(counter)
    counter.desk.submit(case_id)
    counter.customer.confirm(case_id)
    set_pin(counter, case_id, "270415", "270415")
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    back = counter.machine.outcome(case_id, returned={"100": 30}, error="device.jam")
    assert back.trouble is not None
    with counter.database.read() as unit:
        assert unit.customers.by_id_number(PERSON["id_number"]) is None
        assert unit.products.get("ukey", MORE["ukey"]) is None
    counter.books.are_right()


def test_a_case_without_cash_is_reversed_whole(counter: Counter) -> None:
    case_id = on_site(counter)
    gathered(counter, case_id)
    choose(counter, case_id, "open_class_1", "transfer_in", "time_certificate", "sms_notice")
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, **{k: v for k, v in MORE.items() if k != "ukey"})
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    counter.desk.execute(case_id)
    counter.review.reverse(case_id)
    assert counter.books.balance("2011:9999004182300018") == 0
    seen = counter.seen(case_id)
    assert (seen.reversed_at is not None, seen.voucher is not None and seen.voucher.void) == (True, True)
    with counter.database.read() as unit:
        said = [(line.kind, line.data.get("item")) for line in unit.registers.of_case(case_id)]
    things = [("item.issued", "card"), ("item.issued", "certificate")]
    undone = [("item.voided", "certificate"), ("item.voided", "card")]
    assert [line for line in said if line[0].startswith("item.")] == things + undone
    assert ("voucher.voided", None) in said
    counter.books.are_right()
    with pytest.raises(UserError, match=r"reversal.nothing"):
        counter.review.reverse(case_id)


def test_the_same_submission_twice_books_once(counter: Counter) -> None:
    case_id = on_site(counter)
    gathered(counter, case_id)
    choose(counter, case_id, "open_class_1", "transfer_in")
    typed = {k: v for k, v in MORE.items() if k.startswith(("ti_", "card"))}
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, **typed)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    key = new_key()
    counter.desk.execute(case_id, key)
    counter.desk.execute(case_id, key)
    with pytest.raises(UserError, match=r"case.wrong_state"):
        counter.desk.execute(case_id)
    assert counter.books.balance("2011:9999004182300018") == 10_000_00


def test_two_tellers_cannot_work_on_the_same_case(counter: Counter) -> None:
    case_id = on_site(counter)
    body = wire.ChooseTransactions(version=1, transactions=["open_class_1"])
    with pytest.raises(UserError, match=r"case.not_yours"):
        counter.services.scenarios.choose(new_key(), counter.other, case_id, body)
    with pytest.raises(UserError, match=r"kiosk.none_free"):
        counter.services.scenarios.start(new_key(), counter.other, wire.StartCase(scenario="personal_opening"))


def test_what_the_scenario_does_not_offer_is_refused(counter: Counter) -> None:
    case_id = on_site(counter)
    with pytest.raises(UserError, match=r"transaction.unknown"):
        choose(counter, case_id, "cash_withdrawal")
    with pytest.raises(UserError, match=r"form.unknown_field"):
        counter.desk.fill(case_id, FieldSource.TYPED, ukey="900100200300")


def test_conditions_ask_more_and_no_more_than_needed(counter: Counter) -> None:
    case_id = on_site(counter)
    child = {**PERSON, "birth": "2014-05-12", "id_number": "999999201405120414"}
    counter.desk.fill(case_id, FieldSource.OCR, **{name: child[name] for name in ("birth", "id_number")})
    asked = {spec.name for spec in counter.seen(case_id).form.specs}
    assert {"guardian_name", "guardian_id"} <= asked
    assert "agent_name" not in asked
    counter.desk.fill(case_id, FieldSource.TYPED, us_person="是", acting="代办")
    asked = {spec.name for spec in counter.seen(case_id).form.specs}
    assert {"w9_tin", "agent_name"} <= asked


def test_a_foreigner_opens_with_the_passport_alone(counter: Counter) -> None:
    case_id = on_site(counter)
    counter.desk.fill(case_id, FieldSource.TYPED, nationality="其他")
    problems = [(one.field, one.code) for one in counter.seen(case_id).form.problems if one.field == "id_kind"]
    assert problems == [("id_kind", "foreigner.passport")]
    counter.desk.fill(case_id, FieldSource.TYPED, id_kind="护照")
    seen = counter.seen(case_id)
    assert (EvidenceKind.ID_FRONT in seen.papers, EvidenceKind.ID_BACK in seen.papers) == (True, False)
    assert {"nation", "authority", "valid_from"}.isdisjoint(spec.name for spec in seen.form.specs)
    counter.desk.show(case_id, EvidenceKind.ID_FRONT)
    page = {"name": "LI, ANNA", "sex": "女", "birth": "1988-05-12", "valid_to": "2031-05-12", "id_number": "L8988901C"}
    counter.desk.fill(case_id, FieldSource.OCR, **page)
    counter.customer.agree(case_id)
    counter.customer.nod(case_id)
    portrait, live = (counter.desk.show(case_id, kind) for kind in (EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME))
    counter.desk.match(case_id, portrait, live, 93.0)
    choose(counter, case_id)
    asked = {spec.name for spec in counter.seen(case_id).form.specs}
    typed = {name: value for name, value in TYPED.items() if name in asked}
    counter.desk.fill(case_id, FieldSource.TYPED, **typed, address=PERSON["address"])
    assert counter.seen(case_id).form.problems == []
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    counter.desk.execute(case_id)
    assert counter.visits.end(case_id).state is CaseState.COMPLETED
    with counter.database.read() as unit:
        kept = unit.customers.by_id_number("L8988901C")
    assert kept is not None
    assert (kept.name, kept.nation) == ("LI, ANNA", "其他")


def test_a_card_or_u_key_that_is_somebodys_already_is_not_given_to_another(counter: Counter) -> None:
    theirs, before = "9999004182394821", counter.books.balance("2011:9999004182394821")
    with counter.database.write() as unit:
        holder = {"customer_id": "C-1", "account": theirs, "status": "retained"}
        unit.products.put("ukey", MORE["ukey"], holder, "case", counter.clock.now())
        owner = unit.customers.account(theirs).customer_id
    case_id = on_site(counter)
    gathered(counter, case_id)
    choose(counter, case_id, "open_class_1", "ukey")
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, card_number=theirs, ukey=MORE["ukey"])
    with pytest.raises(UserError, match=r"card\.number_used"):
        counter.desk.submit(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, card_number=MORE["card_number"])
    with pytest.raises(UserError, match=r"ukey\.number_used"):
        counter.desk.submit(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, ukey="900100200309")
    counter.desk.submit(case_id)
    with counter.database.read() as unit:
        assert unit.customers.account(theirs).customer_id == owner
    assert counter.books.balance(f"2011:{theirs}") == before
