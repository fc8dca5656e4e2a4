"""Between the agent and the window: the newest screen and what only this window knows. What is tapped: `acts`."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.cases import CustomerStep
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.idle import IdleWatch
from ui.vtm_app.ports import AgentPort
from ui.vtm_app.presenter import scene
from ui.vtm_app.scene import CallPhase, Local, Scene

STARTING_S = 15.0
"""An agent that has said nothing by then has found no machine."""
Work = Callable[[], Coroutine[Any, Any, None]]


class Submit(Protocol):
    """Runs a coroutine on the loop and calls back on the GUI thread (`AsyncBridge.submit`)."""

    def __call__(
        self,
        work: Work,
        on_ok: Callable[[Any], object] | None = None,
        on_error: Callable[[AppError], object] | None = None,
        owner: QObject | None = None,
    ) -> object: ...


class Controller(QObject):
    """Lives on the GUI thread.

    Signals:
        changed(): something that is shown. rested(): a visit is over, or nobody is there.
    """

    changed = Signal()
    rested = Signal()

    def __init__(
        self, agent: AgentPort, submit: Submit, clock: Clock, *, audible: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.agent, self._submit, self._clock = agent, submit, clock
        self.screen: Screen | None = None
        self.local = Local(audible=audible, since=clock.monotonic(), now=clock.monotonic())
        self.idle = IdleWatch()

    @property
    def scene(self) -> Scene:
        """What is to be seen now."""
        return scene(self.screen, self.local)

    @property
    def idle_left(self) -> int | None:
        """Seconds until the visit ends by itself; None: no need to ask."""
        idle = self.scene.idle and not self.local.busy
        return self.idle.left(self._clock.monotonic(), idle=idle, large=self.local.large)

    def set_screen(self, screen: Screen) -> None:
        """The agent has something else to show."""
        before, self.screen = self.screen, screen
        was = before.step if before is not None else None
        if before is None or screen.step is not was:
            self.idle.touch(self._clock.monotonic())
            self._set(since=self._clock.monotonic(), disputing=False, busy=False, problem=None, quiet=True)
        elif screen.problem is not None and screen.problem is not before.problem:
            self._set(problem=None, quiet=True)
        if (screen.phase, screen.digits, screen.notes) != (before and (before.phase, before.digits, before.notes)):
            self.idle.touch(self._clock.monotonic())
        if was is not None and screen.step is None:
            self.rest()
        self._set()

    def set_call(self, call: CallPhase) -> None:
        """The call stands otherwise."""
        self._set(call=call)

    def set_large(self, large: bool) -> None:
        """Large print on or off."""
        self.touch()
        self._set(large=large)

    def tick(self) -> None:
        """Once a second: clocks go on; who is gone is let go."""
        if self.screen is None and self._clock.monotonic() - self.local.since > STARTING_S:
            self.set_screen(Screen())
        left = self.idle_left
        if left == 0:
            self._gone()
        self._set()

    def touch(self) -> None:
        """Somebody is there."""
        self.idle.touch(self._clock.monotonic())

    def rest(self) -> None:
        """Back to the greeting, for the next one."""
        self._set(awake=False, large=False, problem=None, busy=False, quiet=True)
        self.rested.emit()
        self._set()

    def _gone(self) -> None:
        self.touch()
        if self.screen is None or self.screen.step is None:
            self.rest()
        else:
            self.leave()

    def _set(self, *, quiet: bool = False, **changes: Any) -> None:
        self.local = replace(self.local, now=self._clock.monotonic(), **changes)
        if not quiet:
            self.changed.emit()

    # --- on behalf of the customer ---------------------------------------------------------------------------

    def do(self, work: Work) -> None:
        """Have the agent do something; while it does, nothing else is begun."""
        self.touch()
        if self.local.busy:
            return
        self._set(busy=True, problem=None)
        self._submit(work, lambda _: self._set(busy=False), self._failed, self)

    def _failed(self, error: AppError) -> None:
        self._set(busy=False, problem=error)

    def wake(self) -> None:
        """Touched at rest."""
        if self.scene.name == "attract":
            self.touch()
            self._set(awake=True, problem=None)

    def dispute(self, on: bool) -> None:
        """Looking for the line that is wrong, or not any more."""
        self.touch()
        self._set(disputing=on)

    def leave(self) -> None:
        """End the visit. A command under way does not hold anybody back."""
        if self.screen is None or self.screen.step is None:
            self.rest()
            return
        self._set(busy=False, quiet=True)
        self.do(self.agent.leave)

    @property
    def leaving_needs_asking(self) -> bool:
        """Whether something would be lost by ending now."""
        step = self.screen.step if self.screen is not None else None
        return step not in (None, CustomerStep.RATE)
