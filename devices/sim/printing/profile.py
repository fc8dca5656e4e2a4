"""What distinguishes one printer from another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.sim.printing.forms import Form, form, medium
from devices.sim.world.paper import PaperHands
from devices.xfs.envelope import Payload

A4_MM = 297


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """A device of the Printer interface.

    Args:
        kind: the standard's type of printer.
        sources: paper by source, in millimetres of length.
        sheet_mm: length of one sheet; 0: paper from a roll.
        low_mm: less than this is "low".
        ink: which supply it uses: ``ink``, ``toner`` or none.
        inserts: prints on (or reads) what the customer puts in.
        page_lines: lines of a passbook page; 0: no passbook.
        native: file types of finished pages it prints.
        bin_capacity: sheets the retract bin holds; 0: none.
    """

    name: str
    kind: str
    sources: Mapping[str, int]
    hands: PaperHands
    forms: Mapping[str, Form] = field(default_factory=dict)
    media: Mapping[str, Payload] = field(default_factory=dict)
    sheet_mm: int = 0
    low_mm: int = 4000
    ink: str = ""
    inserts: bool = False
    page_lines: int = 0
    native: bool = False
    scans: bool = False
    bin_capacity: int = 0
    dual: bool = False

    @property
    def stack_sheets(self) -> int:
        """How many sheets the throat holds, and as many the slot: an empty bin takes both in one retract."""
        return self.bin_capacity // 2


RECEIPT = PrinterProfile(
    name="paper",
    kind="receipt",
    sources={"upper": 80_000},
    hands=PaperHands("take_receipt", "load_paper", "", "empty_receipt_bin"),
    forms={"receipt": form(40, 200, "title", "body", "footer")},
    media={"roll80mm": medium("generic", "upper", 40, 200)},
    native=True,
    bin_capacity=40,
)
LASER = PrinterProfile(
    name="laser",
    kind="document",
    sources={"upper": 500 * A4_MM, "lower": 500 * A4_MM},
    hands=PaperHands("take_pages", "load_pages", "", "empty_page_bin"),
    forms={"letter": form(90, 60, "title", "body", "footer")},
    media={"a4": medium("generic", "upper", 90, 60)},
    sheet_mm=A4_MM,
    low_mm=40 * A4_MM,
    ink="toner",
    native=True,
    bin_capacity=60,
    dual=True,
)
PASSBOOK = PrinterProfile(
    name="passbook",
    kind="passbook",
    sources={"external": 0},
    hands=PaperHands("take_passbook", "load_ribbon", "insert_passbook", pages=12),
    forms={
        "entry": form(60, 1, "line", required=frozenset({"line"})),
        "stripe": form(60, 1, "account"),
    },
    media={"passbook": medium("passbook", "external", 60, 24)},
    ink="ink",
    inserts=True,
    page_lines=24,
)
CERTIFICATE = PrinterProfile(
    name="certificate",
    kind="document",
    sources={"upper": 100 * 110},
    hands=PaperHands("take_certificate", "load_certificates", "", "empty_certificate_bin"),
    forms={
        "deposit": form(
            70,
            12,
            "number",
            "name",
            "amount",
            "words",
            "rate",
            "opened",
            "due",
            required=frozenset({"number", "name", "amount"}),
        )
    },
    media={"certificate": medium("generic", "upper", 70, 12)},
    sheet_mm=110,
    low_mm=10 * 110,
    ink="ink",
    bin_capacity=20,
)
SCANNER = PrinterProfile(
    name="scanner",
    kind="scanner",
    sources={"external": 0},
    hands=PaperHands("take_scanned", "", "feed_document"),
    inserts=True,
    scans=True,
)
