"""Which suspect notes belong together, by their numbers."""

import pytest

from teller.cash.suspects import Fate, SuspectNote, series_in
from tests.ui.vtm.cases import AT


def notes(*serials: str, level: str = "counterfeit") -> list[SuspectNote]:
    return [
        SuspectNote(str(at), "c1", "K-02", serial, 100, level, Fate.RETURNED, "", "", AT)
        for at, serial in enumerate(serials)
    ]


def found(*serials: str, level: str = "counterfeit", **before: int) -> list[tuple[str, tuple[str, ...], int]]:
    return [(one.kind.value, one.serials, one.before) for one in series_in(notes(*serials, level=level), before)]


@pytest.mark.parametrize(
    ("serials", "kinds"),
    [
        (("AB12345678",), []),
        (("AB12345678", "CD12345678"), []),
        (("AB12345678", "AB12345678"), ["same_number"]),
        (("AB12345678", "AB12345679"), ["run"]),
        (("AB12345678", "AB12345688"), ["run"]),
        (("AB12345678", "AB12345689"), []),
        (("AB12345678", "AB12345679", "CD00000001", "CD00000003"), ["run", "run"]),
        (("?", "?"), []),
        (("?", "?", "?", "?", "?"), ["many"]),
        (("XY1", "XY2"), []),
    ],
)
def test_numbers_tell_of_a_common_source(serials: tuple[str, ...], kinds: list[str]) -> None:
    assert [kind for kind, _, _ in found(*serials)] == kinds


def test_a_run_is_told_in_order_with_each_number_once() -> None:
    assert found("AB00000012", "AB00000010", "AB00000010", "AB00000011") == [
        ("same_number", ("AB00000010", "AB00000010"), 0),
        ("run", ("AB00000010", "AB00000011", "AB00000012"), 0),
    ]


def test_a_number_of_an_earlier_visit_comes_back() -> None:
    assert found("AB12345678", AB12345678=2) == [("same_number", ("AB12345678",), 2)]


def test_five_at_once_are_to_be_reported_and_what_is_only_unknown_counts_for_nothing() -> None:
    [many] = series_in(notes("A1", "B2", "C3", "D4", "E5"), {})
    assert (many.kind.value, many.report_at_once) == ("many", True)
    assert found("A1", "B2", "C3", "D4", "E5", level="unrecognized") == []
    assert found("AB12345678", "AB12345679", level="inked") == []
