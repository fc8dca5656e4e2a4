"""Whatever happens, no note is made or lost, and the counters know where each one is."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from common.errors import AppError
from devices.client.counts import difference, value_of
from devices.client.errors import CashOutcomeUnknown
from devices.client.payout import PayoutOutcome
from devices.sim.world.cash import CUSTOMER
from tests.devices.rig import Rig, assert_conformant, soon, start_rig

FAULTS = (
    "dispense.jam_before",
    "dispense.jam_midway",
    "dispense.cassette_empty",
    "present.shutter_stuck",
    "retract.jam",
    "cash_in.jam",
    "cash_in.shutter_stuck",
)
MOVEMENTS = (
    "CashDispenser.Dispense",
    "CashDispenser.Present",
    "CashManagement.Retract",
    "CashManagement.Reset",
    "CashAcceptor.CashIn",
    "CashAcceptor.CashInEnd",
    "CashAcceptor.CashInRollback",
)
WIRE_FAULTS = ("wire.lose_completion", "wire.drop_connection", "service.not_ready")


class Day:
    """A day at the machine, drawn by lot."""

    def __init__(self, rig: Rig, seed: int, start_minor: int) -> None:
        self.rig = rig
        self.dice = random.Random(seed)
        self.start_minor = start_minor
        self.held_minor = 0
        self.paid_minor = 0
        self.stored_minor = 0

    async def trouble(self) -> None:
        """Perhaps put something on the fault board."""
        fate = self.dice.random()
        if fate < 0.4:
            await self.rig.hands.faults.inject(self.dice.choice(FAULTS))
        elif fate < 0.7:
            await self.rig.hands.faults.inject(self.dice.choice(WIRE_FAULTS), command=self.dice.choice(MOVEMENTS))

    async def payout(self) -> None:
        try:
            plan = await self.rig.machine.dispenser.plan_payout(self.dice.randrange(1, 120) * 1000)
        except AppError:
            return
        dispenser, take = self.rig.machine.dispenser, self.dice.random() < 0.7
        timeout = 5.0 if take else 0.02
        paying = await self.rig.prompted(
            lambda told: dispenser.pay_out(plan, take_timeout_s=timeout, on_presented=told)
        )
        if take and not paying.done():
            await self.rig.hands.take_notes()
        try:
            outcome: PayoutOutcome = await soon(paying)
        except CashOutcomeUnknown as unknown:
            await self.rig.machine.wait_ready(10)
            await self.rig.hands.faults.clear()
            outcome = await dispenser.recover(plan, unknown.counts_before, take_timeout_s=0.02)
        except AppError:
            return
        self.paid_minor += outcome.paid_minor

    def _bunch(self) -> dict[str, int]:
        kinds = ("100", "50", "20", "10", "100:unfit", "50:counterfeit", "20:suspect", "5")
        return {kind: self.dice.randrange(1, 8) for kind in self.dice.sample(kinds, 3)}

    async def deposit(self) -> None:
        machine = self.rig.machine
        session = await machine.acceptor.start()
        try:
            for _ in range(self.dice.randrange(1, 3)):
                inserting = await self.rig.prompted(lambda told: session.insert(timeout_s=5, on_prompt=told))
                if not inserting.done():
                    await self.rig.hands.put_notes(self._bunch())
                await soon(inserting)
                if not await machine._cash.output_empty():
                    await self.rig.hands.take_notes()
            if self.dice.random() < 0.3:
                await session.roll_back(take_timeout_s=0.02)
            else:
                self.stored_minor += (await session.end()).stored_minor
        except CashOutcomeUnknown as unknown:
            await machine.wait_ready(10)
            self.stored_minor += (
                await machine.acceptor.recover(unknown.counts_before, take_timeout_s=0.02)
            ).stored_minor
        except AppError:
            self.stored_minor += (await session.abort()).stored_minor

    async def step(self) -> None:
        """One customer, then the way is cleared; what a depositor left behind is held for him."""
        before = await self.rig.machine.counts()
        depositing = self.dice.random() < 0.4
        await self.trouble()
        await (self.deposit() if depositing else self.payout())
        await self.rig.hands.faults.clear()
        assert await self.rig.machine.wait_ready(10)
        assert await self.rig.machine.reset_cash()
        after = await self.rig.machine.counts()
        assert not after.began_anew_since(before), "counters that nobody set only grow"
        if depositing:
            self.held_minor += value_of(difference(after.retracted, before.retracted))

    async def check(self) -> None:
        """Notes, counters as the client reads them, and money, all the same."""
        self.rig.counters_agree()
        places = self.rig.vtm.recycler.places
        inside: Counter[int] = Counter()
        for kind, count in (places.total() - places.at(CUSTOMER)).items():
            value, _, quality = kind.partition(":")
            worthless = value == "5" or quality in ("unrecognized", "counterfeit")
            inside[0 if worthless else int(value) * 100] += count
        counts = await self.rig.machine.counts()
        assert counts.content == {value: count for value, count in inside.items() if count}
        assert not counts.on_the_way
        assert counts.content_minor == self.start_minor - self.paid_minor + self.stored_minor + self.held_minor


@pytest.mark.parametrize("seed", range(6))
async def test_notes_are_conserved_over_a_day_of_faults(tmp_path: Path, seed: int) -> None:
    rig = await start_rig(tmp_path)
    day = Day(rig, seed, (await rig.machine.counts()).content_minor)
    for _ in range(25):
        await day.step()
        await day.check()
    await asyncio.gather(rig.hands.close(), rig.machine.close())
    await rig.vtm.close()
    assert_conformant(rig.trace)
