"""The press on standby: light at the start, whole when a voucher is wanted, and refusing early what cannot work."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.sample_voucher import make_voucher
from common.clock import SystemClock
from common.errors import ServiceError
from server.vouchers import font_files, standby
from server.vouchers.authority import ensure_seal, trust_anchor
from teller.seals import Seal
from tests.server.vouchers.conftest import SEAL

URL = "https://bank.example"
HEAVY = ("fpdf", "fontTools", "pyhanko")


def test_a_server_starts_without_the_heavy_libraries(project: Path) -> None:
    code = f"import sys, server.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_voucher_loads_what_it_needs(tmp_path: Path) -> None:
    press = standby.StandbyPress(tmp_path, SystemClock(), URL)
    press.warm_after(3600.0, SEAL)
    try:
        pdf = press.issue(make_voucher(), SEAL)
    finally:
        press.close()
    assert standby.verify_pdf(pdf, [trust_anchor(tmp_path)], SystemClock()).ok


def test_a_stop_does_not_wait_for_a_warm_up_and_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on, put_away = threading.Event(), threading.Event(), threading.Event()

    class SlowPress:
        def __init__(self, *_: object, **__: object) -> None:
            reached.set()
            assert go_on.wait(30)

        def warm(self, *_: Seal) -> None:
            raise AssertionError("nobody wants a voucher any more")

        def close(self) -> None:
            put_away.set()

    monkeypatch.setattr(standby, "_loaded", lambda _: SimpleNamespace(VoucherPress=SlowPress))
    press = standby.StandbyPress(tmp_path, SystemClock(), URL)
    press.warm_after(0.0, SEAL)
    assert reached.wait(30)
    begun = time.monotonic()
    press.close()
    assert time.monotonic() - begun < 2.5
    assert not put_away.is_set()
    go_on.set()
    assert put_away.wait(30)


def test_an_incomplete_seal_is_refused_at_the_start(tmp_path: Path) -> None:
    ensure_seal(tmp_path, SystemClock()).key.unlink()
    with pytest.raises(ServiceError) as refused:
        standby.StandbyPress(tmp_path, SystemClock(), URL)
    assert refused.value.code == "keys.incomplete"


def test_a_machine_without_chinese_type_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as refused:
        font_files.find_font_files([tmp_path])
    assert refused.value.code == "voucher.no_font"
