"""Every scenario of the house, played through the teller's and the customer's real windows, from form to voucher."""

from pathlib import Path

import pytest

from common.demo_people import CUSTOMER, NEWCOMER, OLDER_CUSTOMER, Person
from common.wire.cases import CaseState, CaseView, EvidenceKind
from common.wire.cases import CustomerStep as S
from ocr.id_number import check_character as last_character
from server.store.database import Database, sqlite_url
from teller.forms.credit_code import check_character
from teller.scenarios.builtin import builtin
from tests.windows.conftest import Counter, Visit
from tests.windows.eyes import reading_of
from tests.windows.house import until
from tests.windows.people import Papers

pytestmark = pytest.mark.timeout(900)

GU = "9999004182394821"
FANG = "9999004182343307"
NEW_CARD = {"pan": "9999004182300018", "track2": "9999004182300018=36112010000000000"}
PROFILE = {
    "phone": "19900001234", "occupation": "单位职员", "income": "8,000–15,000", "region": "330106", "purpose": "储蓄",
}  # fmt: skip
_BODY = "91999999MA00GT001"
CODE = _BODY + check_character(_BODY)
LICENCE = {
    "credit_code": CODE, "name": "云溪市梧桐贸易有限公司", "type": "有限责任公司", "representative": NEWCOMER.name,
    "established": "2019-03-12", "valid_to": "2039-03-11", "address": NEWCOMER.address, "capital": "壹佰万元整",
}  # fmt: skip
ANSWERS = {
    "will_own": "是", "will_use": "货款结算", "will_trade": "批发日用品", "will_place": "是", "will_duty": "是",
    "will_outcome": "通过",
}  # fmt: skip
COMPANY = {
    "co_code": CODE, "co_role": "法定代表人", "co_phone": "19900001234", "co_use": "货款结算",
    "co_st_mail": "cw@wutong.example",
}  # fmt: skip
SEND = {"payee_name": "何以安", "payee_account": "6222000000001", "payee_bank": "示范银行", "tr_amount": "50",
        "tr_purpose": "房租"}  # fmt: skip


PRODUCTS = {"transfer", "time_deposit"}
CHOSEN = {"passbook_reason"}
"""Fields that have a value from the start, so that nobody is asked for them."""


def carried_out(visit: Visit, case: CaseView) -> CaseView:
    """The case came to its end by itself: everything on its plan was done, and it has a voucher."""
    assert case.state is CaseState.COMPLETED
    assert case.voucher is not None
    assert {item.state for item in case.plan} <= {"done"}, [(one.code, one.state) for one in case.plan]
    assert case.signed_at is not None
    return case


def one_after_the_other(
    counter: Counter, papers: Papers, business: list[tuple[str, dict[str, str]]], *, card: dict[str, str] | None = None
) -> Visit:
    """One visit, one capture; each business begins from the palette while the customer is still there."""
    visit = counter.visit(papers)
    visit.customer.card = card or visit.customer.card
    for place, (code, typed) in enumerate(business):
        before = visit.teller.case
        visit.teller.begin(code)
        if place:
            assert before is not None
            carried_out(visit, visit.seen(before.id))
        played(visit, typed)
    carried_out(visit, visit.play())
    return visit


def played(visit: Visit, typed: dict[str, str]) -> None:
    """Until the customer is asked for stars; a product's number is found in the books."""
    counter = visit.counter
    visit.teller.typed = {
        name: product(counter, said, GU) if said in PRODUCTS else said for name, said in typed.items()
    }
    visit.customer.stripe = typed.get("stripe", visit.customer.stripe)
    for name in CHOSEN & typed.keys():
        visit.teller.choose(name, typed[name])
    visit.play(at=S.RATE)


def product(counter: Counter, kind: str, account: str) -> str:
    """The number of the newest registration of that kind on an account."""
    bank = Database(sqlite_url(counter.house.data))
    with bank.read() as unit:
        owner = unit.customers.account(account).customer_id
        found = list(unit.products.of_customer(kind, owner))
    bank.close()
    return max(found)


def test_money_by_video_and_more_of_it_while_the_customer_is_there(counter: Counter) -> None:
    before = balance(counter, GU)
    visit = counter.visit(Papers(CUSTOMER))
    visit.met("cash_deposit")
    played(visit, {})
    assert balance(counter, GU) == before + 120_000
    visit.teller.begin("CX01")  # cash_in_out: in, then out
    played(visit, {"out_amount": "500"})
    assert balance(counter, GU) == before + 190_000
    carried_out(visit, visit.play())


def balance(counter: Counter, account: str) -> int:
    bank = Database(sqlite_url(counter.house.data))
    with bank.read() as unit:
        found = unit.ledger.balance(f"2011:{account}").minor
    bank.close()
    return found


def test_a_company_from_the_appointment_to_its_review(counter: Counter) -> None:
    booking = {
        "co_code": CODE, "co_name": LICENCE["name"], "co_rep": NEWCOMER.name, "appt_rep_id": NEWCOMER.id_number,
        "co_phone": "19900001234", "appt_day": counter.house.today().replace("-", ""), "appt_time": "10:30",
    }  # fmt: skip
    opened = {**COMPANY, "co_maker": "900100200301", "co_checker": "900100200302"}
    more = {"co_code": CODE, "co_maker": "900100200303", "co_checker": "900100200304"}
    business = [
        ("CO02", booking),
        ("CO03", ANSWERS),
        ("CO01", opened),
        ("CO04", more),
        ("CO05", {"co_code": CODE, "review_result": "通过"}),
    ]
    papers = Papers(NEWCOMER, {S.LAY_LICENCE: reading_of("business_licence", LICENCE, "front")})
    one_after_the_other(counter, papers, business)


def test_a_passbook_is_issued_brought_up_to_date_and_replaced(counter: Counter) -> None:
    one_after_the_other(
        counter,
        Papers(CUSTOMER),
        [
            ("PB01", {"passbook_number": "5100001", "stripe": "5100001"}),
            ("TR01", SEND),
            ("TR02", {"tr_order": "transfer"}),
            ("PB02", {}),
            ("PB03", {"passbook_number": "5100002", "passbook_reason": "损坏换册", "stripe": "5100002"}),
        ],
    )


def test_services_in_one_visit(counter: Counter) -> None:
    one_after_the_other(
        counter,
        Papers(CUSTOMER),
        [
            ("SV02", {"occupation": "退休", "income": "3,000–8,000", "region": "330106", "employer": ""}),
            ("SV07", {}),
            ("SV08", {}),
            ("SV09", {"st_from": "20260101", "st_to": "20261101"}),
            ("SV10", {"key_number": "10086"}),
            ("TD01", {"td_amount": "1000"}),
            ("TD02", {"td_number": "time_deposit"}),
        ],
    )


def test_a_lost_card_released_lost_again_replaced_reset_and_the_account_closed(counter: Counter) -> None:
    papers = Papers(OLDER_CUSTOMER)
    one_after_the_other(counter, papers, [("SV03", {}), ("SV04", {}), ("SV05", {"card_number": NEW_CARD["pan"]})])
    with_state(counter, FANG, "dormant")
    closed = {"close_account": "6222000000001", "close_bank": "示范银行", "close_reason": "不再使用"}
    one_after_the_other(counter, papers, [("SV06", {}), ("SV01", {}), ("AC01", closed)], card=NEW_CARD)
    assert balance(counter, FANG) == 0


def with_state(counter: Counter, account: str, status: str) -> None:
    bank = Database(sqlite_url(counter.house.data))
    with bank.write() as unit:
        unit.customers.put("account", account, {"status": status})
    bank.close()


def test_an_account_with_all_sixteen(counter: Counter) -> None:
    more = {
        "card_number": "9999004182300026", "td_amount": "1000", "ti_amount": "10000", "ti_account": "6222000000001",
        "ti_bank": "示范银行", "ukey": "900100200300",
    }  # fmt: skip
    visit = counter.visit(Papers(NEWCOMER), **PROFILE, **more)
    visit.teller.begin("PA01")
    visit.teller.palette("full")
    visit.customer.notes = {"100": 30}
    carried_out(visit, visit.play())


CHILD = Person("许小满", "女", "汉", NEWCOMER.birth.replace(year=2016), NEWCOMER.address, "", "", NEWCOMER.birth, None)


def test_a_child_is_identified_by_the_household_book_and_the_guardians_papers(counter: Counter) -> None:
    page = {"name": CHILD.name, "sex": "女", "nation": "汉", "birth": CHILD.birth.isoformat(), "id_number": child_id()}
    papers = Papers(
        CHILD,
        {
            S.LAY_HOUSEHOLD_PAGE: reading_of("household_register", page, "front"),
            S.LAY_PARTY_FRONT: reading_of("resident_id", NEWCOMER.front(), "front", portrait=True),
        },
        chip=False,
    )
    typed = {
        **PROFILE,
        "address": CHILD.address,
        "occupation": "学生",
        "bound_card": "6222021234567894",
        "guardian_tie": "父亲",
        "note": "监护人在场",
    }
    visit = counter.visit(papers, **typed)
    visit.teller.begin("PA01")
    visit.teller.choose("id_kind", "户口簿")
    until(lambda: EvidenceKind.ID_FRONT not in visit.case.papers, "no identity card is asked for")
    done = visit.play()
    carried_out(visit, done)
    assert {one.kind.value for one in done.evidence} >= {"household_page", "party_front"}
    assert not {one.kind.value for one in done.evidence} & {"id_front", "id_back", "portrait"}
    assert done.form.values["guardian_id"].value.endswith("0419"), "masked, read off the guardian's card"


def child_id() -> str:
    body = f"999999{CHILD.birth:%Y%m%d}042"
    return body + last_character(body)


def test_no_scenario_of_the_house_is_left_out() -> None:
    here = Path(__file__)
    played = "".join(one.read_text(encoding="utf-8") for one in (here, here.with_name("test_lost_windows.py")))
    left = {
        one.name for one in builtin().values() if f'"{one.code}"' not in played and f'met("{one.name}"' not in played
    }
    assert left == set()
