"""What else the customer touches: the document glass, the paper slot, the keys of the PIN pad."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param

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


class Glass(Part):
    """The glass of the document camera; at most one document lies on it, as a JPEG or PNG file."""

    name = "glass"

    def __init__(self) -> None:
        self.image: bytes | None = None

    def actions(self) -> Mapping[str, Action]:
        return {
            "lay_document": Action(self._lay, lambda: None),
            "remove_document": Action(self._remove, lambda: first_reason((self.image is None, "hands.no_document"))),
        }

    def _lay(self, params: Json) -> None:
        try:
            image = base64.b64decode(text_param(params, "image"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError("hands.bad_parameter", parameter="image") from error
        if len(image) > MAX_IMAGE_BYTES or not image.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise UserError("hands.bad_image")
        self.image = image

    def _remove(self, _: Json) -> None:
        self.image = None

    def view(self) -> Json:
        if self.image is None:
            return {"document": None}
        return {"document": hashlib.sha256(self.image).hexdigest(), "bytes": len(self.image)}


class PaperSlot(Part):
    """The printer's paper: metres on the roll, sheets in the throat, a receipt in the slot."""

    name = "paper"

    def __init__(self, roll_mm: int = 80_000) -> None:
        self.left_mm = roll_mm
        self.jammed = False
        self.lines: list[str] = []  # printed, still in the throat
        self.sheets: list[str] = []  # file names of native prints in the throat
        self.in_slot: list[str] = []  # file names of receipts that the customer can take
        self.serial = 0

    def actions(self) -> Mapping[str, Action]:
        return {
            "take_receipt": Action(self._take, lambda: first_reason((not self.in_slot, "hands.no_receipt"))),
            "load_paper": Action(self._load, lambda: None),
        }

    def _take(self, _: Json) -> Json:
        taken, self.in_slot = self.in_slot, []
        return {"receipts": taken}

    def _load(self, _: Json) -> None:
        self.left_mm = 80_000

    def view(self) -> Json:
        return {
            "left_mm": self.left_mm,
            "jammed": self.jammed,
            "in_slot": list(self.in_slot),
            "lines": list(self.lines),
            "sheets": list(self.sheets),
            "serial": self.serial,
        }

    def dump(self) -> Any:
        return self.view()

    def load(self, data: Any) -> None:
        self.left_mm, self.jammed = data["left_mm"], data["jammed"]
        self.in_slot, self.serial = data["in_slot"], data["serial"]
        self.lines, self.sheets = data["lines"], data["sheets"]


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
        if key not in KEYS:
            raise UserError("hands.bad_parameter", parameter="key")
        assert self._listener is not None
        self.pressed += 1
        self._listener(key)

    def view(self) -> Json:
        return {"active": self._listener is not None, "pressed": self.pressed}
