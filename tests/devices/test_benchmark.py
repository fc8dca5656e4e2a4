"""The benchmark runs, and its figures hang together."""

import argparse
import json
from typing import Any

import pytest

from benchmarks import devices
from benchmarks.device_fleet import fleet
from benchmarks.devices import run


async def test_the_benchmark_gives_figures_for_both_sides() -> None:
    result = await run(argparse.Namespace(commands=60, connections=3))
    for side in ("ours", "bare"):
        assert 0 < result[side]["first_answer"]["p50_ms"] <= result[side]["first_answer"]["p95_ms"]
        assert result[side]["last_answer"]["p50_ms"] >= result[side]["first_answer"]["p50_ms"]
        assert result[side]["messages_per_s"] > 0
    ours, bare = result["ours"]["messages_per_s"], result["bare"]["messages_per_s"]
    assert result["ratios"]["messages_per_s"] == round(ours / bare, 2)


async def test_a_few_machines_share_a_process() -> None:
    result = await fleet(3, 1.0)
    assert (result["machines"], result["transactions"]) == (3, 3)
    assert result["cores"] > 0


def figures(p95_ms: float, rate: float) -> dict[str, Any]:
    side = {"first_answer": {"p95_ms": p95_ms}, "last_answer": {}, "messages_per_s": rate}
    return {"ours": side, "bare": side, "ratios": {}}


@pytest.mark.parametrize(
    ("p95_ms", "rate", "missed"),
    [
        (0.25, 19_942.0, []),
        (5.0, 2000.0, ["acknowledge p95 5.0 ms, to be under 5.0 ms"]),
        (4.9, 1999.9, ["1999.9 messages/s, to be at least 2000.0"]),
        (6.1, 12.0, ["acknowledge p95 6.1 ms, to be under 5.0 ms", "12.0 messages/s, to be at least 2000.0"]),
    ],
)
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_goal_that_is_missed_is_a_line_and_the_exit_status(
    p95_ms: float, rate: float, missed: list[str], words: list[str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    async def measured(_: object) -> dict[str, Any]:
        return figures(p95_ms, rate)

    monkeypatch.setattr(devices, "run", measured)
    assert devices.main(words) == (1 if missed else 0)
    out, error = capsys.readouterr()
    assert error.splitlines() == [f"missed: {line}" for line in missed]
    if words:
        told = json.loads(out)
        assert told["goals"] == {"acknowledge_p95_ms": 5.0, "messages_per_s": 2000.0}
        assert told["missed"] == missed


@pytest.mark.parametrize(("cores", "status"), [(0.16, 0), (1.0, 1)])
def test_machines_that_take_a_whole_core_miss_their_goal(
    cores: float, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measured(count: int, _: float) -> dict[str, Any]:
        return {"machines": count, "cores": cores}

    monkeypatch.setattr(devices, "fleet", measured)
    assert devices.main(["--vtms", "500"]) == status
    out, error = capsys.readouterr()
    assert json.loads(out)["goals"] == {"cores": 1.0}
    assert error.splitlines() == (["missed: 500 machines took 1.0 of a core, to be under 1.0"] if status else [])
