"""A voucher of an invented withdrawal, for what draws, seals and reads vouchers."""

import hashlib
import json
import math
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from teller.vouchers import (
    Evidence,
    Signature,
    Voucher,
    VoucherLine,
    Words,
    mask_account,
    mask_id_number,
    mask_name,
    verification_code,
)

SEALED_AT = datetime(2026, 8, 1, 2, 15, 33, tzinfo=UTC)
BANK, BRANCH = Words("示范银行", "Demo Bank"), Words("高新支行", "Hi-tech Branch")


def strokes_evidence() -> bytes:
    """Handwriting as the kiosk sends it."""
    strokes = [
        [
            {"x": 80 + k * 90 + 60 * math.sin(t / 6 + k), "y": 120 + 50 * math.cos(t / 4 + k * 2), "t": t, "p": 1}
            for t in range(40)
        ]
        for k in range(6)
    ]
    return json.dumps({"width": 700, "height": 240, "strokes": strokes}).encode()


def make_voucher(**changes: Any) -> Voucher:
    """One page; whatever is named differs."""
    lines = (
        VoucherLine("证件号码", "ID number", mask_id_number("11010519491231002X")),
        VoucherLine("取款用途", "Purpose", "家庭装修 Home improvement"),
        VoucherLine("现金组成", "Notes", "100.00 × 200"),
    )
    voucher = Voucher(
        number="PZ20260801000123",
        case_number="1122-0047",
        bank=BANK,
        branch=BRANCH,
        scenario_title=Words("现金取款", "Cash withdrawal"),
        machine="K-02",
        teller_number="T-03",
        authoriser_number="A-07",
        customer_name=mask_name("张小凡"),
        account=mask_account("6222021234561234"),
        amount_minor=2_000_000,
        currency="CNY",
        amount_figures="20,000.00",
        amount_capitals="人民币贰万元整",
        lines=lines,
        occurred_at=SEALED_AT,
        code=verification_code(secrets),
        summary_digest=hashlib.sha256(b"summary").hexdigest(),
        signature=Signature.from_evidence(strokes_evidence()),
        evidence=(Evidence("身份证正面", "ID card, front", hashlib.sha256(b"front").hexdigest()),),
    )
    return replace(voucher, **changes)
