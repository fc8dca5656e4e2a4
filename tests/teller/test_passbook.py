"""Lines of a passbook: each posting once, in order, balances that add up, no page fuller than it is long."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from teller.money import Money
from teller.passbook import COLUMNS, PAGE_LINES, PAGES, Booked, Place, is_full, lines, width

places = st.builds(
    Place, st.integers(0, PAGES - 1), st.integers(0, PAGE_LINES), st.integers(0, 100), st.booleans()
)  # fmt: skip
amounts = st.lists(st.integers(-9_999_999_99, 9_999_999_99).filter(bool), max_size=40)


def booked(place: Place, found: list[int]) -> list[Booked]:
    day = date(2026, 11, 22)
    return [
        Booked(place.printed_to + number, day, "cash.deposit" if minor > 0 else "transfer.out", Money(minor))
        for number, minor in enumerate(found, start=1)
    ]


@given(places, amounts, st.integers(0, 10**12))
def test_in_any_number_of_visits_every_posting_is_printed_once_and_fits(
    place: Place, found: list[int], last: int
) -> None:
    unprinted = booked(place, found)
    printed = lines(place, unprinted, Money(last))
    room = (PAGES - place.page) * PAGE_LINES - place.line
    assert len(printed) == min(room, len(found) + place.carry)
    assert all(width(one.text) <= COLUMNS for one in printed)
    assert all(1 <= one.after.line <= PAGE_LINES and one.page < PAGES for one in printed)
    if printed and len(printed) < room:
        assert printed[-1].text.endswith(f"{last // 100:,}.{last % 100:02d}")
    some = printed[: len(printed) // 2]
    if some:
        after = some[-1].after
        rest = [one for one in unprinted if one.sequence > after.printed_to]
        again = lines(after, rest, Money(last))
        assert [one.text for one in (*some, *again)] == [one.text for one in printed]


def test_a_full_book_takes_nothing_more() -> None:
    end = Place(PAGES - 1, PAGE_LINES, 7, False)
    assert is_full(end)
    assert lines(end, booked(end, [100]), Money(100)) == []
