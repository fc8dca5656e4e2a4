"""The voucher drawn in the window, its copies and voids, and the registers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from benchmarks.seat import cases
from common.errors import UserError
from common.wire.cases import CaseView, VoucherCopyView
from common.wire.registers import RegisterPage, RegisterRow
from tests.ui.teller.conftest import Seat
from ui.kit.registers import save_file
from ui.kit.registers_view import RegistersView
from ui.kit.tables import Cell


def show(seat: Seat, case: CaseView) -> None:
    seat.out.store.known[case.id] = case
    seat.window.parts.cases.open(case.id, read_only=True)
    seat.paint()


def copied(kind: str, ordinal: int = 1) -> CaseView:
    """A settled case whose voucher was printed again, or declared void."""
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    copy = VoucherCopyView.model_validate(
        {"kind": kind, "ordinal": ordinal, "digest": "e" * 64, "at": at, "who": "T-05"}
    )
    voucher = cases.voucher().model_copy(update={"copies": [copy], "void": kind == "void"})
    return cases.paid(voucher=voucher)


def test_the_first_page_stands_beside_the_facts_and_all_pages_in_the_viewer(seat: Seat) -> None:
    show(seat, cases.paid(voucher=cases.voucher()))
    panel = seat.window.body.middle.record.voucher
    assert seat.out.books.asked == [("page", 1)], "the second page when somebody looks"
    assert not panel.thumb.image().isNull()
    panel.view_button.click()
    viewer = seat.window.popups.viewer
    assert seat.out.books.asked == [("page", 1), ("page", 2)]
    assert viewer.current() == "voucher1"
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_2):
        QTest.keyClick(viewer, key)
        assert viewer.current() == "voucher2"
    viewer.view.zoom_by(2)
    assert viewer.view.zoom == 2
    viewer.close_viewer()
    panel.view_button.click()
    assert len(seat.out.books.asked) == 2, "pages are fetched once"


def test_a_page_that_cannot_be_had_is_told(seat: Seat) -> None:
    seat.out.books.png = b""
    seat.out.books.count = 0
    show(seat, cases.paid(voucher=cases.voucher()))
    seat.window.actions_.do("view_voucher")
    assert not seat.window.popups.open_above()


def test_a_reprint_asks_why_and_opens_the_copy(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opener(url: QUrl) -> bool:
        opened.append(url.fileName())
        return True

    monkeypatch.setattr(seat.window.parts.voucher, "_opener", opener)
    show(seat, cases.paid(voucher=cases.voucher()))
    seat.window.actions_.do("reprint")
    assert seat.window.alerts.dialog is not None
    seat.window.alerts.dialog.choose("asked_for")
    sent = seat.out.store.sent[-1]
    assert (sent.suffix, sent.body.reason) == ("voucher/reprint", "asked_for")
    assert sent.on_ok is not None
    sent.on_ok(copied("reprint", 2))
    assert ("copy", 2) in seat.out.books.asked
    assert opened == ["V-0312-0051-2.pdf"]


def test_a_void_voucher_looks_void(seat: Seat) -> None:
    show(seat, cases.paid(voucher=cases.voucher()))
    seat.window.actions_.do("void_voucher")
    assert seat.window.alerts.dialog is not None
    seat.window.alerts.dialog.choose("wrong")
    assert seat.out.store.sent[-1].suffix == "voucher/void"
    show(seat, copied("void"))
    panel = seat.window.body.middle.record.voucher
    assert panel._tag.text() == "已作废"


def test_no_reason_no_paper(seat: Seat) -> None:
    show(seat, cases.paid(voucher=cases.voucher()))
    before = len(seat.out.store.sent)
    for act in ("reprint", "void_voucher"):
        seat.window.actions_.do(act)
        assert seat.window.alerts.dialog is not None
        seat.window.alerts.dialog.choose("stay")
    assert len(seat.out.store.sent) == before


# --- registers --------------------------------------------------------------------------------------------------


def page(*numbers: int, before: int | None = None) -> RegisterPage:
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    rows = [
        RegisterRow(sequence=n, at=at, kind="seal.used", who="T-03", branch="青禾支行", subject=f"V-{n}",
                    case_number="1122-0047", details={"text": "voucher", "place": "branch", "digest": "f" * 64})
        for n in numbers
    ]  # fmt: skip
    return RegisterPage(rows=rows, before=before)


def said(view: RegistersView, column: int) -> list[str]:
    cells = [row.cells[column] for row in view.table.table_model.rows]
    return [str(cell.words) for cell in cells if isinstance(cell, Cell)]


@pytest.fixture
def view(seat: Seat) -> RegistersView:
    seat.window.actions_.do("registers")
    return seat.window.popups.registers


def subjects(view: RegistersView) -> list[str]:
    return [str(row.cells[3]) for row in view.table.table_model.rows]


def test_registers_are_searched_page_by_page(seat: Seat, view: RegistersView) -> None:
    books = seat.out.books

    def asked() -> tuple[object, ...]:
        return books.asked[-1]

    assert asked() == ("lines", "seals", "", True, None)
    books.waiting[-1][0](page(9, 8, before=8))
    assert subjects(view) == ["V-9", "V-8"]
    assert said(view, 5) == ["凭证 · 网点章"] * 2, "no digests, no codes"
    seat.window.kit.language.set_current("en")
    assert said(view, 5) == ["voucher · branch's seal"] * 2
    seat.window.kit.language.set_current("zh")
    view.more.click()
    assert asked() == ("lines", "seals", "", True, 8)
    books.waiting[-1][0](page(7))
    assert subjects(view) == ["V-9", "V-8", "V-7"]
    assert not view.more.isEnabled()
    view.search.setText(" V-7 ")
    view.search.returnPressed.emit()
    assert asked() == ("lines", "seals", "V-7", True, None)
    view.period.segment("all").click()
    assert asked() == ("lines", "seals", "V-7", False, None)


def test_a_late_answer_to_an_earlier_question_is_dropped(seat: Seat, view: RegistersView) -> None:
    books = seat.out.books
    view.register.segment("papers").click()
    books.waiting[1][0](page(2))
    books.waiting[0][0](page(1))
    assert subjects(view) == ["V-2"]


def test_a_search_is_taken_out_as_a_file(seat: Seat, view: RegistersView, tmp_path: Path) -> None:
    registers = seat.window.parts.books.registers
    registers._folder = tmp_path / "downloads"
    told: list[str] = []
    registers.saved.connect(told.append)
    for form in ("csv", "xlsx"):
        button = view.findChild(type(view.more), f"registers.{form}")
        assert button is not None
        button.click()
        button.click()
    written = sorted(str(path) for path in registers._folder.iterdir())
    assert written == sorted(told)
    assert len(written) == 4, "nothing is overwritten"
    assert all(path.endswith((".csv", ".xlsx")) for path in written)


def test_a_refused_export_is_told_where_it_was_asked(seat: Seat, view: RegistersView) -> None:
    seat.out.books.exported = UserError("register.too_many_lines", limit=50_000)
    view.export.emit("csv")
    assert "50000" in view.note.text() or "50,000" in view.note.text()
    view.close_view()


def test_a_file_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^register\.not_saved$"):
        save_file(tmp_path / "nowhere", "a.csv", b"x")
    assert save_file(tmp_path, "a.csv", b"x").name == "a.csv"
    assert save_file(tmp_path, "a.csv", b"y").name == "a-2.csv"


def test_the_search_box_is_named(view: RegistersView) -> None:
    box = view.findChild(QLineEdit, "registers.search")
    assert box is not None
    assert box.accessibleName()


def offered(sequence: int, kind: str, to: str) -> RegisterRow:
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    details = {"to": to, "item": "ukey", "serials": "100–110", "count": 11}
    return RegisterRow(sequence=sequence, at=at, kind=kind, who="T-05", branch="青禾支行", subject="JJ-000001",
                       details=details)  # fmt: skip


def test_a_spoilt_key_item_is_registered_from_the_window(seat: Seat) -> None:
    view = registers(seat, "items")
    view.entry.act.setCurrentIndex(view.entry.act.findData("voided"))
    view.entry.write.click()
    assert ("write", "items", {}) not in seat.out.books.asked, "a number is asked for first"
    QTest.keyClicks(view.entry.first, "900100")
    QTest.keyClicks(view.entry.remark, "U dun")
    view.entry.write.click()
    written = {"item": "ukey", "act": "voided", "first": "900100", "note": "U dun"}
    assert ("write", "items", written) in seat.out.books.asked
    assert (view.entry.first.text(), view.note.text()) == ("", "已登记")


def test_what_was_handed_to_me_waits_for_my_word_and_nobody_elses(seat: Seat) -> None:
    view = registers(seat, "handovers")
    page = RegisterPage(rows=[offered(3, "handover.offered", "T-05"), offered(2, "handover.offered", cases.ME)])
    view.show_rows(page.rows[:1], loaded=True, more=False)
    view.table.choose("3")
    assert not view.entry.accept.isVisible()
    view.show_rows(page.rows[1:], loaded=True, more=False)
    view.table.choose("2")
    assert view.entry.accept.isVisible()
    view.entry.accept.click()
    assert ("write", "handovers/JJ-000001/answer", {"accepted": True}) in seat.out.books.asked


def test_permissions_to_seal_can_be_looked_up(seat: Seat) -> None:
    view = registers(seat, "permissions")
    assert view.table.model().rowCount() == 1
    assert not view.entry.isVisible()


def registers(seat: Seat, register: str) -> RegistersView:
    seat.window.actions_.do("registers")
    view = seat.window.popups.registers
    view.register.segment(register).click()
    seat.paint()
    return view
