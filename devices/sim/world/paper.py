"""The inside of a printer: supplies, the sheet on the way, what a customer has put in, what waits in the slot."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param

INK_FULL = 10_000
MAX_IMAGE_BYTES = 12 * 1024 * 1024


@dataclass(slots=True)
class Medium:
    """What a customer has put in: a passbook, or a sheet to be read.

    ``pages`` are the printed lines by page, ``page`` the open one; ``stripe`` is what the magnetic stripe says;
    ``image`` a JPEG or PNG file in base64.
    """

    pages: list[list[str]] = field(default_factory=lambda: [[]])
    page: int = 0
    closed: bool = False
    stripe: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class PaperHands:
    """What the actions at a printer are called; empty: not possible there. ``pages`` of what is put in."""

    take: str
    load: str = ""
    insert: str = ""
    empty: str = ""
    pages: int = 1


class PaperPath(Part):
    """Paper, ink and sheets of one printer. Lengths in millimetres; a sheet counts with its length."""

    def __init__(
        self, name: str, sources: Mapping[str, int], hands: PaperHands, within_reach: Callable[[], bool]
    ) -> None:
        self.name = name
        self._within_reach = within_reach  # of hands, where paper, ink and bin are: the cabinet is open
        self._full = dict(sources)
        self._hands = hands
        self.left = dict(sources)
        self.ink = INK_FULL
        self.jammed = False
        self.lines: list[str] = []  # printed, still in the throat
        self.sheets: list[str] = []  # file names of finished sheets in the throat
        self.in_slot: list[str] = []  # file names of what the customer can take
        self.bin: list[str] = []  # file names of what was retracted
        self.serial = 0
        self.medium: Medium | None = None
        self.medium_out = False  # it sticks out of the slot
        self.accepting = False
        self.taken = 0  # how often hands took something out of the slot, since the machine was switched on

    def actions(self) -> Mapping[str, Action]:
        hands = self._hands
        offered = {
            hands.take: Action(self._take, lambda: first_reason((not self.can_take, "hands.no_receipt"))),
            hands.load: Action(self._load, self._why_not_inside),
            hands.insert: Action(self._insert, self._why_no_insert),
            hands.empty: Action(self._empty, self._why_no_empty),
        }
        return {name: action for name, action in offered.items() if name}

    @property
    def can_take(self) -> bool:
        """Whether anything sticks out of the slot."""
        return bool(self.in_slot) or self.medium_out

    def _why_not_inside(self) -> str | None:
        return first_reason((not self._within_reach(), "hands.cabinet_shut"))

    def _why_no_empty(self) -> str | None:
        return first_reason((not self.bin, "hands.no_receipt")) or self._why_not_inside()

    def _take(self, _: Json) -> Json:
        self.taken += 1
        taken, self.in_slot = self.in_slot, []
        answer: Json = {"receipts": taken}
        if self.medium_out and self.medium is not None:
            answer["medium"] = asdict(self.medium)
            self.medium, self.medium_out = None, False
        return answer

    def _load(self, _: Json) -> None:
        self.left = dict(self._full)
        self.ink = INK_FULL

    def _why_no_insert(self) -> str | None:
        return first_reason(
            (self.medium is not None, "hands.slot_taken"), (not self.accepting, "hands.reader_not_waiting")
        )

    def _insert(self, params: Json) -> None:
        pages = params.get("pages") or [[] for _ in range(self._hands.pages)]
        page = params.get("page", 0)
        good = isinstance(pages, list) and pages and all(isinstance(lines, list) for lines in pages)
        if not good or not isinstance(page, int) or not 0 <= page < len(pages):
            raise UserError("hands.bad_parameter", parameter="pages")
        image = text_param(params, "image", "")
        try:
            raw = base64.b64decode(image, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError("hands.bad_parameter", parameter="image") from error
        if image and (len(raw) > MAX_IMAGE_BYTES or not raw.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))):
            raise UserError("hands.bad_image")
        lines = [[str(line) for line in each] for each in pages]
        self.medium = Medium(lines, page, False, text_param(params, "stripe", ""), image)
        self.medium_out = False

    def _empty(self, _: Json) -> Json:
        names, self.bin = self.bin, []
        return {"receipts": names}

    def use(self, source: str, length_mm: int) -> None:
        """Paper that is gone."""
        self.left[source] = max(0, self.left[source] - length_mm)

    def view(self) -> Json:
        medium = self.medium
        return {
            "left_mm": sum(self.left.values()),
            "left": dict(self.left),
            "ink": self.ink,
            "jammed": self.jammed,
            "in_slot": list(self.in_slot),
            "lines": list(self.lines),
            "sheets": list(self.sheets),
            "bin": list(self.bin),
            "serial": self.serial,
            "medium": None if medium is None else {"page": medium.page, "pages": len(medium.pages)},
            "medium_out": self.medium_out,
        }

    def dump(self) -> Any:
        return self.view() | {"medium": None if self.medium is None else asdict(self.medium)}

    def load(self, data: Any) -> None:
        self.left = dict(data.get("left", {"upper": data["left_mm"]}))
        self.ink, self.jammed = data.get("ink", INK_FULL), data["jammed"]
        self.in_slot, self.serial, self.bin = data["in_slot"], data["serial"], data.get("bin", [])
        self.lines, self.sheets = data["lines"], data["sheets"]
        self.medium = Medium(**data["medium"]) if data.get("medium") else None
        self.medium_out = data.get("medium_out", False)
