"""Who signs for a company: its representative, or a handler whom he authorised; nobody else, whatever the form says."""

from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import EvidenceKind, FieldSource
from teller.forms.id_number import check_character
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import choose, gathered
from tests.server.services.test_companies import CODE, LICENCE, begun, done, ended, licence_shown, lines, opened
from tests.server.services.test_more_scenarios import record

_BODY = "99999919920314021"
HANDLER = {"name": "沈嘉禾", "id_number": _BODY + check_character(_BODY), "birth": "1992-03-14", "sex": "男"}
KEYS = {"co_maker": "900100200303", "co_checker": "900100200304", "co_day": "200000.00"}
BUSINESS = {"co_code": CODE, **KEYS}
NEW_LICENCE = {name: text for name, text in LICENCE.items() if name != "co_capital"} | {"co_rep": "齐望舒"}
AUTHORISED = {"co_agent_name": HANDLER["name"], "co_agent_id": HANDLER["id_number"]}


def sits(counter: Counter, person: dict[str, str], scenario: str = "company_service") -> str:
    case_id = begun(counter, scenario)
    counter.desk.fill(case_id, FieldSource.OCR, **person)
    return case_id


def authorised(counter: Counter, **more: str) -> None:
    """The representative has the handler recorded."""
    case_id = begun(counter, "company_service")
    choose(counter, case_id, "company_agent")
    counter.desk.fill(case_id, FieldSource.TYPED, co_code=CODE, **{**AUTHORISED, **more})
    done(counter, case_id)


def refused(counter: Counter, person: dict[str, str], code: str) -> None:
    case_id = sits(counter, person)
    counter.desk.fill(case_id, FieldSource.TYPED, **BUSINESS)
    assert code in {problem.code for problem in counter.seen(case_id).form.problems}
    with pytest.raises(UserError, match=code):
        counter.desk.submit(case_id)
    ended(counter, case_id)


def test_a_stranger_does_not_sign_on_a_recorded_licence_and_is_told_beside_whom_he_stands(counter: Counter) -> None:
    opened(counter)
    case_id = sits(counter, HANDLER)
    counter.desk.fill(case_id, FieldSource.TYPED, **BUSINESS)
    seen = counter.seen(case_id)
    row = next(one for one in seen.identity.sources if one.field == "signer")
    assert (row.form, row.record) == (f"沈嘉禾 {HANDLER['id_number']}", "许知远 999999198805120419")
    assert row.differs
    problem = next(one for one in seen.form.problems if one.code == "company.not_signer")
    assert (problem.field, problem.params) == ("name", {"representative": "许*远"})
    with pytest.raises(UserError, match=r"company.not_signer"):
        counter.desk.submit(case_id)
    assert lines(counter, "company.refused") == [CODE]


def test_the_representatives_name_on_another_card_does_not_sign(counter: Counter) -> None:
    opened(counter)
    refused(counter, {**HANDLER, "name": LICENCE["co_rep"]}, "company.not_signer")


def test_an_authorised_handler_signs_until_his_day_or_until_it_is_withdrawn(counter: Counter) -> None:
    opened(counter)
    authorised(counter, co_agent_until="2026-12-31")
    assert lines(counter, "agent.recorded") == []  # its subject is the person, beside the company
    case_id = sits(counter, HANDLER)
    counter.desk.fill(case_id, FieldSource.TYPED, **BUSINESS)
    done(counter, case_id)
    assert not next(one for one in counter.seen(case_id).identity.sources if one.field == "signer").differs
    authorised(counter, co_agent_act="撤销授权")
    key = f"{CODE}:{HANDLER['id_number']}"
    assert record(counter, "company_agent", key)["status"] == "ended"
    refused(counter, HANDLER, "company.not_signer")
    authorised(counter, co_agent_until="2026-12-31")
    counter.clock.pass_(timedelta(days=45).total_seconds())
    refused(counter, HANDLER, "company.not_signer")


def test_a_handler_authorises_nobody(counter: Counter) -> None:
    opened(counter)
    authorised(counter)
    case_id = sits(counter, HANDLER)
    choose(counter, case_id, "company_agent")
    another = {"co_agent_name": "齐望舒", "co_agent_id": "999999198805120419"}
    counter.desk.fill(case_id, FieldSource.TYPED, co_code=CODE, **another)
    codes = {problem.code for problem in counter.seen(case_id).form.problems}
    assert "company_agent.representative_only" in codes
    with pytest.raises(UserError, match=r"form.incomplete"):
        counter.desk.submit(case_id)


def test_a_licence_with_another_representative_needs_a_second_person_and_ends_the_old_authority(
    counter: Counter,
) -> None:
    opened(counter)
    authorised(counter)
    case_id = sits(counter, HANDLER)
    counter.desk.fill(case_id, FieldSource.TYPED, co_code=CODE)
    counter.desk.fill(case_id, FieldSource.TYPED, co_licence="出示执照", **KEYS)
    licence_shown(counter, case_id)
    counter.desk.fill(case_id, FieldSource.OCR, **NEW_LICENCE)
    assert "company.not_signer" in {one.code for one in counter.seen(case_id).form.problems}
    ended(counter, case_id)
    new = begun(counter, "company_service")
    counter.desk.fill(new, FieldSource.OCR, **{**HANDLER, "name": "齐望舒"})
    counter.desk.fill(new, FieldSource.TYPED, co_code=CODE)
    counter.desk.fill(new, FieldSource.TYPED, co_licence="出示执照", **KEYS)
    licence_shown(counter, new)
    counter.desk.fill(new, FieldSource.OCR, **NEW_LICENCE)
    changed = {row.field for row in counter.seen(new).identity.sources if row.differs}
    assert "co_rep" in changed
    seen = counter.desk.submit(new, note="新执照原件已核")
    assert seen.authorisation is not None
    assert [reason.code for reason in seen.authorisation.reasons] == ["rule.representative_replaced"]


def test_an_account_is_not_opened_by_a_handler_nobody_authorised(counter: Counter) -> None:
    case_id = counter.services.scenarios.start(new_key(), counter.teller, wire.StartCase(scenario="company_opening"))
    gathered(counter, case_id)
    counter.desk.fill(case_id, FieldSource.OCR, **HANDLER, **LICENCE)
    assert counter.seen(case_id).papers[-1] is EvidenceKind.LICENCE
    counter.desk.fill(case_id, FieldSource.TYPED, co_role="授权经办人")
    assert "company.not_signer" in {one.code for one in counter.seen(case_id).form.problems}
