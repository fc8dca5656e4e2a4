"""The scenarios in force: those of the house, and over them the bank's own files, looked at again when they change.

``<data_dir>/scenarios/*.toml`` are the bank's. A file is looked at whenever somebody asks and its time or size has
changed since; a broken one is refused and said so, and the last good one of that name stays in force.
"""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path

from common.errors import UserError
from server.keyfiles import write_atomically
from teller.scenarios.builtin import builtin
from teller.scenarios.definition import Definition
from teller.scenarios.loader import ScenarioRefused, parse

log = logging.getLogger(__name__)
KEPT = ".good"
"""Folder beside the files with the last good text of each."""
Stamp = tuple[int, int]


class Shelf:
    """Definitions by name. Safe to use from several threads.

    Args:
        folder: the bank's files; None or missing: only those of the house.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._house = builtin()
        self._stamps: dict[str, Stamp] = {}
        self._good: dict[str, Definition] = {}
        self.refused: dict[str, ScenarioRefused] = {}

    def all(self) -> Mapping[str, Definition]:
        """Name to definition, in the order of their codes."""
        with self._lock:
            self._look()
            found = {**self._house, **{one.name: one for one in self._good.values()}}
        return dict(sorted(found.items(), key=lambda item: item[1].code))

    def get(self, name: str) -> Definition:
        """Raises ``scenario.unknown``."""
        found = self.all().get(name)
        if found is None:
            raise UserError("scenario.unknown")
        return found

    def _look(self) -> None:
        if self._folder is None or not self._folder.is_dir():
            self._good.clear()
            return
        files = {path.name: path for path in self._folder.glob("*.toml")}
        for gone in self._stamps.keys() - files.keys():
            self._stamps.pop(gone)
            self._good.pop(gone, None)
            self.refused.pop(gone, None)
        for name, path in sorted(files.items()):
            self._read(name, path)

    def _read(self, name: str, path: Path) -> None:
        try:
            now = path.stat()
            stamp = (now.st_mtime_ns, now.st_size)
            if self._stamps.get(name) == stamp:
                return
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.refused[name] = ScenarioRefused(str(path), 1, str(error))
            return
        self._stamps[name] = stamp
        try:
            self._good[name] = parse(text, str(path))
        except ScenarioRefused as refusal:
            self.refused[name] = refusal
            log.warning("scenario refused", extra={"file": name, "line": refusal.line, "reason": refusal.reason})
            self._recall(name)
            return
        self.refused.pop(name, None)
        self._remember(name, text)
        log.info("scenario in force", extra={"file": name, "scenario": self._good[name].name})

    def _kept(self, name: str) -> Path:
        """Where the last good text of a file is kept, so that it outlives a restart."""
        assert self._folder is not None, "files are read from a folder"
        return self._folder / KEPT / name

    def _remember(self, name: str, text: str) -> None:
        try:
            self._kept(name).parent.mkdir(exist_ok=True)
            write_atomically(self._kept(name), text.encode())
        except OSError as error:
            log.warning("last good scenario not kept", extra={"file": name, "errno": error.errno})

    def _recall(self, name: str) -> None:
        """After a start with a broken file: the last good one, if this server has seen it."""
        if name in self._good or not self._kept(name).is_file():
            return
        try:
            self._good[name] = parse(self._kept(name).read_text(encoding="utf-8"), str(self._kept(name)))
        except (OSError, UnicodeDecodeError, ScenarioRefused) as error:
            log.warning("last good scenario not read", extra={"file": name, "what": type(error).__name__})
