"""One simulated source: what it answers, how slowly, when not at all."""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tools.authorities.register import Entry, Register

MATCH, MISMATCH, NOT_FOUND = "00", "01", "02"
_HEAD = {"VER": "1.0", "DES": "100000000000", "APP": "联网核查公民身份信息系统"}


@dataclass
class Faults:
    """What is wrong with a source now.

    Attributes:
        errors: so many of the next questions end with 500. down: no answer at all until the time limit.
        maintenance_s: 503 with that ``Retry-After``. contrary: it says the opposite of what it knows.
    """

    latency_ms: tuple[int, int] = (40, 160)
    errors: int = 0
    down: bool = False
    maintenance_s: int = 0
    contrary: bool = False


@dataclass(frozen=True)
class Terms:
    """What the bank's file says about a source."""

    name: str
    elements: tuple[str, ...]
    priority: int
    cost_minor: int
    opens: str = "00:00"
    closes: str = "00:00"
    limit_s: float = 2.0

    def listed(self, url: str, key: str) -> dict[str, Any]:
        return {**asdict(self), "elements": list(self.elements), "url": f"{url}/{self.name}", "key": key}


TERMS = (
    Terms("pbc", ("two", "three", "four"), 10, 0, "08:00", "21:00", 1.5),
    Terms("nciic", ("two", "three", "four"), 20, 200),
    Terms("carriers", ("phone",), 10, 100),
    Terms("agency", ("two", "phone"), 30, 80),
)
"""联网核查 by the central bank in office hours, the ministry's own at all hours, phone companies, a data agency."""


@dataclass(frozen=True)
class Reply:
    """Status, body and headers."""

    status: int
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Source:
    """Safe to use from several threads."""

    def __init__(self, terms: Terms, register: Register) -> None:
        self.terms, self._register = terms, register
        self.faults = Faults()
        self.asked = 0
        self._lock = threading.Lock()

    def answer(self, question: Mapping[str, Any]) -> Reply:
        """After the latency of the day: an answer, an error, or a notice of maintenance."""
        with self._lock:
            self.asked += 1
            faults, number = self.faults, self.asked
            failing = faults.errors > 0
            if failing:
                faults.errors -= 1
        time.sleep(random.uniform(*faults.latency_ms) / 1000)  # noqa: S311 - a delay, no secret
        if faults.maintenance_s:
            return Reply(503, {"error": "maintenance"}, {"Retry-After": str(faults.maintenance_s)})
        if failing:
            return Reply(500, {"error": "internal"})
        if question.get("elements") not in self.terms.elements:
            return Reply(400, {"error": "elements"})
        return Reply(200, {"HEAD": self._head(number), **self._said(question, contrary=faults.contrary)})

    def _head(self, number: int) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            **_HEAD,
            "SRC": self.terms.name,
            "MsgNo": "0001",
            "MsgID": f"{number:020d}",
            "WorkDate": f"{now:%Y%m%d}",
        }

    def _said(self, question: Mapping[str, Any], *, contrary: bool) -> dict[str, Any]:
        asked = {name: str(value) for name, value in question.items() if name != "elements"}
        entry = self._register.find(asked.get("id_number", ""))
        if entry is None or contrary:
            return {"result": NOT_FOUND if entry is None else MISMATCH, "fields": dict.fromkeys(asked, False)}
        fields = {name: _known(entry, name) == value for name, value in asked.items()}
        said: dict[str, Any] = {"result": MATCH if all(fields.values()) else MISMATCH, "fields": fields}
        if question["elements"] == "three" and all(fields.values()):
            said["portrait"] = entry.picture()
        return said


def _known(entry: Entry, name: str) -> str | None:
    return entry.phone if name == "phone" else entry.facts.get(name)
