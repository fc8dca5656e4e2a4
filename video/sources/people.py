"""The two portraits that need no file of ours: a drawn teller, and a public-domain photograph.

The photograph is NASA's portrait of Eileen Collins, which the scikit-image wheel carries as its test
picture "astronaut"; only the file is read, the library is not imported.
"""

import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from common.errors import ServiceError
from video.frames import Pixels
from video.sources.actor import Features
from video.sources.synthetic import load_portrait

# Head and shoulders within the photograph: left, top, right, bottom in its own pixels.
_ASTRONAUT_BOX = (114, 2, 338, 226)

CUSTOMER_FEATURES = Features(
    eyes=((0.362, 0.441, 0.428, 0.460), (0.553, 0.633, 0.438, 0.470)),
    mouth=(0.392, 0.588, 0.640),
    head=(0.497, 0.50, 0.27, 0.34),
    nose=(0.495, 0.575),
)
"""Within that cut."""

_WALL, _SKIN, _NECK = (211, 221, 227), (236, 204, 178), (222, 181, 149)
_HAIR, _SUIT, _LAPEL, _SCARF = (35, 29, 30), (24, 60, 84), (32, 76, 102), (14, 94, 142)
_STEEL, _MOUTH = (62, 72, 82), (160, 84, 72)


def customer() -> Pixels:
    """The photograph, cut to head and shoulders.

    Raises:
        ServiceError: ``call.portrait_missing``: scikit-image's pictures are not installed.
    """
    spec = importlib.util.find_spec("skimage")
    roots = list(spec.submodule_search_locations or ()) if spec is not None else []
    for root in roots:
        try:
            pixels = load_portrait(Path(root) / "data" / "astronaut.png")
        except OSError:
            continue
        left, top, right, bottom = _ASTRONAUT_BOX
        return np.ascontiguousarray(pixels[top:bottom, left:right])
    raise ServiceError("call.portrait_missing", retryable=False)


def teller() -> Pixels:
    """A friendly teller with a headset, drawn; 1040 x 1040 with room above, where the camera melts edges."""
    picture = Image.new("RGB", (960, 960), _WALL)
    draw = ImageDraw.Draw(picture)
    _body(draw)
    _head(draw)
    _headset(draw)
    framed = Image.new("RGB", (1040, 1040), _WALL)
    framed.paste(picture, (40, 80))
    return np.asarray(framed)


def _body(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((130, 640, 830, 1500), fill=_SUIT)
    draw.polygon([(330, 680), (480, 960), (640, 680), (560, 640), (400, 640)], fill=(244, 247, 249))
    draw.polygon([(360, 655), (270, 960), (400, 960)], fill=_LAPEL)
    draw.polygon([(600, 655), (690, 960), (560, 960)], fill=_LAPEL)
    draw.rounded_rectangle((418, 520, 542, 700), 50, fill=_NECK)
    draw.polygon([(372, 660), (480, 740), (588, 660), (600, 720), (480, 800), (360, 720)], fill=_SCARF)
    draw.polygon([(480, 740), (410, 900), (480, 870), (550, 900)], fill=_SCARF)
    draw.rounded_rectangle((640, 850, 750, 880), 6, fill=(226, 232, 238))


def _head(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((418, 30, 542, 160), fill=_HAIR)
    draw.ellipse((325, 80, 635, 520), fill=_HAIR)
    draw.ellipse((345, 200, 615, 615), fill=_SKIN)
    draw.pieslice((335, 110, 625, 460), 190, 350, fill=_HAIR)
    for side in (-1, 1):
        eye = 480 + 62 * side
        draw.arc((eye - 38, 318, eye + 38, 380), 205, 335, fill=_HAIR, width=9)
        draw.ellipse((eye - 26, 366, eye + 26, 398), fill=(250, 250, 250))
        draw.ellipse((eye - 14, 366, eye + 14, 398), fill=(48, 36, 32))
        draw.ellipse((eye - 6, 372, eye + 2, 380), fill=(255, 255, 255))
    draw.line([(482, 395), (470, 458), (496, 462)], fill=(196, 148, 118), width=8, joint="curve")
    draw.chord((426, 478, 534, 548), 10, 170, fill=_MOUTH)
    draw.chord((444, 494, 516, 528), 10, 170, fill=(250, 244, 240))


def _headset(draw: ImageDraw.ImageDraw) -> None:
    draw.arc((318, 70, 642, 560), 180, 360, fill=_STEEL, width=16)
    for x in (300, 616):
        draw.rounded_rectangle((x, 310, x + 46, 420), 20, fill=_STEEL)
    draw.arc((320, 300, 560, 590), 95, 175, fill=_STEEL, width=10)
    draw.ellipse((408, 572, 444, 604), fill=_STEEL)
