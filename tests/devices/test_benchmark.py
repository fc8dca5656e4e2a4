"""The benchmark runs, and its figures hang together."""

import argparse

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
