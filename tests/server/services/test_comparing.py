"""The server compares faces itself: what the teller's window says of them is never believed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest

from common.errors import ServiceError, UserError
from common.wire.cases import Cancel, CardState, CaseState, EvidenceKind, Submit
from common.wire.identity import CheckOutcome, FaceUse
from server.errands import Errands, Lane, Underway
from server.services import comparing
from server.store.facebook import KeptFace
from teller.cases.identity import face_to_keep
from teller.cases.model import EvidenceRef
from teller.identity.records import Chip
from tests.fakes.counter import Counter, Likeness, new_key, picture

HOLDER, STRANGER = picture("the holder's portrait"), picture("a stranger at the kiosk")
STATE_PORTRAIT = picture("the authority's portrait")


def identified(counter: Counter, reported: float = 99.0) -> str:
    """The window reports a score for the stranger's live picture."""
    made = counter.visits.identified()
    portrait = counter.desk.show(made, EvidenceKind.PORTRAIT, HOLDER)
    live = counter.desk.show(made, EvidenceKind.LIVE_FRAME, STRANGER)
    counter.desk.match(made, portrait, live, reported)
    return made


def reasons(counter: Counter, case_id: str) -> list[str]:
    authorisation = counter.seen(case_id).authorisation
    return [] if authorisation is None else [reason.code for reason in authorisation.reasons]


def test_a_thief_at_the_window_who_reports_99_for_a_strangers_face_is_stopped(counter: Counter) -> None:
    counter.judge.scores[HOLDER, STRANGER] = 12.0
    made = identified(counter, reported=99.0)
    with pytest.raises(UserError, match=r"note.missing"):
        counter.desk.submit(made)
    seen = counter.desk.submit(made, "本人")
    assert seen.state is CaseState.AWAITING_AUTHORISATION
    assert reasons(counter, made) == ["rule.face_below_threshold", "rule.face_contradicted"]
    with pytest.raises(UserError, match=r"case.wrong_state"):
        counter.desk.execute(made)
    checks = [(check.use, check.score, check.same) for check in seen.identity.faces]
    assert checks == [(FaceUse.PORTRAIT, 12.0, False), (FaceUse.DOCUMENT, 91.0, True)]
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(made) if line.kind == "face.contradicted"]
    assert [(line.who, line.data) for line in lines] == [("T-03", {"reported": 990, "found": 120})]


def test_a_window_stricter_than_the_server_is_heard(counter: Counter) -> None:
    counter.judge.scores[HOLDER, STRANGER] = 95.0
    made = identified(counter, reported=41.0)
    counter.desk.submit(made, "已人工核对")
    assert reasons(counter, made) == ["rule.face_below_threshold"]


@pytest.mark.expects_log("faces not compared", "film not judged")
def test_where_the_server_cannot_look_a_second_person_does(counter: Counter) -> None:
    counter.judge.fails = ServiceError("ocr.worker_died")
    made = identified(counter)
    counter.desk.submit(made, "比对暂不可用")
    assert reasons(counter, made) == ["rule.liveness_not_passed", "rule.face_not_compared"]
    counter.judge.fails = None
    counter.services.submission.withdraw(new_key(), counter.teller, made)
    assert counter.desk.submit(made).state is CaseState.AUTHORISED, "asked again, and answered this time"
    assert counter.seen(made).identity.faces[0].outcome is CheckOutcome.COMPARED


def test_a_case_whose_faces_nobody_compared_is_not_carried_out(counter: Counter) -> None:
    made = counter.visits.ready_withdrawal()
    with counter.database.write() as unit:
        case = unit.cases.get(made)
        unit.cases.save(case, case.evolve(face_checks=()))
    with pytest.raises(UserError, match=r"face.not_compared"):
        counter.desk.execute(made)


def test_portraits_of_earlier_visits_and_of_the_authority_are_compared_with_the_live_face(counter: Counter) -> None:
    earlier = counter.visits.ready_withdrawal()
    piece = next(one for one in counter.seen(earlier).evidence if one.kind is EvidenceKind.LIVE_FRAME)
    with counter.database.write() as unit:
        case = unit.cases.get(earlier)
        assert case.holder is not None
        now = counter.clock.now()
        unit.faces.keep(KeptFace(case.holder.customer_id, earlier, piece.digest, now, now.replace(year=2028)))
    counter.services.closing.cancel(new_key(), counter.teller, earlier, Cancel(reason="teller"))
    counter.customer.card(earlier, CardState.TAKEN)
    digest = counter.parts.vault.put(STATE_PORTRAIT, "image/jpeg")
    counter.judge.scores[STATE_PORTRAIT, STRANGER] = 33.0
    made = identified(counter)
    with counter.database.write() as unit:
        case = unit.cases.get(made)
        kind = EvidenceKind.AUTHORITY_PORTRAIT
        found = EvidenceRef(digest, kind, "image/jpeg", len(STATE_PORTRAIT), counter.clock.now(), "T-03")
        unit.cases.save(case, case.evolve(evidence=(*case.evidence, found)))
    seen = counter.desk.submit(made, "与核查照片有出入")
    card = next(one.digest for one in seen.evidence if one.kind is EvidenceKind.ID_FRONT)
    checks = [(check.use, check.score, check.known) for check in seen.identity.faces]
    assert checks == [
        (FaceUse.PORTRAIT, 91.0, sha256(HOLDER).hexdigest()), (FaceUse.DOCUMENT, 91.0, card),
        (FaceUse.AUTHORITY, 33.0, digest), (FaceUse.EARLIER, 91.0, piece.digest),
    ]  # fmt: skip
    assert reasons(counter, made) == ["rule.face_unlike_portrait"]


def test_a_portrait_cut_out_by_the_window_does_not_stand_for_that_of_the_chip(counter: Counter) -> None:
    """A changed window stores the stranger's own face as the card's portrait; the machine has read the chip."""
    made = identified(counter)
    chip = picture("the chip's portrait")
    digest = counter.parts.vault.put(chip, "image/jpeg")
    counter.judge.scores[chip, STRANGER] = 12.0
    with counter.database.write() as unit:
        case, now = unit.cases.get(made), counter.clock.now()
        piece = EvidenceRef(digest, EvidenceKind.CHIP_PORTRAIT, "image/jpeg", len(chip), now, "K-02")
        read = Chip({}, digest, "simulated", "reader", now)
        unit.cases.save(case, case.evolve(chip=read, evidence=(*case.evidence, piece)))
    counter.desk.submit(made, "本人")
    assert "rule.face_unlike_portrait" in reasons(counter, made)
    with counter.database.read() as unit:
        assert face_to_keep(unit.cases.get(made)) is None, "a face that does not fit is not kept for the next visit"


@pytest.mark.expects_log("errand put off")
def test_errands_are_done_one_by_one_and_one_that_fails_keeps_no_other_from_being_done() -> None:
    done: list[int] = []
    last = threading.Event()

    def fails() -> None:
        raise ServiceError("store.unavailable")

    errands = Errands()
    errands.start()
    for errand in (lambda: done.append(1), fails, lambda: done.append(2), last.set):
        errands.add(errand)
    assert last.wait(10)
    errands.close()
    errands.add(lambda: done.append(3))
    assert done == [1, 2], "what comes after the end is left out"


def test_a_submission_waits_no_longer_than_a_window_would_and_the_same_again_waits_for_the_same_look(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, looked = list[str](), threading.Event()
    made, key = identified(counter), new_key()
    compare = counter.judge.compare

    def slowly(known: bytes, live: bytes, use: FaceUse) -> Likeness:
        looks.append(use.value)
        assert looked.wait(60)
        return compare(known, live, use)

    monkeypatch.setattr(counter.judge, "compare", slowly)
    with ThreadPoolExecutor(1) as beside:
        work = counter.services.submission
        parts = replace(counter.parts, underway=Underway(beside))
        monkeypatch.setattr(work._comparing, "_parts", parts)
        monkeypatch.setattr(comparing, "PROMPTLY_S", 0.05)
        body = Submit(version=counter.seen(made).version, note="")
        for _ in range(3):
            with pytest.raises(UserError, match=r"face\.in_progress") as error:
                work.submit(key, counter.teller, made, body)
        assert (error.value.retryable, error.value.params["retry_after_s"]) == (True, 1)
        assert counter.seen(made).state is CaseState.DRAFT
        looked.set()
        monkeypatch.setattr(comparing, "PROMPTLY_S", 60)
        work.submit(key, counter.teller, made, body)
    assert len(looks) == len(set(looks)), "nothing was looked at twice"
    assert counter.seen(made).state is CaseState.AUTHORISED


def test_work_that_fails_tells_whoever_waits_and_is_done_anew_for_the_next() -> None:
    tries = list[int]()

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise TimeoutError("of the work itself")
        if len(tries) == 2:
            raise ServiceError("store.unavailable")

    with ThreadPoolExecutor(1) as beside:
        underway = Underway(beside)
        for failure in (TimeoutError, ServiceError):
            with pytest.raises(failure):
                underway.done("case", work, 20)
        assert underway.done("case", work, 20)
    assert len(tries) == 3


@pytest.mark.parametrize("slow", Lane)
def test_what_is_slow_in_one_lane_holds_up_no_other(slow: Lane) -> None:
    errands, free, done = Errands(), threading.Event(), [threading.Event() for _ in range(len(Lane) - 1)]
    errands.start()
    try:
        errands.add(lambda: free.wait(60), slow)
        for lane, event in zip(set(Lane) - {slow}, done, strict=True):
            errands.add(event.set, lane)
        assert all(event.wait(20) for event in done)
    finally:
        free.set()
        errands.close()
