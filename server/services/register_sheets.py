"""A register as a file for a spreadsheet: CSV (RFC 4180, UTF-8 with byte order mark) or XLSX (ECMA-376).

What people wrote may begin with ``=``, ``+``, ``-`` or ``@``, which a spreadsheet would take for a formula
("CSV injection"). In CSV such a text gets an apostrophe in front; in XLSX it is a text by its type.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from common.wire.registers import RegisterRow
from teller.vouchers import Words

HEADS = ("序号 No.", "时间 Time", "事项 What", "工号 Who", "网点 Branch", "对象 Subject", "受理单 Case", "内容 Details")
WIDTHS = (8, 20, 30, 10, 14, 26, 14, 80)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
KIND_WORDS = {
    "seal.used": Words("用印", "Seal used"),
    "seal.permission": Words("用印权限变更", "Permission to seal set"),
    "item.received": Words("领入", "Items received"),
    "item.issued": Words("发出", "Items issued"),
    "item.used": Words("使用", "Items used"),
    "item.voided": Words("作废", "Items voided"),
    "item.returned": Words("交回", "Items returned"),
    "handover.offered": Words("交出", "Handed over"),
    "handover.accepted": Words("接收", "Accepted"),
    "case.taken_over": Words("接手业务", "Case taken over"),
    "handover.refused": Words("拒收", "Refused"),
    "voucher.reprinted": Words("凭证补打", "Voucher reprinted"),
    "voucher.voided": Words("凭证作废", "Voucher voided"),
    "verification.asked": Words("联网核查", "Authority asked"),
    "verification.forgotten": Words("核查结果到期删除", "Kept answers deleted"),
    "pii.shown": Words("查看掩码信息", "Covered fact looked at"),
    "face.contradicted": Words("人脸比对结果不一致", "Face comparisons disagree"),
    "face.alarm": Words("人脸警报", "Face alarm"),
    "face.look_by_person": Words("人工看本人", "Customer looked at by the teller"),
    "face.compared_by_person": Words("人工比对人脸", "Face compared by the teller"),
    "face.liveness": Words("活体检测", "Liveness check"),
    "face.film": Words("活体影像复核", "Film of the liveness check"),
    "face.kept": Words("留存照片", "Portrait kept"),
    "face.let_go": Words("删除留存照片", "Kept portrait deleted"),
    "capture.opened": Words("请客户用手机拍照", "Customer's phone asked for a picture"),
    "capture.taken_back": Words("收回手机拍照", "Link for the phone taken back"),
    "capture.taken": Words("收到手机照片", "Picture from the customer's phone"),
    "evidence.doubted": Words("疑似非原件", "Original doubted"),
    "evidence.removed": Words("影像删除", "Picture removed"),
    "item.retained": Words("收回", "Items kept back"),
    "machine.ordered": Words("远程操作", "Machine ordered"),
    "machine.order_ended": Words("远程操作结果", "Order ended"),
    "passbook.printed": Words("存折打印", "Passbook printed"),
    "voucher.printed": Words("凭证打印", "Voucher printed at the machine"),
    "suspense.proposed": Words("挂账：提出处理", "Suspense: proposed"),
    "suspense.closed": Words("挂账：处理入账", "Suspense: closed"),
    "suspense.refused": Words("挂账：退回", "Suspense: sent back"),
    "suspense.later": Words("挂账：机器后报", "Suspense: machine said later"),
    "note.returned": Words("可疑币退还客户", "Suspect note given back"),
    "note.held": Words("可疑币另放待验", "Suspect note held apart"),
    "note.series": Words("可疑币成批", "Series of suspect notes"),
    "evidence.viewed": Words("查看影像", "Picture viewed"),
    "voucher.viewed": Words("查看凭证", "Voucher viewed"),
    "appointment.booked": Words("预约", "Call booked"),
    "appointment.kept": Words("预约履行", "Call held"),
    "appointment.missed": Words("预约爽约", "Call missed"),
    "appointment.moved": Words("改约", "Call moved"),
    "willingness.passed": Words("意愿通过", "Wish confirmed"),
    "willingness.failed": Words("意愿不通过", "Wish refused"),
    "agent.recorded": Words("授权登记", "Handler recorded"),
    "agent.ended": Words("授权撤销", "Handler withdrawn"),
    "company.opened": Words("单位开户", "Company account opened"),
    "company.refused": Words("拒绝单位开户", "Company account not opened"),
    "company.review_due": Words("单位待年检", "Company review due"),
    "company.reviewed": Words("单位已年检", "Company reviewed"),
    "company.suspended": Words("单位暂停业务", "Company suspended"),
}
Value = int | str | datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines of one register; times are shown in ``zone``."""

    name: str
    rows: Sequence[RegisterRow]
    zone: tzinfo

    def values(self) -> Iterator[tuple[Value, ...]]:
        """Cells of each line."""
        for row in self.rows:
            words = KIND_WORDS.get(row.kind, Words(row.kind, row.kind))
            details = "; ".join(f"{name}={value}" for name, value in row.details.items() if value not in (None, ""))
            yield (
                row.sequence, row.at.astimezone(self.zone), f"{words.zh} {words.en}", row.who, row.branch,
                row.subject, row.case_number or "", details,
            )  # fmt: skip


def _plain(text: str) -> str:
    """Without control characters, which neither format may hold."""
    return "".join(each if each.isprintable() else " " for each in text)


def as_csv(sheet: Sheet) -> bytes:
    """The register as CSV."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(HEADS)
    for values in sheet.values():
        writer.writerow([_csv_cell(value) for value in values])
    return output.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int):
        return str(value)
    return f"'{_plain(value)}" if value.startswith(_FORMULA) else _plain(value)


def as_xlsx(sheet: Sheet) -> bytes:
    """The register as a workbook of one sheet."""
    from openpyxl import Workbook  # an export is rare; a server's start need not wait for it

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGH", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.append([_xlsx_cell(page, head, bold=True) for head in HEADS])
    for values in sheet.values():
        page.append([_xlsx_cell(page, value) for value in values])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _xlsx_cell(page: object, value: Value, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, value.replace(tzinfo=None, microsecond=0))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, int):
        return WriteOnlyCell(page, value)
    cell = WriteOnlyCell(page, _plain(value))
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_FORMULA)
    if bold:
        cell.font = Font(bold=True)
    return cell
