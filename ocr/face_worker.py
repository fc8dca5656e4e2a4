"""The server's face worker: ``python -m ocr.face_worker``, a child of :class:`ocr.face_judge.FaceJudge`.

It does nothing but compare faces, one pair at a time, on one processor and behind everything else on the machine: its
answer has to be there when a case is submitted, not while somebody speaks.
"""

import argparse
import sys
import time
from typing import Any

import cv2
import numpy as np

from common import logs
from ocr import face_scales, wire
from ocr.api import FacePurpose
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.faces import FaceMatcher
from ocr.serving import give_way, memory, private_streams, serve
from ocr.wire import Message

NICE = 12
"""Windows, call and the windows' own workers come first."""


def main(arguments: list[str]) -> int:
    """Load, warm up, serve."""
    parser = argparse.ArgumentParser(prog="python -m ocr.face_worker", description=__doc__)
    parser.add_argument("--log-level", default="INFO")
    given = parser.parse_args(arguments)
    incoming, outgoing = private_streams()
    give_way(NICE)
    logs.configure("faces", level=given.log_level)
    cv2.setNumThreads(1)
    begin = time.perf_counter()
    encoder = DlibFaceEncoder()
    encoder.find(np.full((360, 640, 3), 200, np.uint8))
    matcher = FaceMatcher(encoder, face_scales.load(encoder.name))

    def match(message: Message) -> Any:
        known, live = message.blobs
        return wire.dump_match(matcher.match(known, live, FacePurpose(message.head["purpose"])))

    warm_ms = round((time.perf_counter() - begin) * 1e3)
    wire.write(outgoing, Message({"ready": True, "warm_ms": warm_ms, "memory": memory()}))
    serve({"match_faces": match}, incoming, outgoing)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
