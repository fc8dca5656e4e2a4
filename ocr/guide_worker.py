"""The light worker: ``python -m ocr.guide_worker``, a child of :class:`ocr.client.GuideClient`.

It looks at pictures while the customer still holds the document, without any model: up in well under a second, and
small enough to stand beside a kiosk's window.
"""

import argparse
import sys
import time
from typing import Any

import cv2
import numpy as np

from common import logs
from ocr import imaging, wire
from ocr.guide import DocumentGuide
from ocr.serving import give_way, memory, private_streams, serve
from ocr.wire import Message

NICE = 5


def main(arguments: list[str]) -> int:
    """Warm up, serve."""
    parser = argparse.ArgumentParser(prog="python -m ocr.guide_worker", description=__doc__)
    parser.add_argument("--log-level", default="INFO")
    given = parser.parse_args(arguments)
    incoming, outgoing = private_streams()
    give_way(NICE)
    logs.configure("guide", level=given.log_level)
    # One processor is enough for a picture every second, and leaves the others to the call.
    cv2.setNumThreads(1)
    begin = time.perf_counter()
    guide = DocumentGuide()
    guide.look(imaging.encode_jpeg(np.full((120, 160, 3), 40, np.uint8)))

    def look(message: Message) -> Any:
        return wire.dump_guidance(guide.look(message.blobs[0], message.head.get("expected")))

    warm_ms = round((time.perf_counter() - begin) * 1e3)
    wire.write(outgoing, Message({"ready": True, "warm_ms": warm_ms, "memory": memory()}))
    serve({"look_at_document": look}, incoming, outgoing)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
