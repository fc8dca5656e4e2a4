"""Somebody before the kiosk's camera, drawn by code: does as the kiosk's screen says, or as a recording shows."""

import asyncio
from collections.abc import Callable
from functools import partial

import cv2

from benchmarks.people.scene import Scene, Seat, until
from benchmarks.presentations import Customer
from benchmarks.sitters import demo_customer
from common.wire import cases as wire
from common.wire.liveness import ChallengeView, DrawChallenge, FilmOutcome, Gesture, GestureOutcome, LivenessResult

Does = Callable[[Gesture], Gesture]


class Sitting:
    """Serves as the eye of a kiosk's agent.

    Args:
        does: what is made when something is asked.
    """

    def __init__(self, scene: Scene, does: Does) -> None:
        self._scene, self._does = scene, does
        self._person = Customer(7, demo_customer())
        self._asked: Gesture | None = None
        self._begin = scene.clock.monotonic()
        self.made: list[Gesture] = []

    async def eye(self) -> bytes:
        """A picture of now."""
        return await asyncio.to_thread(self._frame)

    def _frame(self) -> bytes:
        case, at = self._scene.screen.case, self._scene.clock.monotonic() - self._begin
        said = case.customer_say.code.removeprefix("liveness.") if case is not None and case.customer_say else ""
        asked = Gesture(said) if said in set(Gesture) else None
        if asked is not self._asked:
            self._asked = asked
            if asked is not None:
                self._person.ask(self._does(asked), at)
        done, data = cv2.imencode(".jpg", self._person.frame(at), [cv2.IMWRITE_JPEG_QUALITY, 85])
        assert done
        if asked is not None and self._person.resting and asked not in self.made:
            self.made.append(asked)
        return data.tobytes()


async def checked(scene: Scene, teller: Seat, case_id: str, does: Does) -> ChallengeView:
    """A check as a window leads it that says in any case that all was well; what the server found on the film."""
    assert scene.agent is not None
    path, before = f"/cases/{case_id}", scene.agent.eye
    sitting = Sitting(scene, does)
    scene.agent.eye = sitting.eye
    case: wire.CaseView = await teller.command(f"{path}/liveness-challenge", DrawChallenge(gestures=2))
    assert case.identity.challenge is not None
    for said in ("look", *case.identity.challenge.gestures):
        await teller.command(f"{path}/prompt", wire.Prompt(step=wire.CustomerStep.LIVENESS, say=f"liveness.{said}"))
        if said == "look":
            await asyncio.sleep(0.9)  # a face at rest is four pictures long
        else:
            await until(partial(sitting.made.__contains__, said), "the gesture is made")
            await asyncio.sleep(0.3)  # and seen at rest again
    done = [GestureOutcome(gesture=one, outcome="done", ms=900) for one in case.identity.challenge.gestures]
    await teller.command(f"{path}/liveness", LivenessResult(passed=True, steps=done))

    async def verdict() -> ChallengeView:
        while True:
            seen = (await teller.api.get(path, wire.CaseView)).identity.challenge
            assert seen is not None
            if seen.film not in (None, FilmOutcome.WAITING):
                return seen
            await asyncio.sleep(0.05)

    async with asyncio.timeout(60):
        found = await verdict()
    scene.agent.eye = before
    return found
