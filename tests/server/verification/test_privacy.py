"""Pictures go by rule, details are masked where nobody works on the case, looks are registered."""

import os
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from common.settings import Settings
from common.wire.cases import EvidenceKind
from common.wire.identity import FaceConsent
from common.wire.liveness import ContinuityResult, LookMoment, Verdict
from common.wire.registers import PaperReason
from server.privacy_cli import report
from server.retention import Retention, Sweeper, Swept
from server.services.identity import FACES
from server.vault import EvidenceVault, digest_of
from teller.forms.catalogue import FIELDS
from teller.identity.masking import MASKS, masked
from teller.identity.retention import keeps_on
from tests.fakes.counter import Counter, new_key, picture
from tests.server.verification.conftest import World


def retention(bank: Counter) -> Retention:
    return Retention(bank.database, EvidenceVault(bank.folder), bank.clock, bank.parts.bank.day)


def kinds(bank: Counter) -> dict[str, int]:
    return {line.kind: line.count for line in bank.services.identity.faces()}


def ended_visit(bank: Counter) -> str:
    case_id = bank.visits.ready_withdrawal()
    bank.services.closing.leave("0" * 32, bank.kiosk, case_id)
    return case_id


def test_pictures_go_when_their_time_is_over(bank: Counter, world: World) -> None:
    case_id = ended_visit(bank)
    live = next(p.digest for p in bank.seen(case_id).evidence if p.kind is EvidenceKind.LIVE_FRAME)
    bank.clock.pass_(timedelta(days=89).total_seconds())
    assert (retention(bank).sweep().pictures, kinds(bank)["live_frame"]) == (0, 1)
    bank.clock.pass_(timedelta(days=2).total_seconds())
    assert (retention(bank).sweep().pictures, kinds(bank)["live_frame"]) == (2, 0), "and what the kiosk took"
    assert live not in bank.parts.vault  # type: ignore[operator]
    assert kinds(bank)["portrait"] == 1
    with pytest.raises(UserError, match=r"evidence\.not_found"):
        bank.services.lookup.evidence(bank.teller, live)
    with bank.database.read() as unit:
        removed = [line for line in unit.registers.of_case(case_id) if line.kind == "evidence.removed"]
    assert [(line.who, line.data["why"]) for line in removed] == [("SYSTEM", "P-101")] * 2
    bank.clock.pass_(timedelta(days=3653).total_seconds())
    assert retention(bank).sweep().pictures == 3
    assert retention(bank).sweep().pictures == 0


def test_the_picture_of_an_alarm_outlives_the_consent_by_a_rule_of_its_own(bank: Counter, world: World) -> None:
    case_id = bank.visits.identified()
    bank.services.forms.evidence(new_key(), bank.teller, case_id, EvidenceKind.FACE_CHECK, picture("somebody else"))
    frame = bank.seen(case_id).evidence[-1].digest
    look = ContinuityResult(verdict=Verdict.CHANGED, moment=LookMoment.RANDOM, score=8.0, frame=frame)
    bank.services.presence.look(new_key(), bank.teller, case_id, look)
    bank.services.identity.face_consent(new_key(), bank.kiosk, case_id, FaceConsent(granted=False, text="1"))
    counted = kinds(bank)
    assert (counted["live_frame"], counted["face_check"], counted["face_alarm"]) == (0, 0, 1)
    assert frame in bank.parts.vault  # type: ignore[operator]
    bank.services.closing.leave("0" * 32, bank.kiosk, case_id)
    for days, left in ((179, 1), (2, 0)):
        bank.clock.pass_(timedelta(days=days).total_seconds())
        retention(bank).sweep()
        assert kinds(bank)["face_alarm"] == left
    assert frame not in bank.parts.vault  # type: ignore[operator]


def test_every_picture_of_a_person_has_a_rule_on_every_day() -> None:
    kept = [kind for keep in keeps_on(date(2026, 11, 22)) for kind in keep.kinds]
    no_person = {EvidenceKind.SIGNATURE, EvidenceKind.VOUCHER, EvidenceKind.SUSPECT_NOTE}
    assert sorted(kept) == sorted(set(EvidenceKind) - no_person)
    assert set(FACES) <= set(kept)


def test_nothing_goes_while_the_visit_is_open(bank: Counter, world: World) -> None:
    bank.visits.ready_withdrawal()
    bank.clock.pass_(timedelta(days=4000).total_seconds())
    assert retention(bank).sweep().pictures == 0


def test_what_nothing_names_goes_after_a_day_and_all_that_is_named_stays(bank: Counter, world: World) -> None:
    case_id = bank.visits.payout_begun()
    bank.machine.outcome(case_id, taken={"100": 50})
    bank.visits.end(case_id)
    bank.services.papers.reprint(new_key(), bank.teller, case_id, PaperReason(reason="客户遗失回单"))
    with pytest.raises(UserError, match=r"case\.wrong_state"):
        bank.desk.show(case_id, EvidenceKind.PORTRAIT, picture("refused"))
    refused = digest_of(picture("refused"))
    now = bank.clock.now().timestamp()
    for path in (bank.folder / "vault").glob("*/*"):
        os.utime(path, (now, now))
    kept = {path for path in (bank.folder / "vault").glob("*/*") if refused[2:] != path.name}
    bank.clock.pass_(timedelta(hours=23).total_seconds())
    assert retention(bank).sweep().unnamed == 0
    bank.clock.pass_(timedelta(hours=2).total_seconds())
    assert retention(bank).sweep() == Swept(0, 0, 1)
    assert set((bank.folder / "vault").glob("*/*")) == kept
    with bank.database.read() as unit:
        (line,) = unit.registers.about(refused, ("evidence.removed",))
    assert (line.who, line.data) == ("SYSTEM", {"kind": "unnamed", "why": "P-105"})


@pytest.mark.expects_log("vault of another database: nothing removed")
def test_a_vault_beside_another_banks_database_is_left_alone(bank: Counter, world: World) -> None:
    bank.visits.ready_withdrawal()
    vault, strange = EvidenceVault(bank.folder), [b"of another bank %d" % number for number in range(60)]
    for data in strange:
        vault.put(data, "text/plain")
    now = bank.clock.now().timestamp()
    for path in (bank.folder / "vault").glob("*/*"):
        os.utime(path, (now, now))
    bank.clock.pass_(timedelta(days=3).total_seconds())
    assert retention(bank).sweep().unnamed == 0
    assert all(digest_of(data) in vault for data in strange)
    for data in strange[50:]:
        vault.remove(digest_of(data))
    assert retention(bank).sweep().unnamed == 50, "a few are what a stop or a refusal left"


def test_kept_answers_are_forgotten_after_their_time(bank: Counter, world: World) -> None:
    bank.visits.ready_withdrawal()
    bank.clock.pass_(timedelta(days=31).total_seconds())
    assert (retention(bank).sweep().answers, retention(bank).sweep().answers) == (1, 0)


def test_the_sweeper_ends_when_told(bank: Counter, world: World) -> None:
    sweeper = Sweeper(retention(bank), timedelta(days=1))
    sweeper.close()
    assert not sweeper._thread.is_alive()


def test_who_works_on_a_case_sees_all_and_others_do_not(bank: Counter, world: World) -> None:
    case_id = bank.visits.ready_withdrawal()
    number = "999999199003070426"
    assert bank.seen(case_id).form.values["id_number"].value == number
    other = bank.seen(case_id, bank.other)
    assert other.form.values["id_number"].value == "999999********0426"
    assert other.customer_record["phone"] == "199****4821"
    assert other.customer_record["birth"] == "1990-**-**"
    assert all(number not in str(row) for row in other.identity.sources)
    bank.services.closing.leave("1" * 32, bank.kiosk, case_id)
    assert bank.seen(case_id).form.values["id_number"].value == "999999********0426"


def test_every_personal_fact_of_the_dictionary_but_a_name_has_a_mask() -> None:
    personal = {spec.name for spec in FIELDS.values() if spec.pii}
    assert personal - set(MASKS) == {"name", "agent_name", "guardian_name", "payee_name", "co_rep", "co_agent_name"}


def test_who_decided_sees_the_comparison_masked_afterwards(bank: Counter, world: World) -> None:
    case_id = bank.visits.identified("20000")
    bank.desk.submit(case_id, note="大额")
    bank.review.assign(case_id)
    bank.review.decide(case_id)
    task_id, number = bank.review.task_of(case_id), "999999199003070426"
    task = bank.services.review.task(bank.authoriser, task_id)
    said = {row.field: row.form for row in task.comparison}
    assert said["id_number"] == "999999********0426"
    assert number not in task.model_dump_json()


def test_a_look_at_a_masked_fact_is_registered(bank: Counter, world: World) -> None:
    case_id = ended_visit(bank)
    assert bank.services.reveals.reveal(bank.other, case_id, "id_number").value == "999999199003070426"
    with pytest.raises(UserError, match=r"reveal\.not_masked"):
        bank.services.reveals.reveal(bank.other, case_id, "name")
    with pytest.raises(UserError, match=r"case\.forbidden"):
        bank.services.reveals.reveal(bank.authoriser, case_id, "id_number")
    with bank.database.read() as unit:
        looks = [(line.who, line.data) for line in unit.registers.of_case(case_id) if line.kind == "pii.shown"]
    assert looks == [("T-05", {"field": "id_number"})]


def test_the_count_of_faces_on_the_command_line(bank: Counter, world: World) -> None:
    bank.visits.ready_withdrawal()
    lines = report(Settings(data_dir=bank.folder), sweep=True)
    assert lines[0] == "removed by rule: 0 pictures, 0 answers of authorities, 0 pieces that nothing names"
    assert any(line.startswith("live_frame: 1 pictures for face.compare_with_papers") for line in lines)
    assert "consent face.compare_with_papers: given 1" in lines
    with pytest.raises(UserError, match=r"file\.missing"):
        report(Settings(data_dir=bank.folder / "nothing"), sweep=False)


@given(st.sampled_from(sorted(MASKS)), st.text("0123456789X-云溪市", max_size=40))
def test_a_mask_keeps_the_length_and_hides_the_middle(field: str, text: str) -> None:
    shown = masked(field, text)
    assert len(shown) == len(text)
    assert shown == text or "*" in shown
    assert masked("name", text) == text
