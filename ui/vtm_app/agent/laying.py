"""Documents on the glass: watched, guided, taken when good, or when the customer wants it as it is."""

import asyncio
import base64
import logging
import time

from pydantic import ValidationError

from common.errors import AppError, ServiceError, UserError
from common.wire.cases import CustomerStep, EvidenceKind
from common.wire.identity import ChipReading
from devices.client.errors import ConnectionLost
from ui.vtm_app.agent.glass import glance
from ui.vtm_app.agent.host import Host, Wish
from ui.vtm_app.agent.screen import Look

CHIP_S = 1.5
"""A chip answers at once; a document without one is not waited for any longer."""
log = logging.getLogger(__name__)


class Patience:
    """How long the customer has been told what to put right; after that the choice is his own.

    Args:
        limit_s: seconds of guidance before he is asked.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._since: float | None = None

    def begin(self) -> None:
        """He lays it anew, or wants to go on trying."""
        self._since = None

    def over(self) -> bool:
        """Whether he is to be asked now. The first call begins to count."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
        return now - self._since >= self._limit_s


async def lay_document(host: Host, step: CustomerStep, kind: str) -> None:
    """Watch the glass until something new lies there still and well, then send its picture.

    What lay there when the step began must be turned or changed first: it is the side that was sent before. Where
    something is to be put right it is said, over and over as the customer moves; a picture that stays poor is taken
    only when he says so.
    """
    host.show(phase="waiting", deadline=None, look=None)
    _wish_of(host)  # taps of an earlier step
    before, last, patience = host.last_document, None, Patience(host.limits.guide_s)
    while host.at(step):
        picture = await host.machine.document_camera.take_picture()
        seen = glance(picture)
        if seen is None or not seen.something or (before is not None and seen.still(before)):
            host.show(phase="waiting", look=None)
            last = None
            patience.begin()
        else:
            still, last = last is not None and seen.still(last), seen
            if await _may_be_taken(host, kind, picture, patience, still=still):
                host.show(phase="sending")
                if kind in ("id_front", "id_back") and EvidenceKind.ID_BACK in host.case.papers:
                    # The chip of somebody else's card says nothing of the customer; who shows a passport has none.
                    await read_chip(host, anew=kind == "id_front")
                await host.upload(kind, picture)
                host.last_document = seen
                return
        await asyncio.sleep(host.limits.look_s)


async def _may_be_taken(host: Host, kind: str, picture: bytes, patience: Patience, *, still: bool) -> bool:
    """Whether this picture is sent; otherwise the screen says what it waits for."""
    look = await _look(host, kind, picture)
    wish = _wish_of(host)
    if look is None or look.code is None:
        host.show(phase="looking", look=look, problem=None)
        patience.begin()
        return still
    if wish is Wish.AS_IS:
        return True
    if wish is Wish.AGAIN:
        patience.begin()
    over = patience.over()
    host.show(phase="choose" if over else "guiding", look=look, problem=None)
    return False


async def _look(host: Host, kind: str, picture: bytes) -> Look | None:
    """What the guide says; None without one: then nobody is held up by it."""
    if host.guide is None:
        return None
    try:
        said = await host.guide.look_at_document(picture, kind)
    except ServiceError as error:
        log.info("no guidance", extra={"code": error.code})
        return None
    first = said.findings[0] if said.findings else None
    return Look(said.preview, first.code if first else None, first.fields if first else ())


def _wish_of(host: Host) -> Wish | None:
    """The last thing tapped, if anything was; what was tapped before it does not count any more."""
    wish = None
    while not host.wishes.empty():
        wish = host.wishes.get_nowait()
    return wish


async def read_chip(host: Host, *, anew: bool) -> None:
    """The chip comes first, the picture confirms it. A card without one, or a reader that fails, holds up nobody.

    ``anew``: also when this case has a chip's reading already.
    """
    reader = host.machine.id_card
    if not reader.there or (host.chip_sent == host.case.id and not anew):
        return
    try:
        chip = await reader.read(timeout_s=CHIP_S)
    except (AppError, ConnectionLost) as error:
        log.info("chip not read", extra={"code": getattr(error, "code", "")})
        return
    if chip is None:
        return
    try:
        body = ChipReading(
            **chip.content.fields,
            portrait=base64.b64encode(chip.content.portrait),
            signature=chip.signature,
            reader=chip.reader,
        )
        await host.send("chip", body)
        host.chip_sent = host.case.id
    except (UserError, ValidationError) as error:
        log.warning("chip not accepted", extra={"what": type(error).__name__})


async def lay_id_front(host: Host) -> None:
    """The side with the portrait."""
    await lay_document(host, CustomerStep.LAY_ID_FRONT, "id_front")


async def lay_id_back(host: Host) -> None:
    """The side with the validity."""
    await lay_document(host, CustomerStep.LAY_ID_BACK, "id_back")


async def lay_licence(host: Host) -> None:
    """A company's business licence."""
    await lay_document(host, CustomerStep.LAY_LICENCE, "licence")


async def lay_party_front(host: Host) -> None:
    """The identity card of who acts for the customer: the agent's or the guardian's."""
    await lay_document(host, CustomerStep.LAY_PARTY_FRONT, "party_front")


async def lay_household_page(host: Host) -> None:
    """The page of the household register that is about the child."""
    await lay_document(host, CustomerStep.LAY_HOUSEHOLD_PAGE, "household_page")
