"""Liveness judged by the server: it draws the gestures, the kiosk films the customer by its own camera, a worker looks.

The teller's window leads the check and reports how it ended; this is a second judgement in which it has no part but to
begin. A film comes in parts while it is taken, so that its pictures are looked at before the check is over and nobody
waits for that at submission. It is kept in memory only, until it is judged; after a restart of the server there is no
verdict, which is as if there had been no check.
"""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from common import challenge
from common.challenge import MOST_BYTES, MOST_FRAMES, FilmFrame
from common.errors import ServiceError, UserError
from common.wire import liveness as wire
from common.wire.cases import EvidenceKind
from common.wire.liveness import FilmOutcome, LookMoment, Verdict
from server.errands import Lane
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.parts import Parts, Replayed
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import presence
from teller.cases.gathering import require_face_consent
from teller.cases.model import Case, EvidenceRef
from teller.identity.presence import Challenge, Film, Look

log = logging.getLogger(__name__)
KEPT = 6
"""Films that wait for the worker; with more the oldest is given up."""
WAIT_S = 40.0
"""For a film that is being looked at by somebody else: on a busy machine a hundred pictures, had none come ahead."""
JPEG = "image/jpeg"
TWO_FACES = "liveness.two_faces"
_OPEN = (FilmOutcome.WAITING, FilmOutcome.UNAVAILABLE)


@dataclass(frozen=True)
class _Coming:
    """What has come of the film of a challenge."""

    drawn_at: datetime
    frames: tuple[FilmFrame, ...] = ()

    def with_part(self, after: int, part: tuple[FilmFrame, ...]) -> "_Coming":
        """With the pictures that follow the first ``after``; a part that comes again replaces itself."""
        if after > len(self.frames):
            raise UserError("film.part_missing", have=len(self.frames))
        frames = self.frames[:after] + part
        if sum(len(frame.picture) for frame in frames) > MOST_BYTES:
            raise UserError("film.too_large", limit=MOST_BYTES)
        rising = after == 0 or not part or frames[after - 1].at_ms < part[0].at_ms
        if len(frames) > MOST_FRAMES or not rising:
            raise UserError("film.unreadable")
        return _Coming(self.drawn_at, frames)


class FilmService:
    """Draws, takes films, has them judged."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts, self._work = parts, work
        self._lock = threading.Lock()
        self._films: OrderedDict[str, tuple[FilmFrame, ...]] = OrderedDict()
        self._coming: OrderedDict[str, _Coming] = OrderedDict()
        self._judging: dict[str, threading.Event] = {}

    def draw(self, key: str, who: Principal, case_id: str, body: wire.DrawChallenge) -> str:
        """Gestures for the next check, as many as asked for but never fewer than the bank's own number of them; see
        :func:`teller.cases.presence.challenged` for refusals.
        """

        def act(unit: Unit, case: Case) -> Case:
            gestures = challenge.drawn(self._parts.random.randbelow, max(body.gestures, self._parts.gestures))
            return presence.challenged(case, gestures, self._parts.clock.now())

        return self._work.command(key, who, "case.challenge", case_id, body, require_teller, act)

    def part(self, who: Principal, case_id: str, data: bytes, after: int) -> str:
        """Some pictures of a film that is still being taken; they are looked at beside everything else.

        Args:
            after: how many pictures came before these.

        Raises:
            UserError: as :meth:`take`; ``film.part_missing`` (``have``) where the server lacks what came before.
        """
        part = challenge.unpack(data)
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        require_kiosk(case, who)
        drawn = presence.filming(case, self._parts.clock.now())
        with self._lock:
            self._coming[case_id] = self._came(case_id, drawn).with_part(after, part)
            self._coming.move_to_end(case_id)
            while len(self._coming) > KEPT:
                self._coming.popitem(last=False)
        pictures = [frame.picture for frame in part]
        self._parts.errand(lambda: self._parts.judge.look_ahead(pictures), Lane.FILM)
        return case_id

    def _came(self, case_id: str, drawn: Challenge) -> _Coming:
        known = self._coming.get(case_id)
        return known if known is not None and known.drawn_at == drawn.at else _Coming(drawn.at)

    def take(self, key: str, who: Principal, case_id: str, data: bytes, after: int = 0) -> str:
        """The kiosk's film of the newest check is complete. It is judged beside everything else.

        Args:
            after: how many pictures came ahead, by :meth:`part`; 0: all are here.

        Raises:
            UserError: ``film.unreadable``, ``film.too_large``, ``film.part_missing``, ``film.not_asked``,
                ``case.forbidden``.
        """
        last = challenge.unpack(data)
        film: list[FilmFrame] = []

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            with self._lock:
                film[:] = self._came(case_id, presence.filming(case, now)).with_part(after, last).frames
            return presence.filmed(case, film[-1].at_ms - film[0].at_ms if film else 0, now)

        taken = self._work.command(key, who, "case.film", case_id, data, require_kiosk, act)
        with self._lock:
            self._coming.pop(case_id, None)
            if film:  # none: this very command was carried out before
                self._films[case_id] = tuple(film)
            while len(self._films) > KEPT:
                self._films.popitem(last=False)
        self._parts.errand(lambda: self.now(case_id), Lane.FILM)
        return taken

    def forget(self, case_id: str) -> None:
        """The customer has taken the consent back: nothing of a film stays in memory."""
        with self._lock:
            self._coming.pop(case_id, None)
            self._films.pop(case_id, None)

    @property
    def held(self) -> frozenset[str]:
        """Cases of which pictures are in memory."""
        with self._lock:
            return frozenset(self._coming) | frozenset(self._films)

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
            said: Replayed | None = self._parts.judge.replay(film, drawn.gestures)
        except ServiceError as error:
            log.warning("film not judged", extra={"code": error.code})
            with self._lock:  # asked again when the case is submitted again
                self._films.setdefault(case_id, film)
            said = None
        self._work.quietly(case_id, lambda unit, case: self._judged(unit, case, drawn, said, now()))

    def _judged(self, unit: Unit, case: Case, drawn: Challenge, said: Replayed | None, now: datetime) -> Case:
        """A picture of the face at rest stays, so that the live picture can be compared with the kiosk's own."""
        if case.challenge is None or case.challenge.at != drawn.at:
            raise UserError("film.not_asked")
        require_face_consent(case)  # before any picture of it is stored
        outcome, findings = FilmOutcome.UNAVAILABLE, tuple[str, ...]()
        if said is not None:
            outcome, findings = FilmOutcome.PASSED if said.passed else FilmOutcome.FAILED, tuple(said.findings)
        rest = said.rest if said is not None and said.passed else None
        piece = None if rest is None else self._picture(case, rest, now)
        data: dict[str, str | int | None] = {
            "passed": int(outcome is FilmOutcome.PASSED), "findings": ",".join(findings),
        }  # fmt: skip
        unit.registers.add(RegisterLine(now, "face.film", case.kiosk, case.number, case.id, data, case.branch))
        judged = presence.film_judged(case, Film(outcome, now, findings), piece)
        other = said.other if said is not None else None
        return judged if other is None else self._alarm(unit, judged, other, findings, now)

    def _alarm(self, unit: Unit, case: Case, other: bytes, findings: tuple[str, ...], now: datetime) -> Case:
        """Somebody else was in the film: the case keeps that, and the picture it was seen in."""
        piece = self._picture(case, other, now)
        verdict = Verdict.TWO_FACES if TWO_FACES in findings[:1] else Verdict.CHANGED
        look = Look(verdict, LookMoment.CHECK, now, frame=piece.digest)
        data: dict[str, str | int | None] = {"verdict": verdict.value, "moment": look.moment.value}
        unit.registers.add(RegisterLine(now, "face.alarm", case.kiosk, case.number, case.id, data, case.branch))
        return presence.looked(presence.frame_kept(case, piece), look)

    def _picture(self, case: Case, picture: bytes, now: datetime) -> EvidenceRef:
        digest = self._parts.vault.put(picture, JPEG)
        return EvidenceRef(digest, EvidenceKind.FACE_CHECK, JPEG, len(picture), now, case.kiosk)
