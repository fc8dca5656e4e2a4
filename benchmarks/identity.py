"""How well and how fast documents are read: ``python -m benchmarks.identity --cards N --json``.

Documents of every kind are rendered of invented people in several fonts and photographed by the camera model at four
levels of hardness. Each picture is read by this room's reader and, in the same run, by plain RapidOCR with its own
defaults and the same rules for making fields of text. ``p50_cpu_ms`` is processor time over all threads: on a busy
machine it says more than the clock. No figure is made up for what was not run. With ``--record FILE`` every picture is
written down as soon as it was read: a run that was broken off goes on where it ended, and the figures are of the whole
file. Faces: ``python -m benchmarks.faces``.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from common.commandline import OneLineParser, existing_folder
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


@dataclass(frozen=True)
class Entry:
    """One picture as one reader read it, beside what was printed."""

    who: str
    picture: str
    truth: dict[str, str]
    fields: dict[str, tuple[str, bool]]
    kind_right: bool
    ms: float
    cpu_ms: float


class Record:
    """What has been read so far, in memory and, where a file is given, on disk: one JSON object a line."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        lines = file.read_text(encoding="utf-8").splitlines() if file is not None and file.exists() else []
        loaded = (json.loads(line) for line in lines)
        self.entries = [
            Entry(**one | {"fields": {name: (said[0], said[1]) for name, said in one["fields"].items()}})
            for one in loaded
        ]
        self._known = {(entry.who, entry.picture) for entry in self.entries}

    def has(self, who: str, picture: str) -> bool:
        """Whether that reader has read that picture."""
        return (who, picture) in self._known

    def add(self, entry: Entry) -> None:
        """Keep it; written at once."""
        self.entries.append(entry)
        self._known.add((entry.who, entry.picture))
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


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

    def add(self, seen: "Entry") -> None:
        """Count one document. A field that nothing was printed for counts, too, when it is sure."""
        self.cards += 1
        self.ms.append(seen.ms)
        self.cpu_ms.append(seen.cpu_ms)
        self.kind_right += seen.kind_right
        good = 0
        for name in seen.truth | seen.fields:
            value = seen.truth.get(name, "")
            read, unsure = seen.fields.get(name, ("", True))
            if name in seen.truth:
                good += read == value
                self.unsure += unsure
            if read != value:
                wrong = self.wrong_and_unsure if unsure else self.wrong_and_sure
                wrong.append({"picture": seen.picture, "field": name, "is": value, "read": read})
        self.fields += len(seen.truth)
        self.right += good
        self.cards_right += good == len(seen.truth)

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


@dataclass(frozen=True)
class Shot:
    """A picture to be taken: ``name`` is level/kind/side/number."""

    level: int
    kind: str
    side: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.level}/{self.kind}/{self.side}/{self.number}"

    def taken(self) -> tuple[Specimen, bytes]:
        """The document and the JPEG of it; the same shot, the same picture."""
        specimen = draw(self.kind, self.side, self.number, LETTERS[self.number % len(LETTERS)])
        seed = self.number * 1009 + sorted(DRAW).index((self.kind, self.side))
        return specimen, photograph(specimen.image, seed, self.level)


def shots(count: int, levels: list[int], first: int, kinds: list[str] | None) -> Iterator[Shot]:
    """``count`` pictures of each kind and side at each level; a part of them has about as many of each."""
    for number in range(first, first + count):
        for kind, side in DRAW if kinds is None else (pair for pair in DRAW if pair[0] in kinds):
            for level in levels:
                yield Shot(level, kind, side, number)


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


def measure(readers: dict[str, Read], wanted: Iterator[Shot], record: Record) -> None:
    """Every reader on every picture that is not recorded yet, by turns: a busy moment of the machine meets all."""
    for shot in wanted:
        missing = [who for who in readers if not record.has(who, shot.name)]
        if not missing:
            continue
        specimen, data = shot.taken()
        for who in missing:
            begin, cpu = time.perf_counter(), time.process_time()
            got = readers[who](data)
            ms, cpu_ms = (time.perf_counter() - begin) * 1e3, (time.process_time() - cpu) * 1e3
            right = (got.kind, got.side) == (specimen.kind, specimen.side)
            record.add(Entry(who, shot.name, specimen.truth, got.fields, right, ms, cpu_ms))


def report(entries: Iterable[Entry]) -> dict[str, Any]:
    """Figures by reader and group, and every field that was read wrong."""
    tallies: dict[str, dict[str, Tally]] = {}
    for entry in entries:
        level, kind, side, _ = entry.picture.split("/")
        group = "levels_0_1" if int(level) < 2 else "levels_2_3"
        for key in ("all", group, f"level_{level}", f"level_{level}/{kind}/{side}"):
            tallies.setdefault(entry.who, {}).setdefault(key, Tally()).add(entry)
    done: dict[str, Any] = {who: {key: t.as_json() for key, t in by.items()} for who, by in tallies.items()}
    for who, by in tallies.items():
        done[who]["wrong_and_sure"] = by["all"].wrong_and_sure
        done[who]["wrong_and_unsure"] = by["all"].wrong_and_unsure
    return done


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
        record = Record(arguments.record)
        measure(readers, shots(arguments.cards, arguments.levels, arguments.first, arguments.kinds), record)
        return report(record.entries)


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = OneLineParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--cards", type=int, default=2, help="pictures of each kind and side for each level")
    parser.add_argument("--first", type=int, default=0, help="number of the first document, to measure on others")
    parser.add_argument("--levels", type=int, nargs="+", choices=range(MAX_LEVEL + 1), default=[0, 1, 2, 3])
    parser.add_argument("--kinds", nargs="+", choices=sorted({kind for kind, _ in DRAW}), help="only these")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep every reading; go on where the file ends")
    parser.add_argument("--models", type=existing_folder, help="directory of models; without: the installed ones")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-rapidocr", action="store_true", help="leave the comparison out")
    parser.add_argument("--second-engine", action="store_true", help="this room's reader on RapidOCR's engine, too")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args(words)
    done = run(arguments)
    if arguments.json:
        print(json.dumps(done, ensure_ascii=False, indent=1))
        return 0
    for who, groups in done.items():
        for name, figures in groups.items():
            lines = figures if isinstance(figures, list) else [figures]
            for line in lines:
                print(who, name, *(f"{k}={v}" for k, v in line.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
