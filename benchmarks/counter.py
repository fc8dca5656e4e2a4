"""What people at the counter wait for, measured in the real windows: ``python -m benchmarks.counter --json``.

Plays the demo's withdrawal ``--runs`` times from a cold start and reports medians: time until the windows can be used,
authorisation submit to screen, reading and face match, posting, stalls of the windows' event loops during the visit,
peak memory per process, and the call beside a bare aiortc loop of the same run.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from common.commandline import OneLineParser

HOME = Path(__file__).resolve().parents[1]


def play(out: Path) -> dict[str, Any]:
    """One run of the demo; its report.

    Raises:
        RuntimeError: the visit did not come to its end.
    """
    words = [
        sys.executable,
        str(HOME / "guitai.py"),
        "demo",
        "--headless",
        "--out",
        str(out),
        "--scenario",
        "withdrawal",
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def figures(report: dict[str, Any]) -> dict[str, float | None]:
    """The figures of one run, flat."""
    visit = report["visits"]["withdrawal"]
    calls, stalls = visit["call"].values(), visit["stalls"].values()
    flat: dict[str, float | None] = {
        "usable_after_s": report["usable_after_s"],
        "call_setup_ms": max(call["setup_ms"] for call in calls),
        "fps_decoded": min(call["fps_decoded"] for call in calls),
        "display_p50_ms": max(call["display_ms"]["p50"] for call in calls),
        "display_p95_ms": max(call["display_ms"]["p95"] for call in calls),
        "sound_p95_ms": max(call["sound_ms"]["p95"] for call in calls),
        "bare_decode_p95_ms": max(side["decode_ms"]["p95"] for side in report["bare_call"].values()),
        "authorisation_to_screen_ms": _first(visit["authorisation"]["measured"], "submit_to_screen_ms"),
        "fields_right": visit["fields_right"],
        "stalls_over_50_ms": sum(stall["over_50_ms"] for stall in stalls),
        "longest_stall_ms": max(stall["longest_ms"] for stall in stalls),
    }
    for name, latency in report["posting"].items():
        flat[f"{name} p50_ms"] = latency["p50_ms"]
    for name, peak in report["memory_mib"].items():
        flat[f"memory {name} MiB"] = peak
    for name, took in (visit.get("vision") or {}).get("milliseconds", {}).items():
        flat[f"{name}_ms"] = statistics.median(took) if took else None
    return flat


def _first(rows: list[dict[str, float]], name: str) -> float | None:
    return rows[0][name] if rows else None


def medians(runs: Iterable[dict[str, float | None]]) -> dict[str, float | None]:
    """Median of each figure over the runs."""
    rows = list(runs)
    found: dict[str, float | None] = {}
    for name in rows[0]:
        values = [value for row in rows if (value := row.get(name)) is not None]
        found[name] = round(statistics.median(values), 2) if values else None
    return found


def main(words: list[str] | None = None) -> int:
    """Run and print."""
    parser = OneLineParser(prog="python -m benchmarks.counter", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    rows = []
    for number in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="guitai-counter-") as folder:
            rows.append(figures(play(Path(folder) / str(number))))
    middle = medians(rows)
    if options.json:
        print(json.dumps({"runs": rows, "median": middle}, ensure_ascii=False, indent=1))
    else:
        for name, value in middle.items():
            print(f"{name:40} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
