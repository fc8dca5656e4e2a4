"""Visits in the real window over the real services: taken up again, kept apart, followed by the next business."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.seat.cases import pictures
from benchmarks.seat.live import live
from common.errors import UserError
from common.wire.cases import CaseState, CaseView, CustomerStep, FieldSource, StartCase
from server.services.ports import Principal
from tests.fakes.counter import Counter, copied, new_key, seeded
from tests.server.services.test_account_opening import TYPED, gathered, on_site, set_pin
from tests.ui.teller.conftest import Seat, build, destroy
from ui.kit.kit import Kit
from ui.teller_app.commands import palette_entries
from ui.teller_app.main_key import Act, Action


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory.mktemp("bank"))


@pytest.fixture
def counter(bank: Path, tmp_path: Path) -> Iterator[Counter]:
    made = Counter(copied(bank, tmp_path / "bank"))
    made.machine.report()
    yield made
    made.close()


def sat_down(qtbot: QtBot, kit: Kit, counter: Counter, who: Principal) -> Seat:
    out = live(counter, who)
    seat = Seat(build(qtbot, kit, out), out, qtbot)
    seat.paint()
    return seat


def shown(seat: Seat) -> CaseView:
    case = seat.window.parts.cases.case
    assert case is not None
    return case


def settled(counter: Counter) -> str:
    """A class II account and a channel, without notes: done, the customer still there."""
    case_id = on_site(counter)
    gathered(counter, case_id, pictures())
    counter.desk.fill(case_id, FieldSource.TYPED, **TYPED, bound_card="6222021234567894")
    counter.desk.submit(case_id)
    counter.customer.confirm(case_id)
    set_pin(counter, case_id, "270415", "270415")
    counter.customer.look_up(case_id)
    counter.customer.sign(case_id)
    counter.desk.execute(case_id)
    return case_id


def test_a_window_that_was_closed_takes_the_case_up_where_it_was(qtbot: QtBot, kit: Kit, counter: Counter) -> None:
    case_id = on_site(counter)
    first = sat_down(qtbot, kit, counter, counter.teller)
    assert shown(first).id == case_id
    first.window.parts.form.edit("phone", "19900001234")
    first.window.parts.form.save()
    destroy(first.window)
    again = sat_down(qtbot, kit, counter, counter.teller)
    assert (shown(again).id, shown(again).form.values["phone"].value) == (case_id, "19900001234")
    destroy(again.window)


def test_another_teller_can_look_but_do_nothing_there(qtbot: QtBot, kit: Kit, counter: Counter) -> None:
    case_id = on_site(counter)
    other = sat_down(qtbot, kit, counter, counter.other)
    assert other.window.parts.cases.case is None
    said: list[str] = []
    other.window.parts.cases.failed.connect(lambda error: said.append(error.code))
    other.window.parts.cases.open(case_id)
    other.paint()
    other.window.parts.commands.act(Action(Act.PROMPT, "lay_id_front"))
    assert said == ["case.not_yours"]
    assert counter.seen(case_id).customer_step is CustomerStep.TALK
    destroy(other.window)


def test_the_next_business_of_the_visit_uses_what_was_captured(qtbot: QtBot, kit: Kit, counter: Counter) -> None:
    before = settled(counter)
    seat = sat_down(qtbot, kit, counter, counter.teller)
    keys = {one.key for one in palette_entries(shown(seat), seat.window.parts.cases.local, seat.window.parts.desk.desk)}
    assert "next:customer_change" in keys
    seat.window.actions_.do("next:customer_change")
    seat.paint()
    case = shown(seat)
    assert (case.scenario, counter.seen(before).state) == ("customer_change", CaseState.COMPLETED)
    assert {"id_front", "id_back", "live_frame"} <= {one.kind.value for one in case.evidence}
    assert case.form.values["id_number"].value == "999999198805120419"
    counter.desk.fill(case.id, FieldSource.TYPED, phone="13900001234")
    assert counter.desk.submit(case.id).state is CaseState.AUTHORISED, "neither papers nor face are asked again"
    destroy(seat.window)


def test_who_has_gone_or_came_long_ago_is_captured_anew(counter: Counter) -> None:
    before = settled(counter)
    counter.clock.pass_(31 * 60)
    body = StartCase(scenario="customer_change", after=before)
    with pytest.raises(UserError, match=r"visit.over"):
        counter.services.scenarios.start(new_key(), counter.teller, body)
    with pytest.raises(UserError, match=r"case.not_yours"):
        counter.services.scenarios.start(new_key(), counter.other, body)
    counter.visits.end(before)
    with pytest.raises(UserError, match=r"visit.over"):
        counter.services.scenarios.start(new_key(), counter.teller, body)
