"""The open case of a window: which document stands, and when it is fetched. Real bridge; the lines are played."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from common.errors import AppError, ServiceError, UserError
from common.wire.cases import CaseState, CaseView, CustomerStep, Scenario, TicketState, TicketView
from common.wire.signalling import CaseChanged, Message, Welcome
from ui.kit.bridge import AsyncBridge
from ui.kit.case_store import CaseStore
from ui.kit.client import ApiClient
from ui.kit.signalling_client import SignallingClient

NOW = datetime(2036, 3, 12, 9, 0, tzinfo=UTC)


def case(version: int, id: str = "one") -> CaseView:
    return CaseView(
        id=id, number="0312-0001", version=version, scenario=Scenario.WITHDRAWAL, state=CaseState.DRAFT,
        language="zh", created_at=NOW, kiosk="K-02", ticket=TicketView(state=TicketState.SERVING, since=NOW),
        customer_step=CustomerStep.TALK,
    )  # fmt: skip


class FakeApi:
    """A server that answers when the test lets it; what it answers is an error or a case."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.waiting: list[asyncio.Future[CaseView]] = []

    async def _answer(self, *asked: Any) -> CaseView:
        self.asked.append(asked)
        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return cast(CaseView, await future)

    async def get(self, path: str, model: type[CaseView]) -> CaseView:
        return await self._answer("GET", path)

    async def command(self, method: str, path: str, body: object, model: type[CaseView], key: str | None) -> CaseView:
        return await self._answer(method, path, body, key)

    async def upload(self, path: str, content: bytes, media_type: str, model: type[CaseView]) -> CaseView:
        return await self._answer("POST", path, content, media_type)


class FakeLine:
    """Signalling as the store sees it."""

    def __init__(self) -> None:
        self.handlers: dict[type[Message], Callable[[Any], object]] = {}

    def on(self, kind: type[Message], handler: Callable[[Any], object]) -> None:
        self.handlers[kind] = handler

    def says(self, message: Any) -> None:
        self.handlers[type(message)](message)


class Desk:
    """The store with everything it talks to and everything it told."""

    def __init__(self, bridge: AsyncBridge, qtbot: QtBot) -> None:
        self.bridge, self.qtbot = bridge, qtbot
        self.api, self.line = FakeApi(), FakeLine()
        self.store = CaseStore(bridge, cast(ApiClient, self.api), cast(SignallingClient, self.line))
        self.shown: list[int | None] = []
        self.failures: list[str] = []
        self.busy: list[str] = []
        self.store.changed.connect(lambda shown: self.shown.append(shown.version if shown is not None else None))
        self.store.failed.connect(lambda error: self.failures.append(error.code))
        self.store.busyChanged.connect(self.busy.append)

    def asked(self, count: int) -> None:
        """Wait until the server has been asked so often."""
        self.qtbot.waitUntil(lambda: len(self.api.asked) == count)

    def answer(self, what: CaseView | AppError, which: int = 0) -> None:
        """Let the server answer one of the open questions, and wait until the window has heard it."""
        future = self.api.waiting.pop(which)
        act = future.set_exception if isinstance(what, AppError) else future.set_result
        self.bridge.call_soon(lambda: act(what))  # type: ignore[arg-type]
        heard: list[int] = []
        self.bridge.submit(_pause, lambda _: heard.append(1))
        self.qtbot.waitUntil(lambda: bool(heard))


async def _pause() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    bridge = AsyncBridge()
    bridge.start()
    yield Desk(bridge, qtbot)
    bridge.close()


def open_at(desk: Desk, version: int) -> None:
    desk.store.open("one")
    desk.asked(1)
    desk.answer(case(version))
    desk.api.asked.clear()
    desk.shown.clear()


def test_a_case_is_fetched_when_it_is_opened(desk: Desk) -> None:
    desk.store.open("one")
    assert (desk.store.case_id, desk.store.case) == ("one", None)
    desk.asked(1)
    desk.answer(case(3))
    assert desk.api.asked == [("GET", "/cases/one")]
    assert (desk.shown, desk.store.case) == ([3], case(3))


def test_the_answer_to_a_command_is_the_case(desk: Desk) -> None:
    open_at(desk, 3)
    done: list[int] = []
    desk.store.command("submit", {"a": 1}, on_ok=lambda c: done.append(c.version), key="mine")  # type: ignore[arg-type]
    assert desk.store.busy == "submit"
    desk.asked(1)
    desk.answer(case(4))
    assert desk.api.asked == [("POST", "/cases/one/submit", {"a": 1}, "mine")]
    assert (desk.shown, done, desk.busy, desk.store.busy) == ([4], [4], ["submit", ""], "")


def test_a_picture_is_uploaded_as_evidence(desk: Desk) -> None:
    open_at(desk, 3)
    desk.store.upload("id_front", b"picture")
    desk.asked(1)
    desk.answer(case(5))
    assert desk.api.asked == [("POST", "/cases/one/evidence?kind=id_front", b"picture", "image/jpeg")]
    assert desk.shown == [5]


def test_an_older_document_never_replaces_a_newer_one(desk: Desk) -> None:
    open_at(desk, 3)
    desk.store.command("prompt")
    desk.asked(1)
    desk.store.command("submit")
    desk.asked(2)
    assert desk.store.busy == "submit"
    desk.answer(case(5), which=1)
    desk.answer(case(4))
    assert desk.shown == [5]
    assert desk.store.case == case(5)


def test_an_answer_of_a_case_that_was_left_is_passed_over(desk: Desk) -> None:
    open_at(desk, 3)
    desk.store.command("submit")
    desk.asked(1)
    desk.store.adopt(case(1, "two"))
    desk.answer(case(9))
    assert desk.store.case == case(1, "two")
    desk.store.close()
    assert desk.shown == [1, None]


@pytest.mark.parametrize(("id", "version", "fetches"), [("one", 4, 1), ("one", 3, 0), ("two", 9, 0)])
def test_news_of_a_newer_version_is_fetched(desk: Desk, id: str, version: int, fetches: int) -> None:
    open_at(desk, 3)
    desk.line.says(CaseChanged(case_id=id, version=version))
    desk.bridge.submit(_pause)
    desk.qtbot.wait(20)
    assert len(desk.api.asked) == fetches


def test_news_during_a_fetch_makes_one_more(desk: Desk) -> None:
    open_at(desk, 3)
    for version in (4, 5, 6):
        desk.line.says(CaseChanged(case_id="one", version=version))
    desk.asked(1)
    desk.answer(case(4))
    desk.asked(2)
    desk.answer(case(6))
    assert (desk.shown, len(desk.api.asked)) == ([4, 6], 2)


def test_a_case_opened_while_another_cannot_be_fetched_is_fetched(desk: Desk) -> None:
    desk.store.open("one")
    desk.asked(1)
    desk.store.open("two")
    desk.answer(UserError("case.not_found"))
    desk.asked(2)
    desk.answer(case(1, "two"))
    assert desk.store.case == case(1, "two")
    assert [asked[1] for asked in desk.api.asked] == ["/cases/one", "/cases/two"]


def test_after_every_welcome_the_case_is_fetched(desk: Desk) -> None:
    desk.line.says(Welcome(number="T-03", role="teller", heartbeat_s=5))
    assert desk.api.asked == []
    open_at(desk, 3)
    desk.line.says(Welcome(number="T-03", role="teller", heartbeat_s=5))
    desk.asked(1)


def test_a_refused_command_says_why_and_fetches_what_stands(desk: Desk) -> None:
    open_at(desk, 3)
    own: list[str] = []
    desk.store.command("submit", on_error=lambda error: own.append(error.code))
    desk.asked(1)
    desk.answer(UserError("case.wrong_state"))
    desk.asked(2)
    desk.answer(case(4))
    assert (own, desk.failures, desk.shown, desk.store.busy) == (["case.wrong_state"], [], [4], "")


def test_without_a_server_the_document_stays_and_the_failure_is_told(desk: Desk) -> None:
    open_at(desk, 3)
    desk.store.command("execute")
    desk.asked(1)
    desk.answer(ServiceError("network.unreachable"))
    desk.asked(2)
    desk.answer(ServiceError("network.unreachable"))
    assert desk.failures == ["network.unreachable"] * 2
    assert (desk.store.case, desk.store.busy) == (case(3), "")
    desk.line.says(Welcome(number="T-03", role="teller", heartbeat_s=5))
    desk.asked(3)
