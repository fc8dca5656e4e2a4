"""What the windows measured, cut down to one visit, and held to the goals."""

import bisect
from collections.abc import Mapping
from typing import Any

GOALS = {
    "usable_after_s": (10.0, "most"),
    "fps_decoded": (29.0, "least"),
    "display_p95_ms": (150.0, "most"),
    "sound_p95_ms": (200.0, "most"),
    "longest_stall_ms": (100.0, "most"),
}
_OF_A_CALL = ("setup_ms", "fps_decoded", "display_ms", "sound_ms")
_OF_THE_EYES = ("read", "match")
PROCESSES = ("server", "devices", "kiosk", "teller", "teller.worker", "authoriser")
"""Whose peak memory is told; more may be."""


def vision_since(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What the teller's worker did between two looks at its figures; they count from its window's start."""
    done = {name: count - before.get("done", {}).get(name, 0) for name, count in now.get("done", {}).items()}
    return {
        **now,
        **{name: now[name] - before.get(name, 0) for name in ("jobs", "restarts", "timeouts") if name in now},
        "done": done,
        "milliseconds": {name: _newest(took, done.get(name, 0)) for name, took in now.get("milliseconds", {}).items()},
    }


def authorisation_since(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The tasks that came to the authoriser's screen between two looks at his window's figures."""
    if now is None:
        return None
    tasks = now["tasks"] - (before["tasks"] if before is not None else 0)
    return {"tasks": tasks, "measured": _newest(now["measured"], tasks)}


def _newest(kept: list[Any], count: int) -> list[Any]:
    """As many of the end; a window keeps only so many."""
    return kept[max(0, len(kept) - count) :]


def stalls_since(figures: dict[str, Any], began: float, moments: list[tuple[float, str]]) -> dict[str, Any]:
    """Stalls of a window's event loop since a moment (``time.monotonic``), each with the last step done before it."""
    lately = [(ended, ms) for ended, ms in figures.get("stalls", []) if ended >= began]
    times = [at for at, _ in moments]
    each = [
        {
            "ms": ms,
            "after": moments[at - 1][1] if (at := bisect.bisect(times, ended)) else None,
            "s": round(ended - began, 2),
        }
        for ended, ms in lately
    ]
    return {"over_50_ms": len(lately), "longest_ms": max((ms for _, ms in lately), default=0.0), "each": each}


def missing(call: Mapping[str, Mapping[str, Any] | None]) -> list[str]:
    """The figures of a call that one side or the other has not: ``kiosk sound_ms``. A part of it was not there."""
    return [f"{who} {name}" for who, side in call.items() for name in _OF_A_CALL if (side or {}).get(name) is None]


def missing_of_a_visit(visit: Mapping[str, Any]) -> list[str]:
    """What the windows have not measured of it: reading, comparing; of an authoriser who looked, how long it took."""
    took = visit["vision"].get("milliseconds", {})
    lacking = [f"teller {name}_ms" for name in _OF_THE_EYES if not took.get(name)]
    shown = [row for row in (visit["authorisation"] or {}).get("measured", ()) if row.get("submit_to_screen_ms")]
    looked = any(one["step"] == "authoriser-looks" for one in visit["steps"])
    return [*lacking, "authoriser submit_to_screen_ms"] if looked and not shown else lacking


def missing_of_all(memory: Mapping[str, float], bare: Mapping[str, Any], posting: Mapping[str, Any]) -> list[str]:
    """What was not measured of the processes, of the call beside which ours stand, and of the bookings."""
    lacking = [f"memory {name}" for name in PROCESSES if not memory.get(name)]
    lacking += [] if len(bare) == 2 else ["bare call"]
    return lacking if posting else [*lacking, "posting"]


def goals(visits: Mapping[str, dict[str, Any]], usable_after_s: float | None) -> dict[str, dict[str, Any]]:
    """The worst figure of all visits beside each goal. A goal that is missed fails nothing: machines differ."""
    calls = [side for visit in visits.values() for side in visit["call"].values()]
    values = {
        "usable_after_s": usable_after_s,
        "fps_decoded": min((c["fps_decoded"] for c in calls if c.get("fps_decoded")), default=None),
        "display_p95_ms": max((c["display_ms"]["p95"] for c in calls if c.get("display_ms")), default=None),
        "sound_p95_ms": max((c["sound_ms"]["p95"] for c in calls if c.get("sound_ms")), default=None),
        "longest_stall_ms": max(
            (stall["longest_ms"] for visit in visits.values() for stall in visit["stalls"].values()), default=None
        ),
    }
    return {
        name: {"value": values[name], "goal": goal, "met": _met(values[name], goal, kind)}
        for name, (goal, kind) in GOALS.items()
    }


def _met(value: float | None, goal: float, kind: str) -> bool | None:
    if value is None:
        return None
    return value <= goal if kind == "most" else value >= goal
