"""Screening rules in force: the bank's ``<data_dir>/screening.toml``, else the house's; looked at each time."""

import logging
import threading
from importlib import resources
from pathlib import Path

from teller.scenarios.loader import ScenarioRefused
from teller.screening.rules import Rulebook, parse_rules

log = logging.getLogger(__name__)


class Rules:
    """A change of the file counts from the next transfer on; a broken one is refused and the last good one stays."""

    def __init__(self, file: Path | None = None) -> None:
        house = resources.files("teller.screening").joinpath("house.toml").read_text(encoding="utf-8")
        self._house = self._good = parse_rules(house, "house.toml")
        self._file, self._stamp = file, (0, 0)
        self._lock = threading.Lock()

    def current(self) -> Rulebook:
        """The rules to judge by now."""
        if self._file is None:
            return self._house
        with self._lock:
            try:
                now = self._file.stat()
                stamp = (now.st_mtime_ns, now.st_size)
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._good = parse_rules(self._file.read_text(encoding="utf-8"), str(self._file))
                    log.info("screening rules in force", extra={"digest": self._good.digest})
            except FileNotFoundError:
                self._good, self._stamp = self._house, (0, 0)
            except ScenarioRefused as refusal:
                log.warning("screening rules refused", extra={"line": refusal.line, "reason": refusal.reason})
            except (OSError, UnicodeDecodeError) as error:
                log.warning("screening rules unreadable", extra={"error": type(error).__name__})
            return self._good
