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


class ThingToHand(View):
    """Something this case made of which nobody has said yet that the customer holds it; staff only.

    ``number`` is as the registers have it: a card's is masked. ``by``: the machine gives it out, or staff do.
    """

    kind: Literal["card", "ukey", "certificate", "passbook"]
    number: str
    by: Literal["machine", "staff"]


class ThingSettled(Body):
    """The customer holds it, or it stays with the bank: then it is registered, and nobody can use it."""

    kind: Literal["card", "ukey", "certificate", "passbook"]
    number: str = Field(min_length=1, max_length=64)
    outcome: Literal["taken", "retained"]


class Finish(Body):
    """``POST /cases/{id}/finish``: of everything in ``to_hand_over`` what became of it.

    422 ``handing.open`` (``n`` not spoken of), ``handing.machine_first`` while a machine that is there gives something
    out, prints into a book, or prints the voucher. The next business of a visit asks the same.
    """

    things: list[ThingSettled] = Field([], max_length=20)


class HandedOver(Body):
    """``POST /cases/{id}/handed``: taken by the customer, kept by the machine, or never given out."""

    kind: Thing
    number: str = Field(min_length=1, max_length=64)
    outcome: Literal["taken", "retained", "failed"]
    error: str | None = Field(None, max_length=64)
