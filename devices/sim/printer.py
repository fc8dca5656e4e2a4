"""The receipt printer. What it prints can be seen: every receipt becomes a file in the data directory."""

import base64
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from devices.sim.faults import FaultBoard
from devices.sim.interface import Handler, Interface, Running
from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.sim.world.fascia import PaperSlot
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

COLUMNS = 40
LINE_MM = 4
SHEET_MM = 297
LOW_MM = 4000
LINE_S = 0.03
CUT_S = 0.6
FORMS: Mapping[str, tuple[str, ...]] = {"receipt": ("title", "body", "footer")}
MEDIA = "roll80mm"
_SUFFIXES = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"))


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, columns: int = COLUMNS) -> Iterable[str]:
    """Lines no wider than the paper; a Chinese character is two columns wide."""
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0
        for character in paragraph:
            if used + _width(character) > columns:
                yield line
                line, used = "", 0
            line += character
            used += _width(character)
        yield line


class Printer(Interface):
    """Prints forms, plain text and finished pages; cuts and hands out."""

    name: ClassVar[str] = "Printer"
    events: ClassVar[tuple[str, ...]] = ("MediaPresentedEvent", "MediaTakenEvent", "PaperThresholdEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetFormList", "GetMediaList"})

    def __init__(self, world: World, paper: PaperSlot, motor: Motor, faults: FaultBoard, folder: Path) -> None:
        super().__init__()
        self._world = world
        self._paper = paper
        self._motor = motor
        self._faults = faults
        self._folder = folder
        self._waiting = bool(paper.in_slot)
        self._threshold = self._paper_state()
        world.listen(self._watch)

    def commands(self) -> Mapping[str, Handler]:
        return {
            "PrintForm": self._print_form,
            "PrintRaw": self._print_raw,
            "PrintNative": self._print_native,
            "ControlMedia": self._control,
            "Reset": self._reset,
            "GetFormList": self._forms,
            "GetMediaList": self._media,
            "SupplyReplenish": self._replenish,
        }

    def _watch(self) -> None:
        if self._waiting and not self._paper.in_slot:
            self.broadcast("MediaTakenEvent")
        self._waiting = bool(self._paper.in_slot)
        state = self._paper_state()
        if state != self._threshold:
            self._threshold = state
            if state in ("full", "low", "out"):
                self.broadcast("PaperThresholdEvent", {"paperSource": "upper", "threshold": state})

    def _paper_state(self) -> str:
        if self._paper.jammed:
            return "jammed"
        return "out" if self._paper.left_mm <= 0 else "low" if self._paper.left_mm < LOW_MM else "full"

    # -- printing ------------------------------------------------------------------------------------

    def _ready(self, running: Running) -> None:
        paper = self._paper
        if self._faults.strikes("printer.paper_out"):
            paper.left_mm = 0
        if self._faults.strikes("printer.paper_low"):
            paper.left_mm = min(paper.left_mm, LOW_MM - 1)
        if self._faults.strikes("printer.jam"):
            paper.jammed = True
        self._world.changed()
        if paper.jammed:
            raise refused("paperJammed")
        if paper.left_mm <= 0:
            raise refused("paperOut")
        running.check()

    async def _put_lines(self, running: Running, lines: list[str]) -> None:
        self._ready(running)
        await self._motor.run(LINE_S * len(lines))
        self._paper.lines += lines
        self._paper.left_mm = max(0, self._paper.left_mm - LINE_MM * len(lines))
        self._world.changed()

    async def _print_form(self, running: Running) -> None:
        payload = running.payload
        form = FORMS.get(payload.get("formName", ""))
        if form is None:
            raise refused("formNotFound")
        if payload.get("mediaName", MEDIA) != MEDIA:
            raise refused("mediaNotFound")
        fields = payload.get("fields", {})
        if not fields.keys() <= set(form):
            raise refused("fieldSpecFailure")
        lines: list[str] = []
        for name in form:
            value = fields.get(name, [])
            for text in [value] if isinstance(value, str) else value:
                lines += wrap(text)
        await self._put_lines(running, lines)
        if payload.get("mediaControl"):
            await self._hand_out(running, payload["mediaControl"])

    async def _print_raw(self, running: Running) -> None:
        if running.payload["inputData"] == "yes":
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this printer returns no data")
        try:
            text = base64.b64decode(running.payload["data"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise CommandFailed(CompletionCode.INVALID_DATA, "the data must be UTF-8 text") from error
        await self._put_lines(running, list(wrap(text)))

    async def _print_native(self, running: Running) -> None:
        data = base64.b64decode(running.payload.get("data", ""))
        suffix = next((suffix for magic, suffix in _SUFFIXES if data.startswith(magic)), None)
        if suffix is None:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "only PDF, PNG and JPEG can be printed")
        self._ready(running)
        await self._motor.run(2.0)
        self._paper.serial += 1
        name = f"{self._paper.serial:06d}.{suffix}"
        self._write(name, data)
        self._paper.sheets.append(name)
        self._paper.left_mm = max(0, self._paper.left_mm - SHEET_MM)
        self._world.changed()
        if running.payload.get("mediaControl"):
            await self._hand_out(running, running.payload["mediaControl"])

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(data)

    # -- handing out ---------------------------------------------------------------------------------

    async def _control(self, running: Running) -> None:
        await self._hand_out(running, running.payload.get("mediaControl", {}))

    async def _hand_out(self, running: Running, control: Mapping[str, object]) -> None:
        move = control.get("move")
        if move not in (None, "eject"):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this printer only ejects")
        if self._paper.jammed:
            raise refused("paperJammed")
        if not self._paper.lines and not self._paper.sheets:
            raise refused("noMediaPresent")
        if move is None and not control.get("cut"):
            return
        await self._motor.run(CUT_S)
        self._cut()
        running.event("Printer.MediaPresentedEvent", {"wadIndex": 1, "totalWads": 1})

    def _cut(self) -> None:
        paper = self._paper
        if paper.lines:
            paper.serial += 1
            name = f"{paper.serial:06d}.txt"
            self._write(name, ("\n".join(paper.lines) + "\n").encode())
            paper.in_slot.append(name)
        paper.in_slot += paper.sheets
        paper.lines, paper.sheets = [], []
        self._world.changed()

    async def _reset(self, _: Running) -> None:
        await self._motor.run(1.0)
        self._paper.jammed = False
        if self._paper.lines or self._paper.sheets:
            self._cut()
        self._world.changed()

    async def _forms(self, _: Running) -> Payload:
        return {"formList": list(FORMS)}

    async def _media(self, _: Running) -> Payload:
        return {"mediaList": [MEDIA]}

    async def _replenish(self, running: Running) -> None:
        if running.payload.get("upper"):
            self._world.act("load_paper", {})

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        paper = self._paper
        if paper.jammed:
            media = "jammed"
        elif paper.in_slot:
            media = "entering"
        else:
            media = "present" if paper.lines or paper.sheets else "notPresent"
        return {"printer": {"media": media, "paper": {"upper": self._paper_state()}}}

    def common_status(self) -> Payload:
        return {"device": "hardwareError"} if self._paper.jammed else {}

    def capabilities(self) -> Payload:
        return {
            "printer": {
                "type": {"receipt": True},
                "resolution": {"medium": True},
                "writeForm": {"text": True},
                "control": {"eject": True, "cut": True, "flush": True},
                "acceptMedia": False,
                "multiPage": False,
                "paperSources": {"upper": True},
                "mediaTaken": True,
                "dispensePaper": False,
                "mediaPresented": True,
                "printSides": "single",
            }
        }
