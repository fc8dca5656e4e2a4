"""The server's face worker: ``python -m ocr.face_worker``, a child of :class:`ocr.face_judge.FaceJudge`.

It compares faces, one pair at a time, and looks at the pictures of a film, on one processor and behind everything else
on the machine: its answer has to be there when a case is submitted, not while somebody speaks.
"""

import sys
from typing import Any

import numpy as np

from ocr import face_scales, wire
from ocr.api import FacePurpose
from ocr.engines.dlib_faces import DlibFaceEncoder
from ocr.faces import FaceMatcher
from ocr.liveness.look import FaceLooker
from ocr.serving import Jobs, run_light
from ocr.wire import Message

NICE = 12
"""Windows, call and the windows' own workers come first."""


def jobs() -> Jobs:
    """The encoder, loaded and used once."""
    encoder = DlibFaceEncoder()
    encoder.find(np.full((360, 640, 3), 200, np.uint8))
    matcher = FaceMatcher(encoder, face_scales.load(encoder.name))

    def match(message: Message) -> Any:
        known, live = message.blobs
        purpose, document = FacePurpose(message.head["purpose"]), bool(message.head["document"])
        return wire.dump_match(matcher.match(known, live, purpose, document=document))

    looker = FaceLooker(encoder)

    def look(message: Message) -> Any:
        return wire.dump_look(looker.look(message.blobs[0]))

    return {"match_faces": match, "look": look}


if __name__ == "__main__":
    sys.exit(run_light("face", NICE, jobs, sys.argv[1:]))
