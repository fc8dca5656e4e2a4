"""Two persons fill the machine over real processes; window, machine, server, kiosk are killed in the middle of it."""

import asyncio
import random
import sys

from benchmarks.cash_chaos.books import Holdings, exchange_differences, holdings
from benchmarks.cash_chaos.engineer import COUNTING, WORDS
from benchmarks.cash_chaos.far import ENGINEERS, SPEED, TOGETHER, WITH_AUTHORITIES, FarCounter
from benchmarks.cash_chaos.filling import OTHER_WINDOW, TAKEN_OVER
from benchmarks.cash_chaos.seams import Part
from benchmarks.cash_chaos.tally import Tally
from benchmarks.people.scene import until
from common.aio import cancel_and_wait
from common.errors import UserError
from common.wire.cash import HandoverCode, OpenReplenishment, RaiseReplenishment, ReplenishmentView
from tools.demo.stage import HOME

COUNTING_SPEED = 100.0
"""Of the mechanics: some five thousand notes are counted twice, and that is over in seconds."""
LASTS_S, COUNT_S, STEP_S = 5.5, 2.2, 0.02
"""An exchange that nobody cuts off; one of its two counts; any other of its steps, some of which are shorter."""
ANY_MOMENT = 0.4
KILLED, WEIGHTS = (Part.ENGINEER, Part.MACHINE, Part.SERVER, Part.KIOSK), (6, 2, 2, 1)
_SAID_LAST = 12


def victims(dice: random.Random) -> list[Part]:
    """Who loses the power in the same moment; the window most often."""
    parts: list[Part] = []
    many = dice.choice(TOGETHER)
    while len(parts) < many:
        (part,) = dice.choices(KILLED, WEIGHTS)
        parts += [part] if part not in parts else []
    return [*parts, Part.AUTHORITIES] if dice.random() < WITH_AUTHORITIES else parts


class FarFilling:
    """One exchange, from the task to the books."""

    def __init__(self, far: FarCounter, tally: Tally, number: int) -> None:
        self._far, self._dice, self._tally, self._number = far, far.dice, tally, number
        self._task_id = ""
        self._journals = 0
        self._said: list[str] = []
        """What the windows began, one after the other."""
        self._heard = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def carry_out(self, *, cuts: int) -> dict[str, int]:
        """The differences afterwards, in minor units."""
        far = self._far
        await far.scene.hands.faults.clear()
        await far.quiet()
        await self._raise()
        await far.pace(COUNTING_SPEED)
        before = self._holdings()
        await self._open()
        try:
            await self._switch_on()
            for _ in range(cuts):
                await self._moment()
                if self._done():
                    break
                await self._cut(victims(self._dice))
            await until(self._done, "the exchange is done", 120)
        finally:
            await self._off()
        self._tally.exchanges += 1
        await far.quiet()
        found = exchange_differences(before, self._holdings())
        await far.pace(SPEED)
        return found | ({} if self._state() == "done" else {"the task is not done": 1})

    def where(self) -> str:
        """How a stuck one stands, for whoever looks into it."""
        log = self._far.data / "logs" / "chaos-engineer.log"
        last = log.read_text(encoding="utf-8").splitlines()[-3:] if log.is_file() else []
        screen, safe = self._far.scene.screen, self._holdings().safe
        return (
            f"task {self._state()} journal {self._journals} safe {safe} said {' '.join(self._said[-_SAID_LAST:])}"
            f" kiosk {screen.step} {screen.phase} ready {screen.machine_ready} window {' '.join(last)[-900:]}"
        )

    def _holdings(self) -> Holdings:
        with self._far.books() as unit:
            return holdings(unit, self._far.machine_file)

    def _state(self) -> str:
        with self._far.books() as unit:
            return unit.replenishments.get(self._task_id).state.value if self._task_id else "not raised"

    # --- the two persons -----------------------------------------------------------------------------------------

    async def _raise(self) -> None:
        """The teller's task, or the one that stands."""
        await self._reported()
        body = RaiseReplenishment(machine="K-02")
        task: ReplenishmentView = await self._far.teller.command("/replenishments", body, ReplenishmentView)
        self._task_id = task.id

    async def _reported(self) -> None:
        """What goes into the cassettes is drawn up from what is in them. A report that was made while the machine had
        no power does not say so, and the next one may come half a minute later."""
        while True:
            rows = await self._far.teller.api.get_json("/machines")
            if any(row["number"] == "K-02" and row["notes"] for row in rows):
                return
            await asyncio.sleep(0.2)

    async def _open(self) -> None:
        """Two persons join the task and open it with their codes."""
        who, path = self._far.engineers, f"/replenishments/{self._task_id}"
        codes = [(await one.command(f"{path}/join", None, HandoverCode)).code for one in who]
        await who[0].command(f"{path}/open", OpenReplenishment(codes=codes), ReplenishmentView)

    async def _other_window(self) -> None:
        """The two go on at another window, which knows nothing; or two others take the task over."""
        self._journals += 1
        if self._dice.random() > TAKEN_OVER or self._state() != "open":
            return
        path = f"/replenishments/{self._task_id}/take-over"
        try:
            await self._far.engineers[1].command(path, None, ReplenishmentView)
        except UserError as refused:
            # The last that the killed window said was on its way, and has done it.
            if refused.code != "replenishment.wrong_state":
                raise
            return
        await self._open()
        self._tally.taken_over += 1

    # --- the window ----------------------------------------------------------------------------------------------

    async def _switch_on(self) -> None:
        far = self._far
        journal = far.data / "engineer" / f"chaos{self._number}-{self._journals}.sqlite3"
        far.engineer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.cash_chaos.engineer", "--data", str(far.data),
            "--server", far.stage.server_url, "--task", self._task_id, "--journal", str(journal),
            "--who", self._dice.choice(ENGINEERS), cwd=HOME,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(far.engineer), name="engineer says")

    async def _read(self, window: asyncio.subprocess.Process) -> None:
        assert window.stdout is not None
        while line := await window.stdout.readline():
            self._said.append(line.decode().strip())
            self._heard.set()
        await window.wait()
        self._heard.set()

    async def _off(self) -> None:
        window, self._far.engineer = self._far.engineer, None
        if window is not None:
            if window.returncode is None:
                window.kill()
            await window.wait()
        if self._reading is not None:
            await cancel_and_wait(self._reading)

    def _done(self) -> bool:
        """Whether the window has ended by itself."""
        assert self._far.engineer is not None, "the window stands"
        ended = self._far.engineer.returncode
        assert ended in (None, 0), f"the window ended with {ended}"
        return ended == 0

    # --- power ---------------------------------------------------------------------------------------------------

    async def _moment(self) -> None:
        """Any moment of the exchange, or one within a step of it that is drawn, if it comes to that."""
        if self._dice.random() < ANY_MOMENT:
            await asyncio.sleep(self._dice.random() * LASTS_S)
            return
        word, since = self._dice.choice(WORDS), len(self._said)
        while not self._done() and word not in self._said[since:]:
            # At once when it is said: a cassette is in hand for a thousandth of a second.
            self._heard.clear()
            await self._heard.wait()
        await asyncio.sleep(self._dice.random() * (COUNT_S if word == COUNTING else self._dice.choice((0, STEP_S))))

    async def _cut(self, parts: list[Part]) -> None:
        await self._far.cut(parts, f"exchange {self._said[-1] if self._said else 'begins'}")
        await asyncio.gather(*(self._again(part) for part in parts))

    async def _again(self, part: Part) -> None:
        if part is not Part.ENGINEER:
            await self._far.again(part)
            return
        await self._off()
        if self._dice.random() < OTHER_WINDOW:
            await self._other_window()
        await self._switch_on()
