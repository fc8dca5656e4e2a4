"""A business licence in the form: its own fields, never those of the person; other papers are refused in its place."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks.seat import cases
from common.wire.cases import EvidenceKind, FieldSource
from tests.ui.teller.conftest import Seat
from ui.teller_app.capture import _refused
from ui.teller_app.entries import LICENCE, reading_entries
from ui.teller_app.panels.evidence_panel import SIDE

CODE = "91999999MA00GT001E"


def field(value: str, *, unsure: bool = False) -> Any:
    return SimpleNamespace(value=value, confidence=0.97, unsure=unsure, box=None)


def reading(kind: str, **fields: Any) -> Any:
    return SimpleNamespace(kind=kind, fields=fields, codes=(), findings=())


def case(*names: str) -> Any:
    specs = [SimpleNamespace(name=name, read_only=False) for name in names]
    return SimpleNamespace(version=3, form=SimpleNamespace(specs=specs, values={}))


def test_what_a_licence_says_goes_into_the_companys_fields_and_not_the_persons() -> None:
    said = reading(
        LICENCE, credit_code=field(CODE), name=field("云溪市梧桐贸易有限公司"), address=field("东湖区9号", unsure=True),
        representative=field("许知远"), established=field("2019-03-12"), qr=field(f"http://x.example/{CODE}"),
    )  # fmt: skip
    form = cast(Any, case("name", "address", "co_name", "co_code", "co_address", "co_rep", "co_since", "co_qr"))
    entry = reading_entries(form, said, "0" * 64, (0, 0))
    assert entry is not None
    assert set(entry.fields) == {"co_name", "co_code", "co_address", "co_rep", "co_since", "co_qr"}
    assert entry.fields["co_code"].value == CODE
    assert (entry.fields["co_address"].unsure, entry.fields["co_name"].source) == (True, FieldSource.OCR)


def test_a_licence_is_taken_only_where_it_was_asked_for_and_nothing_else_there() -> None:
    licence, card = reading(LICENCE, name=field("梧桐")), reading("resident_id", name=field("许知远"))
    assert _refused(licence, "licence") is None
    assert _refused(card, "id_front") is None
    assert _refused(licence, "id_front") is not None
    assert _refused(card, "licence") is not None


@pytest.mark.parametrize("more", [[EvidenceKind.LICENCE], [EvidenceKind.PARTY_FRONT, EvidenceKind.HOUSEHOLD_PAGE]])
def test_further_papers_leave_the_score_its_room_and_no_picture_is_cut(seat: Seat, more: list[EvidenceKind]) -> None:
    seat.show(cases.filled(papers=[EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, *more]))
    panel = seat.window.body.middle.form.evidence
    assert panel.score.width() >= SIDE - 4
    for key in panel.strip.keys():  # noqa: SIM118 (a strip is no dictionary)
        thumb = panel.strip.thumb(key)
        assert thumb.isHidden() or thumb.width() >= thumb.sizeHint().width()
