"""Devices that give something new into the customer's hand: cards, U-keys, certificates, pages."""

import base64
from collections.abc import Mapping

from devices.client.link import Fitted
from devices.xfs.codes import DeviceError

_EJECT = {"move": "eject", "cut": True, "flush": True}


class Dispenser(Fitted):
    """Gives cards or U-keys out of a hopper."""

    async def media(self) -> str:
        """present, notPresent, jammed, entering (sticks out) or unknown."""
        return str((await self._link.status()).get("cardReader", {}).get("media", "unknown"))

    async def give(self, track2: str = "") -> None:
        """Bring the next one out of the hopper, write it, hold it out. What sticks from before comes out first.

        Raises:
            DeviceError: ``device.no_media`` when the hopper is empty, ``device.jam``, ``device.media_unreadable``.
        """
        if await self.media() == "notPresent":
            await self._link.command("CardReader.Move", {"from": await self._unit("dispense"), "to": "transport"})
        if await self.media() != "entering":
            if track2:  # also on one that lies inside since a power cut: it may still be blank
                data = base64.b64encode(track2.encode("ascii")).decode()
                await self._link.command("CardReader.WriteRawData", {"track2": {"data": data}}, timeout_s=30)
            await self._link.command("CardReader.Move", {"from": "transport", "to": "exit"}, timeout_s=20)

    async def wait_taken(self, *, timeout_s: float) -> bool:
        """Wait until the customer has it; False when it still sticks there."""
        return await self._link.wait_until(
            lambda status: status.get("cardReader", {}).get("media") == "notPresent",
            "CardReader.MediaRemovedEvent",
            timeout_s=timeout_s,
        )

    async def counts(self) -> dict[str, int]:
        """How many lie in the hopper and in the bin: ``dispense``, ``retain``, as far as the machine has them."""
        found: dict[str, int] = {}
        for unit in (await self._link.command("Storage.GetStorage", timeout_s=5))["storage"].values():
            kind = str(unit["card"]["capabilities"].get("type"))
            found[kind] = found.get(kind, 0) + int(unit["card"]["status"].get("count", 0))
        return found

    async def retain(self) -> None:
        """Keep it in the bin."""
        await self._link.command("CardReader.Move", {"to": await self._unit("retain")}, timeout_s=20)

    async def _unit(self, kind: str) -> str:
        storage = (await self._link.command("Storage.GetStorage", timeout_s=5))["storage"]
        fitting = [key for key, unit in storage.items() if unit["card"]["capabilities"].get("type") == kind]
        if not fitting:
            raise DeviceError(
                "device.unsupported", command="Storage.GetStorage", completion="", error_code=None, retryable=False
            )
        return str(fitting[0])


class SheetPrinter(Fitted):
    """Prints certificates on numbered blanks, or finished pages."""

    async def media(self) -> str:
        """present, notPresent, jammed, entering (hangs out) or unknown."""
        return str((await self._link.status()).get("printer", {}).get("media", "unknown"))

    async def counts(self) -> dict[str, int]:
        """A printer counts nothing that tells whether one sheet came out."""
        return {}

    async def print_form(self, form: str, fields: Mapping[str, str]) -> None:
        """Print a form and hand the sheet out.

        Raises:
            DeviceError: ``device.paper_out``, ``device.jam``.
        """
        payload = {"formName": form, "fields": dict(fields), "mediaControl": _EJECT, "paperSource": "upper"}
        await self._link.command("Printer.PrintForm", payload, timeout_s=60)

    async def supplies(self) -> str:
        """``ok``, ``low``, or ``out``: nothing can be printed, for want of paper or toner, or because of a jam."""
        printer = (await self._link.status()).get("printer", {})
        papers = [word for word in printer.get("paper", {}).values() if word not in ("notSupported", "unknown")]
        ink = [printer[name] for name in ("toner", "ink") if printer.get(name) in ("full", "low", "out")]
        usable = [word for word in papers if word in ("full", "low")]
        if (papers and not usable) or "out" in ink or printer.get("media") == "jammed":
            return "out"
        return "low" if "low" in ink or (papers and "full" not in usable) else "ok"

    async def print_page(self, data: bytes, *, last: bool) -> None:
        """Print a finished page (PDF, PNG or JPEG); with the last one everything printed is handed out together.

        Raises:
            DeviceError: ``device.paper_out``, ``device.jam``, ``device.ink_out``.
        """
        payload: dict[str, object] = {"data": base64.b64encode(data).decode(), "paperSource": await self._source()}
        if last:
            payload["mediaControl"] = _EJECT
        await self._link.command("Printer.PrintNative", payload, timeout_s=60)

    async def _source(self) -> str:
        """The first tray with paper in it; ``any`` where the machine does not say."""
        papers = (await self._link.status()).get("printer", {}).get("paper", {})
        return next((name for name, word in papers.items() if word in ("full", "low")), "any")

    async def wait_taken(self, *, timeout_s: float) -> bool:
        """Wait until the customer has the sheet; False when it still hangs there."""
        return await self._link.wait_until(
            lambda status: status.get("printer", {}).get("media") == "notPresent",
            "Printer.MediaTakenEvent",
            timeout_s=timeout_s,
        )

    async def retain(self) -> None:
        """Pull the sheet back into the bin."""
        await self._link.command("Printer.RetractMedia", {}, timeout_s=20)
