"""The server in a process of its own, as `guitai server`, but nobody looks at faces: that is not what is tried here.

``python -m benchmarks.cash_chaos.server --data DIR --port N``. Without the models it stands again a second after it was
ended, so that more of the time goes to the moments that matter.
"""

import sys
from pathlib import Path

from benchmarks.people.ports import PlainJudge
from common import logs
from common.commandline import OneLineParser
from common.settings import load
from server import main as server_main


def main() -> int:
    """Serve until told to end; says ``ready URL`` on standard output."""
    parser = OneLineParser(prog="python -m benchmarks.cash_chaos.server")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    sources = options.data / "authorities" / "sources.json"
    loaded = load(
        overrides={
            "data_dir": options.data, "server": {"port": options.port}, "identity": {"sources": sources},
            "face": {"film": False},
        }
    )  # fmt: skip
    logs.configure("server", level="WARNING", file=options.data / "logs" / "chaos-server.log")
    return server_main.run(
        loaded,
        seed_demo=True,
        sources_later=True,  # the stage starts the authorities beside us
        ready=lambda url: print(f"ready {url}", flush=True),
        judge=PlainJudge(),
    )


if __name__ == "__main__":
    sys.exit(main())
