"""Liveness judged by the server: it draws the gestures, the kiosk films the customer by its own camera, a worker looks.

The teller's window leads the check and reports how it ended; this is a second judgement in which it has no part but to
begin. A film is kept in memory only, until it is judged; after a restart of the server there is no verdict, which is
as if there had been no check.
"""

import logging
import threading
from collections import OrderedDict

from common import challenge
from common.challenge import FilmFrame
from common.errors import ServiceError, UserError
from common.wire import liveness as wire
from common.wire.cases import EvidenceKind
from common.wire.liveness import FilmOutcome
from server.errands import Lane
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import presence
from teller.cases.model import Case, EvidenceRef
from teller.identity.presence import Film

log = logging.getLogger(__name__)
KEPT = 6
"""Films that wait for the worker; with more the oldest is given up."""
WAIT_S = 40.0
"""For a film that is being looked at: a hundred pictures on a busy machine."""
JPEG = "image/jpeg"
_OPEN = (FilmOutcome.WAITING, FilmOutcome.UNAVAILABLE)


class FilmService:
    """Draws, takes films, has them judged."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts, self._work = parts, work
        self._lock = threading.Lock()
        self._films: OrderedDict[str, tuple[FilmFrame, ...]] = OrderedDict()
        self._judging: dict[str, threading.Event] = {}

    def draw(self, key: str, who: Principal, case_id: str, body: wire.DrawChallenge) -> str:
        """Gestures for the next check; see :func:`teller.cases.presence.challenged` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            gestures = challenge.drawn(self._parts.random.randbelow, body.gestures)
            return presence.challenged(case, gestures, self._parts.clock.now())

        return self._work.command(key, who, "case.challenge", case_id, body, require_teller, act)

    def take(self, key: str, who: Principal, case_id: str, data: bytes) -> str:
        """The kiosk's film of the newest check. It is judged beside everything else.

        Raises:
            UserError: ``film.unreadable``, ``film.too_large``, ``film.not_asked``, ``case.forbidden``.
        """
        film = challenge.unpack(data)

        def act(unit: Unit, case: Case) -> Case:
            return presence.filmed(case, film[-1].at_ms - film[0].at_ms if film else 0, self._parts.clock.now())

        taken = self._work.command(key, who, "case.film", case_id, data, require_kiosk, act)
        with self._lock:
            self._films[case_id] = film
            while len(self._films) > KEPT:
                self._films.popitem(last=False)
        self._parts.errand(lambda: self.now(case_id), Lane.FILM)
        return taken

    def now(self, case_id: str) -> None:
        """Judge the film of a case, or wait for whoever does; nothing where there is none."""
        with self._lock:
            film, busy = self._films.pop(case_id, None), self._judging.get(case_id)
            if film is not None:
                busy = self._judging[case_id] = threading.Event()
        if film is None:
            if busy is not None:
                busy.wait(WAIT_S)
            return
        assert busy is not None
        try:
            self._judge(case_id, film)
        finally:
            with self._lock:
                self._judging.pop(case_id, None)
            busy.set()

    def _judge(self, case_id: str, film: tuple[FilmFrame, ...]) -> None:
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        drawn = case.challenge
        if drawn is None or drawn.film is None or drawn.film.outcome not in _OPEN:
            return
        if case.liveness is not None and not case.liveness.passed and case.liveness.at >= drawn.at:
            return  # the window says no already, and is believed
        now = self._parts.clock.now
        try:
            said = self._parts.judge.replay(film, drawn.gestures)
        except ServiceError as error:
            log.warning("film not judged", extra={"code": error.code})
            with self._lock:  # asked again when the case is submitted again
                self._films.setdefault(case_id, film)
            verdict, rest = Film(FilmOutcome.UNAVAILABLE, now()), None
        else:
            outcome = FilmOutcome.PASSED if said.passed else FilmOutcome.FAILED
            verdict, rest = Film(outcome, now(), tuple(said.findings)), said.rest
        self._work.quietly(case_id, lambda unit, case: self._judged(unit, case, drawn.at, verdict, rest))

    def _judged(self, unit: Unit, case: Case, drawn_at: object, verdict: Film, rest: bytes | None) -> Case:
        """A picture of the face at rest stays, so that the live picture can be compared with the kiosk's own."""
        if case.challenge is None or case.challenge.at != drawn_at:
            raise UserError("film.not_asked")
        now, piece = self._parts.clock.now(), None
        if rest is not None and verdict.outcome is FilmOutcome.PASSED:
            digest = self._parts.vault.put(rest, JPEG)
            piece = EvidenceRef(digest, EvidenceKind.FACE_CHECK, JPEG, len(rest), now, case.kiosk)
        data: dict[str, str | int | None] = {
            "passed": int(verdict.outcome is FilmOutcome.PASSED), "findings": ",".join(verdict.findings),
        }  # fmt: skip
        unit.registers.add(RegisterLine(now, "face.film", case.kiosk, case.number, case.id, data, case.branch))
        return presence.film_judged(case, verdict, piece)
