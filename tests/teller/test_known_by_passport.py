"""A customer whom the bank knows by a passport is asked for that, in every scenario of the house. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from common.wire.cases import FieldSource
from teller.cases.forms import case_form, plain, prefilled
from teller.cases.model import Case
from teller.forms.catalogue import PASSPORT, RESIDENT_ID
from teller.forms.fields import FieldValue
from teller.scenarios import composition
from teller.scenarios.builtin import builtin, texts
from teller.scenarios.loader import parse

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BOTH = {"id_front", "id_back"}


def case_of(name: str) -> Case:
    definition = builtin()[name]
    chosen = tuple(sorted(definition.first_choice))
    return Case("c-1", "1122-0001", name, definition, "zh", NOW, "K-02", "K-02", "001", chosen=chosen)


def known(case: Case, kind: str) -> Case:
    return prefilled(case, {"id_kind": kind} if kind else {}, "K-02", NOW, DAY)


def asked(case: Case) -> set[str]:
    return set(composition.evidence(case.definition, plain(case), DAY))


@pytest.mark.parametrize("name", sorted(builtin()))
def test_the_passport_is_asked_for_and_never_the_identity_card(name: str) -> None:
    before = {spec.name for spec in case_form(known(case_of(name), ""), DAY)}
    case = known(case_of(name), PASSPORT)
    assert asked(case) & BOTH == {"id_front"}
    specs = {spec.name: spec for spec in case_form(case, DAY)}
    assert before - specs.keys() >= {"nation", "authority", "valid_from"}
    assert specs.keys() - before <= {"id_kind"}
    assert specs["id_kind"].read_only == (name != "personal_opening"), "only an opening lets anybody choose it"


@pytest.mark.parametrize("kind", [RESIDENT_ID, ""])
@pytest.mark.parametrize("name", sorted(builtin()))
def test_everybody_else_shows_both_sides_and_nothing_more_is_asked(name: str, kind: str) -> None:
    case = known(case_of(name), kind)
    assert asked(case) >= BOTH
    assert name == "personal_opening" or "id_kind" not in {spec.name for spec in case_form(case, DAY)}


def test_the_record_of_whoever_is_on_the_glass_now_counts_unless_somebody_has_said_it() -> None:
    case = known(case_of("company_service"), PASSPORT)
    assert asked(known(case, "")) >= BOTH, "another person's number is read: the first one's passport is no longer his"
    said = FieldValue(PASSPORT, FieldSource.TYPED, "T-03", 1, NOW)
    typed = replace(case, values={**case.values, "id_kind": said})
    assert asked(known(typed, RESIDENT_ID)) & BOTH == {"id_front"}


def test_a_text_that_speaks_of_foreigners_itself_keeps_its_own_word() -> None:
    own = [one for one in builtin()["personal_opening"].conditions if one.code == "foreigner"]
    assert [one.fields for one in own] == [()]
    without = texts()["cash_withdrawal.toml"].replace('["id_front", "id_back"]', '["id_front"]')
    assert [one.code for one in parse(without, "bank.toml").conditions] == []
