"""How many attacks pass the liveness check and how many people do not: ``python -m benchmarks.liveness``.

People and attacks are drawn by code (:mod:`benchmarks.presentations`) from the demo's customer and, with ``--faces
FOLDER``, from every photograph there that can be used, in turn; they are brought through JPEG as frames of a call are,
at the rate at which the product looks, by the time of the frames: nothing waits. Figures in the terms of ISO/IEC
30107-3: APCER, for each kind of attack, is the share that was taken for a live person; BPCER the share of live people
who were refused. ``by_cues`` says how many of an attack's presentations the traces in the picture alone would have
shown, whatever the gestures did. With each rate stand the exact bounds between which the true one lies, on
presentations like these, with 95 % certainty.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import cv2

from benchmarks.bounds import at_most, bounds
from benchmarks.presentations import ATTACKS, Customer
from benchmarks.sitters import Sitter, sitters
from common.challenge import drawn
from common.commandline import OneLineParser
from common.settings import FaceSettings
from common.wire.liveness import Gesture
from ocr.api import Picture
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.liveness.check import LivenessCheck, Phase
from ocr.liveness.cues import Cues
from ocr.liveness.look import FaceLooker

EVERY_S = 0.2
"""Between two looks: what the product does at most."""
SEEN_S = 0.3
"""From asking until the customer's screen shows it."""
GESTURES = FaceSettings().gestures


class Presentation(Protocol):
    """Whatever is before the camera."""

    def ask(self, gesture: Gesture | None, at: float) -> None: ...
    def frame(self, at: float) -> Picture: ...


def present(who: Presentation, seed: int, looker: FaceLooker, ms: list[float]) -> tuple[LivenessCheck, Cues]:
    """One whole check."""
    chance = random.Random(seed)  # noqa: S311 - the same draws in every run
    check, cues = LivenessCheck(drawn(chance.randrange, GESTURES), chance, 0.0), Cues()
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


def presented(kind: str, seed: int, who: Sitter, looker: FaceLooker) -> dict[str, Any]:
    """One presentation, as it is kept."""
    make: Callable[[int, Sitter], Presentation] = Customer if kind == "live" else ATTACKS[kind]
    ms: list[float] = []
    check, cues = present(make(seed, who), seed + 1000, looker, ms)
    return {
        "kind": kind, "seed": seed, "who": who.name, "passed": check.phase is Phase.PASSED, "by_cues": cues.findings(),
        "findings": list(check.findings), "ms": round(sorted(ms)[len(ms) // 2], 1),
        "figures": {name: round(value, 3) for name, value in cues.figures().items()},
    }  # fmt: skip


def summed(kind: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one kind: its rate, and between which rates the true one lies."""
    runs, passed = len(rows), sum(row["passed"] for row in rows)
    wrong = runs - passed if kind == "live" else passed
    name = "BPCER" if kind == "live" else "APCER"
    spread = {
        figure: sorted(row["figures"][figure] for row in rows if figure in row["figures"])[:: max(1, runs // 4)]
        for figure in ("moire", "frame", "colours", "detail", "frozen", "motion")
    }
    return {
        name: round(wrong / runs, 4), "wrong": wrong, "presentations": runs, "bounds_95": bounds(wrong, runs),
        "at_most_95": at_most(wrong, runs), "portraits": len({row["who"] for row in rows}),
        "by_cues": sum(bool(row["by_cues"]) for row in rows),
        "findings": dict(Counter(code for row in rows for code in row["findings"])), "figures": spread,
        "look_ms_p50": sorted(row["ms"] for row in rows)[runs // 2],
    }  # fmt: skip


def kept(file: Path | None) -> list[dict[str, Any]]:
    """What earlier runs measured; a last line that was cut off by a stop is left out."""
    if file is None or not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """One presentation of every kind after the other, so that a run that is stopped has measured all of them."""
    begin = time.monotonic()
    kinds = [kind for kind in ("live", *ATTACKS) if not arguments.only or kind in arguments.only]
    rows = kept(arguments.keep)
    done = {(row["kind"], row["seed"]) for row in rows}
    seeds = range(arguments.first, arguments.first + arguments.runs)
    missing = [(kind, seed) for seed in seeds for kind in kinds if (kind, seed) not in done]
    marker = DlibFaceEncoder()
    looker, who = FaceLooker(marker), sitters(arguments.faces, marker)
    for kind, seed in missing:
        rows.append(presented(kind, seed, who[seed % len(who)], looker))
        if arguments.keep is not None:
            with arguments.keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps(rows[-1]) + "\n")
    by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in kinds}
    report = {kind: summed(kind, found) for kind, found in by_kind.items() if found}
    return {"gestures": GESTURES, "kinds": report, "worst_rate": max(one["wrong"] / one["presentations"]
            for one in report.values()), "worst_at_most_95": max(one["at_most_95"] for one in report.values()),
            "goal": 0.05, "seconds": round(time.monotonic() - begin)}  # fmt: skip


def main(words: list[str]) -> int:
    """Print the figures as JSON."""
    parser = OneLineParser(prog="python -m benchmarks.liveness", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="presentations of each kind")
    parser.add_argument("--first", type=int, default=0, help="seed of the first, to measure on others")
    parser.add_argument("--faces", type=Path, metavar="FOLDER", help="photographs of more people")
    parser.add_argument("--only", nargs="+", choices=["live", *ATTACKS])
    parser.add_argument("--keep", type=Path, metavar="FILE", help="each presentation is a line there; known ones stand")
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
