"""One machine opened up for staff: what lies where, and what may be ordered from afar (``/api/v1/machines/…``)."""

from enum import StrEnum

from pydantic import Field

from common.wire.base import Body, Moment, Params, Sentence, View
from common.wire.cash import CashUnitReport


class OrderAction(StrEnum):
    """What staff may have a kiosk do from afar (rules: teller/machines/orders.py)."""

    RETURN_CARD = "return_card"
    RETAIN_CARD = "retain_card"
    RETRACT_NOTES = "retract_notes"
    RESET_DEVICE = "reset_device"
    RESTART_SERVICE = "restart_service"
    LIGHT = "light"
    OUT_OF_SERVICE = "out_of_service"
    INTO_SERVICE = "into_service"


class PlaceReport(Body):
    """One place inside a machine and what lies there now."""

    place: str = Field(max_length=48, description="card.reader, notes.output, door.safe … (devices/client/picture.py)")
    state: str = Field(max_length=24, description="empty | inside | mouth | jammed | present | low | out | open | …")
    count: int | None = Field(None, ge=0, description="things there, where the machine counts them")
    capacity: int | None = Field(None, ge=0)


class ServiceLine(Body):
    """One service of the machine."""

    name: str = Field(max_length=320, description="of another host's: with its address, whatever length that has")
    level: str = Field(description="ok | warn | bad")
    word: str = Field("", max_length=48, description="the standard's own word for its state")


class MachinePicture(Body):
    """What the kiosk's agent sees of its machine at one moment."""

    places: list[PlaceReport] = Field([], max_length=64)
    services: list[ServiceLine] = Field([], max_length=64)


class GiveOrder(Body):
    """``POST /machines/{number}/orders``. ``target``: a device (reset), a service (restart) or a light."""

    action: OrderAction
    target: str = Field("", max_length=320)
    reason: str = Field(min_length=1, max_length=64, description="code: customer_asks, left_behind, jam, check, …")


class OrderOutcome(Body):
    """``POST /machines/me/orders/{id}/outcome``: what became of it, never a guess.

    ``counts_before`` and ``counts_after``: cash unit to number of notes, where the order moved any.
    """

    state: str = Field(pattern="^(done|refused|failed|unknown)$")
    code: str = Field("", max_length=64)
    params: Params = {}
    counts_before: dict[str, int] = {}
    counts_after: dict[str, int] = {}


class OrderView(View):
    """An order: who, when, what came of it. ``state``: given | begun | done | refused | failed | unknown | expired."""

    id: str
    machine: str
    action: OrderAction
    target: str = ""
    reason: str
    by: str
    at: Moment
    expires_at: Moment
    state: str
    ended_at: Moment | None = None
    note: Sentence | None = None


class OfferedOrder(View):
    """An order that can be thought of now; ``refused`` says why it would be refused."""

    action: OrderAction
    target: str = ""
    refused: Sentence | None = None


class MachineDetail(View):
    """``GET /machines/{number}``: everything that staff see of one machine."""

    number: str
    place: str | None = None
    online: bool
    in_service: bool = True
    case_number: str | None = Field(None, description="of the visit that is open there")
    at: Moment | None = None
    fresh: bool = False
    picture: MachinePicture = MachinePicture()
    cash_units: list[CashUnitReport] = []
    orders: list[OrderView] = []
    offered: list[OfferedOrder] = []


class OwnMachine(View):
    """``GET /machines/me``: what the kiosk has to know of itself: whether it serves, and what it is to do now."""

    in_service: bool = True
    orders: list[OrderView] = []
