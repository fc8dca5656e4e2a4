"""The public page behind the voucher's code."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sample_voucher import make_voucher
from common.clock import SystemClock
from common.errors import ServiceError
from server.edge import verify_page
from server.edge.uploads import uploaded_file
from server.services.papers import Published, PublishedCopy
from server.store.voucherbook import VoucherCopy, VoucherRecord
from server.vouchers.authority import trust_anchor
from server.vouchers.press import VoucherPress
from teller.seals import MarkKind, PaperMark
from teller.vouchers import digest, grouped_code
from tests.fakes.clock import HandClock
from tests.fakes.wire import NO_TLS
from tests.server.edge.browser import BINARY, Browser
from tests.server.edge.conftest import MakeServer
from tests.server.vouchers.conftest import SEAL

ZONE = timezone(timedelta(hours=8))
Found = Published | None


@dataclass
class Archive:
    """What the page finds under a code; tests put something else there."""

    find: Callable[[str], Found]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seal")


@pytest.fixture(scope="module")
def papers(data: Path) -> tuple[Published, PublishedCopy]:
    """A voucher that was printed twice, and the paper that will say it is void."""
    press = VoucherPress(data, SystemClock(), "http://127.0.0.1")
    voucher = make_voucher()
    pdf = press.issue(voucher, SEAL)
    now = SystemClock().now()
    copies = []
    for kind in MarkKind:
        paper = press.issue(voucher, SEAL, PaperMark(kind, 1, now, "T-05"))
        copies.append(PublishedCopy(VoucherCopy(voucher.number, kind, 1, "e" * 64, now, "T-05", "why"), paper))
    press.close()
    record = VoucherRecord(voucher.number, voucher.code, "case-1", "f" * 64, digest(voucher), now)
    return Published(record, pdf, voucher, tuple(copies[:1])), copies[1]


@pytest.fixture(scope="module")
def sealed(papers: tuple[Published, PublishedCopy]) -> Published:
    return papers[0]


@pytest.fixture
def archive(sealed: Published) -> Archive:
    return Archive(lambda code: sealed if code == sealed.record.code else None)


@pytest.fixture
def ask(make_server: MakeServer, archive: Archive, data: Path) -> Callable[[str], httpx.Response]:
    page = verify_page.router(lambda code: archive.find(code), [trust_anchor(data)], SystemClock(), ZONE)
    url = make_server(public_routers=[page]).url
    return lambda code: httpx.get(f"{url}/verify/{code}", timeout=20, verify=NO_TLS)


def test_a_genuine_voucher_is_shown_without_anything_personal(
    ask: Callable[[str], httpx.Response], sealed: Published
) -> None:
    record = sealed.record
    answer = ask(record.code)
    assert answer.status_code == 200
    assert "genuine and unchanged" in answer.text
    assert all(shown in answer.text for shown in (record.number, grouped_code(record.code), record.digest, "UTC+08:00"))
    masked = ("现金取款 Cash withdrawal", "张*凡", "6222 **** **** 1234", "2*,***.**")
    assert all(shown in answer.text for shown in masked)
    assert "20,000.00" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ask(grouped_code(record.code)).status_code == 200


def test_unknown_and_mistyped_codes(ask: Callable[[str], httpx.Response], archive: Archive, sealed: Published) -> None:
    archive.find = lambda code: None
    unknown = ask(sealed.record.code)
    assert (unknown.status_code, "No voucher bears" in unknown.text) == (404, True)
    for mistyped in ("000000000001", "1234", "<script>", "' OR 1=1"):
        answer = ask(mistyped)
        assert (answer.status_code, "mistyped" in answer.text) == (404, True)
        assert "<script" not in answer.text


@pytest.mark.expects_log("archived voucher does not verify")
def test_an_altered_file_or_another_ones_file_is_not_confirmed(
    ask: Callable[[str], httpx.Response], archive: Archive, sealed: Published
) -> None:
    foreign = replace(sealed, record=replace(sealed.record, content_digest="0" * 64))
    for found in (replace(sealed, pdf=sealed.pdf + b"\n"), replace(sealed, pdf=b"no pdf"), foreign):
        archive.find = lambda code, found=found: found  # type: ignore[misc]
        assert "cannot be confirmed" in ask(sealed.record.code).text


@pytest.mark.expects_log("voucher not readable")
def test_a_damaged_archive_says_so(ask: Callable[[str], httpx.Response], archive: Archive, sealed: Published) -> None:
    def altered(code: str) -> Found:
        raise ServiceError("evidence.altered", retryable=False)

    archive.find = altered
    assert ask(sealed.record.code).status_code == 503


def test_guessing_is_slowed_down(make_server: MakeServer) -> None:
    page = verify_page.router(lambda code: None, [], HandClock(), ZONE)
    with httpx.Client(base_url=make_server(public_routers=[page]).url, verify=NO_TLS) as http:
        answers = [http.get("/verify/1").status_code for _ in range(41)]
    assert answers == [404] * 40 + [429]


# --- comparing a file -------------------------------------------------------------------------------------------

Send = Callable[..., httpx.Response]


@pytest.fixture
def send(make_server: MakeServer, archive: Archive, data: Path) -> Send:
    """``send(code, data)``: as a browser's form does; with ``raw=True`` as a program would."""
    page = verify_page.router(lambda code: archive.find(code), [trust_anchor(data)], SystemClock(), ZONE)
    url = make_server(public_routers=[page]).url

    def post(code: str, data: bytes, *, raw: bool = False) -> httpx.Response:
        if raw:
            return httpx.post(
                f"{url}/verify/{code}", content=data, headers={"Content-Type": "application/pdf"}, verify=NO_TLS
            )
        return httpx.post(
            f"{url}/verify/{code}", files={"file": ("凭证.pdf", data, "application/pdf")}, timeout=20, verify=NO_TLS
        )

    return post


@pytest.mark.parametrize("raw", [False, True])
def test_the_archived_file_is_recognised(send: Send, sealed: Published, raw: bool) -> None:
    code = sealed.record.code
    assert "equals the archived voucher byte for byte" in send(code, sealed.pdf, raw=raw).text
    assert "equals archived reprint 1" in send(code, sealed.copies[0].pdf, raw=raw).text


def test_one_altered_byte_is_told_with_its_place(send: Send, sealed: Published) -> None:
    for place in (300, len(sealed.pdf) // 2, len(sealed.pdf) - 2):
        changed = bytearray(sealed.pdf)
        changed[place] ^= 1
        answer = send(sealed.record.code, bytes(changed))
        assert f"altered: it differs from the archive from byte {place + 1} on, 1 in all" in answer.text
        assert "genuine and unchanged" in answer.text, "the archive is as it was"
    appended = send(sealed.record.code, sealed.copies[0].pdf + b"\n").text
    assert f"from byte {len(sealed.copies[0].pdf) + 1} on" in appended


def test_other_files_are_told_apart(send: Send, sealed: Published, data: Path) -> None:
    press = VoucherPress(data, SystemClock(), "http://127.0.0.1")
    other = make_voucher()
    pdf = press.issue(other, SEAL)
    press.close()
    code = sealed.record.code
    assert f"another voucher, code {grouped_code(other.code)}" in send(code, pdf).text
    assert "no sealed voucher" in send(code, b"%PDF-1.7 holiday").text
    assert "no sealed voucher" in send(code, b"\x00\r\n--x\r\n\r\n").text
    assert send(code, b"").status_code == 400


def test_a_void_voucher_is_told_to_everybody(
    send: Send, ask: Callable[[str], httpx.Response], archive: Archive, papers: tuple[Published, PublishedCopy]
) -> None:
    sealed, paper = papers
    void = replace(sealed, copies=(*sealed.copies, paper))
    archive.find = lambda code: void
    page = ask(sealed.record.code).text
    assert "This voucher is VOID" in page
    assert "Void since" in page
    assert "genuine" not in page
    assert "byte for byte, but the voucher is void" in send(sealed.record.code, sealed.pdf).text
    assert "the archived paper marked VOID" in send(sealed.record.code, paper.pdf).text


def test_uploads_are_bounded_and_slowed_down(send: Send, sealed: Published) -> None:
    assert send(sealed.record.code, bytes(verify_page.MAX_UPLOAD + 1)).status_code == 413
    assert send(sealed.record.code, bytes(4 * 1024 * 1024), raw=True).status_code == 413
    answers = [send("1", b"x").status_code for _ in range(20)]
    assert answers[0] == 404
    assert 429 in answers


@given(data=st.binary(min_size=1, max_size=300) | st.sampled_from([b"\r\n", b"--b", b"\r\n--b\r\n", b"\n\r\n\r", b"-"]))
def test_a_forms_file_comes_out_as_it_was_sent(data: bytes) -> None:
    boundary = "----b7f3c1e09a"
    body = (
        b'--%b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
        b'--%b\r\nContent-Disposition: form-data; name="file"; filename="v.pdf"\r\n\r\n%b\r\n--%b--\r\n'
    ) % (boundary.encode(), boundary.encode(), data, boundary.encode())
    assert uploaded_file(f"multipart/form-data; boundary={boundary}", body) == data
    assert uploaded_file("application/pdf", data) == data


@given(st.text(max_size=60), st.binary(max_size=200))
def test_a_malformed_form_is_no_file_and_no_error(header: str, body: bytes) -> None:
    uploaded_file(f"multipart/form-data; boundary={header}", body)
    assert uploaded_file("multipart/form-data", body) is None


@pytest.mark.skipif(BINARY is None, reason="no browser here: apt install chromium")
def test_a_real_browser_shows_the_voucher_and_finds_the_altered_byte(
    make_server: MakeServer, archive: Archive, data: Path, sealed: Published, tmp_path: Path
) -> None:
    page = verify_page.router(lambda code: archive.find(code), [trust_anchor(data)], SystemClock(), ZONE)
    url = make_server(public_routers=[page]).url
    changed = bytearray(sealed.pdf)
    changed[len(changed) // 2] ^= 1
    files = {"genuine.pdf": sealed.pdf, "altered.pdf": bytes(changed)}
    expected = {"genuine.pdf": "equals the archived voucher", "altered.pdf": "Your file was altered"}
    browser = Browser(tmp_path / "profile")
    try:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
            browser.go(f"{url}/verify/{sealed.record.code}")
            assert "现金取款" in browser.wait_for("Compare the PDF")
            browser.choose_file("input[type=file]", tmp_path / name)
            browser.evaluate("document.querySelector('button').click()")
            assert "genuine and unchanged" in browser.wait_for(expected[name])
    finally:
        browser.close()
