"""``python -m benchmarks.cash_chaos --runs N --seed S``: what is left unexplained after power cuts."""

import argparse
import asyncio
import json
import sys

from benchmarks.cash_chaos import episodes, far


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 when anything did not agree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cash_chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="visits in one process, power cut at its seams")
    parser.add_argument("--real", type=int, default=2, help="visits over real processes, ended with kill -9")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    episodes.silence()
    near = asyncio.run(episodes.visits(options.runs, options.seed))
    real = asyncio.run(far.real_visits(options.real, options.seed))
    report = {"seed": options.seed, "in_process": near.as_json(), "real_processes": real.as_json()}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if near.differences or near.stuck or real.differences or real.stuck else 0


if __name__ == "__main__":
    sys.exit(main())
