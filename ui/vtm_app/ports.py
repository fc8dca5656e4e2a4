"""What the kiosk's window needs from outside: the agent behind it, the call, and a voice. No Qt imports."""

from collections.abc import Coroutine
from typing import Any, Protocol

from common.wire.cases import Scenario, StrokePoint
from ui.kit.ports import CallPort


class AgentPort(Protocol):
    """The brain of the kiosk (`ui.vtm_app.agent`); its coroutines run on the bridge's loop."""

    def choose(self, scenario: Scenario, language: str) -> Coroutine[Any, Any, None]: ...
    def confirm(self, accepted: bool, disputed_line: str | None = None) -> Coroutine[Any, Any, None]: ...
    def sign(self, strokes: list[list[StrokePoint]], width: int, height: int) -> Coroutine[Any, Any, None]: ...
    def count_is_right(self) -> Coroutine[Any, Any, None]: ...
    def insert_more(self) -> Coroutine[Any, Any, None]: ...
    def give_cash_back(self) -> Coroutine[Any, Any, None]: ...
    def rate(self, stars: int) -> Coroutine[Any, Any, None]: ...
    def leave(self) -> Coroutine[Any, Any, None]: ...


class CallLinkPort(CallPort, Protocol):
    """The call beside the case, and what only a kiosk does with it."""

    def send_data(self, data: bytes) -> None: ...


class Voice(Protocol):
    """Says a sentence aloud; a new one cuts the last one short."""

    @property
    def audible(self) -> bool:
        """Whether anybody would hear it."""

    def say(self, text: str, language: str) -> None: ...
    def stop(self) -> None: ...
