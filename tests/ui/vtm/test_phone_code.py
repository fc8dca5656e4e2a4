"""The code for the customer's phone: what stands on the screen is what a phone reads."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.vtm.conftest import Stand
from tests.ui.vtm.screens import LINK, show

ZBAR = shutil.which("zbarimg")


@pytest.mark.skipif(ZBAR is None, reason="no zbarimg here: apt install zbar-tools")
def test_a_phone_reads_the_address_off_the_screen(stand: Stand, tmp_path: Path) -> None:
    show(stand.controller, "phone_capture")
    QApplication.processEvents()
    shot = tmp_path / "kiosk.png"
    assert stand.window.grab().save(str(shot))
    assert ZBAR is not None
    read = subprocess.run([ZBAR, "--quiet", "--raw", str(shot)], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == LINK.url
    show(stand.controller, "phone_capture-over")
    QApplication.processEvents()
    assert stand.window.grab().save(str(shot))
    assert subprocess.run([ZBAR, "--quiet", "--raw", str(shot)], capture_output=True, check=False).stdout == b""
