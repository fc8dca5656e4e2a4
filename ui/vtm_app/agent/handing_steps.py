"""Handing over a new card, a U-key, a certificate: given out, taken or kept, and the server told what became of it."""

import logging
import time

from common.wire.cases import CustomerStep
from common.wire.handing import HandedOver, HandingJob
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.giving import Dispenser, SheetPrinter
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
CERTIFICATE_FORM = "deposit"


async def hand_over(host: Host) -> None:
    """One thing after the other, until the case asks for something else."""
    while host.at(CustomerStep.HAND_OVER):
        host.show(phase="preparing", deadline=None)
        found = await host.api.get_json(f"/cases/{host.case.id}/handing")
        if found is None:
            return
        job = HandingJob.model_validate(found)
        body = await _given(host, job)
        await host.send("handed", body)


async def _given(host: Host, job: HandingJob) -> HandedOver:
    """Out of the machine and into the hand; what is not taken in time is kept."""
    device: Dispenser | SheetPrinter
    try:
        if job.kind == "certificate":
            device = host.machine.certificates
            if await device.media() == "notPresent":
                await device.print_form(CERTIFICATE_FORM, job.fields)
        else:
            device = host.machine.new_cards if job.kind == "card" else host.machine.tokens
            await device.give(job.track2)
        host.show(phase=job.kind, deadline=time.monotonic() + host.limits.take_card_s)
        taken = await device.wait_taken(timeout_s=host.limits.take_card_s)
        if not taken:
            await device.retain()
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        log.warning("not handed over", extra={"kind": job.kind, "code": error.code})
        return HandedOver(kind=job.kind, number=job.number, outcome="failed", error=error.code)
    return HandedOver(kind=job.kind, number=job.number, outcome="taken" if taken else "retained")
