"""What stands in report.json: figures of one visit, and which of them must be there."""

from typing import Any

import pytest

from tools.demo.figures import (
    PROCESSES,
    authorisation_since,
    goals,
    missing,
    missing_of_a_visit,
    missing_of_all,
    stalls_since,
    vision_since,
)

SIDE: dict[str, Any] = {
    "setup_ms": 900.0, "fps_decoded": 30.0,
    "display_ms": {"p50": 40.0, "p95": 70.0}, "sound_ms": {"p50": 90.0, "p95": 99.0},
}  # fmt: skip


def test_the_worker_is_reported_visit_by_visit() -> None:
    before = {"jobs": 4, "restarts": 1, "timeouts": 0, "done": {"read": 2}, "milliseconds": {"read": [1.0, 2.0]}}
    now = {
        "state": "ready", "jobs": 9, "restarts": 1, "timeouts": 1, "done": {"read": 4, "match": 1},
        "milliseconds": {"read": [2.0, 3.0, 4.0], "match": [5.0]},
    }  # fmt: skip
    assert vision_since(before, now) == {
        "state": "ready", "jobs": 5, "restarts": 0, "timeouts": 1, "done": {"read": 2, "match": 1},
        "milliseconds": {"read": [3.0, 4.0], "match": [5.0]},
    }  # fmt: skip
    assert vision_since(now, now)["milliseconds"] == {"read": [], "match": []}
    assert vision_since({}, {}) == {"done": {}, "milliseconds": {}}


def test_authorisation_is_reported_visit_by_visit() -> None:
    first, second = {"tasks": 1, "measured": [{"ms": 1.0}]}, {"tasks": 2, "measured": [{"ms": 1.0}, {"ms": 2.0}]}
    assert authorisation_since(first, second) == {"tasks": 1, "measured": [{"ms": 2.0}]}
    assert authorisation_since(None, second) == second
    assert authorisation_since(second, second) == {"tasks": 0, "measured": []}
    assert authorisation_since(first, None) is None


def test_stalls_of_an_earlier_visit_do_not_count() -> None:
    found = stalls_since({"stalls": [[9.0, 80.0], [11.0, 60.0], [14.0, 70.0]]}, 10.0, [(10.5, "ready"), (13.0, "met")])
    assert (found["over_50_ms"], found["longest_ms"]) == (2, 70.0)
    assert [one["after"] for one in found["each"]] == ["ready", "met"]


@pytest.mark.parametrize("name", ["setup_ms", "fps_decoded", "display_ms", "sound_ms"])
def test_a_figure_that_one_side_has_not_is_missing(name: str) -> None:
    whole = {"teller": SIDE, "kiosk": SIDE}
    assert missing(whole) == []
    assert missing({**whole, "kiosk": {**SIDE, name: None}}) == [f"kiosk {name}"]
    assert f"teller {name}" in missing({**whole, "teller": None})


def test_what_nobody_measured_of_a_visit_is_missing() -> None:
    took = {"read": [300.0, 250.0], "match": [200.0]}
    shown = {"tasks": 1, "measured": [{"submit_to_screen_ms": 120.0}]}
    whole = {"vision": {"milliseconds": took}, "authorisation": shown, "steps": [{"step": "authoriser-looks"}]}
    assert missing_of_a_visit(whole) == []
    assert missing_of_a_visit({**whole, "vision": {"milliseconds": {**took, "match": []}}}) == ["teller match_ms"]
    assert missing_of_a_visit({**whole, "vision": {}}) == ["teller read_ms", "teller match_ms"]
    for nobody in (None, {"tasks": 1, "measured": []}):
        assert missing_of_a_visit({**whole, "authorisation": nobody}) == ["authoriser submit_to_screen_ms"]
        assert missing_of_a_visit({**whole, "authorisation": nobody, "steps": []}) == []


def test_what_nobody_measured_of_the_processes_is_missing() -> None:
    memory, posting = dict.fromkeys(PROCESSES, 100.0), {"POST": {"p50_ms": 9.0}}
    bare: dict[str, Any] = {"teller": {}, "customer": {}}
    assert missing_of_all(memory, bare, posting) == []
    assert missing_of_all({**memory, "teller.worker": 0.0}, bare, posting) == ["memory teller.worker"]
    assert missing_of_all(memory, {}, {}) == ["bare call", "posting"]


def test_the_worst_side_of_the_worst_visit_is_held_to_the_goal() -> None:
    slow = {**SIDE, "fps_decoded": 12.0, "display_ms": {"p50": 99.0, "p95": 210.0}}
    visit = {
        "call": {"teller": SIDE, "kiosk": slow},
        "stalls": {"teller": {"longest_ms": 30.0}, "authoriser": {"longest_ms": 101.0}},
    }
    found = goals({"withdrawal": visit}, 8.0)
    assert {name: one["met"] for name, one in found.items()} == {
        "usable_after_s": True, "fps_decoded": False, "display_p95_ms": False, "sound_p95_ms": True,
        "longest_stall_ms": False,
    }  # fmt: skip
    assert goals({}, None)["fps_decoded"] == {"value": None, "goal": 29.0, "met": None}
