"""What the machine gives into the customer's hand once everything is booked: a new card, a U-key, a certificate."""

from typing import Literal

from pydantic import Field

from common.wire.base import Body, View

Thing = Literal["card", "ukey", "certificate"]


class HandingJob(View):
    """``GET /cases/{id}/handing``: the next thing to hand over. Kiosk only.

    ``track2`` is written on a blank card; ``fields`` is what stands on a certificate (form ``deposit``).
    """

    kind: Thing
    number: str
    track2: str = ""
    fields: dict[str, str] = {}


class HandedOver(Body):
    """``POST /cases/{id}/handed``: taken by the customer, kept by the machine, or never given out."""

    kind: Thing
    number: str = Field(min_length=1, max_length=64)
    outcome: Literal["taken", "retained", "failed"]
    error: str | None = Field(None, max_length=64)
