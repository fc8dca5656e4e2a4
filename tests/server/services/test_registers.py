"""The registers: found again, taken out as files no spreadsheet can be tricked with, read only by whom they concern."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.errors import UserError
from common.wire.registers import HandoverAnswer, HandoverOffer, ItemEntry, RegisterRow
from common.wire.sessions import Role
from server.services.register_sheets import HEADS, KIND_WORDS, Sheet, as_csv, as_xlsx
from server.services.registers import Asked
from teller.registers import KINDS, Register, Serials, scope
from tests.fakes.counter import Counter, new_key


def receive(counter: Counter, first: str, last: str | None = None, note: str = "") -> RegisterRow:
    body = ItemEntry(item="ukey", act="received", first=first, last=last, note=note)
    return counter.services.registers.item(new_key(), counter.teller, body)


def found(counter: Counter, register: Register = Register.ITEMS, **asked: object) -> list[str]:
    page = counter.services.registers.page(counter.teller, register, Asked(**asked), None, 50)  # type: ignore[arg-type]
    return [row.subject for row in page.rows]


def test_lines_are_found_by_any_part_and_by_day(counter: Counter) -> None:
    receive(counter, "UK0001", "UK0100")
    receive(counter, "UK0500", note="100%_spare")
    today = counter.parts.today()
    assert found(counter) == ["UK0500", "UK0001–UK0100"]
    assert found(counter, text="0001") == ["UK0001–UK0100"]
    assert found(counter, text="%_sp") == ["UK0500"], "no wildcard of the database"
    assert found(counter, text="%") == ["UK0500"]
    assert found(counter, text="nothing") == []
    assert len(found(counter, since=today, until=today)) == 2
    assert found(counter, until=today - timedelta(days=1)) == []
    assert found(counter, Register.SEALS) == []


def test_pages_follow_each_other_without_gap(counter: Counter) -> None:
    for number in range(7):
        receive(counter, f"UK{number}")
    seen: list[str] = []
    before = None
    while True:
        page = counter.services.registers.page(counter.teller, Register.ITEMS, Asked(), before, 3)
        seen += [row.subject for row in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == [f"UK{number}" for number in reversed(range(7))]


def test_a_handover_needs_both(counter: Counter) -> None:
    book, other = counter.services.registers, counter.person("T-05")
    offer = book.offer(new_key(), counter.teller, HandoverOffer(to="T-05", item="till_key", first="K7"))
    assert (offer.kind, offer.details["to"]) == ("handover.offered", "T-05")
    yes = HandoverAnswer(accepted=True)
    for who, reference, code in (
        (counter.teller, offer.subject, "handover.forbidden"), (other, "JJ-999999", "handover.not_found"),
    ):  # fmt: skip
        with pytest.raises(UserError) as refused:
            book.answer(new_key(), who, reference, yes)
        assert refused.value.code == code
    answered = book.answer(new_key(), other, offer.subject, yes)
    assert (answered.kind, answered.who, answered.details["from"]) == ("handover.accepted", "T-05", "T-03")
    with pytest.raises(UserError, match=r"^handover\.decided$"):
        book.answer(new_key(), other, offer.subject, HandoverAnswer(accepted=False))
    for nobody in ("T-99", "T-03", "K-02"):
        with pytest.raises(UserError, match=r"^handover\.unknown_person$"):
            book.offer(new_key(), counter.teller, HandoverOffer(to=nobody, item="card", first="1"))


def test_taking_a_register_out_is_registered(counter: Counter) -> None:
    receive(counter, "UK0001")
    data = counter.services.registers.export(counter.teller, Register.ITEMS, Asked(), "csv")
    assert b"UK0001" in data
    with counter.database.read() as unit:
        (line,) = unit.registers.about("items", ("register.exported",))
    assert (line.who, line.data["rows"], line.data["form"]) == ("T-03", 1, "csv")


def test_a_teller_reads_his_own_branch_only(counter: Counter) -> None:
    receive(counter, "UK0001")
    stranger = replace(counter.teller, branch="别的支行")
    page = counter.services.registers.page(stranger, Register.ITEMS, Asked(), None, 50)
    assert page.rows == []
    with pytest.raises(UserError, match=r"^register\.forbidden$"):
        counter.services.registers.page(counter.teller, Register.ITEMS, Asked(branch="别的支行"), None, 50)
    all_of_them = counter.services.registers.page(counter.authoriser, Register.ITEMS, Asked(), None, 50)
    assert [row.subject for row in all_of_them.rows] == ["UK0001"]
    with pytest.raises(UserError, match=r"^register\.forbidden$"):
        scope(Role.KIOSK, "", None)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("UK0001", "UK0100", 100), ("7", "7", 1), ("A9", "A9", 1), ("009", "010", 2), ("A1", "B2", 0), ("5", "4", 0),
     ("9", "10", 0), ("1", "200001", 0), ("000000", "100000", 0), ("A", "B", 0)],
)  # fmt: skip
def test_serials_are_a_rising_run(first: str, last: str, count: int) -> None:
    if count:
        assert Serials(first, last).count == count
    else:
        with pytest.raises(UserError, match=r"^register\.bad_serials$"):
            Serials(first, last)


EVIL = st.text(max_size=20) | st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "=cmd|' /C calc'!A0", "\x00\x1b", "￾"]
)


@given(subject=EVIL, note=EVIL)
def test_no_text_becomes_a_formula(subject: str, note: str) -> None:
    at = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
    row = RegisterRow(
        sequence=1, at=at, kind="item.received", who="T-03", branch="青禾支行", subject=subject, details={"note": note}
    )
    sheet = Sheet("items", [row], UTC)
    (heads, cells) = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))
    assert tuple(heads) == HEADS
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    page = load_workbook(io.BytesIO(as_xlsx(sheet))).active
    assert page is not None
    assert [cell.value for cell in page[1]] == list(HEADS)
    assert {cell.data_type for cell in page[2]} <= {"s", "inlineStr", "n", "d"}, "no formula (f)"


@pytest.mark.parametrize("register", Register)
def test_every_kind_of_line_has_words_in_the_file(register: Register) -> None:
    assert [kind for kind in KINDS[register] if kind not in KIND_WORDS] == []
