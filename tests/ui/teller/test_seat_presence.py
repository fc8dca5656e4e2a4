"""What a seat says of itself to a server that it finds again: what holds now, not what was pressed last."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from benchmarks.seat import cases
from common.clock import SystemClock
from common.wire.signalling import SetPresence, Welcome
from tests.ui.teller.conftest import Seat
from ui.kit.app import Connection
from ui.teller_app.gateways import SeatPresence


class Line:
    """A line that is there; :meth:`back` welcomes anew."""

    def __init__(self) -> None:
        self.welcome: Welcome | None = Welcome(number="T-03", role="teller", heartbeat_s=5)
        self.said: list[str] = []
        self._handlers: dict[type[object], Callable[[Any], object]] = {}

    def on(self, kind: type[object], handler: Callable[[Any], object]) -> None:
        self._handlers[kind] = handler

    async def send(self, message: SetPresence) -> None:
        self.said.append(message.state)

    def back(self) -> str:
        """The server is found again; what the seat says to it."""
        self._handlers[Welcome](self.welcome)
        return self.said[-1]


class AtOnce:
    """Carries work out where it is asked for."""

    def submit(self, work: Callable[[], Coroutine[Any, Any, None]], *_: object) -> None:
        asyncio.run(work())


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def presence(line: Line, qapp: QApplication) -> SeatPresence:
    return SeatPresence(cast(Any, AtOnce()), cast(Any, line), Connection(), SystemClock())


def test_who_serves_is_busy_and_has_after_call_work_then(line: Line, presence: SeatPresence) -> None:
    presence.set_presence("ready")
    assert line.back() == "ready"
    presence.found("serving")
    assert line.back() == "busy"
    presence.found("after_call")
    assert line.back() == "after_call"
    presence.found("break")  # a server just started, which the seat has told nothing yet
    assert line.back() == "after_call"


@pytest.mark.parametrize("pressed", ["break", "after_call"])
def test_what_was_pressed_for_after_the_customer_stays(line: Line, presence: SeatPresence, pressed: str) -> None:
    presence.set_presence("ready")
    presence.found("serving")
    presence.set_presence(pressed)
    presence.found("serving")
    assert line.back() == pressed


def test_the_desk_tells_it_with_every_word_of_the_server(seat: Seat) -> None:
    seat.out.desk.view = cases.desk(state="serving")
    seat.window.parts.desk.refresh()
    assert seat.out.presence.desk_was[-1] == "serving"
