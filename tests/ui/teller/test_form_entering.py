"""What is typed in the form: stored after a pause, dates as they are meant."""

from benchmarks.seat import cases
from tests.ui.teller.conftest import Seat


def test_a_date_in_eight_digits_is_stored_as_a_date(seat: Seat) -> None:
    seat.show(cases.filled())
    form, local = seat.window.parts.form, seat.window.parts.cases
    form.edit("valid_from", "2016052")
    assert local.local.edits["valid_from"] == "2016052"
    form.edit("valid_from", "20160520")
    assert local.local.edits["valid_from"] == "2016-05-20"


def test_what_is_typed_is_stored_after_a_pause_also_inside_a_field(seat: Seat) -> None:
    seat.show(cases.filled())
    form = seat.window.parts.form
    form._pause.setInterval(1)
    form.edit("amount", "12")
    seat.qtbot.waitUntil(lambda: bool(seat.out.store.sent))
    assert seat.out.store.sent[-1].body.fields["amount"].value == "12"


def test_words_for_the_authoriser_are_stored_after_a_pause_and_stand_there_again(seat: Seat) -> None:
    seat.show(cases.filled())
    form, local = seat.window.parts.form, seat.window.parts.cases
    form._pause.setInterval(1)

    def notes() -> list[tuple[str, str]]:
        return [(one.method, one.body.note) for one in seat.out.store.beside if one.suffix == "note"]

    form.note("证件与本人相符 ")
    seat.qtbot.waitUntil(lambda: bool(notes()))
    assert notes() == [("PUT", "证件与本人相符")]
    seat.show(cases.filled().model_copy(update={"note_draft": "证件与本人相符"}))
    form.note("证件与本人相符")
    seat.qtbot.wait(10)
    assert len(notes()) == 1, "what stands there already is not sent again"
    local.close()
    seat.show(cases.filled().model_copy(update={"id": "another", "note_draft": "早先写的话"}))
    assert local.local.note == "早先写的话"
