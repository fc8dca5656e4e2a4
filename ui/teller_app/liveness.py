"""The liveness check in the call: gestures come from the server and go to the kiosk, frames to the worker, the result
into the case. The kiosk films it beside that, and the server judges the film itself.

F3 begins it, where the customer has agreed to face use; who passes is compared with the portrait at once. After two
checks that failed F3 goes straight to the comparison: the rules then ask for a second person, nobody stands before a
closed door.

One frame is under way at a time, five a second at most, and only while a check runs: the call beside it needs the
processor more.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from random import SystemRandom

from PySide6.QtCore import QObject, QTimer, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, Prompt
from common.wire.identity import ConsentState
from common.wire.liveness import DrawChallenge, LivenessResult
from ocr.api import FaceLook
from ocr.liveness.check import Chance, LivenessCheck, Phase
from ui.teller_app.case_controller import CaseController
from ui.teller_app.local import CallPhase, Job
from ui.teller_app.local import Phase as JobPhase
from ui.teller_app.ports import CallLinkPort, VisionPort

LOOK_EVERY_MS = 200
MOST_TRIES = 2
NO_MORE_TRIES = "liveness.no_more_tries"
LOOK, GOOD = "look", "good"


class LivenessRunner(QObject):
    """Runs checks for the open case.

    Args:
        gestures: how many a check asks for, 2 to 5; 0: no check at all.

    Signals:
        go_on(): it is time for the comparison.
    """

    go_on = Signal()

    def __init__(
        self,
        cases: CaseController,
        link: CallLinkPort,
        vision: VisionPort,
        clock: Clock,
        gestures: int,
        chance: Chance | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cases, self._link, self._vision, self._clock = cases, link, vision, clock
        self._gestures, self._chance = gestures, chance or SystemRandom()
        self._check: LivenessCheck | None = None
        self._case_id = self._shown = ""
        self._making = False
        self._frames: list[bytes] = []
        self._frame_at = 0.0
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(LOOK_EVERY_MS)
        self._next.timeout.connect(self._take)
        cases.snapshot.connect(self.begin)
        cases.opened.connect(lambda _: self._drop())

    @property
    def running(self) -> bool:
        """Whether a check is under way, or what it found is."""
        return self._check is not None

    def begin(self) -> None:
        """F3."""
        case = self._cases.case
        if case is None or self._check is not None or self._cases.local.face.running:
            return
        if self._is_needless(case):
            self.go_on.emit()
            return
        self._case_id, self._shown, self._frames, self._making = case.id, "", [], False
        self._cases.set_local(face=Job(JobPhase.RUNNING, "liveness", self._cases.now(), LOOK))
        body = DrawChallenge(gestures=self._gestures)
        self._cases.store.command("liveness-challenge", body, on_ok=self._drawn, on_error=self._undrawn(case.id))

    def _drawn(self, case: CaseView) -> None:
        """The server has drawn: the kiosk films from the first sentence on."""
        challenge = case.identity.challenge
        if case.id != self._case_id or self._check is not None or challenge is None:
            return
        self._check = LivenessCheck(challenge.gestures, self._chance, self._clock.monotonic())
        self._tell()
        self._take()

    def _undrawn(self, case_id: str) -> Callable[[AppError], None]:
        def lost(error: AppError) -> None:
            if case_id != self._case_id or self._check is not None:
                return
            if error.code == NO_MORE_TRIES:  # nobody stands before a closed door: a second person will look
                self._cases.set_local(face=Job())
                self.go_on.emit()
            else:
                self._fail(error.code)

        return lost

    def skip(self) -> None:
        """Go on without it: the rules will ask for a second person."""
        if self._check is None and self._cases.local.face.code.startswith("liveness."):
            self._cases.set_local(face=Job())
            self.go_on.emit()

    def _is_needless(self, case: CaseView) -> bool:
        known = case.identity.liveness
        return (
            self._gestures == 0
            or self._cases.local.call is not CallPhase.LIVE
            or case.identity.face_consent.state is not ConsentState.GIVEN
            or (known is not None and (known.passed or known.attempts >= MOST_TRIES))
        )

    def _drop(self) -> None:
        self._check = None
        self._frames = []
        self._next.stop()

    def _now(self, case_id: str) -> LivenessCheck | None:
        """The check that an answer belongs to, if it is still the one."""
        return self._check if case_id == self._case_id else None

    # --- frames ---------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        case_id = self._case_id
        if self._check is not None:
            self._link.snapshot(
                lambda frame, at: self._taken(case_id, frame, at), lambda _: self._looked(case_id, b"", None)
            )

    def _taken(self, case_id: str, frame: bytes, _at: datetime) -> None:
        if self._now(case_id) is None:
            return
        self._frame_at = self._clock.monotonic()
        self._vision.look(
            frame,
            lambda look: self._looked(case_id, frame, look),
            lambda _: self._looked(case_id, b"", None),
        )

    def _looked(self, case_id: str, frame: bytes, look: FaceLook | None) -> None:
        check = self._now(case_id)
        if check is None:
            return
        if look is not None:
            check.feed(look, self._frame_at)
            if check.making and not self._making:
                self._frames.append(frame)
            self._making = check.making
        check.tick(self._clock.monotonic())
        if check.over:
            self._end(check, frame)
        else:
            self._tell()
            self._next.start()

    def _tell(self) -> None:
        """What is asked now, to the kiosk and to the teller."""
        check = self._check
        assert check is not None
        said = check.asked.value if check.asked is not None else LOOK if check.phase is Phase.STEADY else GOOD
        if said == self._shown:
            return
        self._shown = said
        self._cases.set_local(face=Job(JobPhase.RUNNING, "liveness", self._cases.now(), said))
        body = Prompt(step=CustomerStep.LIVENESS, say=f"liveness.{said}")
        self._cases.store.command("prompt", body, on_error=self._lost(self._case_id), quiet=True)

    # --- the end --------------------------------------------------------------------------------------------------

    def _end(self, check: LivenessCheck, last: bytes) -> None:
        frames = [frame for frame in (self._frames or [last]) if frame]
        self._keep(self._case_id, check, frames, [])

    def _keep(self, case_id: str, check: LivenessCheck, left: list[bytes], kept: list[str]) -> None:
        """Store the frames one after the other, then the result that names them."""
        if self._now(case_id) is None:
            return
        if not left:
            self._report(case_id, check, kept)
            return
        frame, rest = left[0], left[1:]
        digest = hashlib.sha256(frame).hexdigest()
        self._cases.store.upload(
            EvidenceKind.FACE_CHECK.value,
            frame,
            on_ok=lambda _: self._keep(case_id, check, rest, [*kept, digest]),
            on_error=self._lost(case_id),
        )

    def _report(self, case_id: str, check: LivenessCheck, kept: list[str]) -> None:
        body = LivenessResult(
            passed=check.phase is Phase.PASSED, steps=check.steps, findings=list(check.findings)[:8], frames=kept
        )
        self._cases.store.command(
            "liveness", body, on_ok=lambda _: self._reported(case_id, check), on_error=self._lost(case_id)
        )

    def _reported(self, case_id: str, check: LivenessCheck) -> None:
        if self._now(case_id) is None:
            return
        self._drop()
        if check.phase is Phase.PASSED:
            self._cases.set_local(face=Job())
            self.go_on.emit()
        else:
            self._fail(check.findings[0])

    def _lost(self, case_id: str) -> Callable[[AppError], None]:
        """The server did not take something: the check is over, and can be begun again."""

        def lost(error: AppError) -> None:
            if self._now(case_id) is not None:
                self._drop()
                self._fail(error.code)

        return lost

    def _fail(self, code: str) -> None:
        self._cases.set_local(face=Job(JobPhase.FAILED, "live_frame", self._cases.now(), code))
