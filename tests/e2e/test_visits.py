"""A customer is served: withdrawal and deposit, over real processes and wires."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.people import visits
from benchmarks.people.scene import Scene
from common.errors import UserError
from common.wire import authorisation as auth
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S
from common.wire.liveness import FilmOutcome, Gesture
from tests.e2e.sitting import checked

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_withdrawal_above_the_limit_with_an_authorisers_consent(
    visit: Scene, project: Path, tmp_path: Path
) -> None:
    teller, authoriser = visit.seats["T-03"], visit.seats["A-07"]
    before = await visits.books(teller)
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="20000.00")
    case = await visits.submit(teller, case)
    assert case.state is wire.CaseState.AWAITING_AUTHORISATION
    await visits.decide(authoriser, auth.Decision.APPROVE)
    await visits.consent(visit)
    await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(S.TAKE_CASH, "present")
    assert await visit.hands.take_notes() == {"100:fit": 200}
    await visits.receipt_and_rating(visit)
    case = await visits.case_of(teller, case.id)
    after = await visits.books(teller)
    assert case.state is wire.CaseState.COMPLETED
    assert case.rating == 5
    assert before["books"] - after["books"] == 2_000_000
    assert after["books"] == after["counters"]
    assert (after["clearing"], after["suspense"]) == (0, 0)
    await _voucher_is_genuine(visit, case, project, tmp_path)


async def _voucher_is_genuine(visit: Scene, case: wire.CaseView, project: Path, folder: Path) -> None:
    file = folder / "voucher.pdf"
    file.write_bytes(await visit.seats["T-03"].api.get_bytes(f"/cases/{case.id}/voucher"))
    ours = [sys.executable, str(project / "guitai.py"), "verify", str(file), "--data", str(visit.stage.data_dir)]
    assert subprocess.run(ours, capture_output=True, check=False).returncode == 0
    theirs = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in theirs.stdout
    altered = bytearray(file.read_bytes())
    altered[len(altered) // 2] ^= 1
    file.write_bytes(altered)
    assert subprocess.run(ours, capture_output=True, check=False).returncode != 0


async def test_a_deposit_of_mixed_notes(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.answer(visit, teller, await visit.arrive(wire.Scenario.DEPOSIT))
    case = await visits.match(teller, await visits.papers(visit, teller, case))
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.INSERT_CASH))
    for bunch in ({"100": 30, "50": 4}, {"20": 5, "100:counterfeit": 1}):
        await visit.step(S.INSERT_CASH, "open")
        await visit.when_possible("put_notes")
        await visit.hands.put_notes(bunch)
        if "20" not in bunch:
            await visit.step(S.INSERT_CASH, "ask")
            await visit.customer.insert_more()
    await visit.step(S.INSERT_CASH, "refused")
    assert await visit.hands.take_notes() == {"100:counterfeit": 1}
    await visit.step(S.INSERT_CASH, "ask")
    assert visit.screen.notes == {10_000: 30, 5_000: 4, 2_000: 5}
    await visit.customer.count_is_right()
    await visit.step(S.TALK)
    case = await visits.submit(teller, await visits.fill(teller, await visits.case_of(teller, case.id)))
    assert case.state is wire.CaseState.AUTHORISED
    await visits.consent(visit, pin=False)
    await visits.execute(teller, case)
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visits.receipt_and_rating(visit)
    after = await visits.books(teller)
    assert after["books"] - before["books"] == 330_000
    assert after["books"] == after["counters"]


SIXTEEN = {
    "phone": "19900001234", "occupation": "单位职员", "income": "8,000–15,000", "region": "330106",
    "home": "文昌街道9号", "purpose": "储蓄", "card_number": "9999004182300018", "td_amount": "1000.00",
    "ti_amount": "10000.00", "ti_account": "6222000000001", "ti_bank": "示范银行", "ukey": "900100200300",
}  # fmt: skip


async def test_an_account_is_opened_with_all_sixteen_in_one_go(visit: Scene, project: Path, tmp_path: Path) -> None:
    """One ID read, one photo, one confirmation, a new PIN, one signature; a voucher with a block for each."""
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.submit(teller, await visits.opening(visit, teller, {"100": 30}, **SIXTEEN))
    assert (case.state, len(case.transactions)) == (wire.CaseState.AUTHORISED, 16)
    await visits.confirmed(visit)
    await visits.new_pin(visit, "270415")
    await visits.signed(visit)
    await visits.execute(teller, case)
    await visits.certificate_taken(visit)
    await visits.receipt_and_rating(visit, paper=True)
    case = await visits.all_handed_over(teller, case)
    after = await visits.books(teller)
    assert (case.state, after["books"] - before["books"]) == (wire.CaseState.COMPLETED, 300_000)
    assert after["books"] == after["counters"]
    assert [item.state for item in case.plan if item.code == "plan.transaction"] == ["done"] * 16
    file = tmp_path / "voucher.pdf"
    file.write_bytes(await teller.api.get_bytes(f"/cases/{case.id}/voucher"))
    ours = [sys.executable, str(project / "guitai.py"), "verify", str(file), "--data", str(visit.stage.data_dir)]
    assert subprocess.run(ours, capture_output=True, check=False).returncode == 0
    words = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert [number for number in (one.number for one in case.transactions) if f"{number} " not in words] == []
    sheets = case.voucher.sheets if case.voucher is not None else None
    printed = sorted((visit.stage.data_dir / "devices" / "K-02" / "prints" / "laser").iterdir())
    assert sheets is not None
    assert (sheets.state, sheets.count) == ("taken", len(printed))
    assert len(printed) > 1
    assert [file.read_bytes()[:4] for file in printed] == [b"\x89PNG"] * len(printed)


async def test_an_authoriser_rejects(visit: Scene) -> None:
    teller, authoriser = visit.seats["T-03"], visit.seats["A-07"]
    before = await visits.books(teller)
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="20000.00")
    await visits.submit(teller, case)
    await visits.decide(authoriser, auth.Decision.REJECT, reason_code="reason.directed_by_others")
    await visit.step(S.TAKE_CARD, "out")
    await visit.hands.take_card()
    await visit.step(None)
    case = await visits.case_of(teller, case.id)
    assert case.state is wire.CaseState.REJECTED
    assert await visits.books(teller) == before


async def test_an_authoriser_returns_and_then_approves(visit: Scene) -> None:
    teller, authoriser = visit.seats["T-03"], visit.seats["A-07"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="12000.00")
    await visits.submit(teller, case)
    await visits.decide(
        authoriser, auth.Decision.RETURN, reason_code="reason.picture_unclear", returned_items=["live_frame"]
    )
    case = await visits.case_of(teller, case.id)
    assert case.state is wire.CaseState.RETURNED
    assert case.authorisation is not None
    assert case.authorisation.returned_items == ["live_frame"]
    authoriser.tasks.clear()
    await visits.submit(teller, case)
    await visits.decide(authoriser, auth.Decision.APPROVE)
    await visit.step(S.CONFIRM)


async def test_the_teller_cannot_decide_on_his_own_request(visit: Scene) -> None:
    teller, authoriser = visit.seats["T-03"], visit.seats["A-07"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="20000.00")
    case = await visits.submit(teller, case)
    assert case.authorisation is not None
    body = auth.DecideTask(decision=auth.Decision.APPROVE, evidence=[])
    with pytest.raises(UserError):
        await teller.api.command("POST", f"/tasks/{case.authorisation.task_id}/decision", body)
    assert (await visits.case_of(teller, case.id)).state is wire.CaseState.AWAITING_AUTHORISATION
    await visits.decide(authoriser, auth.Decision.APPROVE)


async def test_a_case_is_found_and_opened_again_with_all_its_evidence(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount="800.00")
    await teller.command(f"/cases/{case.id}/cancel", wire.Cancel(reason="customer_left"))
    rows = [wire.CaseRow.model_validate(row) for row in await teller.api.get_json("/cases", q=case.number)]
    assert [row.id for row in rows] == [case.id]
    found = await visits.case_of(teller, rows[0].id)
    kinds = {item.kind for item in found.evidence}
    assert {wire.EvidenceKind.ID_FRONT, wire.EvidenceKind.ID_BACK, wire.EvidenceKind.LIVE_FRAME} <= kinds
    for item in found.evidence:
        assert len(await teller.api.get_bytes(f"/evidence/{item.digest}")) == item.size


async def test_the_kiosks_film_is_judged_by_a_worker_of_the_server(visit: Scene) -> None:
    """Real kiosk, server and worker: a recording of other gestures is refused, who then does as asked is believed."""
    teller = visit.seats["T-03"]
    case = await visits.answer(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL))
    await visits.papers(visit, teller, case)
    sides = {Gesture.TURN_LEFT: Gesture.TURN_RIGHT}
    refused = await checked(visit, teller, case.id, lambda asked: sides.get(asked, Gesture.TURN_LEFT))
    assert (refused.film, refused.findings) == (FilmOutcome.FAILED, ["liveness.wrong_gesture"])
    believed = await checked(visit, teller, case.id, lambda asked: asked)
    if believed.film is not FilmOutcome.PASSED:  # on a machine too busy for five pictures a second: asked once more
        believed = await checked(visit, teller, case.id, lambda asked: asked)
    assert (believed.film, believed.findings) == (FilmOutcome.PASSED, [])
    seen = await visits.case_of(teller, case.id)
    assert [one.kind for one in seen.evidence].count(wire.EvidenceKind.FACE_CHECK) == 1, "its face at rest stays"
    assert seen.identity.continuity.alarms == []
