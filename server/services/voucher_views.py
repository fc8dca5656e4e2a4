"""Parts of a case's view: the voucher and its papers, the notes that a machine did not trust."""

from common.wire.cases import VoucherCopyView, VoucherView
from common.wire.cash import SuspectNoteView, SuspectSeriesView
from common.wire.vouchers import SheetsView
from server.store.unit import Unit
from teller.cases.model import Case
from teller.cases.sheets import may_ask
from teller.cash.suspects import SuspectNote
from teller.seals import MarkKind


def voucher_view(unit: Unit, case: Case) -> VoucherView | None:
    """The voucher with its later papers; None before it was made."""
    voucher = case.voucher
    if voucher is None:
        return None
    copies = unit.vouchers.copies(voucher.number)
    void = next((copy for copy in copies if copy.kind is MarkKind.VOID), None)
    return VoucherView(
        number=voucher.number,
        code=voucher.code,
        digest=void.digest if void is not None else voucher.digest,
        sealed_at=voucher.sealed_at,
        printed=case.receipt is True,
        sheets=_sheets(case),
        void=void is not None,
        copies=[
            VoucherCopyView(
                kind=copy.kind.value, ordinal=copy.ordinal, digest=copy.digest, at=copy.at, who=copy.who,
                reason=copy.reason,
            )
            for copy in copies
        ],
    )  # fmt: skip


def _sheets(case: Case) -> SheetsView | None:
    sheets = case.sheets
    if sheets is None:
        return None
    shown = {"state": sheets.state, "count": sheets.count, "error": sheets.error, "again": may_ask(case)}
    return SheetsView.model_validate(shown)


def _saw_odd(case: Case) -> bool:
    return any(mark.step == "suspect_notes" for mark in case.timeline)


def suspects(unit: Unit, case: Case) -> list[SuspectNoteView]:
    """Notes of this visit that the machine did not trust."""
    return [_suspect(note) for note in unit.suspects.of_case(case.id)] if _saw_odd(case) else []


def suspect_series(unit: Unit, case: Case) -> list[SuspectSeriesView]:
    """What speaks for a common source of them."""
    if not _saw_odd(case):
        return []
    return [
        SuspectSeriesView(
            kind=one.kind.value, serials=list(one.serials), before=one.before, report_at_once=one.report_at_once
        )
        for one in unit.suspects.series_of(case.id)
    ]  # fmt: skip


def _suspect(note: SuspectNote) -> SuspectNoteView:
    return SuspectNoteView(
        serial=note.serial, face=note.face, level=note.level, fate=note.fate.value, series=note.series,
        picture=note.picture, at=note.at,
    )  # fmt: skip
