"""The liveness check and the looks at who is there, over played ports: gestures out, frames in, results home."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.seat import cases
from benchmarks.seat.outside import FakeLink, FakeStore, FakeVision, StillClock
from common.errors import UserError
from common.wire.cases import CaseView, CustomerStep, EvidenceKind
from common.wire.identity import ConsentState
from common.wire.liveness import ChallengeView, Gesture, LivenessView, LookMoment, Verdict
from ocr.api import FaceLook, FaceMatch, FaceSigns, FaceTraces
from ui.teller_app.call_watch import CallWatch
from ui.teller_app.case_controller import CaseController
from ui.teller_app.continuity import ContinuityWatch
from ui.teller_app.liveness import LivenessRunner

REST = FaceSigns(eyes=0.32, mouth=0.15, yaw=0.02, pitch=0.64, span=170)
MADE = {
    Gesture.BLINK: FaceSigns(0.18, 0.15, 0.02, 0.64, 170),
    Gesture.MOUTH: FaceSigns(0.32, 0.42, 0.02, 0.55, 170),
    Gesture.TURN_LEFT: FaceSigns(0.33, 0.16, 0.12, 0.63, 155),
    Gesture.TURN_RIGHT: FaceSigns(0.33, 0.16, -0.09, 0.65, 155),
    Gesture.NOD: FaceSigns(0.26, 0.13, 0.02, 0.80, 170),
}


class Desk:
    """A seat in a call with an open case whose customer has agreed to face use."""

    def __init__(self, gestures: int = 3, case: CaseView | None = None) -> None:
        self.store, self.link, self.vision, self.clock = FakeStore(), FakeLink(), FakeVision(), StillClock()
        self.cases = CaseController(self.store, self.link, self.clock, cases.USER.number)
        self.watch = CallWatch(self.link, self.cases)
        self.runner = LivenessRunner(
            self.cases, self.link, self.vision, self.clock, gestures, random.Random(5)
        )  # fmt: skip
        self.went_on: list[bool] = []
        self.runner.go_on.connect(lambda: self.went_on.append(True))
        self.store.show(case or cases.draft())
        self.link.stand()
        self.number = 0

    def answer_all(self) -> None:
        """The server does what it was asked, and says no more; it has drawn three gestures."""
        while self.store.waiting:
            case = self.store.case
            assert case is not None
            drawn = ChallengeView(gestures=[Gesture.NOD, Gesture.BLINK, Gesture.TURN_LEFT], at=cases.START)
            identity = case.identity.model_copy(update={"challenge": drawn})
            self.store.answer(case.model_copy(update={"identity": identity}))

    def said(self) -> str:
        """What the kiosk was last told to show."""
        prompts = [one.body for one in self.store.beside if one.suffix == "prompt"]
        assert all(body.step is CustomerStep.LIVENESS for body in prompts)
        return str(prompts[-1].say).removeprefix("liveness.") if prompts else ""

    def look(self, qtbot: QtBot, signs: FaceSigns) -> None:
        """The worker answers the oldest frame."""
        qtbot.waitUntil(lambda: bool(self.vision.looks))
        self.number += 1
        self.clock.at += timedelta(seconds=0.25)
        _, on_ok, _ = self.vision.looks.pop(0)
        on_ok(
            FaceLook(1, signs, FaceTraces(2.3, 0.25, 4.8, 0.12), bytes((self.number * 5 + k) % 251 for k in range(256)))
        )
        self.answer_all()

    def play(self, qtbot: QtBot, *, obey: bool) -> None:
        """Until the check is over: two looks at each gesture, if the customer does as asked."""
        shown, count = "", 0
        while self.runner.running:
            said = self.said()
            count = 0 if said != shown else count + 1
            shown = said
            gesture = Gesture(said) if said in set(Gesture) else None
            self.look(qtbot, MADE[gesture] if gesture is not None and obey and count in (1, 2) else REST)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.teller_app.liveness.LOOK_EVERY_MS", 0)


def test_who_does_as_asked_is_compared(qtbot: QtBot) -> None:
    desk = Desk()
    desk.cases.snapshot.emit()
    assert desk.said() == "", "nothing is asked before the server has drawn"
    desk.answer_all()
    assert desk.said() == "look"
    desk.play(qtbot, obey=True)
    result = next(one.body for one in desk.store.sent if one.suffix == "liveness")
    assert (result.passed, [step.outcome for step in result.steps], result.findings) == (True, ["done"] * 3, [])
    assert desk.store.suffixes().count(f"evidence?kind={EvidenceKind.FACE_CHECK.value}") == 3
    assert len(result.frames) == 3
    assert desk.went_on == [True]
    assert not desk.cases.local.face.running


def test_where_the_server_draws_no_more_a_person_compares(qtbot: QtBot) -> None:
    desk = Desk()
    desk.cases.snapshot.emit()
    desk.store.refuse(UserError("liveness.no_more_tries", tries=3))
    assert desk.went_on == [True]
    assert not desk.cases.local.face.running
    assert not desk.runner.running


def test_who_does_nothing_gets_a_hint_and_another_try(qtbot: QtBot) -> None:
    desk = Desk()
    desk.cases.snapshot.emit()
    desk.answer_all()
    desk.play(qtbot, obey=False)
    result = next(one.body for one in desk.store.sent if one.suffix == "liveness")
    assert (result.passed, result.findings[0]) == (False, "liveness.late")
    assert (desk.cases.local.face.failed, desk.cases.local.face.code) == (True, "liveness.late")
    assert desk.went_on == []
    desk.cases.snapshot.emit()
    desk.answer_all()
    assert desk.runner.running
    desk.store.close()
    assert not desk.runner.running


@pytest.mark.parametrize(
    ("gestures", "identity"),
    [
        (0, cases.identity()),
        (3, cases.identity(ConsentState.DECLINED)),
        (3, cases.identity(liveness=LivenessView(passed=False, attempts=2, at=cases.START))),
        (3, cases.identity(liveness=LivenessView(passed=True, attempts=1, at=cases.START))),
    ],
)
def test_nobody_stands_before_a_closed_door(gestures: int, identity: object) -> None:
    desk = Desk(gestures, cases.draft(identity=identity))
    desk.cases.snapshot.emit()
    assert desk.went_on == [True]
    assert desk.store.sent + desk.store.beside == []


def test_the_teller_may_go_on_without_it(qtbot: QtBot) -> None:
    desk = Desk()
    desk.cases.snapshot.emit()
    desk.answer_all()
    desk.play(qtbot, obey=False)
    desk.runner.skip()
    assert desk.went_on == [True]
    assert not desk.cases.local.face.failed


# --- the same person -----------------------------------------------------------------------------------------------


class Watched(Desk):
    """With looks at who is there; a new picture arrives with every tick."""

    def __init__(self, case: CaseView | None = None) -> None:
        super().__init__(case=case)
        self.continuity = ContinuityWatch(self.cases, self.link, self.vision, self.clock, 1000.0)
        self.continuity._timer.stop()
        self.alarms: list[str] = []
        self.continuity.alarmed.connect(self.alarms.append)

    def tick(self, seconds: float = 1.0) -> None:
        self.clock.at += timedelta(seconds=seconds)
        self.link.picture = SimpleNamespace(decoded_monotonic_ns=round(self.clock.monotonic() * 1e9))
        self.continuity.tick()

    def see(self, *, same: bool = True, faces: int = 1) -> None:
        """The worker answers the oldest comparison."""
        distance = (0.3 if same else 0.9) if faces == 1 else None
        score = 95.0 if same and faces == 1 else 0.0
        _, _, on_ok, _ = self.vision.matches.pop(0)
        on_ok(FaceMatch(score >= 80, score, distance, 80.0, (1, faces)))
        self.answer_all()

    def reported(self) -> list[tuple[Verdict, LookMoment]]:
        return [(one.body.verdict, one.body.moment) for one in self.store.beside if one.suffix == "continuity"]


def test_the_first_look_is_the_measure_and_the_signature_is_looked_at(qtbot: QtBot) -> None:
    desk = Watched(cases.filled())
    desk.tick()
    desk.see()
    desk.tick()
    assert desk.vision.matches == []
    desk.store.show(cases.authorised(customer_step=CustomerStep.SIGN, identity=cases.identity()))
    desk.tick()
    desk.see()
    assert desk.reported() == [(Verdict.SAME, LookMoment.GREETING), (Verdict.SAME, LookMoment.SIGNATURE)]


@pytest.mark.parametrize(("faces", "verdict"), [(1, Verdict.CHANGED), (2, Verdict.TWO_FACES)])
def test_a_changed_or_a_second_face_alarms_and_is_kept(qtbot: QtBot, faces: int, verdict: Verdict) -> None:
    desk = Watched()
    desk.tick()
    desk.see()
    desk.tick(3)
    desk.tick(5)
    desk.see(same=False, faces=faces)
    assert desk.alarms == []
    desk.tick(2)
    desk.see(same=False, faces=faces)
    assert desk.alarms == [verdict.value]
    assert desk.reported()[-1][0] is verdict
    assert desk.store.beside[-1].body.frame is not None


def test_without_consent_nobody_is_looked_at(qtbot: QtBot) -> None:
    desk = Watched(cases.draft(identity=cases.identity(ConsentState.NONE)))
    desk.tick()
    assert desk.vision.matches == []


def test_one_look_at_a_time_and_none_while_the_worker_is_busy(qtbot: QtBot) -> None:
    desk = Watched()
    desk.vision.now = "busy"
    desk.tick()
    assert desk.vision.matches == []
    desk.vision.now = "ready"
    desk.tick()
    desk.tick()
    assert len(desk.vision.matches) == 1
