"""The light worker: ``python -m ocr.guide_worker``, a child of :class:`ocr.client.GuideClient`.

It looks at pictures while the customer still holds the document, without any model: up in well under a second, and
small enough to stand beside a kiosk's window.
"""

import sys
from typing import Any

import numpy as np

from ocr import imaging, wire
from ocr.guide import DocumentGuide
from ocr.serving import Jobs, run_light
from ocr.wire import Message

NICE = 5


def jobs() -> Jobs:
    """The guide, used once."""
    guide = DocumentGuide()
    guide.look(imaging.encode_jpeg(np.full((120, 160, 3), 40, np.uint8)))

    def look(message: Message) -> Any:
        return wire.dump_guidance(guide.look(message.blobs[0], message.head.get("expected")))

    return {"look_at_document": look}


if __name__ == "__main__":
    sys.exit(run_light("guide", NICE, jobs, sys.argv[1:]))
