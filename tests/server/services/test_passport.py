"""Later business of a customer who opened his account by passport, to its end."""

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CustomerStep, EvidenceKind, FieldSource
from common.wire.identity import Elements
from server.services.books import UnitBooks
from server.services.verification import question
from teller.cases import identity
from teller.cases.model import EvidenceRef
from teller.identity.records import Chip
from tests.fakes.counter import Counter

NUMBER = "L8988901C"
PAGE = {"name": "LI, ANNA", "sex": "女", "birth": "1990-03-07", "valid_to": "2031-05-12", "id_number": NUMBER}


def make_foreign(counter: Counter) -> None:
    """顾南枝's record as an opening by passport leaves it."""
    with counter.database.write() as unit:
        person = unit.customers.by_id_number("999999199003070426")
        assert person is not None
        books = UnitBooks(unit, counter.parts, "c-0")
        record = books.record("customer", person.id)
        assert record is not None
        books.put("customer", person.id, {**record, "id_number": NUMBER, "name": PAGE["name"], "nation": "其他"})
        books.put("profile", person.id, {"customer_id": person.id, "id_kind": "护照", "nationality": "其他"})


@pytest.fixture
def foreigner(counter: Counter) -> str:
    """A withdrawal, answered."""
    make_foreign(counter)
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    return case_id


def test_a_withdrawal_by_passport_goes_to_its_end(counter: Counter, foreigner: str) -> None:
    seen = counter.seen(foreigner)
    assert seen.papers == [EvidenceKind.ID_FRONT]
    assert counter.seen(foreigner, counter.kiosk).papers == [EvidenceKind.ID_FRONT], "the machine's words go by it"
    specs = {spec.name for spec in seen.form.specs}
    assert {"nation", "authority", "valid_from", "address"}.isdisjoint(specs)
    assert seen.form.values["id_kind"].value == "护照"
    counter.desk.show(foreigner, EvidenceKind.ID_FRONT)
    counter.desk.fill(foreigner, FieldSource.OCR, **PAGE)
    counter.customer.agree(foreigner)
    counter.customer.nod(foreigner)
    portrait, live = (counter.desk.show(foreigner, kind) for kind in (EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME))
    counter.desk.match(foreigner, portrait, live, 93.0)
    counter.desk.fill(foreigner, FieldSource.TYPED, amount="500.00")
    assert counter.seen(foreigner).form.problems == []
    counter.desk.submit(foreigner)
    counter.customer.consent(foreigner)
    counter.desk.execute(foreigner)
    counter.customer.card(foreigner, wire.CardState.TAKEN)
    counter.machine.moving(foreigner)
    counter.machine.outcome(foreigner, taken={"100": 5})
    assert counter.visits.end(foreigner).state is CaseState.COMPLETED
    counter.books.are_right()


def test_somebody_elses_passport_is_not_the_holders(counter: Counter, foreigner: str) -> None:
    counter.desk.show(foreigner, EvidenceKind.ID_FRONT)
    counter.desk.fill(foreigner, FieldSource.OCR, **{**PAGE, "id_number": "L8988902C"}, amount="500.00")
    counter.customer.agree(foreigner)
    counter.customer.nod(foreigner)
    portrait, live = (counter.desk.show(foreigner, kind) for kind in (EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME))
    counter.desk.match(foreigner, portrait, live, 93.0)
    with pytest.raises(UserError, match=r"id.not_holder"):
        counter.desk.submit(foreigner)


def test_chip_and_registers_of_identity_cards_are_left_out_with_the_reason(counter: Counter, foreigner: str) -> None:
    counter.desk.fill(foreigner, FieldSource.OCR, **PAGE)
    counter.desk.prompt(foreigner, CustomerStep.LAY_ID_FRONT)
    with counter.database.read() as unit:
        case = unit.cases.get(foreigner)
    now = counter.clock.now()
    assert question(case, Elements.TWO) is None
    portrait = EvidenceRef("0" * 64, EvidenceKind.CHIP_PORTRAIT, "image/jpeg", 9, now, "K-02")
    with pytest.raises(UserError, match=r"chip.passport"):
        identity.chip_read(case, Chip(dict(PAGE), portrait.digest, "good", "reader", now), portrait)
