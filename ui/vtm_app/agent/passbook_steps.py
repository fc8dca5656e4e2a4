"""The passbook of a case: take it in, print what the server says, page by page, tell it, give the book back."""

import logging
import time
from typing import Literal

from common.errors import AppError, UserError
from common.wire.cases import CustomerStep
from common.wire.passbook import PassbookJob, PassbookLeft, PassbookPage, PassbookPrinted, PassbookRead
from devices.client.errors import ConnectionLost, DeviceError
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
Where = Literal["taken", "none", "left"]
TRIES = 3
"""Wrong or unreadable books that are given back before the lines are left for another day."""


async def print_passbook(host: Host) -> None:
    """Everything that has to be printed; what cannot be stays to be printed and holds up nobody.

    After each page the server is told: a power cut leaves at most the page at work to be printed twice. That the job
    is over it hears once the book is given back: until then the customer is asked to take the book, not a receipt.
    """
    if not host.machine.passbook.there:
        await _tell(host, PassbookPrinted(lines=0, done=True, error="device.missing", book="none"))
        return
    left = await host.api.get(f"/cases/{host.case.id}/passbook", PassbookLeft)
    error, ours = await _pages(host) if left.lines else (None, True)  # all of it stood there before a power cut
    where = await _give_back(host)
    if where == "taken" and not ours:
        where = "none"  # whoever's book that was
    await _tell(host, PassbookPrinted(lines=0, done=True, error=error, book=where))


async def _pages(host: Host) -> tuple[str | None, bool]:
    """The code of what stopped it before the last line (None: all of it stands in the book), and whether it was the
    book that the case is about."""
    ours = False
    try:
        job = await _job(host)
        if job is None:
            return "passbook.not_given", ours
        at, ours = job.open_at, True
        for page in job.pages:
            host.show(phase="printing", deadline=None)
            await host.machine.passbook.turn(page.page - at)
            at = page.page
            problem = await _printed(host, page)
            if problem is not None:
                return problem, ours
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        return error.code, ours
    return None, ours


async def _job(host: Host) -> PassbookJob | None:
    """The right book lies inside; None when the customer puts none in."""
    for _ in range(TRIES):
        host.show(phase="waiting", deadline=time.monotonic() + host.limits.insert_s)
        try:
            stripe = await host.machine.passbook.read(
                timeout_s=host.limits.insert_s, on_prompt=lambda: host.show(phase="waiting")
            )
        except DeviceError as error:
            if error.code == "device.timeout":
                return None
            raise
        host.show(phase="reading", deadline=None)
        try:
            path = f"/cases/{host.case.id}/passbook/read"
            return await host.api.post(path, PassbookRead(stripe=stripe), PassbookJob)
        except UserError as error:
            host.show(problem=error)
            await _give_back(host)
    return None


async def _printed(host: Host, page: PassbookPage) -> str | None:
    """One page; why it did not come to its end: what stands there counts."""
    done: list[str] = []
    problem: AppError | None = None
    lines = iter(page.lines)
    try:
        await host.machine.passbook.print_lines(page.lines, lambda: done.append(next(lines)))
    except (DeviceError, ConnectionLost) as error:
        problem = error
        host.show(problem=error)
        log.warning("passbook not printed", extra={"code": error.code, "lines": len(done)})
    await _tell(host, PassbookPrinted(lines=len(done), done=False))
    return problem.code if problem is not None else None


async def _tell(host: Host, body: PassbookPrinted) -> None:
    if host.at(CustomerStep.PRINT_PASSBOOK):
        await host.send("passbook/printed", body)


async def _give_back(host: Host) -> Where:
    """Out of the printer, into the hand: where the book is then."""
    try:
        printer = host.machine.passbook
        if not await printer.give_back() and await printer.wait_taken(timeout_s=0):
            return "none"  # neither inside nor sticking out since a power cut
        host.show(phase="out", deadline=time.monotonic() + host.limits.take_paper_s)
        return "taken" if await printer.wait_taken(timeout_s=host.limits.take_paper_s) else "left"
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        log.warning("passbook not given back", extra={"code": error.code})
        return "left"
