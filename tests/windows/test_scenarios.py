"""Scenarios of the house, played through the teller's and the customer's real windows, from form to voucher."""

import pytest

from common.demo_people import CUSTOMER, NEWCOMER, Person
from common.wire.cases import CaseState, CaseView, EvidenceKind
from common.wire.cases import CustomerStep as S
from ocr.id_number import check_character as last_character
from server.store.database import Database, sqlite_url
from tests.windows.conftest import Counter, Visit
from tests.windows.eyes import reading_of
from tests.windows.house import until
from tests.windows.people import Papers

pytestmark = pytest.mark.timeout(900)

GU = "9999004182394821"
PROFILE = {
    "phone": "19900001234", "occupation": "单位职员", "income": "8,000–15,000", "region": "330106", "purpose": "储蓄",
}  # fmt: skip
SEND = {"payee_name": "何以安", "payee_account": "6222000000001", "payee_bank": "示范银行", "tr_amount": "50",
        "tr_purpose": "房租"}  # fmt: skip


def carried_out(visit: Visit, case: CaseView) -> CaseView:
    """The case came to its end by itself: everything on its plan was done, and it has a voucher."""
    assert case.state is CaseState.COMPLETED
    assert case.voucher is not None
    assert {item.state for item in case.plan} <= {"done"}, [(one.code, one.state) for one in case.plan]
    assert case.signed_at is not None
    return case


def at_the_machine(counter: Counter, scenario: str, **typed: str) -> Visit:
    visit = counter.visit(Papers(CUSTOMER), **typed)
    visit.met(scenario)
    return visit


def on_site(counter: Counter, papers: Papers, code: str, **typed: str) -> Visit:
    visit = counter.visit(papers, **typed)
    visit.teller.begin(code)
    return visit


def product(counter: Counter, kind: str, account: str) -> str:
    """The number of the newest registration of that kind on an account."""
    bank = Database(sqlite_url(counter.house.data))
    with bank.read() as unit:
        owner = unit.customers.account(account).customer_id
        found = list(unit.products.of_customer(kind, owner))
    bank.close()
    return max(found)


# --- at the machine, by video -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "typed", "moved"),
    [
        ("cash_withdrawal", {"amount": "500"}, -50_000),
        ("cash_deposit", {}, 120_000),
        ("cash_in_out", {"out_amount": "500"}, 70_000),
        ("transfer", SEND | {"tr_timing": "实时到账"}, -5_000),
    ],
)
def test_money_by_video(counter: Counter, scenario: str, typed: dict[str, str], moved: int) -> None:
    before = balance(counter, GU)
    visit = at_the_machine(counter, scenario, **typed)
    carried_out(visit, visit.play())
    assert balance(counter, GU) == before + moved


def balance(counter: Counter, account: str) -> int:
    bank = Database(sqlite_url(counter.house.data))
    with bank.read() as unit:
        found = unit.ledger.balance(f"2011:{account}").minor
    bank.close()
    return found


# --- on site --------------------------------------------------------------------------------------------------------


def one_after_the_other(counter: Counter, person: Person, business: list[tuple[str, dict[str, str]]]) -> Visit:
    """One visit, one capture; each business begins from the palette while the customer is still there."""
    visit = counter.visit(Papers(person))
    for place, (code, typed) in enumerate(business):
        visit.teller.typed = {k: product(counter, v, GU) if v == "transfer" else v for k, v in typed.items()}
        visit.customer.stripe = typed.get("stripe", visit.customer.stripe)
        if place:
            before = visit.case.id
            visit.teller.begin(code)
            carried_out(visit, visit.seen(before))
        else:
            visit.teller.begin(code)
        visit.play(at=S.RATE)
    carried_out(visit, visit.play())
    return visit


def test_a_passbook_is_issued_and_brought_up_to_date_after_a_transfer_that_was_taken_back(counter: Counter) -> None:
    one_after_the_other(
        counter,
        CUSTOMER,
        [
            ("PB01", {"passbook_number": "5100001", "stripe": "5100001"}),
            ("TR01", SEND),
            ("TR02", {"tr_order": "transfer"}),
            ("PB02", {}),
        ],
    )


def test_an_account_with_all_sixteen(counter: Counter) -> None:
    more = {
        "card_number": "9999004182300026", "td_amount": "1000", "ti_amount": "10000", "ti_account": "6222000000001",
        "ti_bank": "示范银行", "ukey": "900100200300",
    }  # fmt: skip
    visit = on_site(counter, Papers(NEWCOMER), "PA01", **PROFILE, **more)
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
    visit = on_site(counter, papers, "PA01", **typed)
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
