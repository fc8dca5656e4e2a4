"""The voucher as text for a 40-column receipt printer. Chinese characters take two columns."""

import unicodedata
from datetime import timedelta, timezone

from teller.vouchers import Voucher, grouped_code, short_digest

COLUMNS = 40
_CHINA = timezone(timedelta(hours=8))


def columns(text: str) -> int:
    """Columns a text takes: wide and full-width characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def receipt_lines(voucher: Voucher, public_url: str = "") -> list[str]:
    """The receipt's lines, none wider than 40 columns."""
    moment = voucher.occurred_at.astimezone(_CHINA)
    lines = [_centred(voucher.bank.zh), _centred(voucher.bank.en)]
    lines += [_centred(f"{voucher.scenario_title.zh}回单"), _centred(voucher.scenario_title.en), "-" * COLUMNS]
    for label, value in (
        ("凭证号 No.", voucher.number),
        ("日期 Date", f"{moment:%Y-%m-%d %H:%M:%S}"),
        ("网点 Branch", voucher.branch.zh),
        ("设备 Machine", voucher.machine),
        ("柜员 Teller", voucher.teller_number),
        ("授权 Authorised", voucher.authoriser_number or "-"),
        ("户名 Name", voucher.customer_name),
        ("账号 Account", voucher.account),
    ):
        lines += _pair(label, value)
    lines.append("-" * COLUMNS)
    if voucher.amount_minor:
        lines += _pair("金额 Amount", f"{voucher.currency} {voucher.amount_figures}")
        lines += _pair("大写", voucher.amount_capitals)
        lines.append("-" * COLUMNS)
    for line in voucher.lines:
        lines += _pair(line.label_zh, line.value)
    for number, block in enumerate(voucher.blocks, start=1):
        lines += _pair(f"{number} {block.title.zh}", block.amount)
    lines += ["-" * COLUMNS, _centred("验证码 Verification code"), _centred(grouped_code(voucher.code))]
    if public_url:
        lines += _broken(f"{public_url.rstrip('/')}/verify/{voucher.code}")
    lines += [_centred(f"摘要 {short_digest(voucher.summary_digest, 4)}")]
    if voucher.specimen:
        lines.append(_centred("*** 样本 SPECIMEN ***"))
    return lines


def _pair(label: str, value: str) -> list[str]:
    """Label left, value right; a value too long for that goes below, broken where it must."""
    clean = "".join(each if each.isprintable() else " " for each in value)
    gap = COLUMNS - columns(label) - columns(clean)
    if gap >= 1:
        return [label + " " * gap + clean]
    return [*_broken(label), *(" " * (COLUMNS - columns(part)) + part for part in _broken(clean))]


def _broken(text: str) -> list[str]:
    lines, current = [], ""
    for each in text:
        if columns(current + each) > COLUMNS:
            lines.append(current)
            current = ""
        current += each
    return [*lines, current]


def _centred(text: str) -> str:
    fitted = _broken(text)[0]
    return " " * ((COLUMNS - columns(fitted)) // 2) + fitted
