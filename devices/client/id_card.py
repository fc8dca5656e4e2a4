"""The reader of resident identity cards, as the kiosk uses it."""

import base64
from dataclasses import dataclass

from common.errors import UserError
from devices.client.link import Fitted
from devices.idcard import frames
from devices.idcard.layout import ChipContent, decode
from devices.xfs.codes import DeviceError

PROTOCOL = "chipTypeB"
SIMULATED = "GT-SIM-"


@dataclass(frozen=True, slots=True)
class IdChip:
    """What the chip said. ``signature``: good | bad | simulated (a simulated reader proves nothing)."""

    content: ChipContent
    signature: str
    reader: str


class IdCardReader(Fitted):
    """Reads the chip of the card on the glass."""

    async def read(self, *, timeout_s: float = 2.0) -> IdChip | None:
        """The chip of the card that lies there; None: no chip answers within the time.

        Raises:
            DeviceError: the reader fails. UserError: ``chip.unreadable``.
        """
        try:
            payload = await self._link.command("CardReader.ReadRawData", {"chip": True}, timeout_s=timeout_s)
        except DeviceError as error:
            if error.code == "device.timeout":
                return None
            raise
        if not any(source.get("data") for source in payload.get("chip", ())):
            return None
        for command in (frames.FIND, frames.SELECT):
            await self._ask(command)
        status, data = await self._ask(frames.READ_BASE)
        if status not in (frames.DONE, frames.UNSEALED):
            raise UserError("chip.unreadable")
        text, portrait = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
        content = decode(data[4 : 4 + text], data[4 + text : 4 + text + portrait])
        reader = await self._identifier()
        seal = "simulated" if reader.startswith(SIMULATED) else "good"
        return IdChip(content, "bad" if status == frames.UNSEALED else seal, reader)

    async def _ask(self, command: bytes) -> tuple[bytes, bytes]:
        sent = base64.b64encode(frames.frame(command)).decode()
        answer = await self._link.command(
            "CardReader.ChipIO", {"chipProtocol": PROTOCOL, "chipData": sent}, timeout_s=5.0
        )
        return frames.unframe(base64.b64decode(answer["chipData"]), 3)

    async def _identifier(self) -> str:
        said = (await self._link.command("CardReader.QueryIFMIdentifier", timeout_s=5.0)).get("ifmIdentifiers", {})
        return next((str(name) for name in said.values() if name), "")
