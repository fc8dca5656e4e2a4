"""Authorities and consent in whole cases: asked, logged, kept sealed, reused; never a dead end."""

import base64
from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire import identity as wire
from common.wire.cases import CaseState, CaseView, CustomerStep, EvidenceKind, FieldSource, Scenario
from common.wire.identity import ConsentState, Elements, Outcome
from tests.fakes.counter import Counter, new_key, picture
from tests.server.verification.conftest import World


def identified(bank: Counter, amount: str = "5000", scenario: Scenario = Scenario.WITHDRAWAL) -> str:
    case_id = bank.customer.arrive(scenario)
    bank.desk.answer(case_id)
    bank.desk.identify(case_id)
    if scenario is Scenario.WITHDRAWAL:
        bank.desk.fill(case_id, FieldSource.TYPED, amount=amount)
    return case_id


def verify(bank: Counter, case_id: str, **body: object) -> CaseView:
    asked = wire.VerifyIdentity.model_validate(body)
    bank.services.verification.verify(new_key(), bank.teller, case_id, asked)
    return bank.seen(case_id)


def reasons(bank: Counter, case_id: str) -> list[str]:
    authorisation = bank.seen(case_id).authorisation
    return [] if authorisation is None else [reason.code for reason in authorisation.reasons]


def queries(bank: Counter, case_id: str) -> list[tuple[str, str, str]]:
    with bank.database.read() as unit:
        return [(line.source, line.outcome, line.purpose) for line in unit.identity.queries_of(case_id)]


def test_submitting_asks_what_nobody_asked(bank: Counter, world: World) -> None:
    case_id = identified(bank)
    assert bank.desk.submit(case_id).state is CaseState.AUTHORISED
    seen = bank.seen(case_id).identity.verification
    assert seen is not None
    assert (seen.outcome, seen.source, seen.elements) == (Outcome.MATCH, "pbc", Elements.TWO)
    assert queries(bank, case_id) == [("pbc", "match", "case.cash_withdrawal")]
    assert {row.field: row.authority for row in bank.seen(case_id).identity.sources}["name"] == "match"


def test_more_money_wants_a_better_answer(bank: Counter, world: World) -> None:
    case_id = identified(bank, "20000")
    verify(bank, case_id, elements="two")
    bank.desk.submit(case_id)
    seen = bank.seen(case_id)
    assert seen.identity.verification is not None
    assert seen.identity.verification.elements is Elements.THREE
    kinds = [piece.kind for piece in seen.evidence]
    assert EvidenceKind.AUTHORITY_PORTRAIT in kinds


def test_nobody_answers_and_a_second_person_decides(bank: Counter, world: World) -> None:
    for name in ("pbc", "nciic", "agency"):
        world.fault(name, maintenance_s=60)
    case_id = identified(bank)
    with pytest.raises(UserError) as refusal:
        bank.desk.submit(case_id)
    assert refusal.value.code == "note.missing"
    assert bank.desk.submit(case_id, "核查系统维护，证件原件已核对").state is CaseState.AWAITING_AUTHORISATION
    assert "rule.identity_unverified" in reasons(bank, case_id)


def test_a_contradiction_goes_to_a_second_person_and_is_never_kept(bank: Counter, world: World) -> None:
    world.fault("pbc", contrary=True)
    case_id = identified(bank)
    assert verify(bank, case_id).identity.verification.outcome is Outcome.CONTRADICTION  # type: ignore[union-attr]
    bank.desk.submit(case_id, "来源矛盾")
    assert reasons(bank, case_id) == ["rule.identity_contradicted"]
    with bank.database.read() as unit:
        assert unit.identity.forget_answers(bank.clock.now() + timedelta(days=1)) == 0


def test_an_earlier_answer_serves_low_risk_only(bank: Counter, world: World) -> None:
    first = identified(bank)
    bank.desk.submit(first)
    bank.services.closing.leave(new_key(), bank.kiosk, first)
    bank.customer.card(first, "taken")  # type: ignore[arg-type]
    world.well()
    bank.clock.pass_(3600)
    second = identified(bank)
    bank.desk.submit(second)
    seen = bank.seen(second).identity.verification
    assert seen is not None
    assert seen.reused
    assert world.asked("pbc") == 0
    assert (bank.clock.now() - seen.at).total_seconds() == 3600
    assert queries(bank, second) == [("kept", "match", "case.cash_withdrawal")]
    assert not verify(bank, second, fresh=True).identity.verification.reused  # type: ignore[union-attr]


def test_kept_answers_are_sealed_and_end(bank: Counter, world: World) -> None:
    case_id = identified(bank)
    bank.desk.submit(case_id)
    raw = b"".join(path.read_bytes() for path in bank.folder.glob("*.sqlite3*"))
    with bank.database.read() as unit:
        verification = unit.cases.get(case_id).verification
        assert verification is not None
        kept = unit.identity.kept(verification.subject, bank.clock.now() - timedelta(days=1))
    assert kept is not None
    assert kept.sealed.encode() in raw
    assert bank.parts.seal.open(kept.subject, kept.sealed)["outcome"] == "match"


def test_a_changed_form_is_asked_about_anew(bank: Counter, world: World) -> None:
    case_id = identified(bank)
    verify(bank, case_id)
    bank.desk.fill(case_id, FieldSource.TYPED, name="顾北枝")
    seen = bank.seen(case_id).identity.verification
    assert seen is not None
    assert not seen.current


def test_without_consent_no_face_is_used(bank: Counter, world: World) -> None:
    case_id = bank.customer.arrive()
    bank.desk.answer(case_id)
    with pytest.raises(UserError, match=r"face\.no_consent"):
        bank.desk.show(case_id, EvidenceKind.LIVE_FRAME)
    bank.customer.agree(case_id, granted=False)
    with pytest.raises(UserError, match=r"face\.no_consent"):
        bank.desk.show(case_id, EvidenceKind.LIVE_FRAME)
    with bank.database.read() as unit:
        holder = unit.cases.get(case_id).holder
        assert holder is not None
        assert [line.state for line in unit.identity.consents_of(holder.customer_id)] == ["declined"]


def test_who_declines_is_compared_by_a_person_and_seen_by_two(bank: Counter, world: World) -> None:
    case_id = identified(bank)
    revoke(bank, case_id)
    with pytest.raises(UserError, match=r"face\.missing"):
        bank.desk.submit(case_id, "x")
    bank.services.identity.person_check(new_key(), bank.teller, case_id, wire.PersonCheck(same=True))
    assert bank.desk.submit(case_id, "视频中核对一致").state is CaseState.AWAITING_AUTHORISATION
    assert reasons(bank, case_id) == ["rule.face_compared_by_person"]


def revoke(bank: Counter, case_id: str) -> None:
    body = wire.FaceConsent(granted=False, text="1")
    bank.services.identity.face_consent(new_key(), bank.kiosk, case_id, body)


def test_a_revoked_consent_takes_the_pictures_with_it(bank: Counter, world: World) -> None:
    case_id = identified(bank)
    live = next(p.digest for p in bank.seen(case_id).evidence if p.kind is EvidenceKind.LIVE_FRAME)
    counts = {line.kind: line.count for line in bank.services.identity.faces()}
    assert counts["live_frame"] == 1
    revoke(bank, case_id)
    seen = bank.seen(case_id)
    assert (seen.face_match, seen.identity.face_consent.state) == (None, ConsentState.REVOKED)
    assert live not in {piece.digest for piece in seen.evidence}
    assert live not in bank.parts.vault  # type: ignore[operator]
    assert {line.kind: line.count for line in bank.services.identity.faces()}["live_frame"] == 0
    with bank.database.read() as unit:
        removed = [line for line in unit.registers.of_case(case_id) if line.kind == "evidence.removed"]
    assert {line.branch for line in removed} == {bank.teller.branch}, "staff search the register of their own branch"


def chip(**changes: str) -> wire.ChipReading:
    said = {
        "name": "顾南枝", "sex": "女", "nation": "汉", "birth": "1990-03-07",
        "address": "云溪市青禾区梧桐路17号3幢602室",
        "id_number": "999999199003070426", "authority": "云溪市公安局青禾分局", "valid_from": "2016-05-20",
        "valid_to": "2036-05-20", "signature": "simulated", "reader": "simulated", **changes,
    }  # fmt: skip
    return wire.ChipReading.model_validate({**said, "portrait": base64.b64encode(picture("chip"))})


def test_the_chip_comes_first_and_the_picture_confirms(bank: Counter, world: World) -> None:
    case_id = bank.customer.arrive()
    bank.desk.answer(case_id)
    with pytest.raises(UserError, match=r"chip\.not_asked"):
        bank.services.identity.chip(new_key(), bank.kiosk, case_id, chip())
    bank.desk.prompt(case_id, CustomerStep.LAY_ID_FRONT)
    bank.services.identity.chip(new_key(), bank.kiosk, case_id, chip())
    bank.desk.show(case_id, EvidenceKind.ID_FRONT)
    bank.desk.fill(case_id, FieldSource.OCR, name="顾南技", nation="汉")
    seen = bank.seen(case_id)
    assert seen.form.values["name"].value == "顾南枝"
    assert seen.form.values["name"].source is FieldSource.CHIP
    rows = {row.field: row for row in seen.identity.sources}
    assert (rows["name"].chip, rows["name"].ocr, rows["name"].differs) == ("顾南枝", "顾南技", True)
    assert not rows["nation"].differs
    assert seen.identity.chip is not None
    assert seen.identity.chip.signature == "simulated"


@pytest.mark.parametrize(("signature", "typed"), [("simulated", "顾北枝"), ("bad", "")])
def test_a_chip_that_is_contradicted_goes_to_a_second_person(
    bank: Counter, world: World, signature: str, typed: str
) -> None:
    case_id = bank.customer.arrive()
    bank.desk.answer(case_id)
    bank.desk.prompt(case_id, CustomerStep.LAY_ID_FRONT)
    bank.services.identity.chip(
        new_key(), bank.kiosk, case_id, chip(address="别处" if typed else "x", signature=signature)
    )
    bank.desk.identify(case_id)
    bank.desk.fill(case_id, FieldSource.TYPED, amount="5000", address="云溪市青禾区梧桐路17号3幢602室")
    bank.desk.submit(case_id, "芯片不符")
    assert "rule.chip_contradicted" in reasons(bank, case_id)
