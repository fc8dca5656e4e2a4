"""The demo plays three visits in the real windows: if any real part is missing, a step or a check fails.

In the deposit the server is restarted, call and windows standing (:mod:`tests.e2e.interrupted`).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e import interrupted

SCENARIOS = ("withdrawal", "deposit", "reject")
MODEST = {"GUITAI_VIDEO__FPS": "15", "GUITAI_OCR__THREADS": "1", "GUITAI_FACE__GESTURES": "2"}
"""The whole size at half the pace: beside the rest of the suite 30 a second would show nothing but a busy machine. What
a machine of its own holds is measured by ``benchmarks/call.py`` and the demo. Two gestures are as good as four where no
thief is about."""
SEEN = {
    *(f"{scenario}: the kiosk speaks the language chosen" for scenario in SCENARIOS),
    "withdrawal: the ended case is found again by its number",
    "withdrawal: found again: voucher and amount as served",
    "withdrawal: found again: opened with its evidence",
    f"deposit: {interrupted.TOLD}",
    f"deposit: {interrupted.BACK}",
}
"""What the players see for themselves, in the windows."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """The out directory, report.json and what was printed."""
    out = tmp_path_factory.mktemp("story") / "out"
    words = [sys.executable, "-m", interrupted.__name__, "demo", "--headless", "--out", str(out)]
    for scenario in SCENARIOS:
        words += ["--scenario", scenario]
    around, home = {**os.environ, **MODEST}, Path(__file__).resolve().parents[2]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False, env=around, cwd=home)
    said = done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, said
    return out, report, said


@pytest.mark.timeout(620)
def test_every_visit_comes_to_its_end_and_every_check_holds(played: tuple[Path, dict[str, Any], str]) -> None:
    _, report, said = played
    assert report["passed"], said
    assert set(report["visits"]) == set(SCENARIOS)
    assert len(report["checks"]) >= 41
    assert set(report["checks"]) >= SEEN
    assert "Traceback" not in said


@pytest.mark.timeout(620)
def test_every_step_left_a_picture_of_every_window(played: tuple[Path, dict[str, Any], str]) -> None:
    out, report, _ = played
    for scenario in SCENARIOS:
        for number, step in enumerate(report["visits"][scenario]["steps"], start=1):
            for window in ("kiosk", "hands", "teller", "authoriser"):
                with Image.open(out / scenario / f"{number:02d}-{step['step']}-{window}.png") as picture:
                    assert picture.width >= 400
                    assert len(picture.convert("L").getcolors(256) or []) > 8, "not an empty picture"


@pytest.mark.timeout(620)
def test_the_report_names_every_figure(played: tuple[Path, dict[str, Any], str]) -> None:
    _, report, _ = played
    visit = report["visits"]["withdrawal"]
    for side in ("teller", "kiosk"):
        call = visit["call"][side]
        assert call["setup_ms"] > 0
        assert call["fps_decoded"] > 5
        assert call["display_ms"]["p50"] <= call["display_ms"]["p95"]
        assert call["sound_ms"]["count"] > 3
        assert visit["stalls"][side]["longest_ms"] >= 0
    assert (visit["fields_right"], visit["fields"]) == (9, 9)
    assert visit["face"]["same"]
    assert visit["authorisation"]["measured"][0]["submit_to_screen_ms"] > 0
    assert {"server", "devices", "kiosk", "teller", "teller.worker", "authoriser"} <= set(report["memory_mib"])
    assert any("execute" in name for name in report["posting"])
    assert report["bare_call"]["teller"]["decode_ms"]["p95"] > 0
    assert report["usable_after_s"] > 0
