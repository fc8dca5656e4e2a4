"""The Printer interface."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from devices.sim.interface import Handler, Interface, Running
from devices.sim.printing.forms import FieldProblem, Form, lay_out
from devices.sim.printing.library import FormLibrary
from devices.sim.printing.mechanism import MOVE_S, Mechanism
from devices.sim.printing.passbook import Passbook
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

BIN = "unitBIN1"
LIBRARY_LISTS = ("GetFormList", "GetMediaList", "GetQueryForm", "GetQueryMedia", "GetQueryField")


def _hands_out(payload: Payload) -> bool:
    """Whether a command brings what is printed to where the customer can take it."""
    control = payload.get("mediaControl") or {}
    move = control.get("move")
    return move == "eject" or (move is None and bool(control.get("cut")))


@contextmanager
def _without_sequence_code() -> Iterator[None]:
    """Of commands for which the standard has no ``sequenceInvalid``: the general word for the same."""
    try:
        yield
    except CommandFailed as failure:
        if failure.error_code != "sequenceInvalid":
            raise
        raise CommandFailed(CompletionCode.SEQUENCE_ERROR, failure.description) from failure


class Printer(Interface):
    """Prints forms, plain text and finished pages; cuts, hands out, keeps."""

    name: ClassVar[str] = "Printer"
    events: ClassVar[tuple[str, ...]] = (
        "MediaPresentedEvent",
        "MediaTakenEvent",
        "PaperThresholdEvent",
        "TonerThresholdEvent",
        "InkThresholdEvent",
        "NoMediaEvent",
        "MediaInsertedEvent",
        "FieldErrorEvent",
        "DefinitionLoadedEvent",
        "RetractBinThresholdEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset(LIBRARY_LISTS)

    def __init__(self, mechanism: Mechanism) -> None:
        super().__init__()
        self._machine = mechanism
        self._profile = mechanism.profile
        self._paper = mechanism.paper
        self._library = FormLibrary(mechanism, self.broadcast)
        self._passbook = Passbook(mechanism)
        self._taken = self._paper.taken
        self._levels = self._all_levels()
        mechanism.world.listen(self._watch)

    def faults(self) -> Sequence[str]:
        return self._machine.faults

    def announced(self) -> Sequence[str]:
        profile = self._profile
        here = {
            "PaperThresholdEvent": not profile.inserts,
            "TonerThresholdEvent": profile.ink == "toner",
            "InkThresholdEvent": profile.ink == "ink",
            "RetractBinThresholdEvent": bool(profile.bin_capacity),
            "NoMediaEvent": profile.inserts,
            "MediaInsertedEvent": profile.inserts,
            "FieldErrorEvent": bool(profile.forms),
        }
        return [event for event in self.events if here.get(event, True)]

    def commands(self) -> Mapping[str, Handler]:
        handlers: dict[str, Handler] = {
            "ControlMedia": self._control,
            "Reset": self._reset,
            "SupplyReplenish": self._replenish,
            "ClearBuffer": self._clear,
            **self._library.commands(),
        }
        profile = self._profile
        if profile.forms:
            handlers |= {"PrintForm": self._print_form}
        if not profile.inserts:
            handlers |= {"PrintRaw": self._print_raw, "DispensePaper": self._dispense_paper}
        if profile.native:
            handlers |= {"PrintNative": self._print_native}
        if profile.bin_capacity:
            handlers |= {"RetractMedia": self._retract, "ResetCount": self._reset_count}
        if profile.scans:
            handlers |= {"ReadImage": self._passbook.read_image}
        if profile.page_lines:
            handlers |= {"ControlPassbook": self._passbook.control, "ReadForm": self._passbook.read_form}
        return handlers

    # -- sensors -------------------------------------------------------------------------------------

    def _all_levels(self) -> dict[str, str]:
        profile, machine = self._profile, self._machine
        levels = {} if profile.inserts else {source: machine.paper_state(source) for source in profile.sources}
        levels |= {profile.ink: machine.ink_state()} if profile.ink else {}
        return levels | ({BIN: machine.bin_state} if profile.bin_capacity else {})

    def _watch(self) -> None:
        before, self._taken = self._taken, self._paper.taken
        if self._taken != before:  # an empty slot is no proof: what is pulled in leaves it too
            self.broadcast("MediaTakenEvent")
        self._tell_levels()

    def _tell_levels(self) -> None:
        levels = self._all_levels()
        before, self._levels = self._levels, levels
        for name, level in levels.items():
            if level == before.get(name) or level == "jammed":
                continue
            if name == BIN:
                self.broadcast("RetractBinThresholdEvent", {"binNumber": 1, "state": level})
            elif name in ("ink", "toner"):
                self.broadcast(f"{name.capitalize()}ThresholdEvent", {"state": level})
            else:
                self.broadcast("PaperThresholdEvent", {"paperSource": name, "threshold": level})

    def broken(self, error_code: str, running: Running) -> None:
        if error_code in ("paperJammed", "mediaJammed"):
            self._paper.jammed = True
        elif error_code in ("inkOut", "tonerOut") and self._profile.ink:
            self._paper.ink = 0
        elif error_code == "paperOut" and not self._profile.inserts:
            self._paper.left = dict.fromkeys(self._paper.left, 0)
        self._machine.changed()

    # -- printing ------------------------------------------------------------------------------------

    async def _print_form(self, running: Running) -> None:
        payload = running.payload
        chosen = self._library.form(payload.get("formName", ""))
        if "mediaName" in payload:
            self._library.medium(payload["mediaName"])
        source = self._machine.source(payload)
        lines = self._lines(running, chosen, payload.get("fields", {}))
        await self._machine.put_lines(running, lines, source, out=_hands_out(payload))
        if payload.get("mediaControl"):
            await self._hand_out(running, payload["mediaControl"])

    def _lines(self, running: Running, chosen: Form, values: Mapping[str, object]) -> list[str]:
        if not values.keys() <= set(chosen.get("fields", {})):
            raise refused("fieldSpecFailure")
        try:
            return lay_out(chosen, values)
        except FieldProblem as problem:
            name = running.payload.get("formName", "")
            running.event(
                "Printer.FieldErrorEvent",
                {"formName": name, "fieldName": problem.field, "failure": problem.failure},
            )
            raise refused("fieldError", f"{problem.field}: {problem.failure}") from problem

    async def _print_raw(self, running: Running) -> None:
        if running.payload["inputData"] == "yes":
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this printer returns no data")
        try:
            text = base64.b64decode(running.payload["data"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise CommandFailed(CompletionCode.INVALID_DATA, "the data must be UTF-8 text") from error
        columns = next(iter(self._profile.media.values()))["size"]["width"]
        lines = lay_out({"fields": {"text": {"size": {"width": columns}, "overflow": "wordWrap"}}}, {"text": text})
        with _without_sequence_code():
            await self._machine.put_lines(running, lines, self._machine.source({}))

    async def _print_native(self, running: Running) -> None:
        payload = running.payload
        data = base64.b64decode(payload.get("data", ""))
        await self._machine.put_page(running, data, self._machine.source(payload), out=_hands_out(payload))
        if payload.get("mediaControl"):
            await self._hand_out(running, payload["mediaControl"])

    async def _dispense_paper(self, running: Running) -> None:
        """A blank sheet (or an empty receipt) to the slot."""
        await self._machine.put_blank(running, self._machine.source(running.payload))

    # -- handing out ---------------------------------------------------------------------------------

    async def _control(self, running: Running) -> None:
        await self._hand_out(running, running.payload.get("mediaControl", {}))

    async def _hand_out(self, running: Running, control: Mapping[str, Any]) -> None:
        move = control.get("move")
        if move not in (None, "eject", "retract") or (move == "retract" and not self._profile.bin_capacity):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this printer ejects or retracts")
        if self._paper.jammed:
            raise refused("mediaJammed" if self._profile.inserts else "paperJammed")
        if move == "retract":
            await self._keep()
            return
        if not self._machine.media_inside:
            raise refused("noMediaPresent")
        if _hands_out({"mediaControl": control}):
            self._machine.check_slot()
        if self._profile.page_lines and "turnPage" in control:
            await self._passbook.turn(1 if control["turnPage"] == "forward" else -1)
        if move is None and not control.get("cut"):
            return
        await self._machine.run(MOVE_S)
        self._machine.cut()
        running.event("Printer.MediaPresentedEvent", {"wadIndex": 1, "totalWads": 1})

    async def _keep(self) -> int:
        count = await self._machine.retract()
        self._tell_count()
        return count

    async def _retract(self, running: Running) -> Payload:
        target = running.payload.get("mediaControl", BIN)
        if target != BIN:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, f"nothing can be kept at {target}")
        if self._paper.jammed:
            raise refused("mediaJammed")
        running.check()
        await self._keep()
        return {"result": BIN}

    def _tell_count(self) -> None:
        self.broadcast("Storage.CountsChangedEvent", {BIN: {"printer": {"status": {"in": self._machine.retracted}}}})

    async def _reset_count(self, running: Running) -> None:
        """No command takes sheets out of the bin: hands do that."""
        if running.payload.get("binNumber", 0) not in (0, 1):
            raise CommandFailed(CompletionCode.INVALID_DATA, "there is one bin")
        if self._machine.retracted:
            self._machine.reset_count()
            self._tell_count()

    async def _reset(self, running: Running) -> None:
        target = running.payload.get("mediaControl", "eject")
        if target not in ("eject", BIN) or (target == BIN and not self._profile.bin_capacity):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, f"nothing can go to {target}")
        await self._machine.motor.run(1.0)
        self._paper.jammed = False
        self._machine.changed()
        if target == BIN:
            if self._machine.media_inside or self._paper.can_take:
                await self._keep()
            return
        if not self._machine.media_inside:
            return
        with _without_sequence_code():
            self._machine.check_slot()
        self._machine.cut()

    async def _clear(self, _: Running) -> None:
        self._paper.lines = []
        self._machine.changed()

    async def _replenish(self, _: Running) -> None:
        """Taken note of, and nothing more: sensors measure paper and ink, and only hands put any in."""

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        paper, profile = self._paper, self._profile
        if paper.jammed:
            media = "jammed"
        elif paper.can_take:
            media = "entering"
        else:
            media = "present" if self._machine.media_inside else "notPresent"
        status: Payload = {"media": media}
        if not profile.inserts:
            status["paper"] = {source: self._machine.paper_state(source) for source in profile.sources}
        if profile.ink:
            status[profile.ink] = self._machine.ink_state()
        return {"printer": status}

    def common_status(self) -> Payload:
        return {"device": "hardwareError"} if self._paper.jammed else {}

    def capabilities(self) -> Payload:
        profile = self._profile
        turning = bool(profile.page_lines)
        control: Payload = {"eject": True, "cut": not profile.inserts, "flush": True}
        control |= {"retract": bool(profile.bin_capacity), "pageForward": turning, "pageBackward": turning}
        shown: Payload = {
            "type": {profile.kind: True},
            "resolution": {"medium": True},
            "writeForm": {"text": bool(profile.forms)},
            "control": control,
            "acceptMedia": profile.inserts,
            "multiPage": turning,
            "paperSources": dict.fromkeys(profile.sources, True),
            "mediaTaken": True,
            "dispensePaper": not profile.inserts,
            "mediaPresented": True,
            "printSides": "dual" if profile.dual else "single",
        }
        if profile.scans:
            shown |= {"readForm": {"readImage": True}, "imageType": {"jpg": True, "png": True}}
            shown |= {"imageSource": {"imageFront": True}, "frontImageColorFormat": {"full": True}}
        if turning:
            shown["readForm"] = {"msf": True}
            shown["controlPassbook"] = dict.fromkeys(
                ("turnForward", "turnBackward", "closeForward", "closeBackward"), True
            )
        return {"printer": shown}
