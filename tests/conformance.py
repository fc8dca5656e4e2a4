"""Every XFS4IoT message of the whole test run is recorded and checked against the catalogue.

Whatever process of whatever test speaks it keeps its messages (:mod:`devices.xfs.record`; child processes are told by
the environment) in one folder for each process of pytest. When that process has run its last test, every message that a
service or our client wrote is judged: name, header, version, codes, payload, and its place in the command's life. One
wrong message fails the run.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from devices.xfs import record
from devices.xfs.catalogue import Catalogue, load
from devices.xfs.envelope import BadMessage, Dialect, Message, MessageType, decode, encode

RECORD = "GUITAI_DEVICES__RECORD"
_WRITTEN = re.compile(r'\{"side":"(\w+)","dialect":"(\w+)","conn":"([\d.]+)","dir":"([<>])","msg":(.*)\}\n')
_READ = re.compile(r'\{"side":"\w+","dialect":"\w+","conn":"[\d.]+","dir":"[<>]","text":".*"\}\n')
_ID = re.compile(r'"requestId":(\d+)')
_KIND = re.compile(r'\{"header":\{"type":"(\w+)","name":"([\w.]+)"')


@dataclass
class Verdict:
    """How many messages there were of which kind, and what was wrong with which."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _open: dict[str, dict[int, str]] = field(default_factory=dict)

    def folder(self, folder: Path) -> None:
        """Judge everything on record there."""
        for file in sorted(folder.glob("*.jsonl")):
            with file.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    self.line(line)

    def line(self, line: str) -> None:
        """Judge one line of a record; the last one of a killed process may be half a line."""
        written = _WRITTEN.fullmatch(line)
        if written is None:
            if line.endswith("\n") and _READ.fullmatch(line) is None:
                self.wrong.append(f"no line of a record: {line[:200]}")
            return
        side, dialect, connection, _, text = written.groups()
        kind = _KIND.match(text)
        what = f"{kind[1]} {kind[2]}" if kind else "unreadable"
        self.seen[what] += 1
        number = _ID.search(text, 0, 300)
        if number is not None and side == "service" and kind is not None:
            self._place(connection, int(number[1]), kind[1], what, text)
        same = hash((dialect, _ID.sub("", text, count=1)))
        if same not in self._known:
            self._known.add(same)
            self.wrong += [f"{side} {what}: {problem}" for problem in problems(text, Dialect(dialect))]

    def _place(self, connection: str, number: int, kind: str, what: str, text: str) -> None:
        """Acknowledge, events, completion, in this order and for each command of a connection once."""
        running = self._open.setdefault(connection, {})
        if kind == "acknowledge":
            if '"status":' not in text[:300]:
                if number in running:
                    self.wrong.append(f"{what}: a second acknowledge of {number}")
                running[number] = what
        elif number not in running:
            self.wrong.append(f"{what}: {number} was not acknowledged or is over")
        elif kind == "completion":
            del running[number]


def problems(text: str, dialect: Dialect) -> list[str]:
    """In what a text departs from the standard, or from KAL's wording of it."""
    try:
        message = decode(text)
    except BadMessage as error:
        return [str(error)]
    if encode(message, dialect).partition('"payload"')[0] != text.partition('"payload"')[0]:
        return [f"header in another dialect than {dialect}"]
    return [f"{each.path} {each.text}" for each in load().problems(message) if not _answered_in_kind(message, load())]


def _answered_in_kind(message: Message, catalogue: Catalogue) -> bool:
    """What is no command of the standard is refused under the name that it came with."""
    refused = message.type is MessageType.ACKNOWLEDGE or message.completion_code == "invalidCommand"
    return refused and not catalogue.has_command(message.name)


@pytest.fixture(scope="session", autouse=True)
def every_message_conforms(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Verdict]:
    """What any process wrote in any test of the session conforms to the catalogue."""
    folder = tmp_path_factory.mktemp("xfs")
    before = os.environ.get(RECORD)
    os.environ[RECORD] = str(folder)
    record.begin(folder)
    verdict = Verdict()
    yield verdict
    record.end()
    os.environ.pop(RECORD)
    if before is not None:
        os.environ[RECORD] = before
    verdict.folder(folder)
    _told(request.config)["xfs_seen"] = dict(verdict.seen)
    assert not verdict.wrong, f"{len(verdict.wrong)} messages do not conform: {verdict.wrong[:20]}"


def _told(config: pytest.Config) -> dict[str, Any]:
    """What the process that runs all others is told: with xdist its worker's output, alone its own."""
    told: dict[str, Any] | None = getattr(config, "workeroutput", None)  # empty at first, and then still the one
    return told if told is not None else config.stash.setdefault(_ALONE, {})


_ALONE = pytest.StashKey[dict[str, Any]]()
_ALL = pytest.StashKey[Counter[str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist has ended."""
    seen = node.config.stash.setdefault(_ALL, Counter())
    seen.update(getattr(node, "workeroutput", {}).get("xfs_seen", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How much was checked."""
    seen = config.stash.get(_ALL, Counter())
    seen.update(config.stash.get(_ALONE, {}).get("xfs_seen", {}))
    if seen:
        names = {what.partition(" ")[2] for what in seen}
        terminalreporter.write_line(
            f"XFS4IoT messages checked: {seen.total()}, of {len(seen)} kinds, {len(names)} names"
        )
