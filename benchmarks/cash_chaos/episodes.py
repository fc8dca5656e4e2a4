"""Visit after visit in one process, exchanges between them, and what the witnesses say after each."""

import asyncio
import logging
import random
import shutil
import time
import traceback
from collections import Counter
from pathlib import Path

from benchmarks.cash_chaos.books import differences, slipped
from benchmarks.cash_chaos.filling import Filling
from benchmarks.cash_chaos.near import NearCounter
from benchmarks.cash_chaos.people import FAULTS, UNNOTICED, Customer, Fault, Teller, Visit, drawn
from benchmarks.cash_chaos.tally import Tally
from benchmarks.people.counter import copied
from common.aio import cancel_and_wait
from common.wire.base import Notes
from common.wire.cases import Scenario
from common.wire.cash import CashUnitReport
from common.wire.desk import DeviceReport, MachineReport

VISITS = 20
"""In one episode; then bank and machine are new, so that no cassette runs empty."""
EXCHANGE_AMONG_VISITS = 0.05
SEAMS_OF_A_VISIT = 260
TICK_S, LONGEST_TICKS = 0.05, 1200
"""A visit is stuck after so many ticks of this process, which stand still while the process does."""


async def episode(template: Path, folder: Path, seed: int, first: int, runs: int) -> Tally:
    """So many visits from number ``first`` on, and an exchange at the end; fewer when one of them ends in trouble, for
    what comes after it in the same bank proves nothing. The tally tells how many were done and could not be done."""
    copied(template, folder / "bank")
    dice = random.Random(f"{seed}:{first}")  # noqa: S311 - a seed that draws the same again is the point
    near, tally, begun = NearCounter(folder, dice), Tally(), time.process_time()
    visiting = asyncio.create_task(_visits(near, dice, tally, first, runs), name="visits")
    try:
        await asyncio.wait({visiting})
        tally.cuts.update(near.seams.cuts)
        _count_suspense(near, tally)
    finally:
        await cancel_and_wait(visiting)
        await near.close()
        await asyncio.to_thread(shutil.rmtree, folder)
    error = visiting.exception()
    if error is not None:
        tally.broken.append({"episode": first, "after": tally.runs, "why": traceback.format_exception(error)[-6:]})
        tally.not_done = max(tally.not_done, 0 if tally.runs else 1)
    for trouble in (*tally.differences, *tally.stuck):
        trouble["episode"] = first
    tally.cpu_s = time.process_time() - begun
    return tally


async def _visits(near: NearCounter, dice: random.Random, tally: Tally, first: int, runs: int) -> None:
    await near.open()
    _reported(near)
    for number in range(first, first + runs):
        if not await _one(near, dice, tally, number):
            return
        if (number == first + runs - 1 or dice.random() < EXCHANGE_AMONG_VISITS) and not await _filled(
            near, dice, tally, number
        ):
            return


async def _one(near: NearCounter, dice: random.Random, tally: Tally, number: int) -> bool:
    """A visit; False when anything did not agree or it is stuck: what comes after it proves nothing."""
    before, visit = near.look(), drawn(dice)
    faults = _drawn_faults(dice)
    told = {"run": number, "visit": str(visit), "faults": [f"{name} {params}" for name, params in faults]}
    tally.not_done += 1
    finished = await _visit(near, visit, dice, tally, faults)
    tally.not_done, tally.runs = tally.not_done - 1, tally.runs + 1
    if not finished:
        tally.stuck.append({**told, "where": _where(near)})
        return False
    now = near.look()
    found = differences(before, now)
    if found and UNNOTICED in faults:
        found = slipped(before, now, found)
    if found:
        tally.differences.append({**told, "what": found})
    return not found


async def _filled(near: NearCounter, dice: random.Random, tally: Tally, number: int) -> bool:
    """An exchange, with what was drawn against it."""
    assert near.vtm is not None
    near.vtm.faults.clear()
    _reported(near)
    found = await Filling(near, dice, tally, number).carry_out(cuts=dice.choice((0, 1, 2, 2, 3)))
    if found:
        told = {"run": number, "visit": "exchange", "what": found}
        (tally.stuck if "stuck" in found else tally.differences).append(told)
    _reported(near)
    return not found


def _count_suspense(near: NearCounter, tally: Tally) -> None:
    with near.counter.database.read() as unit:
        # Each item takes the next number of its day.
        opened = "SELECT coalesce(sum(value), 0) FROM counters WHERE name LIKE 'suspense %%'"
        tally.suspense_opened += int(unit.connection.exec_driver_sql(opened).scalar_one())
        tally.suspense_open += len(unit.cash.in_suspense())


def _reported(near: NearCounter) -> None:
    """What the counters say, told at once: at the first time the machine's cash is opened in the books with it."""
    payable, held = _inside(near)
    body = MachineReport(
        devices=[DeviceReport(device="cash_out", state="ok")], notes=payable, held=held, cash_units=_units(near)
    )
    near.counter.services.machines.report(near.counter.kiosk, body)


def _units(near: NearCounter) -> list[CashUnitReport]:
    assert near.vtm is not None
    return [
        CashUnitReport(unit=unit.key, role=unit.role.value, face=unit.value, count=unit.count, capacity=unit.capacity)
        for unit in near.vtm.recycler.units.values()
    ]


def _inside(near: NearCounter) -> tuple[Notes, Notes]:
    assert near.vtm is not None
    payable: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for unit in near.vtm.recycler.units.values():
        target = payable if unit.role.value == "recycle" and not unit.inoperative else held
        for kind, count in unit.content.items():
            face, _, quality = kind.partition(":")
            if quality not in ("counterfeit", "unrecognized"):
                target[face] += count
    return dict(payable), dict(held)


async def _visit(near: NearCounter, visit: Visit, dice: random.Random, tally: Tally, faults: list[Fault]) -> bool:
    """One visit, with what was drawn against it; whether it came to its end."""
    _reported(near)
    withdrawal = visit.scenario == Scenario.WITHDRAWAL
    case_id = near.bank.identified(visit.scenario, f"{visit.amount}.00" if withdrawal else None)
    _inject(near, dice, tally, faults)
    near.seams.draw(dice, dice.choice((0, 1, 1, 2, 3)), SEAMS_OF_A_VISIT)
    assert near.agent is not None
    near.agent.look_again()
    customer = asyncio.create_task(Customer(near, visit, dice).stand(), name="customer")
    served = asyncio.create_task(_served(near, visit, case_id, dice), name="served")
    try:
        for _ in range(LONGEST_TICKS):
            if (await asyncio.wait({served, customer}, timeout=TICK_S, return_when=asyncio.FIRST_COMPLETED))[0]:
                await (served if served.done() else customer)
                break
        else:
            return False
    finally:
        near.seams.calm()
        await cancel_and_wait(customer, served)
    view = near.counter.seen(case_id)
    tally.ends[f"{view.scenario} {view.state.value}"] += 1
    return True


async def _served(near: NearCounter, visit: Visit, case_id: str, dice: random.Random) -> None:
    await Teller(near, visit, case_id, dice).serve()
    near.seams.calm()
    await _quiet(near)


def _drawn_faults(dice: random.Random) -> list[Fault]:
    faults = dice.sample(FAULTS, dice.choice((0, 0, 1, 1, 2)))
    return [*faults, UNNOTICED] if dice.random() < 0.05 else faults


def _inject(
    near: NearCounter, dice: random.Random, tally: Tally, faults: list[Fault]
) -> None:  # fmt: skip
    assert near.vtm is not None
    near.vtm.faults.clear()
    for name, params in faults:
        when = dice.randint(1, 3) if name.startswith(("wire", "service")) and not params else 1
        near.vtm.faults.inject(name, when, **params)
        tally.faults[name] += 1


async def _quiet(near: NearCounter) -> None:
    """Every part stands, the kiosk is at rest and has told everything."""
    while True:
        await near.whole()
        agent = near.agent
        if agent is not None and near.vtm is not None and near.screen.step is None:
            if not agent.journal.untold() and agent.case_id is None:
                return
            agent.look_again()
        await asyncio.sleep(0.02)


def _where(near: NearCounter) -> str:
    """How a stuck visit stands, for whoever looks into it."""
    screen, agent = near.screen, near.agent
    untold = [movement.key for movement in agent.journal.untold()] if agent is not None else None
    dead = sorted(part.value for part in near.seams.dead)
    return f"{screen.step} {screen.phase} {screen.problem} untold {untold} dead {dead} refused {near.refused}"


def silence() -> None:
    """A process that loses its power logs what it would have raised: not here."""
    logging.disable(logging.CRITICAL)
