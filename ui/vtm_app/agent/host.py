"""What the steps of a visit need from the agent that runs them."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel

from common.clock import Clock
from common.wire.cases import CaseView, CustomerStep
from devices.client.card import CardData
from devices.client.deposit import CashInSession
from devices.client.journal import CashJournal
from devices.client.machine import Machine
from ocr.api import Guidance
from ui.kit.client import ApiClient
from ui.vtm_app.agent.glass import Glance


class Wish(StrEnum):
    """What the customer taps while the machine counts, or while a document lies poorly on the glass."""

    RIGHT = "right"
    MORE = "more"
    BACK = "back"
    AS_IS = "as_is"
    AGAIN = "again"


class DocumentGuide(Protocol):
    """Looks at a document before its picture is taken (`ocr.client.GuideClient`)."""

    async def wake(self) -> None:
        """A visit begins: be ready in time."""

    async def look_at_document(self, picture: bytes, expected: str | None = None) -> Guidance:
        """What stands against taking this picture; ServiceError when nobody can look."""


Eye = Callable[[], Awaitable[bytes]]
"""A picture of who stands before the kiosk's camera now, as JPEG; UserError where there is none."""


class Host(Protocol):
    """The agent, as its steps see it."""

    api: ApiClient
    journal: CashJournal
    clock: Clock
    guide: DocumentGuide | None
    eye: Eye | None
    card: CardData | None
    cash_in: CashInSession | None
    cash_key: str | None
    last_document: Glance | None
    chip_sent: str | None
    wishes: "asyncio.Queue[Wish]"
    notes_in: asyncio.Event
    """Set once notes lie in the slot that stands open: they are being counted."""
    limits: "Limits"

    @property
    def machine(self) -> Machine:
        """The connected machine; ConnectionLost before it was found."""

    @property
    def case(self) -> CaseView:
        """The case of this visit; RuntimeError without one."""

    @property
    def case_id(self) -> str | None:
        """Of this visit, if there is one."""

    def at(self, step: CustomerStep) -> bool:
        """Whether the case still asks for this step."""

    def show(self, **changes: Any) -> None:
        """Change the screen; `phase`, `digits`, `notes`, `refused`, `deadline`, `problem`, `look`."""

    async def send(self, suffix: str, body: BaseModel | None = None, *, case_id: str | None = None) -> CaseView:
        """A command on the case of this visit (or another one); the answer becomes the case if it is this visit's."""

    async def upload(self, kind: str, picture: bytes) -> CaseView:
        """A picture as evidence of the case."""


class Limits:
    """Seconds that the kiosk waits for a person or a machine; ``again_s`` before what failed is tried again;
    ``guide_s`` of guidance before he may have a poor picture taken; ``supplies_s`` between looks at the page printer.
    """

    def __init__(
        self,
        *,
        card_s: float = 60.0,
        take_card_s: float = 30.0,
        take_cash_s: float = 30.0,
        take_paper_s: float = 30.0,
        pin_s: float = 60.0,
        insert_s: float = 60.0,
        look_s: float = 0.5,
        guide_s: float = 8.0,
        machine_back_s: float = 60.0,
        goodbye_s: float = 6.0,
        again_s: float = 1.0,
        supplies_s: float = 3.0,
    ) -> None:
        self.card_s, self.take_card_s, self.take_cash_s, self.take_paper_s = (
            card_s,
            take_card_s,
            take_cash_s,
            take_paper_s,
        )
        self.pin_s, self.insert_s, self.look_s = pin_s, insert_s, look_s
        self.guide_s, self.supplies_s = guide_s, supplies_s
        self.machine_back_s, self.goodbye_s, self.again_s = machine_back_s, goodbye_s, again_s


Step = Callable[[Host], Awaitable[None]]
