"""The document camera (高拍仪): a Camera service whose only camera looks at the glass.

The standard names three cameras; ``exitSlot``, the one at the place where things are handed over, is it.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

from PIL import Image, ImageDraw

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.fascia import Glass
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

CAMERA = "exitSlot"
EXPOSURE_S = 0.4


@lru_cache(maxsize=1)
def empty_glass() -> bytes:
    """A JPEG of the glass with nothing on it: dark felt with corner marks."""
    image = Image.new("RGB", (1280, 960), (34, 36, 38))
    draw = ImageDraw.Draw(image)
    for x, y, dx, dy in ((60, 60, 1, 1), (1220, 60, -1, 1), (60, 900, 1, -1), (1220, 900, -1, -1)):
        draw.line((x, y, x + 60 * dx, y), fill=(150, 150, 150), width=4)
        draw.line((x, y, x, y + 60 * dy), fill=(150, 150, 150), width=4)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


class DocumentCamera(Interface):
    """Takes pictures of what lies on the glass."""

    name: ClassVar[str] = "Camera"

    def __init__(self, bench: Bench, glass: Glass) -> None:
        super().__init__()
        self._bench = bench
        self._glass = glass
        self._inoperable = False

    def commands(self) -> Mapping[str, Handler]:
        return {"TakePicture": self._take, "Reset": self._reset}

    def faults(self) -> Sequence[str]:
        return ("camera.inoperable",)

    def broken(self, error_code: str, running: Running) -> None:
        if error_code == "cameraInoperable":
            self._set_inoperable(True)

    def _set_inoperable(self, inoperable: bool) -> None:
        self._inoperable = inoperable
        self._bench.world.changed()

    async def _take(self, running: Running) -> Payload:
        if running.payload["camera"] != CAMERA:
            raise refused("cameraNotSupported")
        await self._bench.motor.run(EXPOSURE_S)
        if self._inoperable or self._bench.faults.strikes("camera.inoperable", service=self.service):
            raise refused("cameraInoperable")
        picture = self._glass.image if self._glass.image is not None else empty_glass()
        return {"pictureFile": base64.b64encode(picture).decode()}

    async def _reset(self, _: Running) -> None:
        self._set_inoperable(False)

    def status(self) -> Payload:
        state = "inop" if self._inoperable else "ok"
        return {"camera": {"media": {CAMERA: "ok"}, "cameras": {CAMERA: state}, "pictures": {CAMERA: 0}}}

    def capabilities(self) -> Payload:
        return {
            "camera": {
                "cameras": {"room": False, "person": False, CAMERA: True},
                "maxPictures": 0,
                "camData": {"autoAdd": False, "manAdd": False},
            }
        }
