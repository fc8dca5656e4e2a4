"""The frame of the physical world: parts, their actions by hand, and waiting for something to change."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.errors import UserError
from devices.sim.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a pair of hands can do. ``why_not`` gives a code while it is impossible."""

    run: Callable[[Json], Json | None]
    why_not: Callable[[], str | None]


class Part(ABC):
    """One corner of the world: what lies where, what hands can do about it, what survives a power cut."""

    name: str

    @abstractmethod
    def view(self) -> Json:
        """The full truth as data."""

    @abstractmethod
    def actions(self) -> Mapping[str, Action]:
        """What hands can do here."""

    def dump(self) -> Any:
        """What lies on disk; None: nothing."""
        return None

    def load(self, data: Any) -> None:
        """Put things back where they were; a part that dumps nothing has nothing to put back."""
        assert data is None, f"{self.name} keeps nothing"


class World:
    """All parts together. Whoever moves something calls :meth:`changed` in the same breath."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[str, Part] = {}
        self._actions: dict[str, Action] = {}
        self._memories: dict[str, Callable[[], Any]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def add(self, part: Part) -> None:
        """Put a part into the world, in the state in which it was left."""
        data = self._store.read(f"world.{part.name}")
        if data is not None:
            part.load(data)
        self._parts[part.name] = part
        self._actions.update(part.actions())

    def remember(self, name: str, dump: Callable[[], Any]) -> Any:
        """Keep a device's own memory on disk beside the parts; returns what was kept before, if anything."""
        self._memories[name] = dump
        return self._store.read(f"memory.{name}")

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after every change; the function returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        """Something moved: write it down, wake who waits for it, tell who watches."""
        documents = {f"world.{name}": part.dump() for name, part in self._parts.items()}
        documents |= {f"memory.{name}": dump() for name, dump in self._memories.items()}
        self._store.write({name: body for name, body in documents.items() if body is not None})
        for holds, future in self._waiting:
            if not future.done() and holds():
                future.set_result(None)
        for listener in tuple(self._listeners):
            listener()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until a condition of the world holds."""
        if holds():
            return
        entry = (holds, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            await entry[1]
        finally:
            self._waiting.remove(entry)

    def act(self, name: str, params: Json) -> Json:
        """Do something by hand.

        Raises:
            UserError: ``hands.action_unknown``, or the reason why it is impossible now.
        """
        action = self._actions.get(name)
        if action is None:
            raise UserError("hands.action_unknown", action=name)
        reason = action.why_not()
        if reason is not None:
            raise UserError(reason, action=name)
        result = action.run(params)
        self.changed()
        return result or {}

    def possible(self) -> dict[str, str | None]:
        """Every action with the reason why it is impossible now, or None."""
        return {name: action.why_not() for name, action in self._actions.items()}

    def view(self) -> Json:
        """The whole truth as data."""
        return {name: part.view() for name, part in self._parts.items()}


def text_param(params: Json, name: str, default: str | None = None) -> str:
    """A text among an action's parameters.

    Raises:
        UserError: ``hands.bad_parameter``.
    """
    value = params.get(name, default)
    if not isinstance(value, str):
        raise UserError("hands.bad_parameter", parameter=name)
    return value


def check_fits(count: int, room: int) -> None:
    """Look whether so many things fit, before hands put in any of them.

    Raises:
        UserError: ``hands.too_many``.
    """
    if count > room:
        raise UserError("hands.too_many", room=max(0, room))


def first_reason(*reasons: tuple[bool, str]) -> str | None:
    """The code of the first condition that is true."""
    return next((code for holds, code in reasons if holds), None)


def always(_: Sequence[object] = ()) -> None:
    """The ``why_not`` of what is always possible."""
