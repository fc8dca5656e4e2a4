"""The command line as a person meets it: a process of its own, its two streams and its exit status."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance import RECORD

PROJECT = Path(__file__).resolve().parents[2]
WITHIN_S = 100.0


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def is_one_clear_line(self) -> bool:
        """Exactly one line of error, by name, and nothing of Python's."""
        return self.err.count("\n") == 1 and self.err.startswith("guitai") and "Traceback" not in self.err


class CommandLine:
    """Runs ``guitai`` in a directory of its own, with data kept there and no display."""

    def __init__(self, home: Path) -> None:
        self.home = home
        foreign = ("GUITAI_", "QT_")
        kept = {name: value for name, value in os.environ.items() if name == RECORD or not name.startswith(foreign)}
        for display in ("DISPLAY", "WAYLAND_DISPLAY"):
            kept.pop(display, None)
        self._environment = {**kept, "GUITAI_DATA_DIR": str(home / "data"), "PYTHONUNBUFFERED": "1"}

    def __call__(self, *words: object, extra: Mapping[str, str] | None = None) -> Said:
        done = subprocess.run(
            self._command(words),
            cwd=self.home,
            env={**self._environment, **(extra or {})},
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: object) -> subprocess.Popen[str]:
        """A command that stays; whoever starts it ends it."""
        return subprocess.Popen(
            self._command(words), cwd=self.home, env=self._environment, stdout=subprocess.PIPE, text=True
        )

    @staticmethod
    def _command(words: tuple[object, ...]) -> list[str]:
        return [sys.executable, str(PROJECT / "guitai.py"), *map(str, words)]


@pytest.fixture
def guitai(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """One directory for all tests of a module, for what is dear to make."""
    return CommandLine(tmp_path_factory.mktemp("workshop"))
