"""From a voucher to pages: what stands where on A4. Pure; widths come from a measuring function."""

from datetime import timedelta, timezone

import segno

from server.vouchers import flow
from server.vouchers.page import A4, Area, Box, Cells, Document, Ink, Line, Page, SealStrip, Text
from server.vouchers.sheet import BODY, BRAND, DEEP, FEET, FORM, GROUND, LEFT, RIGHT, RULE, SOFT, WATER, Measure, Sheet
from teller.seals import MarkKind, PaperMark
from teller.vouchers import Signature, Voucher, digest, grouped_code, short_digest

CHINA = timezone(timedelta(hours=8))
SEAL_SIZE = 42.0
SEAM_SIZE, SEAM_TOP = 32.0, 150.0
MARKED = "#B3261E"
_CELLS = ((20.0, 52.0), (75.0, 41.0), (119.0, 38.0), (160.0, 32.0))


def lay_out(voucher: Voucher, public_url: str, measure: Measure, mark: PaperMark | None = None) -> Document:
    """Arrange a voucher. The last page carries signature, seal and verification; long forms take more pages.

    More than one page: a seal across them all. ``mark``: a copy or a void one, said on every page.
    """
    first = Sheet(measure)
    _watermark(first, voucher)
    _head(first, voucher)
    _particulars(first, voucher)
    _amount(first, voucher)
    sheets = flow.fill(first, voucher, measure, lambda: _continued(voucher, measure))
    last = sheets[-1]
    _confirmation(last, voucher)
    seal = Area(len(sheets) - 1, 104.0, FEET + 3.0, SEAL_SIZE, SEAL_SIZE)
    _seal_place(last, seal)
    _verification(last, voucher, public_url)
    _evidence(last, voucher)
    for number, sheet in enumerate(sheets, start=1):
        _foot(sheet, voucher, number, len(sheets))
        if len(sheets) > 1:
            sheet.marks.append(_seam(number - 1, len(sheets)))
        if mark is not None:
            _mark(sheet, mark)
    return Document(tuple(Page(tuple(sheet.marks)) for sheet in sheets), seal)


def _watermark(sheet: Sheet, voucher: Voucher) -> None:
    if not voucher.specimen:
        return
    for row in range(6):
        for column in range(2):
            x, y = 22 + column * 100 + (row % 2) * 26, 66 + row * 44
            sheet.marks.append(Text(x, y, "样本 SPECIMEN", 23, WATER, bold=True, angle=28, artwork=True))


def _seam(page: int, pages: int) -> SealStrip:
    """The cross-page seal (骑缝章): laid over each other a little shifted, the pages show the whole seal."""
    width = SEAM_SIZE / pages
    edge = A4[0] - width
    return SealStrip(edge - page * width, SEAM_TOP, SEAM_SIZE, (edge, SEAM_TOP, width, SEAM_SIZE))


def _mark(sheet: Sheet, mark: PaperMark) -> None:
    moment = mark.at.astimezone(CHINA)
    words = f"{mark.words.zh} {mark.words.en}"
    if mark.kind is MarkKind.VOID:
        for y in (118.0, 230.0):
            sheet.marks.append(Text(48, y, words, 66, MARKED, bold=True, angle=30, artwork=True, outline=1.1))
    else:
        words += f" No. {mark.ordinal}"
    sheet.marks.append(Box(62, 4.4, 86, 7.2, "#FFFFFF", MARKED, 0.5, 1.2))
    text = f"{words}  ·  {moment:%Y-%m-%d %H:%M} +08:00  ·  {mark.who}"
    sheet.text(A4[0] / 2, 9.3, text, 8.4, MARKED, bold=True, at="centre", room=82)


def _head(sheet: Sheet, voucher: Voucher) -> None:
    _emblem(sheet, LEFT, 13.5)
    sheet.text(31.5, 19.6, voucher.bank.zh, 15, DEEP, bold=True, room=90)
    sheet.text(31.6, 24.6, voucher.bank.en, 8, SOFT, room=90)
    sheet.text(RIGHT, 18.6, "电子凭证  ELECTRONIC VOUCHER", 8, BRAND, bold=True, at="right")
    sheet.text(RIGHT, 24.6, f"No. {voucher.number}", 9, BODY, at="right", room=68)
    sheet.marks.append(Box(LEFT, 28.6, FORM, 0.9, BRAND))
    sheet.text(A4[0] / 2, 41.0, f"{voucher.scenario_title.zh}凭证", 18, DEEP, bold=True, at="centre", room=FORM)
    sheet.text(A4[0] / 2, 46.6, f"{voucher.scenario_title.en} voucher", 9, SOFT, at="centre", room=FORM)


def _emblem(sheet: Sheet, x: float, y: float) -> None:
    """The bank's sign: a counter with its window."""
    sheet.marks.append(Box(x, y, 12, 12, BRAND, radius=2.4))
    sheet.marks.append(Box(x + 2.6, y + 2.6, 6.8, 4.4, None, "#FFFFFF", 0.7, 0.8))
    sheet.marks.append(Line(x + 6, y + 2.8, x + 6, y + 6.8, 0.6, "#FFFFFF"))
    sheet.marks.append(Box(x + 1.8, y + 8.2, 8.4, 1.5, "#FFFFFF", radius=0.5))


def _particulars(sheet: Sheet, voucher: Voucher) -> None:
    moment = voucher.occurred_at.astimezone(CHINA)
    rows = (
        (
            ("日期时间 Date, time", f"{moment:%Y-%m-%d %H:%M:%S} +08:00"),
            ("业务单号 Case", voucher.case_number),
            ("网点 Branch", voucher.branch.zh),
            ("设备 Machine", voucher.machine),
        ),
        (
            ("户名 Customer", voucher.customer_name),
            ("账号 Account", voucher.account),
            ("柜员 Teller", voucher.teller_number),
            ("授权 Authorised by", voucher.authoriser_number or "—"),
        ),
    )
    sheet.marks.append(Box(LEFT, 51.5, FORM, 24.6, GROUND, RULE, 0.2, 1.6))
    for row, cells in enumerate(rows):
        for (x, room), (label, value) in zip(_CELLS, cells, strict=True):
            sheet.text(x, 57.2 + row * 11.2, label, 6.8, SOFT)
            sheet.text(x, 62.4 + row * 11.2, value, 9, room=room)


def _amount(sheet: Sheet, voucher: Voucher) -> None:
    top = sheet.y = 80.0
    if not voucher.amount_minor:
        return
    sheet.marks.append(Box(LEFT, top, FORM, 18.5, None, RULE, 0.2, 1.6))
    sheet.marks.append(Box(LEFT, top, 1.6, 18.5, BRAND))
    sheet.text(21, top + 5.4, "金额 Amount", 6.8, SOFT)
    sheet.text(21, top + 13.8, f"{voucher.currency} {voucher.amount_figures}", 18, DEEP, bold=True, room=78)
    sheet.text(104, top + 5.4, "大写 In capitals", 6.8, SOFT)
    sheet.text(104, top + 13.2, voucher.amount_capitals, 13, DEEP, bold=True, room=RIGHT - 4 - 104)
    sheet.y = top + 23.0


def _continued(voucher: Voucher, measure: Measure) -> Sheet:
    sheet = Sheet(measure, y=32.0)
    _watermark(sheet, voucher)
    sheet.text(LEFT, 20, f"{voucher.bank.zh}  {voucher.scenario_title.zh}凭证（续）", 10, DEEP, bold=True, room=105)
    sheet.text(RIGHT, 20, f"No. {voucher.number}", 9, BODY, at="right", room=68)
    sheet.marks.append(Box(LEFT, 24, FORM, 0.6, BRAND))
    return sheet


def _confirmation(sheet: Sheet, voucher: Voucher) -> None:
    sheet.marks.append(Box(LEFT, FEET, 84, 48, None, RULE, 0.2, 1.6))
    sheet.text(20, FEET + 5.6, "客户确认并签名", 8.5, DEEP, bold=True)
    sheet.text(46, FEET + 5.6, "Confirmed and signed by the customer", 6.8, SOFT)
    sheet.text(20, FEET + 10.2, "本人已在设备上核对并确认以上内容。", 7.4, BODY)
    sheet.marks.append(Line(20, FEET + 39.6, 96, FEET + 39.6, 0.2, SOFT, 1.0))
    if voucher.signature is not None:
        sheet.marks.append(_ink(voucher.signature, 22, FEET + 13, 72, 25.5))
    sheet.text(20, FEET + 44.2, f"确认摘要 Summary SHA-256  {short_digest(voucher.summary_digest, 6)}", 6.4, SOFT)


def _ink(signature: Signature, x: float, y: float, width: float, height: float) -> Ink:
    """Fit the whole writing area into a box, so that size and place of the writing stay true to each other."""
    scale = min(width / signature.width, height / signature.height)
    left = x + (width - signature.width * scale) / 2
    top = y + (height - signature.height * scale) / 2
    strokes = tuple(
        tuple(
            (
                round(left + min(max(px, 0), signature.width) * scale, 2),
                round(top + min(max(py, 0), signature.height) * scale, 2),
            )
            for px, py in stroke
        )
        for stroke in signature.strokes
    )
    return Ink(strokes, 0.55, "#0B1F4B")


def _seal_place(sheet: Sheet, seal: Area) -> None:
    sheet.text(seal.x + seal.width / 2, seal.y + seal.height + 3.4, "电子印章 Electronic seal", 6.4, SOFT, at="centre")


def _verification(sheet: Sheet, voucher: Voucher, public_url: str) -> None:
    code = segno.make_qr(f"{public_url.rstrip('/')}/verify/{voucher.code}", error="m", boost_error=False)
    rows = tuple(tuple(bool(cell) for cell in row) for row in code.matrix)
    side = 31.0
    sheet.marks.append(Box(150, FEET, 44, 48, None, RULE, 0.2, 1.6))
    sheet.marks.append(Cells(156.5, FEET + 3.0, side / len(rows), rows, DEEP))
    sheet.text(172, FEET + 38.2, "验证码 Verification code", 6.4, SOFT, at="centre")
    sheet.text(172, FEET + 44.2, grouped_code(voucher.code), 12, DEEP, bold=True, at="centre")


def _evidence(sheet: Sheet, voucher: Voucher) -> None:
    if not voucher.evidence:
        return
    top = FEET + 53.4
    sheet.text(LEFT, top, "随附资料 Evidence (SHA-256)", 6.8, SOFT, bold=True)
    shown = voucher.evidence if len(voucher.evidence) <= 8 else voucher.evidence[:7]
    for number, piece in enumerate(shown):
        x, y = LEFT + (number % 2) * 90, top + 4.2 + number // 2 * 3.8
        sheet.text(x, y, f"{piece.name_zh} {piece.name_en}", 6.4, SOFT, room=44)
        sheet.text(x + 46, y, short_digest(piece.digest), 6.4, SOFT)
    if len(shown) < len(voucher.evidence):
        sheet.text(LEFT + 90, top + 15.6, f"另 {len(voucher.evidence) - len(shown)} 项 more", 6.4, SOFT)


def _foot(sheet: Sheet, voucher: Voucher, number: int, count: int) -> None:
    sheet.marks.append(Line(LEFT, 281, RIGHT, 281, 0.2, RULE))
    sheet.text(LEFT, 285.2, "本凭证经电子签名，任何改动都会使其失效。", 6.6, SOFT)
    sheet.text(LEFT, 288.8, "Digitally sealed (PAdES): any change makes this voucher invalid.", 6.6, SOFT)
    sheet.text(RIGHT, 285.2, f"凭证摘要 Digest {short_digest(digest(voucher), 4)}", 6.6, SOFT, at="right")
    sheet.text(RIGHT, 288.8, f"第 {number} 页 / 共 {count} 页   Page {number} of {count}", 6.6, SOFT, at="right")
