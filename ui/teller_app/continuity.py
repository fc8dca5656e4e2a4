"""Is it still the same person? Looks at the live picture beside whatever the teller does.

One look every half minute or so at random, after a gap in the picture and before the signature; one at a time, none
while the worker has something else to do. Without the customer's consent to face use nothing is looked at.
"""

import hashlib
from random import SystemRandom

from PySide6.QtCore import QObject, QTimer, Signal

from common.clock import Clock
from common.wire.cases import CaseView, CustomerStep, EvidenceKind
from common.wire.identity import ConsentState
from common.wire.liveness import ContinuityResult, LookMoment, Verdict
from ocr.api import FaceMatch
from ocr.liveness.continuity import ContinuityPlan, Now, verdict_of
from ui.teller_app.case_controller import CaseController
from ui.teller_app.case_facts import is_mine
from ui.teller_app.local import CallPhase
from ui.teller_app.ports import CallLinkPort, VisionPort

TICK_MS = 1000
ALARMS = (Verdict.TWO_FACES, Verdict.CHANGED)


class ContinuityWatch(QObject):
    """Looks for the open case.

    Args:
        every_s: seconds between two random looks, on average; 0: none is taken.

    Signals:
        alarmed(str): ``two_faces`` or ``changed``.
    """

    alarmed = Signal(str)

    def __init__(
        self,
        cases: CaseController,
        link: CallLinkPort,
        vision: VisionPort,
        clock: Clock,
        every_s: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cases, self._link, self._vision, self._clock = cases, link, vision, clock
        self._every_s, self._random = every_s, SystemRandom()
        self._plan = self._new_plan()
        self._first: bytes | None = None
        self._busy = False
        self._visit = 0
        cases.opened.connect(lambda _: self._forget())
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        if every_s > 0:
            self._timer.start()

    def _new_plan(self) -> ContinuityPlan:
        return ContinuityPlan(lambda: self._random.uniform(0.5, 1.5) * self._every_s)

    def _forget(self) -> None:
        self._plan, self._first, self._busy = self._new_plan(), None, False
        self._visit += 1

    def _may_look(self, case: CaseView | None) -> bool:
        local = self._cases.local
        return (
            case is not None
            and is_mine(case, local)
            and local.call is CallPhase.LIVE
            and case.identity.face_consent.state is ConsentState.GIVEN
            and case.customer_step is not CustomerStep.GOODBYE
        )

    def tick(self) -> None:
        """Once a second: look if it is time to."""
        case, local = self._cases.case, self._cases.local
        if case is None or not self._may_look(case):
            return
        at = self._clock.monotonic()
        picture = self._link.remote_picture()
        seen_at = None if picture is None else picture.decoded_monotonic_ns / 1e9
        signing = case.customer_step is CustomerStep.SIGN
        moment = self._plan.due(Now(at, seen_at, signing))
        free = not self._busy and self._vision.state == "ready" and not local.face.running and not local.reading.running
        if moment is None or not free:
            return
        self._busy = True
        visit = self._visit
        self._link.snapshot(lambda frame, _: self._taken(visit, moment, frame), lambda _: self._done(visit))

    def _done(self, visit: int) -> None:
        if visit == self._visit:
            self._busy = False

    def _taken(self, visit: int, moment: LookMoment, frame: bytes) -> None:
        if visit != self._visit:
            return
        first = self._first or frame
        self._vision.same_person(
            first, frame, lambda match: self._matched(visit, moment, frame, match), lambda _: self._done(visit)
        )

    def _matched(self, visit: int, moment: LookMoment, frame: bytes, match: FaceMatch) -> None:
        if visit != self._visit:
            return
        self._busy = False
        seen = verdict_of(match)
        verdict = self._plan.seen(seen, moment, self._clock.monotonic())
        if seen is Verdict.SAME and self._first is None:
            self._first = frame
        if verdict is None or not self._may_look(self._cases.case):
            return
        score = None if match.distance is None else match.score
        if verdict in ALARMS:
            self._alarm(visit, ContinuityResult(verdict=verdict, moment=moment, score=score), frame)
        else:
            self._report(ContinuityResult(verdict=verdict, moment=moment, score=score))

    def _alarm(self, visit: int, result: ContinuityResult, frame: bytes) -> None:
        self.alarmed.emit(result.verdict.value)
        named = result.model_copy(update={"frame": hashlib.sha256(frame).hexdigest()})

        def stored(_: CaseView) -> None:
            if visit == self._visit:
                self._report(named)

        self._cases.store.upload(EvidenceKind.FACE_CHECK.value, frame, on_ok=stored, on_error=self._cases.report)

    def _report(self, result: ContinuityResult) -> None:
        self._cases.store.command("continuity", result, on_error=lambda _: None, quiet=True)
