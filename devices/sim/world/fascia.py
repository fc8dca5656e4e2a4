"""What else the customer touches: the document glass, the keys of the PIN pad."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param

MAX_CHIP_BYTES = 64 * 1024
MAX_IMAGE_BYTES = 12 * 1024 * 1024
KEYS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "enter",
    "cancel",
    "clear",
    "backspace",
)
HEX_KEYS = tuple("abcdef")
"""Live only while a part of a key is typed."""


class Glass(Part):
    """The glass of the document camera; at most one document lies on it, as a JPEG or PNG file.

    A resident identity card brings its chip along (`devices.idcard.layout`): the reader's antenna lies under the glass.
    """

    name = "glass"

    def __init__(self) -> None:
        self.image: bytes | None = None
        self.chip: bytes | None = None

    def actions(self) -> Mapping[str, Action]:
        return {
            "lay_document": Action(self._lay, lambda: None),
            "remove_document": Action(self._remove, lambda: first_reason((self.image is None, "hands.no_document"))),
        }

    def _lay(self, params: Json) -> None:
        try:
            image = base64.b64decode(text_param(params, "image"), validate=True)
            chip = base64.b64decode(text_param(params, "chip"), validate=True) if "chip" in params else None
        except (binascii.Error, ValueError) as error:
            raise UserError("hands.bad_parameter", parameter="image") from error
        if len(image) > MAX_IMAGE_BYTES or not image.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise UserError("hands.bad_image")
        if chip is not None and len(chip) > MAX_CHIP_BYTES:
            raise UserError("hands.bad_parameter", parameter="chip")
        self.image, self.chip = image, chip

    def _remove(self, _: Json) -> None:
        self.image = self.chip = None

    def view(self) -> Json:
        if self.image is None:
            return {"document": None}
        return {"document": hashlib.sha256(self.image).hexdigest(), "bytes": len(self.image)}


class PinKeys(Part):
    """The keys of the PIN pad. Which digit was pressed goes straight into the pad and is kept nowhere."""

    name = "pin_keys"

    def __init__(self) -> None:
        self._listener: Callable[[str], None] | None = None
        self.pressed = 0

    def connect(self, listener: Callable[[str], None] | None) -> None:
        """Who gets the presses; None: the keys are dead."""
        self._listener = listener
        self.pressed = 0

    def actions(self) -> Mapping[str, Action]:
        return {"press_key": Action(self._press, lambda: first_reason((self._listener is None, "hands.keys_inactive")))}

    def _press(self, params: Json) -> None:
        key = text_param(params, "key")
        if key not in (*KEYS, *HEX_KEYS):
            raise UserError("hands.bad_parameter", parameter="key")
        assert self._listener is not None
        self.pressed += 1
        self._listener(key)

    def view(self) -> Json:
        return {"active": self._listener is not None, "pressed": self.pressed}
