"""What the machine hands over once everything is booked: told before the start, blocked and registered if not taken."""

from typing import Any

import pytest

from common.errors import UserError
from common.wire.cases import CaseState, CustomerStep
from common.wire.desk import DeviceReport, MachineReport
from common.wire.handing import HandedOver
from common.wire.machine import MachinePicture, PlaceReport
from server.services.registers import Asked
from teller.registers import Register
from tests.fakes.counter import NOTES, Counter, new_key
from tests.server.services.test_account_opening import all_sixteen, by_video, set_pin

S = CustomerStep
STOCKED = {"new_card.hopper": "ok", "token.hopper": "ok", "certificate.paper": "full"}


def stock(counter: Counter, places: dict[str, str]) -> None:
    seen = [PlaceReport(place=name, state=state) for name, state in places.items()]
    body = MachineReport(
        devices=[DeviceReport(device="cash_out", state="ok")], notes=NOTES, picture=MachinePicture(places=seen)
    )
    counter.services.machines.report(counter.kiosk, body)


def hand(counter: Counter, case_id: str, outcome: str, **changes: Any) -> str:
    job = counter.services.handing.job(counter.kiosk, case_id)
    assert job is not None
    body = HandedOver(**{"kind": job.kind, "number": job.number, "outcome": outcome, **changes})
    counter.services.handing.handed(new_key(), counter.kiosk, case_id, body)
    return job.kind


def items(counter: Counter) -> list[tuple[str, Any]]:
    page = counter.services.registers.page(counter.teller, Register.ITEMS, Asked(), None, 50)
    return [(row.kind, row.details["item"]) for row in page.rows]


def opened(counter: Counter, places: dict[str, str]) -> str:
    """All sixteen on site at a machine with this stock, booked and vouched for."""
    case_id = all_sixteen(counter)
    stock(counter, places)
    counter.desk.submit(case_id)
    counter.customer.confirm(case_id)
    set_pin(counter, case_id, "270415", "270415")
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, stored={"100": 30})
    return case_id


def test_card_u_key_and_certificate_go_out_one_after_the_other(counter: Counter) -> None:
    case_id = opened(counter, STOCKED)
    seen = counter.seen(case_id)
    assert seen.customer_step is S.HAND_OVER
    plan = {item.code: (item.state, item.compensation) for item in seen.plan}
    assert plan["plan.hand_over_card"] == ("doing", "plan.undo.hand_card")
    job = counter.services.handing.job(counter.kiosk, case_id)
    assert job is not None
    assert (job.number, job.track2) == ("9999004182300018", "9999004182300018=36112010000000000")
    kinds = [hand(counter, case_id, "taken")]
    certificate = counter.services.handing.job(counter.kiosk, case_id)
    assert certificate is not None
    assert (certificate.fields["amount"], certificate.fields["words"]) == ("¥1,000.00", "壹仟元整")
    kinds += [hand(counter, case_id, "taken") for _ in range(2)]
    assert sorted(kinds) == ["card", "certificate", "ukey"]
    seen = counter.seen(case_id)
    assert seen.customer_step is S.TAKE_RECEIPT
    assert {i.state for i in seen.plan if i.code.startswith("plan.hand_over")} == {"done"}
    assert counter.services.handing.job(counter.kiosk, case_id) is None


def test_what_is_not_taken_is_blocked_and_registered_what_fails_is_voided(counter: Counter) -> None:
    case_id = opened(counter, STOCKED)
    outcomes = {hand(counter, case_id, outcome): outcome for outcome in ("retained", "failed", "retained")}
    states = {i.code: i.state for i in counter.seen(case_id).plan if i.code.startswith("plan.hand_over")}
    assert states == {f"plan.hand_over_{k}": "failed" if v == "failed" else "compensated" for k, v in outcomes.items()}
    assert {("item.retained", "card")} <= set(items(counter))
    assert sorted(kind for kind, _ in items(counter) if kind != "item.issued") == [
        "item.retained", "item.retained", "item.voided",
    ]  # fmt: skip
    with counter.parts.database.read() as unit:
        card = unit.customers.card("9999004182300018")
    assert card is not None
    assert card.status == "retained"
    assert counter.seen(case_id).customer_step is S.TAKE_RECEIPT
    assert counter.visits.end(case_id).state is CaseState.COMPLETED
    counter.books.are_right()


def test_nothing_is_said_twice_or_out_of_turn(counter: Counter) -> None:
    case_id = opened(counter, STOCKED)
    with pytest.raises(UserError, match=r"handing\.not_now"):
        hand(counter, case_id, "taken", number="another")
    hand(counter, case_id, "taken")
    with pytest.raises(UserError, match=r"handing\.not_now"):
        hand(counter, case_id, "taken", kind="card", number="9999004182300018")
    stranger = counter.person("T-05")
    with pytest.raises(UserError, match=r"case\.forbidden"):
        counter.services.handing.job(stranger, case_id)


def test_without_dispensers_people_hand_over_as_before(counter: Counter) -> None:
    case_id = opened(counter, {"new_card.hopper": "empty"})
    assert counter.seen(case_id).customer_step is S.TAKE_RECEIPT
    assert not [i for i in counter.seen(case_id).plan if i.code.startswith("plan.hand_over")]


def test_an_empty_dispenser_is_told_before_the_start_where_nobody_stands_beside(counter: Counter) -> None:
    case_id = by_video(counter)
    stock(counter, {**STOCKED, "token.hopper": "empty"})
    barred = {one.code: one.barred.code for one in counter.seen(case_id).transactions if one.barred is not None}
    assert barred["ukey"] == "bar.no_ukey"
    assert "time_certificate" not in barred
    stock(counter, STOCKED)
    assert "ukey" not in {one.code for one in counter.seen(case_id).transactions if one.barred is not None}
