"""Letting go of what has been kept long enough: pictures, kept answers; every removal is a line of the register."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from common.clock import Clock
from common.errors import AppError
from server.store.database import Database
from server.store.identitybook import Piece
from server.store.registerbook import RegisterLine
from server.vault import Digest
from teller.identity.retention import UNNAMED, Keep, keeps_on
from teller.identity.verifying import KEPT_FOR

log = logging.getLogger(__name__)
SYSTEM = "SYSTEM"
"""Who removes: the server itself."""
FEW = 50
"""Pieces: of more, most must be named. Else an empty or an old database, started beside this vault by mistake, would
have all evidence removed."""


class Store(Protocol):
    """The part of the vault that retention needs."""

    def remove(self, digest: Digest) -> bool: ...
    def stored_before(self, moment: datetime) -> Iterable[list[Digest]]: ...
    def remove_old(self, digest: Digest, moment: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep removed."""

    pictures: int
    answers: int
    unnamed: int = 0


class Retention:
    """One sweep at a time.

    Args:
        day: the business date of a moment.
    """

    def __init__(self, database: Database, vault: Store, clock: Clock, day: Callable[[datetime], date]) -> None:
        self._database, self._vault, self._clock, self._day = database, vault, clock, day

    def sweep(self) -> Swept:
        """Remove what is due. The index goes first: a stop in between leaves bytes that nothing names any more, and a
        later sweep takes those.

        Raises:
            ServiceError: ``store.unavailable``, ``evidence.unreadable``.
        """
        now = self._clock.now()
        pictures = sum(self._rule(keep, now) for keep in keeps_on(self._day(now)))
        pictures += self._kept_faces(now)
        with self._database.write() as unit:
            answers = unit.identity.forget_answers(now - KEPT_FOR)
            if answers:
                unit.registers.add(RegisterLine(now, "verification.forgotten", SYSTEM, "answers", None, {"n": answers}))
        return Swept(pictures, answers, self._unnamed(now))

    def _kept_faces(self, now: datetime) -> int:
        """Portraits kept for a next visit that did not come in time."""
        unneeded = []
        with self._database.write() as unit:
            due = unit.faces.over(now)
            for face in due:
                data = {"kind": "kept_face", "why": "P-104"}
                unit.registers.add(RegisterLine(now, "evidence.removed", SYSTEM, face.digest, face.case_id, data))
                if unit.faces.drop(face):
                    unneeded.append(face.digest)
        for digest in unneeded:
            self._vault.remove(Digest(digest))
        return len(due)

    def _unnamed(self, now: datetime) -> int:
        """Bytes that nothing names, unless they are so many that the vault cannot be this database's."""
        before, stored, free = now - UNNAMED, 0, list[str]()
        for folder in self._vault.stored_before(before):
            stored += len(folder)
            with self._database.read() as unit:
                free += unit.identity.unnamed(folder)
        if len(free) > FEW and 2 * len(free) > stored:
            log.warning("vault of another database: nothing removed", extra={"stored": stored, "unnamed": len(free)})
            return 0
        return sum(self._forgotten(free[at : at + FEW], before, now) for at in range(0, len(free), FEW))

    def _forgotten(self, free: Sequence[str], before: datetime, now: datetime) -> int:
        """Nothing is named meanwhile: the look and the removal are one transaction."""
        removed = 0
        with self._database.write() as unit:
            for digest in unit.identity.unnamed(free):
                if self._vault.remove_old(Digest(digest), before):
                    data: dict[str, str | int | None] = {"kind": "unnamed", "why": "P-105"}
                    unit.registers.add(RegisterLine(now, "evidence.removed", SYSTEM, digest, None, data))
                    removed += 1
        return removed

    def _rule(self, keep: Keep, now: datetime) -> int:
        removed = 0
        kinds = [kind.value for kind in keep.kinds]
        while True:
            with self._database.write() as unit:
                due = unit.identity.due(kinds, now - keep.time)
                unneeded = []
                for piece in due:
                    unit.registers.add(_line(piece, keep.code, now))
                    if unit.identity.drop(piece):
                        unneeded.append(piece.digest)
            for digest in unneeded:
                self._vault.remove(Digest(digest))
            removed += len(due)
            if not due:
                return removed


def _line(piece: Piece, rule: str, now: datetime) -> RegisterLine:
    return RegisterLine(now, "evidence.removed", SYSTEM, piece.digest, piece.case_id, {"kind": piece.kind, "why": rule})


class Sweeper:
    """Sweeps in a thread of its own, at the start and then from time to time; closed by whoever made it."""

    def __init__(self, retention: Retention, every: timedelta) -> None:
        self._retention, self._every_s = retention, every.total_seconds()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                swept = self._retention.sweep()
                if swept != Swept(0, 0):
                    log.info("kept long enough", extra=asdict(swept))
            except AppError as error:
                log.warning("retention put off", extra={"code": error.code})
            self._stop.wait(self._every_s)
