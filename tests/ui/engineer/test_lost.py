"""A machine or a server that does not answer: one line says so, and nothing looks as if it were there."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject

from common.errors import AppError, ServiceError, UserError
from devices.client.probe import ServiceLook
from tests.ui.engineer.test_layout import task
from tests.ui.engineer.test_window import OFFERS, UNITS, VIEW, window
from tests.ui.vtm.cases import AT
from ui.engineer_app.link import MachineLook
from ui.engineer_app.reach import Reach
from ui.engineer_app.replenishing import Replenishing
from ui.engineer_app.window import EngineerWindow
from ui.kit.buttons import Button
from ui.kit.tables import TableView, TagCell
from ui.kit.texts.book import Lang

__all__ = ["window"]
VENDOR = ServiceLook("VendorMode", ("VendorMode",), {"vendorMode.service": "inactive"})
READER = ServiceLook("CardReader", ("CardReader",), {"common.device": "online"}, units=UNITS)


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(window: EngineerWindow) -> Hands:
    made = Hands()
    window._clock = cast(Any, made)
    look(window)
    return made


def look(window: EngineerWindow) -> None:
    window.link.looked.emit(MachineLook((READER, VENDOR), None, VIEW, (), OFFERS))  # type: ignore[attr-defined]
    window.faults.kinds.row_chosen.emit("card.jam")
    window.tests.table.row_chosen.emit(OFFERS[0].name)


def words(line: Any) -> str:
    return str(line._label.text())


def tones(table: TableView) -> set[str]:
    return {cell.tone for row in table.table_model.rows for cell in row.cells if isinstance(cell, TagCell)}


@pytest.mark.parametrize(
    ("lang", "said", "seen"),
    [
        ("zh", "机器没有回应 00:12，正在找；下面是最后看到的", "最后看到 "),
        ("en", "The machine has not answered for 00:12; looking for it. Below is what was seen last", "last seen "),
    ],
)
def test_a_lost_machine_is_told_with_the_seconds_and_does_not_look_healthy(
    window: EngineerWindow, clock: Hands, lang: Lang, said: str, seen: str
) -> None:
    window.kit.language.set_current(lang)
    assert "ok" in tones(window.tree)
    assert window.seen.isHidden()
    clock.at += timedelta(seconds=12)
    window.link.looked.emit(None)  # type: ignore[attr-defined]
    assert (window.lost.isHidden(), words(window.lost)) == (False, said)
    assert tones(window.tree) == tones(window.counts.table) == {""}
    stamp = seen + AT.astimezone().strftime("%H:%M:%S")
    assert (window.seen.isHidden(), window.seen.text(), window.status.level.text()) == (False, stamp, stamp)
    look(window)
    assert (window.lost.isHidden(), window.seen.isHidden()) == (True, True)
    assert "ok" in tones(window.tree)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_needs_the_machine_is_greyed_and_says_why(window: EngineerWindow, clock: Hands, lang: Lang) -> None:
    window.kit.language.set_current(lang)
    cash: Any = window.task  # type: ignore[attr-defined]
    cash.task = task("open")
    cash.changed.emit()
    needing: list[Button] = [
        window.faults.inject, window.faults.clear, window.tests.run, window.vendor.enter, window.cash.done,
    ]  # fmt: skip
    assert all(one.isEnabled() and not one.toolTip() for one in needing)
    window.link.looked.emit(None)  # type: ignore[attr-defined]
    why = window.kit.tr("engineer.machine_away")
    assert [(one.isEnabled(), one.toolTip(), one.accessibleDescription()) for one in needing] == [
        (False, why, why)
    ] * len(needing)
    window.faults.kinds.row_chosen.emit("print.fails")
    assert not window.faults.inject.isEnabled()
    look(window)
    assert all(one.isEnabled() and not one.toolTip() for one in needing)


def test_a_machine_that_was_never_there_has_no_last_look(window: EngineerWindow) -> None:
    window._machine = Reach(AT)
    window.link.looked.emit(None)  # type: ignore[attr-defined]
    assert words(window.lost).endswith("正在找")
    assert window.seen.isHidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_lost_server_has_a_line_and_no_toast(window: EngineerWindow, clock: Hands, lang: Lang) -> None:
    window.kit.language.set_current(lang)
    cash: Any = window.task  # type: ignore[attr-defined]
    cash.reached.emit(True)
    for seconds in (2, 4, 75):
        clock.at = AT + timedelta(seconds=seconds)
        cash.reached.emit(False)
    assert not window.server_lost.isHidden()
    assert "01:15" in words(window.server_lost)
    assert not window.cash.new.isEnabled()
    assert window.cash.new.toolTip() == window.kit.tr("engineer.server_away")
    assert window.faults.inject.isEnabled(), "the machine is there"
    window.show_server(answered=True)
    assert (window.server_lost.isHidden(), window.cash.new.isEnabled()) == (True, True)


class Loop:
    """A bridge whose work is done when a test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, work: Any, ok: Any, failed: Any, _owner: QObject) -> None:
        def run() -> None:
            try:
                done = asyncio.run(work())
            except AppError as error:
                failed(error)
            else:
                ok(done)

        self.waiting.append(run)

    def run(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


class Server:
    """Answers with what a test sets."""

    answer: AppError | list[Any]

    async def get_json(self, _path: str) -> list[Any]:
        if isinstance(self.answer, AppError):
            raise self.answer
        return self.answer


def test_a_failed_look_at_the_task_is_told_once_and_not_asked_again_meanwhile() -> None:
    loop, server = Loop(), Server()
    made = Replenishing(cast(Any, loop), cast(Any, server), cast(Any, None), cast(Any, None), "K-02", "E-01")
    reached: list[bool] = []
    failed: list[str] = []
    made.reached.connect(reached.append)
    made.failed.connect(lambda error: failed.append(error.code))
    answers: tuple[AppError | list[Any], ...] = (
        ServiceError("network.unreachable"), UserError("session.ended"), UserError("session.ended"), [],
    )  # fmt: skip
    for answer in (*answers, UserError("session.ended")):
        server.answer = answer
        made.fetch()
        made.fetch()
        assert len(loop.waiting) == 1, "one at a time"
        loop.run()
    assert reached == [False, True, True, True, True]
    assert failed == ["session.ended", "session.ended"], "once, and once more after it had passed"


def test_work_at_the_safe_that_is_tried_again_is_said_once() -> None:
    class Gone:
        def exchange(self, _work: Any, _ok: Any, failed: Any) -> None:
            failed(ServiceError("device.unreachable"))

    loop, server = Loop(), Server()
    made = Replenishing(cast(Any, loop), cast(Any, server), cast(Any, Gone()), cast(Any, None), "K-02", "E-01")
    failed: list[str] = []
    made.failed.connect(lambda error: failed.append(error.code))
    server.answer = [task("open").model_dump(mode="json")]
    for _ in range(3):
        made.fetch()
        loop.run()
    assert failed == ["device.unreachable"]
    made.close_safe()
    assert failed == ["device.unreachable"] * 2, "asked for by a person it is answered"
