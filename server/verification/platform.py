"""The platform: one question, several sources, one conclusion within a time limit."""

import base64
import binascii
import json
import logging
import threading
import time as system_time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timezone
from pathlib import Path
from typing import Any

import httpx

from common import paths
from common.clock import Clock
from common.errors import UserError
from common.wire.identity import Elements, Outcome
from server.verification.breaker import Breaker
from teller.identity.records import Attempt
from teller.identity.verifying import NEGATIVE, Answer, Contract, concluded, route

log = logging.getLogger(__name__)
_LEAST_S = 0.05
_LONGEST_PAUSE_S = 3600.0
MAX_ANSWER = 512 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A contract and where it is kept: base address and key."""

    contract: Contract
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What came of it; ``cost_minor`` by source that answered."""

    outcome: Outcome
    answer: Answer | None
    attempts: tuple[Attempt, ...]
    costs: Mapping[str, int]


class Refused(Exception):
    """A source gave no answer: ``timeout``, ``error``, ``maintenance`` (``pause_s``: for so long)."""

    def __init__(self, code: str, pause_s: float | None = None) -> None:
        super().__init__(code)
        self.code, self.pause_s = code, pause_s


def read_sources(file: Path) -> tuple[Source, ...]:
    """The bank's sources.

    Raises:
        UserError: a code of `common.paths.WORDS` | ``verification.bad_sources`` (``file``).
    """
    if (fault := paths.fault_of_file(file)) is not None:
        raise UserError(fault, file=str(file))
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))["sources"]
        return tuple(_source(one) for one in listed)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("verification.bad_sources", file=str(file)) from error


def check_sources(file: Path, *, later: bool) -> None:
    """Said at the start: a file that cannot be read would leave the bank without any check of who somebody is.

    Args:
        later: it may come after the start; what is there already must be readable all the same.

    Raises:
        UserError: as :func:`read_sources`.
    """
    if later and paths.fault_of_file(file) == "file.missing":
        log.info("verification sources are still to come")
        return
    read_sources(file)


def _source(said: Mapping[str, Any]) -> Source:
    contract = Contract(
        name=str(said["name"]),
        elements=frozenset(Elements(one) for one in said["elements"]),
        priority=int(said["priority"]),
        cost_minor=int(said["cost_minor"]),
        opens=time.fromisoformat(said.get("opens", "00:00")),
        closes=time.fromisoformat(said.get("closes", "00:00")),
        limit_s=float(said.get("limit_s", 2.0)),
    )
    return Source(contract, str(said["url"]), str(said["key"]))


class Platform:
    """Safe to use from several threads; closed by whoever made it.

    Args:
        file: the sources, read anew when it changes; None: this bank has none.
        within_s: time limit of one question over all sources.
    """

    def __init__(self, file: Path | None, clock: Clock, zone: timezone, within_s: float) -> None:
        self._file, self._clock, self._zone, self._within_s = file, clock, zone, within_s
        self._lock = threading.Lock()
        self._breakers: dict[str, Breaker] = {}
        self._sources: tuple[Source, ...] = ()
        self._stamp: tuple[int, int] | None = None
        self._http: httpx.Client | None = None

    @property
    def configured(self) -> bool:
        """Whether this bank asks anybody."""
        return self._file is not None

    def close(self) -> None:
        if self._http is not None:
            self._http.close()

    def ask(self, elements: Elements, asked: Mapping[str, str], now: datetime) -> Conclusion:
        """Ask until a yes, or until a no has been heard twice, or until nobody is left or the time is over."""
        deadline = system_time.monotonic() + self._within_s
        attempts: list[Attempt] = []
        answers: list[Answer] = []
        costs: dict[str, int] = {}
        sources = {source.contract.name: source for source in self._known()}
        for contract in route([s.contract for s in sources.values()], elements, now, self._zone):
            left = deadline - system_time.monotonic()
            if left < _LEAST_S:
                break
            answer, attempt = self._one(sources[contract.name], elements, asked, min(left, contract.limit_s))
            attempts.append(attempt)
            if answer is None:
                continue
            costs[contract.name] = contract.cost_minor
            answers.append(answer)
            if answer.outcome not in NEGATIVE or len(answers) == 2:
                break
        outcome, answer = concluded(answers)
        return Conclusion(outcome, answer, tuple(attempts), costs)

    def _known(self) -> Sequence[Source]:
        if self._file is None:
            return ()
        with self._lock:
            try:
                status = self._file.stat()
                stamp = (status.st_mtime_ns, status.st_size)
                if stamp != self._stamp:
                    self._sources, self._stamp = read_sources(self._file), stamp
            except (OSError, UserError) as error:
                log.warning("verification sources cannot be read", extra={"what": type(error).__name__})
            return self._sources

    def _one(
        self, source: Source, elements: Elements, asked: Mapping[str, str], within_s: float
    ) -> tuple[Answer | None, Attempt]:
        name = source.contract.name
        breaker = self._breaker(name)
        if not breaker.allows():
            return None, Attempt(name, "open", 0)
        began = system_time.monotonic()
        try:
            answer = self._asked(source, elements, asked, within_s)
        except Refused as refused:
            breaker.failed(refused.pause_s)
            ms = round((system_time.monotonic() - began) * 1000)
            log.info("a verification source gave no answer", extra={"source": name, "code": refused.code})
            return None, Attempt(name, refused.code, ms)
        breaker.answered()
        return answer, Attempt(name, answer.outcome.value, round((system_time.monotonic() - began) * 1000))

    def _breaker(self, name: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault(name, Breaker(self._clock))

    def _line(self) -> httpx.Client:
        """Opened with the first question: a bank that asks nobody need not load the authorities of TLS."""
        with self._lock:
            if self._http is None:
                self._http = httpx.Client(trust_env=False, limits=httpx.Limits(max_connections=16))
            return self._http

    def _asked(self, source: Source, elements: Elements, asked: Mapping[str, str], within_s: float) -> Answer:
        body = {"elements": elements.value, **asked}
        headers = {"Authorization": f"Bearer {source.key}"}
        try:
            response = self._line().post(f"{source.url}/check", json=body, headers=headers, timeout=within_s)
        except httpx.TimeoutException as error:
            raise Refused("timeout") from error
        except httpx.HTTPError as error:
            raise Refused("error") from error
        if response.status_code == 503:
            raise Refused("maintenance", _pause(response.headers.get("Retry-After")))
        if response.status_code != 200 or len(response.content) > MAX_ANSWER:
            raise Refused("error")
        return read_answer(source.contract.name, response.content)


def _pause(said: str | None) -> float | None:
    return min(float(said), _LONGEST_PAUSE_S) if said is not None and said.isdecimal() else None


def read_answer(source: str, content: bytes) -> Answer:
    """A source's answer, believed only in its form. Raises :class:`Refused` (``error``) for anything else."""
    try:
        said = json.loads(content)
        outcome = {"00": Outcome.MATCH, "01": Outcome.MISMATCH, "02": Outcome.NOT_FOUND}[said["result"]]
        fields = {str(k): "match" if v is True else "mismatch" for k, v in dict(said.get("fields") or {}).items()}
        portrait = base64.b64decode(said["portrait"], validate=True) if said.get("portrait") else None
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Refused("error") from error
    return Answer(source, outcome, fields, portrait)
