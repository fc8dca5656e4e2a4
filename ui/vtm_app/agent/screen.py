"""What the kiosk's window shows: one frozen value, made anew whenever anything changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.errors import AppError
from common.wire.cases import CaseView, CustomerStep, ScenarioView


@dataclass(frozen=True)
class Look:
    """The document on the glass as the guide sees it.

    Attributes:
        preview: a small JPEG with the document's outline and burnt patches marked.
        code: what is to be put right first (``doc.glare``); None: all is well.
        fields: what it hides, when that is known.
    """

    preview: bytes
    code: str | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """The present moment of a visit.

    Attributes:
        step: None at rest (the window shows its attract and choose pages).
        phase: where the step stands. insert_card: waiting | reading; lay_id_*: waiting | guiding | choose |
            looking | sending;
            pin: opening | typing | checking; insert_cash: opening | open | counting | ask | refused; take_card: out;
            take_cash: preparing | counting | present; store_cash, return_cash: moving | present;
            take_receipt, print_voucher: printing | out; goodbye: card (left inside) | papers (left on the glass).
        digits: PIN digits typed, a count only.
        notes: face value in minor units to number of notes counted so far.
        refused: notes that came back in the last round.
        deadline: ``time.monotonic`` when the present wait ends, for a countdown.
        problem: what just went wrong in this step, for the customer.
        look: what lies on the glass, while a document is asked for.
        in_service: False: staff have taken this machine out of service.
        maintained: a service engineer has the machine to himself.
        sheets: whether the whole voucher can be printed: ok | low | out; empty: not on this machine.
        scenarios: what this machine offers, as the server last said.
    """

    step: CustomerStep | None = None
    case: CaseView | None = None
    machine_ready: bool = False
    online: bool = True
    in_service: bool = True
    maintained: bool = False
    phase: str = ""
    digits: int = 0
    notes: Mapping[int, int] = field(default_factory=dict)
    refused: int = 0
    deadline: float | None = None
    problem: AppError | None = None
    look: Look | None = None
    sheets: str = ""
    scenarios: tuple[ScenarioView, ...] = ()

    def rested(self) -> "Screen":
        """Nobody is there any more: the machine as it stands, and nothing of the visit."""
        return Screen(
            machine_ready=self.machine_ready, online=self.online, in_service=self.in_service,
            maintained=self.maintained, scenarios=self.scenarios,
        )  # fmt: skip
