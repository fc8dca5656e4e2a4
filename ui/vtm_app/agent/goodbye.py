"""The end of a visit: nothing of the customer's stays behind."""

import asyncio
import contextlib
import time

from devices.client.errors import ConnectionLost, DeviceError
from ui.vtm_app.agent.deposit_steps import return_open_cash
from ui.vtm_app.agent.glass import glance
from ui.vtm_app.agent.host import Host


async def farewell(host: Host) -> None:
    """Give back whatever is still inside, and stay for the last words."""
    await return_undeclared(host)
    with contextlib.suppress(DeviceError, ConnectionLost):
        await _card_left_inside(host)
    host.last_document = None
    with contextlib.suppress(DeviceError, ConnectionLost):
        await _papers_taken(host)
    host.show(phase="", deadline=None)
    await asyncio.sleep(host.limits.goodbye_s)


async def return_undeclared(host: Host) -> None:
    """Notes in escrow that the server never heard of, while the case has gone on without them."""
    if host.case.cash is None:
        with contextlib.suppress(DeviceError, ConnectionLost):
            await return_open_cash(host)


async def _card_left_inside(host: Host) -> None:
    """A card that the case does not know of, or that its owner left at the mouth of the reader."""
    card = host.machine.card
    media = await card.media()
    if media not in ("present", "entering"):
        return
    if media == "present":
        await card.eject()
    host.show(phase="card", deadline=time.monotonic() + host.limits.take_card_s)
    if not await card.wait_taken(timeout_s=host.limits.take_card_s):
        await card.retain()


async def _papers_taken(host: Host) -> None:
    """Remind whoever leaves papers on the glass; what stays there is not taken for the next customer's."""
    deadline = time.monotonic() + host.limits.take_paper_s
    while True:
        seen = glance(await host.machine.document_camera.take_picture())
        if seen is None or not seen.something:
            return
        if time.monotonic() > deadline:
            host.last_document = seen
            return
        host.show(phase="papers", deadline=deadline)
        await asyncio.sleep(host.limits.look_s)
