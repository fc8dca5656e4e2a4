"""The public page behind the voucher's code."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

import httpx
import pytest

from common.clock import SystemClock
from common.errors import ServiceError
from server.edge import verify_page
from server.store.voucherbook import VoucherRecord
from server.vouchers.authority import trust_anchor
from server.vouchers.press import VoucherPress
from teller.vouchers import digest, grouped_code
from tests.fakes.clock import HandClock
from tests.server.edge.conftest import MakeServer
from tests.server.vouchers.conftest import SEAL, make_voucher

ZONE = timezone(timedelta(hours=8))
Found = tuple[VoucherRecord, bytes] | None


@dataclass
class Archive:
    """What the page finds under a code; tests put something else there."""

    find: Callable[[str], Found]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seal")


@pytest.fixture(scope="module")
def sealed(data: Path) -> tuple[VoucherRecord, bytes]:
    press = VoucherPress(data, SystemClock(), "http://127.0.0.1")
    voucher = make_voucher()
    pdf = press.issue(voucher, SEAL)
    press.close()
    now = SystemClock().now()
    return VoucherRecord(voucher.number, voucher.code, "case-1", "f" * 64, digest(voucher), now), pdf


@pytest.fixture
def archive(sealed: tuple[VoucherRecord, bytes]) -> Archive:
    return Archive(lambda code: sealed if code == sealed[0].code else None)


@pytest.fixture
def ask(make_server: MakeServer, archive: Archive, data: Path) -> Callable[[str], httpx.Response]:
    page = verify_page.router(lambda code: archive.find(code), [trust_anchor(data)], SystemClock(), ZONE)
    url = make_server(public_routers=[page]).url
    return lambda code: httpx.get(f"{url}/verify/{code}", timeout=20)


def test_a_genuine_voucher_is_shown_without_anything_personal(
    ask: Callable[[str], httpx.Response], sealed: tuple[VoucherRecord, bytes]
) -> None:
    record, _ = sealed
    answer = ask(record.code)
    assert answer.status_code == 200
    assert "genuine and unchanged" in answer.text
    assert all(shown in answer.text for shown in (record.number, grouped_code(record.code), record.digest, "UTC+08:00"))
    voucher = make_voucher()
    assert not [
        text for text in (voucher.customer_name, voucher.account, voucher.amount_figures) if text in answer.text
    ]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ask(grouped_code(record.code)).status_code == 200


def test_unknown_and_mistyped_codes(
    ask: Callable[[str], httpx.Response], archive: Archive, sealed: tuple[VoucherRecord, bytes]
) -> None:
    archive.find = lambda code: None
    unknown = ask(sealed[0].code)
    assert (unknown.status_code, "No voucher bears" in unknown.text) == (404, True)
    for mistyped in ("000000000001", "1234", "<script>", "' OR 1=1"):
        answer = ask(mistyped)
        assert (answer.status_code, "mistyped" in answer.text) == (404, True)
        assert "<script" not in answer.text


@pytest.mark.expects_log("archived voucher does not verify")
def test_an_altered_file_or_another_ones_file_is_not_confirmed(
    ask: Callable[[str], httpx.Response], archive: Archive, sealed: tuple[VoucherRecord, bytes]
) -> None:
    record, pdf = sealed
    foreign = VoucherRecord(record.number, record.code, record.case_id, record.digest, "0" * 64, record.sealed_at)
    for found in ((record, pdf + b"\n"), (record, b"no pdf"), (foreign, pdf)):
        archive.find = lambda code, found=found: found  # type: ignore[misc]
        assert "cannot be confirmed" in ask(record.code).text


@pytest.mark.expects_log("voucher not readable")
def test_a_damaged_archive_says_so(
    ask: Callable[[str], httpx.Response], archive: Archive, sealed: tuple[VoucherRecord, bytes]
) -> None:
    def altered(code: str) -> Found:
        raise ServiceError("evidence.altered", retryable=False)

    archive.find = altered
    assert ask(sealed[0].code).status_code == 503


def test_guessing_is_slowed_down(make_server: MakeServer) -> None:
    page = verify_page.router(lambda code: None, [], HandClock(), ZONE)
    with httpx.Client(base_url=make_server(public_routers=[page]).url) as http:
        answers = [http.get("/verify/1").status_code for _ in range(41)]
    assert answers == [404] * 40 + [429]
