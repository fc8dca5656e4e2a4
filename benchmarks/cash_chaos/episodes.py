"""Visit after visit in one process, and what the witnesses say after each."""

import asyncio
import logging
import random
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cash_chaos.books import differences
from benchmarks.cash_chaos.near import NearCounter
from benchmarks.cash_chaos.people import FAULTS, Customer, Teller, Visit, drawn
from common.aio import cancel_and_wait
from common.wire.base import Notes
from common.wire.cases import Scenario
from tests.fakes.counter import copied, seeded

VISITS = 20
"""In one episode; then bank and machine are new, so that no cassette runs empty."""
SEAMS_OF_A_VISIT = 260
LONGEST_S = 90.0
"""Nothing takes so long, on any machine: a visit that does is stuck."""


@dataclass
class Tally:
    """What an amount of visits came to. ``differences``: of each visit after which anything did not agree."""

    runs: int = 0
    cuts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    suspense_opened: int = 0
    suspense_open: int = 0
    differences: list[dict[str, object]] = field(default_factory=list)
    stuck: list[dict[str, object]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """Take another tally in."""
        self.runs, self.seconds = self.runs + other.runs, self.seconds + other.seconds
        self.cuts.update(other.cuts)
        self.faults.update(other.faults)
        self.ends.update(other.ends)
        self.suspense_opened += other.suspense_opened
        self.suspense_open += other.suspense_open
        self.differences += other.differences
        self.stuck += other.stuck

    def as_json(self) -> dict[str, object]:
        """For the report. Amounts in minor units."""
        largest = max((abs(int(str(v))) for found in self.differences for v in _values(found)), default=0)
        killed: Counter[str] = Counter()
        for where, times in self.cuts.items():
            killed[where.split(" ", 1)[0]] += times
        return {
            "runs": self.runs,
            "seconds": round(self.seconds, 1),
            "power_cuts": dict(sorted(killed.items())),
            "seams_cut": len(self.cuts),
            "faults": dict(sorted(self.faults.items())),
            "ends": dict(sorted(self.ends.items())),
            "difference": f"{largest / 100:.2f}",
            "runs_with_a_difference": len(self.differences),
            "stuck": len(self.stuck),
            "suspense": {
                "opened": self.suspense_opened,
                "resolved_by_themselves": self.suspense_opened - self.suspense_open,
                "left_for_a_person": self.suspense_open,
            },
            "trouble": (self.differences + self.stuck)[:10],
        }


def _values(found: dict[str, object]) -> list[object]:
    what = found["what"]
    assert isinstance(what, dict)
    return list(what.values())


async def visits(runs: int, seed: int) -> Tally:
    """As many visits as asked for, in episodes. The same seed draws the same visits, faults and cuts."""
    memory = Path("/dev/shm")  # noqa: S108 - only to spare the disk; everything of ours is below a fresh folder
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="guitai-chaos-", dir=memory if memory.is_dir() else None) as place:
        (Path(place) / "template").mkdir()
        template = seeded(Path(place) / "template")
        for number in range(0, runs, VISITS):
            folder = Path(place) / f"episode{number}"
            copied(template, folder / "bank")
            dice = random.Random(f"{seed}:{number}")  # noqa: S311 - a seed that draws the same again is the point
            tally.add(await _episode(folder, dice, min(VISITS, runs - number), number))
            await asyncio.to_thread(shutil.rmtree, folder)
    return tally


async def _episode(folder: Path, dice: random.Random, runs: int, first: int) -> Tally:
    counter, tally = NearCounter(folder, dice), Tally()
    await counter.open()
    try:
        await _reported(counter)
        for number in range(first, first + runs):
            before, begun = counter.look(), time.monotonic()
            visit = drawn(dice)
            finished = await _visit(counter, visit, dice, tally)
            tally.runs, tally.seconds = tally.runs + 1, tally.seconds + time.monotonic() - begun
            found = differences(before, counter.look()) if finished else {}
            if found:
                tally.differences.append({"run": number, "visit": str(visit), "what": found})
            if not finished:
                tally.stuck.append({"run": number, "visit": str(visit), "where": _where(counter)})
            if found or not finished:
                break
        tally.cuts.update(counter.seams.cuts)
        _count_suspense(counter, tally)
    finally:
        await counter.close()
    return tally


def _count_suspense(counter: NearCounter, tally: Tally) -> None:
    with counter.counter.database.read() as unit:
        # Each item takes the next number of its day.
        opened = "SELECT coalesce(sum(value), 0) FROM counters WHERE name LIKE 'suspense %%'"
        tally.suspense_opened += int(unit.connection.exec_driver_sql(opened).scalar_one())
        tally.suspense_open += len(unit.cash.in_suspense())


async def _reported(counter: NearCounter) -> None:
    """The machine's cash is opened in the books with what the counters say; then its notes are known."""
    assert counter.vtm is not None
    payable, held = _inside(counter)
    counter.counter.report(payable, held)


def _inside(counter: NearCounter) -> tuple[Notes, Notes]:
    assert counter.vtm is not None
    payable: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for unit in counter.vtm.recycler.units.values():
        target = payable if unit.role.value == "recycle" and not unit.inoperative else held
        for kind, count in unit.content.items():
            face, _, quality = kind.partition(":")
            if quality not in ("counterfeit", "unrecognized"):
                target[face] += count
    return dict(payable), dict(held)


async def _visit(counter: NearCounter, visit: Visit, dice: random.Random, tally: Tally) -> bool:
    """One visit, with what was drawn against it; whether it came to its end."""
    await _reported(counter)
    withdrawal = visit.scenario == Scenario.WITHDRAWAL
    case_id = counter.bank.identified(visit.scenario, f"{visit.amount}.00" if withdrawal else None)
    _inject(counter, dice, tally)
    counter.seams.draw(dice, dice.choice((0, 1, 1, 2, 3)), SEAMS_OF_A_VISIT)
    assert counter.agent is not None
    counter.agent.look_again()
    customer = asyncio.create_task(Customer(counter, visit, dice).stand(), name="customer")
    try:
        async with asyncio.timeout(LONGEST_S):
            await Teller(counter, visit, case_id, dice).serve()
            counter.seams.calm()
            await _quiet(counter)
    except TimeoutError:
        counter.seams.calm()
        return False
    finally:
        await cancel_and_wait(customer)
    view = counter.counter.seen(case_id)
    tally.ends[f"{view.scenario} {view.state.value}"] += 1
    return True


def _inject(counter: NearCounter, dice: random.Random, tally: Tally) -> None:
    assert counter.vtm is not None
    counter.vtm.faults.clear()
    for name, params in dice.sample(FAULTS, dice.choice((0, 0, 1, 1, 2))):
        counter.vtm.faults.inject(name, dice.randint(1, 3) if name.startswith(("wire", "service")) else 1, **params)
        tally.faults[name] += 1


async def _quiet(counter: NearCounter) -> None:
    """Every part stands, the kiosk is at rest and has told everything."""
    while True:
        await counter.whole()
        agent = counter.agent
        if agent is not None and counter.vtm is not None and counter.screen.step is None:
            if not agent.journal.untold() and agent.case_id is None:
                return
            agent.look_again()
        await asyncio.sleep(0.05)


def _where(counter: NearCounter) -> str:
    """How a stuck visit stands, for whoever looks into it."""
    screen, agent = counter.screen, counter.agent
    untold = [movement.key for movement in agent.journal.untold()] if agent is not None else None
    dead = sorted(part.value for part in counter.seams.dead)
    return f"{screen.step} {screen.phase} {screen.problem} untold {untold} dead {dead}"


def silence() -> None:
    """A process that loses its power logs what it would have raised: not here."""
    logging.disable(logging.CRITICAL)
