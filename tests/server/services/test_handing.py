"""What the machine hands over once everything is booked: told before the start, blocked and registered if not taken."""

from dataclasses import replace
from typing import Any

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CustomerStep
from common.wire.desk import DeviceReport, MachineReport
from common.wire.handing import Finish, HandedOver, ThingSettled
from common.wire.machine import MachinePicture, PlaceReport
from server.services.registers import Asked
from teller.registers import Register
from tests.fakes.counter import NOTES, Counter, new_key
from tests.server.services.test_account_opening import agreed, all_sixteen, by_video

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
    agreed(counter, case_id)
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


def settled(*said: tuple[str, str, str]) -> Finish:
    return Finish(things=[ThingSettled.model_validate({"kind": k, "number": n, "outcome": o}) for k, n, o in said])


@pytest.fixture
def by_hand(counter: Counter) -> str:
    """All sixteen at a machine that gives nothing out: staff hand over card, U-key and certificate."""
    case_id = opened(counter, {})
    assert [(one.kind, one.by) for one in counter.seen(case_id).to_hand_over] == [
        ("card", "staff"), ("certificate", "staff"), ("ukey", "staff"),
    ]  # fmt: skip
    return case_id


def test_a_teller_who_ends_a_case_says_of_each_thing_what_became_of_it(counter: Counter, by_hand: str) -> None:
    finish, things = counter.services.closing.finish, counter.seen(by_hand).to_hand_over
    with pytest.raises(UserError, match=r"handing.open") as refused:
        finish(new_key(), counter.teller, by_hand)
    assert refused.value.params == {"n": 3}
    kept = {"card": "retained", "certificate": "taken", "ukey": "retained"}
    said = [(one.kind, one.number, kept[one.kind]) for one in things]
    with pytest.raises(UserError, match=r"handing.open"):
        finish(new_key(), counter.teller, by_hand, settled(*said[:2]))
    with pytest.raises(UserError, match=r"handing.not_now"):
        finish(new_key(), counter.teller, by_hand, settled(*said, ("ukey", "1", "taken")))
    finish(new_key(), counter.teller, by_hand, settled(*said))
    assert counter.seen(by_hand).state is CaseState.COMPLETED
    with counter.database.read() as unit:
        card, ukey = unit.customers.card("9999004182300018"), unit.products.get("ukey", "900100200300")
    assert card is not None
    assert ukey is not None
    assert (card.status, ukey["status"]) == ("retained", "retained")
    assert items(counter)[:2] == [("item.retained", "ukey"), ("item.retained", "card")]


def test_what_the_machine_gives_out_is_the_machines_to_say_while_it_is_there(counter: Counter) -> None:
    case_id = opened(counter, STOCKED)
    said = [(one.kind, one.number, "retained") for one in counter.seen(case_id).to_hand_over]
    with pytest.raises(UserError, match=r"handing.machine_first"):
        counter.services.closing.finish(new_key(), counter.teller, case_id, settled(*said))
    counter.presence.away.add(counter.kiosk.number)
    counter.services.closing.finish(new_key(), counter.teller, case_id, settled(*said))
    seen = counter.seen(case_id)
    assert (seen.state, seen.to_hand_over) == (CaseState.COMPLETED, [])


def kept(counter: Counter, case_id: str) -> Finish:
    return settled(*((one.kind, one.number, "retained") for one in counter.seen(case_id).to_hand_over))


@pytest.mark.parametrize("way", ["stars", "leaves"])
def test_a_customer_who_goes_leaves_the_machine_free_and_the_case_with_its_teller(
    counter: Counter, by_hand: str, way: str
) -> None:
    closing = counter.services.closing
    if way == "stars":
        closing.rating(new_key(), counter.kiosk, by_hand, wire.Rating(stars=5))
    else:
        closing.leave(new_key(), counter.kiosk, by_hand)
    seen = counter.seen(by_hand)
    stars = 5 if way == "stars" else None
    assert (seen.state, seen.customer_step, seen.rating) == (CaseState.EXECUTING, S.GOODBYE, stars)
    assert seen.ticket.state is wire.TicketState.LEFT
    with counter.database.read() as unit:
        assert unit.cases.at_kiosk(counter.kiosk.number) is None, "the next customer may come"
    assert counter.services.desks.teller(counter.teller).current_case == by_hand
    with pytest.raises(UserError, match=r"teller.serving"):
        counter.services.scenarios.start(new_key(), counter.teller, wire.StartCase(scenario="channels"))
    with pytest.raises(UserError, match=r"handing.open"):
        closing.finish(new_key(), counter.teller, by_hand)
    closing.finish(new_key(), counter.teller, by_hand, kept(counter, by_hand))
    seen = counter.seen(by_hand)
    assert (seen.state, seen.to_hand_over, seen.rating) == (CaseState.COMPLETED, [], stars)
    assert ("item.retained", "card") in items(counter)


def test_the_next_business_asks_who_holds_what_first(counter: Counter, by_hand: str) -> None:
    start, said = counter.services.scenarios.start, kept(counter, by_hand).things
    with pytest.raises(UserError, match=r"handing.open"):
        start(new_key(), counter.teller, wire.StartCase(scenario="channels", after=by_hand))
    with pytest.raises(UserError, match=r"handing.open"):
        start(new_key(), counter.teller, wire.StartCase(scenario="channels", after=by_hand, things=said[:1]))
    assert [kind for kind, _ in items(counter) if kind == "item.retained"] == [], "a refusal leaves no trace"
    begun = start(new_key(), counter.teller, wire.StartCase(scenario="channels", after=by_hand, things=said))
    assert counter.seen(by_hand).state is CaseState.COMPLETED
    assert counter.seen(begun).state is CaseState.DRAFT
    assert [kind for kind, _ in items(counter)][:2] == ["item.retained"] * 2


def test_with_everything_said_the_stars_end_the_case(counter: Counter) -> None:
    case_id = opened(counter, STOCKED)
    for _ in range(3):
        hand(counter, case_id, "taken")
    counter.services.closing.rating(new_key(), counter.kiosk, case_id, wire.Rating(stars=3))
    assert counter.seen(case_id).state is CaseState.COMPLETED


def left_behind(counter: Counter) -> list[str | None]:
    """Cases that the other teller's desk offers."""
    todos = counter.services.desks.teller(counter.other).todos
    return [one.case_id for one in todos if one.code == "todo.left_behind"]


def test_a_case_whose_teller_is_off_duty_is_taken_over_by_another_of_the_branch(counter: Counter, by_hand: str) -> None:
    take, finish = counter.services.opening.take, counter.services.closing.finish
    with pytest.raises(UserError, match=r"ticket.taken"):
        take(new_key(), counter.other, by_hand)
    counter.services.closing.rating(new_key(), counter.kiosk, by_hand, wire.Rating(stars=4))
    with pytest.raises(UserError, match=r"case.not_yours"):
        take(new_key(), counter.other, by_hand)
    assert left_behind(counter) == [], "while its teller is signed in it is his"
    counter.presence.away.add(counter.teller.number)
    assert left_behind(counter) == [by_hand]
    stranger = replace(counter.other, branch="another")
    with pytest.raises(UserError, match=r"case.forbidden"):
        take(new_key(), stranger, by_hand)
    calls = list(counter.calls.made)
    key = new_key()
    assert take(key, counter.other, by_hand) == take(key, counter.other, by_hand) == by_hand
    assert counter.calls.made == calls, "there is nobody to call"
    counter.presence.away.clear()
    with pytest.raises(UserError, match=r"case.not_yours"):
        finish(new_key(), counter.teller, by_hand, kept(counter, by_hand))
    finish(new_key(), counter.other, by_hand, kept(counter, by_hand))
    assert (counter.seen(by_hand).state, counter.services.desks.teller(counter.teller).current_case) == (
        CaseState.COMPLETED, None,
    )  # fmt: skip
    page = counter.services.registers.page(counter.other, Register.HANDOVERS, Asked(), None, 50)
    assert [(row.kind, row.who, row.details["from"]) for row in page.rows] == [("case.taken_over", "T-05", "T-03")]


def test_who_still_serves_somebody_takes_nothing_over(counter: Counter, by_hand: str) -> None:
    counter.services.closing.leave(new_key(), counter.kiosk, by_hand)
    counter.presence.away.add(counter.teller.number)
    mine = counter.services.scenarios.start(new_key(), counter.other, wire.StartCase(scenario="channels"))
    with pytest.raises(UserError, match=r"teller.serving"):
        counter.services.opening.take(new_key(), counter.other, by_hand)
    assert counter.seen(mine).state is CaseState.DRAFT
