"""A machine that cannot count what it pulls in: nobody takes that for notes in the customer's hand."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from devices.client import cash as client_cash
from devices.client.counts import Counts, NoteType, counts_from_json, read_counts
from devices.client.deposit import DepositState
from devices.client.payout import PayoutState
from devices.sim.world.cash import CUSTOMER
from tests.devices.rig import Rig
from tests.devices.test_deposit import jam, put

TYPES = {"typeCNY100": NoteType("typeCNY100", "CNY", 10_000), "typeUSD5": NoteType("typeUSD5", "USD", 500)}


def uncounted(storage: Mapping[str, Any], types: Mapping[str, NoteType], *, told: bool) -> Counts:
    """As such a machine says it: ``retractOperations``, and perhaps so many notes that it does not know."""
    said = copy.deepcopy(dict(storage))
    for unit in said.values():
        into = unit.get("cash", {}).get("status", {}).get("in", {})
        pulled = into.pop("retracted", {})
        number = sum(sum(value.values()) if isinstance(value, dict) else value for value in pulled.values())
        if told and number:
            into["retracted"] = {"unrecognized": number}
    return read_counts(said, types)


@pytest.fixture(params=[True, False], ids=["as unrecognized notes", "as an operation only"])
def blind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of these tests cannot count what it pulls in."""
    monkeypatch.setattr(
        client_cash, "read_counts", lambda storage, types: uncounted(storage, types, told=request.param)
    )


@pytest.mark.usefixtures("blind")
async def test_a_payout_not_taken_is_not_taken_for_paid(rig: Rig) -> None:
    outcome = await rig.payout(100_000, take=False)
    assert (outcome.state, outcome.paid, outcome.cause) == (PayoutState.UNKNOWN, {}, "cash.pulled_in_uncounted")
    assert rig.vtm.recycler.places.count(CUSTOMER) == 0


@pytest.mark.usefixtures("blind")
async def test_a_payout_that_was_taken_is_paid(rig: Rig) -> None:
    await rig.payout(50_000, take=False)  # what was pulled in before says nothing about this one
    assert (await rig.payout(100_000)).state is PayoutState.TAKEN


@pytest.mark.usefixtures("blind")
async def test_a_payout_that_never_came_within_reach_is_known(rig: Rig) -> None:
    await rig.hands.faults.inject("dispense.jam_midway", moved=4)
    outcome = await rig.payout(100_000)
    assert (outcome.state, outcome.paid) == (PayoutState.FAILED, {})


@pytest.mark.usefixtures("blind")
async def test_a_cash_in_given_back_and_not_taken_is_not_taken_for_given_back(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 3})
    outcome = await session.roll_back(take_timeout_s=0.05)
    assert (outcome.state, outcome.stored, outcome.cause) == (DepositState.UNKNOWN, {}, "cash.pulled_in_uncounted")
    again = await rig.machine.acceptor.recover(counts_from_json(session.counts_before.to_json()))
    assert again.state is DepositState.UNKNOWN


@pytest.mark.usefixtures("blind")
async def test_a_first_bunch_that_jammed_is_not_taken_for_nothing(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await jam(rig, session, {"50": 4})
    assert (await session.abort()).state is DepositState.UNKNOWN


@pytest.mark.usefixtures("blind")
async def test_a_cash_in_that_was_stored_is_known(rig: Rig) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 3})
    outcome = await session.end()
    assert (outcome.state, outcome.stored) == (DepositState.STORED, {10_000: 3})


@pytest.mark.parametrize("odd", ["50:counterfeit", "50:unrecognized"])
async def test_notes_that_were_refused_and_left_behind_are_no_riddle(rig: Rig, odd: str) -> None:
    session = await rig.machine.acceptor.start()
    await put(rig, session, {"100": 2, odd: 1})
    outcome = await session.abort()
    assert (outcome.state, outcome.retracted) == (DepositState.RETRACTED, {10_000: 2, 0: 1})
    session = await rig.machine.acceptor.start()
    await put(rig, session, {odd: 1})
    outcome = await session.abort()
    assert (outcome.state, outcome.retracted, outcome.cause) == (DepositState.RETRACTED, {0: 1}, None)


def storage(**into: Any) -> dict[str, Any]:
    return {"unit8": {"cash": {"configuration": {"types": {"cashInRetract": True}}, "status": {"in": into}}}}


def test_a_counterfeit_that_is_held_apart_is_not_one_that_nobody_recognised() -> None:
    before = read_counts(storage(retractOperations=0), TYPES)
    held = read_counts(storage(retractOperations=1, retracted={"typeCNY100": {"counterfeit": 2}}), TYPES)
    strange = read_counts(
        storage(retractOperations=1, retracted={"unrecognized": 1, "typeXYZ5": {"fit": 1}, "typeUSD5": {"fit": 1}}),
        TYPES,
    )
    silent = read_counts(storage(retractOperations=1), TYPES)
    assert [now.nameless_since(before) for now in (held, strange, silent)] == [0, 3, 0]
    assert [now.pulled_in_silently_since(before) for now in (held, strange, silent)] == [False, False, True]


def test_a_journal_that_did_not_keep_what_was_pulled_in_raises_no_alarm() -> None:
    now = read_counts(storage(retractOperations=7, retracted={"unrecognized": 2}), TYPES)
    kept = [
        {name: value for name, value in unit.items() if name not in ("retracts", "nameless")} for unit in now.to_json()
    ]
    before = counts_from_json(kept)
    assert (now.nameless_since(before), now.pulled_in_silently_since(before)) == (0, False)
    assert counts_from_json(now.to_json()).units[0].retracts == 7
