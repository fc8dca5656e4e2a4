"""The kiosk's passbook step against the machine's own printer over its sockets: pages turned, trouble told."""

from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.errors import UserError
from common.wire.cases import CustomerStep
from common.wire.passbook import PassbookJob, PassbookLeft, PassbookPage, PassbookPrinted, PassbookRead
from tests.devices.rig import DEADLINE_S, Rig, soon, start_rig
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.passbook_steps import print_passbook

BOOK = "8800000000000017"
JOB = PassbookJob(
    open_at=0,
    pages=[
        PassbookPage(page=0, line=1, lines=[f"line {number}" for number in range(23)]),
        PassbookPage(page=1, line=0, lines=["last"]),
    ],
)


class Desk:
    """The agent and the server behind it, as the step sees them."""

    def __init__(self, rig: Rig) -> None:
        self.machine, self.limits = rig.machine, Limits(insert_s=DEADLINE_S, take_paper_s=DEADLINE_S)
        self.case = SimpleNamespace(id="c-1")
        self.api = self
        self.told: list[PassbookPrinted] = []
        self.told_when_out = 0
        self.phases: list[str] = []
        self.problems: list[str] = []
        self._rig = rig
        self.books: list[dict[str, Any]] = []
        self.left, self.hands_off = 24, False
        self.given: list[dict[str, Any]] = []

    def at(self, step: CustomerStep) -> bool:
        return step is CustomerStep.PRINT_PASSBOOK and not any(body.done or body.error for body in self.told)

    def show(self, **changes: Any) -> None:
        if changes.get("problem") is not None:
            self.problems.append(changes["problem"].code)
        phase = changes.get("phase", "")
        if phase and (not self.phases or self.phases[-1] != phase):
            self.phases.append(phase)
        if phase == "waiting" and self.books:
            with suppress(UserError):  # the machine says itself when it waits; before that nothing can be put in
                self._rig.vtm.world.act("insert_passbook", self.books[0])
                self.books.pop(0)
        if phase == "out" and not self.hands_off:
            self.told_when_out = len(self.told)
            self.given.append(self._rig.vtm.world.act("take_passbook", {})["medium"])

    async def post(self, path: str, body: PassbookRead, model: type[PassbookJob]) -> PassbookJob:
        assert path == "/cases/c-1/passbook/read"
        if body.stripe != BOOK:
            raise UserError("passbook.other" if body.stripe else "passbook.unreadable")
        return JOB

    async def get(self, path: str, model: type[PassbookLeft]) -> PassbookLeft:
        assert path == "/cases/c-1/passbook"
        return PassbookLeft(lines=self.left)

    async def send(self, suffix: str, body: PassbookPrinted) -> None:
        assert suffix == "passbook/printed"
        self.told.append(body)


@pytest.fixture
async def desk(tmp_path: Path) -> Any:
    rig = await start_rig(tmp_path)
    yield Desk(rig)
    await rig.hands.close()
    await rig.machine.close()
    await rig.vtm.close()


def book(stripe: str = BOOK, lines: int = 1) -> dict[str, Any]:
    return {"pages": [["old"] * lines, []], "page": 0, "stripe": stripe}


async def test_lines_are_printed_on_two_pages_and_the_book_is_given_back(desk: Desk) -> None:
    desk.books = [book()]
    await soon(print_passbook(cast(Any, desk)))
    told = [(body.lines, body.done, body.error) for body in desk.told]
    assert told == [(23, False, None), (1, False, None), (0, True, None)]
    assert desk.told_when_out == 2, "until the book is taken the customer is asked for nothing else"
    assert [len(page) for page in desk.given[0]["pages"]] == [24, 1]
    assert desk.phases == ["waiting", "reading", "printing", "out"]
    assert desk.told[-1].book == "taken"


async def put_in(desk: Desk) -> None:
    """A book lies in the printer since an earlier life of the kiosk."""
    world, printer = desk._rig.vtm.world, desk.machine.passbook
    await printer.read(timeout_s=DEADLINE_S, on_prompt=lambda: world.act("insert_passbook", book()))


@pytest.mark.parametrize("lies", ["taken", "inside", "out"])
async def test_a_book_that_is_whole_since_before_a_power_cut_is_not_asked_for_again(desk: Desk, lies: str) -> None:
    desk.left = 0
    if lies != "taken":
        await put_in(desk)
    if lies == "out":
        await desk.machine.passbook.give_back()
    await soon(print_passbook(cast(Any, desk)))
    assert [(body.done, body.error, body.book) for body in desk.told] == [
        (True, None, "none" if lies == "taken" else "taken")
    ]
    assert desk.phases == ([] if lies == "taken" else ["out"])


async def test_a_book_that_nobody_takes_is_told(desk: Desk) -> None:
    desk.left, desk.limits.take_paper_s, desk.hands_off = 0, 0.05, True
    await put_in(desk)
    await soon(print_passbook(cast(Any, desk)))
    assert [(body.done, body.book) for body in desk.told] == [(True, "left")]


async def test_a_wrong_book_that_is_taken_late_is_not_told_as_the_one_of_the_case(desk: Desk) -> None:
    desk.books, desk.hands_off = [book("8800000000000099")], True
    desk.limits.take_paper_s = desk.limits.insert_s = 0.05
    seen, show = [""], desk.show

    def late(**changes: Any) -> None:
        seen.append(changes.get("phase", ""))
        desk.hands_off = seen.count("out") < 2
        show(**changes)

    desk.show = late  # type: ignore[method-assign]
    await soon(print_passbook(cast(Any, desk)))
    assert (len(desk.given), desk.told[-1].done, desk.told[-1].book) == (1, True, "none")


async def test_a_wrong_book_and_one_without_a_stripe_are_given_back_and_the_right_one_is_taken(desk: Desk) -> None:
    desk.books = [book("8800000000000099"), book(""), book()]
    await soon(print_passbook(cast(Any, desk)))
    assert desk.problems == ["passbook.other", "passbook.unreadable"]
    assert [len(one["pages"][1]) for one in desk.given] == [0, 0, 1]
    assert desk.told[-1].done


@pytest.mark.expects_log("passbook not printed")
async def test_what_does_not_fit_on_the_page_at_hand_is_told_and_nothing_more_is_printed(desk: Desk) -> None:
    desk.books = [book(lines=20)]
    await soon(print_passbook(cast(Any, desk)))
    assert [(body.lines, body.done) for body in desk.told] == [(4, False), (0, True)]
    assert desk.told[-1].error is not None
    assert len(desk.given[0]["pages"][0]) == 24


async def test_a_machine_without_such_a_printer_says_so(desk: Desk) -> None:
    desk.machine = cast(Any, SimpleNamespace(passbook=SimpleNamespace(there=False)))
    await soon(print_passbook(cast(Any, desk)))
    assert [body.error for body in desk.told] == ["device.missing"]
