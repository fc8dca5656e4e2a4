"""``guitai demo``: opens the counter for a person, or plays visits by itself and reports."""

import asyncio
import json
import logging
import signal
import sys
import time
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import call as call_benchmark
from common import logs
from common.aio import cancel_and_wait
from common.errors import AppError
from common.settings import Settings
from tools.demo import opening, passbook, story
from tools.demo.cast import Cast, Interlude
from tools.demo.folder import fresh_data
from tools.demo.props import draw_documents, write_hands_file
from tools.demo.report import Gatherer
from tools.demo.stage import Stage
from ui.kit.automation_client import AutomationError

log = logging.getLogger(__name__)
SCENARIOS = {**story.SCENARIOS, "opening": opening.opening, "passbook": passbook.passbook}
SPEED = 2.0
"""Mechanics of the played machine, times life."""
BARE_SECONDS = 4.0
_WARM_S = 90.0
Interludes = Mapping[tuple[str, str], Interlude]


def run(
    settings: Settings,
    *,
    headless: bool,
    out: Path | None,
    scenarios: Sequence[str],
    words: Sequence[str] = (),
    after: Interludes | None = None,
) -> int:
    """Run the demo; the process's exit status: 0 when everything that was to happen did.

    Args:
        words: options for every process of it.
        after: what else happens after a step of a visit that plays by itself, by scenario and step; in tests.

    Raises:
        AppError: ``cli.out_unwritable``, ``cli.out_not_ours``; without ``headless`` also ``demo.part_failed``,
            ``demo.part_ended``.
    """
    data_dir = settings.data_dir / "demo"
    if headless:
        assert out is not None
        data_dir = fresh_data(out)
    logs.configure("demo", level=settings.log_level, file=data_dir / "logs" / "demo.log")
    if headless:
        assert out is not None
        try:
            return asyncio.run(_play(data_dir, out.absolute(), scenarios, words, after or {}))
        except asyncio.CancelledError:
            return 128 + signal.SIGTERM
    return asyncio.run(open_counter(data_dir, settings, words))


# --- for a person ----------------------------------------------------------------------------------------------


async def open_counter(data_dir: Path, settings: Settings, words: Sequence[str] = ()) -> int:
    """Open everything, say so once the windows can be used, and end it with the first window that is closed.

    Raises:
        ServiceError: ``demo.part_failed`` or ``demo.part_ended`` (``part``, ``log``). Everything has been ended then.
    """
    stage = Stage(data_dir, automated=False, speed=settings.devices.speed, language=settings.ui.language, words=words)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        if not await _unless(stop, _raise_curtain(stage)):
            return 128 + signal.SIGINT
        print(f"The counter is open (server {stage.server_url}). Close a window or press Ctrl-C to end.", flush=True)
        await _unless(stop, stage.until_a_window_closes())
    finally:
        await stage.close()
    return 0


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Whether it came to its end before we were told to stop; what it raises is raised."""
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working
            return True
        return False
    finally:
        await cancel_and_wait(working, stopped)


async def _raise_curtain(stage: Stage) -> None:
    folder = stage.data_dir / "props"

    def write_hands() -> None:
        credentials = json.loads((stage.data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
        write_hands_file(folder, credentials["cards"])

    await stage.open(lambda: draw_documents(folder), write_hands)


# --- by itself -------------------------------------------------------------------------------------------------


async def _play(data_dir: Path, out: Path, scenarios: Sequence[str], words: Sequence[str], after: Interludes) -> int:
    """Raises ``asyncio.CancelledError`` when it is told to end (SIGTERM); its processes have been ended then."""
    playing = asyncio.current_task()
    assert playing is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    stage = Stage(data_dir, automated=True, measure=True, speed=SPEED, words=words)
    gatherer = Gatherer(stage)
    failed: str | None = None
    memory: dict[str, float] = {}
    server: dict[str, Any] = {}
    try:
        await _raise_curtain(stage)
        await _warm(stage)
        await _visits(stage, gatherer, out, scenarios, after)
        memory, server = stage.measure_memory(), await gatherer.server_figures()
    except (AppError, AutomationError, ConnectionError, TimeoutError) as error:
        failed = f"{type(error).__name__}: {error} {dict(error.params) if isinstance(error, AppError) else ''}".strip()
        log.exception("the visit did not come to its end")
        await _last_look(stage, out)
    finally:
        await stage.close()
    bare = await _bare()
    report = gatherer.report(stage.usable_after_s, memory, bare, server)
    report |= {"failed": failed, "passed": report["passed"] and failed is None}
    (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    _say(report, out)
    return 0 if report["passed"] else 1


async def _warm(stage: Stage) -> None:
    """A shift begins with the vision worker warm."""
    deadline = time.monotonic() + _WARM_S
    while (await stage.players["teller"].metrics()).get("vision", {}).get("state") != "ready":
        if time.monotonic() > deadline:
            raise TimeoutError("the vision worker does not get ready")
        await asyncio.sleep(0.2)


async def _visits(stage: Stage, gatherer: Gatherer, out: Path, scenarios: Sequence[str], after: Interludes) -> None:
    for number, scenario in enumerate(scenarios):
        cast = Cast(stage, out / scenario, {step: act for (visit, step), act in after.items() if visit == scenario})
        if number == 0:
            await story.ready(cast)
        else:
            await story.next_customer(cast)
        before = await gatherer.before()
        await SCENARIOS[scenario](cast)
        await gatherer.visited(scenario, cast, before, out)


async def _last_look(stage: Stage, out: Path) -> None:
    """A picture of every window as it stood when the visit stopped."""
    try:
        await Cast(stage, out / "failed").step_done("stopped-here")
    except (AutomationError, ConnectionError, TimeoutError, KeyError) as error:
        log.info("no last pictures", extra={"what": str(error)})


async def _bare() -> dict[str, Any]:
    """A bare aiortc loop of the same size on the same machine, for comparison."""
    options = call_benchmark.arguments(["--seconds", str(BARE_SECONDS)])
    sides = await call_benchmark.one_call("bare", options)
    return {side: one["figures"] for side, one in sides.items()}


def _say(report: dict[str, Any], out: Path) -> None:
    for name, passed in report["checks"].items():
        print(f"{'ok  ' if passed else 'FAIL'} {name}")
    for name, goal in report["goals"].items():
        print(f"{'ok  ' if goal['met'] else '----'} {name}: {goal['value']} (goal {goal['goal']})")
    if report["failed"]:
        print(f"FAIL {report['failed']}", file=sys.stderr)
    print(f"pictures, vouchers and report.json: {out}")
