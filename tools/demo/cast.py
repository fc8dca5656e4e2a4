"""The people of the demo, playing in the real windows: every act is a click or a key through Qt, in some window."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from common.errors import ServiceError
from common.wire.liveness import Gesture
from tools.demo.signatures import SIGNATURES
from tools.demo.stage import Stage
from tools.demo_people import CUSTOMER
from ui.kit.automation_client import AutomationClient, AutomationError
from ui.kit.texts import liveness

log = logging.getLogger(__name__)
_PAD = (952, 640)
_NOTE_ASKED = "写一句说明"
_REACTION_S = 0.5
_ONCE_MORE_S = 2.5
"""Who sees the same words still does it again."""
_GESTURES = {words: gesture.value for gesture in Gesture for words in liveness.TEXTS[f"kiosk.liveness_{gesture.value}"]}
"""What the kiosk says, in either language, and what the customer does then."""


def _fine(corners: Sequence[tuple[float, float]], step: float = 14.0) -> list[tuple[float, float]]:
    """A hand does not jump: points every few pixels along the stroke."""
    points = [corners[0]]
    for (x0, y0), (x1, y1) in pairwise(corners):
        parts = max(1, round(math.hypot(x1 - x0, y1 - y0) / step))
        points += [(x0 + (x1 - x0) * k / parts, y0 + (y1 - y0) * k / parts) for k in range(1, parts + 1)]
    return points


class Cast:
    """Customer, teller and authoriser.

    Args:
        shots: where the pictures of each step go; None takes none.
        after: what else happens once a step of that name is done: a blow from outside that no story tells of.
    """

    def __init__(self, stage: Stage, shots: Path | None, after: "Mapping[str, Interlude] | None" = None) -> None:
        self.stage, self._shots, self._number = stage, shots, 0
        self._after: Mapping[str, Interlude] = after or {}
        self.steps: list[dict[str, float | str]] = []
        self.moments: list[tuple[float, str]] = []
        self.checks: dict[str, bool] = {}
        """What the players saw for themselves: for the report."""
        self._step_began = time.monotonic()

    @property
    def kiosk(self) -> AutomationClient:
        return self.stage.players["kiosk"]

    @property
    def teller(self) -> AutomationClient:
        return self.stage.players["teller"]

    @property
    def authoriser(self) -> AutomationClient:
        return self.stage.players["authoriser"]

    async def step_done(self, name: str) -> None:
        """Note how long it took and take a picture of every window."""
        now = time.monotonic()
        self._number += 1
        self.moments.append((now, name))
        self.steps.append({"step": name, "seconds": round(now - self._step_began, 2)})
        if self._shots is not None:
            stem = f"{self._number:02d}-{name}"
            for who, window in (("kiosk", "kiosk.window"), ("hands", "hands.window")):
                await self.kiosk.grab(self._shots / f"{stem}-{who}.png", name=window)
            await self.teller.grab(self._shots / f"{stem}-teller.png")
            await self.authoriser.grab(self._shots / f"{stem}-authoriser.png")
        if name in self._after:
            await self._after[name](self)
        self._step_began = time.monotonic()

    # --- the customer ------------------------------------------------------------------------------------------

    async def page(self, name: str, within_s: float = 30.0) -> None:
        """Until the kiosk shows a page."""
        await self.kiosk.wait("kiosk.page", within_s, text=name)

    async def arrive(self, scenario: str, card: str) -> None:
        """Choose, insert the card, wait in the queue."""
        await self.kiosk.click(f"kiosk.choose.{scenario}")
        await self.page("insert_card")
        await self.kiosk.choose("hands.card", card)
        await self.kiosk.click("hands.insert_card", timeout_s=20)
        await self.page("queue")

    async def lay(self, document: str) -> None:
        """Lay a document on the glass, in place of what lies there."""
        if await self.enabled("hands.remove_document"):
            await self.kiosk.click("hands.remove_document")
        await self.kiosk.choose("hands.document", document)
        await self.kiosk.click("hands.lay_document", timeout_s=20)

    async def enabled(self, name: str) -> bool:
        """Whether a widget of the kiosk could be pressed now."""
        try:
            await self.kiosk.wait(name, 0.1, enabled=True)
        except AutomationError:
            return False
        return True

    async def obey(self, within_s: float = 90.0) -> None:
        """Do with the face what the kiosk's screen says, until the teller's window shows the comparison's score."""
        deadline, done, acted = time.monotonic() + within_s, "", 0.0
        while not await self._is_scored():
            if time.monotonic() > deadline:
                raise ServiceError("demo.stuck", what=f"no face score: {await self.main_key()}")
            said = await self.kiosk.text("kiosk.step")
            if said in _GESTURES and (said != done or time.monotonic() - acted > _ONCE_MORE_S):
                await asyncio.sleep(_REACTION_S)
                acted = time.monotonic()
                await self.kiosk.click(f"hands.face.{_GESTURES[said]}")
            done = said
            if "重新抓拍" in await self.main_key():
                await self.teller.key("F9")
            await asyncio.sleep(0.1)

    async def _is_scored(self) -> bool:
        """Whether a score is to be seen, not only its empty place."""
        try:
            await self.teller.wait("teller.score", 0.1, visible=True, contains=".")
        except AutomationError:
            return False
        return True

    async def enter_pin(self, pin: str) -> None:
        """On the PIN pad, digit by digit; the screen shows a dot for each."""
        await self.page("pin")
        await self.kiosk.wait("hands.key.1", 20, enabled=True)
        for digit in pin:
            await self.kiosk.click(f"hands.key.{digit}", timeout_s=20)
        await self.kiosk.click("hands.enter", timeout_s=20)

    async def sign(self, name: str = CUSTOMER.name) -> None:
        """The own name, with finger or mouse on the pad."""
        await self.page("sign")
        for stroke in SIGNATURES[name]:
            await self.kiosk.drag("kiosk.signature", _fine([(x * _PAD[0], y * _PAD[1]) for x, y in stroke]))
        await self.kiosk.click("kiosk.signed")

    async def take_card(self) -> None:
        await self.page("take_card")
        await self.kiosk.click("hands.take_card", timeout_s=30)

    async def put_notes(self, notes: dict[str, int]) -> None:
        """Notes out of the pocket into the slot, picked one by one."""
        for face, count in notes.items():
            for _ in range(count):
                await self.kiosk.click(f"hands.more.{face}")
        await self.kiosk.click("hands.put_notes", timeout_s=30)

    # --- the teller --------------------------------------------------------------------------------------------

    async def main_key(self) -> str:
        """What the teller's main key says."""
        return await self.teller.text("teller.mainKey")

    async def press_main(self, until: str, within_s: float = 240.0) -> str:
        """Press F9 as long as it is the next thing to do, until the key says (a part of) ``until``; what it says."""
        deadline = time.monotonic() + within_s
        while until not in (said := await self.main_key()):
            if time.monotonic() > deadline:
                raise ServiceError("demo.stuck", what=f"{said} instead of {until}")
            if await self._main_is_live():
                await self.teller.key("F9")
                if said == _NOTE_ASKED:
                    await self._explain()
            await asyncio.sleep(0.25)
        return said

    async def _explain(self) -> None:
        """On a machine too slow for the film of the check the server cannot tell: a note for the authoriser."""
        log.warning("a note is asked for")
        for last in (False, False, False, True):
            try:
                await self.teller.type("teller.note", "视频中已看到客户本人，动作检查未能确认。")
                break
            except AutomationError:  # a toast lies over it for a moment
                if last:
                    raise
                await asyncio.sleep(2)

    async def _main_is_live(self) -> bool:
        try:
            await self.teller.wait("teller.mainKey", 0.1, enabled=True)
        except AutomationError:
            return False
        return True

    async def main_says(self, words: str, within_s: float = 90.0) -> None:
        """Until the main key says it."""
        await self.teller.wait("teller.mainKey", within_s, contains=words)

    # --- the authoriser ----------------------------------------------------------------------------------------

    async def press_approve(self, within_s: float = 60.0) -> None:
        """F9 through every difference, then approve; until the task is gone."""
        deadline = time.monotonic() + within_s
        while await self.authoriser.exists("authoriser.task"):
            if time.monotonic() > deadline:
                raise ServiceError("demo.stuck", what="the authoriser cannot approve")
            try:
                await self.authoriser.wait("authoriser.main_key", 0.2, enabled=True)
                await self.authoriser.key("F9")
            except AutomationError:
                continue
            await asyncio.sleep(0.5)
        await self.step_done("approved")

    async def press_until_gone(self, name: str, within_s: float = 20.0) -> None:
        """Press a key of the authoriser's dialog; in its first 0.4 s it does not listen, so a person presses again."""
        deadline = time.monotonic() + within_s
        while await self.authoriser.exists(name):
            if time.monotonic() > deadline:
                raise ServiceError("demo.stuck", what=f"{name} does not go")
            try:
                await self.authoriser.click(name, timeout_s=1)
            except AutomationError:
                continue
            await asyncio.sleep(0.5)


Interlude = Callable[[Cast], Awaitable[None]]
