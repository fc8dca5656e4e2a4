"""The passbook printer: takes a book in, says whose it is, prints lines, turns pages, gives the book back."""

from collections.abc import Callable, Sequence

from devices.client.link import Fitted
from devices.xfs.codes import DeviceError
from devices.xfs.envelope import Message

ENTRY_FORM, STRIPE_FORM = "entry", "stripe"


class PassbookPrinter(Fitted):
    """On the wire the Printer whose type is passbook."""

    async def read(self, *, timeout_s: float, on_prompt: Callable[[], object]) -> str:
        """Wait for a book and read its stripe; empty when nothing is on it.

        Args:
            on_prompt: called when the machine waits for the customer.

        Raises:
            DeviceError: ``device.timeout`` when nobody puts one in, ``device.jam``.
        """
        payload = {"formName": STRIPE_FORM, "fieldNames": ["account"]}

        def told(message: Message) -> None:
            if message.name == "Printer.NoMediaEvent":
                on_prompt()

        try:
            answer = await self._link.command(
                "Printer.ReadForm",
                payload,
                timeout_s=timeout_s,
                on_event=told,
            )
        except DeviceError as error:
            if error.error_code == "noMSF":
                return ""
            raise
        return str(answer.get("fields", {}).get("account", ""))

    async def turn(self, pages: int) -> None:
        """So many pages on (or, below zero, back).

        Raises:
            DeviceError: there is no such page; ``device.jam``.
        """
        if pages:
            action = "forward" if pages > 0 else "backward"
            await self._link.command("Printer.ControlPassbook", {"action": action, "count": abs(pages)}, timeout_s=60)

    async def print_lines(self, lines: Sequence[str], on_line: Callable[[], object]) -> None:
        """Each line below the last one of the open page; ``on_line`` after each that stands there.

        Raises:
            DeviceError: the page is full, no ink, ``device.jam``.
        """
        for line in lines:
            payload = {"formName": ENTRY_FORM, "mediaName": "passbook", "fields": {"line": line}}
            await self._link.command("Printer.PrintForm", payload, timeout_s=60)
            on_line()

    async def give_back(self) -> bool:
        """The book to where the customer can take it; a stuck one is freed first. False: there was none."""
        try:
            await self._link.command("Printer.ControlMedia", {"mediaControl": {"move": "eject"}}, timeout_s=30)
        except DeviceError as error:
            if error.error_code == "noMediaPresent":
                return False
            await self._link.command("Printer.Reset", {"mediaControl": "eject"}, timeout_s=30)
        return True

    async def wait_taken(self, *, timeout_s: float) -> bool:
        """Wait until the customer has the book; False when it still hangs there."""
        return await self._link.wait_until(
            lambda status: status.get("printer", {}).get("media") != "entering",
            "Printer.MediaTakenEvent",
            timeout_s=timeout_s,
        )
