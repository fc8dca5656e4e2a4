"""The mechanism of a printer: moves paper, keeps account of it, writes what it prints into files."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from devices.sim.bench import Bench
from devices.sim.interface import Running
from devices.sim.interlock import ask
from devices.sim.printing.profile import PrinterProfile
from devices.sim.world.paper import Medium, PaperPath
from devices.xfs.codes import CommandFailed, CompletionCode, refused

LINE_MM = 4
LINE_S = 0.03
SHEET_S = 2.0
MOVE_S = 0.6
INK_PER_LINE = 1
INK_LOW = 500
_PAPER = ("printer.paper_out", "printer.paper_low")
_JAM, _OTHER_JAM, _INK = "printer.jam", "print.fails", "printer.ink_out"
_SUFFIXES = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"))


class Mechanism:
    """What the commands of one printer work on."""

    def __init__(self, bench: Bench, paper: PaperPath, profile: PrinterProfile, service: str, folder: Path) -> None:
        self.world, self.motor, self._faults = bench.world, bench.motor, bench.faults
        self.paper = paper
        self.profile = profile
        self.service = service
        self._folder = folder
        kept = self.world.remember(f"{profile.name}_bin", lambda: self._uncounted) or 0
        self._uncounted = min(kept, len(paper.bin))  # sheets in the bin from before the count was reset
        self.world.listen(self._watch_bin)
        for name in self.faults:
            if name in _PAPER:
                self._faults.known.tell(name, "source", profile.sources, service)
            self._faults.at_once(name, partial(self._spoil_now, name))

    def changed(self) -> None:
        """Something moved."""
        self.world.changed()

    @property
    def faults(self) -> tuple[str, ...]:
        """Faults of the board that this printer can have."""
        return (
            *(() if self.profile.inserts else _PAPER),
            _JAM if self.profile.name == "paper" else _OTHER_JAM,
            *((_INK,) if self.profile.ink else ()),
        )

    async def run(self, seconds: float) -> None:
        """Let the mechanism move.

        Raises:
            CommandFailed: it got stuck meanwhile, and stands where it was; ``paperJammed``, ``mediaJammed``.
        """
        await self.motor.run(seconds)
        self._check_way()

    def _check_way(self) -> None:
        if self.paper.jammed:
            raise refused("mediaJammed" if self.profile.inserts else "paperJammed")

    # -- the bin -------------------------------------------------------------------------------------

    def _watch_bin(self) -> None:
        self._uncounted = min(self._uncounted, len(self.paper.bin))  # hands took some out

    @property
    def retracted(self) -> int:
        """The count of the bin: sheets that came since it was reset and still lie there."""
        return len(self.paper.bin) - self._uncounted

    @property
    def bin_state(self) -> str:
        """``ok``, ``high`` or ``full``, as its sensor sees what lies there, whatever the count was reset to."""
        kept, capacity = len(self.paper.bin), self.profile.bin_capacity
        return "full" if kept >= capacity else "high" if kept > capacity * 3 // 4 else "ok"

    def reset_count(self) -> None:
        """The count begins at nought; the sheets stay where they are."""
        self._uncounted = len(self.paper.bin)
        self.changed()

    # -- supplies ------------------------------------------------------------------------------------

    def paper_state(self, source: str) -> str:
        """``full``, ``low``, ``out`` or ``jammed`` of one source."""
        if self.paper.jammed:
            return "jammed"
        left = self.paper.left[source]
        return "out" if left < max(1, self.profile.sheet_mm) else "low" if left < self.profile.low_mm else "full"

    def ink_state(self) -> str:
        """``full``, ``low`` or ``out``."""
        return "out" if self.paper.ink <= 0 else "low" if self.paper.ink < INK_LOW else "full"

    def source(self, payload: Mapping[str, object]) -> str:
        """The paper source that a command means.

        Raises:
            CommandFailed: ``sourceInvalid``.
        """
        name = str(payload.get("paperSource", "any"))
        if name == "any":
            return next(iter(self.profile.sources))
        if name not in self.profile.sources:
            raise refused("sourceInvalid")
        return name

    def _run_down(self, name: str, params: Mapping[str, Any]) -> None:
        """Paper that is gone or nearly gone, in one source or in all."""
        most = 0 if name == "printer.paper_out" else self.profile.low_mm - 1
        for source, left in self.paper.left.items():
            if params["source"] in ("", source):
                self.paper.left[source] = min(left, most)

    def _spoil(self, name: str, params: Mapping[str, Any]) -> None:
        if name in _PAPER:
            self._run_down(name, params)
        elif name == _INK:
            self.paper.ink = 0
        else:
            self.paper.jammed = True

    def _spoil_now(self, name: str, params: Mapping[str, Any]) -> bool:
        if params.get("service", "") not in ("", self.service):
            return False
        if params.get("source", "") not in ("", *self.paper.left):
            return False
        self._spoil(name, params)
        self.changed()
        return True

    def _strike(self) -> None:
        for name in self.faults:
            fault = self._faults.strikes(name, service=self.service)
            if fault is not None:
                self._spoil(name, fault.params)

    def check_ready(self, running: Running, source: str, *, inks: bool = True) -> None:
        """The last look before anything moves.

        Raises:
            CommandFailed: ``paperJammed``, ``mediaJammed``, ``paperOut``, ``inkOut`` or ``tonerOut``;
                ``deviceNotReady``, the door before it is open.
        """
        self.motor.check()
        self._strike()
        self.changed()
        self._check_way()
        if not self.profile.inserts and self.paper_state(source) == "out":
            raise refused("paperOut")
        if inks and self.profile.ink and self.paper.ink <= 0:
            raise refused("tonerOut" if self.profile.ink == "toner" else "inkOut")
        running.check()

    # -- throat and slot -----------------------------------------------------------------------------

    @property
    def _in_throat(self) -> int:
        """Sheets in the throat; what hangs there uncut is one."""
        return len(self.paper.sheets) + bool(self.paper.lines)

    def _check_room(self, *, out: bool, uncut: bool = False) -> None:
        """Look whether one more sheet finds room, before any paper is used.

        Args:
            out: it is handed out with all others.
            uncut: what is printed stays on the roll; behind what hangs there already it is no sheet of its own.

        Raises:
            CommandFailed: ``sequenceInvalid``.
        """
        more = 0 if uncut and self.paper.lines else 1
        if self._in_throat + more > self.profile.stack_sheets:
            raise refused("sequenceInvalid", "the throat is full of sheets")
        if out:
            self.check_slot(more)

    def check_slot(self, more: int = 0) -> None:
        """Look whether what lies in the throat, and some more sheets, can be handed out on top of what hangs there.

        Raises:
            CommandFailed: ``sequenceInvalid``, and nothing has moved.
        """
        full = len(self.paper.in_slot) + self._in_throat + more > self.profile.stack_sheets
        if full and not self.profile.inserts:  # what was put in has a slot to itself
            raise refused("sequenceInvalid", "the slot is full of sheets that nobody took")

    # -- what the customer puts in -------------------------------------------------------------------

    async def take_in(self, running: Running) -> Medium:
        """Wait until the customer has put something in, unless it is there already."""
        paper = self.paper
        if paper.jammed:
            raise refused("mediaJammed")
        if paper.medium is None:
            self.motor.check()
            running.event("Printer.NoMediaEvent", {"userPrompt": self.profile.name})
            paper.accepting = True
            self.changed()
            try:
                await ask(running, self.world, self.motor, lambda: paper.medium is not None)
            finally:
                paper.accepting = False
                self.changed()
            running.event("Printer.MediaInsertedEvent")
        await self.run(MOVE_S)
        if paper.medium is None:
            raise CommandFailed(CompletionCode.USER_ERROR, "it was pulled out again")
        paper.medium_out = False
        self.changed()
        return paper.medium

    # -- printing ------------------------------------------------------------------------------------

    async def put_lines(self, running: Running, lines: list[str], source: str, *, out: bool = False) -> None:
        """Print lines of text: on the roll, on the open page of a passbook, or on a sheet of its own.

        Args:
            out: they are handed out next: without room for that nothing is printed.

        Raises:
            CommandFailed: ``sequenceInvalid``, throat or slot is full; and what :meth:`check_ready` raises.
        """
        profile, paper = self.profile, self.paper
        if profile.page_lines:
            await self._put_on_page(running, lines, source)
            return
        self.check_ready(running, source)
        self._check_room(out=out, uncut=not profile.sheet_mm)
        await self.run(LINE_S * len(lines))
        if profile.sheet_mm:
            paper.use(source, profile.sheet_mm)
            self._finish(("\n".join(lines) + "\n").encode(), "txt")
        else:
            paper.use(source, LINE_MM * len(lines))
            paper.lines += lines
        self._spend(len(lines))

    async def _put_on_page(self, running: Running, lines: list[str], source: str) -> None:
        book = await self.take_in(running)
        self.check_ready(running, source)
        if book.closed:
            raise refused("sequenceInvalid", "the passbook is closed")
        if len(book.pages[book.page]) + len(lines) > self.profile.page_lines:
            raise refused("mediaOverflow", "the page is full")
        await self.run(LINE_S * len(lines))
        book.pages[book.page] += lines
        self._spend(len(lines))

    async def put_blank(self, running: Running, source: str) -> None:
        """A blank sheet, or an empty line of the roll."""
        self.check_ready(running, source, inks=False)
        self._check_room(out=False, uncut=not self.profile.sheet_mm)
        await self.run(MOVE_S)
        self.paper.use(source, self.profile.sheet_mm or LINE_MM)
        if self.profile.sheet_mm:
            self._finish(b"\n", "txt")
        else:
            self.paper.lines.append("")
        self.changed()

    def _spend(self, lines: int) -> None:
        if self.profile.ink:
            self.paper.ink = max(0, self.paper.ink - INK_PER_LINE * lines)
        self.changed()

    async def put_page(self, running: Running, data: bytes, source: str, *, out: bool = False) -> None:
        """Print a finished page as it is; ``out`` and errors as in :meth:`put_lines`."""
        suffix = next((suffix for magic, suffix in _SUFFIXES if data.startswith(magic)), None)
        if suffix is None:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "only PDF, PNG and JPEG can be printed")
        self.check_ready(running, source)
        self._check_room(out=out)
        await self.run(SHEET_S)
        self.paper.use(source, self.profile.sheet_mm or 297)
        self._finish(data, suffix)
        self._spend(40)

    def _finish(self, data: bytes, suffix: str) -> None:
        self.paper.serial += 1
        name = f"{self.paper.serial:06d}.{suffix}"
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(data)
        self.paper.sheets.append(name)

    # -- handing out, keeping ------------------------------------------------------------------------

    @property
    def media_inside(self) -> bool:
        """Whether anything lies inside that could be handed out."""
        paper = self.paper
        return bool(paper.lines or paper.sheets) or (paper.medium is not None and not paper.medium_out)

    def cut(self) -> None:
        """Everything inside goes to where the customer can take it."""
        paper = self.paper
        self._cut_roll()
        paper.in_slot += paper.sheets
        paper.sheets = []
        paper.medium_out = paper.medium is not None
        self.changed()

    def _cut_roll(self) -> None:
        if self.paper.lines:
            lines, self.paper.lines = self.paper.lines, []
            self._finish(("\n".join(lines) + "\n").encode(), "txt")

    async def retract(self) -> int:
        """Pull what hangs in the slot and lies inside into the bin, all of it or nothing; how many sheets.

        Raises:
            CommandFailed: ``noMediaPresent``, ``retractBinFull``, ``mediaJammed``.
        """
        paper = self.paper
        if not self.media_inside and not paper.can_take:
            raise refused("noMediaPresent")
        if not self.profile.bin_capacity:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this printer has no retract bin")
        await self.motor.run(MOVE_S)
        if paper.jammed:
            raise refused("mediaJammed", "it got stuck on the way")
        if not self.media_inside and not paper.can_take:
            raise refused("noMediaPresent", "it was taken")
        count = self._in_throat + len(paper.in_slot)
        if len(paper.bin) + count > self.profile.bin_capacity:
            raise refused("retractBinFull", f"{count} sheets do not fit, all stay where they are")
        self._cut_roll()
        paper.bin += [*paper.in_slot, *paper.sheets]
        paper.in_slot, paper.sheets = [], []
        self.changed()
        return count
