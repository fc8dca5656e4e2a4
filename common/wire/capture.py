"""Taking a picture of a paper with the customer's own phone: ``/api/v1/cases/{id}/capture`` and ``/capture/{code}``.

The teller opens a link, the kiosk shows it as a QR code, and the page behind it asks two things of the server: what to
put right in a frame, and to take one picture. A link is good for nothing else.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from common.wire.base import Body, Moment, View
from common.wire.identity import GuidanceView


class LinkState(StrEnum):
    """``open``, or why it is not: the picture came, taken back, too many tries, the time is over."""

    OPEN = "open"
    USED = "used"
    TAKEN_BACK = "taken_back"
    SPENT = "spent"
    EXPIRED = "expired"


class AskCapture(Body):
    """``POST /cases/{id}/capture``: a link for one picture of this kind; an older one ends.

    Refusals (422): ``capture.original_needed`` (``kind``), ``capture.no_more`` (``count``), ``prompt.not_now``.
    """

    kind: Literal["id_front", "id_back", "licence", "party_front", "household_page"]


class CaptureView(View):
    """The newest link of a case. The code itself goes to the kiosk alone."""

    kind: str
    state: LinkState
    until: Moment
    left_s: int = Field(0, description="seconds until then")
    count: int = Field(description="links made in this case so far")
    url: str = Field("", description="kiosk only, while it is open")


class CaptureAnswer(View):
    """``POST /capture/{code}/picture``: ``taken``, or what to put right and how many tries are left."""

    taken: bool
    tries_left: int
    look: GuidanceView | None = None
