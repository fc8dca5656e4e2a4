"""The benchmark runs, and its figures hang together."""

import argparse

from benchmarks.devices import run


async def test_the_benchmark_gives_figures_for_both_sides() -> None:
    result = await run(argparse.Namespace(commands=60, connections=3))
    for side in ("ours", "bare"):
        assert 0 < result[side]["first_answer"]["p50_ms"] <= result[side]["first_answer"]["p95_ms"]
        assert result[side]["last_answer"]["p50_ms"] >= result[side]["first_answer"]["p50_ms"]
        assert result[side]["messages_per_s"] > 0
    ours, bare = result["ours"]["messages_per_s"], result["bare"]["messages_per_s"]
    assert result["ratios"]["messages_per_s"] == round(ours / bare, 2)
