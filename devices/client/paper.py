"""Receipt printer, document camera and guidance lights, as the kiosk uses them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devices.client.link import Link
from devices.xfs.codes import DeviceError

_EJECT = {"move": "eject", "cut": True, "flush": True}


class ReceiptPrinter:
    """Prints receipts and hands them out."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def print_receipt(self, title: str, lines: Sequence[str], footer: str = "") -> None:
        """Print, cut and hand out; returns when the customer can take it.

        Raises:
            DeviceError: ``device.paper_out``, ``device.jam``.
        """
        fields: dict[str, object] = {"title": title, "body": list(lines) or [""], "footer": footer}
        payload = {"formName": "receipt", "fields": fields, "mediaControl": _EJECT, "paperSource": "upper"}
        await self._link.command("Printer.PrintForm", payload, timeout_s=60)

    async def wait_taken(self, *, timeout_s: float = 30.0) -> bool:
        """Wait until the customer has taken the paper; False when it still hangs there."""
        return await self._link.wait_until(
            lambda status: status.get("printer", {}).get("media") != "entering",
            "Printer.MediaTakenEvent",
            timeout_s=timeout_s,
        )

    async def retain(self) -> None:
        """Pull what was not taken back into the bin.

        Raises:
            DeviceError: the printer has no bin, or it is full.
        """
        await self._link.command("Printer.RetractMedia", {}, timeout_s=20)

    async def reset(self) -> None:
        """Free jammed paper."""
        await self._link.command("Printer.Reset", {"mediaControl": "eject"}, timeout_s=30)


class DocumentCamera:
    """The camera above the document glass; on the wire the Camera named ``exitSlot``."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def take_picture(self) -> bytes:
        """A picture of the glass as an image file (JPEG or PNG).

        Raises:
            DeviceError: ``device.hardware`` and others.
        """
        payload = await self._link.command("Camera.TakePicture", {"camera": "exitSlot"}, timeout_s=15)
        picture = payload.get("pictureFile")
        if not picture:
            raise DeviceError(
                "device.hardware", command="Camera.TakePicture", completion="", error_code=None, retryable=True
            )
        return base64.b64decode(picture)


@dataclass(frozen=True, slots=True)
class Lamp:
    """How one light shines. ``rate``: off, slow, medium, quick or continuous; ``color``: green or red."""

    rate: str = "off"
    color: str = "green"


class GuidanceLights:
    """Lights that lead the customer's eye."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def set(self, lamps: Mapping[str, Lamp]) -> None:
        """Let these lights shine so; the others stay as they are.

        Args:
            lamps: by the standard's names: cardReader, pinPad, notesDispenser, billAcceptor, receiptPrinter, scanner.

        Raises:
            DeviceError: the machine has no such light.
        """
        wanted = {light: {"center": {"flashRate": lamp.rate, "color": lamp.color}} for light, lamp in lamps.items()}
        await self._link.command("Lights.SetLight", wanted, timeout_s=5)
