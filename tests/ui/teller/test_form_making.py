"""A form that is still being made: what may stand there until it is whole."""

from benchmarks.seat import cases
from tests.ui.teller.conftest import Seat
from ui.kit.kit import make_kit
from ui.teller_app.local import Local
from ui.teller_app.panels.form_panel import FormPanel

LOCAL = Local(me=cases.ME, now=cases.START)


def panel(qtbot: object) -> FormPanel:
    made = FormPanel(make_kit(strict=True), lambda _: None)
    qtbot.addWidget(made)  # type: ignore[attr-defined]
    return made


def test_no_other_customers_form_stands_there_while_the_next_is_made(qtbot: object) -> None:
    form = panel(qtbot)
    first, longer = cases.filled(), cases.deposit()
    form.show_case(first, LOCAL)
    form.complete()
    assert form.sections()
    form.show_case(longer.model_copy(update={"id": first.id}), LOCAL)
    assert form.sections(), "of the same customer the form stays until the next is whole"
    form.show_case(longer.model_copy(update={"id": "another"}), LOCAL)
    assert not form.sections()
    form.complete()
    assert form.sections()


def test_the_key_of_a_section_waits_for_the_form(seat: Seat) -> None:
    assert not seat.window.body.middle.form.form.sections()
    seat.window.pressed("Alt+1")
