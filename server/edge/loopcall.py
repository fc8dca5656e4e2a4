"""The one crossing from worker threads to the event loop."""

import asyncio
from collections.abc import Callable


class LoopCaller:
    """Runs a function on the loop soon, from any thread. Before the loop runs and after it stopped: not at all,
    which is right for the edge, whose state starts anew with every loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Set, or with None forget, the loop."""
        self._loop = loop

    def post(self, function: Callable[..., object], *args: object) -> None:
        """Call ``function(*args)`` on the loop, in the order of posting."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(function, *args)
        except RuntimeError:  # the loop was closed between the look and the call
            self._loop = None
