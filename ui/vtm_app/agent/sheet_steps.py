"""The whole voucher on paper: offered with the stars, printed page by page as pictures, handed out together."""

import asyncio
import logging
import time

from common.errors import ServiceError, UserError
from common.wire.cases import CustomerStep
from common.wire.registers import VoucherPages
from common.wire.vouchers import SheetsPrinted
from devices.client.errors import ConnectionLost, DeviceError
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
DOTS_WIDE = 1654
"""200 dots an inch on A4: small type and the seal are sharp, and a page is far below a message's limit."""


async def offer_voucher(host: Host) -> None:
    """While the customer may rate: can the whole voucher be printed here and now?"""
    while host.at(CustomerStep.RATE):
        host.show(sheets=await _supplies(host))
        await asyncio.sleep(host.limits.supplies_s)


async def _supplies(host: Host) -> str:
    """``ok``, ``low`` or ``out``; empty: this machine has no such printer, or it is out of reach."""
    if not host.machine.pages.there:
        return ""
    try:
        return await host.machine.pages.supplies()
    except (DeviceError, ConnectionLost):
        return ""


async def print_voucher(host: Host) -> None:
    """Print it, hand it out, pull back what nobody takes; the server hears what became of it, whatever that is."""
    host.show(phase="printing", deadline=None)
    sheets = host.case.voucher.sheets if host.case.voucher is not None else None
    if sheets is not None and sheets.state == "printing":
        body = await _found(host)
    else:
        body = await _begun(host)
    await _tell(host, body)


async def _begun(host: Host) -> SheetsPrinted:
    """The way is free before the server hears that printing begins: after a cut all that lies there is of this case."""
    try:
        await _clear(host)
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        log.warning("voucher not printed", extra={"code": error.code, "sheets": 0})
        return SheetsPrinted(outcome="failed", count=0, error=error.code)
    await host.send("voucher/printing")
    return await _printed(host)


async def _printed(host: Host) -> SheetsPrinted:
    printer, count = host.machine.pages, 0
    try:
        path = f"/cases/{host.case.id}/voucher/pages"
        pages = (await host.api.get(path, VoucherPages)).count
        for number in range(1, pages + 1):
            picture = await host.api.get_bytes(f"{path}/{number}?width={DOTS_WIDE}")
            await printer.print_page(picture, last=number == pages)
            count = number
    except (DeviceError, ConnectionLost, ServiceError, UserError) as error:
        host.show(problem=error)
        log.warning("voucher not printed", extra={"code": error.code, "sheets": count})
        await _clear_quietly(host)
        return SheetsPrinted(outcome="failed", count=count, error=error.code)
    return await _handed_out(host, count)


async def _handed_out(host: Host, count: int) -> SheetsPrinted:
    """They hang out of the slot: taken, or pulled back."""
    printer = host.machine.pages
    host.show(phase="out", deadline=time.monotonic() + host.limits.take_paper_s)
    try:
        if await printer.wait_taken(timeout_s=host.limits.take_paper_s):
            return SheetsPrinted(outcome="taken", count=count)
        await printer.retain()
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        log.warning("voucher not pulled back", extra={"code": error.code})
        return SheetsPrinted(outcome="unknown", count=count, error=error.code)
    return SheetsPrinted(outcome="retained", count=count)


async def _found(host: Host) -> SheetsPrinted:
    """The kiosk was switched off while it printed: what lies there now says what can still be said."""
    assert host.case.voucher is not None, "being printed"
    try:
        media = await host.machine.pages.media()
        if media == "entering":  # all pages come out together
            pages = await host.api.get(f"/cases/{host.case.id}/voucher/pages", VoucherPages)
            return await _handed_out(host, pages.count)
        if media == "present":
            await host.machine.pages.retain()
            return SheetsPrinted(outcome="failed", count=0, error="voucher.print_cut")
    except (DeviceError, ConnectionLost) as error:
        return SheetsPrinted(outcome="unknown", count=0, error=error.code)
    return SheetsPrinted(outcome="unknown", count=0, error="voucher.print_cut")


async def _clear(host: Host) -> None:
    """Nobody gets a sheet of somebody else: what is still there goes into the bin first."""
    if await host.machine.pages.media() in ("present", "entering"):
        await host.machine.pages.retain()


async def _clear_quietly(host: Host) -> None:
    """Half a voucher is none."""
    try:
        await _clear(host)
    except (DeviceError, ConnectionLost) as error:
        log.warning("sheets left in the printer", extra={"code": error.code})


async def _tell(host: Host, body: SheetsPrinted) -> None:
    """Until the server has heard it: nothing is printed twice because a line was down."""
    while True:
        try:
            await host.send("voucher/printed", body)
        except ServiceError as error:
            host.show(problem=error)
            await asyncio.sleep(host.limits.again_s)
        else:
            return
