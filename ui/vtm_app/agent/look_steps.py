"""Before the signature the kiosk's own camera takes a picture of who stands there, for the server and no window."""

import asyncio
import logging

from common.errors import UserError
from common.wire.cases import CustomerStep
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
FRAMES = 3
"""So many are offered; after that the teller decides by eye, and the page says so."""
ANSWER_S = 6.0
"""For the server to compare one."""


async def look_up(host: Host) -> None:
    """A picture at a time, until the server lets the customer sign or has seen enough of them."""
    for _ in range(FRAMES):
        await _offer(host)
        await asyncio.sleep(host.limits.again_s)
        if not host.at(CustomerStep.LOOK):
            return
    host.show(phase="asked")
    await asyncio.Event().wait()  # the step ends when the case goes on, and this with it


async def _offer(host: Host) -> None:
    if host.eye is None:
        return
    try:
        frame = await host.eye()
    except UserError as error:
        log.info("no picture of the customer", extra={"code": error.code})
        return
    if not host.at(CustomerStep.LOOK):  # the visit went on, or ended, while the camera was asked
        return
    doubts = (await host.upload("face_check", frame)).signing_doubts
    for _ in range(round(ANSWER_S / host.limits.look_s)):
        if not host.at(CustomerStep.LOOK) or host.case.signing_doubts != doubts:
            return
        await asyncio.sleep(host.limits.look_s)
