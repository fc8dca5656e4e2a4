"""A picture of a paper with the customer's own phone: which papers may come that way, and how long a link lives.

Nobody sees where such a picture is taken, nor of what. So it never stands for a paper by which somebody is identified,
and not where the rules want people and papers in one place: those lie on the machine's own glass.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from common.errors import UserError
from common.wire.capture import LinkState
from common.wire.cases import CaseState, CustomerStep, EvidenceKind, EvidenceOrigin
from teller.cases.gathering import evidence_added
from teller.cases.model import Case, EvidenceRef
from teller.identity.capturing import CaptureLink
from teller.transactions.base import Presence

TRIES, LINKS = 8, 10
"""Pictures that may be handed in under one link; links of one case."""
_GATHERING = (CaseState.DRAFT, CaseState.RETURNED)


def comes_by_phone(kind: EvidenceKind, asked: Collection[str], presence: Presence) -> bool:
    """Whether a phone's picture may stand for this paper. ``asked``: kinds of paper that the case needs.

    A household page says who somebody is where no identity card is asked for, as of a small child.
    """
    if presence is Presence.ON_SITE:
        return False
    beside_the_card = EvidenceKind.ID_FRONT.value in asked
    return kind is EvidenceKind.LICENCE or (kind is EvidenceKind.HOUSEHOLD_PAGE and beside_the_card)


def opened(case: Case, link: CaptureLink, asked: Collection[str]) -> Case:
    """A link for one picture; an older one ends with it.

    Raises:
        UserError: ``capture.original_needed`` (``kind``), ``capture.no_more`` (``count``), ``prompt.not_now``.
    """
    if case.state not in _GATHERING:
        raise UserError("prompt.not_now", step=CustomerStep.PHONE_CAPTURE.value, state=case.state.value)
    if not comes_by_phone(link.kind, asked, case.presence):
        raise UserError("capture.original_needed", kind=link.kind.value)
    if link.count > LINKS:
        raise UserError("capture.no_more", count=LINKS)
    return case.evolve(prompt=CustomerStep.PHONE_CAPTURE, say=None, capture=link).marked("asked_phone_capture", link.at)


def next_link(case: Case, link_id: str, kind: EvidenceKind, at: datetime, term: timedelta) -> CaptureLink:
    """The link that comes after those of this case so far."""
    count = case.capture.count if case.capture is not None else 0
    return CaptureLink(link_id, kind, at, at + term, count + 1)


def state_of(case: Case, now: datetime) -> LinkState | None:
    """Of the newest link; None: there was none."""
    link = case.capture
    if link is None or link.state is not LinkState.OPEN:
        return None if link is None else link.state
    if case.state not in _GATHERING or case.prompt is not CustomerStep.PHONE_CAPTURE:
        return LinkState.TAKEN_BACK  # the teller asked for something else, or the case went on or ended
    return LinkState.EXPIRED if now >= link.until else LinkState.OPEN


def require_open(case: Case, link_id: str, now: datetime) -> CaptureLink:
    """The link, while it is good for something.

    Raises:
        UserError: ``capture.over`` (``state``).
    """
    state = state_of(case, now)
    if case.capture is None or case.capture.id != link_id:
        state = LinkState.TAKEN_BACK
    if case.capture is None or state is not LinkState.OPEN:
        raise UserError("capture.over", state=(state or LinkState.TAKEN_BACK).value)
    return case.capture


def taken_back(case: Case, now: datetime) -> Case:
    """The teller does not want it any more. Raises ``capture.over`` (``state``)."""
    link = require_open(case, case.capture.id if case.capture is not None else "", now)
    return case.evolve(prompt=None, capture=link.ended(LinkState.TAKEN_BACK)).marked("capture_taken_back", now)


def to_be_taken_again(case: Case, link_id: str, now: datetime) -> Case:
    """A picture came that has to be taken again; after so many of them the link is spent. Raises ``capture.over``."""
    link = require_open(case, link_id, now).tried()
    if link.tries < TRIES:
        return case.evolve(capture=link)
    return case.evolve(prompt=None, capture=link.ended(LinkState.SPENT)).marked("capture_spent", now)


def taken(case: Case, link_id: str, piece: EvidenceRef) -> Case:
    """The picture is there; it went where the document camera's go. Raises ``capture.over``."""
    link = require_open(case, link_id, piece.captured_at).tried()
    kept = evidence_added(case, piece)
    return kept.evolve(prompt=None, say=None, capture=link.ended(LinkState.USED))


def by_phone(case: Case, asked: Collection[str]) -> tuple[EvidenceRef, ...]:
    """The newest pictures of papers that the case needs, where the customer's phone took them."""
    newest = (case.latest(EvidenceKind(kind)) for kind in asked)
    return tuple(one for one in newest if one is not None and one.origin is EvidenceOrigin.CUSTOMER_PHONE)


def require_original(case: Case, kind: EvidenceKind, asked: Collection[str]) -> None:
    """The newest picture of a paper counts. Raises ``evidence.original_needed`` (``kind``)."""
    newest = case.latest(kind)
    from_phone = newest is not None and newest.origin is EvidenceOrigin.CUSTOMER_PHONE
    if from_phone and not comes_by_phone(kind, asked, case.presence):
        raise UserError("evidence.original_needed", kind=kind.value)
