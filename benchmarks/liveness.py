"""How many attacks pass the liveness check and how many people do not: ``python -m benchmarks.liveness``.

People and attacks are drawn by code (:mod:`benchmarks.presentations`) and brought through JPEG as frames of a call are,
at the rate at which the product looks. Figures in the terms of ISO/IEC 30107-3: APCER, for each kind of attack, is the
share that was taken for a live person; BPCER the share of live people who were refused. ``by_cues`` says how many of an
attack's presentations the traces in the picture alone would have shown, whatever the gestures did.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Protocol

import cv2

from benchmarks.presentations import ATTACKS, Customer
from common.wire.liveness import Gesture
from ocr.api import Picture
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.liveness.check import LivenessCheck, Phase, draw
from ocr.liveness.cues import Cues
from ocr.liveness.look import FaceLooker

EVERY_S = 0.2
"""Between two looks: what the product does at most."""
SEEN_S = 0.3
"""From asking until the customer's screen shows it."""
GESTURES = 3


class Presentation(Protocol):
    """Whatever is before the camera."""

    def ask(self, gesture: Gesture | None, at: float) -> None: ...
    def frame(self, at: float) -> Picture: ...


def present(who: Presentation, seed: int, looker: FaceLooker, ms: list[float]) -> tuple[LivenessCheck, Cues]:
    """One whole check."""
    chance = random.Random(seed)  # noqa: S311 - the same draws in every run
    check, cues = LivenessCheck(draw(chance, GESTURES), chance, 0.0), Cues()
    shown: list[tuple[float, Gesture | None]] = [(0.0, None)]
    at, told = 0.0, shown[0][1]
    while not check.over:
        at += EVERY_S * chance.uniform(0.9, 1.3)
        if check.asked != shown[-1][1]:
            shown.append((at + SEEN_S, check.asked))
        newest = [asked for moment, asked in shown if moment <= at][-1]
        if newest != told:
            told = newest
            who.ask(told, at)
        done, data = cv2.imencode(".jpg", who.frame(at), [cv2.IMWRITE_JPEG_QUALITY, 78])
        assert done
        look = looker.look(data.tobytes())
        ms.append(look.elapsed_ms)
        cues.add(look)
        check.feed(look, at)
    return check, cues


def measure(kind: str, runs: int, first: int, looker: FaceLooker) -> dict[str, Any]:
    """All presentations of one kind."""
    make = Customer if kind == "live" else ATTACKS[kind]
    passed = shown = 0
    why: Counter[str] = Counter()
    ms: list[float] = []
    figures: list[dict[str, float]] = []
    for seed in range(first, first + runs):
        check, cues = present(make(seed), seed + 1000, looker, ms)
        passed += check.phase is Phase.PASSED
        shown += bool(cues.findings())
        why.update(check.findings)
        figures.append({name: round(value, 3) for name, value in cues.figures().items()})
    rate = {"BPCER": round(1 - passed / runs, 4)} if kind == "live" else {"APCER": round(passed / runs, 4)}
    spread = {
        name: sorted(one[name] for one in figures if name in one)[:: max(1, runs // 4)]
        for name in ("moire", "frame", "colours", "detail", "frozen", "motion")
    }
    return {**rate, "presentations": runs, "passed": passed, "by_cues": shown, "findings": dict(why),
            "figures": spread, "look_ms_p50": sorted(ms)[len(ms) // 2]}  # fmt: skip


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Live people, then every attack."""
    begin = time.monotonic()
    looker = FaceLooker(DlibFaceEncoder())
    kinds = [kind for kind in ("live", *ATTACKS) if not arguments.only or kind in arguments.only]
    report = {kind: measure(kind, arguments.runs, arguments.first, looker) for kind in kinds}
    rates = [next(iter(one.values())) for one in report.values()]
    return {"gestures": GESTURES, "kinds": report, "worst_rate": max(rates), "goal": 0.05,
            "seconds": round(time.monotonic() - begin)}  # fmt: skip


def main(words: list[str]) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.liveness", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="presentations of each kind")
    parser.add_argument("--first", type=int, default=0, help="seed of the first, to measure on others")
    parser.add_argument("--only", nargs="+", choices=["live", *ATTACKS])
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSON goes there instead of to the terminal")
    arguments = parser.parse_args(words)
    text = json.dumps(run(arguments), ensure_ascii=False, indent=1)
    if arguments.out is not None:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
