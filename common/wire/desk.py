"""The teller's desk, machines and their reports: ``/api/v1/desk``, ``/api/v1/machines``."""

from pydantic import Field

from common.wire.base import Amount, Body, Moment, Notes, Sentence, View
from common.wire.cases import CaseRow, Label, ScenarioName, ScenarioView
from common.wire.cash import CashUnitReport, HopperReport
from common.wire.machine import MachinePicture


class QueueRow(View):
    case_id: str
    position: int
    scenario: ScenarioName
    title: Label | None = None
    customer: str | None = None
    kiosk: str
    kiosk_place: str | None = None
    language: str
    prepared: list[str] = Field([], description="card, id, amount")
    since: Moment


class DeviceReport(View):
    """State of one device: ok | warn | bad | unknown, with the sentence for a person when it is not ok."""

    device: str = Field(description="card_reader | pin_pad | cash_in | cash_out | receipt | document_camera")
    state: str
    note: Sentence | None = None
    number: int | None = Field(None, description="notes or sheets, where the device counts them")


class MachineReport(Body):
    """``PUT /machines/me/report``: the kiosk says how its machine is, at every change and every 30 s."""

    devices: list[DeviceReport]
    notes: Notes = Field({}, description="payable notes by face value")
    held: Notes = Field({}, description="the bank's notes inside that cannot be paid out: cash-in, retracts, rejects")
    units: dict[str, int] = Field({}, description="cash unit to number of notes")
    cash_units: list[CashUnitReport] = Field([], description="cash units with capacity and level")
    hoppers: list[HopperReport] = Field([], max_length=16, description="coin hoppers, which are no cash units")
    picture: MachinePicture = MachinePicture()


class MachineView(View):
    number: str
    place: str | None = None
    online: bool
    busy: bool = False
    in_service: bool = True
    devices: list[DeviceReport] = []
    notes: Notes = {}
    at: Moment | None = None


class MachineCash(View):
    """``GET /machines/{number}/cash``: books against counters."""

    number: str
    books: Amount
    counters: Amount | None = None
    clearing: Amount = Field(description="payouts posted and not yet settled")
    suspense: Amount


class Todo(View):
    code: str
    params: dict[str, str | int | float | bool | None] = {}
    case_id: str | None = None
    at: Moment


class DeskView(View):
    """``GET /desk``: all a teller sees between two customers."""

    state: str = Field(description="ready | break | after_call | busy | serving")
    since: Moment
    queue: list[QueueRow] = []
    current_case: str | None = None
    today: list[CaseRow] = []
    served: int = 0
    average_s: int | None = None
    rating: float | None = None
    scenarios: list[ScenarioView] = Field([], description="what can be started here")
    todos: list[Todo] = []
    machines: list[MachineView] = []
