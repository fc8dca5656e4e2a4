"""How well and how fast cards are read and faces told apart: ``python -m benchmarks.identity --cards N --json``.

Cards are rendered of invented people in several fonts and photographed by the camera model at four levels of
hardness. Each picture is read by this room's reader and, in the same run, by plain RapidOCR with its own defaults and
the same rules for making fields of text. With ``--pairs DIR`` a folder with ``pairs.csv`` (columns a, b, same) is
compared too. No figure is made up for what was not run.
"""

import argparse
import csv
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ocr import face_scales, imaging
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.engines.paddle import PaddleTextEngine
from ocr.engines.rapid import RapidTextEngine
from ocr.faces import FaceMatcher
from ocr.kinds import recognise
from ocr.kinds.base import Seen
from ocr.reader import DocumentReader
from tools.camera import MAX_LEVEL, photograph
from tools.demo_people import invent
from tools.specimens import render_back, render_front

TODAY = date(2026, 3, 1)
LETTERS = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Noto Sans Mono CJK SC")

Read = Callable[[bytes], dict[str, tuple[str, bool]]]


@dataclass
class Tally:
    """Counts of one reader at one level."""

    fields: int = 0
    right: int = 0
    cards: int = 0
    cards_right: int = 0
    unsure: int = 0
    wrong_and_sure: list[dict[str, str]] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def add(self, truth: dict[str, str], read: dict[str, tuple[str, bool]], ms: float, picture: str) -> None:
        """Count one card."""
        self.cards += 1
        self.ms.append(ms)
        good = 0
        for name, value in truth.items():
            got, unsure = read.get(name, ("", True))
            good += got == value
            self.unsure += unsure
            if got != value and not unsure:
                self.wrong_and_sure.append({"picture": picture, "field": name, "is": value, "read": got})
        self.fields += len(truth)
        self.right += good
        self.cards_right += good == len(truth)

    def as_json(self) -> dict[str, Any]:
        """Shares and times."""
        return {
            "cards": self.cards,
            "fields_right": round(self.right / max(1, self.fields), 4),
            "cards_right": round(self.cards_right / max(1, self.cards), 4),
            "unsure": round(self.unsure / max(1, self.fields), 4),
            "wrong_and_sure": round(len(self.wrong_and_sure) / max(1, self.fields), 4),
            "wrong_and_sure_fields": self.wrong_and_sure,
            "p50_ms": round(percentile(self.ms, 50), 1),
            "p95_ms": round(percentile(self.ms, 95), 1),
        }


def percentile(values: list[float], part: float) -> float:
    """Of a list that may be empty."""
    return float(np.percentile(values, part)) if values else 0.0


def cards(count: int, levels: list[int], first: int = 0) -> list[tuple[int, str, dict[str, str], bytes]]:
    """Level, name, truth and JPEG of ``count`` pictures for each level, front and back by turns."""
    made = []
    for level in levels:
        for i in range(first, first + count):
            person = invent(i // 2)
            letters = LETTERS[(i // 2) % len(LETTERS)]
            front = i % 2 == 0
            card = render_front(person, letters=letters) if front else render_back(person, letters=letters)
            truth = person.front() if front else person.back()
            made.append((level, f"{level}/{i}", truth, photograph(card, i, level)))
    return made


def plain_rapidocr() -> Read:
    """RapidOCR as its own documentation shows it, over the whole picture, with our rules for the fields."""
    engine = RapidTextEngine()

    def read(data: bytes) -> dict[str, tuple[str, bool]]:
        lines = engine.whole(imaging.decode(data))
        known = recognise(lines)
        if known is None:
            return {}
        kind, side = known
        return {name: (v.text, v.unsure) for name, v in kind.parse(Seen(lines, TODAY), side).values.items()}

    return read


def ours(reader: DocumentReader) -> Read:
    """This room's reader."""

    def read(data: bytes) -> dict[str, tuple[str, bool]]:
        reading = reader.read(data, today=TODAY)
        return {name: (v.value, v.unsure) for name, v in reading.fields.items()}

    return read


def measure_cards(readers: dict[str, Read], count: int, levels: list[int], first: int) -> dict[str, Any]:
    """Every reader on every picture, by turns, so that a busy moment of the machine meets both."""
    tallies = {name: {level: Tally() for level in levels} for name in readers}
    for level, name, truth, data in cards(count, levels, first):
        for who, read in readers.items():
            begin = time.perf_counter()
            got = read(data)
            tallies[who][level].add(truth, got, (time.perf_counter() - begin) * 1e3, name)
    return {who: {f"level_{level}": t.as_json() for level, t in by.items()} for who, by in tallies.items()}


def measure_pairs(folder: Path, matcher: FaceMatcher) -> dict[str, Any]:
    """Accuracy and time over a folder of labelled pairs."""
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    right = false_accept = false_reject = unread = 0
    ms = []
    for pair in pairs:
        answer = matcher.match((folder / pair["a"]).read_bytes(), (folder / pair["b"]).read_bytes())
        truth = pair["same"].strip().lower() in ("yes", "true", "1", "same")
        ms.append(answer.elapsed_ms)
        unread += answer.distance is None
        right += answer.same == truth
        false_accept += answer.same and not truth
        false_reject += truth and not answer.same
    return {
        "pairs": len(pairs), "accuracy": round(right / max(1, len(pairs)), 4), "false_accepts": false_accept,
        "false_rejects": false_reject, "not_compared": unread, "p50_ms": round(statistics.median(ms), 1) if ms else 0,
        "p95_ms": round(percentile(ms, 95), 1), "threshold": 80.0,
    }  # fmt: skip


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Load, measure, and give every figure."""
    with tempfile.TemporaryDirectory() as cache:
        text = PaddleTextEngine(model_dir=arguments.models, cache=Path(cache), threads=arguments.threads)
        faces = DlibFaceEncoder()
        reader = DocumentReader(text, faces)
        readers = {"guitai": ours(reader)}
        if not arguments.no_rapidocr:
            readers["rapidocr"] = plain_rapidocr()
        report: dict[str, Any] = {}
        if arguments.cards:
            for read in readers.values():
                read(cards(1, [0])[0][3])
            report["documents"] = measure_cards(readers, arguments.cards, arguments.levels, arguments.first)
        if arguments.pairs:
            report["faces"] = measure_pairs(arguments.pairs, FaceMatcher(faces, face_scales.load(faces.name)))
    return report


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--cards", type=int, default=12, help="pictures for each level (0: none)")
    parser.add_argument("--first", type=int, default=0, help="number of the first card, to measure on others")
    parser.add_argument("--levels", type=int, nargs="+", choices=range(MAX_LEVEL + 1), default=[0, 1, 2, 3])
    parser.add_argument("--pairs", type=Path, help="folder with pictures and pairs.csv (a,b,same)")
    parser.add_argument("--models", type=Path, help="directory of models; without: the installed ones")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-rapidocr", action="store_true", help="leave the comparison out")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args(words)
    if arguments.pairs is not None and not (arguments.pairs / "pairs.csv").is_file():
        parser.error(f"{arguments.pairs / 'pairs.csv'} is missing")
    report = run(arguments)
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return 0
    for who, levels in report.get("documents", {}).items():
        for level, figures in levels.items():
            print(who, level, *(f"{k}={v}" for k, v in figures.items()))
    if "faces" in report:
        print("faces", report["faces"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
