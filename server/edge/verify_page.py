"""``/verify/{code}``: the public page behind the voucher's QR code. Anybody may ask; everything personal is masked.

``GET`` says what the voucher is; ``POST`` takes a PDF and says whether it is, byte for byte, a paper of that voucher.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from common.clock import Clock
from common.errors import ServiceError
from server.edge import verify_words as words
from server.edge.limits import Gate
from server.edge.uploads import uploaded_file
from server.edge.verify_words import Row, Saying, page
from server.services.papers import Published
from server.vouchers.comparison import Comparison, Likeness, compare
from server.vouchers.standby import verify_pdf
from teller.seals import MarkKind
from teller.vouchers import grouped_code, is_verification_code, mask_amount

if TYPE_CHECKING:
    from server.vouchers.verify import VerificationResult

log = logging.getLogger(__name__)

MAX_UPLOAD = 2 * 1024 * 1024
Find = Callable[[str], Published | None]

_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        },
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
    },
}


@dataclass(frozen=True)
class _Desk:
    """Looks vouchers up and compares files with them."""

    find: Find
    anchors: Sequence[Path]
    clock: Clock
    zone: tzinfo

    def answer(self, code: str, upload: bytes | None) -> HTMLResponse:
        digits = code.replace(" ", "").replace("-", "")
        if not is_verification_code(digits):
            return page(404, words.MISTYPED)
        try:
            found = self.find(digits)
        except ServiceError as error:
            if not error.code.startswith("evidence."):
                raise
            log.error("voucher not readable", extra={"code": error.code})
            return page(503, words.BROKEN)
        if found is None:
            return page(404, words.UNKNOWN)
        result = verify_pdf(found.pdf, self.anchors, self.clock)
        if not (result.ok and result.code == digits and result.digest == found.record.content_digest):
            log.error("archived voucher does not verify", extra={"number": found.record.number})
            return page(200, words.BROKEN)
        saying = words.VOID if found.void else words.GENUINE
        compared = None if upload is None else self._compared(found, digits, upload)
        return page(200, saying, _rows(found, result, self.zone), compared=compared, form=True)

    def _compared(self, found: Published, code: str, upload: bytes) -> Saying:
        papers = [found.pdf, *(copy.pdf for copy in found.copies)]
        outcome = compare(upload, papers, code, lambda data: verify_pdf(data, self.anchors, self.clock))
        return _likeness(outcome, found)


def router(find: Find, anchors: Sequence[Path], clock: Clock, zone: tzinfo) -> APIRouter:
    """The page.

    Args:
        find: the voucher of a code, or None.
        anchors: certificates of the bank that seals must lead to.
        zone: in which times are shown.
    """
    routes = APIRouter(tags=["public"])
    desk = _Desk(find, anchors, clock, zone)
    # Guessing codes is hopeless at this pace, and checking seals cannot be made to take the server down.
    asking, sending = Gate(clock, 10, 40), Gate(clock, 2, 10)

    @routes.get("/verify/{code}", response_class=HTMLResponse)
    def verify(code: str) -> HTMLResponse:
        return desk.answer(code, None) if asking.open() else page(429, words.TOO_MANY)

    @routes.post("/verify/{code}", response_class=HTMLResponse, openapi_extra={"requestBody": _BODY})
    async def compare_file(code: str, request: Request) -> HTMLResponse:
        if not sending.open():
            return page(429, words.TOO_MANY)
        body = await request.body()
        upload = uploaded_file(request.headers.get("content-type", ""), body)
        if upload is None:
            return page(400, words.NO_FILE)
        if len(upload) > MAX_UPLOAD:
            return page(413, words.TOO_LARGE)
        return await run_in_threadpool(desk.answer, code, upload)

    return routes


def _rows(found: Published, result: "VerificationResult", zone: tzinfo) -> Sequence[Row]:
    record, voucher = found.record, found.content
    amount = f"{voucher.currency} {mask_amount(voucher.amount_figures)}" if voucher.amount_minor else "—"
    rows = [
        ("业务", "Business", f"{voucher.scenario_title.zh} {voucher.scenario_title.en}"),
        ("银行网点", "Bank and branch", f"{voucher.bank.zh} {voucher.branch.zh}"),
        ("办理时间", "Done at", _moment(voucher.occurred_at, zone)),
        ("客户", "Customer", voucher.customer_name),
        ("账号", "Account", voucher.account or "—"),
        ("金额", "Amount", amount),
        *(("", "", f"{at}. {block.title.zh} {block.title.en}") for at, block in enumerate(voucher.blocks, start=1)),
        ("凭证号", "Number", record.number),
        ("验证码", "Verification code", grouped_code(record.code)),
        ("签章时间", "Sealed at", _moment(result.signed_at or record.sealed_at, zone)),
        ("签章", "Sealed by", result.signed_by or ""),
        ("文件摘要 SHA-256", "File digest", record.digest),
    ]
    copies = sum(copy.record.kind is MarkKind.REPRINT for copy in found.copies)
    if copies:
        rows.append(("补打", "Reprinted", f"{copies}"))
    if found.void is not None:
        rows.append(("作废时间", "Void since", _moment(found.void.at, zone)))
    return rows


def _likeness(outcome: Comparison, found: Published) -> Saying:
    """What the comparison gave, in words."""
    if outcome.likeness is Likeness.NOT_A_VOUCHER:
        return words.NOT_A_VOUCHER
    if outcome.likeness is Likeness.OTHER:
        code = grouped_code(outcome.other_code or "")
        return Saying(False, f"您的文件是另一份凭证，验证码 {code}", f"Your file is another voucher, code {code}")
    if outcome.likeness is Likeness.ALTERED:
        zh, en = f"从第 {outcome.at} 个字节起与存档不同", f"it differs from the archive from byte {outcome.at} on"
        if outcome.bytes_changed is not None:
            zh, en = f"{zh}，共 {outcome.bytes_changed} 个字节", f"{en}, {outcome.bytes_changed} in all"
        return Saying(False, f"您的文件被改动过：{zh}", f"Your file was altered: {en}")
    paper = None if outcome.paper == 0 else found.copies[outcome.paper - 1].record
    if paper is None:
        zh, en = "您的文件与存档的凭证逐字节一致", "Your file equals the archived voucher byte for byte"
    elif paper.kind is MarkKind.REPRINT:
        zh = f"您的文件与第 {paper.ordinal} 次补打的存档逐字节一致"
        en = f"Your file equals archived reprint {paper.ordinal} byte for byte"
    else:
        zh, en = "您的文件是带作废标记的存档", "Your file is the archived paper marked VOID"
    if found.void is not None:
        zh, en = f"{zh}，但凭证已作废", f"{en}, but the voucher is void"
    return Saying(found.void is None, zh, en)


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
