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
