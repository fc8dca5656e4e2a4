"""The card reader, as the kiosk uses it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from devices.client.link import Link
from devices.xfs.codes import DeviceError
from devices.xfs.envelope import Message, Payload


@dataclass(frozen=True, slots=True)
class CardData:
    """What a card says. Sensitive: never logged, never shown in full."""

    pan: str
    expiry: str
    track2: str
    chip_atr: bytes

    @property
    def masked_pan(self) -> str:
        """First six and last four digits."""
        return f"{self.pan[:6]}{'*' * (len(self.pan) - 10)}{self.pan[-4:]}"


class CardReader:
    """Takes, reads, returns or keeps the customer's card."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def read(self, *, timeout_s: float = 60.0, on_prompt: Callable[[str], None] | None = None) -> CardData:
        """Wait for a card, draw it in, read it; a card already inside is read at once.

        Args:
            on_prompt: gets ``insert`` when the reader waits and ``inserted`` when it has the card.

        Raises:
            DeviceError: ``device.timeout`` (no card came), ``device.no_media`` (pulled out),
                ``device.media_unreadable``, ``device.jam``.
        """

        def told(event: Message) -> None:
            prompt = {"CardReader.InsertCardEvent": "insert", "CardReader.MediaInsertedEvent": "inserted"}
            if on_prompt is not None and event.name in prompt:
                on_prompt(prompt[event.name])

        payload = await self._link.command(
            "CardReader.ReadRawData", {"track2": True, "chip": True}, timeout_s=timeout_s, on_event=told
        )
        return _card_data(payload)

    async def eject(self) -> None:
        """Push the card out to where the customer can take it."""
        await self._link.command("CardReader.Move", {"from": "transport", "to": "exit"}, timeout_s=20)

    async def wait_taken(self, *, timeout_s: float = 30.0) -> bool:
        """Wait until the customer has taken the card; False when it still sticks there."""
        return await self._link.wait_until(
            lambda status: status.get("cardReader", {}).get("media") == "notPresent",
            "CardReader.MediaRemovedEvent",
            timeout_s=timeout_s,
        )

    async def retain(self) -> None:
        """Keep the card in the bin."""
        storage = (await self._link.command("Storage.GetStorage", timeout_s=5))["storage"]
        bins = [key for key, unit in storage.items() if "card" in unit]
        await self._link.command("CardReader.Move", {"to": bins[0]}, timeout_s=20)

    async def reset(self, *, keep: bool = False) -> None:
        """Free a stuck card and push it out, or keep it."""
        await self._link.command("CardReader.Reset", {"to": "retain" if keep else "exit"}, timeout_s=30)

    async def media(self) -> str:
        """present, notPresent, jammed, entering (sticks out) or unknown."""
        return str((await self._link.status()).get("cardReader", {}).get("media", "unknown"))


def _card_data(payload: Payload) -> CardData:
    track = payload.get("track2", {})
    if track.get("status") is not None or not track.get("data"):
        raise DeviceError(
            "device.media_unreadable",
            command="CardReader.ReadRawData",
            completion="",
            error_code=track.get("status"),
            retryable=True,
        )
    text = base64.b64decode(track["data"]).decode("ascii", "replace")
    pan, _, rest = text.partition("=")
    chip = payload.get("chip", [])
    atr = base64.b64decode(chip[0]["data"]) if chip and chip[0].get("data") else b""
    return CardData(pan=pan, expiry=rest[:4], track2=text, chip_atr=atr)
