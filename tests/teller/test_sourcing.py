"""A window's word on where a value comes from is believed only as far as the server knows it too."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.wire.cases import EvidenceKind, EvidenceOrigin, FieldSource
from teller.cases.gathering import entered
from teller.cases.model import Case, EvidenceRef
from teller.forms.fields import FieldValue
from teller.identity.records import Chip
from teller.scenarios.builtin import builtin

AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
CARD = EvidenceRef("a" * 64, EvidenceKind.ID_FRONT, "image/jpeg", 9, AT, "K-02")
LIVE = replace(CARD, digest="b" * 64, kind=EvidenceKind.LIVE_FRAME)
S = FieldSource


@pytest.fixture
def case() -> Case:
    """A withdrawal with a picture of the card, a live picture, and the chip read."""
    standing = FieldValue("顾南枝", S.CUSTOMER_RECORD, "SYSTEM", 1, AT)
    return Case(
        id="c", number="1122-0001", scenario="cash_withdrawal", definition=builtin()["cash_withdrawal"], language="zh",
        created_at=AT, kiosk="K-02", kiosk_place="", branch="001", evidence=(CARD, LIVE), values={"name": standing},
        chip=Chip({"address": "云溪市青禾路 9 号"}, "c" * 64, "good", "R-1", AT),
    )  # fmt: skip


def said(case: Case, name: str, source: FieldSource, text: str, evidence: str | None = None) -> FieldValue:
    value = FieldValue(text, source, "T-03", 2, AT, 0.99, evidence=evidence)
    return entered(case, {name: value}, case.version, AT, {"sex": {"女"}}).values[name]


@pytest.mark.parametrize(
    ("name", "source", "text", "evidence", "kept"),
    [
        ("address", S.CHIP, "云溪市青禾路 9 号", None, True),
        ("address", S.CHIP, "云溪市青禾路 8 号", None, False),
        ("name", S.CUSTOMER_RECORD, "顾南枝", None, True),
        ("name", S.CUSTOMER_RECORD, "顾北枝", None, False),
        ("name", S.MACHINE, "顾南枝", None, False),
        ("nation", S.OCR, "汉", CARD.digest, True),
        ("nation", S.OCR, "汉", None, True),
        ("nation", S.OCR, "汉", LIVE.digest, False),
        ("sex", S.EARLIER, "女", None, True),
        ("sex", S.EARLIER, "男", None, False),
        ("nation", S.TYPED, "汉", None, True),
    ],
)
def test_a_source_is_the_servers_word(
    case: Case, name: str, source: FieldSource, text: str, evidence: str | None, kept: bool
) -> None:
    value = said(case, name, source, text, evidence)
    assert (value.value, value.source) == (text, source if kept else S.TYPED)
    assert (value.confidence is None) is not kept


def test_what_a_phone_took_says_nothing_of_who_somebody_is(case: Case) -> None:
    phone = replace(CARD, digest="d" * 64, kind=EvidenceKind.HOUSEHOLD_PAGE, origin=EvidenceOrigin.CUSTOMER_PHONE)
    licence = replace(phone, digest="e" * 64, kind=EvidenceKind.LICENCE)
    alone, beside = case.evolve(evidence=(phone, licence)), case.evolve(evidence=(CARD, phone, licence))
    for named in (None, phone.digest, licence.digest):
        assert said(alone, "nation", S.OCR, "汉", named).source is S.TYPED
    assert said(beside, "nation", S.OCR, "汉", phone.digest).source is S.TYPED
    assert said(beside, "nation", S.OCR, "汉").source is S.OCR
    company = alone.evolve(definition=builtin()["company_opening"])
    assert said(company, "co_name", S.OCR, "云溪市清水贸易有限公司", licence.digest).source is S.OCR
    assert said(company, "co_name", S.OCR, "云溪市清水贸易有限公司", phone.digest).source is S.TYPED


def test_nothing_was_read_before_there_was_a_picture(case: Case) -> None:
    bare = case.evolve(evidence=(LIVE,))
    assert said(bare, "nation", S.OCR, "汉").source is S.TYPED
    value = FieldValue("汉", S.OCR, "T-03", 2, AT)
    assert entered(bare, {"nation": value}, bare.version, AT).read == {}
