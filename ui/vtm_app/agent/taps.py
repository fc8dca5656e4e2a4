"""What the customer taps, as commands on the case of the visit."""

import asyncio
import contextlib
from typing import Any, Protocol

from pydantic import BaseModel

from common.errors import AppError, UserError
from common.wire.cases import CaseView, Confirmation, OpenCase, Rating, Signature, StrokePoint
from common.wire.identity import ConsentState, FaceConsent
from ui.kit.client import ApiClient
from ui.vtm_app.agent.host import Wish


class Visit(Protocol):
    """The agent, as the customer's taps see it."""

    api: ApiClient
    wishes: "asyncio.Queue[Wish]"

    @property
    def case(self) -> CaseView:
        """The case of this visit; RuntimeError without one."""

    @property
    def case_id(self) -> str | None:
        """Of this visit, if there is one."""

    def show(self, **changes: Any) -> None:
        """Change the screen."""

    async def send(self, suffix: str, body: BaseModel | None = None, *, case_id: str | None = None) -> CaseView:
        """A command on the case."""

    def adopt(self, case: CaseView) -> None:
        """This case is the visit from now on."""

    def look_again(self) -> None:
        """The server says that there is a visit already: find it."""


class Taps:
    """One method for each thing that can be tapped. Called on the loop; the window goes through its bridge."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    async def choose(self, scenario: str, language: str) -> None:
        """The customer picked a business: a case is opened and the card asked for.

        Raises:
            UserError, ServiceError: it cannot be opened now.
        """
        if self._visit.case_id is not None:
            return
        try:
            case = await self._visit.api.post("/cases", OpenCase(scenario=scenario, language=language), CaseView)
        except UserError as error:
            if error.code == "kiosk.visit_open":
                self._visit.look_again()
            raise
        self._visit.adopt(case)

    async def confirm(self, accepted: bool, disputed_line: str | None = None) -> None:
        """The customer's own tap under the summary."""
        summary = self._visit.case.summary
        if summary is not None:
            body = Confirmation(digest=summary.digest, accepted=accepted, disputed_line=disputed_line)
            await self._try("confirmation", body)

    async def sign(self, strokes: list[list[StrokePoint]], width: int, height: int) -> None:
        """The signature, bound to the digest of what was confirmed."""
        summary = self._visit.case.summary
        if summary is not None:
            await self._try("signature", Signature(digest=summary.digest, width=width, height=height, strokes=strokes))

    async def face_consent(self, granted: bool, text: str) -> None:
        """The customer's word on face use, under the words of that version."""
        await self._try("face-consent", FaceConsent(granted=granted, text=text))

    async def face_keep(self, granted: bool, text: str) -> None:
        """The customer's word on a portrait that stays for the next visit."""
        await self._try("face-keep", FaceConsent(granted=granted, text=text))

    async def take_back(self, text: str) -> None:
        """Every consent to the use of the face: of this visit, and that a portrait stays."""
        known = self._visit.case.identity
        if known.kept.state is ConsentState.GIVEN:
            await self.face_keep(False, known.kept.text or text)
        if known.face_consent.state is ConsentState.GIVEN:
            await self.face_consent(False, text)

    async def count_is_right(self) -> None:
        """What the machine counted is what I put in."""
        self._wish(Wish.RIGHT)

    async def insert_more(self) -> None:
        """Another bunch."""
        self._wish(Wish.MORE)

    async def give_cash_back(self) -> None:
        """I want my notes back."""
        self._wish(Wish.BACK)

    async def take_as_it_is(self) -> None:
        """The document lies as well as I can lay it."""
        self._wish(Wish.AS_IS)

    async def lay_again(self) -> None:
        """I will try once more."""
        self._wish(Wish.AGAIN)

    def _wish(self, wish: Wish) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._visit.wishes.put_nowait(wish)

    async def rate(self, stars: int) -> None:
        """One to five; the visit ends."""
        await self._try("rating", Rating(stars=stars))

    async def print_voucher(self) -> None:
        """I want the whole voucher on paper."""
        await self._try("voucher/wanted", None)

    async def leave(self) -> None:
        """The customer ends the visit; the server decides whether that is still possible."""
        if self._visit.case_id is not None:
            await self._try("leave", None)

    async def _try(self, suffix: str, body: BaseModel | None) -> None:
        """A customer's command: what is refused is shown, not raised."""
        try:
            self._visit.show(problem=None)
            await self._visit.send(suffix, body)
        except AppError as error:
            self._visit.show(problem=error)
