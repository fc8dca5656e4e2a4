"""The customer takes a picture with the own phone: the machine shows the code, and when its time is over."""

import asyncio
import time

from common.wire.cases import CustomerStep
from ui.vtm_app.agent.host import Host


async def phone_capture(host: Host) -> None:
    """Until the picture came, the teller wants something else, or gives another code."""
    shown, until = "", 0.0
    while host.at(CustomerStep.PHONE_CAPTURE):
        link, now = host.case.capture, time.monotonic()
        if link is not None and link.url and link.url != shown:
            shown, until = link.url, now + link.left_s
            host.show(phase="open", deadline=until)
        elif now >= until:
            host.show(phase="over", deadline=None)
        await asyncio.sleep(host.limits.look_s)
