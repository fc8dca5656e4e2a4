"""``guitai verify`` in words and exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.vouchers import verify
from server.vouchers.cli import SENTENCES, verify_command
from teller.vouchers import Voucher, grouped_code
from tests.server.vouchers.conftest import FixedClock

CLOCK = FixedClock()


def test_a_valid_voucher(saved: Path, data_dir: Path, voucher: Voucher) -> None:
    status, lines = verify_command(saved, data_dir, clock=CLOCK)
    assert status == 0
    assert lines[0] == "voucher.pdf: VALID"
    assert any(grouped_code(voucher.code) in line for line in lines)
    assert any("2026-08-01T02:15:33+00:00" in line for line in lines)


def test_the_banks_certificate_alone_is_enough(saved: Path, anchor: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "bank.pem"
    elsewhere.write_bytes(anchor.read_bytes())
    assert verify_command(saved, tmp_path / "no-data", elsewhere, clock=CLOCK)[0] == 0


def test_without_the_banks_certificate_a_true_paper_is_not_accused(saved: Path, tmp_path: Path) -> None:
    status, (line,) = verify_command(saved, tmp_path / "no-data", clock=CLOCK)
    assert status == 2
    assert "cannot be checked here" in line
    assert "--ca FILE" in line


def test_what_was_altered_needs_no_certificate(saved: Path, tmp_path: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    saved.write_bytes(data)
    status, lines = verify_command(saved, tmp_path / "no-data", clock=CLOCK)
    assert status == 1
    assert "altered" in lines[1]


def test_an_altered_voucher_says_so_and_states_no_code(saved: Path, data_dir: Path, voucher: Voucher) -> None:
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    saved.write_bytes(data)
    status, lines = verify_command(saved, data_dir, clock=CLOCK)
    assert status == 1
    assert "altered" in lines[1]
    assert grouped_code(voucher.code) not in "\n".join(lines)


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4 hello"])
def test_an_unreadable_file(content: bytes, data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    status, lines = verify_command(path, data_dir, clock=CLOCK)
    assert status == 2
    assert lines[0] == "x.pdf: UNREADABLE"


def test_a_bad_certificate_is_one_line(saved: Path, data_dir: Path) -> None:
    assert verify_command(saved, data_dir, saved, clock=CLOCK) == (
        2,
        ["voucher.pdf: the file given as the bank's certificate is no certificate (PEM or DER)"],
    )


def test_every_finding_has_its_sentence() -> None:
    source = Path(verify.__file__).read_text(encoding="utf-8")
    codes = {word for word in source.split('"') if word.startswith("voucher.") and " " not in word}
    assert codes == set(SENTENCES)


def test_as_a_process_it_prints_no_traceback(saved: Path, data_dir: Path, project: Path, tmp_path: Path) -> None:
    def verify_process(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "guitai.py", "verify", *words]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)

    genuine = verify_process(saved, "--data", data_dir)
    assert (genuine.returncode, genuine.stderr) == (0, "")
    strange = verify_process(saved, "--data", tmp_path)
    assert (strange.returncode, strange.stdout) == (2, "")
    assert strange.stderr.startswith("guitai: voucher.pdf: ")
    assert strange.stderr.count("\n") == 1
    assert verify_process(tmp_path / "none.pdf").returncode == 2
