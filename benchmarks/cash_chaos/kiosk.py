"""A kiosk without its window, in a process of its own: the real agent; taps come in, screens go out, as JSON lines.

``python -m benchmarks.cash_chaos.kiosk --data DIR --server URL --machine URL``. It can be ended at any
moment, and started again.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.cash_chaos.starting import signed_on
from common import logs
from common.clock import SystemClock, SystemIds
from common.commandline import OneLineParser
from common.errors import AppError
from common.settings import Settings
from common.wire.cases import StrokePoint
from devices.client.journal import CashJournal
from ui.kit.local_machine import connect_machine
from ui.kit.signalling_client import SignallingClient
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.screen import Screen

LIMITS = Limits(take_card_s=8, take_cash_s=3, insert_s=4, machine_back_s=3, look_s=0.05, goodbye_s=0.05)
JOURNAL = Path("kiosk") / "chaos.sqlite3"


def _say(screen: Screen) -> None:
    said = {
        "step": screen.step.value if screen.step is not None else None,
        "phase": screen.phase,
        "digits": screen.digits,
        "ready": screen.machine_ready,
        "case": screen.case.model_dump(mode="json") if screen.case is not None else None,
    }
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def _tap(agent: KioskAgent, said: dict[str, Any]) -> None:
    taps, what = agent.taps, said["tap"]
    if what == "choose":
        await taps.choose(said["scenario"], "zh")
    elif what == "sign":
        strokes = [[StrokePoint.model_validate(point) for point in stroke] for stroke in said["strokes"]]
        await taps.sign(strokes, said["width"], said["height"])
    elif what == "face_consent":
        await taps.face_consent(said["granted"], said["text"])
    elif what == "confirm":
        await taps.confirm(True)
    elif what == "rate":
        await taps.rate(5)
    else:
        await {"right": taps.count_is_right, "more": taps.insert_more, "back": taps.give_cash_back}[what]()


async def run(data: Path, server: str, machine: str) -> None:
    """Until standard input ends."""
    api, settings = await signed_on(data, server, "K-02"), Settings(data_dir=data)
    line = SignallingClient(
        server.replace("http", "ws", 1) + "/ws/v1", lambda: api.session.token if api.session else "",
        longest_pause_s=0.3,
    )  # fmt: skip
    journal = CashJournal(data / JOURNAL, SystemClock(), SystemIds())

    async def eye() -> bytes:
        return (data / "props" / "id-0426-0.jpg").read_bytes()

    agent = KioskAgent(
        api, line, lambda told: connect_machine(settings, machine, told), journal, SystemClock(), SystemIds(),
        on_screen=_say, limits=LIMITS, eye=eye,
    )  # fmt: skip
    line.start()
    await agent.start()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while text := await reader.readline():
        try:
            await _tap(agent, json.loads(text))
        except AppError:
            continue
    await agent.close()
    await line.close()
    await api.close()


def main() -> int:
    parser = OneLineParser(prog="python -m benchmarks.cash_chaos.kiosk")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--machine", required=True)
    options = parser.parse_args()
    logs.configure("kiosk", level="WARNING", file=options.data / "logs" / "chaos-kiosk.log")
    asyncio.run(run(options.data, options.server, options.machine))
    return 0


if __name__ == "__main__":
    sys.exit(main())
