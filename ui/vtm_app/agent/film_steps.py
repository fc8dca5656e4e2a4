"""A liveness check is filmed by the kiosk's own camera, for the server alone, with what the screen said when.

Pictures go there a few at a time while the check runs, so that the server has looked at nearly all when it ends.
"""

import asyncio
import logging

from common.aio import cancel_and_wait
from common.challenge import MOST_BYTES, MOST_FRAMES, FilmFrame, pack
from common.errors import AppError, UserError
from common.wire.cases import CaseView, CustomerStep
from ui.vtm_app.agent.host import Eye, Host

log = logging.getLogger(__name__)
EVERY_S = 0.2
"""Between two pictures; a gesture takes a second."""
HEADROOM = 200_000
"""Bytes: the largest picture that still has to fit."""
PART = 8
"""Pictures that go ahead together."""


async def film(host: Host) -> None:
    """From the first sentence to the last; then it goes to the server, whatever the check came to."""
    frames: list[FilmFrame] = []
    size, case_id, begin = 0, host.case_id, host.clock.monotonic()
    if case_id is None:
        return
    ahead = _Ahead(host, case_id)
    try:
        while host.at(CustomerStep.LIVENESS) and case_id == host.case_id and host.eye is not None:
            at = host.clock.monotonic()
            if len(frames) < MOST_FRAMES and size < MOST_BYTES - HEADROOM:
                frame = await _frame(host, host.eye, round((at - begin) * 1000))
                if frame is not None:
                    frames.append(frame)
                    size += len(frame.picture) + 64
                    ahead.of(frames)
            await asyncio.sleep(max(0.02, EVERY_S - (host.clock.monotonic() - at)))
        if frames:
            await _send(host, case_id, frames, await ahead.sent())
    finally:
        await ahead.close()


class _Ahead:
    """Sends parts of a film, one at a time, as long as the server takes them."""

    def __init__(self, host: Host, case_id: str) -> None:
        self._host, self._case_id = host, case_id
        self._there, self._refused = 0, False
        self._sending: asyncio.Task[None] | None = None

    def of(self, frames: list[FilmFrame]) -> None:
        """There is a picture more."""
        busy = self._sending is not None and not self._sending.done()
        if not busy and not self._refused and len(frames) - self._there >= PART:
            self._sending = asyncio.create_task(self._send(frames[self._there :]))

    async def _send(self, part: list[FilmFrame]) -> None:
        try:
            await _upload(self._host, self._case_id, part, f"?after={self._there}&more=true")
        except AppError as error:
            log.info("part of a film not taken", extra={"code": error.code})
            self._refused = True
        else:
            self._there += len(part)

    async def sent(self) -> int:
        """How many pictures the server has, once what is under way is there."""
        if self._sending is not None:
            await self._sending
        return 0 if self._refused else self._there

    async def close(self) -> None:
        if self._sending is not None:
            await cancel_and_wait(self._sending)


async def _frame(host: Host, eye: Eye, at_ms: int) -> FilmFrame | None:
    shown = host.case.customer_say.code if host.case.customer_say is not None else ""
    if not shown.isascii():
        shown = "?"  # a window may say what is no code; the film of it is sent all the same
    try:
        return FilmFrame(at_ms, shown, await eye())
    except UserError as error:
        log.info("no picture of the customer", extra={"code": error.code})
        return None


async def _send(host: Host, case_id: str, frames: list[FilmFrame], there: int) -> None:
    """Nothing on the screen hangs on it: without a film the rules ask for a second person."""
    try:
        try:
            await _upload(host, case_id, frames[there:], f"?after={there}" if there else "")
        except UserError as error:
            if not there or error.code != "film.part_missing":
                raise
            await _upload(host, case_id, frames, "")  # the server was begun again meanwhile
    except AppError as error:
        log.warning("film not taken", extra={"code": error.code})


async def _upload(host: Host, case_id: str, frames: list[FilmFrame], how: str) -> None:
    data = await asyncio.to_thread(pack, frames)
    await host.api.upload(f"/cases/{case_id}/liveness-film{how}", data, "application/octet-stream", CaseView)
