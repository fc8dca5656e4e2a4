"""The vision worker: ``python -m ocr.worker``, a child of :class:`ocr.client.VisionClient`.

Loads the models, says it is ready, then does one job after another until its standard input ends. It runs at low
priority, because the video call beside it must not stutter.
"""

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from common import logs
from common.errors import AppError
from ocr import face_scales, wire
from ocr.api import FacePurpose
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.engines.paddle import PaddleTextEngine
from ocr.faces import FaceMatcher
from ocr.liveness.look import FaceLooker
from ocr.reader import DocumentReader
from ocr.serving import Jobs, give_way, memory, private_streams, serve, until_left
from ocr.wire import Message

NICE = 10


class Worker:
    """Does the jobs that need the models."""

    def __init__(self, reader: DocumentReader, matcher: FaceMatcher, looker: FaceLooker) -> None:
        self._reader = reader
        self._matcher = matcher
        self._looker = looker

    @property
    def jobs(self) -> Jobs:
        return {"read_document": self._read_document, "match_faces": self._match_faces, "look": self._look}

    def _read_document(self, message: Message) -> Any:
        today = date.fromisoformat(message.head["today"])
        born = message.head.get("birth")
        birth = date.fromisoformat(born) if born else None
        return wire.dump_reading(self._reader.read(message.blobs[0], today=today, birth=birth))

    def _match_faces(self, message: Message) -> Any:
        purpose = FacePurpose(message.head["purpose"])
        return wire.dump_match(self._matcher.match(message.blobs[0], message.blobs[1], purpose))

    def _look(self, message: Message) -> Any:
        return wire.dump_look(self._looker.look(message.blobs[0]))


def main(arguments: list[str]) -> int:
    """Load, warm up, serve."""
    parser = argparse.ArgumentParser(prog="python -m ocr.worker", description=__doc__)
    parser.add_argument("--models", type=Path, help="directory of models; without: those in the installed packages")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log-level", default="INFO")
    given = parser.parse_args(arguments)
    incoming, outgoing = private_streams()
    give_way(NICE)
    logs.configure("vision", level=given.log_level)
    begin = time.perf_counter()
    try:
        text = PaddleTextEngine(model_dir=given.models, cache=given.cache, threads=given.threads)
        faces = DlibFaceEncoder()
    except AppError as error:
        wire.write(outgoing, Message({"failed": error.code}))
        return 1
    blank = np.full((638, 1011, 3), 200, np.uint8)
    text.read([blank[:48, :320]])
    text.locate(blank, 736)
    faces.find(blank)
    matcher = FaceMatcher(faces, face_scales.load(faces.name))
    warm_ms = round((time.perf_counter() - begin) * 1e3)
    wire.write(outgoing, Message({"ready": True, "warm_ms": warm_ms, "memory": memory()}))
    serve(Worker(DocumentReader(text, faces), matcher, FaceLooker(faces)).jobs, incoming, outgoing)
    return 0


if __name__ == "__main__":
    sys.exit(until_left(lambda: main(sys.argv[1:])))
