"""A machine that comes back with an earlier memory: kiosk and server do not guess from it what was paid."""

import shutil

import pytest

from benchmarks.people import visits
from benchmarks.people.scene import Scene
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S
from common.wire.cash import SuspenseView
from devices.sim.main import Folders
from tests.e2e.test_troubles import ready_to_pay

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.expects_log("payout not explained yet", "step failed", "PIN key not loaded"),
]


async def test_a_payout_that_the_machine_forgot_is_one_item_for_two_persons(visit: Scene) -> None:
    teller, memory = visit.seats["T-03"], Folders(visit.stage.data_dir, "K-02").state
    await visit.stage.end("devices")
    earlier = memory.with_name("earlier.sqlite3")
    shutil.copy(memory, earlier)
    await visit.stage.start_devices()
    await ready_to_pay(visit)
    await visit.step(S.TAKE_CASH, "present")
    await visit.hands.take_notes()
    await visits.receipt_and_rating(visit)

    case = await ready_to_pay(visit)
    await visit.step(S.TAKE_CASH, "present")
    await visit.switch_kiosk_off()
    await visit.hands.take_notes()
    await visit.stage.end("devices")
    shutil.copy(earlier, memory)
    await visit.stage.start_devices()
    await visit.kiosk()
    await visit.step(S.TROUBLE)
    case = await visits.case_of(teller, case.id)
    assert case.cash is not None
    assert (case.cash.state, case.cash.amount.minor) == (wire.CashState.SUSPENSE, 100_000)
    assert visit.agent is not None
    assert visit.agent.journal.untold() == []
    (item,) = [SuspenseView.model_validate(one) for one in await teller.api.get_json("/suspense")]
    assert (item.movement_id, item.error) == (case.cash.movement_id, "cash.counters_anew")
