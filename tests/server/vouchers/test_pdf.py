"""The drawn voucher: what strangers' tools read from it."""

import io
import re
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from benchmarks.sample_voucher import make_voucher
from common.errors import ServiceError
from server.vouchers.fonts import Faces, system_faces
from server.vouchers.pdf import VoucherRenderer
from server.vouchers.press import VoucherPress
from server.vouchers.seal_art import SealArt
from teller.vouchers import Voucher, VoucherLine, grouped_code
from tests.server.vouchers.conftest import PUBLIC_URL, SEAL, FixedClock


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, check=True, timeout=60).stdout.decode()


@pytest.fixture
def renderer(faces: Faces) -> VoucherRenderer:
    return VoucherRenderer(faces, PUBLIC_URL, SealArt(faces.seal, faces.regular))


def test_its_chinese_text_can_be_extracted(saved: Path, voucher: Voucher) -> None:
    text = run("pdftotext", "-layout", saved, "-")
    expected = ("示范银行", "现金取款凭证", "人民币贰万元整", "CNY 20,000.00", "张*凡", "家庭装修 Home improvement")
    for words in (*expected, grouped_code(voucher.code), voucher.number, "2026-08-01 10:15:33 +08:00"):
        assert words in text
    assert "SPECIMEN" not in text, "the watermark is artwork, not text"


def test_its_type_is_embedded_and_it_is_small(saved: Path) -> None:
    rows = run("pdffonts", saved).splitlines()[2:]
    assert len(rows) == 2
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows), "embedded, subset, with Unicode map"
    assert saved.stat().st_size < 200_000


def test_it_is_made_for_the_archive(saved: Path) -> None:
    """PDF/A-1b (ISO 19005-1): says so, brings its colour space, keeps its properties in one place, no transparency."""
    reader = PdfFileReader(io.BytesIO(saved.read_bytes()))
    packet = reader.root["/Metadata"].data.decode()
    assert "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert reader.root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/Info" not in reader.trailer_view
    assert b"/SMask" not in saved.read_bytes()
    assert not re.search(rb"/(ca|CA) 0?\.", saved.read_bytes()), "opaque throughout"


def test_the_qr_code_leads_to_the_public_page(saved: Path, voucher: Voucher, tmp_path: Path) -> None:
    run("pdftoppm", "-r", "150", "-png", "-singlefile", saved, tmp_path / "page")
    found = run("zbarimg", "-q", "--raw", tmp_path / "page.png")
    assert found.strip() == f"{PUBLIC_URL}/verify/{voucher.code}"


def test_seal_and_handwriting_are_on_the_page(saved: Path, tmp_path: Path) -> None:
    run("pdftoppm", "-r", "50", "-singlefile", saved, tmp_path / "page")
    header, pixels = (tmp_path / "page.ppm").read_bytes().split(b"\n255\n", 1)
    width = int(header.split()[1])

    def count(left: float, top: float, right: float, bottom: float, red: bool) -> int:
        dots = [int(edge * 50 / 25.4) for edge in (left, top, right, bottom)]
        found = 0
        for row in range(dots[1], dots[3]):
            for column in range(dots[0], dots[2]):
                r, g, b = pixels[3 * (row * width + column) : 3 * (row * width + column) + 3]
                found += (r > 150 and g < 110 and b < 110) if red else (r < 90 and g < 100 and b < 140)
        return found

    assert count(104, 209, 146, 251, red=True) > 400, "the seal"
    assert count(22, 219, 94, 244, red=False) > 100, "the signature"


def test_names_the_typeface_lacks_and_odd_characters_do_no_harm(press: VoucherPress, tmp_path: Path) -> None:
    odd = VoucherLine("备注", "Note", "𠮷野家 \U0001f600 \x00\n\t\u202e مرحبا (\\) " + "长" * 300)
    path = tmp_path / "odd.pdf"
    path.write_bytes(press.issue(make_voucher(lines=(odd,), customer_name="𬱖*", signature=None), SEAL))
    text = run("pdftotext", path, "-")
    assert "𠮷野家" in text
    assert text.count("长") == 300


def test_the_same_voucher_is_drawn_the_same(renderer: VoucherRenderer, voucher: Voucher) -> None:
    first, area = renderer.render(voucher, SEAL)
    second, _ = renderer.render(replace(voucher), SEAL)
    assert first == second
    assert area.page == 0


def test_several_threads_may_draw_at_once(press: VoucherPress, tmp_path: Path) -> None:
    vouchers = [make_voucher(number=f"PZ{n}") for n in range(6)]
    issued: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda at=n: issued.__setitem__(at, press.issue(vouchers[at], SEAL))) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(issued) == list(range(6))
    for n, pdf in issued.items():
        path = tmp_path / f"{n}.pdf"
        path.write_bytes(pdf)
        assert f"No. PZ{n}" in run("pdftotext", path, "-")


def test_warming_changes_nothing_but_time(press: VoucherPress, voucher: Voucher) -> None:
    before = press.issue(voucher, SEAL)
    press.warm(SEAL)
    first, last = before.index(b"/Contents <"), before.rindex(b"/Contents <")
    assert first == last
    assert press.issue(voucher, SEAL)[:10_000] == before[:10_000]


def test_a_machine_without_chinese_type_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"^voucher\.no_font$"):
        system_faces([tmp_path])
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font at all")
    (tmp_path / "NotoSansCJK-Bold.ttc").write_bytes(b"")
    broken = system_faces([tmp_path])
    with pytest.raises(ServiceError, match=r"^voucher\.no_font$"):
        VoucherPress(tmp_path, FixedClock(), PUBLIC_URL, faces=broken).issue(make_voucher(), SEAL)
