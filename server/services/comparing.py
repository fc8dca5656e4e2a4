"""Comparing faces: the server has the stored pictures compared by a worker of its own, and believes nobody else.

A comparison is asked for as soon as there is something to compare and made beside whatever goes on; a case that is
submitted before it is there waits for it. Nothing is waited for inside a transaction.
"""

import logging
from collections.abc import Sequence

from common.errors import AppError, ServiceError, UserError
from common.wire import identity as wire
from common.wire.identity import CheckOutcome
from server.services.casework import CaseWork
from server.services.films import FilmService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.whose import customer_of
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases import faces
from teller.cases.model import Case
from teller.identity.comparing import FaceCheck, Pair

log = logging.getLogger(__name__)
SYSTEM = "SYSTEM"
"""Who compares: the server itself."""
PROMPTLY_S = 4.0
"""So long a submission waits for what is being looked at: a window takes a server that is silent for ten for lost."""
EARLIER = 2
"""How many portraits of earlier visits are compared, newest first: each costs a worker a quarter of a second."""


class ComparingService:
    """The server's own comparisons."""

    def __init__(self, parts: Parts, work: CaseWork, films: FilmService) -> None:
        self._parts = parts
        self._work = work
        self._films = films

    def soon(self, case_id: str) -> None:
        """There may be something to compare: it is done when the worker is free."""
        self._parts.errand(lambda: self.now(case_id))

    def now(self, case_id: str) -> None:
        """Compare what is still missing, and wait for it. Where nobody can, the case says so."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            pairs = self._wanted(unit, case)
        missing = faces.still_missing(case, pairs)
        found = [self._compared(pair) for pair in missing]
        if found or _stale(case, pairs):
            self._work.quietly(case_id, lambda unit, case: self._stored(unit, case, found))

    def before_submission(self, who: Principal, case_id: str) -> None:
        """Nobody may forget it.

        Raises:
            UserError: ``face.in_progress`` (``retry_after_s``) while somebody still looks: the same command again waits
                for the same look.
        """
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        if not case.editable or case.teller is None or case.teller.number != who.number:
            return
        if not self._parts.underway.done(case_id, lambda: self._all(case_id), PROMPTLY_S):
            raise UserError("face.in_progress", retryable=True, retry_after_s=1)

    def _all(self, case_id: str) -> None:
        self._films.now(case_id)
        self.now(case_id)

    def _wanted(self, unit: Unit, case: Case) -> tuple[Pair, ...]:
        customer = customer_of(unit, case)
        kept = unit.faces.of_customer(customer.id) if customer is not None else []
        return faces.wanted(case, [one.digest for one in kept if one.case_id != case.id][:EARLIER])

    def _compared(self, pair: Pair) -> FaceCheck:
        now = self._parts.clock.now
        try:
            known, live = (self._parts.vault.get(Digest(digest)) for digest in (pair.known, pair.live))
            said = self._parts.judge.compare(known, live, pair.use)
        except AppError as error:
            if not isinstance(error, ServiceError):
                raise
            log.warning("faces not compared", extra={"code": error.code, "use": pair.use.value})
            return FaceCheck(pair, CheckOutcome.UNAVAILABLE, now())
        if said.distance is None:
            return FaceCheck(pair, CheckOutcome.UNFIT, now(), model=self._parts.judge.model)
        model = self._parts.judge.model
        return FaceCheck(pair, CheckOutcome.COMPARED, now(), said.score, said.threshold, said.same, model)

    def _stored(self, unit: Unit, case: Case, found: Sequence[FaceCheck]) -> Case:
        """Pictures may have changed while the worker looked: only what is wanted now is kept."""
        now = self._parts.clock.now()
        after = faces.compared(case, self._wanted(unit, case), found, now)
        if faces.contradicted(after) and not faces.contradicted(case):
            assert after.face is not None, "a contradiction has two sides"
            own = faces.own_check(after)
            data: dict[str, str | int | None] = {
                "reported": round(after.face.score * 10), "found": round(own.score * 10) if own is not None else None
            }  # fmt: skip
            by = case.teller.number if case.teller is not None else SYSTEM
            unit.registers.add(RegisterLine(now, "face.contradicted", by, after.face.live, case.id, data, case.branch))
        return after


def _stale(case: Case, pairs: Sequence[Pair]) -> bool:
    return any(check.pair not in pairs for check in case.face_checks)


def face_views(unit: Unit, case: Case) -> list[wire.FaceCheckView]:
    """The comparisons, for staff."""
    taken = {piece.digest: piece.captured_at for piece in case.evidence}
    customer = customer_of(unit, case) if case.face_checks else None
    kept = {one.digest: one.at for one in unit.faces.of_customer(customer.id)} if customer is not None else {}
    return [
        wire.FaceCheckView(
            use=check.pair.use,
            known=check.pair.known,
            live=check.pair.live,
            outcome=check.outcome,
            score=check.score,
            threshold=check.threshold,
            same=check.same,
            at=check.at,
            known_at=kept.get(check.pair.known) or taken.get(check.pair.known),
        )
        for check in case.face_checks
    ]
