"""One bank for the whole room: its keys are made once, its typefaces opened once."""

import hashlib
import json
import math
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.vouchers.authority import trust_anchor
from server.vouchers.fonts import Faces, system_faces
from server.vouchers.press import VoucherPress
from teller.seals import Place, SealText, seal_for
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
PUBLIC_URL = "http://127.0.0.1:8600"
BANK, BRANCH = Words("示范银行", "Demo Bank"), Words("高新支行", "Hi-tech Branch")
SEAL = seal_for(SealText.VOUCHER, Place.BRANCH, BANK, BRANCH)


class FixedClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime = SEALED_AT) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


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


@pytest.fixture(scope="session")
def faces() -> Iterator[Faces]:
    found = system_faces()
    yield found
    found.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bank")


@pytest.fixture(scope="session")
def press(data_dir: Path, faces: Faces) -> VoucherPress:
    return VoucherPress(data_dir, FixedClock(), PUBLIC_URL, faces=faces)


@pytest.fixture(scope="session")
def anchor(data_dir: Path, press: VoucherPress) -> Path:
    """The bank's certificate, as a stranger would be given it."""
    return trust_anchor(data_dir)


@pytest.fixture(scope="session")
def voucher() -> Voucher:
    return make_voucher()


@pytest.fixture(scope="session")
def sealed(press: VoucherPress, voucher: Voucher) -> bytes:
    return press.issue(voucher, SEAL)


@pytest.fixture
def saved(sealed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "voucher.pdf"
    path.write_bytes(sealed)
    return path
