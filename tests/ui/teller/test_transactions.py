"""Account opening in the real window: cases of the real services, the choice, the merged form, the palette."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel

from common.wire.cases import CaseView, ChooseTransactions
from tests.fakes.counter import Counter
from tests.server.services.test_account_opening import choose, gathered, on_site
from tests.ui.teller.conftest import Seat
from ui.teller_app.commands import palette_entries
from ui.teller_app.local import Local


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    made = Counter(tmp_path_factory.mktemp("bank"), seed_bank=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def views(counter: Counter) -> list[CaseView]:
    """An opening on site: with the first choice, and with everything chosen."""
    case_id = on_site(counter)
    gathered(counter, case_id)
    first = counter.seen(case_id)
    choose(counter, case_id, *(one.code for one in first.transactions))
    return [first, counter.seen(case_id)]


def test_what_is_ticked_is_sent_with_what_was_chosen_before(seat: Seat, views: list[CaseView]) -> None:
    seat.show(views[0])
    box = seat.part("teller.transaction.open_class_3")
    assert not seat.part("teller.transaction.tax_residency").isEnabled(), "a mandatory one is locked"
    assert isinstance(box, QCheckBox)
    box.click()
    sent = seat.out.store.sent[-1]
    assert (sent.suffix, sent.method) == ("transactions", "PUT")
    assert isinstance(sent.body, ChooseTransactions)
    before = {one.code for one in views[0].transactions if one.chosen}
    assert set(sent.body.transactions) == before | {"open_class_3"}


def test_the_form_grows_with_the_choice_and_says_what_is_left(seat: Seat, views: list[CaseView]) -> None:
    seat.show(views[0])
    assert not [one for one in views[0].form.specs if one.name == "ukey"]
    seat.show(views[1])
    assert seat.part("teller.form.ukey").isVisible()
    chip = seat.part("teller.form.section.channel")
    assert isinstance(chip, QLabel | QAbstractButton)
    assert chip.text() == "渠道 7/8"


def test_the_palette_offers_business_by_name_code_and_initials(views: list[CaseView], counter: Counter) -> None:
    desk = counter.services.desks.teller(counter.teller)
    idle = {one.key: one for one in palette_entries(None, Local(me="T-03"), desk)}
    assert (idle["start:personal_opening"].code, idle["start:personal_opening"].initials) == ("PA01", "grkh")
    busy = {one.key for one in palette_entries(views[0], Local(me="T-03"), desk)}
    assert {"toggle:ukey", "turn:loss_report"} <= busy
    assert "toggle:tax_residency" not in busy
    assert "turn:transfer" not in busy, "needs a card that is not there"
