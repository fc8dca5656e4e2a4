"""The voucher's form: its lines, then a block for each transaction, over as many pages as they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from server.vouchers.page import POINT, Box, Line
from server.vouchers.sheet import (
    BODY,
    BRAND,
    DEEP,
    END,
    FEET,
    FORM,
    GROUND,
    LEFT,
    RIGHT,
    RULE,
    SOFT,
    Measure,
    Sheet,
    wrap,
)
from teller.vouchers import Voucher, VoucherBlock, VoucherLine

_ROW = 7.4
_HALF_ROW = 6.2
_HEAD = 8.6
_LABELS = 62.0
_HALF = FORM / 2
_HALF_LABEL = 38.0
_HALF_ROOM = _HALF - _HALF_LABEL - 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never broken over two pages."""

    height: float
    draw: Callable[[Sheet], None]


def fill(first: Sheet, voucher: Voucher, measure: Measure, more: Callable[[], Sheet]) -> list[Sheet]:
    """Set the form; the feet stay free on the last page. ``more`` begins a further page."""
    pieces = [_line(line, measure) for line in voucher.lines]
    for number, block in enumerate(voucher.blocks, start=1):
        pieces += _block(number, block, measure)
    sheets = [first]
    left = sum(piece.height for piece in pieces)
    for piece in pieces:
        sheet = sheets[-1]
        fits_all = sheet.y + left <= FEET - 2
        last = left - piece.height < 0.01
        if sheet.y + piece.height > (FEET - 2 if fits_all or last else END):
            sheet = more()
            sheets.append(sheet)
        piece.draw(sheet)
        sheet.y += piece.height
        left -= piece.height
    return sheets


def _line(line: VoucherLine, measure: Measure) -> _Piece:
    value = wrap(line.value, (FORM - _LABELS - 4) / (9 * POINT), measure)
    height = _ROW + (len(value) - 1) * 4.6
    return _Piece(height, partial(_draw_line, line, value, height))


def _draw_line(line: VoucherLine, value: Sequence[str], height: float, sheet: Sheet) -> None:
    sheet.text(LEFT + 4, sheet.y + 4.9, line.label_zh, 9, SOFT, room=26)
    sheet.text(LEFT + 31, sheet.y + 4.9, line.label_en, 7, SOFT, room=30)
    for number, part in enumerate(value):
        sheet.text(LEFT + _LABELS, sheet.y + 4.9 + number * 4.6, part, 9)
    sheet.marks.append(Line(LEFT, sheet.y + height, RIGHT, sheet.y + height, 0.15, RULE))


def _block(number: int, block: VoucherBlock, measure: Measure) -> list[_Piece]:
    """Title and first row stay together; short lines stand two in a row."""
    rows = list(_rows(block.lines, measure))
    head = partial(_draw_head, number, block)
    if not rows:
        return [_Piece(_HEAD + 1.0, head)]
    first, *others = rows

    def begin(sheet: Sheet) -> None:
        head(sheet)
        sheet.y += _HEAD
        first.draw(sheet)
        sheet.y -= _HEAD

    return [_Piece(_HEAD + first.height, begin), *others]


def _rows(lines: Sequence[VoucherLine], measure: Measure) -> list[_Piece]:
    rows: list[_Piece] = []
    waiting: VoucherLine | None = None
    for line in lines:
        if measure(line.value, False) * 8.4 * POINT > _HALF_ROOM:
            if waiting is not None:
                rows.append(_Piece(_HALF_ROW, partial(_draw_halves, (waiting,))))
                waiting = None
            rows.append(_line(line, measure))
        elif waiting is None:
            waiting = line
        else:
            rows.append(_Piece(_HALF_ROW, partial(_draw_halves, (waiting, line))))
            waiting = None
    if waiting is not None:
        rows.append(_Piece(_HALF_ROW, partial(_draw_halves, (waiting,))))
    return rows


def _draw_head(number: int, block: VoucherBlock, sheet: Sheet) -> None:
    top = sheet.y + 1.6
    sheet.marks.append(Box(LEFT, top, FORM, _HEAD - 2.2, GROUND))
    sheet.marks.append(Box(LEFT, top, 0.9, _HEAD - 2.2, BRAND))
    sheet.text(LEFT + 4, top + 4.5, f"{number}", 8.6, BRAND, bold=True)
    sheet.text(LEFT + 11, top + 4.5, block.title.zh, 9, DEEP, bold=True, room=54)
    sheet.text(LEFT + 68, top + 4.5, block.title.en, 7.4, SOFT, room=66)
    if block.amount:
        sheet.text(RIGHT - 3, top + 4.5, block.amount, 9, DEEP, bold=True, at="right", room=38)


def _draw_halves(lines: Sequence[VoucherLine], sheet: Sheet) -> None:
    for column, line in enumerate(lines):
        x = LEFT + column * _HALF
        sheet.text(x + 4, sheet.y + 4.2, line.label_zh, 8.4, SOFT, room=17)
        sheet.text(x + 22, sheet.y + 4.2, line.label_en, 6.2, SOFT, room=15)
        sheet.text(x + _HALF_LABEL, sheet.y + 4.2, line.value, 8.4, BODY, room=_HALF_ROOM)
    sheet.marks.append(Line(LEFT, sheet.y + _HALF_ROW, RIGHT, sheet.y + _HALF_ROW, 0.1, RULE))
