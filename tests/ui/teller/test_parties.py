"""Papers of those who act for a customer: whose fields they fill, and where a household page says otherwise. Pure."""

import pytest

from benchmarks.seat import cases
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, EvidenceView, FieldValue
from ocr.api import DocumentReading, Field
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER
from ui.teller_app.entries import contradicts, fits_what_was_asked, reading_entries
from ui.teller_app.local import CallPhase, Local
from ui.teller_app.next_step import next_step

LOCAL = Local(me=cases.ME, now=cases.START, call=CallPhase.LIVE, vision="ready")


def read(kind: str, **values: str) -> DocumentReading:
    box = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    fields = {name: Field(value, 0.99, False, box) for name, value in values.items()}
    return DocumentReading(kind=kind, side="front", fields=fields)


def asking(*names: str, **values: str) -> CaseView:
    """A draft whose form asks for these too, with values in it."""
    case = cases.draft()
    more = [case.form.specs[0].model_copy(update={"name": name, "read_only": False}) for name in names]
    known = {name: FieldValue(value=value, source="ocr") for name, value in values.items()}
    form = case.form.model_copy(update={"specs": [*case.form.specs, *more], "values": known})
    return case.model_copy(update={"form": form})


@pytest.mark.parametrize("role", ["agent", "guardian"])
def test_the_second_card_fills_the_fields_of_who_acts_and_none_of_the_customers(role: str) -> None:
    case = asking(f"{role}_name", f"{role}_id")
    entry = reading_entries(case, read("resident_id", **OLDER_CUSTOMER.front()), "d" * 64, (10, 10), "party_front")
    assert entry is not None
    said = {name: field.value for name, field in entry.fields.items()}
    assert said == {f"{role}_name": OLDER_CUSTOMER.name, f"{role}_id": OLDER_CUSTOMER.id_number}


def test_the_household_page_is_compared_and_fills_nothing() -> None:
    case = asking(name=CUSTOMER.name, birth="1990-03-07")
    page = read("household_register", name=CUSTOMER.name, birth="1990-03-08", relation="女")
    assert reading_entries(case, page, "d" * 64, (10, 10), "household_page") is None
    assert contradicts(case, page) == ("birth", "1990-03-08", "1990-03-07")
    assert contradicts(case, read("household_register", name=CUSTOMER.name)) is None


def test_without_an_identity_card_the_household_page_says_who_the_child_is() -> None:
    case = asking().model_copy(update={"papers": [EvidenceKind.HOUSEHOLD_PAGE, EvidenceKind.PARTY_FRONT]})
    page = read("household_register", name=CUSTOMER.name, birth="2016-03-08", relation="女")
    entry = reading_entries(case, page, "d" * 64, (10, 10), "household_page")
    assert entry is not None
    assert {name: field.value for name, field in entry.fields.items()} == {"name": CUSTOMER.name, "birth": "2016-03-08"}


@pytest.mark.parametrize(
    ("kind", "asked", "fits"),
    [
        ("resident_id", "party_front", True),
        ("resident_id", "household_page", False),
        ("household_register", "household_page", True),
        ("household_register", "id_front", False),
        ("business_licence", "licence", True),
    ],
)
def test_another_paper_than_the_one_asked_for_is_not_taken(kind: str, asked: str, fits: bool) -> None:
    assert fits_what_was_asked(read(kind, name="x"), asked) is fits


def pictures_of(*kinds: EvidenceKind) -> list[EvidenceView]:
    views = cases.evidence(*cases.ALL[: len(kinds)])
    return [view.model_copy(update={"kind": kind}) for view, kind in zip(views, kinds, strict=True)]


def test_the_main_key_asks_for_the_papers_of_the_business_in_turn() -> None:
    front, back = EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK
    page, other = EvidenceKind.HOUSEHOLD_PAGE, EvidenceKind.PARTY_FRONT
    asked = []
    for there in ((front, back), (front, back, page), (front, back, page, other)):
        case = cases.draft(papers=[front, back, page, other], evidence=pictures_of(*there))
        action = next_step(case, LOCAL).action
        assert action is not None
        asked.append(action.arg)
    assert asked[:2] == [CustomerStep.LAY_HOUSEHOLD_PAGE, CustomerStep.LAY_PARTY_FRONT], (
        "whose card it is, the page says"
    )
    assert asked[2] not in asked[:2]


@pytest.mark.parametrize(("country", "shown"), [("USA", "美国"), ("CHN", "中国"), ("UTO", "其他")])
def test_a_passport_says_its_kind_its_number_and_the_nationality(country: str, shown: str) -> None:
    zone = {"name": "ERIKSSON, ANNA", "number": "L898902C3", "nationality": country, "sex": "F", "issuer": country}
    entry = reading_entries(asking("id_kind", "nationality"), read("passport", **zone), "d" * 64, (10, 10), "id_front")
    assert entry is not None
    said = {name: field.value for name, field in entry.fields.items()}
    assert said == {
        "name": "ERIKSSON, ANNA", "id_number": "L898902C3", "id_kind": "护照", "nationality": shown, "sex": "女",
    }  # fmt: skip
