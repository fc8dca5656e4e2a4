"""What a customer holds up, lays on or draws: a code, a finger, a palm, a signature, his face."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param

MAX_CODE = 4000
MAX_IMAGE = 12 * 1024 * 1024
PICTURE = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def image_param(params: Json, name: str) -> bytes:
    """A JPEG or PNG file among an action's parameters.

    Raises:
        UserError: ``hands.bad_parameter``, ``hands.bad_image``.
    """
    try:
        image = base64.b64decode(text_param(params, name), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserError("hands.bad_parameter", parameter=name) from error
    if len(image) > MAX_IMAGE or not image.startswith(PICTURE):
        raise UserError("hands.bad_image")
    return image


class CodeWindow(Part):
    """The window of the barcode reader; at most one code is held before it."""

    name = "code"

    def __init__(self) -> None:
        self.symbology = ""
        self.data = b""

    def actions(self) -> Mapping[str, Action]:
        return {
            "show_code": Action(self._show, lambda: None),
            "hide_code": Action(self._hide, lambda: first_reason((not self.symbology, "hands.nothing_there"))),
        }

    def _show(self, params: Json) -> None:
        data = text_param(params, "data")
        symbology = text_param(params, "symbology", "qrCode")
        if not symbology.isalnum() or not 0 < len(data) <= MAX_CODE:
            raise UserError("hands.bad_parameter", parameter="data")
        self.symbology, self.data = symbology, data.encode()

    def _hide(self, _: Json) -> None:
        self.symbology, self.data = "", b""

    def view(self) -> Json:
        return {"symbology": self.symbology or None, "bytes": len(self.data)}


class Sensor(Part):
    """A pad for a finger, a palm or a signature. Whose it is stays in the world: a device only sees the pattern."""

    def __init__(self, name: str, put: str, lift: str) -> None:
        self.name = name
        self._put_name, self._lift_name = put, lift
        self.subject: bytes | None = None

    def actions(self) -> Mapping[str, Action]:
        return {
            self._put_name: Action(self._put, lambda: None),
            self._lift_name: Action(self._lift, lambda: first_reason((self.subject is None, "hands.nothing_there"))),
        }

    def _put(self, params: Json) -> None:
        if "image" in params:
            self.subject = image_param(params, "image")
            return
        whose = text_param(params, "subject")
        if not 0 < len(whose) <= 100:
            raise UserError("hands.bad_parameter", parameter="subject")
        self.subject = hashlib.sha256(f"{self.name} of {whose}".encode()).digest()

    def _lift(self, _: Json) -> None:
        self.subject = None

    def view(self) -> Json:
        return {"present": self.subject is not None}


class Scene(Part):
    """What the cameras for portrait, room and cash slot see; nothing, unless hands put a picture there."""

    name = "scene"

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}

    def actions(self) -> Mapping[str, Action]:
        return {"set_scene": Action(self._set, lambda: None)}

    def _set(self, params: Json) -> None:
        camera = text_param(params, "camera")
        if camera not in ("person", "room", "exitSlot"):
            raise UserError("hands.bad_parameter", parameter="camera")
        if params.get("image"):
            self.seen[camera] = image_param(params, "image")
        else:
            self.seen.pop(camera, None)

    def view(self) -> Json:
        return {camera: len(image) for camera, image in self.seen.items()}


class TerminalKeys(Part):
    """The keys below the second display."""

    name = "terminal_keys"

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self.listener: Any = None
        self.screen: list[str] = []

    def actions(self) -> Mapping[str, Action]:
        return {
            "press_terminal_key": Action(
                self._press, lambda: first_reason((self.listener is None, "hands.keys_inactive"))
            )
        }

    def _press(self, params: Json) -> None:
        key = text_param(params, "key")
        if key not in self._keys:
            raise UserError("hands.bad_parameter", parameter="key")
        self.listener(key)

    def view(self) -> Json:
        return {"active": self.listener is not None, "screen": list(self.screen)}
