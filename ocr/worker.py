"""The vision worker: ``python -m ocr.worker``, a child of :class:`ocr.client.VisionClient`.

Loads the models, says it is ready, then does one job after another until its standard input ends. It runs at low
priority, because the video call beside it must not stutter.
"""

import argparse
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

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
from ocr.wire import Message

NICE = 5
log = logging.getLogger(__name__)


class Worker:
    """Serves jobs from one stream and answers on another."""

    def __init__(
        self,
        reader: DocumentReader,
        matcher: FaceMatcher,
        looker: FaceLooker,
        incoming: BinaryIO,
        outgoing: BinaryIO,
    ) -> None:
        self._reader = reader
        self._matcher = matcher
        self._looker = looker
        self._incoming = incoming
        self._outgoing = outgoing
        self._jobs: dict[str, Callable[[Message], Any]] = {
            "read_document": self._read_document,
            "match_faces": self._match_faces,
            "look": self._look,
        }

    def serve(self) -> None:
        """Until the stream ends; a job that fails is answered with a code and the next one is taken."""
        while (message := wire.read(self._incoming)) is not None:
            answer: dict[str, Any] = {"id": message.head.get("id")}
            try:
                answer["result"] = self._jobs[message.head["job"]](message)
            except AppError as error:
                answer["error"] = {"code": error.code}
            except Exception:
                log.exception("job failed", extra={"job": message.head.get("job")})
                answer["error"] = {"code": "ocr.failed"}
            answer["memory"] = memory()
            wire.write(self._outgoing, Message(answer))

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


def memory() -> dict[str, int]:
    """Bytes this process holds now and held at most."""
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[1]) * resource.getpagesize()
    return {"now": now, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our ends of the pipes; what any library prints goes to standard error instead."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return incoming, outgoing


def main(arguments: list[str]) -> int:
    """Load, warm up, serve."""
    parser = argparse.ArgumentParser(prog="python -m ocr.worker", description=__doc__)
    parser.add_argument("--models", type=Path, help="directory of models; without: those in the installed packages")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log-level", default="INFO")
    given = parser.parse_args(arguments)
    incoming, outgoing = _private_streams()
    os.nice(NICE)
    # Ctrl-C in a terminal reaches the whole group; whoever started the worker ends it by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
    Worker(DocumentReader(text, faces), matcher, FaceLooker(faces), incoming, outgoing).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
