"""``guitai demo`` with one thing more: with notes in escrow and the customer asked to confirm, the server is restarted.

``python -m tests.e2e.interrupted demo …`` takes the words of ``guitai``. The windows and the call between them are the
real ones; nobody touches anything until every window has found the new server by itself.
"""

import asyncio
import sys
from functools import partial
from unittest.mock import patch

import guitai
from tools.demo import main as demo
from tools.demo.cast import Cast
from ui.kit.automation_client import AutomationClient
from ui.kit.texts import common, kiosk

TOLD = "the loss of the server is told in every window"
BACK = "every window finds the new server by itself, and the call begins anew"
_LONG_S = 60.0
_WAITS = common.TEXTS["common.waiting_network"][0]
_OFFLINE = common.TEXTS["common.offline"][0].partition(" ")[0]
_LOST = kiosk.TEXTS["kiosk.problem.lost"][0]


async def server_restarted(cast: Cast) -> None:
    """Between two acts of the visit."""
    before = [await _painted(window) for window in (cast.teller, cast.kiosk)]
    await cast.stage.end("server")
    for window in (cast.teller, cast.authoriser):
        await window.wait("offline.words", _LONG_S, contains=_OFFLINE)
    await cast.main_says(_WAITS, _LONG_S)
    await cast.kiosk.wait("kiosk.notice.words", _LONG_S, text=_LOST)
    cast.checks[TOLD] = await cast.kiosk.text("kiosk.page") == "confirm"
    await cast.step_done("server-lost")
    await cast.stage.start_server()
    for window in (cast.teller, cast.authoriser):
        await window.wait("offline.words", _LONG_S, visible=False)
    await cast.kiosk.wait("kiosk.notice.words", _LONG_S, visible=False)
    for window, pictures in zip((cast.teller, cast.kiosk), before, strict=True):
        await _begun_anew(window, pictures)
    cast.checks[BACK] = min(before) > 0 and await cast.kiosk.text("kiosk.page") == "confirm"
    await cast.step_done("server-back")


async def _painted(window: AutomationClient) -> int:
    """Pictures of the other side painted in the present call."""
    return int(((await window.metrics()).get("call") or {}).get("frames_painted", 0))


async def _begun_anew(window: AutomationClient, before: int) -> None:
    """The call that stood went on without the server; in the one that the new server began the count starts again."""
    async with asyncio.timeout(_LONG_S):
        while not 5 < await _painted(window) < before:
            await asyncio.sleep(0.05)


def main() -> int:
    """Run the words; its exit status."""
    after = {("deposit", "summary-on-the-kiosk"): server_restarted}
    with patch.object(demo, "run", partial(demo.run, after=after)):
        return guitai.main()


if __name__ == "__main__":
    sys.exit(main())
