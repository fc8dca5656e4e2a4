"""The encrypting PIN pad, as the kiosk uses it. The kiosk never sees a digit."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from common.errors import Cancelled
from devices.client.link import Link
from devices.xfs.envelope import Message

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class PinEntered:
    """A PIN lies in the pad. ``how``: enter or auto."""

    digits: int
    how: str


class _KeyCounter:
    """Counts the digits of a PIN by its key events, which do not say which digits they are."""

    def __init__(self, on_progress: Callable[[int], None] | None) -> None:
        self._typed = 0
        self._on_progress = on_progress

    def told(self, event: Message) -> None:
        """Take in one event of the entry."""
        if event.name == "Keyboard.EnterDataEvent" and self._on_progress is not None:
            self._on_progress(0)
        if event.name != "Keyboard.KeyEvent":
            return
        key = (event.payload or {}).get("digit")
        if key is None:
            self._typed += 1
        elif key == "backspace":
            self._typed = max(0, self._typed - 1)
        elif key in ("clear", "cancel"):
            self._typed = 0
        if self._on_progress is not None:
            self._on_progress(self._typed)


class PinPad:
    """Takes a PIN and gives it out as an encrypted block only."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def enter_pin(
        self,
        *,
        min_digits: int = 6,
        max_digits: int = 6,
        auto_end: bool = False,
        timeout_s: float = 60.0,
        on_progress: Callable[[int], None] | None = None,
    ) -> PinEntered:
        """Let the customer type a PIN; ``on_progress`` gets the number of digits typed so far:
        0 once the keys are live.

        Raises:
            Cancelled: the customer pressed cancel.
            DeviceError: ``device.timeout`` and others.
        """
        counter = _KeyCounter(on_progress)
        active = {key: {"terminate": False} for key in (*DIGITS, "clear", "backspace")}
        active |= {key: {"terminate": True} for key in ("enter", "cancel")}
        payload = await self._link.command(
            "Keyboard.PinEntry",
            {"minLen": min_digits, "maxLen": max_digits, "autoEnd": auto_end, "activeKeys": active},
            timeout_s=timeout_s,
            on_event=counter.told,
        )
        if payload.get("completion") == "cancel":
            raise Cancelled
        return PinEntered(int(payload.get("digits", 0)), str(payload.get("completion", "enter")))

    async def pin_block(self, pan: str, *, key: str = "PIN", block_format: str = "iso4") -> bytes:
        """The PIN just entered as an encrypted ISO 9564 block; the pad forgets the PIN.

        Args:
            pan: the full card number.
            block_format: ``iso4`` (AES), ``iso0`` or ``iso3`` (TDES).

        Raises:
            DeviceError: ``pin.none``, ``pin.key_missing`` and others.
        """
        data = pan if block_format == "iso4" else pan[-13:-1]
        payload = await self._link.command(
            "PinPad.GetPinBlock",
            {"customerData": data, "padding": 15, "format": block_format, "key": key, "cryptoMethod": "ecb"},
            timeout_s=10,
        )
        return base64.b64decode(payload["pinBlock"])

    async def forget(self) -> None:
        """Let the pad forget a PIN that is not needed any more."""
        await self._link.command("PinPad.Reset", timeout_s=10)

    async def import_key(self, name: str, key_block: str) -> None:
        """Load a TR-31 key block that is wrapped under the machine's key-encryption key.

        Raises:
            DeviceError: it does not open with this machine's key, or its use is not allowed here.
        """
        value = base64.b64encode(key_block.encode("ascii")).decode()
        await self._link.command(
            "KeyManagement.ImportKey", {"key": name, "value": value, "decryptKey": "KEK"}, timeout_s=10
        )

    async def keys(self) -> dict[str, str]:
        """Names of the keys in the pad and their TR-31 use."""
        details = (await self._link.command("KeyManagement.GetKeyDetail", timeout_s=5)).get("keyDetails", {})
        return {name: detail.get("keyBlockInfo", {}).get("keyUsage", "") for name, detail in details.items()}
