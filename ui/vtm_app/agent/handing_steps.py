"""Handing over a new card, a U-key, a certificate: given out, taken or kept, and the server told what became of it.

The journal has each before and after. What a power cut met in between is looked for, never simply given again.
"""

import asyncio
import logging
import time
from collections.abc import Mapping

from common.wire.cases import CustomerStep
from common.wire.handing import HandedOver, HandingJob
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.giving import Dispenser, SheetPrinter
from devices.client.things import Giving
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
CERTIFICATE_FORM = "deposit"
UNKNOWN = "handing.unknown"


async def hand_over(host: Host) -> None:
    """One thing after the other, until the case asks for something else."""
    while host.at(CustomerStep.HAND_OVER):
        host.show(phase="preparing", deadline=None)
        found = await host.api.get_json(f"/cases/{host.case.id}/handing")
        if found is None:
            return
        job = HandingJob.model_validate(found)
        await host.send("handed", await _handed(host, job))


async def _handed(host: Host, job: HandingJob) -> HandedOver:
    """What became of it: as the journal has it, or as it turns out now."""
    things, this = host.journal.things, (host.case.id, job.kind, job.number)
    known = things.find(*this)
    if known is None or known.outcome is None:
        outcome, error = await _given(host, job, known)
        await asyncio.to_thread(things.end, *this, outcome, error)
        known = things.find(*this)
    assert known is not None, "what has an end was begun"
    return HandedOver.model_validate(
        {"kind": job.kind, "number": job.number, "outcome": known.outcome, "error": known.error}
    )


async def _given(host: Host, job: HandingJob, begun: Giving | None) -> tuple[str, str | None]:
    """Out of the machine and into the hand; what is not taken in time is kept. The outcome, and why it failed."""
    things, this = host.journal.things, (host.case.id, job.kind, job.number)
    try:
        device = _device(host, job)
        if begun is None:
            await _clear(device)
            await asyncio.to_thread(things.begin, *this, await device.counts())
        else:
            where = await _found(device, begun)
            if where in ("taken", "retained", "failed"):
                return where, UNKNOWN if where == "failed" else None
        await _out(device, job)
        host.show(phase=job.kind, deadline=time.monotonic() + host.limits.take_card_s)
        if await device.wait_taken(timeout_s=host.limits.take_card_s):
            return "taken", None
        await device.retain()
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        log.warning("not handed over", extra={"kind": job.kind, "code": error.code})
        await asyncio.to_thread(things.begin, *this, {})
        return "failed", error.code
    return "retained", None


def _device(host: Host, job: HandingJob) -> Dispenser | SheetPrinter:
    if job.kind == "certificate":
        return host.machine.certificates
    return host.machine.new_cards if job.kind == "card" else host.machine.tokens


async def _clear(device: Dispenser | SheetPrinter) -> None:
    """Nobody gets a thing of somebody else: what an earlier case left in the way or in the slot goes into the bin."""
    if await device.media() in ("present", "entering"):
        await device.retain()


async def _found(device: Dispenser | SheetPrinter, begun: Giving) -> str:
    """Where a thing is that was begun: ``here``, in the slot or on its way there; else as :func:`_where`."""
    media = await device.media()
    if media == "notPresent":
        return _where(begun, await device.counts())
    if isinstance(device, Dispenser) or media == "entering":
        return "here"
    if media == "present":
        await device.retain()
    return "failed"  # of a sheet that is not out nobody can say what stands on it


def _where(begun: Giving, now: Mapping[str, int]) -> str:
    """Of a thing that was begun and is neither in the way nor in the slot: ``inside``, it never left its hopper; taken,
    retained; or failed, where nothing counts it: then nobody gives out a second one before staff have looked."""
    left = begun.counts.get("dispense", -1) - now.get("dispense", -1)
    if "dispense" not in begun.counts or "dispense" not in now or left not in (0, 1):
        return "failed"
    if left == 0:
        return "inside"
    return "retained" if now.get("retain", 0) > begun.counts.get("retain", 0) else "taken"


async def _out(device: Dispenser | SheetPrinter, job: HandingJob) -> None:
    if isinstance(device, Dispenser):
        await device.give(job.track2)
    elif await device.media() != "entering":
        await device.print_form(CERTIFICATE_FORM, job.fields)
