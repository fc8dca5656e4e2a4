"""Companies through the services: the appointment, the representative's wish, opening, licence reuse, review."""

from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, FieldSource
from server.companies import CompanyDuties
from teller.forms.credit_code import check_character
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import PERSON, choose, gathered
from tests.server.services.test_more_scenarios import record

BODY = "91999999MA00GT001"
CODE = BODY + check_character(BODY)
LICENCE = {
    "co_code": CODE, "co_name": "云溪市梧桐贸易有限公司", "co_type": "有限责任公司", "co_rep": PERSON["name"],
    "co_since": "2019-03-12", "co_until": "2039-03-11", "co_address": "云溪市东湖区文昌街道9号",
    "co_capital": "壹佰万元整",
}  # fmt: skip
ACCOUNT = {
    "co_role": "法定代表人", "co_phone": "19900001234", "co_kind": "基本存款账户", "co_use": "货款结算",
    "co_maker": "900100200301", "co_checker": "900100200302", "co_st_mail": "cw@wutong.example",
}  # fmt: skip
ANSWERS = {
    "will_own": "是", "will_use": "货款结算", "will_trade": "批发日用品", "will_place": "是", "will_duty": "是",
    "will_outcome": "通过",
}  # fmt: skip
BOOKING = {
    "co_code": CODE, "co_name": LICENCE["co_name"], "co_rep": PERSON["name"], "appt_rep_id": PERSON["id_number"],
    "co_phone": "19900001234", "appt_day": "2026-11-23", "appt_time": "10:30",
}  # fmt: skip
ENDS_IN_X = "99999919880512003X"


def begun(counter: Counter, scenario: str, *, video: bool = False) -> str:
    """The representative stands beside staff, or sits at a machine by video; papers and face are there."""
    counter.machine.report()
    if video:
        body = wire.OpenCase(scenario="company_opening")
        case_id = counter.services.opening.open(new_key(), counter.kiosk, body)
        counter.desk.answer(case_id)
        if scenario != "company_opening":
            turn = wire.ChangeScenario(scenario=scenario)
            counter.services.scenarios.change(new_key(), counter.teller, case_id, turn)
    else:
        start = wire.StartCase(scenario=scenario)
        case_id = counter.services.scenarios.start(new_key(), counter.teller, start)
    gathered(counter, case_id)
    return case_id


def licence_shown(counter: Counter, case_id: str) -> None:
    counter.desk.prompt(case_id, CustomerStep.LAY_LICENCE)
    body = b"\xff\xd8\xff licence"
    counter.services.forms.evidence(new_key(), counter.kiosk, case_id, EvidenceKind.LICENCE, body)


def done(counter: Counter, case_id: str) -> CaseView:
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    seen = counter.desk.execute(case_id)
    assert seen.voucher is not None
    counter.visits.end(case_id)
    counter.books.are_right()
    return seen


def ended(counter: Counter, case_id: str) -> None:
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))


def opened(counter: Counter) -> CaseView:
    """On site, the wish asked in the same case."""
    case_id = begun(counter, "company_opening")
    licence_shown(counter, case_id)
    codes = ["company_willingness", "company_online", "company_statement"]
    choose(counter, case_id, *codes)
    counter.desk.fill(case_id, FieldSource.OCR, **LICENCE)
    counter.desk.fill(case_id, FieldSource.TYPED, **ACCOUNT, **ANSWERS)
    return done(counter, case_id)


def lines(counter: Counter, kind: str) -> list[str]:
    with counter.database.read() as unit:
        return [line.subject for line in unit.registers.about(CODE, (kind,))]


def test_an_account_with_channels_and_statements_is_opened_in_one_go(counter: Counter) -> None:
    opened(counter)
    blocks = [block.title.zh[:4] for block in counter.press.issued[-1].blocks]
    assert blocks == ["0801", "0804", "0805", "0806", "0807"]
    company = record(counter, "company", CODE)
    account = str(company["account"])
    assert (company["review_on"], company["basic"]) == ("2027-11-22", account)
    with counter.database.read() as unit:
        kept = unit.customers.account(account)
        owner = unit.customers.customer(kept.customer_id)
        keys = unit.products.of_customer("ukey", kept.customer_id)
    assert (owner.kind, owner.name, owner.id_number) == ("company", LICENCE["co_name"], CODE)
    assert kept.ledger_code == f"2001:{account}"
    assert {one["role"] for one in keys.values()} == {"co_maker", "co_checker"}
    assert lines(counter, "company.opened") == [CODE]


def test_by_video_the_wish_is_asked_at_the_appointed_time_and_opens_the_account(counter: Counter) -> None:
    booking = begun(counter, "company_appointment")
    counter.desk.fill(booking, FieldSource.TYPED, **BOOKING)
    done(counter, booking)
    number = counter.press.issued[-1].blocks[0].lines[0].value
    early = begun(counter, "company_willingness", video=True)
    assert counter.seen(early).form.values["appt_number"].value == number
    counter.desk.fill(early, FieldSource.TYPED, **ANSWERS)
    with pytest.raises(UserError, match=r"appointment.not_now"):
        counter.desk.submit(early)
    ended(counter, early)
    counter.clock.pass_(timedelta(days=1, minutes=20).total_seconds())
    call = begun(counter, "company_willingness", video=True)
    counter.desk.fill(call, FieldSource.TYPED, **ANSWERS)
    done(counter, call)
    assert record(counter, "appointment", number)["status"] == "kept"
    wish = record(counter, "willingness", CODE)
    assert (wish["status"], wish["presence"], wish["will_use"]) == ("passed", "remote", "货款结算")
    opening = begun(counter, "company_opening", video=True)
    licence_shown(counter, opening)
    counter.desk.fill(opening, FieldSource.OCR, **LICENCE)
    counter.desk.fill(opening, FieldSource.TYPED, **ACCOUNT)
    done(counter, opening)


def test_without_a_wish_or_after_a_refused_one_nothing_is_opened_and_the_register_says_so(counter: Counter) -> None:
    opening = begun(counter, "company_opening")
    licence_shown(counter, opening)
    counter.desk.fill(opening, FieldSource.OCR, **LICENCE)
    counter.desk.fill(opening, FieldSource.TYPED, **ACCOUNT)
    with pytest.raises(UserError, match=r"willingness.missing"):
        counter.desk.submit(opening)
    ended(counter, opening)
    asked = begun(counter, "company_willingness")
    filled = {**{k: LICENCE[k] for k in ("co_code", "co_name", "co_rep")}, **ANSWERS, "will_own": "否"}
    counter.desk.fill(asked, FieldSource.TYPED, **filled)
    assert {p.code for p in counter.seen(asked).form.problems} >= {"willingness.contradicted"}
    counter.desk.fill(asked, FieldSource.TYPED, will_outcome="不通过", will_note="称受他人指使")
    done(counter, asked)
    again = begun(counter, "company_opening")
    licence_shown(counter, again)
    counter.desk.fill(again, FieldSource.OCR, **LICENCE)
    counter.desk.fill(again, FieldSource.TYPED, **ACCOUNT)
    with pytest.raises(UserError, match=r"willingness.failed"):
        counter.desk.submit(again)
    assert lines(counter, "company.refused") == [CODE]


def test_the_licence_on_record_does_for_the_next_business_while_it_is_young_and_valid(counter: Counter) -> None:
    opened(counter)
    case_id = begun(counter, "company_service")
    counter.desk.fill(case_id, FieldSource.TYPED, co_code=CODE)
    seen = counter.seen(case_id)
    assert seen.form.values["co_licence"].value == "使用存档执照"
    assert EvidenceKind.LICENCE not in seen.papers
    counter.desk.fill(
        case_id, FieldSource.TYPED, co_maker="900100200303", co_checker="900100200304", co_day="200000.00"
    )
    done(counter, case_id)
    counter.clock.pass_(timedelta(days=366).total_seconds())
    old = begun(counter, "company_service")
    counter.desk.fill(old, FieldSource.TYPED, co_code=CODE)
    assert counter.seen(old).form.values["co_licence"].value == "出示执照"
    assert EvidenceKind.LICENCE in counter.seen(old).papers
    counter.desk.fill(
        old, FieldSource.TYPED, co_licence="使用存档执照", co_maker="900100200305", co_checker="900100200306"
    )
    with pytest.raises(UserError, match=r"licence.too_old"):
        counter.desk.submit(old)


def test_a_review_is_listed_suspends_when_overdue_and_a_passed_one_brings_business_back(counter: Counter) -> None:
    opened(counter)
    duties = CompanyDuties(counter.parts)
    assert duties.do_due() == 0
    counter.clock.pass_(timedelta(days=340).total_seconds())
    assert (duties.do_due(), duties.do_due()) == (1, 0)
    assert lines(counter, "company.review_due") == [CODE]
    counter.clock.pass_(timedelta(days=120).total_seconds())
    assert duties.do_due() == 1
    assert record(counter, "company", CODE)["status"] == "suspended"
    refused = begun(counter, "company_service")
    licence_shown(counter, refused)
    counter.desk.fill(refused, FieldSource.TYPED, co_code=CODE, co_licence="出示执照", co_maker="900100200307",
                 co_checker="900100200308")  # fmt: skip
    with pytest.raises(UserError, match=r"company.suspended"):
        counter.desk.submit(refused)
    ended(counter, refused)
    review = begun(counter, "company_review")
    licence_shown(counter, review)
    counter.desk.fill(review, FieldSource.TYPED, co_code=CODE, co_licence="出示执照", review_result="通过")
    done(counter, review)
    company = record(counter, "company", CODE)
    assert (company["status"], company["review_on"]) == ("active", "2029-02-25")
    assert lines(counter, "company.reviewed") == [CODE]


def test_the_last_character_of_an_id_number_is_the_same_in_either_case(counter: Counter) -> None:
    booking = begun(counter, "company_appointment")
    counter.desk.fill(booking, FieldSource.TYPED, **{**BOOKING, "appt_rep_id": ENDS_IN_X.lower()})
    done(counter, booking)
    counter.clock.pass_(timedelta(days=1, minutes=20).total_seconds())
    call = begun(counter, "company_willingness", video=True)
    counter.desk.fill(call, FieldSource.OCR, id_number=ENDS_IN_X)
    number = counter.seen(call).form.values["appt_number"].value
    counter.desk.fill(call, FieldSource.TYPED, **ANSWERS)
    done(counter, call)
    assert record(counter, "appointment", number)["status"] == "kept"
    assert record(counter, "appointment", number)["rep_id"] == ENDS_IN_X


def test_an_appointment_that_nobody_kept_is_missed(counter: Counter) -> None:
    booking = begun(counter, "company_appointment")
    counter.desk.fill(booking, FieldSource.TYPED, **BOOKING)
    done(counter, booking)
    number = counter.press.issued[-1].blocks[0].lines[0].value
    counter.clock.pass_(timedelta(days=2).total_seconds())
    assert CompanyDuties(counter.parts).do_due() == 1
    assert record(counter, "appointment", number)["status"] == "missed"
    late = begun(counter, "company_willingness", video=True)
    counter.desk.fill(late, FieldSource.TYPED, **{k: LICENCE[k] for k in ("co_code", "co_name", "co_rep")}, **ANSWERS)
    with pytest.raises(UserError, match=r"appointment.none"):
        counter.desk.submit(late)
