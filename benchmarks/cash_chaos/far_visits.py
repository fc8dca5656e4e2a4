"""Visits over real processes, which are ended with kill -9 at random moments, and exchanges between them.

One process, two, or all at once; at any moment, or in one at which cash is moving.
"""

import asyncio
import contextlib
import random
import tempfile
import traceback
from pathlib import Path
from typing import Any

from benchmarks.cash_chaos.books import differences, journal_of
from benchmarks.cash_chaos.far import TOGETHER, WITH_AUTHORITIES, FarCounter
from benchmarks.cash_chaos.far_filling import FarFilling
from benchmarks.cash_chaos.kiosk import JOURNAL
from benchmarks.cash_chaos.people import FAULTS, Visit, drawn
from benchmarks.cash_chaos.seams import Part
from benchmarks.cash_chaos.tally import Tally
from benchmarks.people import visits
from benchmarks.people.scene import until
from common.aio import cancel_and_wait
from common.errors import AppError, UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CaseView, CashState, CustomerStep, Scenario

LONGEST_S, LONGEST_EXCHANGE_S = 240.0, 180.0
CUT_WITHIN_S = 4.0
IN_THE_MIDDLE_S = 0.8
EXCHANGE_AMONG_VISITS = 0.5
"""Of one process there are more: few visits share a start of everything, and after the last one is always one."""
KILLED = (Part.KIOSK, Part.MACHINE, Part.SERVER)
CASH_MOVES = frozenset(
    {CustomerStep.INSERT_CASH, CustomerStep.STORE_CASH, CustomerStep.RETURN_CASH, CustomerStep.TAKE_CASH}
)  # fmt: skip


async def _hands(far: FarCounter, visit: Visit) -> None:
    """The customer, from the moment when cash begins to move."""
    left, tapped = list(visit.bunches), None
    while True:
        await asyncio.sleep(0.05)
        hands, screen = far.stage.hands, far.scene.screen
        with contextlib.suppress(AppError, AssertionError):
            view = await hands.get_view() if hands is not None else None
            if view is not None and view.actions["take_notes"] is None and visit.takes > 0:
                await far.scene.hands.take_notes()
            elif view is not None and view.actions["put_notes"] is None and left:
                await far.scene.hands.put_notes(left[0])
                left.pop(0)
            for action in ("take_card", "take_receipt"):
                if view is not None and view.actions[action] is None:
                    await far.scene.hands.act(action)
        asked = (screen.step, screen.phase, len(left))
        if screen.step is CustomerStep.INSERT_CASH and screen.phase == "ask" and asked != tapped:
            far.scene.tap("more" if left else "right")
        elif screen.step is CustomerStep.RATE and asked != tapped:
            far.scene.tap("rate")
        tapped = asked


async def _serve(far: FarCounter, visit: Visit, case_id: str) -> None:
    """The teller over REST, until the customer has gone."""
    looks = 0
    while True:
        await asyncio.sleep(0.1)
        try:
            case = await visits.case_of(far.teller, case_id)
            if case.customer_step is CustomerStep.GOODBYE:
                return
            looks += 1
            await _next(far, visit, case, looks)
        except AppError:
            continue


async def _next(far: FarCounter, visit: Visit, case: CaseView, looks: int) -> None:
    teller, path = far.teller, f"/cases/{case.id}"
    if case.state is CaseState.EXECUTING and case.trouble is not None:
        await teller.command(f"{path}/resolve", wire.Resolve(choice=far.dice.choice(case.trouble.choices)))
    elif case.state is CaseState.AUTHORISED:
        await (_consented(far, case) if case.signed_at is None else visits.execute(teller, case))
    elif case.state is CaseState.DRAFT and case.cash is not None and case.cash.state is CashState.COUNTED:
        await visits.submit(teller, await visits.fill(teller, case))
    elif case.state is CaseState.DRAFT and (case.scenario == Scenario.WITHDRAWAL or looks > 150):
        await teller.command(f"{path}/cancel", wire.Cancel(reason="customer_left"))
    elif case.state is CaseState.DRAFT and case.customer_step is CustomerStep.TALK:
        await teller.command(f"{path}/prompt", wire.Prompt(step=CustomerStep.INSERT_CASH))


async def _consented(far: FarCounter, case: CaseView) -> None:
    if far.scene.screen.step is CustomerStep.CONFIRM:
        far.scene.tap("confirm")
    elif far.scene.screen.step is CustomerStep.SIGN:
        await far.scene.agent.taps.sign(visits.STROKES, 952, 640)  # type: ignore[union-attr]


async def _moment(far: FarCounter, served: "asyncio.Task[None]") -> None:
    """Any moment of the visit, or one at which cash is moving, if there is another one."""
    if far.dice.random() < 0.4:
        await asyncio.sleep(far.dice.random() * CUT_WITHIN_S)
        return
    later = far.dice.random() * IN_THE_MIDDLE_S
    with contextlib.suppress(AssertionError):
        await until(lambda: served.done() or far.scene.screen.step in CASH_MOVES, "cash moves", CUT_WITHIN_S)
    await asyncio.sleep(later)


def _victims(dice: random.Random) -> list[Part]:
    parts = dice.sample(KILLED, dice.choice(TOGETHER))
    return [*parts, Part.AUTHORITIES] if dice.random() < WITH_AUTHORITIES else parts


async def _cut(far: FarCounter, parts: list[Part]) -> None:
    """What was killed is started again side by side."""
    screen = far.scene.screen
    await far.cut(parts, f"{screen.step.value if screen.step is not None else 'rest'} {screen.phase}".strip())
    await asyncio.gather(*(far.again(part) for part in parts))
    if Part.KIOSK in parts:
        await until(lambda: far.scene.screen.machine_ready, "the kiosk stands", 120)


async def _visit(far: FarCounter, visit: Visit, tally: Tally) -> None:
    await until(lambda: far.scene.screen.step is None, "rest")
    case = await far.scene.arrive(visit.scenario)
    typed = {"amount": f"{visit.amount}.00"} if visit.scenario == Scenario.WITHDRAWAL else {}
    if typed:
        case = await visits.prepared(far.scene, far.teller, case, **typed)
        try:
            case = await visits.submit(far.teller, case)
        except UserError as refused:
            # What earlier visits and faults left to pay with may not make the amount; the teller ends such a case.
            if refused.code != "cash.not_payable":
                raise
        else:
            await visits.consent(far.scene)
    else:
        case = await visits.answer(far.scene, far.teller, case)
        case = await visits.match(far.teller, await visits.papers(far.scene, far.teller, case))
    for name, params in far.dice.sample(FAULTS, far.dice.choice((0, 1, 1))):
        await far.scene.hands.faults.inject(name, **params)
        tally.faults[name] += 1
    hands = asyncio.create_task(_hands(far, visit), name="hands")
    served = asyncio.create_task(_serve(far, visit, case.id), name="teller")
    try:
        for _ in range(far.dice.choice((1, 2, 2, 3))):
            await _moment(far, served)
            await _cut(far, _victims(far.dice))
            if served.done():
                break
        await served
        await until(lambda: far.scene.screen.step is None, "rest", 120)
        await until(lambda: journal_of(far.data / JOURNAL).untold == 0, "everything is told", 60)
    finally:
        await cancel_and_wait(hands, served)
    view = await visits.case_of(far.teller, case.id)
    tally.ends[f"{view.scenario} {view.state.value}"] += 1


async def real_visits(runs: int, seed: int, first: int = 0) -> Tally:
    """Visits from number ``first`` on over real processes: as many as asked for, or up to one that ended in trouble."""
    tally = Tally()
    dice = random.Random(f"real:{seed}:{first}")  # noqa: S311 - a seed that draws the same again is the point
    with tempfile.TemporaryDirectory(prefix="guitai-chaos-") as place:
        far = FarCounter(Path(place), dice)
        visiting = asyncio.create_task(_visits(far, tally, first, runs), name="real visits")
        try:
            await asyncio.wait({visiting})
        finally:
            await cancel_and_wait(visiting)
            await far.close()
            tally.cuts.update(far.cuts)
    error = visiting.exception()
    if error is not None:
        tally.broken.append({"episode": first, "after": tally.runs, "why": traceback.format_exception(error)[-6:]})
        tally.not_done = max(tally.not_done, 0 if tally.runs else 1)
    return tally


async def _visits(far: FarCounter, tally: Tally, first: int, runs: int) -> None:
    await far.open()
    for number in range(first, first + runs):
        told = {"episode": first, "run": number}
        if not await _one(far, tally, told):
            break
        last = number == first + runs - 1
        if (last or far.dice.random() < EXCHANGE_AMONG_VISITS) and not await _filled(far, tally, told):
            break
    with far.books() as unit:
        tally.suspense_open = len(unit.cash.in_suspense())
        opened = "SELECT coalesce(sum(value), 0) FROM counters WHERE name LIKE 'suspense %%'"
        tally.suspense_opened = int(unit.connection.exec_driver_sql(opened).scalar_one())


async def _one(far: FarCounter, tally: Tally, told: dict[str, Any]) -> bool:
    """A visit; False when anything did not agree or it is stuck: what comes after it proves nothing."""
    before, visit = far.look(), drawn(far.dice)
    told = {**told, "visit": str(visit)}
    tally.not_done += 1
    try:
        async with asyncio.timeout(LONGEST_S):
            await _visit(far, visit, tally)
    except (TimeoutError, AssertionError) as error:
        tally.stuck.append({**told, "why": str(error)[:300], "cuts": far.cuts[-6:]})
    tally.not_done, tally.runs = tally.not_done - 1, tally.runs + 1
    if tally.stuck:
        return False
    if found := differences(before, far.look()):
        tally.differences.append({**told, "what": found, "cuts": far.cuts[-6:]})
    return not found


async def _filled(far: FarCounter, tally: Tally, told: dict[str, Any]) -> bool:
    """An exchange, with what was drawn against it."""
    filling, told = FarFilling(far, tally, told["run"]), {**told, "visit": "exchange"}
    try:
        async with asyncio.timeout(LONGEST_EXCHANGE_S):
            found = await filling.carry_out(cuts=far.dice.choice((0, 1, 2, 3, 3)))
    except (TimeoutError, AssertionError) as error:
        why = f"{type(error).__name__} {error}"[:300]
        tally.stuck.append({**told, "why": why, "where": filling.where(), "cuts": far.cuts[-6:]})
        return False
    if found:
        tally.differences.append({**told, "what": found, "cuts": far.cuts[-6:]})
    return not found
