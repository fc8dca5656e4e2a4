"""A doubt whether a picture shows an original stays with that picture, and only another picture stands instead."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.errors import UserError
from common.wire.cases import CaseState, EvidenceKind, FieldSource
from common.wire.doubts import Doubt
from server.store.codec import dump_case, load_case
from teller.cases.doubts import doubted, told
from teller.cases.gathering import evidence_added
from teller.cases.model import Case, EvidenceRef
from teller.forms.fields import FieldValue
from teller.scenarios.builtin import builtin

AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
FRONT = EvidenceRef("a" * 64, EvidenceKind.ID_FRONT, "image/jpeg", 9, AT, "K-02")
BACK = replace(FRONT, digest="b" * 64, kind=EvidenceKind.ID_BACK)
LIVE = replace(FRONT, digest="c" * 64, kind=EvidenceKind.LIVE_FRAME)
AGAIN = replace(FRONT, digest="d" * 64)
PAPERS = ("id_front", "id_back")


@pytest.fixture
def case() -> Case:
    return Case(
        id="c", number="1122-0001", scenario="cash_withdrawal", definition=builtin()["cash_withdrawal"], language="zh",
        created_at=AT, kiosk="K-02", kiosk_place="", branch="001", evidence=(FRONT, BACK, LIVE),
    )  # fmt: skip


def on(case: Case) -> list[str]:
    return [piece.digest for piece in doubted(case, PAPERS)]


def test_a_doubt_is_of_one_picture_and_a_new_one_of_that_side_clears_it(case: Case) -> None:
    assert on(case) == []
    known = told(case, FRONT.digest, [Doubt.SCREEN], AT)
    assert on(known) == [FRONT.digest]
    assert on(evidence_added(known, replace(BACK, digest="e" * 64))) == [FRONT.digest]
    assert on(evidence_added(known, AGAIN)) == []


def test_no_later_word_takes_a_doubt_away(case: Case) -> None:
    known = told(told(case, FRONT.digest, [Doubt.SCREEN], AT), FRONT.digest, [Doubt.COPY], AT)
    assert known.evidence[0].doubts == (Doubt.COPY, Doubt.SCREEN)
    assert told(known, FRONT.digest, [Doubt.SCREEN], AT) is known, "said twice, it is nothing new"
    sent_again = evidence_added(evidence_added(known, AGAIN), replace(FRONT))
    assert on(sent_again) == [FRONT.digest], "nor does the very same picture, sent once more"


def test_what_was_read_from_a_doubtful_picture_keeps_the_doubt(case: Case) -> None:
    known = told(case, FRONT.digest, [Doubt.COPY], AT)
    value = FieldValue("顾南枝", FieldSource.OCR, "T-03", 2, AT, 0.99, confirmed=True, evidence=FRONT.digest)
    assert on(evidence_added(known.evolve(values={"name": value}), AGAIN)) == [FRONT.digest]


@pytest.mark.parametrize(
    ("digest", "state", "code"),
    [
        ("f" * 64, CaseState.DRAFT, "evidence.unknown"),
        (LIVE.digest, CaseState.DRAFT, "evidence.unknown"),
        (FRONT.digest, CaseState.COMPLETED, "case.wrong_state"),
    ],
)
def test_there_is_nothing_to_doubt(case: Case, digest: str, state: CaseState, code: str) -> None:
    with pytest.raises(UserError) as refused:
        told(case.evolve(state=state), digest, [Doubt.SCREEN], AT)
    assert refused.value.code == code


def test_it_comes_also_while_somebody_looks_and_undoes_an_agreement(case: Case) -> None:
    looked_at = case.evolve(state=CaseState.AWAITING_AUTHORISATION)
    assert told(looked_at, FRONT.digest, [Doubt.SCREEN], AT).state is CaseState.AWAITING_AUTHORISATION
    agreed = case.evolve(state=CaseState.AUTHORISED, confirmed_at=AT)
    after = told(agreed, FRONT.digest, [Doubt.SCREEN], AT)
    assert (after.state, after.confirmed_at, on(after)) == (CaseState.DRAFT, None, [FRONT.digest])


def test_a_case_stored_before_there_were_doubts_is_read(case: Case) -> None:
    old = dump_case(case).replace(',"doubts":[]', "")
    assert '"doubts"' not in old
    assert load_case(old) == case
    known = told(case, FRONT.digest, [Doubt.SCREEN], AT)
    assert load_case(dump_case(known)) == known
