"""How surely and how fast faces are told apart: ``python -m benchmarks.faces FOLDER [--json]``.

FOLDER holds pictures and a ``pairs.csv`` with the columns a, b, same (yes or no). Every pair is brought through the
chain of each purpose by code: the portrait printed on a card, the small portrait an authority answers with, an earlier
live picture, two moments of one call. For each purpose: the ROC curve, the threshold the curve gives, and the accuracy
at the threshold that is shipped, and the accuracy on one half of the people of a threshold chosen on the other half
(:mod:`benchmarks.face_halves`); for the pairs as they are also what the command line says of them. In the same run
one comparison from a 1080p frame is timed beside the plain calls of face_recognition on the same two pictures.

``--scales FILE`` writes the table from which scores are read (:mod:`ocr.face_scales`).
"""

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.face_halves import Compared, crossed
from common.commandline import OneLineParser, existing_folder
from ocr import face_scales, imaging
from ocr.api import FaceEncoder, FaceFound, FacePurpose
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.faces import SIDE, FaceMatcher, is_plain

GOAL = 0.995
CEILING = 0.6
"""No threshold beyond what dlib's authors give, whatever a folder of few faces would allow."""


@dataclass(frozen=True)
class Pair:
    """Two pictures of a folder, and whether they show one person."""

    a: str
    b: str
    same: bool


Measured = tuple[float, bool]


def read_pairs(folder: Path) -> list[Pair]:
    """The labels of a folder."""
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Pair(row["a"], row["b"], row["same"].strip().lower() in ("yes", "true", "1", "same")) for row in rows]


# --- the chains: what a picture goes through before it is compared ------------------------------------------------


def frame(image: Image.Image, *, size: tuple[int, int] = (1280, 720), light: float = 1.0, turn: float = 0.0) -> bytes:
    """A person before the counter's camera: the picture in a room, compressed as a call's frame is."""
    height = round(size[1] * 0.86)
    person = image.resize((round(image.width * height / image.height), height), Image.Resampling.LANCZOS)
    room = Image.new("RGB", size, (186, 194, 198))
    room.paste(person.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(186, 194, 198)),
               ((size[0] - person.width) // 2, size[1] - height))  # fmt: skip
    return _jpeg(ImageEnhance.Brightness(room).enhance(light), 72)


def card_portrait(image: Image.Image) -> bytes:
    """Printed on a card and photographed again: small, soft, pale, a little grainy."""
    small = _fitted(image, 300).filter(ImageFilter.GaussianBlur(0.8))
    pale = np.asarray(ImageEnhance.Color(small).enhance(0.8), np.float32) * 0.85 + 24
    grain = np.random.default_rng(7).normal(0, 4, pale.shape)
    return _jpeg(Image.fromarray((pale + grain).clip(0, 255).astype(np.uint8)), 85)


def small_portrait(image: Image.Image) -> bytes:
    """As a register of persons answers: about 160 pixels high, compressed hard."""
    return _jpeg(_fitted(image, 160), 70)


def _fitted(image: Image.Image, height: int) -> Image.Image:
    return image.resize((max(32, round(image.width * height / image.height)), height), Image.Resampling.BOX)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


Chain = Callable[[Image.Image], bytes]
CHAINS: dict[FacePurpose, tuple[Chain, Chain]] = {
    FacePurpose.PORTRAIT: (card_portrait, frame),
    FacePurpose.AUTHORITY: (small_portrait, frame),
    FacePurpose.EARLIER: (lambda image: frame(image, light=0.85), frame),
    FacePurpose.CONTINUITY: (frame, lambda image: frame(image, size=(640, 360), light=0.75, turn=6)),
}


def pairs_for(purpose: FacePurpose, pairs: list[Pair]) -> list[Pair]:
    """Within one call a person is also seen twice in nearly one picture: each is compared with itself as well."""
    if purpose is not FacePurpose.CONTINUITY:
        return pairs
    return [Pair(name, name, True) for name in sorted({name for pair in pairs for name in (pair.a, pair.b)})] + pairs


class Looker:
    """Looks at pictures of a folder through chains, each only once."""

    def __init__(self, folder: Path, encoder: FaceEncoder) -> None:
        self._folder, self._encoder = folder, encoder
        self._seen: dict[tuple[str, Chain], FaceFound | None] = {}

    def image(self, name: str) -> Image.Image:
        """A picture, upright."""
        return Image.fromarray(imaging.decode((self._folder / name).read_bytes())[:, :, ::-1])

    def face(self, name: str, chain: Chain) -> FaceFound | None:
        """The face in it; None when it is not clear which."""
        if (name, chain) not in self._seen:
            faces = self._encoder.find(imaging.decode(chain(self.image(name)), SIDE))
            self._seen[name, chain] = faces[0] if is_plain(faces) else None
        return self._seen[name, chain]

    def compared(self, purpose: FacePurpose, pairs: list[Pair]) -> tuple[list[Compared], int]:
        """Every pair of a purpose with its distance, and how many could not be compared."""
        first, second = CHAINS[purpose]
        chosen = pairs_for(purpose, pairs)
        found = []
        for pair in chosen:
            a, b = self.face(pair.a, first), self.face(pair.b, second)
            if a is not None and b is not None:
                found.append(Compared(pair.a, pair.b, self._encoder.distance(a, b), pair.same))
        return found, len(chosen) - len(found)


# --- the curve -----------------------------------------------------------------------------------------------------


def at(measured: list[Measured], threshold: float) -> dict[str, Any]:
    """What a threshold makes of measured pairs."""
    same = [d for d, is_same in measured if is_same]
    others = [d for d, is_same in measured if not is_same]
    accepts, rejects = sum(d <= threshold for d in others), sum(d > threshold for d in same)
    return {
        "threshold": round(threshold, 3), "accuracy": round(1 - (accepts + rejects) / max(1, len(measured)), 4),
        "false_accepts": accepts, "false_accept_rate": round(accepts / max(1, len(others)), 4),
        "false_rejects": rejects, "false_reject_rate": round(rejects / max(1, len(same)), 4),
    }  # fmt: skip


def roc(measured: list[Measured]) -> list[dict[str, Any]]:
    """The curve in steps of a hundredth."""
    return [at(measured, step / 100) for step in range(20, 101)]


def chosen(measured: list[Measured]) -> float:
    """The middle of the distances at which the goal is reached without a false accept, at most :data:`CEILING`.

    Where no distance reaches the goal: the most accurate one without a false accept.
    """
    curve = [point for point in roc(measured) if not point["false_accepts"]]
    best = min(GOAL, max(point["accuracy"] for point in curve))
    good = [point["threshold"] for point in curve if point["accuracy"] >= best]
    middle = float(good[0] + good[-1]) / 2
    return min(CEILING, round(middle, 2))


def scale_of(measured: list[Measured]) -> face_scales.FaceScale:
    """The marks of a purpose."""
    same = [d for d, is_same in measured if is_same]
    others = [d for d, is_same in measured if not is_same]
    return face_scales.marks_of(chosen(measured), round(float(np.median(same)), 4), min(others),
                                float(np.median(others)))  # fmt: skip


# --- time ----------------------------------------------------------------------------------------------------------


def timed(folder: Path, pair: Pair, matcher: FaceMatcher, rounds: int) -> dict[str, Any]:
    """One comparison of a known portrait with a new 1080p frame, beside face_recognition's own calls, by turns."""
    import face_recognition

    looker = Looker(folder, DlibFaceEncoder())
    portrait = card_portrait(looker.image(pair.a))
    person = looker.image(pair.b)
    ours: list[float] = []
    plain: list[float] = []
    encoding: list[float] = []

    def encoded(data: bytes) -> Any:
        picture = face_recognition.load_image_file(io.BytesIO(data))
        return face_recognition.face_encodings(picture)[0]

    matcher.match(portrait, frame(person, size=(1920, 1080)))
    for number in range(rounds):
        new = frame(person, size=(1920, 1080), light=0.9 + 0.01 * number)
        begin = time.perf_counter()
        matcher.match(portrait, new)
        ours.append((time.perf_counter() - begin) * 1e3)
        begin = time.perf_counter()
        known = encoded(portrait)
        middle = time.perf_counter()
        face_recognition.face_distance([known], encoded(new))
        end = time.perf_counter()
        plain.append((end - begin) * 1e3)
        encoding.append((end - middle) * 1e3)
    return {
        "frame": "1920x1080 JPEG", "rounds": rounds, "guitai_ms": _spread(ours), "face_recognition_ms": _spread(plain),
        "face_recognition_frame_only_ms": _spread(encoding),
    }  # fmt: skip


def _spread(values: list[float]) -> dict[str, float]:
    return {"p50": round(float(np.percentile(values, 50)), 1), "p95": round(float(np.percentile(values, 95)), 1)}


# --- the run -------------------------------------------------------------------------------------------------------


def as_they_are(folder: Path, pairs: list[Pair], matcher: FaceMatcher) -> dict[str, Any]:
    """What ``face match`` says of the pairs, and how long it takes without anything known before."""
    right = accepts = rejects = unread = 0
    wrong = []
    for pair in pairs:
        answer = matcher.match((folder / pair.a).read_bytes(), (folder / pair.b).read_bytes())
        unread += answer.distance is None
        right += answer.same == pair.same
        accepts += answer.same and not pair.same
        rejects += pair.same and not answer.same
        if answer.same != pair.same:
            wrong.append({"a": pair.a, "b": pair.b, "same": pair.same, "score": answer.score})
    return {
        "pairs": len(pairs), "accuracy": round(right / max(1, len(pairs)), 4), "false_accepts": accepts,
        "false_rejects": rejects, "not_compared": unread, "wrong": wrong,
    }  # fmt: skip


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure everything."""
    pairs = read_pairs(arguments.folder)
    encoder = DlibFaceEncoder()
    looker = Looker(arguments.folder, encoder)
    compared = {purpose: looker.compared(purpose, pairs) for purpose in FacePurpose}
    measured = {purpose: ([(one.distance, one.same) for one in found], left) for purpose, (found, left) in
                compared.items()}  # fmt: skip
    facts = {
        "pairs": len(pairs), "same": sum(pair.same for pair in pairs),
        "pictures": len({name for pair in pairs for name in (pair.a, pair.b)}),
    }  # fmt: skip
    if arguments.scales is not None:
        _write(arguments.scales, encoder.name, facts, {purpose: scale_of(found) for purpose, (found, _) in
                                                       measured.items()})  # fmt: skip
    scales = face_scales.load(encoder.name, arguments.scales or face_scales.SHIPPED)
    matcher = FaceMatcher(encoder, scales)
    report: dict[str, Any] = {"encoder": encoder.name, "measured_on": facts, "purposes": {}}
    for purpose, (found, unread) in measured.items():
        report["purposes"][purpose.value] = {
            "compared": len(found), "not_compared": unread, "shipped": at(found, scales[purpose].threshold),
            "curve_gives": chosen(found), "crossed": crossed(compared[purpose][0], chosen),
            "roc": roc(found) if arguments.roc else [],
        }  # fmt: skip
    report["as_they_are"] = as_they_are(arguments.folder, pairs, matcher)
    if arguments.rounds:
        report["time"] = timed(arguments.folder, next(p for p in pairs if p.same), matcher, arguments.rounds)
    return report


def _write(file: Path, encoder: str, facts: dict[str, int], scales: dict[FacePurpose, face_scales.FaceScale]) -> None:
    table = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    table[encoder] = {
        "measured_on": facts,
        "purposes": {
            purpose.value: {"threshold": scale.threshold, "marks": [list(mark) for mark in scale.marks]}
            for purpose, scale in scales.items()
        },
    }
    file.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """Print the figures as JSON."""
    parser = OneLineParser(prog="python -m benchmarks.faces", description=__doc__)
    parser.add_argument("folder", type=existing_folder, help="pictures and pairs.csv (a,b,same)")
    parser.add_argument("--rounds", type=int, default=10, help="timed comparisons (0: none)")
    parser.add_argument("--roc", action="store_true", help="every point of the curves")
    parser.add_argument("--scales", type=Path, metavar="FILE", help="write the table of scores that the curves give")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSON goes there instead of to the terminal")
    arguments = parser.parse_args(words)
    if not (arguments.folder / "pairs.csv").is_file():
        parser.error(f"{arguments.folder / 'pairs.csv'} is missing")
    text = json.dumps(run(arguments), ensure_ascii=False, indent=1)
    if arguments.out is not None:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
