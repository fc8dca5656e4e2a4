"""The papers of one transaction: numbered, pictured, with where each shall go."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PIL import Image, ImageDraw

from devices.sim.world.cheques import BIN, Paper
from devices.xfs.envelope import Payload

CUSTOMER = "customer"


class State(StrEnum):
    """State of the transaction; only ACTIVE takes papers."""

    OK = "ok"
    ACTIVE = "active"
    ROLLBACK = "rollback"
    RETRACT = "retract"
    RESET = "reset"


@dataclass(slots=True)
class Item:
    """One paper of the transaction; ``location``: device, customer or a unit."""

    number: int
    paper: Paper
    destination: str = BIN
    location: str = "device"


def drawn(paper: Paper) -> str:
    """The picture of a paper's front, base64 JPEG: its own, or its code line on white."""
    if paper.image:
        return paper.image
    image = Image.new("RGB", (600, 260), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 591, 251), outline=(120, 120, 120), width=2)
    draw.text((30, 215), paper.codeline or "-", fill="black", font_size=22)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()


def media_data(item: Item, wanted: Sequence[Mapping[str, Any]], *, codeline: bool) -> Payload:
    """What the standard tells about one paper."""
    data: Payload = {
        "mediaID": item.number,
        "mediaValidity": "suspect" if item.paper.suspect else "ok",
        "insertOrientation": {"codeline": "bottom", "media": "up"},
    }
    if codeline:
        data |= {"codelineData": item.paper.codeline, "magneticReadIndicator": "micr"}
    images = [_image(item.paper, each) for each in wanted]
    return data | ({"image": images} if images else {})


def _image(paper: Paper, wanted: Mapping[str, Any]) -> Payload:
    shown = {
        "imageSource": wanted["source"],
        "imageType": wanted["type"],
        "imageColorFormat": wanted["colorFormat"],
        "imageScanColor": wanted["scanColor"],
    }
    possible = wanted["source"] == "front" and wanted["type"] == "jpg" and wanted["colorFormat"] == "full"
    if not possible:
        return shown | {"imageStatus": "sourceNotSupported"}
    return shown | {"imageStatus": "ok", "image": drawn(paper)}
