"""Pages and receipts as data."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sample_voucher import SEALED_AT, make_voucher
from server.vouchers.fonts import Faces
from server.vouchers.layout import lay_out
from server.vouchers.page import A4, POINT, Document, Ink, SealStrip, Text
from server.vouchers.receipt import COLUMNS, columns, receipt_lines
from server.vouchers.sheet import wrap
from teller.seals import MarkKind, PaperMark
from teller.vouchers import Evidence, Signature, Voucher, VoucherBlock, VoucherLine, Words, grouped_code
from tests.server.vouchers.conftest import PUBLIC_URL

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def even(text: str, bold: bool) -> float:
    """A measure that needs no typeface: half an em for ASCII, one for the rest."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def texts(document: Document) -> list[list[Text]]:
    return [[mark for mark in page.marks if isinstance(mark, Text)] for page in document.pages]


@given(st.text("ab 中文，x-", max_size=80), st.integers(1, 12))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width, even)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(even(line, False) <= width or len(line) == 1 for line in lines)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (3, 1), (13, 1), (14, 2), (22, 2), (60, 3)])
def test_a_long_form_takes_more_pages_and_loses_nothing(count: int, pages: int) -> None:
    lines = tuple(VoucherLine(f"项{n}", f"Item {n}", f"值{n}") for n in range(count))
    document = lay_out(make_voucher(lines=lines), PUBLIC_URL, even)
    assert len(document.pages) == pages
    assert document.seal.page == pages - 1
    shown = [mark.text for page in texts(document) for mark in page]
    assert [text for text in shown if text.startswith("值")] == [line.value for line in lines]
    assert f"第 {pages} 页 / 共 {pages} 页   Page {pages} of {pages}" in shown


@pytest.mark.parametrize("count", [3, 14, 60])
def test_rows_stay_clear_of_each_other_and_of_the_feet(count: int) -> None:
    lines = tuple(VoucherLine(f"项{n}", "", f"值{n} " + "很长的内容" * (n % 3 * 12)) for n in range(count))
    document = lay_out(make_voucher(lines=lines), PUBLIC_URL, even)
    for number, page in enumerate(texts(document)):
        rows = [mark.y for mark in page if mark.text.startswith("项")]
        assert all(below - above >= 7 for above, below in pairwise(rows))
        bottom = document.seal.y - 3 if number == document.seal.page else 281
        assert all(y < bottom for y in rows)


def test_everything_is_on_the_paper() -> None:
    document = lay_out(make_voucher(), PUBLIC_URL, even)
    assert all(0 < mark.x <= A4[0] and 0 < mark.y < A4[1] for page in texts(document) for mark in page)


@given(text=st.text("W中", min_size=1, max_size=120))
def test_long_names_are_set_smaller_and_stay_on_the_paper(text: str) -> None:
    words = Words(text, text)
    voucher = make_voucher(
        bank=words, branch=words, scenario_title=words, customer_name=text, machine=text, amount_capitals=text,
        number=text, lines=(VoucherLine(text, text, text),), evidence=(Evidence(text, text, "0" * 64),),
    )  # fmt: skip
    for page in texts(lay_out(voucher, PUBLIC_URL, even)):
        for mark in (each for each in page if not each.artwork):
            width = even(mark.text, mark.bold) * mark.size * POINT
            left = mark.x - {"left": 0.0, "centre": 0.5, "right": 1.0}[mark.align] * width
            assert left > 15.9, mark
            assert left + width < 194.1, mark


def test_handwriting_outside_its_area_is_held_inside_the_box() -> None:
    wild = Signature("0" * 64, 100, 50, (((-900, 20), (5000, 9000)),))
    (ink,) = [m for m in lay_out(make_voucher(signature=wild), PUBLIC_URL, even).pages[0].marks if isinstance(m, Ink)]
    assert all(16 < x < 100 and 206 < y < 254 for stroke in ink.strokes for x, y in stroke)


def block(number: int, rows: int) -> VoucherBlock:
    lines = tuple(VoucherLine("项", "Item", f"值{number}.{row}") for row in range(rows))
    return VoucherBlock(Words(f"业务{number}", f"Business {number}"), lines, "CNY 1.00")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=24))
def test_every_transaction_has_its_block_with_its_title_on_the_same_page(rows: list[int]) -> None:
    blocks = tuple(block(number, count) for number, count in enumerate(rows))
    document = lay_out(make_voucher(blocks=blocks), PUBLIC_URL, even)
    pages = [[mark.text for mark in page if mark.text.startswith(("业务", "值"))] for page in texts(document)]
    flat = [text for page in pages for text in page]
    wanted = [text for number, one in enumerate(blocks) for text in (f"业务{number}", *(x.value for x in one.lines))]
    assert [text for text in flat if text != "业务单号 Case"] == wanted
    for number, count in enumerate(rows):
        home = next(page for page in pages if f"业务{number}" in page)
        assert count == 0 or f"值{number}.0" in home
    assert all(0 < mark.y < 281 for page in texts(document) for mark in page if mark.text.startswith("值"))


@pytest.mark.parametrize("count", [0, 14, 60])
def test_the_cross_page_seal_is_whole_when_the_pages_lie_over_each_other(count: int) -> None:
    lines = tuple(VoucherLine(f"项{n}", "", "值") for n in range(count))
    document = lay_out(make_voucher(lines=lines), PUBLIC_URL, even)
    strips = [mark for page in document.pages for mark in page.marks if isinstance(mark, SealStrip)]
    assert len(strips) == (len(document.pages) if len(document.pages) > 1 else 0)
    shown = [(strip.clip[0] - strip.x, strip.clip[0] - strip.x + strip.clip[2]) for strip in strips]
    assert all(after[0] == pytest.approx(before[1]) for before, after in pairwise(shown))
    assert all(strip.clip[0] + strip.clip[2] == pytest.approx(A4[0]) for strip in strips), "at the paper's edge"
    if strips:
        assert shown[0][0] == 0
        assert shown[-1][1] == pytest.approx(strips[0].size)


@pytest.mark.parametrize("kind", list(MarkKind))
def test_a_copy_and_a_void_voucher_say_so_on_every_page(kind: MarkKind) -> None:
    lines = tuple(VoucherLine(f"项{n}", "", "值") for n in range(20))
    mark = PaperMark(kind, 3, SEALED_AT, "T-05")
    document = lay_out(make_voucher(lines=lines), PUBLIC_URL, even, mark)
    words = {"reprint": "补打 REPRINT No. 3", "void": "作废 VOID"}[kind.value]
    assert len(document.pages) == 2
    for page in texts(document):
        assert any(text.text.startswith(words) and "T-05" in text.text for text in page)
        assert any(text.outline for text in page) is (kind is MarkKind.VOID)


def test_without_money_there_is_no_amount() -> None:
    shown = [mark.text for mark in texts(lay_out(make_voucher(amount_minor=0), PUBLIC_URL, even))[0]]
    assert not any("金额" in text for text in shown)
    assert not any("大写" in line for line in receipt_lines(make_voucher(amount_minor=0)))


def test_only_a_specimen_says_so() -> None:
    real = lay_out(make_voucher(specimen=False), PUBLIC_URL, even)
    assert any("SPECIMEN" in mark.text for mark in texts(lay_out(make_voucher(), PUBLIC_URL, even))[0])
    assert not any("SPECIMEN" in mark.text for mark in texts(real)[0])
    assert not any("SPECIMEN" in line for line in receipt_lines(make_voucher(specimen=False)))


@given(value=TEXTS, label=TEXTS, name=TEXTS)
def test_no_receipt_line_is_wider_than_the_paper(value: str, label: str, name: str) -> None:
    voucher = replace(make_voucher(lines=(VoucherLine(label, "", value),)), customer_name=name)
    assert all(columns(line) <= COLUMNS for line in receipt_lines(voucher, PUBLIC_URL))


def test_a_receipt_carries_what_the_customer_needs(voucher: Voucher) -> None:
    text = "\n".join(receipt_lines(voucher, PUBLIC_URL))
    for needed in ("示范银行", "现金取款", "CNY 20,000.00", "人民币贰万元整", grouped_code(voucher.code), "张*凡"):
        assert needed in text
    assert "6222021234561234" not in text


def test_the_typeface_measures_wide_and_narrow(faces: Faces) -> None:
    assert faces.regular.advance("中") == 1.0
    assert 0.3 < faces.regular.advance("a") < 0.7
    assert faces.regular.advance("中a") == pytest.approx(1.0 + faces.regular.advance("a"))
