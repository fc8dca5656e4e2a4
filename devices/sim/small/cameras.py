"""The cameras for portrait, room and cash slot (interface Camera); pictures are counted until they are cleared."""

import base64
from collections.abc import Mapping, Sequence
from typing import ClassVar

from devices.sim.bench import Bench
from devices.sim.camera import empty_glass
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.subjects import Scene
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

CAMERAS = ("person", "room", "exitSlot")
MOST = 500
HIGH = 450
EXPOSURE_S = 0.2
MAX_TEXT = 200


class Cameras(Interface):
    """Three cameras that look at what hands have put into the scene."""

    name: ClassVar[str] = "Camera"
    events: ClassVar[tuple[str, ...]] = ("InvalidDataEvent", "MediaThresholdEvent")

    def __init__(self, bench: Bench, scene: Scene) -> None:
        super().__init__()
        self._bench = bench
        self._scene = scene
        kept = bench.world.remember("cameras", lambda: dict(self._taken))
        self._taken: dict[str, int] = dict.fromkeys(CAMERAS, 0) | (kept or {})
        self._inoperable: set[str] = set()

    def broken(self, error_code: str, running: Running) -> None:
        camera = running.payload.get("camera")
        if error_code == "cameraInoperable" and camera in CAMERAS:
            self._inoperable.add(camera)
            self._bench.world.changed()

    def faults(self) -> Sequence[str]:
        return ("camera.inoperable",)

    def commands(self) -> Mapping[str, Handler]:
        return {"TakePicture": self._take, "Reset": self._reset}

    async def _take(self, running: Running) -> Payload:
        camera = running.payload["camera"]
        if self._taken[camera] >= MOST:
            raise refused("mediaFull")
        if len(running.payload.get("camData", "")) > MAX_TEXT:
            running.event("Camera.InvalidDataEvent")
        await self._bench.motor.run(EXPOSURE_S)
        struck = self._bench.faults.strikes("camera.inoperable", service=self.service)
        if camera in self._inoperable or struck:
            raise refused("cameraInoperable")
        before = self._level(camera)
        self._taken[camera] += 1
        self._bench.world.changed()
        if self._level(camera) != before:
            self.broadcast("MediaThresholdEvent", {"mediaThreshold": self._level(camera)})
        picture = self._scene.seen.get(camera) or empty_glass()
        return {"pictureFile": base64.b64encode(picture).decode()}

    async def _reset(self, _: Running) -> None:
        self._taken = dict.fromkeys(CAMERAS, 0)
        self._inoperable.clear()
        self._bench.world.changed()

    def _level(self, camera: str) -> str:
        taken = self._taken[camera]
        return "full" if taken >= MOST else "high" if taken >= HIGH else "ok"

    def status(self) -> Payload:
        media = {camera: self._level(camera) for camera in CAMERAS}
        cameras = {camera: "inop" if camera in self._inoperable else "ok" for camera in CAMERAS}
        return {"camera": {"media": media, "cameras": cameras, "pictures": dict(self._taken)}}

    def capabilities(self) -> Payload:
        return {
            "camera": {
                "cameras": dict.fromkeys(CAMERAS, True),
                "maxPictures": MOST,
                "camData": {"autoAdd": False, "manAdd": True},
                "maxDataLength": MAX_TEXT,
            }
        }
