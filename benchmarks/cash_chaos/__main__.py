"""``python -m benchmarks.cash_chaos --runs N --seed S``: what is left unexplained after power cuts.

With ``--progress FILE`` each finished part is a line of FILE, and the same command goes on where it stopped.
"""

import json
import sys
from pathlib import Path

from benchmarks.cash_chaos.runner import Progress, run
from common.commandline import OneLineParser


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 when anything did not agree."""
    parser = OneLineParser(prog="python -m benchmarks.cash_chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="visits in one process, power cut at its seams")
    parser.add_argument("--real", type=int, help="visits over real processes, ended with kill -9; one for fifty others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that share the work")
    parser.add_argument("--progress", type=Path, help="file of what is done; is gone on with when it is there")
    parser.add_argument("--out", type=Path, help="file for the report, beside standard output")
    options = parser.parse_args(arguments)
    progress = Progress(options.progress, options.seed)
    real_runs = max(2, options.runs // 50) if options.real is None else options.real
    run(options.runs, real_runs, options.seed, options.workers, progress)
    near, real = progress.sums("near"), progress.sums("real")
    report = {"seed": options.seed, "in_process": near.as_json(), "real_processes": real.as_json()}
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if near.good and real.good else 1


if __name__ == "__main__":
    sys.exit(main())
