"""Writing into the kiosk's journal from the loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from devices.client.journal import Movement


async def written(write: Callable[..., Movement], *words: Any) -> Movement:
    """Carry out a write of the journal in a thread and wait for it, also when this task is cancelled meanwhile.

    Whoever cancels closes the journal's file next; nothing may be writing to it then.
    """
    writing = asyncio.ensure_future(asyncio.to_thread(write, *words))
    cancelled: asyncio.CancelledError | None = None
    while not writing.done():
        try:
            await asyncio.wait({writing})
        except asyncio.CancelledError as error:
            cancelled = error  # more than once, when the disk is slow and somebody grows impatient
    if cancelled is not None:
        raise cancelled
    return writing.result()
