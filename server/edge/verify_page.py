"""``GET /verify/{code}``: the public page behind the voucher's QR code. Anybody may ask; nothing personal is shown."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from common.clock import Clock
from common.errors import ServiceError
from server.edge.limits import TokenBucket
from server.store.voucherbook import VoucherRecord
from server.vouchers.standby import verify_pdf
from teller.vouchers import grouped_code, is_verification_code

if TYPE_CHECKING:
    from server.vouchers.verify import VerificationResult

log = logging.getLogger(__name__)

Find = Callable[[str], tuple[VoucherRecord, bytes] | None]
Row = tuple[str, str, str]

_STYLE = (
    "body{font:18px/1.6 'Noto Sans CJK SC','Noto Sans SC',sans-serif;margin:3rem auto;max-width:44rem;padding:0 1rem;"
    "color:#1d2733}h1{font-size:1.6rem;margin:0}h1 small{display:block;font-size:1rem;font-weight:400;color:#5b6875}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1.5rem}dt small{color:#5b6875}dd{margin:0;"
    "overflow-wrap:anywhere}.good{color:#0b6b3a}.bad{color:#a3231f}"
)
_GENUINE = ("good", "这份凭证是真的，没有改动过", "This voucher is genuine and unchanged")
_BROKEN = (
    "bad",
    "这份凭证的存档不能确认，请与银行联系",
    "This voucher cannot be confirmed: please ask the bank",
)
_UNKNOWN = ("bad", "没有带这个验证码的凭证", "No voucher bears this verification code")
_MISTYPED = ("bad", "验证码有误，请核对 12 位数字", "The code is mistyped: please check its 12 digits")
_TOO_MANY = ("bad", "查询的人太多，请稍后再试", "Too many requests: please try again in a moment")
_Saying = tuple[str, str, str]


def router(find: Find, anchors: Sequence[Path], clock: Clock, zone: tzinfo) -> APIRouter:
    """The page.

    Args:
        find: record and sealed file of a code, or None.
        anchors: certificates of the bank that seals must lead to.
        zone: in which times are shown.
    """
    routes = APIRouter(tags=["public"])
    # Guessing codes is hopeless at this pace, and checking seals cannot be made to take the server down.
    bucket, lock = TokenBucket(clock, per_second=10, burst=40), threading.Lock()

    @routes.get("/verify/{code}", response_class=HTMLResponse)
    def verify(code: str) -> HTMLResponse:
        with lock:
            if not bucket.take():
                return _page(429, _TOO_MANY)
        digits = code.replace(" ", "").replace("-", "")
        if not is_verification_code(digits):
            return _page(404, _MISTYPED)
        try:
            found = find(digits)
        except ServiceError as error:
            if not error.code.startswith("evidence."):
                raise
            log.error("voucher not readable", extra={"code": error.code})
            return _page(503, _BROKEN)
        if found is None:
            return _page(404, _UNKNOWN)
        record, pdf = found
        result = verify_pdf(pdf, anchors, clock)
        good = result.ok and result.code == digits and result.digest == record.content_digest
        if not good:
            log.error("archived voucher does not verify", extra={"number": record.number})
        return _page(200, _GENUINE if good else _BROKEN, _rows(record, result, zone) if good else ())

    return routes


def _rows(record: VoucherRecord, result: "VerificationResult", zone: tzinfo) -> Sequence[Row]:
    return (
        ("凭证号", "Number", record.number),
        ("验证码", "Verification code", grouped_code(record.code)),
        ("签章时间", "Sealed at", _moment(result.signed_at or record.sealed_at, zone)),
        ("签章", "Sealed by", result.signed_by or ""),
        ("文件摘要 SHA-256", "File digest", record.digest),
    )


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _page(status: int, saying: _Saying, rows: Sequence[Row] = ()) -> HTMLResponse:
    kind, zh, en = saying
    lines = "".join(
        f"<dt>{escape(zh_label)} <small>{escape(en_label)}</small></dt><dd>{escape(value)}</dd>"
        for zh_label, en_label, value in rows
    )
    return HTMLResponse(
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(zh)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><h1 class="{kind}">{escape(zh)}<small>{escape(en)}</small></h1><dl>{lines}</dl></body></html>',
        status,
    )
