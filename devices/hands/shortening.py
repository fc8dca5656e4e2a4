"""What a message is kept as: whole, unless it carries a picture.

A record is read by people and checked by programs, so that what is kept of a long message is a message still: only its
longest texts are cut, and beside it stands which, and how long they were.
"""

import json
from collections.abc import Mapping
from typing import Any

LONGEST = 64 * 1024
"""Characters of a message that is kept whole. Every ordinary one is shorter; pictures and finished pages are longer."""
KEPT_OF_A_TEXT = 512
"""Characters left of a text that is cut: a multiple of four, so that base64 stays base64."""

Cut = Mapping[str, int]
"""Where something was cut (``payload.pictureFile``), and how many characters stood there."""


def shortened(text: str) -> tuple[str, Cut]:
    """A message as it is kept, and what of it was cut; what is no JSON is cut at its end."""
    if len(text) <= LONGEST:
        return text, {}
    cut: dict[str, int] = {}
    try:
        body = _without_long_texts(json.loads(text), "", cut)
    except (ValueError, RecursionError):
        return text[:LONGEST], {"": len(text)}
    kept = json.dumps(body, ensure_ascii=False)
    if len(kept) <= LONGEST:
        return kept, cut
    # Thousands of short members: nothing that a message of the standard has room for. Its header says what it was.
    header = body.get("header") if isinstance(body, dict) else None
    kept = json.dumps({"header": header}, ensure_ascii=False)
    return (kept if len(kept) <= LONGEST else "{}"), {"": len(text)}


def _without_long_texts(value: Any, path: str, cut: dict[str, int]) -> Any:
    if isinstance(value, str) and len(value) > KEPT_OF_A_TEXT:
        cut[path] = len(value)
        return value[:KEPT_OF_A_TEXT]
    if isinstance(value, dict):
        return {name: _without_long_texts(part, f"{path}.{name}".lstrip("."), cut) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_long_texts(part, f"{path}.{place}".lstrip("."), cut) for place, part in enumerate(value)]
    return value
