"""Three wrong PINs and the card is kept. A counter of its own: the card stays blocked."""

import functools

import pytest

from benchmarks.people import visits
from benchmarks.people.scene import Scene, until
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S

pytestmark = pytest.mark.asyncio(loop_scope="module")

AMOUNT = "1000.00"


async def test_three_wrong_pins_and_the_card_is_kept(visit: Scene) -> None:
    teller = visit.seats["T-03"]
    before = await visits.books(teller)
    case = await visits.prepared(visit, teller, await visit.arrive(wire.Scenario.WITHDRAWAL), amount=AMOUNT)
    await visits.submit(teller, case)
    await visit.step(S.CONFIRM)
    await visit.customer.confirm(True)
    right = visit.credentials["cards"]["顾南枝"]["pin"]
    for left in (2, 1, 0):
        await visit.step(S.PIN, "typing")
        await visit.when_possible("press_key")
        await visit.press("000000" if right != "000000" else "111111")
        if left:
            await until(functools.partial(_wrong_pin, visit, left), f"{left} tries left")
    await visit.step(None)
    case = await visits.case_of(teller, case.id)
    assert case.state is wire.CaseState.CANCELLED
    assert case.pin_state == "blocked"
    assert case.card is not None
    assert case.card.state is wire.CardState.RETAINED
    assert await visits.books(teller) == before


def _wrong_pin(visit: Scene, left: int) -> bool:
    problem = visit.screen.problem
    return problem is not None and problem.code == "pin.wrong" and problem.params["tries_left"] == left
