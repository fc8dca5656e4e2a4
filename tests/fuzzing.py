"""A minute of wrong input beside the suite: a process of its own, so that no test waits for it.

It begins when the tests have been collected, lives mostly on what they leave of the processors while they wait
(`os.nice`), and writes its figures into a file. The test that judges it (`tests/devices/test_fuzz.py`) is sorted to the
end, when the minute is over. Whoever runs a part of the suite only gets a tenth of it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

MODULE = "tests/devices/test_fuzz.py"
MINUTE_S, PART_S = 60.0, 6.0
WHOLE_SUITE = 1500
"""From so many tests on it is the whole suite that runs."""
SEED = 2026
_FIRST = ("", "gw0")
"""Workers that begin it: the only one, or the first."""


class Fuzzing:
    """The process, in the worker that has begun it, and its report, for whichever worker asks."""

    def __init__(self, report: Path) -> None:
        self.report = report
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, seconds: float) -> None:
        """Start it; it ends by itself."""
        draft = self.report.with_suffix(".tmp")
        words = ["--fuzz", str(seconds), "--seed", str(SEED)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
        with draft.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _BESIDE, str(draft), str(self.report), *words],
                stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=Path(__file__).parent.parent,
            )  # fmt: skip

    def wait(self, seconds: float) -> dict[str, Any]:
        """Its figures; AssertionError when it has not ended by then, or not with figures."""
        deadline = time.monotonic() + seconds
        while not self.report.exists():
            assert time.monotonic() < deadline, "the wrong input goes on and on"
            time.sleep(0.05)
        text = self.report.read_text(encoding="utf-8", errors="replace")
        self.report.unlink()
        try:
            found: dict[str, Any] = json.loads(text)
        except ValueError as error:
            raise AssertionError(text[-2000:]) from error
        return found

    def end(self, *, at_once: bool) -> None:
        """Let the process go: now, or once it is through."""
        if self._process is None:
            return
        if at_once:
            self._process.terminate()
        self._process.wait(2 * MINUTE_S)


_BESIDE = """
import os, sys
os.nice(10)
try:
    from benchmarks.devices import main
    main(sys.argv[3:])
finally:
    sys.stdout.flush()
    os.replace(sys.argv[1], sys.argv[2])
"""
"""Gives way to the tests; the report is there as a whole or not at all."""

_HERE = pytest.StashKey[Fuzzing]()


def fuzzing(config: pytest.Config) -> Fuzzing:
    """The one of this run, whichever worker asks."""
    if _HERE not in config.stash:
        told: dict[str, Any] = getattr(config, "workerinput", {})
        run = str(told.get("testrunuid", os.getpid()))
        config.stash[_HERE] = Fuzzing(Path(tempfile.gettempdir()) / f"guitai-fuzz-{run}.json")
    return config.stash[_HERE]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Judged last."""
    items.sort(key=lambda item: item.nodeid.startswith(MODULE))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin, if it is to be judged in this run."""
    worker = str(getattr(session.config, "workerinput", {}).get("workerid", ""))
    wanted = any(item.nodeid.startswith(MODULE) for item in session.items)
    if wanted and worker in _FIRST and not session.config.option.collectonly:
        fuzzing(session.config).begin(MINUTE_S if len(session.items) >= WHOLE_SUITE else PART_S)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing of ours outlives the run."""
    if _HERE in session.config.stash:
        found = session.config.stash[_HERE]
        found.end(at_once=bool(session.shouldstop or session.shouldfail))
