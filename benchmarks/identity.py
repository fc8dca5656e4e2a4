"""How well and how fast documents are read: ``python -m benchmarks.identity --cards N --json``.

Documents of every kind are rendered of invented people in several fonts and photographed by the camera model at four
levels of hardness. Each picture is read by this room's reader and, in the same run, by plain RapidOCR with its own
defaults and the same rules for making fields of text. ``p50_cpu_ms`` is processor time over all threads: on a busy
machine it says more than the clock. No figure is made up for what was not run. Faces: ``python -m benchmarks.faces``.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ocr import barcodes, imaging
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.engines.paddle import PaddleTextEngine
from ocr.engines.rapid import RapidTextEngine
from ocr.kinds import recognise
from ocr.kinds.base import Seen
from ocr.reader import DocumentReader
from tools.camera import MAX_LEVEL, photograph
from tools.specimens.catalogue import DRAW, Specimen, draw

TODAY = date(2026, 3, 1)
LETTERS = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Noto Sans Mono CJK SC")


@dataclass(frozen=True)
class Got:
    """What a reader made of a picture."""

    kind: str | None
    side: str | None
    fields: dict[str, tuple[str, bool]]
    """Value, and whether it is marked unsure."""


Read = Callable[[bytes], Got]


@dataclass
class Tally:
    """Counts of one reader over some pictures."""

    fields: int = 0
    right: int = 0
    cards: int = 0
    cards_right: int = 0
    unsure: int = 0
    kind_right: int = 0
    wrong_and_sure: list[dict[str, str]] = field(default_factory=list)
    wrong_and_unsure: list[dict[str, str]] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def add(self, specimen: Specimen, got: Got, took: tuple[float, float], picture: str) -> None:
        """Count one document. A field that nothing was printed for counts, too, when it is sure."""
        self.cards += 1
        self.ms.append(took[0])
        self.cpu_ms.append(took[1])
        self.kind_right += (got.kind, got.side) == (specimen.kind, specimen.side)
        good = 0
        for name in specimen.truth | got.fields:
            value = specimen.truth.get(name, "")
            read, unsure = got.fields.get(name, ("", True))
            if name in specimen.truth:
                good += read == value
                self.unsure += unsure
            if read != value:
                wrong = self.wrong_and_unsure if unsure else self.wrong_and_sure
                wrong.append({"picture": picture, "field": name, "is": value, "read": read})
        self.fields += len(specimen.truth)
        self.right += good
        self.cards_right += good == len(specimen.truth)

    def as_json(self) -> dict[str, Any]:
        """Shares and times."""
        return {
            "cards": self.cards,
            "fields": self.fields,
            "kind_right": share(self.kind_right, self.cards),
            "fields_right": share(self.right, self.fields),
            "cards_right": share(self.cards_right, self.cards),
            "unsure": share(self.unsure, self.fields),
            "wrong_and_sure": share(len(self.wrong_and_sure), self.fields),
            "p50_ms": round(percentile(self.ms, 50), 1),
            "p95_ms": round(percentile(self.ms, 95), 1),
            "p50_cpu_ms": round(percentile(self.cpu_ms, 50), 1),
        }


def share(part: int, whole: int) -> float:
    """Of a whole that may be empty."""
    return round(part / max(1, whole), 4)


def percentile(values: list[float], part: float) -> float:
    """Of a list that may be empty."""
    return float(np.percentile(values, part)) if values else 0.0


def pictures(
    count: int, levels: list[int], first: int, kinds: list[str] | None
) -> Iterator[tuple[int, str, Specimen, bytes]]:
    """Level, name, document and JPEG: ``count`` pictures of each kind and side at each level."""
    for level in levels:
        for kind, side in DRAW:
            for i in range(first, first + count) if kinds is None or kind in kinds else ():
                specimen = draw(kind, side, i, LETTERS[i % len(LETTERS)])
                seed = i * 1009 + sorted(DRAW).index((kind, side))
                yield level, f"{level}/{kind}/{side}/{i}", specimen, photograph(specimen.image, seed, level)


def plain_rapidocr() -> Read:
    """RapidOCR as its own documentation shows it, over the whole picture, with our rules for the fields."""
    engine = RapidTextEngine()

    def read(data: bytes) -> Got:
        picture = imaging.decode(data)
        lines = engine.whole(picture)
        known = recognise(lines)
        if known is None:
            return Got(None, None, {})
        kind, side = known
        codes = barcodes.read(picture) if kind.barcodes else ()
        values = kind.parse(Seen(lines, TODAY, codes), side).values
        return Got(kind.name, side, {name: (v.text, v.unsure) for name, v in values.items()})

    return read


def ours(reader: DocumentReader) -> Read:
    """This room's reader."""

    def read(data: bytes) -> Got:
        reading = reader.read(data, today=TODAY)
        return Got(reading.kind, reading.side, {name: (v.value, v.unsure) for name, v in reading.fields.items()})

    return read


def measure(readers: dict[str, Read], arguments: argparse.Namespace) -> dict[str, Any]:
    """Every reader on every picture, by turns, so that a busy moment of the machine meets both."""
    tallies: dict[str, dict[str, Tally]] = {name: {} for name in readers}
    for level, name, specimen, data in pictures(
        arguments.cards, arguments.levels, arguments.first, arguments.kinds
    ):  # fmt: skip
        for who, read in readers.items():
            begin, cpu = time.perf_counter(), time.process_time()
            got = read(data)
            took = ((time.perf_counter() - begin) * 1e3, (time.process_time() - cpu) * 1e3)
            group = "levels_0_1" if level < 2 else "levels_2_3"
            for key in ("all", group, f"level_{level}", f"level_{level}/{specimen.kind}/{specimen.side}"):
                tallies[who].setdefault(key, Tally()).add(specimen, got, took, name)
    report: dict[str, Any] = {who: {key: t.as_json() for key, t in by.items()} for who, by in tallies.items()}
    for who, by in tallies.items():
        report[who]["wrong_and_sure"] = by["all"].wrong_and_sure if by else []
        report[who]["wrong_and_unsure"] = by["all"].wrong_and_unsure if by else []
    return report


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Load, measure, and give every figure."""
    with tempfile.TemporaryDirectory() as cache:
        text = PaddleTextEngine(model_dir=arguments.models, cache=Path(cache), threads=arguments.threads)
        faces = DlibFaceEncoder()
        readers = {"guitai": ours(DocumentReader(text, faces))}
        if arguments.second_engine:
            readers["guitai_on_rapidocr"] = ours(DocumentReader(RapidTextEngine(), faces))
        if not arguments.no_rapidocr:
            readers["rapidocr"] = plain_rapidocr()
        warm = photograph(draw("resident_id", "front", 0).image, 0, 0)
        for read in readers.values():
            read(warm)
        return measure(readers, arguments)


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--cards", type=int, default=2, help="pictures of each kind and side for each level")
    parser.add_argument("--first", type=int, default=0, help="number of the first document, to measure on others")
    parser.add_argument("--levels", type=int, nargs="+", choices=range(MAX_LEVEL + 1), default=[0, 1, 2, 3])
    parser.add_argument("--kinds", nargs="+", choices=sorted({kind for kind, _ in DRAW}), help="only these")
    parser.add_argument("--models", type=Path, help="directory of models; without: the installed ones")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-rapidocr", action="store_true", help="leave the comparison out")
    parser.add_argument("--second-engine", action="store_true", help="this room's reader on RapidOCR's engine, too")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args(words)
    report = run(arguments)
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return 0
    for who, groups in report.items():
        for name, figures in groups.items():
            lines = figures if isinstance(figures, list) else [figures]
            for line in lines:
                print(who, name, *(f"{k}={v}" for k, v in line.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
