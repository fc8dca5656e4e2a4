"""The command line as a person meets it: a process of its own, its two streams and its exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
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
            env=self.environment(extra),
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the command finds around it."""
        return {**self._environment, **(extra or {})}

    def start(self, *words: object) -> subprocess.Popen[str]:
        """A command that stays; whoever starts it ends it."""
        return subprocess.Popen(
            self._command(words), cwd=self.home, env=self._environment, stdout=subprocess.PIPE, text=True
        )

    @staticmethod
    def _command(words: tuple[object, ...]) -> list[str]:
        return [sys.executable, str(PROJECT / "guitai.py"), *map(str, words)]


class Forked(CommandLine):
    """The same without the start of an interpreter: forked from one that has loaded ``guitai`` already."""

    def __init__(self, home: Path, loaded: "subprocess.Popen[str]") -> None:
        super().__init__(home)
        self._loaded = loaded

    def __call__(self, *words: object, extra: Mapping[str, str] | None = None) -> Said:
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        out, err = self.home / ".out", self.home / ".err"
        asked = {"words": [str(word) for word in words], "folder": str(self.home),
                 "environment": self.environment(extra), "out": str(out), "err": str(err)}  # fmt: skip
        self._loaded.stdin.write(json.dumps(asked) + "\n")
        self._loaded.stdin.flush()
        status = int(self._loaded.stdout.readline())
        return Said(status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def loaded() -> Iterator["subprocess.Popen[str]"]:
    """A process that has loaded the command line, and waits for words."""
    words = [sys.executable, "-m", "tests.cli.forking"]
    with subprocess.Popen(words, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(WITHIN_S) == 0


@pytest.fixture
def forked(tmp_path: Path, loaded: "subprocess.Popen[str]") -> Forked:
    """For the many words that end at once."""
    return Forked(tmp_path, loaded)


@pytest.fixture
def guitai(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """One directory for all tests of a module, for what is dear to make."""
    return CommandLine(tmp_path_factory.mktemp("workshop"))
