"""A liveness check is filmed by the kiosk's own camera, for the server alone, with what the screen said when."""

import asyncio
import logging

from common.challenge import MOST_BYTES, MOST_FRAMES, FilmFrame, pack
from common.errors import AppError, UserError
from common.wire.cases import CaseView, CustomerStep
from ui.vtm_app.agent.host import Eye, Host

log = logging.getLogger(__name__)
EVERY_S = 0.2
"""Between two pictures; a gesture takes a second."""
HEADROOM = 200_000
"""Bytes: the largest picture that still has to fit."""


async def film(host: Host) -> None:
    """From the first sentence to the last; then it goes to the server, whatever the check came to."""
    frames: list[FilmFrame] = []
    size, case_id, begin = 0, host.case_id, host.clock.monotonic()
    while host.at(CustomerStep.LIVENESS) and case_id == host.case_id and host.eye is not None:
        at = host.clock.monotonic()
        if len(frames) < MOST_FRAMES and size < MOST_BYTES - HEADROOM:
            frame = await _frame(host, host.eye, round((at - begin) * 1000))
            if frame is not None:
                frames.append(frame)
                size += len(frame.picture) + 64
        await asyncio.sleep(max(0.02, EVERY_S - (host.clock.monotonic() - at)))
    if frames and case_id is not None:
        await _send(host, case_id, frames)


async def _frame(host: Host, eye: Eye, at_ms: int) -> FilmFrame | None:
    shown = host.case.customer_say.code if host.case.customer_say is not None else ""
    if not shown.isascii():
        shown = "?"  # a window may say what is no code; the film of it is sent all the same
    try:
        return FilmFrame(at_ms, shown, await eye())
    except UserError as error:
        log.info("no picture of the customer", extra={"code": error.code})
        return None


async def _send(host: Host, case_id: str, frames: list[FilmFrame]) -> None:
    """Nothing on the screen hangs on it: without a film the rules ask for a second person."""
    try:
        data = await asyncio.to_thread(pack, frames)
        await host.api.upload(f"/cases/{case_id}/liveness-film", data, "application/octet-stream", CaseView)
    except AppError as error:
        log.warning("film not taken", extra={"code": error.code})
