"""Notes that the machine did not trust, told to the server: numbers, pictures, and where each lies.

It gave them back, or keeps them apart; it takes none away. A note is with the customer only once it was taken.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from common.errors import ServiceError, UserError
from common.wire.cash import SuspectNoteEntry, SuspectNotes
from devices.client.deposit import OddNote
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)


async def tell_now(host: Host) -> None:
    """What there is of the present cash-in, for the teller who speaks with the customer. The journal tells it again."""
    notes = await host.machine.acceptor.odd_notes()
    try:
        await _send(host, _entries(notes), host.case.id)
    except (ServiceError, UserError) as error:
        log.warning("suspect notes not told", extra={"code": error.code})


async def for_the_journal(host: Host) -> dict[str, Any]:
    """Where the notes of a cash-in that is over have come to, as a part of its outcome; nothing for none."""
    found = [entry.model_dump(mode="json") for entry in _entries(await host.machine.acceptor.odd_notes())]
    return {"odd": found} if found else {}


async def tell(host: Host, detail: Mapping[str, Any], case_id: str) -> None:
    """What the journal says of them. Money does not wait for numbers that the server does not take.

    Raises:
        ServiceError: the server does not answer; said again with the outcome.
    """
    try:
        await _send(host, [SuspectNoteEntry.model_validate(entry) for entry in detail.get("odd", ())], case_id)
    except UserError as error:
        log.warning("suspect notes not taken", extra={"code": error.code})


async def _send(host: Host, notes: Sequence[SuspectNoteEntry], case_id: str) -> None:
    if notes:
        await host.send("suspect-notes", SuspectNotes(notes=list(notes)), case_id=case_id)


def _entries(odd: Iterable[OddNote]) -> list[SuspectNoteEntry]:
    return [
        SuspectNoteEntry(
            serial=note.serial or "?", face=note.value_minor // 100, level=note.level, location=note.location,
            picture=note.picture, series=note.series,
        )
        for note in odd
    ]  # fmt: skip
