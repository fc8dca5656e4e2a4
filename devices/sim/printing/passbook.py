"""What a printer does with things that a customer has put in: turns pages, reads the stripe, takes a picture."""

from devices.sim.interface import Running, integer
from devices.sim.printing.mechanism import Mechanism
from devices.sim.world.paper import Medium
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

TURN_S = 1.2
READ_S = 1.5
STRIPE_FORM = "stripe"


class Passbook:
    """Handlers that :class:`devices.sim.printing.printer.Printer` offers."""

    def __init__(self, machine: Mechanism) -> None:
        self._machine = machine

    def _inside(self) -> Medium:
        paper = self._machine.paper
        if paper.jammed:
            raise refused("mediaJammed")
        if paper.medium is None or paper.medium_out:
            raise refused("noMediaPresent")
        return paper.medium

    async def turn(self, step: int) -> None:
        """Turn one page on or back.

        Raises:
            CommandFailed: ``noMediaPresent``, ``pageTurnFail``, ``mediaJammed``.
        """
        book = self._inside()
        if not 0 <= book.page + step < len(book.pages):
            raise refused("pageTurnFail", "there is no such page")
        await self._machine.run(TURN_S)
        book.page += step
        self._machine.changed()

    async def control(self, running: Running) -> None:
        """``Printer.ControlPassbook``."""
        book = self._inside()
        action = running.payload.get("action", "forward")
        if action.startswith("close"):
            if book.closed:
                raise refused("passbookClosed")
            await self._machine.run(TURN_S)
            book.closed = True
            self._machine.changed()
            return
        step = (1 if action == "forward" else -1) * integer(running.payload, "count", 1)
        if not 0 <= book.page + step < len(book.pages):
            raise refused("lastOrFirstPageReached")
        running.check()
        await self._machine.run(TURN_S * abs(step))
        book.closed = False
        book.page += step
        self._machine.changed()

    async def read_form(self, running: Running) -> Payload:
        """``Printer.ReadForm``: what the magnetic stripe on the cover says."""
        if running.payload.get("formName", "") != STRIPE_FORM:
            raise refused("formNotFound")
        if set(running.payload.get("fieldNames", ["account"])) - {"account"}:
            raise refused("fieldSpecFailure")
        book = await self._machine.take_in(running)
        await self._machine.run(READ_S)
        if not book.stripe:
            raise refused("noMSF", "there is no stripe, or nothing on it")
        return {"fields": {"account": book.stripe}}

    async def read_image(self, running: Running) -> Payload:
        """``Printer.ReadImage``: the front of the sheet that was fed."""
        wanted = running.payload.get("frontImage", {})
        if "backImage" in running.payload or wanted.get("imageType", "jpg") not in ("jpg", "png"):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "the front, as JPEG or PNG")
        if wanted.get("colorFormat", "fullcolor") != "fullcolor":
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "in full colour")
        sheet = await self._machine.take_in(running)
        await self._machine.run(READ_S)
        if not sheet.image:
            return {"images": {"front": {"status": "missing"}}}
        return {"images": {"front": {"status": "ok", "data": sheet.image}}}
