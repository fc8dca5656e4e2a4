"""A window that hangs writes down where, whichever of its loops it is; one that turns writes nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[3]


@pytest.mark.parametrize("which", ["qt", "asyncio", "none"])
def test_where_a_window_hangs_is_written_down(tmp_path: Path, which: str) -> None:
    fault = tmp_path / "logs" / "teller.fault"
    words = [sys.executable, "-m", "tests.ui.kit.hanging_window", str(fault), which]
    done = subprocess.run(words, cwd=HOME, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = fault.read_text()
    assert ("hangs_in_here" in said) == (which != "none")
    assert said.count("Timeout") == (which != "none")
