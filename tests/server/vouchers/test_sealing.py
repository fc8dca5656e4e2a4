"""Seals: made once, confirmed by strangers' tools, broken by every change."""

import io
import random
import re
import stat
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from benchmarks.sample_voucher import SEALED_AT, make_voucher
from common.errors import ServiceError, UserError
from server.vouchers.authority import ensure_seal, trust_anchor
from server.vouchers.fonts import Faces
from server.vouchers.pdf import VoucherRenderer
from server.vouchers.press import VoucherPress
from server.vouchers.seal_art import SealArt
from server.vouchers.sealing import Sealer
from server.vouchers.verify import MAX_BYTES, Verdict, verify_pdf
from teller.vouchers import Voucher, digest
from tests.server.vouchers.conftest import PUBLIC_URL, SEAL, FixedClock

CLOCK = FixedClock()
FLIPS = 200


def container(pdf: bytes) -> tuple[int, int]:
    """First and last hexadecimal digit's place of the signature's container."""
    match = re.search(rb"/Contents <([0-9A-Fa-f]+)>", pdf)
    assert match is not None
    return match.start(1), match.end(1)


def test_a_sealed_voucher_is_valid(sealed: bytes, voucher: Voucher, anchor: Path) -> None:
    result = verify_pdf(sealed, [anchor], CLOCK)
    assert result.ok
    assert result.findings == ()
    assert (result.intact, result.trusted, result.covers_whole_file) == (True, True, True)
    assert (result.code, result.digest, result.signed_at) == (voucher.code, digest(voucher), SEALED_AT)
    assert result.signed_by is not None
    assert "业务专用章" in result.signed_by


def test_pdfsig_confirms_it(saved: Path) -> None:
    done = subprocess.run(["pdfsig", "-nocert", saved], capture_output=True, timeout=60, check=False)
    out = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "Signature is Valid." in out
    assert "Total document signed" in out
    assert "ETSI.CAdES.detached" in out


def test_pdfsig_finds_an_altered_one(sealed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "altered.pdf"
    at = sealed.index(b"stream\n") + 60
    path.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    out = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, timeout=60, check=False).stdout.decode()
    assert "Digest Mismatch" in out
    assert "Signature is Valid." not in out


def test_one_flipped_byte_anywhere_is_found(sealed: bytes, anchor: Path) -> None:
    chosen = random.Random(20260801)
    step = len(sealed) // FLIPS
    for place in range(chosen.randrange(step), len(sealed), step):
        changed = bytearray(sealed)
        changed[place] ^= 1 << chosen.randrange(8)
        result = verify_pdf(bytes(changed), [anchor], CLOCK)
        assert not result.ok, f"byte {place}"
        assert result.findings, f"byte {place}"
        assert not result.intact, f"byte {place}"


def test_one_changed_digit_of_the_container_is_found(sealed: bytes, anchor: Path) -> None:
    first, last = container(sealed)
    used = len(sealed[first:last].rstrip(b"0"))
    chosen = random.Random(7)
    places = [
        *range(first, first + 120),
        *chosen.sample(range(first + 120, first + used), 80),
        first + used + 9,
        last - 1,
    ]
    for place in places:
        changed = bytearray(sealed)
        changed[place] = ord(b"0") if changed[place] != ord(b"0") else ord(b"1")
        assert not verify_pdf(bytes(changed), [anchor], CLOCK).ok, f"digit {place - first}"


def lower_case(pdf: bytes) -> bytes:
    first, last = container(pdf)
    return pdf[:first] + pdf[first:last].lower() + pdf[last:]


def later_revision(pdf: bytes) -> bytes:
    """A well-formed incremental update, as an editor would save it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root[NameObject("/Note")] = TextStringObject("paid twice")
    writer.update_root()  # type: ignore[no-untyped-call]
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


@pytest.mark.parametrize(
    ("mutation", "finding"),
    [
        (lower_case, "voucher.altered"),
        (later_revision, "voucher.changed_after_seal"),
        (lambda pdf: pdf + b"\n", "voucher.changed_after_seal"),
        (lambda pdf: pdf + pdf, "voucher.changed_after_seal"),
        (lambda pdf: pdf[:-200], "voucher.altered"),
    ],
    ids=["same digits in lower case", "later revision", "appended", "doubled", "cut off"],
)
def test_changes_that_leave_the_signature_alone(
    sealed: bytes, anchor: Path, mutation: Callable[[bytes], bytes], finding: str
) -> None:
    result = verify_pdf(mutation(sealed), [anchor], CLOCK)
    assert result.verdict is Verdict.INVALID
    assert result.findings[0] == finding


def test_a_strangers_seal_is_not_ours(sealed: bytes, faces: Faces, tmp_path: Path, voucher: Voucher) -> None:
    stranger = VoucherPress(tmp_path, CLOCK, PUBLIC_URL, faces=faces).issue(voucher, SEAL)
    own, theirs = trust_anchor(tmp_path), sealed
    assert verify_pdf(stranger, [own], CLOCK).ok
    result = verify_pdf(theirs, [own], CLOCK)
    assert (result.intact, result.trusted, result.findings) == (True, False, ("voucher.untrusted",))


def test_without_an_anchor_nothing_is_trusted(sealed: bytes) -> None:
    result = verify_pdf(sealed, [], CLOCK)
    assert (result.verdict, result.findings) == (Verdict.INVALID, ("voucher.no_anchor",))


def test_it_can_be_verified_for_thirty_years_and_not_for_ever(sealed: bytes, anchor: Path) -> None:
    assert verify_pdf(sealed, [anchor], FixedClock(SEALED_AT + timedelta(days=365 * 29))).ok
    assert verify_pdf(sealed, [anchor], FixedClock(SEALED_AT + timedelta(days=365 * 31))).findings == (
        "voucher.untrusted",
    )


def test_an_unsealed_voucher_and_a_strangers_pdf(faces: Faces, data_dir: Path, anchor: Path, voucher: Voucher) -> None:
    art = SealArt(faces.seal, faces.regular)
    pdf, area = VoucherRenderer(faces, PUBLIC_URL, art).render(voucher, SEAL)
    assert verify_pdf(pdf, [anchor], CLOCK).findings == ("voucher.unsigned",)
    anonymous = pdf.replace(b"guitai-voucher", b"holiday-letter").replace(
        "guitai-voucher".encode("utf-16-be"), "holiday-letter".encode("utf-16-be")
    )
    sealed = Sealer(data_dir, CLOCK, art).seal(anonymous, voucher, SEAL, area)
    assert verify_pdf(sealed, [anchor], CLOCK).findings == ("voucher.not_a_voucher",)


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"", "voucher.not_a_pdf"),
        (b"PK\x03\x04", "voucher.not_a_pdf"),
        (b"%PDF-1.7\n", "voucher.damaged"),
        (b"%PDF-1.7\n" + b"\xff" * 5000, "voucher.damaged"),
        (b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF\n", "voucher.damaged"),
        (b"%PDF-1.7\n" + bytes(MAX_BYTES), "voucher.too_large"),
    ],
    ids=["empty", "zip", "head only", "noise", "nested", "huge"],
)
def test_what_cannot_be_read_is_told_apart(data: bytes, finding: str, anchor: Path) -> None:
    result = verify_pdf(data, [anchor], CLOCK)
    assert (result.verdict, result.findings) == (Verdict.UNREADABLE, (finding,))


@given(cut=st.integers(0, 100), junk=st.binary(max_size=200))
def test_no_piece_of_a_voucher_with_anything_behind_it_passes(
    sealed: bytes, anchor: Path, cut: int, junk: bytes
) -> None:
    piece = sealed[: len(sealed) * cut // 101] + junk
    assert not verify_pdf(piece, [anchor], CLOCK).ok


def test_a_file_that_is_not_there_or_no_certificate(sealed: bytes, tmp_path: Path) -> None:
    assert verify_pdf(tmp_path / "none.pdf", [], CLOCK).findings == ("voucher.unreadable",)
    assert verify_pdf(tmp_path, [], CLOCK).findings == ("voucher.unreadable",)
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(UserError, match=r"^voucher\.bad_anchor$"):
        verify_pdf(sealed, [tmp_path / "ca.pem"], CLOCK)


def test_keys_are_private_and_stay_the_same(sealed: bytes, data_dir: Path, faces: Faces, anchor: Path) -> None:
    before = {path.name: path.read_bytes() for path in anchor.parent.iterdir()}
    assert set(before) == {"ca.key", "ca.pem", "seal.key", "seal.pem"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in anchor.parent.iterdir())
    again = VoucherPress(data_dir, CLOCK, PUBLIC_URL, faces=faces)
    assert {path.name: path.read_bytes() for path in anchor.parent.iterdir()} == before
    assert verify_pdf(again.issue(make_voucher(), SEAL), [anchor], CLOCK).ok


def test_a_lost_key_is_reported_not_replaced(faces: Faces, tmp_path: Path) -> None:
    VoucherPress(tmp_path, CLOCK, PUBLIC_URL, faces=faces)
    (tmp_path / "keys" / "seal" / "seal.key").unlink()
    with pytest.raises(ServiceError, match=r"^keys\.incomplete$"):
        VoucherPress(tmp_path, CLOCK, PUBLIC_URL, faces=faces)


def test_a_crash_at_the_first_start_leaves_no_half_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("server.vouchers.authority.write_atomically", crash)
        with pytest.raises(OSError, match="No space"):
            ensure_seal(tmp_path, CLOCK)
    assert list((tmp_path / "keys").iterdir()) == []
    assert ensure_seal(tmp_path, CLOCK).authority == trust_anchor(tmp_path)


def test_of_two_first_starts_one_wins(tmp_path: Path) -> None:
    threads = [threading.Thread(target=ensure_seal, args=(tmp_path, CLOCK)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["seal"]
    files = ensure_seal(tmp_path, CLOCK)
    seal = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    seal.verify_directly_issued_by(x509.load_pem_x509_certificate(files.authority.read_bytes()))
